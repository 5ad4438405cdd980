"""Positions from files."""

import asyncio
import csv
import io
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.api.httpbody_pb2 import HttpBody
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import PAY_PERIOD_YEAR, Money, PayPeriod, PayRange
from skillsync.type.v1.work_pb2 import SENIORITY_SENIOR, WORK_MODE_REMOTE, Location, Seniority, WorkMode

from services.kit.enums import plain
from services.kit.errors import InvalidArgument
from services.talenthub import csv_positions, entries, import_wire
from services.talenthub.currencies import minor_units
from tests.builders import Person, a_person, a_recruiter, an_organization
from tests.harness import System
from tests.refusals import refused, refused_json
from tests.talenthub.test_members import JOIN

CSV, JSON, POSTING = "text/csv", "application/json", "application/ld+json"
HEADER = ",".join(csv_positions.COLUMNS)
FULL = (
    f"{HEADER}\r\n"
    '=1+1,"Builds ""things"",\r\nand more.",Zürich,ZH,ch,Remote,senior,60000,75000.50,chf,year,2,2027-01-31,Platform\r\n'
)


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


def drafts(text: str | bytes, kind: str = CSV) -> list[dict[str, Any]]:
    return import_wire.drafts(text if isinstance(text, bytes) else text.encode(), kind)


def problems(text: str | bytes, kind: str = CSV) -> list[str]:
    with pytest.raises(InvalidArgument) as caught:
        drafts(text, kind)
    assert all(field.startswith("file") for field, _ in caught.value.violations)
    return [why for _, why in caught.value.violations]


async def imported(
    stub: TalentHubServiceStub, who: Person, text: str | bytes, kind: str = CSV, **fields: str
) -> list[Position]:
    file = HttpBody(content_type=kind, data=text if isinstance(text, bytes) else text.encode())
    request = pb.ImportPositionsRequest(file=file, **fields)
    return list((await stub.ImportPositions(request, metadata=who.metadata)).positions)


async def listed(stub: TalentHubServiceStub, who: Person) -> list[Position]:
    return list((await stub.ListPositions(pb.ListPositionsRequest(), metadata=who.metadata)).positions)


# Through the door.


async def test_a_row_becomes_a_draft_with_all_that_it_says(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    (made,) = await imported(talenthub, recruiter, FULL)
    assert (made.title, made.description) == ("=1+1", 'Builds "things",\nand more.')
    assert made.location == Location(city="Zürich", region="ZH", country_code="CH")
    assert (made.work_mode, made.seniority, made.headcount, made.team) == (
        WORK_MODE_REMOTE,
        SENIORITY_SENIOR,
        2,
        "Platform",
    )
    assert made.pay == PayRange(
        minimum=Money(minor_units=6_000_000, currency_code="CHF"),
        maximum=Money(minor_units=7_500_050, currency_code="CHF"),
        period=PAY_PERIOD_YEAR,
    )
    assert made.deadline_time.ToJsonString() == "2027-01-31T23:59:59Z"
    assert made.state == Position.STATE_DRAFT
    assert await listed(talenthub, recruiter) == [made]
    versions = pb.ListPositionVersionsRequest(position_id=made.id)
    found = (await talenthub.ListPositionVersions(versions, metadata=recruiter.metadata)).versions
    assert [version.position for version in found] == [made]


async def test_one_bad_line_keeps_all_others_out(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    with refused("INVALID_ARGUMENT", field="file", line="4", name="work_mode") as refusal:
        await imported(talenthub, recruiter, "title,description,work_mode\nA,B,remote\nC,D,\nE,F,home\n")
    assert refusal.message.startswith("file: line 4, column work_mode: is none of onsite, hybrid, remote; write")
    assert await listed(talenthub, recruiter) == []


async def test_as_many_as_a_file_may_hold_come_in_its_order(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    rows = "".join(f"Title {number},Text\n" for number in range(500))
    made = await imported(talenthub, recruiter, f"title,description\n{rows}")
    assert [position.title for position in made] == [f"Title {number}" for number in range(500)]
    assert len({position.id for position in made}) == 500


async def test_the_same_request_imports_once_also_at_once(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    text, request_id = "title,description\nA,B\nC,D\n", str(uuid4())
    calls = [imported(talenthub, recruiter, text, request_id=request_id) for _ in range(4)]
    answers = await asyncio.gather(*calls)
    assert all(answer == answers[0] for answer in answers)
    assert [position.title for position in answers[0]] == ["A", "C"]
    assert len(await listed(talenthub, recruiter)) == 2


async def test_what_get_position_shows_can_be_imported(talenthub: TalentHubServiceStub, recruiter: Person) -> None:
    (made,) = await imported(talenthub, recruiter, FULL)
    (again,) = await imported(talenthub, recruiter, json.dumps([MessageToDict(made)]), JSON)
    for name in ("id", "create_time"):
        assert getattr(made, name) != getattr(again, name)
        again.ClearField(name)
        made.ClearField(name)
    assert again == made


async def test_a_file_comes_through_rest_as_it_is(system: System, recruiter: Person) -> None:
    headers = recruiter.headers | {"content-type": "text/csv; charset=utf-8"}
    answer = await system.rest.post("/v1/positions:import", content=FULL.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["positions"][0]["title"] == "=1+1"
    bad = await system.rest.post("/v1/positions:import", content=b"title\nA\n", headers=headers)
    refusal = refused_json(bad, 400, "INVALID_ARGUMENT")
    assert refusal["message"] == "file: line 1, column description: is missing; add it"
    empty = await system.rest.post("/v1/positions:import", content=b"", headers=headers)
    refused_json(empty, 400, "FILE_EMPTY")


async def test_twenty_long_problems_fit_into_an_answer(system: System, recruiter: Person) -> None:
    rows = "".join(f"A,B,{'x' * 300}\n" for _ in range(30))
    with refused("INVALID_ARGUMENT", line="2"):
        await imported(
            TalentHubServiceStub(system.edge),
            recruiter,
            f"title,description,{'y' * 300}\n{rows}".replace("y" * 300, "pay_period"),
        )
    columns = ",".join(f"{'z' * 200}{number}" for number in range(40))
    with refused("INVALID_ARGUMENT", line="1"):
        await imported(TalentHubServiceStub(system.edge), recruiter, f"title,description,{columns}\n")


async def test_who_only_looks_on_or_belongs_elsewhere_imports_nothing(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    (made,) = await imported(talenthub, recruiter, FULL)
    viewer = await a_person(system, 2)
    with refused("ORGANIZATION_REQUIRED"):
        await imported(talenthub, viewer, FULL)
    for key in (made.organization_id, str(uuid4())):
        with refused("NOT_FOUND", resource="organization", id=key):
            await imported(talenthub, viewer, FULL, organization_id=key)
    await system.database.execute(JOIN, UUID(made.organization_id), UUID(viewer.id), "VIEWER")
    with refused("PERMISSION_DENIED"):
        await imported(talenthub, viewer, FULL)
    other = await an_organization(system, recruiter)
    with refused("ORGANIZATION_REQUIRED"):
        await imported(talenthub, recruiter, FULL)
    (there,) = await imported(talenthub, recruiter, FULL, organization_id=other.id)
    assert there.organization_id == other.id


# What files may look like.


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbftitle,description\nA,B\n",
        b"title;description\r\nA;B\r\n",
        b"title\tdescription\nA\tB",
        b"\n\n Title , DESCRIPTION \nA,B\n\n,\n",
        b'"title","description"\n"A","B"\n',
        # A comma in a name does not make a file one with commas.
        b'title;description;"team"\nA;B;\n',
    ],
)
def test_csv_as_programs_write_it_is_read(data: bytes) -> None:
    (draft,) = drafts(data)
    assert (draft["title"], draft["description"]) == ("A", "B")


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;\t'), min_size=1).filter(
    lambda text: text == text.strip() and text
)


@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5), separator=st.sampled_from(",;\t"))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str, str]], separator: str) -> None:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator)
    writer.writerows([("title", "description", "team"), *((a[:200], b, c[:100]) for a, b, c in rows)])
    read = [(draft["title"], draft["description"], draft["team"]) for draft in drafts(target.getvalue())]
    assert read == [(a[:200].strip(), b, c[:100].strip()) for a, b, c in rows]


def test_the_first_twenty_problems_come_at_once_with_line_column_and_remedy() -> None:
    text = (
        "title,description,work_mode,headcount,deadline,country_code,pay_minimum,pay_maximum,currency\n"
        'A,"two\nlines",home,many,tomorrow,Germany,12,x,\n'
        ",x,,20000,2027-01-31,DE,2,1,EUR\n"
        "a,b\n"
        "Z,z,,,,,1.234,,EUR\n"
        "Z,z,,,,,1,,Euro\n"
    )
    found = problems(text)
    assert [why.partition(": ")[0] for why in found] == [
        "line 2, column work_mode",
        "line 2, column headcount",
        "line 2, column deadline",
        "line 2, column currency",
        "line 2, column pay_maximum",
        "line 2, column country_code",
        "line 4, column title",
        "line 4, column headcount",
        "line 5",
        "line 6, column pay_minimum",
        "line 7, column currency",
    ]
    assert "has 2 cells, the header has 9" in found[8]
    assert problems("title,description\n" + ",\n,x\n" * 30)[19].startswith("line ")
    assert len(problems("title,description\n" + ",x\n" * 30)) == 20
    # Also of one line.
    columns = problems("title,description," + ",".join(f"{'z' * 200}{number}" for number in range(40)))
    assert len(columns) == 20
    assert columns[0].startswith(f"line 1, column {'z' * 50}: is not known")


def test_an_upside_down_pay_range_is_named_as_the_file_calls_it() -> None:
    (why,) = problems("title,description,pay_minimum,pay_maximum,currency\nA,B,2,1,EUR\n")
    assert why == "line 2, column pay_maximum: is less than the minimum; swap them"


def test_a_json_file_names_line_position_and_field() -> None:
    text = (
        '[{"title": "A", "description": "B"},\n\n{"title": "", "description": "x", "color": 1, "workMode": "HOME"}, 7]'
    )
    found = problems(text, JSON)
    assert [why.partition(": ")[0] for why in found] == [
        "line 3, position 2, field color",
        "line 3, position 2, field workMode",
        "line 3, position 2, field title",
        "line 3, position 3",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("title,description\n", CSV, "has no position"),
        ("[]", JSON, "has no position"),
        ('{"@type": "Organization"}', POSTING, "has no position"),
        ('title,description\nA,"b', CSV, "line 2: unexpected end of data"),
        ('title,description\n"A"x,b\n', CSV, "line 2: "),
        ("title,title,description\n", CSV, "line 1, column title: stands there twice"),
        ("titel,description\n", CSV, "line 1, column title: is missing"),
        (";;;\n", CSV, "line 1, column title: is missing"),
        (b"title,description\nM\xfcller,x\n", CSV, "line 2: byte 0xFC is not UTF-8"),
        ("title,description\nA,B\n".encode("utf-16"), CSV, "line 1: byte 0xFF is not UTF-8"),
        ("title,description\nA,B\n", "text/csv; charset=ISO-8859-1", "has the charset iso-8859-1"),
        ('[{"title": "A"},]', JSON, "line 1: Expecting value at letter 17"),
        ('[{"title": "A"}\n{}]', JSON, "line 2: Expecting ',' delimiter"),
        ("[]\n[]", JSON, "line 2: Extra data"),
        ("[NaN]", JSON, "line 1: has a number that is none"),
        (f"[1{'0' * 5000}]", JSON, "line 1: has a number that is none"),
        ("[" * 100_000, JSON, "is nested too deeply"),
        ("[" * 100_000, POSTING, "is nested too deeply"),
        ('[{"title": "\\ud800", "description": "x"}]', JSON, "line 1, position 1, field title: does not fit"),
        ('[{"title": "\\u0000", "description": "x"}]', JSON, "line 1, position 1, field title: contains"),
        ("title,description\n" + "A,B\n" * 501, CSV, "has more than 500 positions"),
        (f"[{'1,' * 300_000}1]", JSON, "has more than 500 positions"),
        (" " * ((1 << 20) + 1), CSV, "has more than 1048576 bytes"),
    ],
)
def test_a_file_that_is_none_says_why(text: str | bytes, kind: str, why: str) -> None:
    assert problems(text, kind)[0].startswith(why)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n"])
@pytest.mark.parametrize("kind", [CSV, JSON, POSTING])
def test_an_empty_file_is_called_so(data: bytes, kind: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        drafts(data, kind)
    assert caught.value.reason == "FILE_EMPTY"


@pytest.mark.parametrize("kind", ["", "application/xml", "application/vnd.ms-excel", "text/csvx"])
def test_another_type_is_refused_and_the_possible_ones_named(kind: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        drafts("title,description\nA,B\n", kind)
    assert caught.value.reason == "FILE_TYPE_UNSUPPORTED"
    assert "text/csv" in caught.value.message


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("60000", "EUR", 6_000_000),
        (" 0.5 ", "EUR", 50),
        ("1000", "JPY", 1000),
        ("1.234", "KWD", 1234),
        ("1e3", "EUR", 100_000),
    ],
)
def test_amounts_are_counted_in_the_minor_units_of_their_currency(amount: str, currency: str, units: int) -> None:
    assert minor_units(amount, currency) == units


@pytest.mark.parametrize("amount", ["", "x", "60.000,00", "60,000", "1.234", "-1", "NaN", "Infinity", "1e999999"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError):
        minor_units(amount, "EUR")


def test_words_of_files_are_those_of_the_contract() -> None:
    for kind, words in (
        (WorkMode, entries.WORK_MODES),
        (Seniority, entries.SENIORITIES),
        (PayPeriod, entries.PAY_PERIODS),
    ):
        assert tuple(plain(kind, value).lower() for value in kind.values() if value) == words

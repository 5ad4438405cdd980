"""Positions as JobPosting of schema.org, out and in."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.api.httpbody_pb2 import HttpBody
from hypothesis import given, settings
from hypothesis import strategies as st
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position as PositionMessage
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import PAY_PERIOD_YEAR, Money, PayRange
from skillsync.type.v1.work_pb2 import SENIORITY_SENIOR, WORK_MODE_REMOTE, Location

from services.kit.errors import InvalidArgument
from services.talenthub import import_wire, job_posting
from services.talenthub.html_text import to_html, to_text
from services.talenthub.tables import Organization, Position
from tests.builders import Person, a_position, a_recruiter
from tests.harness import System
from tests.refusals import refused

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
# Made of what HTML treats in its own way.
tricky = st.lists(
    st.sampled_from(
        [
            "a",
            "é",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\t",
            "\r",
            "<p>",
            "</p>",
            "<br>",
            "&",
            "&amp;",
            "&#32;",
            "<!--",
            "<",
            "\xa0",
        ]
    ),
    min_size=1,
    max_size=20,
).map("".join)
moneys = st.integers(0, 10**12).map(str)


@st.composite
def pays(draw: st.DrawFn) -> dict[str, Any] | None:
    currency, bounds = (
        draw(st.sampled_from(["EUR", "JPY", "KWD", "CLF"])),
        sorted([draw(st.integers(0, 10**12)) for _ in "ab"]),
    )
    pay: dict[str, Any] = {}
    for name, units in zip(("minimum", "maximum"), bounds, strict=True):
        if draw(st.booleans()):
            # As protobuf writes it: a zero is left out.
            pay[name] = ({"minorUnits": str(units)} if units else {}) | {"currencyCode": currency}
    period = draw(st.sampled_from(["", "PAY_PERIOD_HOUR", "PAY_PERIOD_MONTH", "PAY_PERIOD_YEAR"]))
    return (pay | ({"period": period} if period else {})) or None


@st.composite
def positions(draw: st.DrawFn) -> Position:
    place = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
    return Position(
        id=uuid4(),
        title=draw(texts),
        description=draw(texts | tricky),
        city=draw(place),
        region=draw(place),
        country_code=draw(st.sampled_from(["", "DE", "CH"])),
        work_mode=draw(st.sampled_from(["UNSPECIFIED", "ONSITE", "HYBRID", "REMOTE"])),
        seniority=draw(st.sampled_from(["UNSPECIFIED", "ENTRY", "MID", "SENIOR", "EXPERT"])),
        pay=draw(pays()),
        headcount=draw(st.integers(1, 10_000)),
        team=draw(place),
        deadline_time=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        create_time=datetime(2026, 1, 2, tzinfo=UTC),
    )


EMPLOYER = Organization(display_name="Example Works", domain="example.org", verified=True)
# Columns that a posting carries.
CARRIED = (
    "title",
    "description",
    "city",
    "region",
    "country_code",
    "work_mode",
    "seniority",
    "pay",
    "headcount",
    "team",
    "deadline_time",
)


def read(posting: Any) -> dict[str, Any]:
    (draft,) = import_wire.drafts(json.dumps(posting).encode(), "application/ld+json")
    return draft


def problems(posting: Any) -> list[str]:
    with pytest.raises(InvalidArgument) as caught:
        read(posting)
    return [why for _, why in caught.value.violations]


def a_posting(**fields: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "JobPosting", "title": "T", "description": "<p>D</p>"} | fields


@settings(max_examples=300)
@given(position=positions())
def test_what_is_written_is_read_back_without_loss(position: Position) -> None:
    data = job_posting.written(job_posting.export(position, EMPLOYER))
    (draft,) = import_wire.drafts(data, job_posting.CONTENT_TYPE)
    assert {name: draft[name] for name in CARRIED} == {name: getattr(position, name) for name in CARRIED}


@settings(max_examples=300)
@given(position=positions())
def test_a_posting_has_what_search_engines_ask_for(position: Position) -> None:
    posting = json.loads(job_posting.written(job_posting.export(position, EMPLOYER)))
    assert (posting["@context"], posting["@type"]) == ("https://schema.org", "JobPosting")
    assert posting["title"] == position.title
    assert posting["description"].startswith("<p>")
    assert datetime.fromisoformat(posting["datePosted"])
    assert posting["hiringOrganization"] == {
        "@type": "Organization",
        "name": "Example Works",
        "sameAs": "https://example.org",
    }
    if position.country_code:
        assert posting["jobLocation"]["address"]["addressCountry"] == position.country_code
        if position.work_mode == "REMOTE":
            assert posting["applicantLocationRequirements"] == {"@type": "Country", "name": position.country_code}
    assert ("jobLocationType" in posting) == (position.work_mode == "REMOTE")
    if position.deadline_time:
        assert datetime.fromisoformat(posting["validThrough"]) == position.deadline_time
    assert "employmentType" not in posting
    assert_sound(posting)


def assert_sound(node: Any) -> None:
    """Every node names its type, nothing is empty."""
    assert node not in (None, "", {}, [])
    if isinstance(node, dict):
        assert "@type" in node
        for value in node.values():
            assert_sound(value)


@given(text=texts | tricky)
def test_text_survives_html(text: str) -> None:
    written = to_html(text)
    assert to_text(written) == text
    # No markup but its own.
    assert set(written.replace("<p>", "").replace("</p>", "").replace("<br>", "")) & set("<>") == set()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain & simple\nlines &lt;kept&gt;", "plain & simple\nlines <kept>"),
        ("<p>One\n  two</p>\n\n<p>three</p>", "One two\n\nthree"),
        ("<h2>Tasks</h2><ul>\n<li> build</li>\n<li><b>test</b> it</li></ul>End", "Tasks\n\n- build\n- test it\n\nEnd"),
        ("<div>a</div><div>b<br/>c</div>", "a\nb\nc"),
        ("<p>a<script>alert('<p>')</script><style>p{}</style><!-- x <p> -->b</p>", "ab"),
        ("<P CLASS='x'>a</P><p></p><p>b</p>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>1 < 2 & 3 > 2 &nosuch; &eacute;&#233;&#xe9;</p>", "1 < 2 & 3 > 2 &nosuch; ééé"),
        ("<p>open <b", "open <b"),
        ("<p>a<!-- never ends", "a"),
    ],
)
def test_foreign_html_is_read_as_it_looks(source: str, text: str) -> None:
    assert to_text(source) == text


@pytest.mark.parametrize("piece", ["<a", "<", "<!--", "<script>", "&", "&a", "<p>", "<a x", "&#1", "<!", "</", "a"])
@pytest.mark.parametrize("start", ["", "<a"])
def test_broken_html_takes_linear_time(start: str, piece: str) -> None:
    def seconds(size: int) -> float:
        source = f"<p>{start}{piece * (size // len(piece))}"
        begun = time.process_time()
        to_text(source)
        return time.process_time() - begun

    # Ten times the text in a hundred times the time would be quadratic.
    assert seconds(200_000) < 30 * max(seconds(20_000), 0.005)


@pytest.mark.parametrize(
    "document",
    [
        a_posting(),
        [a_posting()],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, a_posting()]},
        a_posting(**{"@type": ["Thing", "JobPosting"]}),
        a_posting(**{"@type": "https://schema.org/JobPosting"}),
        a_posting(**{"@type": "schema:JobPosting"}),
        a_posting(title=["T"], description={"@value": "<p>D</p>"}),
        a_posting(employmentType="FULL_TIME", hiringOrganization={"name": "Other"}, baseSalary=None, jobLocation=[]),
    ],
)
def test_postings_are_found_wherever_they_stand(document: Any) -> None:
    draft = read(document)
    assert (draft["title"], draft["description"], draft["pay"], draft["city"]) == ("T", "D", None, "")


@pytest.mark.parametrize(
    ("salary", "pay"),
    [
        ({"currency": "EUR", "value": {"value": 40000, "unitText": "YEAR"}}, (4_000_000, 4_000_000, "PAY_PERIOD_YEAR")),
        ({"currency": "EUR", "value": 40000.5}, (4_000_050, 4_000_050, None)),
        ({"currency": "eur", "minValue": "10", "maxValue": "20"}, (1000, 2000, None)),
        ({"currency": "EUR", "value": {"minValue": 15.55, "unitText": "hour"}}, (1555, None, "PAY_PERIOD_HOUR")),
        (30000, (3_000_000, 3_000_000, None)),
        ("30000", (3_000_000, 3_000_000, None)),
    ],
)
def test_salaries_are_read_in_all_shapes(salary: Any, pay: tuple[int | None, int | None, str | None]) -> None:
    found = read(a_posting(baseSalary=salary, salaryCurrency="EUR"))["pay"]
    bounds = [int(found[bound]["minorUnits"]) if bound in found else None for bound in ("minimum", "maximum")]
    assert (*bounds, found.get("period")) == pay


@pytest.mark.parametrize(
    ("place", "column", "value"),
    [
        (
            {"jobLocation": {"address": {"addressLocality": "Bern", "addressCountry": {"name": "ch"}}}},
            "country_code",
            "CH",
        ),
        ({"jobLocation": {"address": "Bern"}}, "city", "Bern"),
        ({"jobLocation": "Bern"}, "city", "Bern"),
        ({"jobLocationType": "TELECOMMUTE"}, "work_mode", "REMOTE"),
        ({"jobLocation": {"additionalProperty": {"name": "workMode", "value": "hybrid"}}}, "work_mode", "HYBRID"),
        (
            {"jobLocation": {"additionalProperty": ["x", {"name": "workMode", "value": ["hybrid"]}, {"name": "area"}]}},
            "work_mode",
            "UNSPECIFIED",
        ),
        ({"applicantLocationRequirements": {"@type": "Country", "name": "CH"}}, "country_code", "CH"),
        ({"applicantLocationRequirements": [{"@type": "State", "name": "Bern"}]}, "country_code", ""),
        ({"experienceRequirements": {"monthsOfExperience": 36}}, "seniority", "MID"),
        ({"experienceRequirements": "no requirements"}, "seniority", "UNSPECIFIED"),
    ],
)
def test_places_and_levels_are_read_in_all_shapes(place: dict[str, Any], column: str, value: str) -> None:
    assert read(a_posting(**place))[column] == value


def test_what_does_not_fit_is_named_as_the_posting_calls_it() -> None:
    good, bad = a_posting(), a_posting(
        title="", description="<p></p>", baseSalary="competitive", validThrough="soon", totalJobOpenings="many",
        jobLocation={"address": {"addressCountry": "Germany"}}, employmentUnit={"name": "x" * 101},
    )  # fmt: skip
    names = [why.partition(": ")[0] for why in problems([good, bad])]
    assert sorted(names) == sorted(
        f"line 1, position 2, field {name}"
        for name in ("title", "description", "baseSalary", "validThrough", "totalJobOpenings",
                     "jobLocation.address.addressCountry", "employmentUnit.name")
    )  # fmt: skip
    (why,) = problems(a_posting(baseSalary={"currency": "EUR", "value": {"value": 100, "unitText": "DAY"}}))
    assert why.startswith("line 1, position 1, field baseSalary: is none of hour, month, year")


def test_a_domain_that_nobody_verified_is_not_written_as_the_employers() -> None:
    position = Position(
        title="T", description="D", headcount=1, id=uuid4(), create_time=datetime(2026, 1, 2, tzinfo=UTC)
    )
    unverified = Organization(display_name="Example Works", domain="example.org", verified=False)
    assert "sameAs" not in job_posting.export(position, unverified)["hiringOrganization"]


def test_a_posting_cannot_end_the_script_that_holds_it() -> None:
    position = Position(title="</script><script>alert(1)", description="</script>", headcount=1)
    position.id, position.create_time = uuid4(), datetime(2026, 1, 2, tzinfo=UTC)
    assert b"<" not in job_posting.written(job_posting.export(position, EMPLOYER))


# Through the door.


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_recruiter(system)


async def test_an_exported_position_can_be_imported_elsewhere(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    pay = PayRange(minimum=Money(minor_units=5_000_000, currency_code="EUR"), period=PAY_PERIOD_YEAR)
    position = await a_position(
        system, recruiter, pay=pay, work_mode=WORK_MODE_REMOTE, seniority=SENIORITY_SENIOR, team="Platform",
        location=Location(city="Berlin", country_code="DE"), headcount=2,
    )  # fmt: skip
    request = pb.ExportPositionRequest(position_id=position.id)
    file: HttpBody = await talenthub.ExportPosition(request, metadata=recruiter.metadata)
    assert file.content_type == "application/ld+json"
    stranger = await a_recruiter(system)
    there = await talenthub.ImportPositions(pb.ImportPositionsRequest(file=file), metadata=stranger.metadata)
    for name in ("title", "description", "location", "work_mode", "seniority", "pay", "headcount", "team"):
        assert getattr(there.positions[0], name) == getattr(position, name)
    assert there.positions[0].state == PositionMessage.STATE_DRAFT
    assert there.positions[0].organization_id != position.organization_id


async def test_the_posting_comes_through_rest_as_json_ld(system: System, recruiter: Person) -> None:
    position = await a_position(system, recruiter)
    answer = await system.rest.get(f"/v1/positions/{position.id}:export", headers=recruiter.headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/ld+json"
    posting = answer.json()
    assert posting["identifier"]["value"] == position.id
    assert posting["datePosted"] == position.publish_time.ToDatetime().date().isoformat()
    assert posting["hiringOrganization"]["name"] == "Example Works"


async def test_another_organizations_position_is_not_exported(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    position, stranger = await a_position(system, recruiter), await a_recruiter(system)
    for key in (position.id, str(UUID(int=7))):
        with refused("NOT_FOUND", resource="position", id=key):
            await talenthub.ExportPosition(pb.ExportPositionRequest(position_id=key), metadata=stranger.metadata)

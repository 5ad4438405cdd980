"""Letters by a language model of the operator's choice: streamed as it speaks, every sentence checked, and our own where it fails."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import ValidationError
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub

from services.ai.letters import Prompt
from services.careerforge.app import open_app
from services.careerforge.letter_model import LanguageModel, ModelFailed
from services.kit.settings import LetterModel, Settings
from tests.builders import Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.careerforge.letter_endpoint import FAULTS, KINDS, Endpoint, serving
from tests.careerforge.lettering import Letters, an_id, streamed, texts
from tests.harness import System, channel_to

TRUE = [
    "Dear hiring team,",
    "I am applying for the position of Senior Python Developer at Example Works.",
    "Since May 2019 I have worked as a Senior Python Developer at Example Works.",
    "There I built services in Python and PostgreSQL that answer 3,000 requests a second.",
    "Before that I wrote data pipelines in Python at Sample Systems.",
    "Kind regards,",
    "Ada Example",
]
LIES = [
    "I have 12 years of experience with Kubernetes.",
    "At Google I led a team of 40 engineers.",
    "I am fluent in Rust and Terraform.",
    "I hold a PhD from Stanford University.",
]
ANSWER = "\n\n".join([TRUE[0], " ".join([*TRUE[1:3], LIES[0]]), " ".join([LIES[1], *TRUE[3:5], *LIES[2:]]), *TRUE[5:]])
PIECES = [ANSWER[at : at + 11] for at in range(0, len(ANSWER), 11)]
NONSENSE = ["Roses are red. Violets are blue. The sea is deep. The night is long. ", "And so am I. The end."]


@pytest.fixture(scope="module", params=KINDS)
async def endpoint(request: pytest.FixtureRequest) -> AsyncIterator[Endpoint]:
    async with serving(request.param) as found:
        yield found


@asynccontextmanager
async def a_server(system: System, setting: str) -> AsyncIterator[CareerForgeServiceStub]:
    """Another replica of careerforge, in whose settings a language model stands."""
    own = {"SKILLSYNC_CAREERFORGE_LISTEN": "127.0.0.1:0", "SKILLSYNC_CAREERFORGE_LETTER_MODEL": setting}
    async with (
        open_app(Settings.of("careerforge", system.environment | own)) as running,
        channel_to(system.servers.certificates, running.port, "gateway") as channel,
    ):
        yield CareerForgeServiceStub(channel)


@pytest.fixture(scope="module")
async def with_model(system: System, endpoint: Endpoint) -> AsyncIterator[CareerForgeServiceStub]:
    async with a_server(system, endpoint.setting(seconds=2)) as stub:
        yield stub


@pytest.fixture(scope="module")
async def position_id(system: System) -> str:
    return (await a_position(system, await a_recruiter(system))).id


@pytest.fixture(scope="module")
async def author(system: System) -> Person:
    person = await a_job_seeker(system)
    await an_analysis(system, person)
    return person


@pytest.fixture
async def letters(system: System, with_model: CareerForgeServiceStub, endpoint: Endpoint, author: Person) -> Letters:
    """Of somebody who is served by the replica with a model, which says the truth beside lies."""
    await system.database.execute(
        "update billing.feature_usage set cover_letter_credits = 10, used = used - 'cover_letter'"
    )
    endpoint.says, endpoint.fault, endpoint.status, endpoint.waits = PIECES, "", 200, None
    endpoint.asked.clear()
    endpoint.cut.clear()
    found = Letters(system, author)
    found.stub = with_model
    return found


async def test_a_model_writes_and_what_it_makes_up_is_never_shown(letters: Letters, position_id: str) -> None:
    events = await letters.stream(position_id)
    letter = events[-1].letter
    assert texts(letter) == [one.text for one in streamed(events)] == TRUE
    assert letter.model == "a-model"
    assert not any(event.restarted for event in events)
    assert [one.paragraph for one in letter.sentences] == [0, 1, 1, 2, 2, 3, 4]
    resume = await letters.ask("GetResumeText", pb.GetResumeTextRequest(resume_id=letter.resume_id))
    spans = [span for one in letter.sentences for span in one.resume_spans]
    assert [resume.text[span.start : span.end] for span in spans] == [span.text for span in spans]
    assert {"Example Works", "Python", "PostgreSQL", "Sample Systems"} <= {span.text for span in spans}


async def test_it_is_asked_as_its_vendor_says(letters: Letters, endpoint: Endpoint, position_id: str) -> None:
    await letters.write(position_id, language_code="de", tone="formal")
    (asked,) = endpoint.asked
    body, headers = asked["body"], asked["headers"]
    assert (body["model"], body["stream"]) == ("a-model", True)
    if endpoint.kind == "openai":
        assert asked["line"] == "POST /v1/chat/completions HTTP/1.1"
        assert headers["authorization"] == "Bearer a key"
        assert [one["role"] for one in body["messages"]] == ["system", "user"]
        system, user = (one["content"] for one in body["messages"])
    else:
        assert asked["line"] == "POST /v1/messages HTTP/1.1"
        assert (headers["x-api-key"], headers["anthropic-version"]) == ("a key", "2023-06-01")
        assert body["max_tokens"] > 0
        system, user = body["system"], body["messages"][0]["content"]
    assert "German, formal" in system
    assert "3,000 requests" in user
    assert "ada@example.org" not in json.dumps(body)
    assert "170 1234567" not in json.dumps(body)


async def test_sentences_arrive_while_the_model_speaks(letters: Letters, endpoint: Endpoint, position_id: str) -> None:
    endpoint.waits = asyncio.Event()
    request = pb.WriteCoverLetterRequest(position_id=position_id)
    stream = letters.stub.WriteCoverLetter(request, metadata=letters.person.metadata)
    events = aiter(stream)
    first = [(await anext(events)).sentence.text for _ in range(3)]
    assert first == TRUE[:3]
    endpoint.waits.set()
    rest = [event async for event in events]
    assert texts(rest[-1].letter) == TRUE


async def test_a_stream_that_is_cut_leaves_no_letter_and_costs_nothing(
    letters: Letters, endpoint: Endpoint, position_id: str
) -> None:
    before, kept, request_id = await letters.credits(), await letters.kept(), an_id()
    endpoint.waits = asyncio.Event()
    request = pb.WriteCoverLetterRequest(position_id=position_id, request_id=request_id)
    stream = letters.stub.WriteCoverLetter(request, metadata=letters.person.metadata)
    await stream.read()
    assert await letters.reserved() == 1
    stream.cancel()
    async with asyncio.timeout(60):
        await endpoint.cut.wait()
    assert await letters.credits() == before
    assert await letters.kept() == kept
    endpoint.waits.set()
    assert texts(await letters.write(position_id, request_id=request_id)) == TRUE
    assert await letters.credits() == before - 1


async def test_who_does_not_want_it_is_not_told_of_to_anybody(
    letters: Letters, endpoint: Endpoint, position_id: str
) -> None:
    letter = await letters.write(position_id, without_model=True)
    assert endpoint.asked == []
    assert letter.model == ""
    assert texts(letter)[-1] == "Ada Example"


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "hangs"])
async def test_where_a_model_fails_in_the_middle_our_own_writer_begins_anew(
    letters: Letters, endpoint: Endpoint, position_id: str, fault: str
) -> None:
    own = await letters.write(position_id, without_model=True)
    endpoint.fault, before = fault, await letters.credits()
    events = await letters.stream(position_id)
    assert [event.restarted for event in events].count(True) == 1
    assert [one.text for one in streamed(events)] == texts(events[-1].letter) == texts(own)
    assert events[-1].letter.model == ""
    assert await letters.credits() == before - 1


async def test_a_model_that_hangs_is_not_waited_for(letters: Letters, endpoint: Endpoint, position_id: str) -> None:
    endpoint.fault = "hangs"
    letter = await letters.write(position_id)
    assert letter.model == ""


@pytest.mark.parametrize("status", [307, 401, 529])
async def test_a_model_that_is_not_there_is_not_noticed(
    letters: Letters, endpoint: Endpoint, position_id: str, status: int
) -> None:
    endpoint.status = status
    events = await letters.stream(position_id)
    assert not any(event.restarted for event in events)
    assert events[-1].letter.model == ""
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize(
    "says",
    [
        NONSENSE,
        [],
        [" ".join([*TRUE[:4], *LIES * 3])],
        ["x" * 5000],
        ["I work with Python. " * 100],
        ["\x00\u202e\ud800"],
    ],
    ids=["a poem", "nothing", "mostly lies", "no sentence", "no end", "nothing to be seen"],
)
async def test_what_cannot_be_used_is_not_kept(
    letters: Letters, endpoint: Endpoint, position_id: str, says: list[str]
) -> None:
    endpoint.says = says
    events = await letters.stream(position_id)
    assert events[-1].letter.model == ""
    assert texts(events[-1].letter)[-1] == "Ada Example"
    assert not set(LIES) & {event.sentence.text for event in events}


async def test_an_endpoint_inside_the_network_is_reached_only_if_the_operator_says_so(endpoint: Endpoint) -> None:
    endpoint.asked.clear()
    inside = LetterModel.model_validate_json(endpoint.setting())
    secret = inside.model_copy(update={"inside": False})
    with pytest.raises(ModelFailed, match="port|not a public address"):
        _ = [piece async for piece in LanguageModel.of(secret).answer(Prompt("s", "u"))]
    assert endpoint.asked == []
    with pytest.raises(ValidationError, match="https"):
        LetterModel.model_validate_json(endpoint.setting(inside=False))
    with pytest.raises(ValidationError, match="header"):
        LetterModel.model_validate_json(endpoint.setting(key="a key\n"))
    assert "a key" not in repr(inside)


async def test_a_server_with_a_setting_that_makes_no_sense_does_not_start(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="SKILLSYNC_LETTER_MODEL"):
        Settings.of("careerforge", system.environment | {"SKILLSYNC_LETTER_MODEL": '{"kind": "oracle"}'})


async def test_by_default_nobody_is_asked(system: System) -> None:
    assert Settings.of("careerforge", system.environment).letter_model is None

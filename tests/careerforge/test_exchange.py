"""Profiles from files and to files, through the door."""

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from google.api.httpbody_pb2 import HttpBody
from pypdf import PdfReader
from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import PortfolioItem
from skillsync.careerforge.v1.profile_pb2 import ORIGIN_PERSON, Profile

from tests.builders import a_job_seeker, an_analysis
from tests.careerforge.profiled import Own
from tests.careerforge.test_entries import OTHER
from tests.harness import System
from tests.refusals import refused

RESUME = {
    "basics": {
        "name": "Ida Import",
        "label": "Data Engineer",
        "email": "ida@example.org",
        "summary": "Builds pipelines.",
        "location": {"city": "Lyon", "countryCode": "FR"},
    },
    "work": [
        {
            "name": "Example Rivers",
            "position": "Data Engineer",
            "startDate": "2020-03",
            "summary": "Owns the warehouse.",
            "highlights": ["Cut run time by 40%"],
        },
        {"name": "Sample Lakes", "position": "Analyst", "startDate": "2017-01", "endDate": "2020-02"},
    ],
    "education": [{"institution": "Example University", "studyType": "MSc", "area": "Statistics", "endDate": "2016"}],
    "skills": [{"name": "Python (Programming Language)"}, {"name": "SQL"}, {"name": "Whittling spoons out of birch"}],
    "languages": [{"language": "French", "fluency": "Native"}, {"language": "English", "fluency": "C1"}],
    "certificates": [{"name": "Certified Sampler", "issuer": "Example Board", "date": "2021-05-01"}],
    "projects": [{"name": "River gauge", "description": "Reads levels.", "url": "https://example.org/gauge"}],
    "publications": [{"name": "On rivers", "publisher": "Example Press"}],
}


class Exchange(Own):
    async def bring(self, resume: Any = RESUME, request_id: str = "") -> Profile:
        data = resume if isinstance(resume, bytes) else json.dumps(resume).encode()
        request = pb.ImportProfileRequest(file=HttpBody(data=data), request_id=request_id)
        return await self._ask("ImportProfile", request)

    async def take(self, format_: str, **fields: str) -> HttpBody:
        return await self._ask("ExportProfile", pb.ExportProfileRequest(format=format_, **fields))

    async def projects(self) -> list[PortfolioItem]:
        return list((await self._ask("ListPortfolio", pb.ListPortfolioRequest())).items)

    async def exports_left(self) -> int:
        stub = BillingServiceStub(self.system.direct("billing"))
        has = await stub.GetEntitlements(billing.GetEntitlementsRequest(), metadata=self.person.metadata)
        return next(one.remaining for one in has.balances if one.feature == FEATURE_EXPORT)


@pytest.fixture
async def own(system: System) -> Exchange:
    return Exchange(system, await a_job_seeker(system))


def _brought(profile: Profile) -> Any:
    return getattr(profile, "import")


async def test_an_import_fills_an_empty_profile(own: Exchange) -> None:
    profile = await own.bring()
    assert (profile.display_name, profile.headline) == ("Ida Import", "Data Engineer")
    roles = await own.experiences()
    assert [(r.title, r.employer, r.current, r.origin) for r in roles] == [
        ("Data Engineer", "Example Rivers", True, ORIGIN_PERSON),
        ("Analyst", "Sample Lakes", False, ORIGIN_PERSON),
    ]
    assert roles[0].description == "Owns the warehouse.\n• Cut run time by 40%"
    assert [e.institution for e in await own.educations()] == ["Example University"]
    assert {"Python", "SQL"} <= {label.split(" ")[0] for label in await own.skills()}
    assert set(await own.languages()) == {"French", "English"}
    assert [(one.project_title, one.visibility) for one in await own.projects()] == [
        ("River gauge", PortfolioItem.VISIBILITY_PRIVATE)
    ]
    brought = _brought(profile)
    assert (brought.format, brought.added_count, brought.filled_count) == ("json_resume", 8, 0)
    assert [f.place for f in brought.findings] == ["Whittling spoons out of birch"]


async def test_the_same_file_again_brings_nothing(own: Exchange) -> None:
    await own.bring()
    again = _brought(await own.bring())
    assert (again.added_count, again.filled_count) == (0, 0)
    assert len(await own.experiences()) == 2
    assert len(await own.projects()) == 1


async def test_the_same_request_again_answers_alike_and_does_nothing(own: Exchange) -> None:
    request_id = str(uuid4())
    first = await own.bring(request_id=request_id)
    await own.remove((await own.experiences())[0].id)
    again = await own.bring(request_id=request_id)
    assert _brought(again) == _brought(first)
    assert len(await own.experiences()) == 1


async def test_an_import_fills_what_an_entry_lacks_and_overwrites_nothing(own: Exchange) -> None:
    await own.create("Data Engineer", (2020, 3), employer="Example Rivers", current=True, location="Paris")
    changed = {"work": [RESUME["work"][0] | {"location": "Lyon"}]}  # type: ignore[index]
    profile = await own.bring(changed)
    (role,) = await own.experiences()
    assert role.location == "Paris"
    assert role.description.startswith("Owns the warehouse.")
    assert (_brought(profile).added_count, _brought(profile).filled_count) == (0, 1)


async def test_what_was_removed_stays_removed_by_imports_too(own: Exchange) -> None:
    await own.bring()
    analyst = next(r for r in await own.experiences() if r.title == "Analyst")
    await own.remove(analyst.id)
    await own.remove_skill((await own.skills())["SQL"].skill_id)
    findings = _brought(await own.bring()).findings
    assert [r.title for r in await own.experiences()] == ["Data Engineer"]
    assert "SQL" not in await own.skills()
    assert {f.place for f in findings if "removed" in f.why} == {"Analyst, Sample Lakes", "SQL"}


async def test_a_later_reading_finds_what_was_imported(system: System, own: Exchange) -> None:
    senior = {"name": "Example Works", "position": "Senior Python Developer", "startDate": "2019-05"}
    await own.bring({"work": [senior | {"summary": "As I wrote it."}]})
    await an_analysis(system, own.person)
    found = [r for r in await own.experiences() if r.employer.startswith("Example Works")]
    assert [(r.origin, r.description) for r in found] == [(ORIGIN_PERSON, "As I wrote it.")]


async def test_certificates_count_in_matching_and_are_there_once(system: System, own: Exchange) -> None:
    await an_analysis(system, own.person)
    named = {"certificates": [{"name": "Certified Sampler"}, {"name": "certified sampler"}]}
    await own.bring(named)
    told = await own.told(lambda c: c.certifications)
    assert [one.text.casefold() for one in told.certifications].count("certified sampler") == 1
    await an_analysis(system, own.person, OTHER)
    again = await own.told(lambda c: len(c.roles) == 3)
    assert "certified sampler" in {one.text.casefold() for one in again.certifications}


async def test_a_file_that_does_not_fit_changes_nothing(own: Exchange) -> None:
    with refused("INVALID_ARGUMENT", limit="500"):
        await own.bring({"work": [{"position": f"Job {n}"} for n in range(501)], "basics": {"name": "Ida Import"}})
    with refused("FILE_EMPTY"):
        await own.bring(b"\n")
    with refused("FILE_TYPE_UNSUPPORTED"):
        await own.bring(b"Just a letter.")
    with refused("INVALID_ARGUMENT", field="file"):
        await own.bring(json.dumps(RESUME).encode()[:200])
    assert (await own.profile()).display_name == ""
    assert await own.experiences() == []


async def test_json_gives_back_what_was_imported(own: Exchange) -> None:
    await own.bring()
    body = await own.take("json")
    assert body.content_type == "application/json"
    told = json.loads(body.data)
    assert told["basics"] == RESUME["basics"]
    assert [w["position"] for w in told["work"]] == ["Data Engineer", "Analyst"]
    assert told["work"][0]["highlights"] == ["Cut run time by 40%"]
    assert told["certificates"] == RESUME["certificates"]
    assert told["projects"][0]["name"] == "River gauge"
    assert told["publications"] == RESUME["publications"]
    assert "Whittling spoons out of birch" in {s["name"] for s in told["skills"]}


@pytest.mark.parametrize("format_", ["pdf", "docx"])
async def test_documents_cost_a_credit_and_leave_private_projects_out(own: Exchange, format_: str) -> None:
    await own.bring()
    left = await own.exports_left()
    body = await own.take(format_, template="modern", language_code="fr", paper="LETTER")
    text = _text(body.data, format_)
    assert "Ida Import" in text
    assert "Example Rivers" in text
    assert "River gauge" not in text
    assert await own.exports_left() == left - 1


async def test_no_credit_no_document(own: Exchange) -> None:
    await own.bring()
    for _ in range(await own.exports_left()):
        await own.take("pdf")
    with refused("QUOTA_EXCEEDED", quota="export"):
        await own.take("pdf")
    assert (await own.take("json")).data


async def test_letters_that_pdf_cannot_draw_cost_nothing(own: Exchange) -> None:
    await own.bring({"basics": {"name": "王小明"}})
    left = await own.exports_left()
    with refused("INVALID_ARGUMENT", field="format"):
        await own.take("pdf")
    assert await own.exports_left() == left
    assert (await own.take("docx")).data


async def test_an_export_shows_the_profile_as_edited(system: System, own: Exchange) -> None:
    await an_analysis(system, own.person)
    gone, kept = await own.experiences()
    await own.remove(gone.id)
    await own.update(kept.id, title="Chief of Python")
    text = _text((await own.take("pdf")).data, "pdf")
    assert "Chief of Python" in text
    assert gone.title not in text


async def test_exports_are_of_the_caller_alone(system: System, own: Exchange) -> None:
    await own.bring()
    other = Exchange(system, await a_job_seeker(system))
    told = json.loads((await other.take("json")).data)
    assert "Ida" not in json.dumps(told)
    assert "work" not in told


def _text(data: bytes, format_: str) -> str:
    if format_ == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    import docx2txt

    return docx2txt.process(io.BytesIO(data))

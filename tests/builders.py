"""People and things that tests need, made through the door."""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.organization_pb2 import Organization
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.account_pb2 import PLATFORM_CAREERFORGE, PLATFORM_TALENTHUB, Platform
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.auth import GRANTS
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from services.user import codes
from services.user.keyring import Keyring
from services.user.registrations import LIFETIME
from services.user.tables import Registration
from services.user.tokens import access_token
from services.user.wire import platform_name
from tests.harness import System

PASSWORD = "correct horse battery"

RESUME = """Ada Example
ada@example.org | +49 170 1234567 | Berlin, Germany

Experience
Senior Python Developer, Example Works
May 2019 - present
- Built services in Python and PostgreSQL that answer 3,000 requests a second
- Introduced Docker and Kubernetes for 12 teams

Python Developer, Sample Systems
January 2016 - April 2019
- Wrote data pipelines in Python, cut run time by 40%

Education
Master of Science in Computer Science, Technical University of Berlin

Skills
Python, PostgreSQL, Docker, Kubernetes, machine learning

Languages
English (fluent), German (native)
"""

DESCRIPTION = """You must have:
- 5 years of experience with Python
- PostgreSQL and Docker
Nice to have:
- Kubernetes
- a master in computer science
Fluent English is required."""


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in account."""

    id: str
    email: str
    token: str
    refresh_token: str

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token}"),)

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.metadata)


async def a_person(
    system: System, platform: Platform.ValueType, password: str = PASSWORD, by_mail: bool = False, **changes: Any
) -> Person:
    """Who opened the link of a registration. That such a mail comes takes most of the time: it is sent where a test asks for it."""
    fields = {"email": f"{uuid4().hex}@example.org", "platform": platform} | changes
    request = user.RegisterRequest(**fields)
    code = await (_a_mailed_code if by_mail else _a_code)(system, request)
    complete = user.CompleteRegistrationRequest(code=code, password=password)
    tokens = await UserServiceStub(system.direct("user")).CompleteRegistration(complete)
    return Person(tokens.account.id, tokens.account.email, tokens.access_token, tokens.refresh_token)


async def _a_mailed_code(system: System, request: user.RegisterRequest) -> str:
    await UserServiceStub(system.direct("user")).Register(request)
    return await system.inbox.code(request.email.lower(), codes.COMPLETE_REGISTRATION)


async def _a_code(system: System, request: user.RegisterRequest) -> str:
    """What a mail would bring, past the door."""
    now, platform = utc_now(), platform_name(request.platform)
    async with system.accounts.write(EVERYONE) as session:
        row = Registration(
            email=request.email.lower(),
            platform=platform,
            display_name=request.display_name,
            expire_time=now + LIFETIME,
        )
        session.add(row)
        await session.flush()
        return await codes.new_code(session, codes.COMPLETE_REGISTRATION, row.id, now)


async def a_day_later(system: System) -> None:
    """As far as the pauses between mails to one address are concerned."""
    await system.database.execute("""update "user".sent_mails set time = time - interval '25 hours'""")


async def a_job_seeker(system: System, **changes: Any) -> Person:
    return await a_person(system, PLATFORM_CAREERFORGE, **changes)


async def a_person_of_all_roles(system: System) -> Person:
    """As nobody should be; for tests that are not about permissions."""
    return await with_role(system, await a_job_seeker(system), *GRANTS)


async def with_role(system: System, person: Person, *roles: str) -> Person:
    """The same person, with more roles, and tokens that say so."""
    await system.database.executemany(
        'insert into "user".account_roles (account_id, role) values ($1, $2) on conflict do nothing',
        [(person.id, role) for role in roles],
    )
    stub = UserServiceStub(system.direct("user"))
    tokens = await stub.RefreshTokens(user.RefreshTokensRequest(refresh_token=person.refresh_token))
    return Person(person.id, person.email, tokens.access_token, tokens.refresh_token)


async def a_recruiter(system: System, **changes: Any) -> Person:
    """With an organization, so that positions can be written at once."""
    person = await a_person(system, PLATFORM_TALENTHUB, **changes)
    await an_organization(system, person)
    return person


async def an_expired_token(system: System, person: Person) -> str:
    """Made with the service's own key, as no client could: only its time is over."""
    return await _a_token(system, UUID(person.id), utc_now() - timedelta(hours=1))


async def a_token_holder(system: System) -> Person:
    """A job seeker with a good token and without an account: no service but `user` asks for one, and mails take time."""
    account_id = uuid4()
    token = await _a_token(system, account_id, utc_now())
    return Person(str(account_id), f"{account_id.hex}@example.org", token, "")


async def _a_token(system: System, account_id: UUID, now: datetime) -> str:
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        keyring = Keyring(db, settings.seal_key.get_secret_value())
        # One that a server makes in this very moment signs from a little later on.
        await keyring.published(utc_now())
        key = await keyring.signer(utc_now())
    return access_token(key, "skillsync", account_id, uuid4(), ["job_seeker"], now)


async def an_organization(system: System, recruiter: Person, name: str = "Example Works") -> Organization:
    request = talenthub.CreateOrganizationRequest(organization=Organization(display_name=name))
    stub = TalentHubServiceStub(system.direct("talenthub"))
    return await stub.CreateOrganization(request, metadata=recruiter.metadata)


async def a_position(system: System, recruiter: Person, publish: bool = True, **changes: Any) -> Position:
    fields = {"title": "Senior Python Developer", "description": DESCRIPTION} | changes
    stub = TalentHubServiceStub(system.direct("talenthub"))
    request = talenthub.CreatePositionRequest(position=Position(**fields))
    position = await stub.CreatePosition(request, metadata=recruiter.metadata)
    if not publish:
        return position
    return await stub.PublishPosition(
        talenthub.PublishPositionRequest(position_id=position.id), metadata=recruiter.metadata
    )


async def an_upload(system: System, person: Person, data: bytes | str = RESUME, **fields: str) -> ResumeAnalysis:
    """Sends a file in pieces, as clients do; returns the analysis that it began."""
    raw = data.encode() if isinstance(data, str) else data
    first = careerforge.AnalyzeResumeRequest(**({"filename": "resume.txt"} | fields))
    pieces = [raw[i : i + 65_536] for i in range(0, len(raw), 65_536)] or [b""]

    async def requests() -> Any:
        for number, piece in enumerate(pieces):
            message = careerforge.AnalyzeResumeRequest()
            message.CopyFrom(first) if number == 0 else None
            message.file.data = piece
            yield message

    stub = CareerForgeServiceStub(system.direct("careerforge"))
    return await stub.AnalyzeResume(requests(), metadata=person.metadata)


async def an_analysis(system: System, person: Person, data: bytes | str = RESUME) -> ResumeAnalysis:
    """Uploads and waits for the end."""
    begun = await an_upload(system, person, data)
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    request = careerforge.WatchResumeAnalysisRequest(analysis_id=begun.id)
    last = begun
    # Many at once, on a busy machine, take minutes.
    async with asyncio.timeout(300):
        async for event in stub.WatchResumeAnalysis(request, metadata=person.metadata):
            if event.HasField("analysis"):
                last = event.analysis
    return last


def a_pdf(text: str = RESUME) -> bytes:
    """A PDF with this text, one line below the other."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    y = 800
    for line in text.splitlines():
        canvas.drawString(50, y, line)
        y -= 14
    canvas.save()
    return target.getvalue()

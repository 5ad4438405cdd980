"""What tests of networking ask for again and again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID, uuid4

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import Introduction, Networking
from skillsync.careerforge.v1.profile_pb2 import Profile

from services.careerforge import introducing
from services.kit.db import EVERYONE, Database, WriteSession, utc_now
from services.kit.settings import Settings
from tests.builders import Person, a_token_holder
from tests.careerforge.profiled import Own
from tests.harness import System

PROPOSED, ACCEPTED, DECLINED, EXPIRED = (
    Introduction.STATE_PROPOSED,
    Introduction.STATE_ACCEPTED,
    Introduction.STATE_DECLINED,
    Introduction.STATE_EXPIRED,
)
SKILL = ("test:lacemaking", "lacemaking")


class Member(Own):
    """Somebody who may take part."""

    def __init__(self, system: System, person: Person, name: str) -> None:
        super().__init__(system, person)
        self.name = name

    async def opt(self, enabled: bool = True) -> None:
        await self._ask("SetNetworking", pb.SetNetworkingRequest(enabled=enabled))

    async def networking(self) -> Networking:
        return await self._ask("GetNetworking", pb.GetNetworkingRequest())

    async def introductions(self, **fields: object) -> list[Introduction]:
        return list((await self.listed(**fields)).introductions)

    async def listed(self, **fields: object) -> pb.ListIntroductionsResponse:
        return await self._ask("ListIntroductions", pb.ListIntroductionsRequest(**fields))  # type: ignore[arg-type]

    async def answer(self, introduction_id: str, **fields: object) -> Introduction:
        request = pb.AnswerIntroductionRequest(introduction_id=introduction_id, **fields)  # type: ignore[arg-type]
        return await self._ask("AnswerIntroduction", request)

    async def only(self) -> Introduction:
        (found,) = await self.introductions()
        return found

    async def knows(self, skill: tuple[str, str] = SKILL) -> None:
        await self.system.database.execute(
            "insert into careerforge.profile_skills (id, user_id, skill_id, label) values ($1, $2, $3, $4)",
            uuid4(), UUID(self.person.id), *skill,
        )  # fmt: skip

    async def worked(self, employer: str, start: date, end: date | None = None) -> None:
        await work(self.system, UUID(self.person.id), employer, start, end)


async def work(system: System, user_id: UUID, employer: str, start: date, end: date | None = None) -> None:
    await system.database.execute(
        "insert into careerforge.experiences (id, user_id, title, employer, start_month, end_month, current)"
        " values ($1, $2, 'Maker', $3, $4, $5, $6)",
        uuid4(), user_id, employer, start, end, end is None,
    )  # fmt: skip


async def a_member(system: System, skilled: bool = True, enabled: bool = True) -> Member:
    """With a name that nobody else has."""
    name = f"Name{uuid4().hex}"
    member = Member(system, await a_token_holder(system), name)
    await member.change(Profile(display_name=name), "display_name")
    if skilled:
        await member.knows()
    if enabled:
        await member.opt()
    return member


async def a_crowd(system: System, count: int, skill: tuple[str, str] = SKILL) -> list[UUID]:
    """People with the skill who take no part."""
    people = [uuid4() for _ in range(count)]
    await system.database.executemany(
        "insert into careerforge.user_careerforge (id, base_user_id, display_name) values ($1, $1, 'x')",
        [(one,) for one in people],
    )
    await system.database.executemany(
        "insert into careerforge.profile_skills (id, user_id, skill_id, label) values ($1, $2, $3, $4)",
        [(uuid4(), one, *skill) for one in people],
    )
    return people


async def propose(system: System) -> int:
    """What a worker does every few minutes."""
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db:
        return await introducing.introduce_due(db)


async def propose_to(system: System, member: Member) -> int:
    """For one person alone."""
    async with as_platform(system) as session:
        return await introducing.introduce(session, UUID(member.person.id), utc_now())


@asynccontextmanager
async def as_platform(system: System) -> AsyncIterator[WriteSession]:
    """A transaction of the service itself."""
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db, db.write() as session:
        yield session


async def a_pair(system: System) -> tuple[Member, Member, str, str]:
    """Two who were proposed to each other, and the id of each one's view."""
    await a_crowd(system, 3)
    one, other = await a_member(system), await a_member(system)
    assert await propose(system) == 1
    return one, other, (await one.only()).id, (await other.only()).id

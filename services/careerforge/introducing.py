"""Who is proposed to whom: every few minutes, best first, a few for each, and only what the rules of both allow."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text, update

from services.careerforge import networking_grounds as grounds
from services.careerforge import networking_queries as queries
from services.careerforge.tables import Introduction, IntroductionView, NetworkingSetting, UserCareerForge
from services.kit.db import Database, ReadSession, WriteSession, utc_now, uuid7

EVERY_SECONDS = 600.0
MOST_PEOPLE = 200
# For one person: open at a time, and new ones in 30 days, so that nobody fishes by opting out and in.
MOST_OPEN, MOST_NEW = 5, 10
MONTH = timedelta(days=30)
# Any number, the same in every process.
LOCK = text("select pg_advisory_xact_lock(hashtextextended('careerforge.introducing', 2711))")


async def introduce_due(db: Database) -> int:
    """For those who wait longest; each in a transaction of its own. Returns how many were introduced. `db` is the platform's."""
    async with db.read() as session:
        due = await queries.list_due(session, MOST_PEOPLE)
    made = 0
    for user_id in due:
        async with db.write() as session:
            made += await introduce(session, user_id, utc_now())
    return made


async def introduce(session: WriteSession, user_id: UUID, now: datetime) -> int:
    """Proposes the best people to one, as far as there is room. One process does so at a time."""
    await session.execute(LOCK)
    looked = update(NetworkingSetting).where(NetworkingSetting.user_id == user_id)
    made = 0
    for other_id, ground in await candidates(session, user_id, now):
        if not await _has_room(session, user_id, now):
            break
        made += await propose(session, user_id, other_id, ground, now)
    await session.execute(looked.values(look_time=now).execution_options(synchronize_session=False))
    return made


async def may_meet(session: ReadSession, one: UUID, other: UUID) -> bool:
    """Both take part and are not hidden, neither has blocked the other or where the other works."""
    people = await queries.taking_part(session, (one, other))
    if len(people) < 2 or await queries.is_blocked(session, one, other):
        return False
    return not (await _works_for_blocked(session, people[one], other)) and not (
        await _works_for_blocked(session, people[other], one)
    )


async def _works_for_blocked(session: ReadSession, person: UserCareerForge, other: UUID) -> bool:
    blocked = (person.preferences or {}).get("blockedEmployers", [])
    return bool(blocked) and grounds.is_blocked(blocked, await queries.current_employers(session, other))


async def candidates(session: WriteSession, user_id: UUID, now: datetime) -> list[tuple[UUID, grounds.Ground]]:
    """Best first, each with what may be told of what both share."""
    if user_id not in await queries.taking_part(session, (user_id,)) or not await _has_room(session, user_id, now):
        return []
    people = await queries.count_shown(session)
    shared = await queries.shared_skills(session, user_id, grounds.LEAST_SHARED, grounds.most_shared(people))
    found = grounds.of_skills(shared, people)
    for other, more in (await _colleagues(session, user_id, people)).items():
        found.setdefault(other, []).extend(more)
    allowed = (await queries.taking_part(session, found)).keys() - await queries.known_to(session, user_id)
    return grounds.best_first({other: found[other] for other in allowed})


async def _colleagues(session: ReadSession, user_id: UUID, people: int) -> Mapping[UUID, list[grounds.Ground]]:
    own = [one for row in await queries.experiences_of(session, user_id) if (one := grounds.stretch_of(row))]
    beginnings = {beginning for one in own if (beginning := grounds.beginning(one.name))}
    rows = await queries.experiences_at(session, beginnings)
    return grounds.of_employers(own, [one for row in rows if (one := grounds.stretch_of(row))], people)


async def _has_room(session: ReadSession, user_id: UUID, now: datetime) -> bool:
    if await queries.count_open(session, user_id, now) >= MOST_OPEN:
        return False
    return await queries.count_since(session, user_id, now - MONTH) < MOST_NEW


async def propose(session: WriteSession, one: UUID, other: UUID, ground: grounds.Ground, now: datetime) -> bool:
    """Whether it could be: asks again what was asked before, now that nobody can leave meanwhile."""
    settings = await queries.lock_people(session, one, other)
    if len(settings) < 2 or not all(setting.enabled for setting in settings.values()):
        return False
    if not await may_meet(session, one, other) or not await _has_room(session, other, now):
        return False
    first, second = sorted((one, other))
    expire = now + MONTH
    pair = Introduction(id=uuid7(), first_id=first, second_id=second, create_time=now, expire_time=expire)
    session.add(pair)
    await session.flush()
    for user_id, words in ((one, ground.words), (other, ground.other_words)):
        view = IntroductionView(user_id=user_id, introduction_id=pair.id, common_ground=words[:300])
        view.create_time, view.expire_time = now, expire
        session.add(view)
    await session.flush()
    return True

"""How well applicants meet requirements, as members see it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, uuid7
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import dossier_queries, moves
from services.talenthub.tables import Rating


async def rate_application(
    session: WriteSession, caller: Caller, application_id: UUID, requirement_id: str, grade: int, comment: str
) -> Rating:
    """Replaces the caller's own rating of the requirement; so repeating it changes nothing. For who manages applications, and for
    interviewers of those that they talk with.
    """
    placed = await moves.get_read(session, caller, application_id)
    if placed.role != queries.INTERVIEWER:
        membership.require(placed.role, membership.MANAGE_APPLICATIONS)
    given = {"grade": grade, "comment": comment}
    key = {"application_id": application_id, "author_id": caller.account(), "requirement_id": requirement_id}
    statement = insert(Rating).values(id=uuid7(), **key, **given)
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=given | {"update_time": func.now()})
    return (await session.execute(statement.returning(Rating))).scalar_one()


async def list_ratings(session: ReadSession, caller: Caller, application_id: UUID, page: Page) -> Sequence[Rating]:
    """Oldest first, with those of applications merged into this one."""
    await moves.get_read(session, caller, application_id)
    return await dossier_queries.list_ratings(session, await queries.with_merged(session, application_id), page)

"""Steps of applications as they are taken: under a lock, with who and why, told to watchers and written into the log of decisions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.kit import changes, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import DomainError, InvalidArgument, NotFound, PermissionDenied, WrongState
from services.kit.masks import check_etag
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import decisions, dossier_queries, tables
from services.talenthub.application_queries import Placed
from services.talenthub.stages import ACTIVE, Actor, Side, Step, used_stages
from services.talenthub.tables import Application, StageMove

KIND = "application"
# What the log of decisions calls a step by where it leads; all others are `moved`.
DECISIONS = {"REJECTED": "rejected", "OFFER": "offered", "HIRED": "hired"}


@dataclass(frozen=True, slots=True)
class Move:
    """What a member asks for. `reason` is for the organization, `message` for the candidate. An empty `etag` skips the check."""

    application_id: UUID
    stage: str
    reason: str = ""
    message: str = ""
    etag: str = ""
    request_id: UUID | None = None


async def move_application(session: WriteSession, caller: Caller, move: Move, now: datetime) -> Application:
    """Raises NotFound, EtagMismatch, WrongState, InvalidArgument. The same `request_id` again: the application as it is now."""
    placed = await get_managed(session, caller, move.application_id)
    if not await _made(session, [move]):
        await take_step(session, placed, _step(placed, caller, move), now, move.message, move.request_id)
    return placed.application


async def move_applications(
    session: WriteSession, caller: Caller, moves: Sequence[Move], request_id: UUID | None, now: datetime
) -> list[Application]:
    """All or none. Errors are those of `move_application`, with `index` naming the first move that cannot be made."""
    _require_different(moves)
    moves = [replace(move, request_id=move.request_id or request_id) for move in moves]
    found = await queries.lock_placed(session, caller.account(), [move.application_id for move in moves])
    made = await _made(session, moves)
    for index, move in enumerate(moves):
        with _at(index):
            placed = managed(found, caller, move.application_id)
            if (move.application_id, move.request_id) not in made:
                await take_step(session, placed, _step(placed, caller, move), now, move.message, move.request_id)
    return [found[move.application_id].application for move in moves]


async def withdraw_application(
    session: WriteSession, caller: Caller, application_id: UUID, reason: str, request_id: UUID | None, now: datetime
) -> Application:
    """By who applied. A merged one can be withdrawn too: whether two are one person, a member may have got wrong."""
    placed = await queries.lock_own(session, caller.account(), application_id)
    row = placed.application
    if not (request_id and await queries.moves_made(session, [row.id], [request_id])):
        step = Step(row.stage, "WITHDRAWN", Actor(caller.account(), Side.CANDIDATE), reason)
        await take_step(session, placed, step, now, row.candidate_message, request_id)
    return row


async def list_moves(session: ReadSession, caller: Caller, application_id: UUID, page: Page) -> Sequence[StageMove]:
    await get_read(session, caller, application_id)
    return await queries.list_moves(session, application_id, page)


async def get_read(session: ReadSession, caller: Caller, application_id: UUID) -> Placed:
    """For members who read. What colleagues say of an application is not for who sent it, be it a colleague."""
    placed = await queries.get_placed(session, caller.account(), application_id)
    _require_other(placed.application, caller)
    return placed


async def get_managed(session: WriteSession, caller: Caller, application_id: UUID) -> Placed:
    """For members who change something; locked. Nobody decides about themselves."""
    return managed(await queries.lock_placed(session, caller.account(), [application_id]), caller, application_id)


def require_active(application: Application) -> None:
    """Raises WrongState when it has ended or was merged into another."""
    require_unmerged(application)
    if application.stage not in ACTIVE:
        raise WrongState("application", application.stage, "an active stage")


def require_unmerged(application: Application) -> None:
    if application.merged_into_id:
        raise WrongState("application", "MERGED", "an application that was not merged into another")


async def take_step(
    session: WriteSession, placed: Placed, step: Step, now: datetime, message: str, request_id: UUID | None = None
) -> None:
    """The one place where a stage changes. The application is locked."""
    row = placed.application
    await _settle_offer(session, step, row.id, now)
    row.stage, row.stage_time, row.candidate_message = step.to_stage, now, message
    session.add(move_of(row, step.from_stage, step.actor.account_id, step.reason, now, request_id))
    await session.flush()
    await changes.record(session, tables.changes, KIND, row.id, row.position_id)
    kind = DECISIONS.get(step.to_stage, "moved")
    await decisions.record_decision(
        session, placed.organization_id, kind, row.id, step.actor.account_id, step.reason, now
    )


def move_of(
    row: Application, from_stage: str, actor_id: UUID, reason: str, now: datetime, request_id: UUID | None
) -> StageMove:
    return StageMove(
        application_id=row.id,
        position_id=row.position_id,
        from_stage=from_stage,
        to_stage=row.stage,
        actor_id=actor_id,
        reason=reason,
        request_id=request_id,
        create_time=now,
    )


async def _settle_offer(session: WriteSession, step: Step, application_id: UUID, now: datetime) -> None:
    """An offer that is open when an application goes elsewhere is over; whether it is taken, nobody answers for the candidate."""
    offer = await dossier_queries.find_open_offer(session, application_id, now) if step.from_stage == "OFFER" else None
    if offer is None:
        return
    if step.actor.side is Side.CANDIDATE:
        offer.leave_open("DECLINED", now)
    elif step.to_stage == "HIRED":
        raise WrongState("offer", "OPEN", "one that the candidate has answered, or that was withdrawn")
    else:
        offer.leave_open("WITHDRAWN", now)


def _step(placed: Placed, caller: Caller, move: Move) -> Step:
    row = placed.application
    require_unmerged(row)
    check_etag("application", move.etag, row.version)
    actor = Actor(caller.account(), Side.MEMBER)
    return Step(row.stage, move.stage, actor, move.reason, used_stages(placed.stages))


def managed(found: Mapping[UUID, Placed], caller: Caller, application_id: UUID) -> Placed:
    """One of those locked, as `get_managed`."""
    placed = found.get(application_id)
    if placed is None:
        raise NotFound("application", str(application_id))
    membership.require(placed.role, membership.MANAGE_APPLICATIONS)
    _require_other(placed.application, caller)
    return placed


def _require_other(row: Application, caller: Caller) -> None:
    if row.candidate_id == caller.account():
        raise PermissionDenied("an application of somebody else")


async def _made(session: ReadSession, moves: Sequence[Move]) -> set[tuple[UUID, UUID]]:
    requests = {move.request_id for move in moves if move.request_id}
    return await queries.moves_made(session, [move.application_id for move in moves], requests) if requests else set()


def _require_different(moves: Sequence[Move]) -> None:
    twice = {id for id, count in Counter(move.application_id for move in moves).items() if count > 1}
    for index, move in enumerate(moves):
        if move.application_id in twice:
            raise InvalidArgument(f"moves[{index}].application_id", "is named more than once; move each once")


@contextmanager
def _at(index: int) -> Iterator[None]:
    """Says which of several moves is refused."""
    try:
        yield
    except DomainError as error:
        error.message = f"moves[{index}]: {error.message}"
        error.metadata["index"] = str(index)
        if isinstance(error, InvalidArgument):
            error.violations = [(f"moves[{index}].{field}", why) for field, why in error.violations]
            error.metadata["field"] = error.violations[0][0]
        raise

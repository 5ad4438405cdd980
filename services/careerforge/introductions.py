"""What people answer to a proposal. Until both agreed neither hears anything of the other, and never of more than that both did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.careerforge import introducing
from services.careerforge import networking_queries as queries
from services.careerforge.tables import Introduction, IntroductionView, NetworkingBlock, NetworkingReport
from services.kit.auth import Caller
from services.kit.db import WriteSession, insert_missing, uuid7
from services.kit.errors import InvalidArgument, NotFound, WrongState


@dataclass(frozen=True, slots=True)
class Reply:
    accept: bool
    block: bool
    report: str
    request_id: UUID | None


def state_of(view: IntroductionView, now: datetime) -> str:
    """As the person may know it."""
    if view.state == "BLOCKED":
        return "DECLINED"
    return "EXPIRED" if view.state == "PROPOSED" and view.expire_time <= now else view.state


async def answer(session: WriteSession, caller: Caller, view_id: UUID, reply: Reply, now: datetime) -> IntroductionView:
    """As the platform: what is between two people neither of them sees. The same `request_id` again does nothing."""
    if reply.accept and reply.block:
        raise InvalidArgument("block", "cannot be together with `accept`; send one of them")
    view = await queries.get_own_view(session, caller.account(), view_id)
    pair = await queries.lock_pair(session, view.introduction_id)
    # The other may have ended it while this one waited.
    view = await queries.get_own_view(session, caller.account(), view_id, for_update=True)
    assert pair
    if reply.request_id and reply.request_id == view.request_id:
        return view
    if view.state == "BLOCKED":
        raise NotFound("introduction", str(view_id))
    await _reply(session, pair, view, reply, now)
    view.request_id = reply.request_id
    await session.flush()
    return view


async def _reply(
    session: WriteSession, pair: Introduction, view: IntroductionView, reply: Reply, now: datetime
) -> None:
    state = state_of(view, now)
    open_ = state == "PROPOSED" and not view.agreed
    if not (open_ or reply.block or reply.report):
        raise WrongState("introduction", "AGREED" if view.agreed and state == "PROPOSED" else state, "PROPOSED")
    if reply.report:
        _report(session, pair, view, reply.report)
    if reply.block:
        await _block(session, pair, view)
    elif open_ and reply.accept:
        await _agree(session, pair, view)
    elif open_:
        view.state, pair.closed = "DECLINED", True


async def _agree(session: WriteSession, pair: Introduction, view: IntroductionView) -> None:
    """Where the other has ended it, or must not be met any more, it looks as if they had not answered."""
    view.agreed = True
    both = pair.agree(view.user_id)
    if pair.closed or not both:
        return
    if not await introducing.may_meet(session, *pair.people):
        pair.closed = True
        return
    for one in await queries.views_of(session, pair.id):
        one.state, one.other_id = "ACCEPTED", pair.other(one.user_id)


async def _block(session: WriteSession, pair: Introduction, view: IntroductionView) -> None:
    """What both agreed to is gone from both; what is open stays with the other, as if nobody had answered."""
    other_id, accepted = pair.other(view.user_id), view.state == "ACCEPTED"
    await insert_missing(session, NetworkingBlock, id=uuid7(), user_id=view.user_id, blocked_id=other_id)
    pair.closed, view.state, view.other_id = True, "BLOCKED", None
    for one in await queries.views_of(session, pair.id):
        if accepted and one.user_id == other_id:
            await session.delete(one)


def _report(session: WriteSession, pair: Introduction, view: IntroductionView, report: str) -> None:
    session.add(NetworkingReport(user_id=view.user_id, reported_id=pair.other(view.user_id), text=report))

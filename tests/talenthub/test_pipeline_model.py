"""Every way through the pipeline against a plain model of it: any steps, by anybody, in any order, on a real database with row security."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from services.kit.auth import Caller
from services.kit.db import EVERYONE, Database, WriteSession
from services.kit.errors import (
    DomainError,
    EtagMismatch,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    WrongState,
)
from services.kit.pages import Page
from services.talenthub import application_queries, applications, dossier_queries, merging, moves, offers
from services.talenthub.moves import Move
from services.talenthub.snapshots import Snapshot
from services.talenthub.tables import Application, Decision, Member, Organization, Position, StageMove
from tests.talenthub.loading import Hiring

ACTIVE = ("APPLIED", "SCREENING", "INTERVIEW", "OFFER")
STAGES = (*ACTIVE, "HIRED", "REJECTED", "WITHDRAWN")
ROLES = ("ADMIN", "RECRUITER", "HIRING_MANAGER", "INTERVIEWER", "VIEWER")
MANAGE = ("ADMIN", "RECRUITER", "HIRING_MANAGER")
REASONS = ("", " ", "because of this")
# More of both where there is time: PIPELINE_EXAMPLES=200.
EXAMPLES = int(os.environ.get("PIPELINE_EXAMPLES", "12"))
STEPS = 30

Refusal = type[DomainError] | None


@dataclass
class Offered:
    id: UUID
    state: str
    expire_time: datetime


@dataclass
class Applied:
    """An application as the model has it."""

    id: UUID
    position: int
    candidate: UUID
    stage: str = "APPLIED"
    version: int = 1
    merged_into: "Applied | None" = None
    merge_time: datetime | None = None
    steps: list[tuple[str, UUID, str]] = field(default_factory=list)
    offers: list[Offered] = field(default_factory=list)

    def open_offer(self, now: datetime) -> Offered | None:
        return next((o for o in self.offers if o.state == "OPEN" and now < o.expire_time), None)


class Pipeline(RuleBasedStateMachine):
    """Positions 0 and 1 are of organization 0, position 2 is of organization 1."""

    runner: asyncio.Runner
    db: Database

    @initialize(left_out=st.lists(st.sampled_from(("SCREENING", "INTERVIEW", "OFFER")), max_size=2, unique=True))
    def begin(self, left_out: list[str]) -> None:
        self.now = datetime(2026, 6, 1, tzinfo=UTC)
        self.rows: list[Applied] = []
        self.log = 0
        used = [stage for stage in STAGES if stage not in left_out]
        self.used = (used if left_out else list(STAGES), list(STAGES))
        self.organizations = (uuid4(), uuid4())
        self.positions = (uuid4(), uuid4(), uuid4())
        self.members = {(o, role): uuid4() for o in (0, 1) for role in ROLES}
        self.run(EVERYONE, lambda session: self._fill(session, used if left_out else []))

    async def _fill(self, session: WriteSession, used: list[str]) -> None:
        for number, key in enumerate(self.organizations):
            names = [{"stage": stage, "display_name": ""} for stage in used] if number == 0 else []
            session.add(Organization(id=key, display_name="Example", stages=names))
        await session.flush()
        for number, key in enumerate(self.positions):
            organization = self.organizations[number // 2]
            session.add(Position(id=key, organization_id=organization, title="One", description="x", state="OPEN"))
        for (number, role), key in self.members.items():
            session.add(Member(organization_id=self.organizations[number], account_id=key, role=role))

    def run(self, tenant: UUID | str, call: Callable[[WriteSession], Awaitable[Any]]) -> Any:
        async def once() -> Any:
            async with self.db.write(tenant) as session:
                return await call(session)

        return self.runner.run(once())

    def ask(self, tenant: UUID | str, call: Callable[[WriteSession], Awaitable[Any]], expected: Refusal) -> Any:
        """What the call returns; None where it is refused, as it must be."""
        found: Any = None
        refusal: Refusal = None
        try:
            found = self.run(tenant, call)
        except DomainError as error:
            refusal = type(error)
        assert refusal is expected
        return found

    def row(self, number: int) -> Applied:
        return self.rows[number % len(self.rows)]

    def member_may(self, row: Applied, organization: int, role: str) -> Refusal:
        if row.position // 2 != organization:
            return NotFound
        return None if role in MANAGE else PermissionDenied

    def step_may(self, row: Applied, stage: str, reason: str) -> Refusal:
        """By a member who may."""
        used = self.used[row.position // 2]
        among = row.stage in (*ACTIVE, "REJECTED") and stage in ACTIVE and stage in used and stage != row.stage
        hires = stage == "HIRED" and (row.stage == "OFFER" or ("OFFER" not in used and row.stage in ACTIVE))
        if not (among or hires or (stage == "REJECTED" and row.stage in ACTIVE)):
            return WrongState
        if "REJECTED" in (row.stage, stage) and not reason.strip():
            return InvalidArgument
        return WrongState if hires and row.stage == "OFFER" and row.open_offer(self.now) else None

    def step(self, row: Applied, stage: str, actor: UUID, reason: str) -> None:
        offer = row.open_offer(self.now) if row.stage == "OFFER" else None
        if offer:
            offer.state = "DECLINED" if actor == row.candidate else "WITHDRAWN"
        row.stage, row.version = stage, row.version + 1
        row.steps.append((stage, actor, reason))
        self.log += 1

    @rule(position=st.integers(0, 2))
    def apply(self, position: int) -> None:
        candidate = uuid4()
        call = lambda session: applications.apply(  # noqa: E731
            session, Caller(candidate), self.positions[position], "", "direct", Snapshot(), "key", None, self.now
        )
        made = self.run(EVERYONE, call)
        self.rows.append(Applied(made.id, position, candidate, steps=[("APPLIED", candidate, "")]))

    @precondition(lambda self: self.rows)
    @rule(
        number=st.integers(0, 99),
        organization=st.integers(0, 1),
        role=st.sampled_from(ROLES),
        stage=st.sampled_from(STAGES),
        reason=st.sampled_from(REASONS),
        seen=st.sampled_from(("", "now", "before")),
    )
    def move(self, number: int, organization: int, role: str, stage: str, reason: str, seen: str) -> None:
        row, actor = self.row(number), self.members[organization, role]
        expected = self.member_may(row, organization, role)
        if not expected:
            stale = EtagMismatch if seen == "before" else None
            expected = (WrongState if row.merged_into else None) or stale or self.step_may(row, stage, reason)
        etag = {"": "", "now": f"v{row.version}", "before": f"v{row.version - 1}"}[seen]
        move = Move(row.id, stage, reason, etag=etag)
        self.ask(actor, lambda s: moves.move_application(s, Caller(actor), move, self.now), expected)
        if not expected:
            self.step(row, stage, actor, reason)

    @precondition(lambda self: len(self.rows) > 1)
    @rule(
        numbers=st.lists(st.integers(0, 99), min_size=1, max_size=4),
        role=st.sampled_from(MANAGE),
        stage=st.sampled_from(STAGES),
        reason=st.sampled_from(REASONS),
    )
    def move_several(self, numbers: list[int], role: str, stage: str, reason: str) -> None:
        rows = list({self.row(number).id: self.row(number) for number in numbers}.values())
        actor = self.members[0, role]

        def may(row: Applied) -> Refusal:
            expected = self.member_may(row, 0, role)
            return expected or (WrongState if row.merged_into else None) or self.step_may(row, stage, reason)

        expected = next((refusal for row in rows if (refusal := may(row))), None)
        asked = [Move(row.id, stage, reason) for row in rows]
        self.ask(actor, lambda s: moves.move_applications(s, Caller(actor), asked, None, self.now), expected)
        if not expected:
            for row in rows:
                self.step(row, stage, actor, reason)

    @precondition(lambda self: self.rows)
    @rule(number=st.integers(0, 99), other=st.integers(0, 99))
    def withdraw(self, number: int, other: int) -> None:
        row, who = self.row(number), self.row(other).candidate
        expected = NotFound if who != row.candidate else None if row.stage in ACTIVE else WrongState
        call = lambda s: moves.withdraw_application(s, Caller(who), row.id, "", None, self.now)  # noqa: E731
        self.ask(EVERYONE, call, expected)
        if not expected:
            self.step(row, "WITHDRAWN", who, "")

    @precondition(lambda self: self.rows)
    @rule(number=st.integers(0, 99), organization=st.integers(0, 1), role=st.sampled_from(ROLES))
    def offer(self, number: int, organization: int, role: str) -> None:
        row, actor = self.row(number), self.members[organization, role]
        expected = self.member_may(row, organization, role)
        if not expected and (row.merged_into or row.stage not in ACTIVE or row.open_offer(self.now)):
            expected = WrongState
        enters = row.stage != "OFFER"
        if not expected and enters and "OFFER" not in self.used[row.position // 2]:
            expected = WrongState
        expire_time = self.now + timedelta(days=7)
        made = self.ask(
            actor,
            lambda s: offers.create_offer(s, Caller(actor), row.id, "x", expire_time, None, self.now),
            expected,
        )
        if made and enters:
            self.step(row, "OFFER", actor, offers.MADE)
        elif made:
            self.log += 1
        if made:
            row.offers.append(Offered(made.id, "OPEN", expire_time))

    @precondition(lambda self: any(row.offers for row in self.rows))
    @rule(number=st.integers(0, 99), accept=st.booleans(), own=st.booleans())
    def answer(self, number: int, accept: bool, own: bool) -> None:
        rows = [row for row in self.rows if row.offers]
        row = rows[number % len(rows)]
        offer, who = row.offers[-1], row.candidate if own else uuid4()
        expected = NotFound if not own else None if offer is row.open_offer(self.now) else WrongState
        call = lambda s: offers.answer_offer(s, Caller(who), offer.id, accept, False, self.now)  # noqa: E731
        self.ask(EVERYONE, call, expected)
        if not expected:
            offer.state = "ACCEPTED" if accept else "DECLINED"
            if accept:
                self.step(row, "HIRED", who, offers.TAKEN)

    @precondition(lambda self: any(row.offers for row in self.rows))
    @rule(number=st.integers(0, 99), organization=st.integers(0, 1), role=st.sampled_from(ROLES))
    def take_back(self, number: int, organization: int, role: str) -> None:
        rows = [row for row in self.rows if row.offers]
        row, actor = rows[number % len(rows)], self.members[organization, role]
        offer = row.offers[-1]
        expected = self.member_may(row, organization, role)
        expected = expected or (None if offer is row.open_offer(self.now) else WrongState)
        call = lambda s: offers.withdraw_offer(s, Caller(actor), offer.id, False, self.now)  # noqa: E731
        self.ask(actor, call, expected)
        if not expected:
            offer.state = "WITHDRAWN"

    @precondition(lambda self: len(self.rows) > 1)
    @rule(number=st.integers(0, 99), other=st.integers(0, 99), role=st.sampled_from(ROLES))
    def merge(self, number: int, other: int, role: str) -> None:
        kept, merged, actor = self.row(number), self.row(other), self.members[0, role]
        expected: Refusal = InvalidArgument if kept is merged else None
        expected = expected or self.member_may(kept, 0, role) or self.member_may(merged, 0, role)
        whole = kept.position == merged.position and not kept.merged_into and not merged.merged_into
        if not expected and (not whole or merged.open_offer(self.now)):
            expected = WrongState
        self.ask(
            actor,
            lambda s: merging.merge_applications(s, Caller(actor), kept.id, merged.id, False, self.now),
            expected,
        )
        if not expected:
            merged.merged_into, merged.merge_time, merged.version = kept, self.now, merged.version + 1
            self.log += 1

    @precondition(lambda self: self.rows)
    @rule(number=st.integers(0, 99), role=st.sampled_from(ROLES))
    def unmerge(self, number: int, role: str) -> None:
        merged = [row for row in self.rows if row.merged_into] or self.rows
        row, actor = merged[number % len(merged)], self.members[0, role]
        expected = self.member_may(row, 0, role)
        in_time = row.merge_time is not None and self.now - row.merge_time <= timedelta(days=30)
        expected = expected or (None if row.merged_into and in_time else WrongState)
        call = lambda s: merging.unmerge_application(s, Caller(actor), row.id, False, self.now)  # noqa: E731
        self.ask(actor, call, expected)
        if not expected:
            row.merged_into, row.merge_time, row.version = None, None, row.version + 1
            self.log += 1

    @rule(days=st.sampled_from((1, 7, 20)))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def the_lists_are_those_of_the_model(self) -> None:
        page = Page("", "all", 500, None)
        for position, key in enumerate(self.positions):
            member = self.members[position // 2, "VIEWER"]
            call = lambda s, key=key: application_queries.list_applications(s, key, None, page)  # noqa: E731
            wanted = {r.id: (r.stage, r.version) for r in self.rows if r.position == position and not r.merged_into}
            assert {r.id: (r.stage, r.version) for r in self.run(member, call)} == wanted
            stranger = self.members[1 - position // 2, "ADMIN"]
            assert self.run(stranger, call) == []

    def teardown(self) -> None:
        if hasattr(self, "positions"):
            self.run(EVERYONE, self._compare)
            self.run(EVERYONE, self._remove)

    async def _compare(self, session: WriteSession) -> None:
        found = {row.id: row for row in (await session.execute(select(Application))).scalars()}
        steps = (await session.execute(select(StageMove).order_by(StageMove.create_time, StageMove.id))).scalars().all()
        for row in self.rows:
            mine = [step for step in steps if step.application_id == row.id]
            assert sorted((s.to_stage, s.actor_id, s.reason) for s in mine) == sorted(row.steps)
            assert found[row.id].merged_into_id == (row.merged_into.id if row.merged_into else None)
            states = await dossier_queries.list_offers(session, row.id, Page("", "all", 500, None))
            assert {o.id: o.state for o in states} == {o.id: o.state for o in row.offers}
        people = set(self.members.values())
        for step in steps:
            assert step.to_stage != "REJECTED" or (step.actor_id in people and step.reason.strip())
        log = (await session.execute(select(Decision.sequence).order_by(Decision.sequence))).scalars().all()
        assert len(log) == self.log

    async def _remove(self, session: WriteSession) -> None:
        for table in ("changes", "organizations"):
            await session.execute(text(f"delete from talenthub.{table}"))


def test_the_pipeline_does_what_its_model_does(hiring: Hiring) -> None:
    with asyncio.Runner() as runner:
        db = Database.open(hiring.url)
        machine = type("OnThisDatabase", (Pipeline,), {"runner": runner, "db": db})
        chosen = settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            derandomize="PIPELINE_EXAMPLES" not in os.environ,
        )
        try:
            run_state_machine_as_test(machine, settings=chosen)
        finally:
            runner.run(db.close())

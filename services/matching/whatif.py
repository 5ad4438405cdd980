"""What would bring a person to a rank of a position."""

import asyncio
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.ai import codec
from services.ai.matching import CandidateFeatures, PositionFeatures, RequirementKind, Weights, scaled
from services.ai.matching.scoring import DECIMALS
from services.ai.matching.whatif import Suggestion, what_if
from services.kit.auth import Caller
from services.kit.db import EVERYONE, Database, ReadSession
from services.kit.errors import NotFound
from services.matching import queries
from services.matching.retrieval.filters import fold
from services.matching.tables import Candidate, Position

DEFAULT_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """`rank` and `score` with the changes; without a set that reaches the rank, no changes, and how it is now. `exact` as of a plan."""

    changes: tuple[Suggestion, ...]
    rank: int
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Question:
    """`others`: who else is in the ranking, best first, as what they are ordered by. `barred`: nothing to be done lets the person in."""

    candidate_id: UUID
    told: CandidateFeatures
    asked: PositionFeatures
    weights: Weights | None
    others: Sequence[tuple[float, UUID]]
    barred: bool

    def target(self, rank: int) -> float:
        """The least score that is as good as this rank; any will do where fewer people are ranked."""
        if rank > len(self.others):
            return 0.0
        least, holder = self.others[rank - 1]
        # Equal scores are ordered by id.
        return -least if self.candidate_id < holder else round(-least + 10**-DECIMALS, DECIMALS)

    def rank(self, score: float) -> int:
        return bisect_left(self.others, (-score, self.candidate_id)) + 1


async def ask(
    db: Database, caller: Caller, position_id: UUID, target_rank: int, max_changes: int, as_of: date
) -> Outlook:
    """Raises NotFound for a position that is not open, and for who is no candidate."""
    async with db.read(EVERYONE) as session:
        question = await _question(session, caller.account(), position_id)
    changes = 0 if question.barred else max_changes or DEFAULT_CHANGES
    plan = await asyncio.to_thread(
        what_if, question.told, question.asked, as_of, question.weights, question.target(target_rank), changes
    )
    return Outlook(plan.changes, question.rank(plan.score), plan.score, plan.exact)


async def _question(session: ReadSession, candidate_id: UUID, position_id: UUID) -> Question:
    position = await queries.find_position(session, position_id)
    if position is None or position.state != "OPEN" or not position.features:
        raise NotFound("position", str(position_id))
    candidate = await queries.find_candidate(session, candidate_id)
    if candidate is None:
        raise NotFound("candidate", str(candidate_id))
    ranking = await queries.find_ranking(session, position_id)
    ranked = zip(ranking.scores, ranking.item_ids, strict=True) if ranking else ()
    others = sorted((-score, item_id) for score, item_id in ranked if item_id != candidate_id)
    weights: Mapping[str, float] | None = position.weights
    return Question(
        candidate_id,
        codec.from_json(CandidateFeatures, candidate.features),
        _with_barriers(codec.from_json(PositionFeatures, position.features), position, candidate),
        scaled(weights) if weights else None,
        others,
        _is_barred(position, candidate),
    )


def _is_barred(position: Position, candidate: Candidate) -> bool:
    """For good: they keep the employer from seeing them, or may not work in the country."""
    away = position.work_mode != "REMOTE" and position.country and candidate.permits
    return fold(position.organization_name) in candidate.blocked_employers or bool(
        away and position.country not in candidate.permits
    )


def _with_barriers(asked: PositionFeatures, position: Position, candidate: Candidate) -> PositionFeatures:
    """Where the person does not want to work, the place is as good as strict."""
    if position.work_mode == "REMOTE" or not candidate.countries or position.country in ("", *candidate.countries):
        return asked
    strict = (replace(r, strict=True) if r.kind is RequirementKind.PLACE else r for r in asked.requirements)
    return replace(asked, requirements=tuple(strict))

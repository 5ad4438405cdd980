"""Between messages and what skills would bring."""

from datetime import date
from uuid import UUID

from skillsync.matching.v1 import match_pb2
from skillsync.matching.v1 import matching_service_pb2 as pb

from services.ai.matching import Reason
from services.kit.enums import number
from services.matching import edit_wire, wire
from services.matching.skill_gains import Asked, Explanation, Gain, Gains


def asked(request: pb.ListSkillGainsRequest) -> Asked:
    position_id = UUID(request.position_id) if request.position_id else None
    return Asked(position_id, request.occupation_id, tuple(request.skill_ids), frozenset(request.excluded_skill_ids))


def gains(found: Gains, as_of: date) -> pb.ListSkillGainsResponse:
    return pb.ListSkillGainsResponse(
        gains=map(_gain, found.gains),
        candidate_skill_ids=found.had,
        basis=number(pb.SkillGainBasis, found.basis.value),
        position_count=found.position_count,
        as_of_date=as_of.isoformat(),
    )


def _gain(found: Gain) -> pb.SkillGain:
    promises = [
        pb.PositionGain(
            position_id=str(one.position_id or ""), score=one.score, named_score=one.named, shown_score=one.shown
        )
        for one in found.promises
    ]
    return pb.SkillGain(
        skill_id=found.skill_id,
        label=found.label,
        named_gain=found.named,
        shown_gain=found.shown,
        position_count=len(promises),
        positions=promises,
    )


def explanation(found: Explanation, as_of: date) -> pb.PositionExplanation:
    # Reasons of the position as a whole come behind those of its requirements.
    pairs = zip(found.asked.requirements, found.score.reasons, strict=False)
    return pb.PositionExplanation(
        position_id=str(found.position.id),
        title=found.position.title,
        description=found.position.description,
        requirements=[
            pb.ExplainedRequirement(requirement=edit_wire.requirement(one), reason=_reason(reason))
            for one, reason in pairs
        ],
        score=found.score.value,
        as_of_date=as_of.isoformat(),
    )


def _reason(found: Reason) -> match_pb2.Reason:
    return match_pb2.Reason(
        factor=found.factor,
        label=found.label,
        rule=found.rule,
        weight=found.weight,
        contribution=found.contribution,
        requirement=wire.span(found.requirement) if found.requirement else None,
        evidence=map(wire.span, found.evidence),
    )

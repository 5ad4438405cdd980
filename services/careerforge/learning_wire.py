"""Recommendations and learning paths as messages."""

from collections.abc import Sequence

from skillsync.careerforge.v1 import growth_pb2 as pb

from services.careerforge.learning import Path
from services.careerforge.recommendations import Recommendation
from services.careerforge.tables import LearningStep
from services.kit.enums import number
from services.kit.masks import etag
from services.kit.times import timestamp


def recommendations(found: Sequence[Recommendation]) -> list[pb.SkillRecommendation]:
    return [_recommendation(one) for one in found]


def _recommendation(found: Recommendation) -> pb.SkillRecommendation:
    gain = found.gain
    return pb.SkillRecommendation(
        skill_id=gain.skill_id,
        label=gain.label,
        score_gain=gain.named,
        shown_gain=gain.shown,
        position_count=len(gain.promises),
        effort_hours=found.effort_hours,
        positions=[
            pb.PositionPromise(
                position_id=one.position_id, score=one.score, named_score=one.named, shown_score=one.shown
            )
            for one in gain.promises
        ],
    )


def path(found: Path) -> pb.LearningPath:
    return pb.LearningPath(
        id=str(found.row.id),
        goal=found.row.goal,
        basis=number(pb.LearningPath.Basis, found.row.basis),
        steps=map(_step, found.steps),
        etag=etag(found.row.version),
        create_time=timestamp(found.row.create_time),
    )


def _step(row: LearningStep) -> pb.LearningStep:
    skill = pb.SkillRecommendation(
        skill_id=row.skill_id,
        label=row.label,
        score_gain=row.named_gain,
        shown_gain=row.shown_gain,
        position_count=row.position_count,
        effort_hours=row.effort_hours,
    )
    return pb.LearningStep(skill=skill, prerequisite_skill_ids=row.prerequisites, done=row.done)

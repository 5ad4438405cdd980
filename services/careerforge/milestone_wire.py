"""Between rows and messages of milestones."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from skillsync.careerforge.v1 import growth_pb2

from services.careerforge import showcase_wire
from services.careerforge.achievements import Progress
from services.careerforge.milestone_reviews import Review
from services.careerforge.tables import Milestone
from services.kit.enums import chosen, number
from services.kit.ids import optional_id
from services.kit.masks import etag
from services.kit.times import timestamp

FIELDS = frozenset(("milestone_type", "title", "description", "proof_url", "proof_document_id"))


def values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for the masked fields of a milestone."""
    found = dict(fields)
    if "milestone_type" in found:
        found["milestone_type"] = (chosen(growth_pb2.MilestoneType, found["milestone_type"]) or "").lower()
    if "proof_document_id" in found:
        found["proof_document_id"] = optional_id(found["proof_document_id"])
    return found


def new_values(message: growth_pb2.Milestone) -> dict[str, Any]:
    """Columns of a new milestone."""
    return values({name: getattr(message, name) for name in FIELDS})


def milestone(row: Milestone) -> growth_pb2.Milestone:
    return growth_pb2.Milestone(
        id=str(row.id),
        milestone_type=number(growth_pb2.MilestoneType, row.milestone_type),
        title=row.title,
        description=row.description,
        achievement_points=row.achievement_points,
        verified=row.verified,
        proof_url=row.proof_url,
        create_time=timestamp(row.create_time),
        proof_document_id=str(row.proof_document_id or ""),
        verification=number(growth_pb2.Milestone.Verification, row.verification),
        verification_message=row.verification_message,
        verify_time=timestamp(row.verify_time),
        badge=_badge(row.badge) if row.badge else None,
        etag=etag(row.version),
    )


def _badge(stored: Mapping[str, Any]) -> growth_pb2.VerifiedBadge:
    return growth_pb2.VerifiedBadge(
        name=stored["name"],
        issuer_name=stored["issuer_name"],
        issuer_id=stored["issuer_id"],
        badge_id=stored["badge_id"],
        issue_time=_time(stored["issue_time"]),
        expire_time=_time(stored["expire_time"]),
    )


def _time(stored: str | None) -> Any:
    return timestamp(datetime.fromisoformat(stored)) if stored else None


def review(found: Review) -> growth_pb2.MilestoneReview:
    row, file = found
    return growth_pb2.MilestoneReview(
        milestone_id=str(row.id),
        milestone_type=number(growth_pb2.MilestoneType, row.milestone_type),
        title=row.title,
        description=row.description,
        proof_url=row.proof_url,
        proof_document=showcase_wire.document(file) if file else None,
        send_time=timestamp(row.send_time),
        etag=etag(row.version),
    )


def progress(found: Progress) -> growth_pb2.AchievementProgress:
    message = growth_pb2.AchievementProgress(
        achievement_score=found.score,
        level=found.level,
        points_to_next_level=found.points_to_next_level,
        streak_months=found.streak_months,
        longest_streak_months=found.longest_streak_months,
        next_steps=found.next_steps,
    )
    for kind, (count, verified) in found.counts.items():
        message.counts.add(milestone_type=number(growth_pb2.MilestoneType, kind), count=count, verified_count=verified)
    return message

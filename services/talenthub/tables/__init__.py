"""The `talenthub` schema."""

from services.talenthub.tables.applications import Application, Interview, Note, Offer, Rating, StageMove
from services.talenthub.tables.base import Base, changes, jobs, metadata_
from services.talenthub.tables.fairness import BiasAudit, Decision, Dispute, SelfIdentification
from services.talenthub.tables.organizations import DomainCode, Invitation, Member, Organization, UserTalentHub
from services.talenthub.tables.positions import Position, PositionSkill, PositionTemplate, PositionVersion

__all__ = [
    "Application",
    "Base",
    "BiasAudit",
    "Decision",
    "Dispute",
    "DomainCode",
    "Interview",
    "Invitation",
    "Member",
    "Note",
    "Offer",
    "Organization",
    "Position",
    "PositionSkill",
    "PositionTemplate",
    "PositionVersion",
    "Rating",
    "SelfIdentification",
    "StageMove",
    "UserTalentHub",
    "changes",
    "jobs",
    "metadata_",
]

"""Between rows and messages of fair hiring."""

from skillsync.talenthub.v1.fairness_pb2 import BiasAudit as BiasAuditMessage
from skillsync.talenthub.v1.fairness_pb2 import Decision as DecisionMessage
from skillsync.talenthub.v1.fairness_pb2 import Dispute as DisputeMessage
from skillsync.talenthub.v1.fairness_pb2 import GroupImpact

from services.kit.enums import number
from services.kit.times import timestamp
from services.talenthub.tables import BiasAudit, Decision, Dispute


def bias_audit(row: BiasAudit, html: str = "") -> BiasAuditMessage:
    return BiasAuditMessage(
        id=str(row.id),
        create_time=timestamp(row.create_time),
        groups=[GroupImpact(**group) for group in row.groups],
        unknown_count=row.unknown_count,
        html=html,
    )


def decision(row: Decision) -> DecisionMessage:
    return DecisionMessage(
        sequence=row.sequence,
        kind=row.kind,
        subject_id=str(row.subject_id),
        actor_id=str(row.actor_id),
        reason=row.reason,
        time=timestamp(row.create_time),
        hash=row.hash,
    )


def dispute(row: Dispute) -> DisputeMessage:
    return DisputeMessage(
        id=str(row.id),
        application_id=str(row.application_id),
        text=row.text,
        answer=row.answer,
        state=number(DisputeMessage.State, row.state),
    )

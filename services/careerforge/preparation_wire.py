"""Preparations of interviews as messages."""

from skillsync.careerforge.v1 import growth_pb2 as pb

from services.ai import codec
from services.ai.interviews import Feedback, Outline, Question
from services.careerforge.parsed import span
from services.careerforge.preparations import Preparation
from services.careerforge.tables import InterviewQuestion
from services.kit.times import timestamp


def preparation(found: Preparation) -> pb.InterviewPreparation:
    return pb.InterviewPreparation(
        id=str(found.row.id),
        position_id=str(found.row.position_id),
        questions=map(_question, found.questions),
        language_code=found.row.language,
        create_time=timestamp(found.row.create_time),
    )


def _question(row: InterviewQuestion) -> pb.InterviewQuestion:
    question = codec.from_json(Question, row.question)
    return pb.InterviewQuestion(
        id=str(row.id),
        text=question.text,
        label=question.label,
        must=question.must,
        requirement=span(question.requirement) if question.requirement else None,
        rubric=[line.text for line in question.rubric],
        own_evidence=map(span, question.evidence),
        outline=_outline(question.outline) if question.outline else None,
        answer=row.answer,
        feedback=feedback(codec.from_json(Feedback, row.feedback)) if row.feedback else None,
    )


def _outline(found: Outline) -> pb.StarOutline:
    return pb.StarOutline(
        situation=map(span, found.situation),
        task=span(found.task) if found.task else None,
        action=map(span, found.action),
        result=span(found.result) if found.result else None,
    )


def feedback(found: Feedback) -> pb.AnswerFeedback:
    return pb.AnswerFeedback(met=found.met, missing=found.missing, score=found.score)

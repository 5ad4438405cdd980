"""Getting ready for an interview: questions on what a resume does not prove, outlines of own evidence, feedback on answers."""

from services.ai.interviews.feedback import feedback
from services.ai.interviews.proof import is_unproved
from services.ai.interviews.questions import language_for, questions
from services.ai.interviews.records import Asked, Feedback, Outline, Question, RubricLine

__all__ = [
    "Asked",
    "Feedback",
    "Outline",
    "Question",
    "RubricLine",
    "feedback",
    "is_unproved",
    "language_for",
    "questions",
]

"""Spans of what a person wrote: no places of the resume, and plain to see."""

from services.ai.resume.records import Value
from services.ai.spans import Span

NOWHERE = Span(0, 0, 0, "")


def written(text: str) -> Span:
    return Span(0, 0, 0, text)


def written_value(text: str) -> Value:
    return Value(text, written(text), 1.0)

"""Questions on what a resume does not prove, and what is said of answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.matching import RequirementKind
from services.ai.spans import Span

LANGUAGES = ("en", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement of a position as the engine judged it: `rule` and `evidence` are those of its reason, `span` is in the position."""

    kind: RequirementKind
    label: str
    must: bool
    rule: str
    span: Span | None = None
    evidence: tuple[Span, ...] = ()
    skill_id: str = ""
    name: str = ""
    level: str = ""
    years: float = 0.0


@dataclass(frozen=True, slots=True)
class Outline:
    """A person's own words, in the order of a good answer; what the resume does not tell is empty."""

    situation: tuple[Span, ...]
    task: Span | None
    action: tuple[Span, ...]
    result: Span | None


@dataclass(frozen=True, slots=True)
class RubricLine:
    """One line of a rubric. `key`: `names`, `situation`, `action`, `result`, `gap`."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """`terms`: what an answer that is about it names, folded; `places`: of the person's roles, likewise."""

    text: str
    label: str
    must: bool
    requirement: Span | None
    rubric: tuple[RubricLine, ...]
    evidence: tuple[Span, ...]
    outline: Outline | None
    terms: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Texts of the rubric's lines. `score`: 0 to 100."""

    met: tuple[str, ...]
    missing: tuple[str, ...]
    score: int


Answer = Sequence[str]
"""Sentences that count."""

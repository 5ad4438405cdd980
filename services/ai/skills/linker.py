"""Finds the ontology's skills in a text: whole names, longest first, safe with symbols (C++, C#, .NET, Node.js, CI/CD, R, Go)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ai.skills.candidates import Candidate, Finder
from services.ai.skills.context import Context
from services.ai.skills.employers import is_employer
from services.ai.skills.names import How
from services.ai.skills.negation import is_denied
from services.ai.skills.ontology import Ontology
from services.ai.spans import Span


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill named in a text; `implied`: not named, but what the span says takes it."""

    skill_id: str
    label: str
    span: Span
    implied: bool = False
    confidence: float = 1.0


class SkillLinker:
    """Links texts to an ontology; opens in a millisecond, takes a few a resume. May be used by several threads."""

    def __init__(self, ontology: Ontology) -> None:
        self.version = ontology.version
        self._skills = ontology.skills
        self._finder = Finder(ontology)

    def link(self, text: str, exclude: Sequence[Span] = ()) -> tuple[Mention, ...]:
        """Every skill that is named and claimed, in order of the text, none within another, none in an excluded span."""
        return tuple(self._mentions(text, exclude))

    def _mentions(self, text: str, exclude: Sequence[Span]) -> Iterator[Mention]:
        candidates = self._finder.find(text)
        context = Context(text, candidates)
        for candidate in candidates:
            span = Span(candidate.start, candidate.end, 0, text[candidate.start : candidate.end])
            confidence = context.confidence(candidate)
            if confidence and _is_claimed(text, candidate, context) and not any(e.overlaps(span) for e in exclude):
                skill = self._skills.at(candidate.skill)
                yield Mention(skill.id, skill.label, span, False, confidence)


def _is_claimed(text: str, candidate: Candidate, context: Context) -> bool:
    if (
        candidate.how & How.EMPLOYER
        and not context.is_among_skills(candidate)
        and is_employer(text, candidate.start, candidate.end)
    ):
        return False
    return not is_denied(text, candidate.start, candidate.end)

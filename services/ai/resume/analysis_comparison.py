"""A resume beside one position: what is asked for, what is met and where, by the code that ranks candidates."""

from dataclasses import dataclass

from services.ai.embedding import Encoder, Vector
from services.ai.matching import (
    PositionFeatures,
    Reason,
    Requirement,
    RequirementKind,
    engine_version,
    find_requirements,
    score,
)
from services.ai.resume.facts import features
from services.ai.resume.records import ParsedResume
from services.ai.skills import SkillLinker
from services.ai.spans import Span

# A share of a requirement from which it counts as met in full.
MET = 0.999


@dataclass(frozen=True, slots=True)
class Answer:
    """One requirement and how far the resume meets it, 0 to 1. `requirement` is a span of the position, `evidence` are of the resume."""

    kind: RequirementKind
    label: str
    must: bool
    fulfilment: float
    requirement: Span
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`score` is 0 to 1: what ranking gives for this resume and this text."""

    score: float
    answers: tuple[Answer, ...]
    position_text: str
    engine_version: str

    @property
    def met(self) -> int:
        return sum(answer.fulfilment >= MET for answer in self.answers)


def compare(
    resume: ParsedResume, vector: Vector, position_text: str, linker: SkillLinker, encoder: Encoder
) -> Comparison:
    """`vector` is the resume's. The same inputs and versions give the same comparison."""
    requirements = find_requirements(position_text, linker)
    position = PositionFeatures(requirements, encoder.encode(position_text))
    found = score(features(resume, vector), position, resume.as_of)
    # The scorer gives a reason for each requirement, in their order, and then those for the whole.
    answers = tuple(_answer(r, one) for r, one in zip(requirements, found.reasons, strict=False) if r.span)
    version = engine_version(linker.version, encoder.version)
    return Comparison(found.value, answers, position_text, version)


def _answer(requirement: Requirement, reason: Reason) -> Answer:
    fulfilment = round(reason.contribution / reason.weight, 3) if reason.weight else 0.0
    assert requirement.span is not None
    return Answer(requirement.kind, reason.label, requirement.must, fulfilment, requirement.span, reason.evidence)

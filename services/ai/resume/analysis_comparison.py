"""A resume beside one position: what is asked for, what is met and where, by the code that ranks candidates."""

from dataclasses import dataclass

from services.ai.credentials import EducationLevel
from services.ai.embedding import Encoder, Vector
from services.ai.matching import (
    ENGINE_VERSION,
    CandidateFeatures,
    LanguageFact,
    PositionFeatures,
    Reason,
    Requirement,
    RequirementKind,
    SkillFact,
    find_requirements,
    score,
)
from services.ai.resume.records import ParsedResume, SkillEvidence
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
    found = score(features(resume, vector), position)
    # The scorer gives a reason for each requirement, in their order, and one more for the whole text.
    answers = tuple(map(_answer, requirements, found.reasons))
    version = f"{ENGINE_VERSION}/{linker.version}/{encoder.version}"
    return Comparison(found.value, answers, position_text, version)


def features(resume: ParsedResume, vector: Vector) -> CandidateFeatures:
    """What the scorer may see of a resume: nothing that tells who it is."""
    named = (entry for entry in resume.educations if entry.degree)
    best = max(named, key=lambda entry: entry.level, default=None)
    skills = tuple(
        SkillFact(s.skill_id, s.label, s.evidence is SkillEvidence.USED_IN_ROLE, s.years, s.last_used, s.spans)
        for s in resume.skills
    )
    return CandidateFeatures(
        skills=skills,
        years_of_experience=resume.years_of_experience,
        roles=tuple(role.title.span for role in resume.experiences if role.title),
        education_level=best.level if best else EducationLevel.UNKNOWN,
        education=best.degree.span if best and best.degree else None,
        languages=tuple(LanguageFact(entry.name.text.lower(), entry.name.span) for entry in resume.languages),
        vector=vector,
    )


def _answer(requirement: Requirement, reason: Reason) -> Answer:
    fulfilment = round(reason.contribution / reason.weight, 3) if reason.weight else 0.0
    return Answer(requirement.kind, reason.label, requirement.must, fulfilment, requirement.span, reason.evidence)

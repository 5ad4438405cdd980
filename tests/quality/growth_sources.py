"""People and positions as the engine sees them, for tables about growth: those that letters are written for, without models."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.ai.interviews import Asked
from services.ai.matching import CandidateFeatures, PositionFeatures, score
from services.ai.resume import ParsedResume
from services.ai.resume.facts import features
from services.ai.skills import Ontology, SkillLinker
from tests.quality.letters_sources import AS_OF, cases


@dataclass(frozen=True, slots=True)
class Pair:
    """`asked`: the position's requirements, each as the engine judges it."""

    resume: ParsedResume
    candidate: CandidateFeatures
    position: PositionFeatures
    text: str
    asked: tuple[Asked, ...]


def pairs(data: Path, number: int, linker: SkillLinker, ontology: Ontology) -> Iterator[Pair]:
    """The same in every run. Titles and passages have no vectors, and count for nothing."""
    for case in cases(data, number, linker, ontology):
        resume, vacancy = case.sources.resume, case.sources.vacancy
        candidate, position = features(resume, ()), PositionFeatures(tuple(vacancy.requirements), (), vacancy.title)
        reasons = score(candidate, position, AS_OF).reasons
        asked = tuple(
            Asked(r.kind, r.label, r.must, why.rule, r.span, why.evidence, r.skill_id, r.name, r.level, r.years)
            for r, why in zip(position.requirements, reasons, strict=False)
        )
        yield Pair(resume, candidate, position, f"{vacancy.title}\n{vacancy.text}", asked)

"""A person and positions, judged by the engine."""

from dataclasses import replace
from functools import cache

from services.ai.interviews import Asked, Question, questions
from services.ai.matching import PositionFeatures, find_requirements, score
from services.ai.resume import ParsedResume
from services.ai.resume.facts import features
from services.ai.skills import SkillLinker, load
from tests.ai.letters.examples import sources
from tests.quality.letters_sources import AS_OF

POSITION = """You must have:
- 5 years of experience with Python
- Kubernetes and PostgreSQL
- fluent French
- a PhD in physics
- AWS certification
Nice to have:
- Apache Kafka"""


@cache
def linker() -> SkillLinker:
    return SkillLinker(load())


@cache
def resume(language: str = "en") -> ParsedResume:
    return sources(language).resume


def judged(text: str = POSITION, title: str = "Data Engineer", language: str = "en") -> list[Asked]:
    """What a position asks for, and how the person of the examples meets it."""
    asked = tuple(find_requirements(text, linker(), title))
    reasons = score(features(resume(language), ()), PositionFeatures(asked, (), title), AS_OF).reasons
    return [
        Asked(r.kind, r.label, r.must, why.rule, r.span, why.evidence, r.skill_id, r.name, r.level, r.years)
        for r, why in zip(asked, reasons, strict=False)
    ]


def asked_of(label: str, text: str = POSITION) -> Question:
    """The question about this."""
    return next(q for q in questions(judged(text), resume(), "en", load()) if label.casefold() in q.label.casefold())


def proved(asked: Asked) -> Asked:
    return replace(asked, rule="exact")

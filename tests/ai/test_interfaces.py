"""What the AI core's packages promise each other and the services: shapes that cannot change unseen, and protocols that are kept."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

import services.ai
from services.ai.embedding import Encoder, MiniLM, SentenceTransformerEncoder
from services.ai.letters import DefaultWriter, Writer
from services.ai.skills import ConceptRanker, Ranker

PACKAGES = [module.name for module in pkgutil.iter_modules(services.ai.__path__) if module.ispkg]

# Services store these as JSON and read them again years later: a changed name is a migration.
FIELDS = {
    "Region": "page box span",
    "Gap": "start end months before after",
    "Overlap": "start end months first second",
    "Bullet": "span impact quantities issues",
    "ClamAV": "address seconds",
    "Concealed": "text reason page box",
    "Document": "text lines page_count page_sizes concealed recognised columns links",
    "Line": "start end page box edges size bold italic heading bullet block confidence",
    "Span": "start end page text",
    "YearMonth": "year month",
    "Skill": "id label aliases technology",
    "Ontology": "version notice skills",
    "Concept": "id label essential",
    "Mention": "skill_id label span implied confidence",
    "Value": "text span confidence",
    "Contact": "name emails phones links location",
    "Experience": "title employer start end current bullets skill_ids span location",
    "Education": "institution degree level span field start end",
    "SkillUse": "skill_id label evidence spans years last_used confidence",
    "Language": "name level",
    "ParsedResume": "contact summary experiences educations skills languages certifications sections years_of_experience as_of projects"
    " publications awards listed_skills",
    "Analysis": "strength parts checks suggestions career_stage career_stage_why industry_focus gaps overlaps bullets missing_sections",
    "Part": "name points max_points why",
    "Check": "name passed detail regions",
    "Suggestion": "text max_gain topic part spans",
    "Interval": "start end",
    "SkillFact": "skill_id label proof months spans assessed",
    "Item": "id text answer wrong why a b c code language seconds",
    "Bank": "skill_id label topics pass_ability items version",
    "Answer": "item_id correct",
    "Estimate": "ability standard_error",
    "Step": "estimate passed item",
    "RoleFact": "title months span vector",
    "LanguageFact": "name level span",
    "LicenceFact": "name span",
    "DegreeFact": "level name spans",
    "Passage": "span vector",
    "Place": "city region country",
    "Pay": "minimum maximum currency",
    "Wishes": "pay places modes available interests permits seniority",
    "CandidateFeatures": "skills roles education_level education languages vector licences seniority passages wishes degrees",
    "Kin": "skill_id relation",
    "Requirement": "id kind label must span skill_id years level name place pay strict origin kin work manner",
    "PositionFeatures": "requirements vector title title_vector passages",
    "Reason": "factor label rule weight contribution requirement evidence",
    "Score": "value reasons",
    "Occupation": "id label aliases",
    "Meant": "id label confidence",
    "Deleted": "text objections",
    "Objection": "fault words",
    "OneText": "text resume pieces",
    "Piece": "start end origin",
    "Options": "tone length language",
    "Prompt": "system user",
    "Sentence": "text paragraph resume_spans position_spans",
    "Sources": "resume resume_text vacancy name wishes",
    "Vacancy": "title employer text requirements place",
    "Goal": "occupation_id label titles skill_ids",
    "PathStep": "skill_id prerequisites",
    "Worth": "gain hours",
    "Asked": "kind label must rule span evidence skill_id name level years",
    "Outline": "situation task action result",
    "RubricLine": "key text",
    "Question": "text label must requirement rubric evidence outline terms places",
    "Feedback": "met missing score",
}

IMPLEMENTATIONS: dict[type, tuple[type, ...]] = {
    Encoder: (MiniLM, SentenceTransformerEncoder),
    Ranker: (ConceptRanker,),
    Writer: (DefaultWriter,),
}


def exported() -> Iterator[Any]:
    for name in PACKAGES:
        package = importlib.import_module(f"services.ai.{name}")
        yield from (getattr(package, public) for public in package.__all__)


def with_parts(shape: Any) -> Iterator[Any]:
    """A dataclass and those that its fields hold."""
    if is_dataclass(shape):
        yield shape
        for hint in get_type_hints(shape).values():
            yield from with_parts(hint)
    for inner in get_args(shape):
        yield from with_parts(inner)


SHAPES = {shape.__name__: shape for public in exported() for shape in with_parts(public)}


def test_fields_are_those_that_others_rely_on() -> None:
    assert {name: " ".join(f.name for f in fields(shape)) for name, shape in SHAPES.items()} == FIELDS


@pytest.mark.parametrize("name", FIELDS)
def test_nobody_changes_what_another_holds(name: str) -> None:
    shape = SHAPES[name]
    assert shape.__dataclass_params__.frozen
    assert shape.__slots__ == tuple(f.name for f in fields(shape)), "nothing can be added either"


def test_every_protocol_has_an_implementation_that_keeps_it() -> None:
    protocols = {public for public in exported() if getattr(public, "_is_protocol", False)}
    assert protocols == set(IMPLEMENTATIONS)
    for protocol, kinds in IMPLEMENTATIONS.items():
        for kind in kinds:
            _keeps(kind, protocol)


def _keeps(kind: type, protocol: type) -> None:
    """mypy says the same of every place that passes one; this says it of the types themselves, annotations included."""
    assert all(isinstance(getattr(kind, name, None), hint) for name, hint in get_type_hints(protocol).items())
    methods: dict[str, Callable[..., Any]] = {
        name: value for name, value in vars(protocol).items() if inspect.isfunction(value) and name[0] != "_"
    }
    assert methods
    for name, method in methods.items():
        found = getattr(kind, name, None)
        assert found, f"{kind.__name__} has no {name}"
        assert inspect.signature(found) == inspect.signature(method), name

"""What a requirement that a recruiter writes must be, by its kind."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from services.ai.credentials import EducationLevel, find_languages
from services.ai.languages import english_name
from services.ai.matching import Requirement, RequirementKind, Seniority, WorkMode
from services.ai.matching.edits import subject
from services.ai.matching.verdicts import LANGUAGE_LEVELS
from services.ai.skills import Ontology
from services.kit.errors import InvalidArgument

# Of one position. More is no description of work.
MOST = 200
MOST_YEARS = 60

Checked = tuple[Requirement, str]
"""The requirement in the form in which it is compared, and its name for people."""
_Rule = Callable[[Requirement, Ontology], Checked]


def checked(written: Requirement, ontology: Ontology) -> Requirement:
    """With a label, if none was written. Raises InvalidArgument naming the first field that cannot be, and the remedy."""
    fields, rule = RULES[written.kind]
    for field, value in _said(written):
        if value and field not in fields:
            raise _wrong(field, f"means nothing for {written.kind.value}; leave it out")
    found, name = rule(written, ontology)
    return replace(found, label=" ".join(written.label.split()) or name)


def require_new(written: Requirement, others: Collection[Requirement]) -> None:
    """Raises InvalidArgument when the position asks for it already, or for too much."""
    for other in others:
        if subject(other) == subject(written):
            field = next((field for field, value in _said(written) if value), "kind")
            raise _wrong(field, f"is asked for already, by the requirement {other.id}; change that one")
    if len(others) >= MOST:
        raise InvalidArgument("requirement", f"a position has at most {MOST} requirements; remove one first")


def _said(written: Requirement) -> Iterator[tuple[str, object]]:
    """By the names of the contract."""
    yield "skill_id", written.skill_id
    yield "years", written.years
    yield "level", written.level
    yield "name", written.name
    yield "location", written.place
    yield "pay", written.pay


def _wrong(field: str, why: str) -> InvalidArgument:
    return InvalidArgument(f"requirement.{field}", why)


def _skill(written: Requirement, ontology: Ontology) -> Checked:
    if not written.skill_id:
        raise _wrong("skill_id", "is required; take the id of a skill, as requirements and resumes show them")
    return written, _known(written, ontology)


def _known(written: Requirement, ontology: Ontology) -> str:
    if written.skill_id not in ontology.skills:
        raise _wrong("skill_id", "is no skill we know; take an id as requirements and resumes show them")
    return ontology.skills[written.skill_id].label


def _years(written: Requirement, ontology: Ontology) -> Checked:
    if not 0 < written.years <= MOST_YEARS:
        raise _wrong("years", f"must be greater than 0 and at most {MOST_YEARS}")
    what = f"with {_known(written, ontology)}" if written.skill_id else "of experience"
    return written, f"{written.years:g} years {what}"


def _degree(written: Requirement, _: Ontology) -> Checked:
    level, name = _level(written, [one.name for one in EducationLevel if one]), " ".join(written.name.split())
    return replace(written, level=level, name=name), f"{level.lower()} degree" + (f" in {name}" if name else "")


def _level(written: Requirement, possible: Collection[str]) -> str:
    if written.level.upper() not in possible:
        raise _wrong("level", f"must be one of {', '.join(possible)}")
    return written.level.upper()


def _language(written: Requirement, _: Ontology) -> Checked:
    name = english_name(written.name)
    if not any((one.start, one.end) == (0, len(name)) for one in find_languages(name, 0, len(name))):
        raise _wrong("name", "is no language we know; write its name in English, e.g. `german`")
    level = _level(written, LANGUAGE_LEVELS) if written.level else ""
    return replace(written, name=name, level=level), f"{name.title()} {level}".strip()


def _licence(written: Requirement, _: Ontology) -> Checked:
    name = " ".join(written.name.split())
    if not any(character.isalnum() for character in name):
        raise _wrong("name", "is required; write what the licence or certificate is called")
    return replace(written, name=name.casefold()), name


def _seniority(written: Requirement, _: Ontology) -> Checked:
    found = replace(written, level=_level(written, [one.name for one in Seniority if one]))
    return found, f"{found.level.lower()} level"


def _place(written: Requirement, _: Ontology) -> Checked:
    place = written.place
    said = [part for part in (place.city, place.region, place.country) if part.strip()] if place else []
    if not said:
        raise _wrong("location", "is required; name at least a country")
    return written, ", ".join(said)


def _work_mode(written: Requirement, _: Ontology) -> Checked:
    found = replace(written, level=_level(written, [one.name for one in WorkMode]))
    return found, found.level.lower()


def _pay(written: Requirement, _: Ontology) -> Checked:
    if written.pay is None:
        raise _wrong("pay", "is required; give at least one of its ends")
    return written, "pay"


RULES: Mapping[RequirementKind, tuple[frozenset[str], _Rule]] = {
    RequirementKind.SKILL: (frozenset({"skill_id"}), _skill),
    RequirementKind.YEARS: (frozenset({"years", "skill_id"}), _years),
    RequirementKind.DEGREE: (frozenset({"level", "name"}), _degree),
    RequirementKind.LANGUAGE: (frozenset({"name", "level"}), _language),
    RequirementKind.LICENCE: (frozenset({"name"}), _licence),
    RequirementKind.SENIORITY: (frozenset({"level"}), _seniority),
    RequirementKind.PLACE: (frozenset({"location"}), _place),
    RequirementKind.WORK_MODE: (frozenset({"level"}), _work_mode),
    RequirementKind.PAY: (frozenset({"pay"}), _pay),
}
"""The fields that a kind has, and its rule."""

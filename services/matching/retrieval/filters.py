"""What leaves people out of a position's ranking, and positions out of a person's, as conditions of SQL with bound parameters."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Text, Uuid, and_, any_, func, literal, literal_column, or_, true
from sqlalchemy.dialects.postgresql import ARRAY

from services.ai.credentials import EducationLevel
from services.ai.matching.features import Relation, Requirement, RequirementKind, Wishes, WorkMode
from services.matching.retrieval.views import candidates, positions
from services.matching.tables import Position

REMOTE = WorkMode.REMOTE.value

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """Whom a position can have. What is empty or 0 leaves nobody out, and who has not said what they want wants anything.

    `skills`: of each group at least one. `country`: where one must want to work; `permit`: where one may; both ISO 3166-1 alpha-2.
    `available`: the day by which one can begin. `employers`: names of who hires, as `fold` makes them: nobody who blocks one.
    """

    skills: tuple[frozenset[str], ...] = ()
    years: float = 0.0
    education: EducationLevel = EducationLevel.UNKNOWN
    languages: frozenset[str] = frozenset()
    country: str = ""
    permit: str = ""
    mode: str = ""
    available: date | None = None
    employers: frozenset[str] = frozenset()
    excluded: frozenset[UUID] = frozenset()

    def condition(self) -> Condition:
        """Of rows of `views.candidates`."""
        return and_(true(), *self._parts())

    def _parts(self) -> Iterator[Condition]:
        row = candidates.c
        for group in sorted(self.skills, key=sorted):
            yield row.skill_ids.bool_op("&&")(_texts(group))
        if self.years > 0:
            yield row.years >= self.years
        if self.education:
            yield row.education_level >= int(self.education)
        if self.languages:
            yield row.languages.bool_op("@>")(_texts(self.languages))
        for column, value in ((row.countries, self.country), (row.permits, self.permit), (row.modes, self.mode)):
            if value:
                yield _empty_or_with(column, value)
        if self.available:
            yield or_(row.available.is_(None), row.available <= self.available)
        if self.employers:
            yield ~row.blocked_employers.bool_op("&&")(_texts(self.employers))
        if self.excluded:
            yield ~_among(row.id, self.excluded)


@dataclass(frozen=True, slots=True)
class PositionFilter:
    """Which positions a person can have: open ones, and of those what their wishes leave. What is empty leaves nothing out, and positions
    that do not say where or how one works are there.

    `countries` and `permits` are not asked of remote work. `blocked`: names of employers, as `fold` makes them. `skills`, `country`, `mode`
    as somebody asks for them in a search.
    """

    countries: frozenset[str] = frozenset()
    permits: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    skills: tuple[frozenset[str], ...] = ()
    country: str = ""
    mode: str = ""
    excluded: frozenset[UUID] = frozenset()

    def condition(self) -> Condition:
        """Of rows of `views.positions`."""
        return and_(positions.c.state == "OPEN", *self._parts())

    def _parts(self) -> Iterator[Condition]:
        row = positions.c
        for countries in (self.countries, self.permits):
            if countries:
                yield or_(row.work_mode == REMOTE, _among(row.country, {"", *countries}))
        if self.modes:
            yield _among(row.work_mode, {"", *self.modes})
        for group in sorted(self.skills, key=sorted):
            yield row.skill_ids.bool_op("&&")(_texts(group))
        for column, value in ((row.country, self.country), (row.work_mode, self.mode)):
            if value:
                yield column == value
        if self.blocked:
            yield ~_among(folded(row.organization_name), self.blocked)
        if self.excluded:
            yield ~_among(row.id, self.excluded)


def filter_of(
    requirements: Iterable[Requirement],
    position: Position,
    *,
    available: date | None = None,
    excluded: Collection[UUID] = (),
) -> CandidateFilter:
    """What a position asks of everybody: its strict requirements, that nobody sees an employer whom they block them from, and, unless
    one works from anywhere, that one wants to work where it is.

    Years in a skill are asked for as the skill and as years of work, which who has them has too: the scorer must look again. Licences,
    seniority and pay have no column and are left to it altogether, and a language's level is.
    """
    strict = [r for r in requirements if r.strict]
    of_kind = {kind: [r for r in strict if r.kind is kind] for kind in RequirementKind}
    there = position.work_mode in (WorkMode.ONSITE.value, WorkMode.HYBRID.value)
    places = {r.place.country for r in of_kind[RequirementKind.PLACE] if r.place and r.place.country}
    return CandidateFilter(
        skills=tuple(_group(r) for r in strict if r.skill_id),
        years=max((r.years for r in of_kind[RequirementKind.YEARS]), default=0.0),
        education=max(
            (EducationLevel[r.level] for r in of_kind[RequirementKind.DEGREE] if r.level),
            default=EducationLevel.UNKNOWN,
        ),
        languages=frozenset(r.name for r in of_kind[RequirementKind.LANGUAGE]),
        country=position.country if there else "",
        permit=position.country or min(places, default="") if of_kind[RequirementKind.PLACE] else "",
        mode=position.work_mode if of_kind[RequirementKind.WORK_MODE] else "",
        available=available,
        employers=frozenset({fold(position.organization_name)}) - {""},
        excluded=frozenset(excluded),
    )


def filter_of_wishes(
    wishes: Wishes, blocked_employers: Collection[str] = (), excluded: Collection[UUID] = ()
) -> PositionFilter:
    """What a person asks of every position. Pay is left to the scorer. `blocked_employers` as `fold` makes them."""
    return PositionFilter(
        countries=frozenset(place.country for place in wishes.places if place.country),
        permits=frozenset(wishes.permits),
        modes=frozenset(mode.value for mode in wishes.modes),
        blocked=frozenset(blocked_employers),
        excluded=frozenset(excluded),
    )


def fold(name: str) -> str:
    """A name as names are compared: without case and without spare blanks. PostgreSQL's `lower` makes the same of it."""
    plain = unicodedata.normalize("NFKC", name)
    return " ".join("".join(character.lower()[0] for character in plain).split())


def folded(name: Any) -> ColumnElement[str]:
    """What `fold` does, in PostgreSQL."""
    plain = func.lower(func.normalize(name, _keyword("NFKC")))
    return func.trim(func.regexp_replace(plain, r"\s+", " ", "g"))


def _keyword(word: str) -> ColumnElement[Any]:
    return literal_column(word)


def _group(requirement: Requirement) -> frozenset[str]:
    """Ids that count as having the skill."""
    narrower = (kin.skill_id for kin in requirement.kin if kin.relation is Relation.NARROWER)
    return frozenset((requirement.skill_id, *narrower))


def _texts(values: Collection[str]) -> ColumnElement[Sequence[str]]:
    return literal(sorted(values), ARRAY(Text))


def _empty_or_with(column: Column[Any], value: str) -> Condition:
    return or_(column == literal([], ARRAY(Text)), column.bool_op("@>")(_texts([value])))


def _among(value: Any, values: Collection[Any]) -> Condition:
    listed: Any = sorted(values)
    kind: Any = Uuid if isinstance(listed[0], UUID) else Text
    found: Condition = value == any_(literal(listed, ARRAY(kind)))
    return found

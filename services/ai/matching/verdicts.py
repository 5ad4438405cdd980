"""How far a person meets one requirement: credit from 0 to 1, the rule, what was found in words, and where it stands."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

from services.ai.credentials import EducationLevel
from services.ai.matching.compact import likeness
from services.ai.matching.features import (
    CandidateFeatures,
    DegreeFact,
    Pay,
    Place,
    Requirement,
    RequirementKind,
    RoleFact,
    Seniority,
    WorkMode,
)
from services.ai.matching.fields_of_study import Fields, Nearness, fields_in, nearness
from services.ai.matching.requirements.licences import known_licences
from services.ai.months import Interval, union_years
from services.ai.spans import Span
from services.ai.titles.fit import fit_of


class Verdict(NamedTuple):
    """`credit` is 0 to 1; `finding` is for people."""

    credit: float
    rule: str
    finding: str
    evidence: tuple[Span, ...] = ()


Judge = Callable[[CandidateFeatures, Requirement, date], Verdict]

LANGUAGE_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "NATIVE")
# Speaks it, but nobody said how well.
UNSTATED_LEVEL = 0.7
ONE_BELOW = 0.5
# A degree of the level asked for, by how near its subject is to those that will do; and when a subject is not told.
OTHER_SUBJECT, UNTOLD_SUBJECT = 0.2, 0.5
SUBJECTS = {Nearness.RELATED: 0.7, Nearness.DISTANT: 0.5, Nearness.OTHER: OTHER_SUBJECT}
# `computer science or a related field`.
RELATED_WILL_DO = re.compile(r"\b(?:related|similar|relevant|other)\b", re.IGNORECASE)
SAME_COUNTRY, SAME_REGION = 0.5, 0.8
# From this likeness of titles on a role is the kind of work that years are asked of.
SAME_WORK = 0.3


def years(candidate: CandidateFeatures, requirement: Requirement, as_of: date) -> Verdict:
    """Of work like the position's, or of work with one skill or a narrower one."""
    if requirement.skill_id:
        return _years_with(candidate, requirement, as_of)
    dated = [role for role in candidate.roles if role.months and _is_like(role, requirement)]
    months, spans = [role.months for role in dated if role.months], tuple(role.span for role in dated)
    return _proportion(requirement.years, months, spans, as_of, "dated roles of this kind")


def _is_like(role: RoleFact, requirement: Requirement) -> bool:
    """Whether it is the work that years are asked of; where nothing tells, it is."""
    if not role.vector or not requirement.work:
        return True
    return fit_of(likeness(role.vector, requirement.work)) >= SAME_WORK


def _years_with(candidate: CandidateFeatures, requirement: Requirement, as_of: date) -> Verdict:
    counts = {requirement.skill_id, *(kin.skill_id for kin in requirement.kin if kin.relation.value == "NARROWER")}
    facts = [fact for fact in candidate.skills if fact.skill_id in counts and fact.months]
    months = [part for fact in facts for part in fact.months]
    return _proportion(
        requirement.years, months, tuple(s for f in facts for s in f.spans), as_of, "dated roles that show it"
    )


def _proportion(need: float, months: list[Interval], evidence: tuple[Span, ...], as_of: date, where: str) -> Verdict:
    have = union_years(months, as_of)
    if not have and need:
        return Verdict(0.0, "missing", f"no {where}")
    credit = min(1.0, have / need) if need else 1.0
    return Verdict(credit, "reached" if credit == 1 else "proportional", f"{have:.1f} years in {where}", evidence)


def degree(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    """By the degree that comes nearest in level and subject; all that come as near are cited."""
    asked = fields_in(requirement.name)
    found = [_degree(fact, requirement, asked) for fact in _degrees(candidate)]
    best = max(found, key=lambda verdict: verdict.credit, default=Verdict(0.0, "missing", "none found"))
    ties = [verdict.evidence for verdict in found if verdict.credit == best.credit]
    return best._replace(evidence=tuple(dict.fromkeys(chain(*ties)))) if best.credit else best


def _degrees(candidate: CandidateFeatures) -> Iterator[DegreeFact]:
    """A level that none of the degrees has is one of which no more is known."""
    yield from candidate.degrees
    if candidate.education and candidate.education_level > max((one.level for one in candidate.degrees), default=0):
        yield DegreeFact(candidate.education_level, "", (candidate.education,))


def _degree(fact: DegreeFact, requirement: Requirement, asked: Fields) -> Verdict:
    missing = EducationLevel[requirement.level] - fact.level
    level = 1.0 if missing <= 0 else ONE_BELOW if missing == 1 else 0.0
    rule = "reached" if missing <= 0 else "one_below" if missing == 1 else "below"
    name = f"{fact.level.name.lower()}, {fact.name}" if fact.name else fact.level.name.lower()
    if not level or not requirement.name:
        return Verdict(level, rule, name, fact.spans if level else ())
    subject, otherwise, said = _subject(fact, requirement, asked)
    # A lower degree in something else shows nothing of what is asked for.
    credit = 0.0 if subject == OTHER_SUBJECT and missing > 0 else level * subject
    if otherwise and missing <= 0:
        rule = otherwise
    return Verdict(credit, rule, f"{name}{said}", fact.spans if credit else ())


def _subject(fact: DegreeFact, requirement: Requirement, asked: Fields) -> tuple[float, str, str]:
    """Credit, a rule where it is not the subject itself, and what to say of it."""
    studied = fields_in(fact.name)
    if not asked and _words(requirement.name) <= _words(fact.name):
        return 1.0, "", ""
    if not asked or not studied:
        return UNTOLD_SUBJECT, "untold_subject", "; whether in what is asked for is not told"
    near = nearness(asked, studied)
    if near is Nearness.SAME or (near is Nearness.RELATED and RELATED_WILL_DO.search(requirement.name)):
        return 1.0, "", ""
    credit = SUBJECTS[near]
    rule = "related_subject" if near else "other_subject"
    return credit, rule, "; a related subject" if near else "; another subject"


def language(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    facts = [fact for fact in candidate.languages if fact.name == requirement.name]
    verdicts = [_language_level(fact.level, requirement.level, fact.span) for fact in facts]
    return max(verdicts, key=lambda v: v.credit, default=Verdict(0.0, "missing", "not found"))


def _language_level(have: str, need: str, span: Span) -> Verdict:
    if not need:
        return Verdict(1.0, "stated", have or "named", (span,))
    if not have:
        return Verdict(UNSTATED_LEVEL, "unstated_level", "named without a level", (span,))
    had, asked = LANGUAGE_LEVELS.index(have) + 1, LANGUAGE_LEVELS.index(need) + 1
    if had >= asked:
        return Verdict(1.0, "reached", have, (span,))
    return Verdict(UNSTATED_LEVEL * had / asked, "below", f"{have}, {need} is asked for", (span,))


def licence(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    asked = _words(requirement.name)
    for fact in candidate.licences:
        if asked and (asked <= _words(fact.name) or requirement.name in known_licences(fact.name)):
            return Verdict(1.0, "held", fact.name, (fact.span,))
    return Verdict(0.0, "missing", "not found")


def _words(name: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def seniority(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    have = candidate.seniority
    # Everybody is past the first level, whatever they did.
    evidence = tuple(role.span for role in candidate.roles) if requirement.level != Seniority.ENTRY.name else ()
    if not have:
        return Verdict(0.0, "missing", "not known")
    missing = Seniority[requirement.level] - have
    credit = 1.0 if missing <= 0 else ONE_BELOW if missing == 1 else 0.0
    rule = "reached" if missing <= 0 else "one_below" if missing == 1 else "below"
    return Verdict(credit, rule, have.name.lower(), evidence if credit else ())


def place(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    wanted = candidate.wishes.places
    if not wanted or requirement.place is None:
        return Verdict(1.0, "any", "no place is wanted or ruled out")
    offered = requirement.place
    credit, there = max(((_nearness(one, offered), one) for one in wanted), key=lambda found: found[0])
    return Verdict(credit, "wanted" if credit == 1 else "near" if credit else "elsewhere", _name(there))


def _nearness(wanted: Place, offered: Place) -> float:
    if wanted.country and offered.country and wanted.country != offered.country:
        return 0.0
    if not wanted.city and not wanted.region:
        return 1.0
    if wanted.city and wanted.city.casefold() == offered.city.casefold():
        return 1.0
    if wanted.region and wanted.region.casefold() == offered.region.casefold():
        return 1.0 if not wanted.city else SAME_REGION
    return SAME_COUNTRY if wanted.country and wanted.country == offered.country else 0.0


def _name(one: Place) -> str:
    return ", ".join(part for part in (one.city, one.region, one.country) if part)


def work_mode(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    wanted, offered = candidate.wishes.modes, WorkMode[requirement.level]
    if not wanted:
        return Verdict(1.0, "any", "no mode is wanted or ruled out")
    if offered in wanted:
        return Verdict(1.0, "wanted", offered.value.lower())
    near = WorkMode.HYBRID in (offered, *wanted)
    return Verdict(ONE_BELOW if near else 0.0, "near" if near else "other", "/".join(m.value.lower() for m in wanted))


def pay(candidate: CandidateFeatures, requirement: Requirement, _: date) -> Verdict:
    wanted, offered = candidate.wishes.pay, requirement.pay
    least, most = _least(wanted), _most(offered)
    if wanted is None or offered is None or least is None or most is None:
        return Verdict(1.0, "any", "no pay is wanted or offered")
    if wanted.currency != offered.currency:
        return Verdict(ONE_BELOW, "other_currency", f"{wanted.currency} wanted, {offered.currency} offered")
    if most >= least:
        return Verdict(1.0, "reached", f"{least / 100:,.0f} {wanted.currency} a year wanted")
    credit = max(0.0, 1 - 4 * (least - most) / least)
    return Verdict(
        credit, "below", f"{least / 100:,.0f} {wanted.currency} a year wanted, up to {most / 100:,.0f} offered"
    )


def _least(wanted: Pay | None) -> int | None:
    return None if wanted is None else wanted.minimum if wanted.minimum is not None else wanted.maximum


def _most(offered: Pay | None) -> int | None:
    return None if offered is None else offered.maximum if offered.maximum is not None else offered.minimum


JUDGES: Mapping[RequirementKind, Judge] = {
    RequirementKind.YEARS: years,
    RequirementKind.DEGREE: degree,
    RequirementKind.LANGUAGE: language,
    RequirementKind.LICENCE: licence,
    RequirementKind.SENIORITY: seniority,
    RequirementKind.PLACE: place,
    RequirementKind.WORK_MODE: work_mode,
    RequirementKind.PAY: pay,
}
"""Skills are judged together, in `coverage`."""

"""What a person could truthfully do to fit a position better: each change is something to do, never something to claim."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from math import ceil

from services.ai.credentials import EducationLevel
from services.ai.matching.coverage import FRESH_MONTHS, USED_YEARS
from services.ai.matching.features import (
    CandidateFeatures,
    DegreeFact,
    LanguageFact,
    LicenceFact,
    Pay,
    Place,
    PositionFeatures,
    Proof,
    Requirement,
    RequirementKind,
    RoleFact,
    SkillFact,
    WorkMode,
)
from services.ai.matching.verdicts import JUDGES, LANGUAGE_LEVELS
from services.ai.months import MONTHS, Interval, month_index, union_months, union_years
from services.ai.spans import Span

# A skill that is learnt, or only listed, is taken to be used so long in dated work.
PRACTICE_MONTHS = MONTHS
# What would take longer is no plan.
MOST_YEARS = 5
# Nobody becomes a native speaker. Where no level is asked for, this one serves at work.
HIGHEST_LANGUAGE, WORKING_LANGUAGE = "C2", "B2"
# Degrees that follow on what one has.
NEXT_DEGREE = {
    EducationLevel.UNKNOWN: EducationLevel.SECONDARY,
    EducationLevel.SECONDARY: EducationLevel.BACHELOR,
    EducationLevel.VOCATIONAL: EducationLevel.BACHELOR,
    EducationLevel.BACHELOR: EducationLevel.MASTER,
    EducationLevel.MASTER: EducationLevel.DOCTORATE,
}
# What is still to be done stands nowhere in the resume.
NOWHERE = Span(0, 0, 0, "")

Effect = Callable[[CandidateFeatures], CandidateFeatures]


@dataclass(frozen=True, slots=True)
class Change:
    """`effect` only adds to what a person shows or accepts, so that no change lowers a score.

    `kind`: `learn_skill`, `use_skill`, `gain_years`, `raise_language`, `obtain_licence`, `take_degree`, `change_preference`. `touches`: the
    kinds of requirements it can help with; `skill_id` narrows them to that skill and its kin. `roles`: it adds to the roles too.
    """

    kind: str
    skill_id: str
    label: str
    touches: tuple[RequirementKind, ...]
    effect: Effect
    roles: bool = False


def possible_changes(candidate: CandidateFeatures, position: PositionFeatures, as_of: date) -> Iterator[Change]:
    """Each once, in a fixed order. Some may bring nothing: what they bring is for the scorer to say."""
    asked: dict[RequirementKind, list[Requirement]] = {kind: [] for kind in RequirementKind}
    for requirement in position.requirements:
        asked[requirement.kind].append(requirement)
    yield from _skills(candidate, asked, as_of)
    yield from _years(candidate, asked[RequirementKind.YEARS], as_of)
    yield from _languages(candidate, asked[RequirementKind.LANGUAGE])
    yield from _licences(candidate, asked[RequirementKind.LICENCE], as_of)
    yield from _degree(candidate, asked[RequirementKind.DEGREE])
    yield from _preferences(candidate, asked, as_of)


def _skills(
    candidate: CandidateFeatures, asked: Mapping[RequirementKind, Sequence[Requirement]], as_of: date
) -> Iterator[Change]:
    """One for each skill that is asked for, and for each kin of it that is only listed."""
    facts = {fact.skill_id: fact for fact in candidate.skills}
    of_skills = [r for r in asked[RequirementKind.SKILL] if r.skill_id]
    in_skills = [r for r in asked[RequirementKind.YEARS] if r.skill_id]
    wanted = dict.fromkeys(r.skill_id for r in (*of_skills, *in_skills))
    labels = {r.skill_id: r.label for r in (*reversed(in_skills), *reversed(of_skills))}
    kin = dict.fromkeys(k.skill_id for r in (*of_skills, *in_skills) for k in r.kin)
    years = _years_in(in_skills)
    for skill_id in wanted:
        fact = facts.get(skill_id)
        if fact is None:
            yield learning(skill_id, labels[skill_id], as_of)
        elif fact.proof is Proof.USED and fact.months:
            yield from _more_of(fact, years.get(skill_id, 0.0), as_of)
        else:
            yield _skill("use_skill", f"use {fact.label} at work for a year", skill_id, as_of, fact)
    for skill_id in kin:
        if skill_id not in wanted and (fact := facts.get(skill_id)) and fact.proof is Proof.STATED:
            yield _skill("use_skill", f"use {fact.label} at work for a year", skill_id, as_of, fact)


def _years_in(requirements: Sequence[Requirement]) -> dict[str, float]:
    most: dict[str, float] = {}
    for requirement in requirements:
        most[requirement.skill_id] = max(requirement.years, most.get(requirement.skill_id, 0.0))
    return most


def learning(skill_id: str, label: str, as_of: date) -> Change:
    """Of a skill that the person does not have."""
    return _skill("learn_skill", f"learn {label} and use it for a year", skill_id, as_of, None)


def _skill(kind: str, label: str, skill_id: str, as_of: date, known: SkillFact | None) -> Change:
    """Practice of a year until the day of the score. A second fact beside one that is only implied: the work of before names it no more."""
    name = known.label if known else label
    spans, assessed = (known.spans, known.assessed) if known else ((), False)
    fact = SkillFact(skill_id, name, Proof.USED, (_lately(PRACTICE_MONTHS, as_of),), spans, assessed)
    replaced = known if known and known.proof is not Proof.IMPLIED else None
    return Change(kind, skill_id, label, _OF_SKILLS, partial(_with_skill, fact, replaced))


_OF_SKILLS = (RequirementKind.SKILL, RequirementKind.YEARS)


def _more_of(fact: SkillFact, needed: float, as_of: date) -> Iterator[Change]:
    """More years with a skill in use: those that are missing, or one to freshen it up."""
    have = union_years(fact.months, as_of)
    faded = all(part.end is not None and month_index(as_of) - part.end >= FRESH_MONTHS for part in fact.months)
    more = min(MOST_YEARS, max(ceil(max(needed, USED_YEARS) - have), 1 if faded else 0))
    if more > 0:
        longer = replace(fact, months=(*fact.months, _longer(fact.months, more * MONTHS, as_of)))
        label = f"use {fact.label} for {_in_words(more)} more"
        yield Change("gain_years", fact.skill_id, label, _OF_SKILLS, partial(_with_skill, longer, fact))


def _with_skill(fact: SkillFact, replaced: SkillFact | None, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, skills=(*(one for one in candidate.skills if one is not replaced), fact))


def _years(candidate: CandidateFeatures, asked: Sequence[Requirement], as_of: date) -> Iterator[Change]:
    """Of work as a whole."""
    needed = max((r.years for r in asked if not r.skill_id), default=0.0)
    months = [role.months for role in candidate.roles if role.months]
    more = min(MOST_YEARS, ceil(needed - union_years(months, as_of)))
    if more > 0:
        role = RoleFact("", _longer(months, more * MONTHS, as_of), NOWHERE)
        label = f"work for {_in_words(more)} more"
        yield Change("gain_years", "", label, (RequirementKind.YEARS,), partial(_with_role, role), roles=True)


def _with_role(role: RoleFact, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, roles=(*candidate.roles, role))


def _longer(months: Sequence[Interval], more: int, as_of: date) -> Interval:
    """The latest stretch until now that brings so many months which are not among these."""
    whole, start = union_months(months, as_of) + more, month_index(as_of) + 1
    while (missing := whole - union_months((*months, Interval(start, None)), as_of)) > 0:
        start -= missing
    return Interval(start, None)


def _lately(months: int, as_of: date) -> Interval:
    return Interval(month_index(as_of) + 1 - months, None)


def _languages(candidate: CandidateFeatures, asked: Sequence[Requirement]) -> Iterator[Change]:
    levels: dict[str, list[str]] = {}
    for requirement in asked:
        levels.setdefault(requirement.name, []).append(requirement.level)
    for name, wanted in levels.items():
        level = _language_level([one for one in wanted if one])
        known = max((f.level for f in candidate.languages if f.name == name), key=_place, default=None)
        label = f"learn {name.title()} to {level}"
        if known is not None:
            label = f"raise {name.title()} {f'from {known} ' if known else ''}to {level}, and say so"
        fact = LanguageFact(name, level, NOWHERE)
        yield Change("raise_language", "", label, (RequirementKind.LANGUAGE,), partial(_with_language, fact))


def _language_level(wanted: Sequence[str]) -> str:
    highest = max(wanted, key=_place, default=WORKING_LANGUAGE)
    return min(highest, HIGHEST_LANGUAGE, key=_place)


def _place(level: str) -> int:
    return LANGUAGE_LEVELS.index(level) if level else -1


def _with_language(fact: LanguageFact, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, languages=(*candidate.languages, fact))


def _licences(candidate: CandidateFeatures, asked: Sequence[Requirement], as_of: date) -> Iterator[Change]:
    judge = JUDGES[RequirementKind.LICENCE]
    missing = [r for r in asked if not judge(candidate, r, as_of).credit]
    for name in dict.fromkeys(r.name for r in missing):
        effect = partial(_with_licence, LicenceFact(name, NOWHERE))
        yield Change("obtain_licence", "", f"obtain: {name}", (RequirementKind.LICENCE,), effect)


def _with_licence(fact: LicenceFact, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, licences=(*candidate.licences, fact))


def _degree(candidate: CandidateFeatures, asked: Sequence[Requirement]) -> Iterator[Change]:
    """The next one only."""
    have, following = candidate.education_level, NEXT_DEGREE.get(candidate.education_level)
    if asked and following:
        level = min(max(EducationLevel[r.level] for r in asked), following)
        if level > have:
            subject = next((r.name for r in asked if EducationLevel[r.level] >= level), "")
            label = f"complete a degree: {level.name.lower()}" + (f" in {subject}" if subject else "")
            fact = DegreeFact(level, subject, (NOWHERE,))
            yield Change("take_degree", "", label, (RequirementKind.DEGREE,), partial(_with_degree, fact))


def _with_degree(fact: DegreeFact, candidate: CandidateFeatures) -> CandidateFeatures:
    known = replace(candidate, education_level=fact.level, education=candidate.education or NOWHERE)
    return replace(known, degrees=(fact, *candidate.degrees))


def _preferences(
    candidate: CandidateFeatures, asked: Mapping[RequirementKind, Sequence[Requirement]], as_of: date
) -> Iterator[Change]:
    """Wishes that stand in the way. Who wishes nothing is in nobody's way."""
    wishes = candidate.wishes
    for place in dict.fromkeys(r.place for r in asked[RequirementKind.PLACE] if r.place) if wishes.places else ():
        name = ", ".join(part for part in (place.city, place.region, place.country) if part)
        yield _preference(f"be open to work in {name}", RequirementKind.PLACE, partial(_with_place, place))
    for level in dict.fromkeys(r.level for r in asked[RequirementKind.WORK_MODE]) if wishes.modes else ():
        mode = WorkMode[level]
        label = f"be open to work {mode.value.lower()}"
        yield _preference(label, RequirementKind.WORK_MODE, partial(_with_mode, mode))
    offers = [r.pay for r in asked[RequirementKind.PAY] if r.pay]
    if (
        offers
        and wishes.pay
        and JUDGES[RequirementKind.PAY](candidate, asked[RequirementKind.PAY][0], as_of).credit < 1
    ):
        most = offers[0].maximum if offers[0].maximum is not None else offers[0].minimum
        accepted = Pay(most, None, offers[0].currency)
        label = f"accept up to {(most or 0) / 100:,.0f} {offers[0].currency} a year"
        yield _preference(label, RequirementKind.PAY, partial(_with_pay, accepted))


def _preference(label: str, kind: RequirementKind, effect: Effect) -> Change:
    return Change("change_preference", "", label, (kind,), effect)


def _with_place(place: Place, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, wishes=replace(candidate.wishes, places=(*candidate.wishes.places, place)))


def _with_mode(mode: WorkMode, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, wishes=replace(candidate.wishes, modes=(*candidate.wishes.modes, mode)))


def _with_pay(pay: Pay, candidate: CandidateFeatures) -> CandidateFeatures:
    return replace(candidate, wishes=replace(candidate.wishes, pay=pay))


def _in_words(years: int) -> str:
    return "a year" if years == 1 else f"{years} years"

"""How far a person's skills cover those that are asked for: by the skill itself or its kin, shown in dated work or only listed."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from services.ai.matching.features import CandidateFeatures, Proof, Relation, Requirement, SkillFact
from services.ai.matching.verdicts import Verdict
from services.ai.months import MONTHS, month_index, union_years

# What another skill counts for the one asked for.
KINSHIP = {Relation.NARROWER: 0.95, Relation.BROADER: 0.5, Relation.RELATED: 0.35}
# Work with a skill counts this much at once and all of it after so many years.
USED_AT_ONCE, USED_YEARS = 0.7, 3.0
# Not named, but what was done takes it.
IMPLIED = 0.6
# A test of it was passed: more than a bare name, less than work.
ASSESSED = 0.6
# A skill that no dated work shows, and how many such count: as many as work shows of those asked for. So a list of everything that a
# position asks for brings next to nothing to who has done none of it: so much for each.
LISTED, UNPROVEN = 0.3, 0.0005
# Skills fade: in full for so long, then by half in so many months, never below so much.
FRESH_MONTHS, HALF_LIFE_MONTHS, FADED = 24, 120, 0.5

# What must be there weighs this much against what is nice to have.
MUST_WEIGHT, NICE_WEIGHT = 2.0, 1.0
# Positions ask for a dozen manners where they mean one trade.
MANNER_SHARE = 0.25

Facts = Mapping[str, SkillFact]


def cover(candidate: CandidateFeatures, asked: Sequence[Requirement], as_of: date) -> list[Verdict]:
    """One verdict for each skill asked for, in their order."""
    facts = {fact.skill_id: fact for fact in candidate.skills}
    worked = [best_of(by_work(facts, requirement, as_of)) for requirement in asked]
    # Who works in a team has not thereby shown a tool of the trade.
    allowed = sum(v.credit > 0 and not requirement.manner for v, requirement in zip(worked, asked, strict=True))
    listed = {i: v for i, requirement in enumerate(asked) if (v := by_list(facts, requirement))}
    shown = [best_of(iter((v, unproven(listed[i])) if i in listed else (v,))) for i, v in enumerate(worked)]
    gains = {i: importance(asked[i]) * (v.credit - shown[i].credit) for i, v in listed.items()}
    # What brings most first: so that one name more never brings less.
    better = sorted((i for i, gain in gains.items() if gain > 0), key=lambda i: (-gains[i], i))
    for i in better[:allowed]:
        shown[i] = listed[i]
    return shown


def importance(requirement: Requirement) -> float:
    weight = MUST_WEIGHT if requirement.must else NICE_WEIGHT
    return weight * MANNER_SHARE if requirement.manner else weight


def by_work(facts: Facts, requirement: Requirement, as_of: date) -> Iterator[Verdict]:
    for fact, rule, part in _ways(facts, requirement):
        if fact.proof is not Proof.STATED and fact.months:
            credit, finding = _practised(fact, as_of)
            named = "" if part == 1 else f"{fact.label}: "
            yield Verdict(part * credit, _rule(rule, fact, requirement), named + finding, fact.spans)
        if fact.assessed:
            yield Verdict(part * ASSESSED, "assessed", f"a test of {fact.label} was passed", fact.spans)


def by_list(facts: Facts, requirement: Requirement) -> Verdict | None:
    """What a bare name brings: of the skill itself or a narrower one."""
    found = [
        Verdict(LISTED * part, "listed", f"{fact.label} is named, but in no dated role", fact.spans)
        for fact, rule, part in _ways(facts, requirement)
        if rule in ("exact", "narrower")
    ]
    return best_of(iter(found)) if found else None


def unproven(listed: Verdict) -> Verdict:
    """What a bare name brings that nothing bears out."""
    finding = "only listed, and little that is asked for shows in dated work"
    return Verdict(UNPROVEN, "unproven", finding, listed.evidence)


def _ways(facts: Facts, requirement: Requirement) -> Iterator[tuple[SkillFact, str, float]]:
    if fact := facts.get(requirement.skill_id):
        yield fact, "exact", 1.0
    for kin in requirement.kin:
        if fact := facts.get(kin.skill_id):
            yield fact, kin.relation.value.lower(), KINSHIP[kin.relation]


def _practised(fact: SkillFact, as_of: date) -> tuple[float, str]:
    years = union_years(fact.months, as_of)
    last = max(month_index(as_of) if part.end is None else part.end - 1 for part in fact.months)
    credit = USED_AT_ONCE + (1 - USED_AT_ONCE) * min(1.0, years / USED_YEARS)
    if fact.proof is Proof.IMPLIED:
        credit *= IMPLIED
    said = "not named, but the work takes it, " if fact.proof is Proof.IMPLIED else ""
    return credit * _freshness(month_index(as_of) - last), f"{said}{years:.1f} years, last used {last // MONTHS}"


def _freshness(months: int) -> float:
    """1 for what was done lately."""
    if months <= FRESH_MONTHS:
        return 1.0
    return FADED + (1 - FADED) * math.exp2(-(months - FRESH_MONTHS) / HALF_LIFE_MONTHS)


def _rule(rule: str, fact: SkillFact, requirement: Requirement) -> str:
    """`alias` where the resume calls the skill asked for by another name."""
    if fact.proof is Proof.IMPLIED:
        return "implied"
    if rule != "exact" or requirement.span is None:
        return rule
    said = {span.text.casefold() for span in fact.spans}
    return "exact" if {requirement.span.text.casefold(), requirement.label.casefold()} & said else "alias"


def best_of(verdicts: Iterator[Verdict]) -> Verdict:
    return max(verdicts, key=lambda v: v.credit, default=Verdict(0.0, "missing", "not found"))

"""How well a position fits a person: what they want, and the step it would be for them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from services.ai.matching import verdicts
from services.ai.matching.features import (
    CandidateFeatures,
    PositionFeatures,
    Proof,
    Reason,
    Requirement,
    RequirementKind,
    Score,
    Seniority,
)
from services.ai.matching.scoring import reason, summed
from services.ai.matching.verdicts import Verdict
from services.ai.matching.weights import person_weights

# One step up is what most people look for; more than that is out of reach, and a step down is no gain.
STEPS = {0: 0.9, 1: 1.0, 2: 0.4, -1: 0.5}
# Who says which step they want gets that; one beside it is half of what they want.
WANTED_STEPS = {0: 1.0, 1: 0.5}
# What is not known is neither for nor against.
UNKNOWN = 0.5
# So many of a person's skills in use make a position theirs.
FAMILIAR = 5


def fit(candidate: CandidateFeatures, position: PositionFeatures, as_of: date) -> Score:
    """Of the position for the person, 0 to 1. Every factor always counts, so that positions can be compared."""
    return summed(_reasons(candidate, position, as_of))


def _reasons(candidate: CandidateFeatures, position: PositionFeatures, as_of: date) -> Iterator[Reason]:
    asked = {r.kind: r for r in reversed(position.requirements)}
    for factor, weight in person_weights().items():
        label, kind, judge = _FACTORS[factor]
        requirement = asked.get(kind) if kind else None
        yield reason(factor, weight, label, judge(candidate, position, requirement, as_of), requirement)


_Judge = Callable[[CandidateFeatures, PositionFeatures, Requirement | None, date], Verdict]


def _wished(judge: verdicts.Judge, has_wish: Callable[[CandidateFeatures], object]) -> _Judge:
    def judged(
        candidate: CandidateFeatures, _: PositionFeatures, requirement: Requirement | None, as_of: date
    ) -> Verdict:
        if not has_wish(candidate):
            return Verdict(1.0, "no_wish", "nothing is asked for")
        if requirement is None:
            return Verdict(UNKNOWN, "unstated", "the position does not say")
        return judge(candidate, requirement, as_of)

    return judged


def _step(candidate: CandidateFeatures, _: PositionFeatures, requirement: Requirement | None, as_of: date) -> Verdict:
    if requirement is None:
        return Verdict(UNKNOWN, "unstated", "not known")
    if wanted := candidate.wishes.seniority:
        credit = WANTED_STEPS.get(abs(Seniority[requirement.level] - wanted), 0.0)
        return Verdict(credit, "wanted" if credit == 1 else "near" if credit else "other", wanted.name.lower())
    if not candidate.seniority:
        return Verdict(UNKNOWN, "unstated", "not known")
    up = Seniority[requirement.level] - candidate.seniority
    words = "the same level" if not up else f"{abs(up)} {'up' if up > 0 else 'down'}"
    return Verdict(STEPS.get(up, 0.0), "step", words, tuple(role.span for role in candidate.roles[:1]))


def _interests(candidate: CandidateFeatures, position: PositionFeatures, _: Requirement | None, __: date) -> Verdict:
    wanted = candidate.wishes.interests
    if not wanted:
        return Verdict(1.0, "no_wish", "nothing is asked for")
    said = " ".join(
        (position.title, *(r.label for r in position.requirements), *(p.span.text for p in position.passages))
    )
    met = [interest for interest in wanted if interest.casefold() in said.casefold()]
    return Verdict(min(1.0, len(met)), "named" if met else "missing", ", ".join(met) or "none of them is named")


def _familiar(candidate: CandidateFeatures, position: PositionFeatures, _: Requirement | None, __: date) -> Verdict:
    """Whether the work needs what the person does."""
    asked = {r.skill_id for r in position.requirements if r.kind is RequirementKind.SKILL and not r.manner}
    used = [fact for fact in candidate.skills if fact.proof is Proof.USED and fact.skill_id in asked]
    spans = tuple(fact.spans[0] for fact in used if fact.spans)
    most = min(FAMILIAR, len(asked))
    return Verdict(min(1.0, len(used) / most) if most else UNKNOWN, "skills", f"{len(used)} skills in use", spans)


_FACTORS: Mapping[str, tuple[str, RequirementKind | None, _Judge]] = {
    "pay": ("Pay", RequirementKind.PAY, _wished(verdicts.pay, lambda c: c.wishes.pay)),
    "place": ("Place", RequirementKind.PLACE, _wished(verdicts.place, lambda c: c.wishes.places)),
    "work_mode": ("Work mode", RequirementKind.WORK_MODE, _wished(verdicts.work_mode, lambda c: c.wishes.modes)),
    "step": ("Seniority", RequirementKind.SENIORITY, _step),
    "interests": ("Interests", None, _interests),
    "familiar": ("Skills", None, _familiar),
}

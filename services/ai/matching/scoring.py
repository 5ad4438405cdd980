"""The score of one person for one position, and what each factor brought to it.

The same features, weights, day and version give the same bytes in every process: no sets are walked, likenesses are of whole numbers, sums
are exact, and each contribution is rounded before it is added. What a person shows more never lowers a score.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from math import fsum

from services.ai.matching.compact import likeness, likenesses
from services.ai.matching.coverage import cover, importance
from services.ai.matching.features import (
    CandidateFeatures,
    Passage,
    PositionFeatures,
    Reason,
    Requirement,
    RequirementKind,
    Score,
)
from services.ai.matching.verdicts import JUDGES, Verdict
from services.ai.matching.weights import Weights, default_weights
from services.ai.months import MONTHS, month_index
from services.ai.titles.fit import fit_of

DECIMALS = 9

# A title long past counts by so much less a year, at most by half.
TITLE_FADES, TITLE_LEAST = 0.03, 0.5
# Sentences on unrelated work, and on the same.
PASSAGE_FLOOR, PASSAGE_CEILING = 0.25, 0.70
# So many sentences of the position that the resume answers best are looked at.
PASSAGES = 4
# Out of work for longer counts less, down to nothing.
RECENT_MONTHS, LONG_AGO_MONTHS = 12, 120


def score(
    candidate: CandidateFeatures, position: PositionFeatures, as_of: date, weights: Weights | None = None
) -> Score:
    """Of the person for the position, on a day. `weights` as `weights.scaled` gives them; by default the learned ones."""
    weights = default_weights() if weights is None else weights
    whole = fsum(weights[factor] for factor in _applying(position))
    # Weights for nothing that the position asks for leave nothing to tell people apart by.
    shares = {factor: weights[factor] / whole if whole else 0.0 for factor in _applying(position)}
    return summed(_reasons(candidate, position, as_of, shares))


def summed(reasons: Iterator[Reason]) -> Score:
    found = tuple(reasons)
    return Score(round(fsum(reason.contribution for reason in found), DECIMALS), found)


def reason(factor: str, weight: float, label: str, verdict: Verdict, requirement: Requirement | None = None) -> Reason:
    return Reason(
        factor,
        f"{label}: {verdict.finding}",
        verdict.rule,
        round(weight, DECIMALS),
        round(weight * verdict.credit, DECIMALS),
        requirement.span if requirement else None,
        verdict.evidence,
    )


def _applying(position: PositionFeatures) -> list[str]:
    """Factors that the position gives something to judge by, in a fixed order."""
    asked = {requirement.kind for requirement in position.requirements}
    factors = [kind.value.lower() for kind in RequirementKind if kind in asked]
    return [
        *factors,
        *(["title"] if position.title_vector else []),
        *(["similarity"] if position.passages else []),
        "recency",
    ]


def _reasons(
    candidate: CandidateFeatures, position: PositionFeatures, as_of: date, shares: Mapping[str, float]
) -> Iterator[Reason]:
    """One for each requirement, in their order; then one for each factor that is judged as a whole."""
    verdicts = _verdicts(candidate, position.requirements, as_of)
    wholes = _wholes(position.requirements)
    for requirement, verdict in zip(position.requirements, verdicts, strict=True):
        factor = requirement.kind.value.lower()
        weight = shares[factor] * (importance(requirement) / wholes[requirement.kind])
        yield reason(factor, weight, requirement.label, verdict, requirement)
    for factor, (label, judge) in _WHOLE.items():
        if factor in shares:
            yield reason(factor, shares[factor], label, judge(candidate, position, as_of))


def _verdicts(candidate: CandidateFeatures, asked: Sequence[Requirement], as_of: date) -> Iterator[Verdict]:
    skills = [r for r in asked if r.kind is RequirementKind.SKILL]
    covered = iter(cover(candidate, skills, as_of))
    for requirement in asked:
        judge = JUDGES.get(requirement.kind)
        yield judge(candidate, requirement, as_of) if judge else next(covered)


def _wholes(asked: Sequence[Requirement]) -> Mapping[RequirementKind, float]:
    """What all requirements of a kind, which share its weight, are of importance together."""
    kinds = dict.fromkeys(requirement.kind for requirement in asked)
    return {kind: fsum(importance(r) for r in asked if r.kind is kind) for kind in kinds}


def _title(candidate: CandidateFeatures, position: PositionFeatures, as_of: date) -> Verdict:
    best = Verdict(0.0, "missing", "no role with a title")
    for role in candidate.roles:
        near = fit_of(likeness(role.vector, position.title_vector)) if role.vector else 0.0
        credit = near * _title_freshness(role.months.end if role.months else None, as_of)
        if credit > best.credit:
            best = Verdict(credit, "alike", f"{role.title}", (role.span,))
    return best


def _title_freshness(end: int | None, as_of: date) -> float:
    """Undated roles count like those that last."""
    years = 0 if end is None else max(0, month_index(as_of) + 1 - end) / MONTHS
    return max(TITLE_LEAST, 1 - TITLE_FADES * years)


def _similarity(candidate: CandidateFeatures, position: PositionFeatures, _: date) -> Verdict:
    """The mean over the sentences that are answered best; only what is cited counts."""
    if not candidate.passages:
        return Verdict(0.0, "missing", "nothing is told of what was done")
    pairs = _best_pairs(candidate.passages, position.passages)
    credit = fsum(scaled(near, PASSAGE_FLOOR, PASSAGE_CEILING) for near, _ in pairs) / len(pairs)
    cited = tuple(dict.fromkeys(passage.span for _, passage in pairs))
    return Verdict(credit, "passages", f"likeness {fsum(near for near, _ in pairs) / len(pairs):.2f}", cited)


def _best_pairs(told: Sequence[Passage], asked: Sequence[Passage]) -> list[tuple[float, Passage]]:
    """The most like passage for each of the sentences that are answered best."""
    near = likenesses([p.vector for p in asked], [p.vector for p in told]).round(DECIMALS)
    best = [(float(row[row.argmax()]), told[int(row.argmax())]) for row in near]
    return sorted(best, key=lambda pair: (-pair[0], pair[1].span))[:PASSAGES]


def _recency(candidate: CandidateFeatures, _: PositionFeatures, as_of: date) -> Verdict:
    now = month_index(as_of) + 1
    dated = [(now if r.months.end is None else min(now, r.months.end), r.span) for r in candidate.roles if r.months]
    if not dated:
        return Verdict(0.0, "missing", "no dated role")
    last, span = max(dated, key=lambda one: one[0])
    away = now - last
    credit = 1 - scaled(away, RECENT_MONTHS, LONG_AGO_MONTHS)
    return Verdict(
        credit, "recent" if credit == 1 else "away", "in work" if not away else f"{away} months ago", (span,)
    )


def scaled(value: float, floor: float, ceiling: float) -> float:
    """0 at or below the floor, 1 at or above the ceiling."""
    return min(1.0, max(0.0, (value - floor) / (ceiling - floor)))


_Whole = Callable[[CandidateFeatures, PositionFeatures, date], Verdict]
_WHOLE: Mapping[str, tuple[str, _Whole]] = {
    "title": ("Title", _title),
    "similarity": ("What was done", _similarity),
    "recency": ("Last role", _recency),
}

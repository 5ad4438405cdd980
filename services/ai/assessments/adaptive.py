"""Which question comes next, how able somebody is, and when that is known well enough.

Ability is estimated by its mean after the answers (EAP) over a standard normal prior, on the scale of the items' difficulties. Questions
are chosen by information with catsim's randomesque selector, in a draw of the bank that is each test's own: so no question is shown in more
than about seven of ten first tests, however well it fits, in a bank of 29 or more. Sources: Bock & Mislevy 1982; Kingsbury & Zara 1989.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

from services.ai.assessments.banks import Bank, Item

MIN_ITEMS, MAX_ITEMS = 8, 20
# Known well enough: this standard error, or the pass mark further away than so many of them.
ENOUGH, SURE = 0.35, 2.0
# One of so many most informative questions is asked.
BIN = 5
# Part of the bank that one test draws from.
DRAWN = 0.7
# The ends are 6 standard deviations of the prior away, where nothing is left of it.
GRID_END, GRID_POINTS = 6.0, 241


@dataclass(frozen=True, slots=True)
class Answer:
    item_id: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """Logits."""

    ability: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Step:
    """Where a test stands after its answers: `item` comes next, None when it is over."""

    estimate: Estimate
    passed: bool
    item: Item | None


def advance(bank: Bank, seed: UUID, answers: Sequence[Answer], seen: Sequence[str]) -> Step:
    """`seen`: ids of the person's earlier tests of the skill, longest ago first. The same arguments, the same step."""
    found = estimate(bank, answers)
    over = is_over(found, len(answers), bank.pass_ability)
    item = None if over else next_item(bank, seed, [a.item_id for a in answers], found.ability, seen)
    return Step(found, item is None and has_passed(found, bank.pass_ability), item)


def estimate(bank: Bank, answers: Sequence[Answer]) -> Estimate:
    """Answers to questions that the bank has lost count for nothing."""
    import numpy as np
    from catsim import irt

    theta = np.linspace(-GRID_END, GRID_END, GRID_POINTS)
    log = -(theta**2) / 2
    known = [(item, answer.correct) for answer in answers if (item := bank.item(answer.item_id))]
    if known:
        right = irt.icc_hpc(theta[:, None], _parameters([item for item, _ in known]))
        given = np.array([correct for _, correct in known])
        log = log + np.log(np.where(given, right, 1 - right)).sum(axis=1)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = float(weight @ theta)
    return Estimate(mean, float(np.sqrt(weight @ (theta - mean) ** 2)))


def is_over(found: Estimate, count: int, pass_ability: float) -> bool:
    if count < MIN_ITEMS:
        return False
    sure = abs(found.ability - pass_ability) >= SURE * found.standard_error
    return count >= MAX_ITEMS or found.standard_error <= ENOUGH or sure


def has_passed(found: Estimate, pass_ability: float) -> bool:
    """A standard error above the mark: about one in six who are just as able as the mark passes."""
    return found.ability - found.standard_error >= pass_ability


def next_item(bank: Bank, seed: UUID, asked: Sequence[str], ability: float, seen: Sequence[str]) -> Item | None:
    """None when all were asked. One of an earlier test comes only when no other is left, and the longest ago first."""
    fresh = [item for item in _draw(bank, seed, seen) if item.id not in asked]
    if fresh:
        return _chosen(fresh, ability, seed, len(asked))
    again = (item for item_id in seen if item_id not in asked and (item := bank.item(item_id)))
    return next(again, None)


def _draw(bank: Bank, seed: UUID, seen: Sequence[str]) -> list[Item]:
    """Those that this test may ask: a part of what the person has not seen, and all of it where little is left."""
    import numpy as np

    unseen = [item for item in bank.items if item.id not in seen]
    most = max(MAX_ITEMS, ceil(DRAWN * len(bank.items)))
    if len(unseen) <= most:
        return unseen
    drawn = np.random.default_rng(seed.int).permutation(len(unseen))[:most]
    return [unseen[place] for place in sorted(drawn)]


def _chosen(items: Sequence[Item], ability: float, seed: UUID, number: int) -> Item:
    import numpy as np
    from catsim import ItemBank
    from catsim.selection import RandomesqueSelector

    bank, rng = ItemBank(_parameters(items), validate=False), np.random.default_rng([seed.int, number])
    place = RandomesqueSelector(BIN).select(item_bank=bank, administered_items=[], est_theta=ability, rng=rng)
    assert place is not None
    return items[int(place)]


def _parameters(items: Sequence[Item]) -> Any:
    """A row for each: a, b, c and an upper asymptote of 1."""
    import numpy as np

    return np.array([[item.a, item.b, item.c, 1.0] for item in items])

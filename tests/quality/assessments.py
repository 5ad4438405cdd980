"""Adaptive tests of skills on simulated people, against a fixed form, random questions and difficulties that experts got wrong."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from uuid import UUID

from rich.table import Table

from services.ai.assessments import (
    MAX_ITEMS,
    MIN_ITEMS,
    Answer,
    Bank,
    Estimate,
    Item,
    advance,
    estimate,
    has_passed,
    is_over,
    load_banks,
    next_item,
)
from services.ai.assessments.adaptive import ENOUGH

NEEDS = ""
SEED = 20261126
PEOPLE, COMPARED = 2_000, 500
# How far off experts are in the row that says so: logits of difficulty, and the spread of the logarithm of discrimination.
WRONG_B, WRONG_A = 0.7, 0.25


@dataclass(frozen=True, slots=True)
class Sitting:
    """One simulated person: true ability, estimate, whether passed, ids of the questions."""

    ability: float
    found: Estimate
    passed: bool
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    number: int
    ability: float

    @property
    def seed(self) -> UUID:
        return UUID(int=SEED * 1_000_003 + self.number)

    def answers(self, item: Item, truth: Bank) -> Answer:
        """The same answer to the same question in each design."""
        real = truth.item(item.id)
        assert real
        luck = random.Random(f"{self.number}/{item.id}").random()
        right = real.c + (1 - real.c) / (1 + math.exp(-real.a * (self.ability - real.b)))
        return Answer(item.id, luck < right)


Design = Callable[[Bank, Bank, Person], Sitting]


def adaptive(bank: Bank, truth: Bank, person: Person) -> Sitting:
    """As the platform does it."""
    answers: list[Answer] = []
    step = advance(bank, person.seed, answers, ())
    while step.item:
        answers.append(person.answers(step.item, truth))
        step = advance(bank, person.seed, answers, ())
    return Sitting(person.ability, step.estimate, step.passed, _ids(answers))


def to_error(bank: Bank, truth: Bank, person: Person) -> Sitting:
    """Until the error is small enough, however sure the verdict is before."""
    answers: list[Answer] = []
    found = estimate(bank, answers)
    while len(answers) < MAX_ITEMS and not (len(answers) >= MIN_ITEMS and found.standard_error <= ENOUGH):
        item = next_item(bank, person.seed, _ids(answers), found.ability, ())
        assert item
        answers.append(person.answers(item, truth))
        found = estimate(bank, answers)
    return _judged(bank, person, found, answers)


def fixed(bank: Bank, truth: Bank, person: Person) -> Sitting:
    """Everybody gets the 20 questions that tell most at the mark."""
    items = sorted(bank.items, key=lambda item: -_information(item, bank.pass_ability))[:MAX_ITEMS]
    answers = [person.answers(item, truth) for item in items]
    return _judged(bank, person, estimate(bank, answers), answers)


def at_random(bank: Bank, truth: Bank, person: Person) -> Sitting:
    """Any question next; ends as the platform's tests do."""
    answers: list[Answer] = []
    found = estimate(bank, answers)
    for item in random.Random(person.seed.int).sample(bank.items, MAX_ITEMS):
        answers.append(person.answers(item, truth))
        found = estimate(bank, answers)
        if is_over(found, len(answers), bank.pass_ability):
            break
    return _judged(bank, person, found, answers)


def table(_data: Path) -> list[Table]:
    banks = sorted(load_banks().values(), key=lambda bank: bank.label.casefold())
    return [_by_bank(banks), _by_design(banks)]


COLUMNS = ("bias", "RMSE", "questions", "shown, mean", "shown, most", "false pass", "false fail", "able failed")


def _by_bank(banks: Sequence[Bank]) -> Table:
    found = _table("Skill tests, by bank", "bank", "items")
    found.caption = (
        f"{PEOPLE:,} simulated people each, abilities normal around 0; the mark is 0. bias and RMSE: of the estimated ability, in logits."
        " shown: part of the tests that a question was in, over the questions of the bank. false pass: of those below the mark, who"
        " passed; false fail: of those above it, who did not; able failed: of those half a logit above it or more. A pass needs a"
        " standard error above the mark, so many just above it fail: that is meant."
    )
    for bank in banks:
        sittings = [adaptive(bank, bank, person) for person in people(PEOPLE)]
        found.add_row(bank.label, str(len(bank.items)), *_figures(bank, sittings))
    return found


def _by_design(banks: Sequence[Bank]) -> Table:
    found = _table("Skill tests, by design", "design", "people")
    found.caption = (
        f"{COMPARED} people for each of {len(banks)} banks, the same in each row, with the same luck. The last row: what experts guessed is"
        f" wrong by {WRONG_B} logits of difficulty and a quarter of discrimination, as before calibration it may be."
    )
    designs: dict[str, tuple[Design, bool]] = {
        "adaptive (the platform's)": (adaptive, False),
        "adaptive, to the error alone": (to_error, False),
        "fixed form of 20": (fixed, False),
        "random questions": (at_random, False),
        "adaptive, experts wrong": (adaptive, True),
    }
    for name, (design, wrong) in designs.items():
        rows = []
        for bank in banks:
            truth = _as_it_is(bank) if wrong else bank
            rows.append(_numbers(bank, [design(bank, truth, person) for person in people(COMPARED)]))
        found.add_row(name, f"{COMPARED * len(banks):,}", *_said([fmean(column) for column in zip(*rows, strict=True)]))
    return found


def people(count: int) -> list[Person]:
    generator = random.Random(SEED)
    return [Person(number, generator.gauss()) for number in range(count)]


def _figures(bank: Bank, sittings: Sequence[Sitting]) -> list[str]:
    return _said(_numbers(bank, sittings))


def _numbers(bank: Bank, sittings: Sequence[Sitting]) -> list[float]:
    """In the order of COLUMNS."""
    off = [one.found.ability - one.ability for one in sittings]
    shown = Counter(item for one in sittings for item in one.asked)
    rates = [shown[item.id] / len(sittings) for item in bank.items]
    mark = bank.pass_ability
    return [
        fmean(off),
        math.sqrt(fmean(x * x for x in off)),
        fmean(len(one.asked) for one in sittings),
        fmean(rates),
        max(rates),
        _share(one.passed for one in sittings if one.ability < mark),
        _share(not one.passed for one in sittings if one.ability >= mark),
        _share(not one.passed for one in sittings if one.ability >= mark + 0.5),
    ]


def _said(numbers: Sequence[float]) -> list[str]:
    bias, error, items, *rates = numbers
    return [f"{bias:+.3f}", f"{error:.3f}", f"{items:.1f}", *(f"{rate:.1%}" for rate in rates)]


def _share(cases: Iterable[bool]) -> float:
    found = list(cases)
    return fmean(found) if found else 0.0


def _judged(bank: Bank, person: Person, found: Estimate, answers: Sequence[Answer]) -> Sitting:
    return Sitting(person.ability, found, has_passed(found, bank.pass_ability), _ids(answers))


def _ids(answers: Sequence[Answer]) -> tuple[str, ...]:
    return tuple(answer.item_id for answer in answers)


def _information(item: Item, ability: float) -> float:
    from catsim import irt

    return float(irt.inf(ability, item.a, item.b, item.c))


def _as_it_is(bank: Bank) -> Bank:
    generator = random.Random(f"{SEED}/{bank.skill_id}")
    items = (
        replace(item, b=item.b + generator.gauss(0, WRONG_B), a=item.a * math.exp(generator.gauss(0, WRONG_A)))
        for item in bank.items
    )
    return replace(bank, items=tuple(items))


def _table(title: str, *names: str) -> Table:
    found = Table(title=title)
    for name in names:
        found.add_column(name)
    for name in COLUMNS:
        found.add_column(name, justify="right")
    return found

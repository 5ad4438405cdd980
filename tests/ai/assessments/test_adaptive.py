"""Adaptive testing: estimates against references, what is asked next, when it ends."""

import math
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest
from scipy.integrate import quad

from services.ai.assessments import (
    MAX_ITEMS,
    MIN_ITEMS,
    Answer,
    Bank,
    Estimate,
    Item,
    Step,
    advance,
    estimate,
    has_passed,
    is_over,
    load_banks,
    next_item,
    recalibrated,
)
from services.ai.assessments.adaptive import DRAWN

BANK = next(bank for bank in load_banks().values() if bank.label == "Python")
SEED = UUID("018f3b1e-0000-7000-8000-000000000001")


def probability(item: Item, ability: float) -> float:
    return item.c + (1 - item.c) / (1 + math.exp(-item.a * (ability - item.b)))


def answers_of(count: int, seed: int = 1) -> list[Answer]:
    generator = random.Random(seed)
    return [Answer(item.id, generator.random() < 0.6) for item in generator.sample(BANK.items, count)]


def likelihood(answers: list[Answer], ability: float) -> float:
    found = 1.0
    for answer in answers:
        item = BANK.item(answer.item_id)
        assert item
        right = probability(item, ability)
        found *= right if answer.correct else 1 - right
    return found


def sat(bank: Bank, seed: UUID, ability: float, seen: tuple[str, ...] = ()) -> tuple[list[Answer], Step]:
    """A whole test of somebody of that ability."""
    generator, answers = random.Random(seed.int), list[Answer]()
    step = advance(bank, seed, answers, seen)
    while step.item:
        answers.append(Answer(step.item.id, generator.random() < probability(step.item, ability)))
        step = advance(bank, seed, answers, seen)
    return answers, step


@pytest.mark.parametrize("count", [0, 1, 8, 20])
def test_ability_and_error_are_those_of_the_integral(count: int) -> None:
    answers = answers_of(count)

    def weight(ability: float) -> float:
        return likelihood(answers, ability) * math.exp(-(ability**2) / 2)

    whole, mean, square = (
        quad(lambda x, power=power: weight(x) * x**power, -12, 12, epsabs=1e-12, epsrel=1e-10, limit=500)[0]
        for power in range(3)
    )
    found = estimate(BANK, answers)
    assert found.ability == pytest.approx(mean / whole, abs=1e-6)
    assert found.standard_error == pytest.approx(math.sqrt(square / whole - (mean / whole) ** 2), abs=1e-6)


def test_with_many_answers_the_estimate_nears_that_of_catsim_itself() -> None:
    """Most likely ability without a prior, by the library's own search."""
    import numpy as np
    from catsim import ItemBank
    from catsim.estimation import NumericalSearchEstimator

    many = replace(BANK, items=tuple(replace(item, id=f"{item.id}{n}") for n in range(12) for item in BANK.items))
    generator = random.Random(3)
    answers = [Answer(item.id, generator.random() < probability(item, 0.7)) for item in many.items]
    bank = ItemBank(np.array([[item.a, item.b, item.c, 1.0] for item in many.items]))
    theirs = NumericalSearchEstimator().estimate(
        item_bank=bank,
        administered_items=list(range(len(answers))),
        response_vector=[answer.correct for answer in answers],
        est_theta=0.0,
    )
    assert estimate(many, answers).ability == pytest.approx(theirs, abs=0.03)


def test_more_right_answers_never_lower_the_ability() -> None:
    answers = answers_of(12)
    for place, answer in enumerate(answers):
        better = [*answers[:place], Answer(answer.item_id, True), *answers[place + 1 :]]
        assert estimate(BANK, better).ability >= estimate(BANK, answers).ability


def test_answers_to_questions_that_are_gone_count_for_nothing() -> None:
    assert estimate(BANK, [*answers_of(5), Answer("gone", True)]) == estimate(BANK, answers_of(5))


@pytest.mark.parametrize(
    ("found", "count", "over"),
    [
        (Estimate(0.0, 0.2), MIN_ITEMS - 1, False),
        (Estimate(0.0, 0.35), MIN_ITEMS, True),
        (Estimate(0.0, 0.36), MIN_ITEMS, False),
        (Estimate(0.0, 0.9), MAX_ITEMS - 1, False),
        (Estimate(0.0, 0.9), MAX_ITEMS, True),
        (Estimate(1.0, 0.5), MIN_ITEMS, True),
        (Estimate(0.99, 0.5), MIN_ITEMS, False),
        (Estimate(-1.0, 0.5), MIN_ITEMS, True),
    ],
)
def test_a_test_ends_when_enough_is_known_and_not_before_eight_questions(
    found: Estimate, count: int, over: bool
) -> None:
    assert is_over(found, count, 0.0) is over


def test_who_is_a_standard_error_above_the_mark_has_passed() -> None:
    assert has_passed(Estimate(0.4, 0.4), 0.0)
    assert not has_passed(Estimate(0.39, 0.4), 0.0)
    assert not has_passed(Estimate(0.4, 0.4), 0.1)


def test_the_same_test_asks_the_same_in_another_process() -> None:
    answers = answers_of(3)
    here = advance(BANK, SEED, answers, ())
    assert here.item
    code = (
        "from uuid import UUID; from services.ai.assessments import Answer, advance, load_banks;"
        f"bank = load_banks()[{BANK.skill_id!r}];"
        f"print(advance(bank, UUID({str(SEED)!r}), {[(a.item_id, a.correct) for a in answers]!r} and"
        f" [Answer(*a) for a in {[(a.item_id, a.correct) for a in answers]!r}], ()).item.id)"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert there.strip() == here.item.id


def test_tests_that_are_worked_out_at_once_do_not_mix() -> None:
    """As the service does, in threads."""
    given = [(UUID(int=number), answers_of(number % 15, number)) for number in range(120)]
    alone = [advance(BANK, seed, answers, ()) for seed, answers in given]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: advance(BANK, one[0], one[1], ()), given))
    assert together == alone


def test_nothing_is_asked_twice_in_one_test() -> None:
    for number in range(20):
        answers, _ = sat(BANK, UUID(int=number), ability=0.3)
        ids = [answer.item_id for answer in answers]
        assert MIN_ITEMS <= len(ids) == len(set(ids)) <= MAX_ITEMS


def test_questions_fit_what_the_answers_tell() -> None:
    able = sat(BANK, SEED, 3.0)[0]
    unable = sat(BANK, SEED, -3.0)[0]
    hard, easy = (
        [item.b for answer in answers[3:] if (item := BANK.item(answer.item_id))] for answers in (able, unable)
    )
    assert sum(hard) / len(hard) > sum(easy) / len(easy) + 0.8
    assert sat(BANK, SEED, 3.0)[1].passed
    assert not sat(BANK, SEED, -3.0)[1].passed


def bound(tests: int) -> float:
    """The drawn part of the bank, and three standard errors of chance."""
    part = math.ceil(DRAWN * len(BANK.items)) / len(BANK.items)
    return part + 3 * math.sqrt(part * (1 - part) / tests)


def test_no_question_is_shown_in_more_than_seven_of_ten_tests() -> None:
    shown = Counter[str]()
    for number in range(150):
        answers, _ = sat(BANK, UUID(int=number * 7919), ability=0.4)
        shown.update(answer.item_id for answer in answers)
    assert max(shown.values()) / 150 <= bound(150)
    assert len({sat(BANK, UUID(int=number * 31), 0.4)[0][0].item_id for number in range(60)}) >= 5


def test_the_drawn_part_bounds_what_one_test_can_show() -> None:
    """Even of somebody who would be asked everything."""
    shown = Counter[str]()
    for number in range(200):
        asked: list[str] = []
        for _ in range(MAX_ITEMS):
            item = next_item(BANK, UUID(int=number), asked, 0.0, ())
            assert item
            asked.append(item.id)
        shown.update(asked)
    assert max(shown.values()) < 200
    assert max(shown.values()) / 200 <= bound(200)


def test_a_second_try_asks_nothing_of_the_first_while_others_remain() -> None:
    first = [answer.item_id for answer in sat(BANK, SEED, 0.1)[0]]
    second = [answer.item_id for answer in sat(BANK, UUID(int=5), 0.1, tuple(first))[0]]
    fresh = len(BANK.items) - len(first)
    assert not set(second[:fresh]) & set(first)


def test_when_all_was_seen_the_longest_ago_comes_first() -> None:
    seen = [item.id for item in BANK.items]
    random.Random(4).shuffle(seen)
    first = next_item(BANK, SEED, [], 0.0, seen)
    assert first
    assert first.id == seen[0]
    second = next_item(BANK, SEED, seen[:1], 0.0, seen)
    assert second
    assert second.id == seen[1]
    assert next_item(BANK, SEED, seen, 0.0, seen) is None


def test_a_bank_that_is_used_up_ends_the_test() -> None:
    small = replace(BANK, items=BANK.items[:5])
    answers = [Answer(item.id, True) for item in small.items]
    step = advance(small, SEED, answers, ())
    assert step.item is None


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, services.ai.assessments;"
        "print([name for name in ('catsim', 'scipy', 'numpy', 'numexpr') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_difficulty_that_experts_got_wrong_is_mended_by_answers() -> None:
    guessed, truth = BANK.items[0], BANK.items[0].b + 1.2
    generator = random.Random(11)
    people = [generator.gauss(truth, 1) for _ in range(400)]
    real = replace(guessed, b=truth)
    answers = [(ability, generator.random() < probability(real, ability)) for ability in people]
    few, error_of_few = recalibrated(guessed, answers[:5])
    many, error_of_many = recalibrated(guessed, answers)
    assert abs(many - truth) < 3 * error_of_many < 0.6
    assert abs(few - guessed.b) < abs(many - guessed.b)
    assert error_of_many < error_of_few
    assert recalibrated(guessed, []) == (pytest.approx(guessed.b, abs=0.003), pytest.approx(0.7, abs=0.01))

"""Difficulties from answers."""

import math
import random
from dataclasses import replace
from uuid import UUID, uuid4

from click.testing import CliRunner

from services.ai.assessments import Item
from services.careerforge.calibration import LEAST_ANSWERS, calibrate, calibrated
from services.cli import main
from services.kit.settings import Settings
from tests.builders import a_token_holder
from tests.careerforge.examined import PYTHON, Sitter
from tests.harness import System

WRONG = PYTHON.items[3]


def answered(people: int) -> list[tuple[UUID, str, bool]]:
    """By people who find one question 1.5 logits harder than experts guessed."""
    generator, found = random.Random(5), []

    def is_right(item: Item, ability: float) -> bool:
        right = item.c + (1 - item.c) / (1 + math.exp(-item.a * (ability - item.b)))
        return generator.random() < right

    for number in range(people):
        ability = generator.gauss(-0.5, 1)
        for item in (WRONG, *generator.sample([i for i in PYTHON.items if i is not WRONG], 11)):
            real = replace(item, b=item.b + 1.5) if item is WRONG else item
            found.append((UUID(int=number), item.id, is_right(real, ability)))
    return found


def test_a_question_that_experts_got_wrong_is_the_first_to_be_named() -> None:
    first, *rest = calibrated(PYTHON, answered(300))
    assert first.item_id == WRONG.id
    assert abs(first.after - (WRONG.b + 1.5)) < 0.5
    assert max(abs(one.after - one.before) for one in rest) < 1


def test_of_few_answers_nothing_is_said() -> None:
    assert [one.item_id for one in calibrated(PYTHON, answered(LEAST_ANSWERS))] == [WRONG.id]
    assert calibrated(PYTHON, answered(LEAST_ANSWERS - 1)) == []


async def test_answers_of_everybody_are_read(system: System, clean: None) -> None:
    sitter = Sitter(system, await a_token_holder(system))
    test = await sitter.start()
    await system.database.executemany(
        "insert into careerforge.assessments (id, user_id, skill_id, state) values ($1, $2, $3, 'PASSED')",
        many := [(uuid4(), UUID(sitter.person.id), PYTHON.skill_id) for _ in range(LEAST_ANSWERS)],
    )
    await system.database.executemany(
        "insert into careerforge.assessment_answers (id, assessment_id, user_id, number, item_id, ask_time, expire_time, correct)"
        " values ($1, $2, $3, 1, $4, now(), now(), false)",
        [(uuid4(), row[0], row[1], WRONG.id) for row in many],
    )
    assert test.item.id
    found = (await calibrate(Settings.of("careerforge", system.environment)))["Python"]
    assert [(one.item_id, one.answers) for one in found] == [(WRONG.id, LEAST_ANSWERS)]
    assert found[0].after > WRONG.b


def test_the_command_says_what_it_does() -> None:
    assert "Changes no bank" in CliRunner().invoke(main, ["assessments", "calibrate", "--help"]).output

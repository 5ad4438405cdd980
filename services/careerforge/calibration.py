"""What people answered, against what experts guessed: the difficulties of a bank, estimated anew."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.ai.assessments import Answer, Bank, estimate, load_banks, recalibrated
from services.ai.assessments.banks import FOLDER
from services.careerforge import assessment_queries as queries
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings

# Fewer say more about the people than about the question.
LEAST_ANSWERS = 30


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Difficulty as the bank has it and as the answers have it, logits."""

    item_id: str
    answers: int
    before: float
    after: float
    standard_error: float


async def calibrate(settings: Settings) -> dict[str, list[Calibrated]]:
    """Of each bank, by label: the questions with enough answers, what is furthest off first."""
    found = {}
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db:
        for bank in load_banks(Path(settings.assessment_banks or FOLDER)).values():
            async with db.read() as session:
                given = await queries.all_answers(session, bank.skill_id)
            found[bank.label] = await asyncio.to_thread(calibrated, bank, given)
    return found


def calibrated(bank: Bank, given: Sequence[tuple[UUID, str, bool]]) -> list[Calibrated]:
    """`given`: test, question and whether the answer was right."""
    tests: dict[UUID, list[Answer]] = {}
    for test_id, item_id, correct in given:
        tests.setdefault(test_id, []).append(Answer(item_id, correct))
    answers: dict[str, list[tuple[float, bool]]] = {}
    for test in tests.values():
        for place, answer in enumerate(test):
            # Without the question itself, which would speak for its own difficulty.
            rest = estimate(bank, [*test[:place], *test[place + 1 :]])
            answers.setdefault(answer.item_id, []).append((rest.ability, answer.correct))
    found = []
    for item in bank.items:
        told = answers.get(item.id, [])
        if len(told) >= LEAST_ANSWERS:
            after, error = recalibrated(item, told)
            found.append(Calibrated(item.id, len(told), item.b, round(after, 2), round(error, 2)))
    return sorted(found, key=lambda one: (-abs(one.after - one.before), one.item_id))

"""How far a person has come, and what comes next."""

from datetime import UTC, datetime

import pytest
from skillsync.careerforge.v1 import growth_pb2

from services.careerforge.achievements import progress_of
from services.careerforge.tables import POINTS, Milestone
from tests.builders import a_job_seeker
from tests.careerforge.shown import Showing
from tests.harness import System

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def reached(
    kind: str, title: str = "x", month: tuple[int, int] = (2026, 11), verification: str = "NONE", proof_url: str = ""
) -> Milestone:
    row = Milestone(milestone_type=kind, title=title, proof_url=proof_url)
    row.become(verification)
    row.create_time = datetime(*month, 3, tzinfo=UTC)
    return row


async def test_unproven_milestones_count_half(system: System) -> None:
    ada = Showing(system, await a_job_seeker(system))
    for _ in range(2):
        made = await ada.reach("A job", growth_pb2.MILESTONE_TYPE_JOB_SECURED)
        assert (made.achievement_points, made.verified) == (50, False)
    progress = await ada.progress()
    assert (progress.achievement_score, progress.level, progress.points_to_next_level) == (100, 2, 100)
    assert (progress.streak_months, progress.longest_streak_months) == (1, 1)
    assert [(c.count, c.verified_count) for c in progress.counts if c.count] == [(2, 0)]
    assert await ada.score() == 100


async def test_the_seeds_path_tells_the_progress(system: System) -> None:
    ada = Showing(system, await a_job_seeker(system))
    await ada.reach()
    answer = await system.rest.get("/achievements/progress", headers=ada.person.headers)
    assert (answer.status_code, answer.json()["achievementScore"]) == (200, 25)


async def test_who_has_nothing_yet_is_told_what_comes_next(system: System) -> None:
    progress = await Showing(system, await a_job_seeker(system)).progress()
    assert (progress.achievement_score, progress.level, progress.streak_months) == (0, 1, 0)
    assert list(progress.next_steps) == [
        "100 points to level 2: one job, once verified, is enough.",
        "Record a first job: it brings 50 points, and 100 once verified.",
        "Record a first skill mastered: it brings 15 points, and 30 once verified.",
    ]


@pytest.mark.parametrize(
    ("months", "streak", "longest"),
    [
        ([], 0, 0),
        ([(2026, 11)], 1, 1),
        ([(2026, 10)], 1, 1),
        ([(2026, 9)], 0, 1),
        ([(2026, 9), (2026, 10), (2026, 11), (2026, 11)], 3, 3),
        ([(2025, 11), (2025, 12), (2026, 1), (2026, 2), (2026, 10)], 1, 4),
    ],
)
def test_a_streak_is_months_in_a_row_until_a_month_is_over_without(
    months: list[tuple[int, int]], streak: int, longest: int
) -> None:
    found = progress_of([reached("cert_earned", month=month) for month in months], NOW)
    assert (found.streak_months, found.longest_streak_months) == (streak, longest)


def test_a_streak_that_is_about_to_break_comes_first() -> None:
    rows = [reached("cert_earned", month=month, verification="ACCEPTED") for month in ((2026, 9), (2026, 10))]
    first = progress_of(rows, NOW).next_steps[0]
    assert first == "Record a milestone by 30 November: it keeps your streak of 2 months."
    kept = progress_of([*rows, reached("cert_earned", verification="ACCEPTED")], NOW)
    assert not any("streak" in step for step in kept.next_steps)


def test_proofs_that_are_missing_come_by_what_they_bring() -> None:
    rows = [
        reached("skill_mastered", "Python"),
        reached("job_secured", "Example Works", proof_url="https://example.org"),
        reached("cert_earned", "CKA", verification="REJECTED", proof_url="https://example.org"),
        reached("cert_earned", "AWS", verification="ACCEPTED"),
        reached("project_completed", "Map", verification="IN_REVIEW"),
    ]
    steps = progress_of(rows, NOW).next_steps
    assert steps[:3] == [
        "Send the proof of “Example Works” to be verified: that brings 50 more points.",
        "The proof of “CKA” was not accepted: change it and send it again; that brings 25 more points.",
        "Add a proof of “Python”, a link or a file, and have it verified: that brings 15 more points.",
    ]
    assert not any("AWS" in step or "Map" in step for step in steps)


@pytest.mark.parametrize(
    ("rows", "step"),
    [
        ([("cert_earned", "ACCEPTED"), ("skill_mastered", "ACCEPTED")], "20 points to level 2: one project completed, once"),
        ([("cert_earned", "ACCEPTED"), ("job_secured", "NONE")], "100 points to level 3: one job, once verified, is"),
        ([("cert_earned", "ACCEPTED"), ("cert_earned", "NONE"), ("skill_mastered", "NONE")], "10 points to level 2: one project"),
    ],
)  # fmt: skip
def test_the_next_level_is_named_with_the_least_that_is_enough(rows: list[tuple[str, str]], step: str) -> None:
    found = progress_of([reached(kind, verification=state) for kind, state in rows], NOW)
    assert any(one.startswith(step) for one in found.next_steps), found.next_steps


def test_points_and_levels_add_up_for_every_score() -> None:
    rows: list[Milestone] = []
    for number in range(60):
        rows.append(reached(list(POINTS)[number % 4], verification=("NONE", "ACCEPTED", "IN_REVIEW")[number % 3]))
        found = progress_of(rows, NOW)
        assert found.score == sum(row.achievement_points for row in rows)
        assert found.level * 100 == found.score + found.points_to_next_level
        assert len(found.next_steps) <= 10

"""What runs beside the calls does not end by itself."""

import asyncio

import pytest

from services.kit import background
from services.kit.background import beside, for_ever
from services.kit.errors import Unavailable


async def test_a_loop_goes_on_whatever_its_step_raises(caplog: pytest.LogCaptureFixture) -> None:
    """And says so; where from, only of what was not foreseen."""
    done = asyncio.Event()
    failures = [ValueError("no"), Unavailable("postgres"), RuntimeError("nor now")]

    async def step() -> None:
        if failures:
            raise failures.pop() from OSError("refused\non port 5432")
        done.set()

    async with beside(for_ever(step, 0.001, "step")):
        await asyncio.wait_for(done.wait(), 60)
    said = [record for record in caplog.records if record.getMessage().startswith("cannot step; trying again")]
    assert [record.exc_info is not None for record in said] == [True, False, True]
    assert said[1].getMessage().endswith("postgres does not answer; try again (OSError('refused\\non port 5432'))")


async def test_waking_ends_the_pause_and_the_block_ends_the_loop() -> None:
    steps, wake = asyncio.Semaphore(0), asyncio.Event()

    async def step() -> None:
        steps.release()

    async with beside(for_ever(step, 3600, "step", wake)):
        await asyncio.wait_for(steps.acquire(), 60)
        await asyncio.sleep(0)
        wake.set()
        await asyncio.wait_for(steps.acquire(), 60)
    wake.set()
    await asyncio.sleep(0.01)
    assert steps.locked()


@pytest.mark.parametrize("turns", range(6))
async def test_a_loop_that_is_woken_and_ended_in_the_same_moment_ends(turns: int) -> None:
    wake = asyncio.Event()
    task = asyncio.create_task(for_ever(lambda: asyncio.sleep(0), 60, "sleep", wake))
    await asyncio.sleep(0.01)
    wake.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=30)
    task.cancel()
    assert done


async def test_a_step_that_loses_its_cancelling_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "CANCEL_SECONDS", 0.01)
    begun, lost = asyncio.Event(), []

    async def step() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if not lost:
                lost.append("as a library in its own timeout")
                return
            raise

    async with asyncio.timeout(60):
        async with beside(for_ever(step, 3600, "step")):
            await begun.wait()
    assert lost

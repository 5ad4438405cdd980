"""What runs beside the calls does not end by itself."""

import asyncio

import pytest

from services.kit.background import beside, for_ever


async def test_a_loop_goes_on_whatever_its_step_raises() -> None:
    done = asyncio.Event()
    failures = [ValueError("no"), RuntimeError("nor now")]

    async def step() -> None:
        if failures:
            raise failures.pop()
        done.set()

    async with beside(for_ever(step, 0.001, "step")):
        await asyncio.wait_for(done.wait(), 5)


async def test_waking_ends_the_pause_and_the_block_ends_the_loop() -> None:
    steps, wake = asyncio.Semaphore(0), asyncio.Event()

    async def step() -> None:
        steps.release()

    async with beside(for_ever(step, 3600, "step", wake)):
        await asyncio.wait_for(steps.acquire(), 5)
        await asyncio.sleep(0)
        wake.set()
        await asyncio.wait_for(steps.acquire(), 5)
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
    done, _ = await asyncio.wait({task}, timeout=1)
    task.cancel()
    assert done

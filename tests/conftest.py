"""One system for all tests that need one."""

from collections.abc import AsyncIterator

import pytest

from tests.harness import System, running_system


@pytest.fixture(scope="session")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with running_system(tmp_path_factory.mktemp("system")) as found:
        yield found


@pytest.fixture
async def clean(system: System) -> AsyncIterator[None]:
    """Nothing is there before the test, nothing stays after it."""
    await system.clean()
    yield
    await system.clean()

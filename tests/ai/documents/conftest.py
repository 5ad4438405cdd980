"""A pool for all tests of documents that only want to read or scan."""

from collections.abc import Iterator

import pytest

from services.ai.documents import Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with Pool(1) as pool:
        yield pool

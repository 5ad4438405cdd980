"""Children that read by `probes`: they try what the document says, and the answer is how that went."""

import os
from collections.abc import Iterator

import pytest

from services.ai.documents import Pool
from tests.ai.documents.sandbox.attempts import PROBES


@pytest.fixture(scope="module")
def probes() -> Iterator[Pool]:
    os.environ["SKILLSYNC_SECRET"] = "hunter2"
    try:
        with Pool(2, PROBES) as pool:
            yield pool
    finally:
        del os.environ["SKILLSYNC_SECRET"]

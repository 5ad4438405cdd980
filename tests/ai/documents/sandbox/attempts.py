"""Asking a child to try something."""

from collections.abc import Callable

import pytest

from services.ai.documents import DocumentError, Kind, Pool

PROBES = "tests.ai.documents.sandbox.probes"


def tried(pool: Pool, what: str, kind: Kind = Kind.TEXT) -> str:
    """What came of it, by the words of `probes`."""
    return pool.extract(what.encode(), kind).text.strip()


def refusal(action: Callable[[], object]) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        action()
    assert caught.value.reason == "FILE_UNREADABLE"
    return caught.value

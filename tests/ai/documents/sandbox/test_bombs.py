"""Files made to take for ever end within ten seconds."""

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from services.ai.documents import DocumentError, Kind, Pool, scan_file
from tests.ai.documents import hostile
from tests.ai.documents.sandbox.attempts import PROBES, refusal

# Seconds of wall clock that a document may take, and how long the machine may be busy with other things meanwhile.
MOST, SLACK = 10, 20

BOMBS: dict[str, tuple[Kind, Callable[[], bytes]]] = {
    "stacked Flate": (Kind.PDF, hostile.stacked_flate),
    "pages in a circle": (Kind.PDF, hostile.endless_pages),
    "many pages": (Kind.PDF, hostile.many_pages),
    "zip": (Kind.DOCX, hostile.zip_bomb),
    "deep XML": (Kind.DOCX, lambda: hostile.a_docx("<w:p>" * 200_000)),
    "50,000 pixels": (Kind.PNG, hostile.a_png),
    "a long line": (Kind.TEXT, lambda: b"a" * (5 << 20)),
    "long words": (Kind.TEXT, lambda: b"ab1.-@+ " * (600 << 10)),
    "deep groups": (Kind.RTF, lambda: b"{\\rtf1" + b"{" * (2 << 20) + b"}"),
    "deep tags": (Kind.HTML, lambda: b"<html>" + b"<div>" * (800 << 10)),
    "many marks": (Kind.MARKDOWN, lambda: b"# a\n# b\n" + b"[*_`" * (1 << 20)),
}  # fmt: skip
BY_THE_CHILD = ("memory", "spin", "sleep")


def test_bombs_end_within_ten_seconds_and_nobody_else_notices() -> None:
    """All at once, on as few cores as there are, while an honest document is read again and again."""
    page = hostile.a_page()
    files = {name: (kind, made()) for name, (kind, made) in BOMBS.items()}
    assert len(files["stacked Flate"][1]) < 5000
    with (
        Pool(2) as honest,
        Pool(4) as attacked,
        Pool(3, PROBES) as probes,
        ThreadPoolExecutor(4) as threads,
        ThreadPoolExecutor(3) as others,
    ):
        before = [_seconds(lambda: honest.extract(page, Kind.PDF)) for _ in range(8)]
        waiting = [threads.submit(_ended, attacked, kind, data) for kind, data in files.values()]
        waiting += [others.submit(_probed, probes, what) for what in BY_THE_CHILD]
        during = []
        while not all(future.done() for future in waiting):
            during.append(_seconds(lambda: honest.extract(page, Kind.PDF)))
            time.sleep(0.05)
        took = dict(zip([*files, *BY_THE_CHILD], [future.result() for future in waiting], strict=True))
    assert max(took.values()) < MOST + SLACK, took
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    fair = max(1, (4 + 3 + 1) / cores)
    assert statistics.median(during) < 3 * fair * statistics.median(before) + 0.1


def _seconds(action: Callable[[], object]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


def _ended(pool: Pool, kind: Kind, data: bytes) -> float:
    """The longer of looking into it and reading it; each with a document or a clear error at its end."""

    def attempt(action: Callable[[], object]) -> None:
        with suppress(DocumentError):
            action()

    with pool.open(data, kind) as file:
        scanning = _seconds(lambda: attempt(lambda: scan_file(file)))
        return max(scanning, _seconds(lambda: attempt(file.extract)))


def _probed(pool: Pool, what: str) -> float:
    """Of a child that has looked into the file before."""
    with pool.open(f"say:hello|{what}".encode(), Kind.TEXT) as file:
        file.inspect()
        return _seconds(lambda: refusal(file.extract))

"""A small share of the nightly executions, on every push; and the fuzzer itself finds what it has to find."""

import os
import signal
from pathlib import Path

import pytest

from services.ai.documents import readers
from tests.fuzz.batches import Result, run, save
from tests.fuzz.execute import a_file

EXECUTIONS, SEED = 10_000, 4


def ended(executions: int, seed: int = SEED) -> Result:
    *_, result = run(seed, executions, 60, os.cpu_count() or 1)
    return result


def test_ten_thousand_mutated_files_break_nothing(tmp_path: Path) -> None:
    result = ended(EXECUTIONS)
    assert not result.failures, [path.with_suffix(".txt").read_text() for path in save(SEED, result, tmp_path)]
    assert {kind for kind, verdict in result.verdicts if verdict == "read"} >= {
        "PDF",
        "DOCX",
        "ODT",
        "RTF",
        "HTML",
        "MARKDOWN",
        "TEXT",
    }


@pytest.mark.parametrize("breaks", ["raises", "dies", "hangs"])
def test_a_reader_that_breaks_is_found(breaks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, kind: object) -> object:
        if breaks == "raises":
            raise KeyError("x")
        if breaks == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        while True:
            pass

    monkeypatch.setattr(readers, "read", broken)
    monkeypatch.setattr("tests.fuzz.batches.HANG_SECONDS", 0.2)
    result = ended(4)
    assert result.executions == 4
    assert {"raises": result.escaped, "dies": result.died, "hangs": result.hung}[breaks]


def test_files_are_the_same_for_the_same_seed() -> None:
    assert [a_file(1, n) for n in range(50)] == [a_file(1, n) for n in range(50)]
    assert [a_file(1, n) for n in range(50)] != [a_file(2, n) for n in range(50)]

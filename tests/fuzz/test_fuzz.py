"""A small share of the nightly executions, on every push; and the fuzzer itself finds what it has to find."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.ai.documents import readers
from services.ai.documents.sandbox import child
from tests.fuzz.batches import run
from tests.fuzz.execute import a_file

EXECUTIONS = 10_000
READ = re.compile(r"│ (\w+) +│ +([1-9]\d*) │")
"""A kind and how many of its files were read: the first column of the table."""


# A minute on an idle machine; several on a busy one.
@pytest.mark.timeout(600)
def test_ten_thousand_mutated_files_break_nothing(tmp_path: Path) -> None:
    """In a process of its own: the forks of one with servers in it would have their threads' locks."""
    command = f"-m tests.fuzz --executions {EXECUTIONS} --seconds 500 --seed 4 --save {tmp_path}"
    wide = os.environ | {"COLUMNS": "200"}
    done = subprocess.run([sys.executable, *command.split()], env=wide, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + "".join(path.read_text() for path in tmp_path.glob("*.txt"))
    assert f"{EXECUTIONS} executions" in done.stdout
    assert dict(READ.findall(done.stdout)).keys() >= {"PDF", "DOCX", "ODT", "RTF", "HTML", "MARKDOWN", "TEXT"}


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
    *_, result = run(4, 4, 60, 2)
    assert result.executions == 4
    assert {"raises": result.escaped, "dies": result.died, "hangs": result.hung}[breaks]
    assert not [name for name in child.RECOGNITION_PACKAGES if name in sys.modules and sys.modules[name] is None]


def test_files_are_the_same_for_the_same_seed() -> None:
    assert [a_file(1, n) for n in range(50)] == [a_file(1, n) for n in range(50)]
    assert [a_file(1, n) for n in range(50)] != [a_file(2, n) for n in range(50)]

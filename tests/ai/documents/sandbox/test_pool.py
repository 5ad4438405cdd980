"""Whatever a child does, only its own caller hears of it; a pool outlives its children and ends with its owner."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from services.ai.documents import DocumentError, Kind, Pool, SandboxDown, extract, readers
from tests.ai.documents import hostile
from tests.ai.documents.sandbox.attempts import PROBES, refusal, tried


@pytest.mark.parametrize("what", ["crash", "exit", "memory", "recursion"])
def test_what_a_document_breaks_is_its_own_child(what: str, probes: Pool) -> None:
    message = str(refusal(lambda: tried(probes, what)))
    assert "memory" in message if what == "memory" else "damaged" in message
    assert tried(probes, "say:hello") == "hello"


@pytest.mark.parametrize(
    "what",
    [
        "answer:D,nonsense",
        "answer:D,huge",
        "answer:D,",
        "answer:P,x",
        'answer:E,["OTHER","x"]',
        "answer:X,y",
        "answer:E,[[",
    ],
)
def test_a_child_that_answers_nonsense_is_not_believed(what: str, probes: Pool) -> None:
    refusal(lambda: tried(probes, what))
    assert tried(probes, "say:hello") == "hello"


def test_pictures_are_read_by_children_that_have_recognition_loaded(probes: Pool) -> None:
    assert tried(probes, "say:hello", Kind.PNG) == "hello"


def test_a_pool_whose_process_is_killed_starts_another() -> None:
    with Pool(1, PROBES) as pool:
        tried(pool, "say:hello")
        pool.text._warm._process.kill()
        pool.text._warm._process.wait()
        assert [tried(pool, "say:hello") for _ in range(3)] == ["hello"] * 3


def test_a_reader_that_does_not_start_is_no_fault_of_the_document(capfd: pytest.CaptureFixture[str]) -> None:
    with Pool(1, "tests.ai.documents.sandbox.nowhere") as pool, pytest.raises(SandboxDown):
        pool.extract(b"Ada", Kind.TEXT)
    assert "nowhere" in capfd.readouterr().err, "the operator sees why"


def _until_closed(pool: Pool) -> None:
    with suppress(DocumentError, SandboxDown):
        tried(pool, "sleep")


def test_a_closed_pool_leaves_no_process() -> None:
    with Pool(2, PROBES) as pool:
        tried(pool, "say:hello")
        warm = pool.text._warm._process
        thread = threading.Thread(target=_until_closed, args=(pool,))
        thread.start()
        time.sleep(0.2)
        children = Path(f"/proc/{warm.pid}/task/{warm.pid}/children")
        pids = children.read_text().split() if children.exists() else []
    deadline = time.monotonic() + 60
    while any(_lives(int(pid)) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert warm.poll() is not None
    assert not [pid for pid in pids if _lives(int(pid))]


def test_a_closed_pool_reads_nothing_and_says_so() -> None:
    with Pool(1, PROBES) as pool:
        tried(pool, "say:hello")
    with pytest.raises(SandboxDown):
        pool.extract(b"say:hello", Kind.TEXT)


def test_a_pool_whose_owner_is_killed_ends_with_it(tmp_path: Path) -> None:
    made = f"from services.ai.documents import Pool\npool = Pool(1, {PROBES!r})\n"
    program = made + "print(pool.text._warm._process.pid, flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout
        pid = int(owner.stdout.readline())
        owner.kill()
    deadline = time.monotonic() + 60
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_callers_from_many_threads_get_their_own_answers(probes: Pool) -> None:
    said = [f"say:{n}" for n in range(60)]
    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(lambda what: tried(probes, what), said)) == [what[4:] for what in said]


def test_a_document_is_the_same_from_a_child_as_from_here() -> None:
    page = hostile.a_page("Zoë, C++ & Go")
    assert extract(page, Kind.PDF) == readers.read(page, Kind.PDF)

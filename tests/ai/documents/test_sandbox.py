"""A child can read its document and nothing else; whatever it does, only its own caller hears of it, within ten seconds."""

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.documents import (
    Concealed,
    Concealment,
    Document,
    DocumentError,
    Kind,
    Line,
    Pool,
    SandboxDown,
    child_answer,
    extract,
    readers,
    sandbox_seccomp,
    scan,
)
from services.ai.documents.document import from_lines
from tests.ai.documents import hostile

PROBES = "tests.ai.documents.probes"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter and Landlock are Linux's")
# Seconds of wall clock that a document may take, and how long the machine may be busy with other things meanwhile.
MOST, SLACK = 10, 5


@pytest.fixture(scope="module")
def probes() -> Iterator[Pool]:
    os.environ["SKILLSYNC_SECRET"] = "hunter2"
    try:
        with Pool(2, PROBES) as pool:
            yield pool
    finally:
        del os.environ["SKILLSYNC_SECRET"]


def tried(pool: Pool, what: str, kind: Kind = Kind.TEXT) -> str:
    return pool.extract(what.encode(), kind).text.strip()


def refusal(action: Callable[[], object]) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        action()
    assert caught.value.reason == "FILE_UNREADABLE"
    return caught.value


@LINUX
@pytest.mark.parametrize(
    "what",
    [
        "socket",
        "unix socket",
        "exec",
        "program",
        "fork",
        "kill:1",
        "call:ptrace",
        "call:process_vm_readv",
        "call:memfd_create",
        "call:bpf",
        "call:io_uring_setup",
        "call:unshare",
        "call:setrlimit",
    ],
)
def test_a_child_reaches_nobody(what: str, probes: Pool) -> None:
    assert tried(probes, what) == "EPERM"


@LINUX
def test_a_child_starts_no_thread(probes: Pool) -> None:
    assert tried(probes, "thread") == "can't start new thread"


@LINUX
def test_a_child_changes_no_file(tmp_path: Path, probes: Pool) -> None:
    (tmp_path / "a").write_text("kept")
    for what in (f"write:{tmp_path}/b", f"append:{tmp_path}/a", f"remove:{tmp_path}/a", f"make:{tmp_path}/c"):
        assert tried(probes, what) in {"EPERM", "EACCES"}, what
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "kept")]


@LINUX
def test_a_child_reads_no_file_but_pythons(tmp_path: Path, probes: Pool) -> None:
    (tmp_path / "secret").write_text("hunter2")
    theirs = (
        f"{tmp_path}/secret",
        "/etc/passwd",
        "/proc/self/environ",
        f"/proc/{os.getpid()}/environ",
        "/proc/1/cmdline",
        str(Path(__file__).parents[3] / "pyproject.toml"),
    )
    assert {path: tried(probes, f"read:{path}") for path in theirs} == dict.fromkeys(theirs, "EACCES")
    assert tried(probes, f"list:{Path.home()}") == "EACCES"
    assert tried(probes, f"read:{os.__file__}").startswith("done")


def test_a_child_has_neither_our_environment_nor_our_files(probes: Pool) -> None:
    assert os.environ["SKILLSYNC_SECRET"]
    assert "SKILLSYNC_SECRET" not in tried(probes, "environment")
    assert tried(probes, "descriptors").count(",") == 0, "its connection alone"


def test_no_document_meets_another(probes: Pool) -> None:
    assert [tried(probes, "seen") for _ in range(4)] == ["1"] * 4


def test_what_a_child_prints_goes_nowhere(probes: Pool, capfd: pytest.CaptureFixture[str]) -> None:
    tried(probes, "noise")
    assert capfd.readouterr() == ("", "")


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
        pool._text._warm._process.kill()
        pool._text._warm._process.wait()
        assert [tried(pool, "say:hello") for _ in range(3)] == ["hello"] * 3


def test_a_reader_that_does_not_start_is_no_fault_of_the_document(capfd: pytest.CaptureFixture[str]) -> None:
    with Pool(1, "tests.ai.documents.nowhere") as pool, pytest.raises(SandboxDown):
        pool.extract(b"Ada", Kind.TEXT)
    assert "nowhere" in capfd.readouterr().err, "the operator sees why"


def test_a_closed_pool_leaves_no_process() -> None:
    with Pool(2, PROBES) as pool:
        tried(pool, "say:hello")
        warm = pool._text._warm._process
        thread = threading.Thread(target=lambda: pytest.raises((DocumentError, SandboxDown), tried, pool, "sleep"))
        thread.start()
        time.sleep(0.2)
        children = Path(f"/proc/{warm.pid}/task/{warm.pid}/children")
        pids = children.read_text().split() if children.exists() else []
    deadline = time.monotonic() + 5
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
    program = made + "print(pool._text._warm._process.pid, flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout
        pid = int(owner.stdout.readline())
        owner.kill()
    deadline = time.monotonic() + 5
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

    scanning = _seconds(lambda: attempt(lambda: scan(data, kind, pool=pool)))
    return max(scanning, _seconds(lambda: attempt(lambda: pool.extract(data, kind))))


def _probed(pool: Pool, what: str) -> float:
    return _seconds(lambda: refusal(lambda: tried(pool, what)))


def test_a_document_is_the_same_from_a_child_as_from_here() -> None:
    page = hostile.a_page("Zoë, C++ & Go")
    assert extract(page, Kind.PDF) == readers.read(page, Kind.PDF)


finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
boxes = st.tuples(finite, finite, finite, finite)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    lines = []
    for text in draw(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=20), max_size=6)):
        edges = draw(st.sampled_from([(), tuple(range(len(text) + 1))]))
        made = Line(
            0,
            0,
            draw(st.integers(0, 3)),
            draw(boxes),
            tuple(map(float, edges)),
            draw(finite),
            *draw(st.tuples(st.booleans(), st.booleans())),
        )
        lines.append(
            (
                text,
                replace(
                    made,
                    heading=draw(st.integers(0, 6)),
                    bullet=draw(st.booleans()),
                    block=draw(st.integers(0, 9)),
                    confidence=0.5,
                ),
            )
        )
    concealed = tuple(
        Concealed(text, draw(st.sampled_from(Concealment)), 1, draw(boxes))
        for text in draw(st.lists(st.text(st.characters(exclude_categories=("Cs",))), max_size=3))
    )
    return from_lines(
        lines,
        3,
        draw(st.sampled_from([(), ((612.0, 792.0),) * 3])),
        concealed,
        draw(st.booleans()),
        draw(st.integers(1, 4)),
    )


@given(documents())
def test_a_document_survives_the_way(document: Document) -> None:
    assert child_answer.unpack_document(child_answer.pack_document(document)) == document


def test_every_field_of_a_line_goes_the_way() -> None:
    line = Line(0, 3, 2, (1.0, 2.0, 3.0, 4.0), (1.0, 1.5, 2.0, 3.0), 12.0, True, True, 2, True, 7, 0.25)
    assert all(
        getattr(line, field.name) != field.default for field in fields(Line) if field.name not in ("start", "end")
    )
    concealed = (Concealed("x", Concealment.TINY, 1, (0.0, 1.0, 2.0, 3.0)),)
    document = Document("Ada\n", (line,), 2, ((612.0, 792.0),) * 2, concealed, True, 2, ((0, 3, "mailto:"),))
    assert all(getattr(document, field.name) != field.default for field in fields(Document))
    assert child_answer.unpack_document(child_answer.pack_document(document)) == document


WHOLE = child_answer.pack_document(
    from_lines([("Ada Example", Line(0, 0, 1, (1, 2, 3, 4), tuple(map(float, range(12)))))], 1, ((612.0, 792.0),))
)


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8), st.integers(0, len(WHOLE)))
def test_a_forged_answer_is_a_sound_document_or_none(place: int, piece: bytes, cut: int) -> None:
    for forged in (WHOLE[:place] + piece + WHOLE[place + len(piece) :], WHOLE[:cut]):
        try:
            document = child_answer.unpack_document(forged)
        except ValueError:
            continue
        assert all(
            0 <= line.start <= line.end <= len(document.text) and line.page <= document.page_count
            for line in document.lines
        )


@given(st.binary(max_size=200))
def test_forged_parts_and_errors_are_sound_or_none(forged: bytes) -> None:
    for unpack in (child_answer.unpack_parts, child_answer.unpack_error):
        with suppress(ValueError):
            unpack(forged)


def test_machines_without_a_list_of_calls_are_refused() -> None:
    with pytest.raises(OSError, match="riscv64"):
        sandbox_seccomp.program("riscv64")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_jump_of_the_filter_leaves_it(machine: str) -> None:
    code = sandbox_seccomp.program(machine)
    steps = [(code[n : n + 2], code[n + 2], code[n + 3]) for n in range(0, len(code), 8)]
    assert len(steps) < 256
    jumps = [(place, yes, no) for place, (code_, yes, no) in enumerate(steps) if code_ != b"\x06\0"]
    assert all(place + 1 + max(yes, no) < len(steps) for place, yes, no in jumps)
    assert code[-16:] == sandbox_seccomp._instruction(6, 0, 0, sandbox_seccomp.REFUSE) + sandbox_seccomp._instruction(
        6, 0, 0, sandbox_seccomp.ALLOW
    )


def test_limits_are_the_childs_and_not_ours(probes: Pool) -> None:
    tried(probes, "say:hello")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0

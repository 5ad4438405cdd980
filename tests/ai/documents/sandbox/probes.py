"""A reader that is the attacker: it tries what it is given the name of, and its document says how that went. Only tests load it."""

import ctypes
import errno
import os
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from services.ai.documents import Document, Kind, Line
from services.ai.documents.document import from_lines

SEEN: list[bytes] = []
LIBC = ctypes.CDLL(None, use_errno=True)
SYSTEM_CALLS = {
    "ptrace": 101,
    "process_vm_readv": 310,
    "memfd_create": 319,
    "bpf": 321,
    "io_uring_setup": 425,
    "unshare": 272,
    "setrlimit": 160,
}


def preload() -> None:
    """Nothing."""


def inspect(data: bytes, kind: Kind) -> list[tuple[str, bytes]]:
    """Does what `data` says before a bar, if there is one; how that went is the only part."""
    SEEN.append(data)
    first, _, _ = data.decode().rpartition("|")
    return [("said", str(attempt(first)).encode())] if first else []


def read(data: bytes, kind: Kind) -> Document:
    """Does what `data` says, after the bar if there is one."""
    SEEN.append(data)
    if data.startswith(b"\x89PNG"):
        return say("letters")
    return say(attempt(data.decode().rpartition("|")[2]))


def attempt(what: str) -> object:
    """A name of `TRIES` and, after a colon, its argument."""
    name, _, argument = what.partition(":")
    return TRIES[name](argument)


def say(*lines: object) -> Document:
    return from_lines([(str(line), Line(0, 0)) for line in lines], 0)


def outcome(action: Callable[[], object]) -> str:
    """What came of it: a result, or the name of the kernel's refusal."""
    try:
        return f"done: {action()}"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, repr(error))
    except RuntimeError as error:
        return str(error)


def system_call(name: str) -> str:
    done = LIBC.syscall(SYSTEM_CALLS[name], 0, 0, 0, 0, 0, 0)
    return f"done: {done}" if done >= 0 else errno.errorcode[ctypes.get_errno()]


def answer_twice(argument: str) -> None:
    """Answers in place of the program, which then answers too: the only descriptor that is open is the connection."""
    letter, _, content = argument.partition(",")
    length = len(content) if content != "huge" else 1 << 40
    connection = next(n for n in range(3, 1024) if outcome(lambda n=n: os.fstat(n)).startswith("done"))
    os.write(connection, struct.pack("<cQ", letter.encode(), length) + content.encode())


def answer_and_end(argument: str) -> None:
    answer_twice(argument)
    os._exit(0)


def more_time() -> tuple[int, int]:
    """The limit once it is not the first one, half of the hard one; it changes within a moment."""
    until = time.monotonic() + 60
    while (now := resource.getrlimit(resource.RLIMIT_CPU))[0] == now[1] // 2 and time.monotonic() < until:
        time.sleep(0.01)
    return now


def spin(argument: str) -> str:
    while True:
        pass


TRIES: dict[str, Callable[[str], object]] = {
    "say": lambda text: text,
    "socket": lambda _: outcome(socket.socket),
    "unix socket": lambda _: outcome(lambda: socket.socket(socket.AF_UNIX)),
    "write": lambda path: outcome(lambda: Path(path).write_text("x")),
    "append": lambda path: outcome(lambda: Path(path).open("a").close()),
    "read": lambda path: outcome(lambda: Path(path).read_bytes()[:20]),
    "list": lambda path: outcome(lambda: os.listdir(path)),
    "remove": lambda path: outcome(lambda: os.unlink(path)),
    "make": lambda path: outcome(lambda: os.mkdir(path)),
    "exec": lambda _: outcome(lambda: os.execv("/bin/true", ["true"])),
    "program": lambda _: outcome(lambda: subprocess.run(["/bin/true"])),
    "fork": lambda _: outcome(os.fork),
    "thread": lambda _: outcome(lambda: threading.Thread(target=print).start()),
    "kill": lambda pid: outcome(lambda: os.kill(int(pid), 0)),
    "call": system_call,
    "environment": lambda _: sorted(os.environ),
    "pid": lambda _: os.getpid(),
    "seen": lambda _: len(SEEN),
    "met": lambda _: {data.decode() for data in SEEN},
    "descriptors": lambda _: [n for n in range(3, 1024) if outcome(lambda n=n: os.fstat(n)).startswith("done")],
    "memory": lambda _: len(bytearray(3 << 30)),
    "spin": spin,
    "time": lambda _: resource.getrlimit(resource.RLIMIT_CPU),
    "more time": lambda _: more_time(),
    "pause": lambda _: time.sleep(0.3),
    "sleep": lambda _: time.sleep(60),
    "crash": lambda _: ctypes.string_at(0),
    "exit": lambda _: os._exit(0),
    "noise": lambda _: print("x" * 100_000, file=sys.stderr, flush=True),
    "recursion": lambda _: TRIES["recursion"](""),
    "answer": answer_and_end,
    "answer twice": answer_twice,
}

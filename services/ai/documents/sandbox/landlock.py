"""Which files a child may read at all: Python's own, the readers', system libraries and fonts. Landlock, Linux 5.13 and later.

System calls and structures as in the kernel's Documentation/userspace-api/landlock.rst.
"""

import ctypes
import os
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from services.ai.documents.sandbox.seccomp import LIBC

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_ONLY, RULE_PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# How many rights over files each version of the interface knows; from 4 on TCP, from 6 on signals and abstract sockets too.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
SYSTEM = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/zoneinfo",
)


def restrict(readable: Iterable[Path]) -> None:
    """From here on for this thread and what it starts. Raises OSError where the kernel has no Landlock or it is off."""
    version = _call(CREATE_RULESET, None, 0, VERSION_ONLY)
    files = (1 << FILE_RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("=QQQ", files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _call(CREATE_RULESET, attributes, size, 0)
    try:
        for path in readable:
            _allow(ruleset, path)
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def readable_paths(packages: Iterable[str]) -> list[Path]:
    """Where the interpreter, what it has installed, these packages and the system's libraries lie."""
    own = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    installed = [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    packed = [str(Path(file).parent) for name in packages if (file := getattr(sys.modules.get(name), "__file__", None))]
    return [path for path in map(Path, dict.fromkeys([*own, *installed, *packed, *SYSTEM])) if path.is_dir()]


def _allow(ruleset: int, path: Path) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _call(ADD_RULE, ruleset, RULE_PATH_BENEATH, struct.pack("=Qi", READ_FILE | READ_DIR, folder), 0)
    finally:
        os.close(folder)


def _call(number: int, *arguments: object) -> int:
    done: int = LIBC.syscall(ctypes.c_long(number), *arguments)
    if done < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return done

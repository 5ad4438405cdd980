"""The kernel's filter on what a child may ask of it: a list of the few calls that reading needs, everything else is refused.

Classic BPF over `struct seccomp_data` (number at 0, architecture at 4, arguments of 8 bytes from 16), as in the kernel's
Documentation/userspace-api/seccomp_filter.rst. Numbers are from asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64).
"""

import ctypes
import errno
import os
import platform
import struct
from functools import lru_cache

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
X32 = 0x40000000  # the same calls once more under other numbers

X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17,
    "readv": 19, "writev": 20, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25, "msync": 26, "mincore": 27,
    "madvise": 28, "dup": 32, "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89,
    "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104,
    "geteuid": 107, "getegid": 108, "getppid": 110, "sigaltstack": 131, "arch_prctl": 158, "gettid": 186, "time": 201,
    "futex": 202, "sched_getaffinity": 204, "getdents64": 217, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269,
    "pselect6": 270, "ppoll": 271, "set_robust_list": 273, "prlimit64": 302, "getcpu": 309, "getrandom": 318, "membarrier": 324,
    "statx": 332, "rseq": 334, "faccessat2": 439,
}  # fmt: skip
AARCH64 = {
    "getcwd": 17, "dup": 23, "fcntl": 25, "faccessat": 48, "openat": 56, "close": 57, "getdents64": 61, "lseek": 62, "read": 63,
    "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pselect6": 72, "ppoll": 73, "readlinkat": 78, "newfstatat": 79,
    "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
    "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128,
    "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153, "uname": 160,
    "getrlimit": 163, "getrusage": 165, "getcpu": 168, "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174,
    "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216,
    "mmap": 222, "mprotect": 226, "msync": 227, "mincore": 232, "madvise": 233, "prlimit64": 261, "getrandom": 278,
    "membarrier": 283, "statx": 291, "rseq": 293, "faccessat2": 439,
}  # fmt: skip
MACHINES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC: none of those that send signals or lock.
HARMLESS_FCNTL = (1, 2, 3, 1030)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install() -> None:
    """From here on for this thread and what it starts. Raises OSError where the kernel has no filters, or the machine has no list."""
    instructions = program(platform.machine())
    filter_ = _Program(len(instructions) // 8, instructions)
    for arguments in ((PR_SET_NO_NEW_PRIVS, 1, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_))):
        if LIBC.prctl(*arguments, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


@lru_cache
def program(machine: str) -> bytes:
    """The filter as instructions of 8 bytes: calls by arguments first, then the list, then the refusal."""
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}")
    architecture, numbers = MACHINES[machine]
    code = [
        _instruction(LOAD, 0, 0, ARCHITECTURE),
        _instruction(JUMP_EQUAL, 1, 0, architecture),
        _instruction(RETURN, 0, 0, KILL),
        _instruction(LOAD, 0, 0, NUMBER),
        _instruction(JUMP_AT_LEAST, 0, 1, X32),
        _instruction(RETURN, 0, 0, REFUSE),
    ]
    by_argument = {
        "openat": _only_reading(2),
        "open": _only_reading(1),
        "fcntl": _one_of(1, HARMLESS_FCNTL),
        "prlimit64": _no_pointer(2),
    }
    for name, check in by_argument.items():
        if name in numbers:
            code += [_instruction(JUMP_EQUAL, 0, len(check), numbers[name]), *check]
    plain = [number for name, number in numbers.items() if name not in by_argument]
    for left, number in zip(range(len(plain) - 1, -1, -1), plain, strict=True):
        code.append(_instruction(JUMP_EQUAL, left + 1, 0, number))
    return b"".join([*code, _instruction(RETURN, 0, 0, REFUSE), _instruction(RETURN, 0, 0, ALLOW)])


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _argument(index: int, high: bool = False) -> bytes:
    """Both machines are little-endian."""
    return _instruction(LOAD, 0, 0, ARGUMENTS + 8 * index + 4 * high)


def _only_reading(flags: int) -> list[bytes]:
    return [
        _argument(flags),
        _instruction(JUMP_ANY_BIT, 1, 0, WRITING),
        _instruction(RETURN, 0, 0, ALLOW),
        _instruction(RETURN, 0, 0, REFUSE),
    ]


def _one_of(index: int, values: tuple[int, ...]) -> list[bytes]:
    tests = [_instruction(JUMP_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    return [_argument(index), *tests, _instruction(RETURN, 0, 0, REFUSE), _instruction(RETURN, 0, 0, ALLOW)]


def _no_pointer(index: int) -> list[bytes]:
    """Asking for limits, never setting them."""
    return [
        _argument(index),
        _instruction(JUMP_EQUAL, 0, 3, 0),
        _argument(index, high=True),
        _instruction(JUMP_EQUAL, 0, 1, 0),
        _instruction(RETURN, 0, 0, ALLOW),
        _instruction(RETURN, 0, 0, REFUSE),
    ]

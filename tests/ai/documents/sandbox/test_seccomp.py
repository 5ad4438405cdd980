"""The filter of system calls, as instructions."""

import pytest

from services.ai.documents.sandbox import seccomp


def test_machines_without_a_list_of_calls_are_refused() -> None:
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program("riscv64")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_jump_of_the_filter_leaves_it(machine: str) -> None:
    code = seccomp.program(machine)
    steps = [(code[n : n + 2], code[n + 2], code[n + 3]) for n in range(0, len(code), 8)]
    assert len(steps) < 256
    jumps = [(place, yes, no) for place, (code_, yes, no) in enumerate(steps) if code_ != b"\x06\0"]
    assert all(place + 1 + max(yes, no) < len(steps) for place, yes, no in jumps)
    assert code[-16:] == seccomp._instruction(6, 0, 0, seccomp.REFUSE) + seccomp._instruction(6, 0, 0, seccomp.ALLOW)

"""The limits of a child: they hold, and the time for a second task comes from outside."""

import resource
import signal
import subprocess
import sys

import pytest

from services.ai.documents import Kind, Pool
from services.ai.documents.sandbox import confinement
from tests.ai.documents.sandbox.attempts import tried

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody sets another process's limits")
# Twice 0.6 s of a processor in a child that may take 1 s for a task.
TWO_TASKS = """
import os, sys, time
from services.ai.documents.sandbox import confinement
limits = confinement.Limits(1 << 30, 1, 10, tasks=2)
ours, theirs = os.pipe(), os.pipe()

def work():
    until = time.process_time() + 0.6
    while time.process_time() < until:
        pass

child = os.fork()
if not child:
    confinement.limit(limits, confinement.mapped_bytes())
    confinement.lock()
    work()
    os.write(ours[1], b"!")
    os.read(theirs[0], 1)
    work()
    os._exit(0)
os.read(ours[0], 1)
if "renewed" in sys.argv:
    confinement.renew(child, limits)
os.write(theirs[1], b"!")
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@LINUX
@pytest.mark.parametrize(("order", "status"), [("renewed", 0), ("", -signal.SIGXCPU)])
def test_a_second_task_has_the_time_of_one_when_it_is_given_it(order: str, status: int) -> None:
    done = subprocess.run([sys.executable, "-c", TWO_TASKS, order], capture_output=True, text=True, check=True)
    assert int(done.stdout) == status


@LINUX
def test_a_child_is_given_time_for_its_second_task(probes: Pool) -> None:
    limits = confinement.TEXT
    hard = 2 * limits.cpu_seconds + 1
    with probes.open(b"time|more time", Kind.TEXT) as file:
        [(_, first)] = file.inspect()
        assert first.decode() == f"({limits.cpu_seconds}, {hard})"
        assert file.extract().text.strip() == f"({limits.cpu_seconds + 1}, {hard})"


def test_limits_are_the_childs_and_not_ours(probes: Pool) -> None:
    tried(probes, "say:hello")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0

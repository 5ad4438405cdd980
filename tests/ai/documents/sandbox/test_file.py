"""A file is looked into and read by one child, which meets no other file and is not asked again once it has failed."""

import select
import threading
import time

import pytest

from services.ai.documents import File, Kind, Pool, SandboxDown
from services.ai.documents.sandbox import child, confinement
from tests.ai.documents.sandbox.attempts import PROBES, refusal


def looked_into(file: File) -> str:
    [(_, said)] = file.inspect()
    return said.decode()


def read(file: File) -> str:
    return file.extract().text.strip()


def test_one_child_looks_into_a_file_and_reads_it(probes: Pool) -> None:
    with probes.open(b"pid|pid", Kind.TEXT) as file:
        assert looked_into(file) == read(file)
    with probes.open(b"seen|seen", Kind.TEXT) as file:
        assert (looked_into(file), read(file)) == ("1", "2")


def test_files_that_are_open_together_do_not_meet(probes: Pool) -> None:
    with probes.open(b"met|met:a", Kind.TEXT) as one, probes.open(b"met|met:b", Kind.TEXT) as other:
        said = [looked_into(one), looked_into(other), read(one), read(other)]
    assert said == ["{'met|met:a'}", "{'met|met:b'}"] * 2


def test_a_child_is_handed_no_second_file(probes: Pool) -> None:
    one, _, _ = probes.text.ask(child.INSPECT, b"say:hello", Kind.TEXT)
    with pytest.raises(ValueError, match="one file"):
        one.ask(child.READ, b"say:hello again", Kind.TEXT)
    assert not one.waits()


def test_a_child_does_one_task_more_and_no_third(probes: Pool) -> None:
    with probes.open(b"pid|pid", Kind.TEXT) as file:
        pids = [looked_into(file) for _ in range(3)]
    assert pids[0] == pids[1] != pids[2]


def test_a_child_ends_by_itself_after_its_second_task(probes: Pool) -> None:
    data = b"say:hello"
    one, _, _ = probes.text.ask(child.INSPECT, data, Kind.TEXT)
    probes.text.ask(child.READ, data, Kind.TEXT, one)
    one._connection.settimeout(60)
    assert one._connection.recv(1) == b""
    one.end()


@pytest.mark.parametrize(
    "what", ["crash", "exit", "memory", "recursion", "answer:P,nonsense", "answer:E,[[", "answer:D,"]
)
def test_a_child_that_failed_is_not_asked_again(what: str, probes: Pool) -> None:
    with probes.open(f"{what}|seen".encode(), Kind.TEXT) as file:
        refusal(file.inspect)
        assert read(file) == "1"


@pytest.mark.parametrize("what", ["crash", "exit", "memory", "answer:D,nonsense"])
def test_a_file_that_breaks_its_child_when_it_is_read_is_to_blame(what: str, probes: Pool) -> None:
    with probes.open(f"say:hello|{what}".encode(), Kind.TEXT) as file:
        assert looked_into(file) == "hello"
        refusal(file.extract)


def test_a_child_that_was_kept_too_long_is_let_go(probes: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    with probes.open(b"seen|seen", Kind.TEXT) as file:
        file.inspect()
        monkeypatch.setattr(confinement, "KEPT_SECONDS", 0)
        assert read(file) == "1"


@pytest.mark.parametrize("how", ["answer", "answer twice"])
def test_a_child_that_ends_or_speaks_unasked_is_let_go(how: str, probes: Pool) -> None:
    no_parts = "\x02\0\0\0[]"
    with probes.open(f"{how}:P,{no_parts}|seen".encode(), Kind.TEXT) as file:
        assert file.inspect() == []
        assert file._kept
        # What it says unasked, or its end, is there to be read.
        assert select.select([file._kept._connection], [], [], 60)[0]
        assert read(file) == "1"


def test_a_kept_child_takes_nobodys_turn() -> None:
    """Of one child that may work: the others are asked while a scanner thinks about what the first one found."""
    with Pool(1, PROBES) as pool, pool.open(b"pid|pid", Kind.TEXT) as file, pool.open(b"pid|pid", Kind.TEXT) as other:
        pids = {looked_into(file), looked_into(other)}
        assert len(pids) == 2
        assert {read(file), read(other)} == pids


def test_a_child_of_a_closed_file_is_not_kept(probes: Pool) -> None:
    file = probes.open(b"pause|seen", Kind.TEXT)
    working = threading.Thread(target=file.inspect)
    working.start()
    time.sleep(0.1)
    file.close()
    working.join()
    assert file._kept is None
    assert read(file) == "1"


def test_a_closed_pool_reads_no_open_file() -> None:
    with Pool(1, PROBES) as pool:
        file = pool.open(b"pid|pid", Kind.TEXT)
        file.inspect()
    with file, pytest.raises(SandboxDown):
        file.extract()

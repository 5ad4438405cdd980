"""`make lint` finds what it is there to find: a stale gen/, a contract without comment, a broken promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ACCOUNT = "protos/skillsync/user/v1/account.proto"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The checkout as it is now, as the first commit of a repository of its own."""
    target = tmp_path / "clone"
    target.mkdir()
    names = ("protos", "gen", "gateway", "buf.yaml", "services", ".gitignore")
    subprocess.run(["cp", "-r", *(str(ROOT / name) for name in names), str(target)], check=True)
    git(target, "init", "-qb", "main")
    commit(target)
    return target


def git(clone: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=clone, check=True)


def commit(clone: Path) -> None:
    git(clone, "add", "-A")
    git(clone, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "x")


def check(clone: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(clone)}
    command = [sys.executable, "protos/check.py"]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, env=environment)


def change(clone: Path, old: str, new: str) -> None:
    path = clone / ACCOUNT
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def regenerate(clone: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(clone)}
    subprocess.run([sys.executable, "protos/generate.py"], cwd=clone, check=True, env=environment, capture_output=True)


def test_a_good_checkout_passes(clone: Path) -> None:
    done = check(clone)
    assert done.returncode == 0, done.stderr


def test_a_stale_gen_is_found(clone: Path) -> None:
    change(clone, "string display_name = 3;", "string display_name = 3;\n  // New.\n  string nickname = 77;")
    done = check(clone)
    assert done.returncode == 1
    assert "stale: gen/" in done.stderr


def test_a_field_without_comment_is_found(clone: Path) -> None:
    change(clone, "string display_name = 3;", "string display_name = 3;\n  string nickname = 77;")
    regenerate(clone)
    done = check(clone)
    assert done.returncode == 1
    assert "nickname" in done.stdout + done.stderr


def take_away_a_field(clone: Path) -> None:
    text = (clone / ACCOUNT).read_text()
    change(clone, next(line for line in text.splitlines() if "display_name = 3" in line), "")
    regenerate(clone)


def test_a_field_that_is_taken_away_is_found(clone: Path) -> None:
    take_away_a_field(clone)
    done = check(clone)
    assert done.returncode == 1
    assert "display_name" in done.stdout + done.stderr


def test_a_promise_of_the_last_release_is_kept_after_main_has_broken_it(clone: Path) -> None:
    git(clone, "tag", "v0.1.0")
    take_away_a_field(clone)
    commit(clone)
    done = check(clone)
    assert done.returncode == 1
    assert "display_name" in done.stdout + done.stderr

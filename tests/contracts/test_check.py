"""`make lint` finds what it is there to find: a stale gen/, a contract without comment, a broken promise."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ACCOUNT = "protos/skillsync/user/v1/account.proto"
PACKAGES = "gateway/web/node_modules"


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as it is now, as far as contracts go, as the first commit of a repository of its own. To be copied, not changed."""
    target = tmp_path_factory.mktemp("committed") / "clone"
    target.mkdir()
    for name in ("protos", "gen", "gateway"):
        # Not the packages of the web app: they are many, and only read.
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for name in ("buf.yaml", ".gitignore"):
        shutil.copy(ROOT / name, target)
    (target / PACKAGES).symlink_to(ROOT / PACKAGES)
    git(target, "init", "-qb", "main")
    commit(target)
    return target


@pytest.fixture(scope="module")
def shortened(committed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A field is taken away, and that is not committed yet. To be copied, not changed."""
    clone = copied(committed, tmp_path_factory.mktemp("shortened"))
    text = (clone / ACCOUNT).read_text()
    change(clone, next(line for line in text.splitlines() if "display_name = 3" in line), "")
    regenerate(clone)
    return clone


@pytest.fixture
def clone(committed: Path, tmp_path: Path) -> Path:
    return copied(committed, tmp_path)


@pytest.fixture
def shortened_clone(shortened: Path, tmp_path: Path) -> Path:
    return copied(shortened, tmp_path)


def copied(clone: Path, folder: Path) -> Path:
    return shutil.copytree(clone, folder / "clone", symlinks=True)


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


def test_a_field_that_is_taken_away_is_found(shortened_clone: Path) -> None:
    done = check(shortened_clone)
    assert done.returncode == 1
    assert "display_name" in done.stdout + done.stderr


def test_a_promise_of_the_last_release_is_kept_after_main_has_broken_it(shortened_clone: Path) -> None:
    git(shortened_clone, "tag", "v0.1.0")
    commit(shortened_clone)
    done = check(shortened_clone)
    assert done.returncode == 1
    assert "display_name" in done.stdout + done.stderr

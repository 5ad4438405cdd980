"""gen/ alone is all that another team needs: typed, sync and async, and its README's examples run."""

import asyncio
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import a_job_seeker
from tests.harness import System

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel holds, unpacked; nothing else of ours is beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        str(ROOT / "gen"),
        "-w",
        str(folder),
    ]
    subprocess.run(command, check=True, capture_output=True)
    target = folder / "site"
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(target)
    return target


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / "gen" / "README.md").read_text(), re.DOTALL)


def test_the_wheel_is_typed_and_has_nothing_of_the_services(installed: Path) -> None:
    assert (installed / "skillsync" / "py.typed").exists()
    assert list(installed.glob("skillsync/*/v1/*_service_pb2_grpc.pyi"))
    assert not (installed / "services").exists()


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[[str], str]:
    def run(source: str) -> str:
        # Not our folder, not our editable installation: what is imported is the wheel's.
        environment = {"PYTHONPATH": str(installed)}
        command = [sys.executable, "-c", source]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


async def test_the_async_example_answers(system: System, run: Callable[[str], str]) -> None:
    person = await a_job_seeker(system)
    address = str(system.servers.target.edge)
    call = f"\nimport asyncio\nprint(asyncio.run(who_am_i({address!r}, {person.token!r})))"
    assert (await asyncio.to_thread(run, examples()[0] + call)).strip() == person.email


async def test_the_sync_example_answers(system: System, run: Callable[[str], str]) -> None:
    call = f"\nprint(plan_names({str(system.servers.target.edge)!r}))"
    assert (await asyncio.to_thread(run, examples()[1] + call)).strip() == "['Free', 'Pro', 'Enterprise']"


def test_the_examples_are_typed(installed: Path, tmp_path: Path) -> None:
    for number, example in enumerate(examples()):
        (tmp_path / f"example_{number}.py").write_text(example)
    # Google's own package has no types for its annotations; in site-packages mypy would not look.
    (tmp_path / "mypy.ini").write_text("[mypy]\n[mypy-google.api.*]\nignore_missing_imports = True\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(tmp_path)]
    environment = {"MYPYPATH": str(installed), "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout

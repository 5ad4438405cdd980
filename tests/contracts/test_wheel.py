"""gen/ alone is all that another team needs: typed, sync and async, and its README's examples run."""

import ast
import asyncio
import os
import re
import site
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import distributions, files, packages_distributions
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


def modules() -> dict[str, Path]:
    """What gen/ holds, by name: the wheel must hold as much."""
    sources = [path.relative_to(ROOT / "gen") for path in (ROOT / "gen").rglob("*.py")]
    return {".".join(source.with_suffix("").parts): source for source in sources}


def test_the_wheel_is_typed_and_has_nothing_of_the_services(installed: Path) -> None:
    for package in ("skillsync", "buf"):
        assert (installed / package / "py.typed").exists()
    stubs = [source.with_suffix(".pyi") for source in modules().values()]
    assert [str(stub) for stub in stubs if not (installed / stub).exists()] == []
    assert list(installed.glob("skillsync/*/v1/*_service_pb2_grpc.pyi"))
    assert not (installed / "services").exists()


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[[str], str]:
    def run(source: str) -> str:
        # Not our folder, and without `site` not our editable installation: what is imported is the wheel's.
        environment = {"PYTHONPATH": os.pathsep.join([str(installed), *site.getsitepackages()])}
        command = [sys.executable, "-S", "-c", source]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_every_module_is_the_wheels_own(installed: Path, run: Callable[[str], str]) -> None:
    names = sorted(modules())
    assert {name.split(".")[0] for name in names} == {"skillsync", "buf"}
    found = run(f"import importlib\nfor name in {names}: print(importlib.import_module(name).__file__)")
    assert found.splitlines() == [str(installed / modules()[name]) for name in names]


def imported() -> Iterator[str]:
    """Every name that gen/ imports, in full."""
    for source in modules().values():
        for node in ast.walk(ast.parse((ROOT / "gen" / source).read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            above = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            yield from (above + name for name in names)


@cache
def distributions_by_package() -> Mapping[str, list[str]]:
    return packages_distributions()


def owner(module: str) -> str:
    """The distribution that has the module, or the module that has the name."""
    paths = {f"{part.replace('.', '/')}{end}" for part in _upwards(module) for end in (".py", "/__init__.py")}
    for candidate in distributions_by_package().get(module.split(".")[0], ()):
        if paths & {str(file) for file in files(candidate) or ()}:
            return candidate
    return module


def _upwards(module: str) -> tuple[str, str]:
    return module, module.rpartition(".")[0]


def declared(installed: Path) -> dict[str, str]:
    """The least version of each distribution that the wheel asks for."""
    (metadata,) = distributions(path=[str(installed)])
    asked = "\n".join(metadata.requires or ())
    return dict(re.findall(r"^([\w-]+).*>=([\d.]+)", asked, re.MULTILINE))


def test_the_wheel_asks_for_what_its_modules_import_and_for_nothing_else(installed: Path) -> None:
    ours = ("skillsync", "buf", *sys.stdlib_module_names)
    others = {module for module in imported() if module.split(".")[0] not in ours}
    assert set(declared(installed)) == {owner(module) for module in others}


def test_the_oldest_libraries_that_the_wheel_takes_run_its_modules(installed: Path) -> None:
    """Generated code refuses to be imported by libraries older than those it was generated with."""
    code = "\n".join((installed / source).read_text() for source in modules().values())
    (grpc,) = set(re.findall(r"GRPC_GENERATED_VERSION = '(.*)'", code))
    (protobuf,) = set(re.findall(r"Protobuf Python Version: (.*)", code))
    least = declared(installed)
    assert numbers(least["grpcio"]) >= numbers(grpc)
    assert numbers(least["protobuf"]) >= numbers(protobuf)


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


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

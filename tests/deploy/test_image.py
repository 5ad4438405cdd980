"""What deploy/Dockerfile would do, as far as it can be known without Docker."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from services.stack.servers import OPENAPI, SITE
from tests.deploy.compose import ROOT, service
from tests.deploy.test_locks import OWN, unmet

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
IGNORE = ROOT / "deploy" / "Dockerfile.dockerignore"
WITH_VALUE = {"--find-links", "-w", "-d", "-r"}


def instructions(name: str) -> list[str]:
    """The arguments of every instruction of that name, in order."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [line.split(maxsplit=1)[1] for line in joined if line.startswith(f"{name} ")]


def copied() -> list[str]:
    """What COPY takes from this repository."""
    words = [line.split() for line in instructions("COPY")]
    return [source for line in words if not line[0].startswith("--from=") for source in line[:-1]]


def files(source: str) -> list[str]:
    """Those under source control at a path."""
    listed = subprocess.check_output(["git", "ls-files", "--", source], cwd=ROOT, text=True).splitlines()
    return [path for path in listed if (ROOT / path).exists()]


def is_ignored(path: str) -> bool:
    """As Docker reads the ignore file: the last pattern that fits decides, and what fits a folder fits all in it."""
    ignored = False
    for pattern in IGNORE.read_text().splitlines():
        if pattern and not pattern.startswith("#") and _fits(pattern.removeprefix("!"), path):
            ignored = not pattern.startswith("!")
    return ignored


def _fits(pattern: str, path: str) -> bool:
    expression = re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(f"{expression}(/.*)?", path) is not None


def pip_commands() -> list[list[str]]:
    """The words of every pip command that may ask no index, in order."""
    steps = [step for line in instructions("RUN") for step in re.split(r"&&|\|\|", line)]
    commands = [shlex.split(step.strip(" ()")) for step in steps]
    return [words for words in commands if "--no-index" in words]


def asked_for(words: list[str]) -> list[str]:
    """Packages and folders of a pip command."""
    rest = words[next(i for i, word in enumerate(words) if word in ("install", "wheel")) + 1 :]
    values = {i + 1 for i, word in enumerate(rest) if word in WITH_VALUE}
    return [word for i, word in enumerate(rest) if i not in values and not word.startswith("-")]


def needs(asked: str) -> list[Requirement]:
    """What must be in the locks for it: what builds a folder, what our own package depends on, else itself."""
    if asked.startswith("."):
        written = tomllib.loads((ROOT / asked / "pyproject.toml").read_text())
        return [Requirement(line) for line in written["build-system"]["requires"]]
    requirement = Requirement(asked)
    if canonicalize_name(requirement.name) != "skillsync":
        return [requirement]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in requirement.extras)]
    found = [Requirement(line) for group in groups for line in group]
    return [line for line in found if canonicalize_name(line.name) not in OWN]


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_is_there_and_not_ignored(source: str) -> None:
    assert files(source)
    assert [path for path in files(source) if is_ignored(path)] == []


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".skillsync/stack.json",
        ".venv/bin/python",
        "gateway/web/dist/index.html",
        "gateway/web/node_modules/vite/package.json",
        "services/ai/skills/_ontology/ontology.bin",
        "services/kit/__pycache__/auth.cpython-311.pyc",
        "tests/harness.py",
    ],
)
def test_secrets_and_what_was_built_here_stay_out(path: str) -> None:
    assert is_ignored(path)


def test_stages_copy_from_stages_before_them() -> None:
    text = DOCKERFILE.read_text()
    sources = re.findall(r"^(?:COPY --from=|FROM )(\w+)(?= )", text, re.MULTILINE)
    assert {"wheels", "web", "build"} == set(sources)
    for name in sources:
        assert re.search(rf"^FROM \S+ AS {name}\n(.|\n)*(--from=|FROM ){name} ", text, re.MULTILINE), name


@pytest.mark.parametrize("words", pip_commands(), ids=lambda words: " ".join(asked_for(words)))
def test_what_is_installed_without_an_index_is_locked(words: list[str]) -> None:
    assert unmet([requirement for asked in asked_for(words) for requirement in needs(asked)]) == []


def test_what_builds_our_packages_is_installed_before() -> None:
    installed: set[str] = set()
    for words in pip_commands():
        if "--no-build-isolation" in words:
            assert {requirement.name for asked in asked_for(words) for requirement in needs(asked)} <= installed
        installed |= set(asked_for(words))
    assert {"hatchling", "skillsync[ai]"} <= installed


def test_every_lock_is_downloaded_by_hash() -> None:
    downloads = [step for line in instructions("RUN") for step in re.split(r"&&|\|\|", line) if " download " in step]
    assert all("--require-hashes" in step and "--no-deps" in step for step in downloads)
    locks = re.findall(r"-r (\S+)", " ".join(downloads))
    assert locks == ["requirements.lock", "requirements-cpu.lock", "requirements-cuda.lock"]
    assert set(locks) <= set(copied())


def test_the_image_does_not_run_as_root() -> None:
    last = instructions("USER")[-1]
    assert last.split(":")[0] not in ("", "0", "root")
    assert DOCKERFILE.read_text().rindex("\nUSER") > DOCKERFILE.read_text().rindex("\nRUN")
    assert last == service("worker")["user"]


def test_what_is_put_among_the_packages_is_put_where_python_looks() -> None:
    (version,) = {re.match(r"python:(3\.\d+)", line)[1] for line in instructions("FROM") if "python:" in line}  # type: ignore[index]
    assert set(re.findall(r"python(3\.\d+)/site-packages", DOCKERFILE.read_text())) == {version}


def test_the_image_has_the_web_app_and_the_api_where_prepare_looks() -> None:
    (line,) = (line for line in instructions("COPY") if line.startswith("--from=web "))
    _, built, there = line.split()
    site = str(SITE.relative_to(ROOT))
    assert built == f"/src/{site}"
    assert there.endswith(f"/site-packages/{site}")
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert Path(OPENAPI.relative_to(ROOT)).parts[0] in packages["packages"]
    assert not is_ignored(str(OPENAPI.relative_to(ROOT)))

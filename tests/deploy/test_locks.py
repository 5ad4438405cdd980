"""The locks have what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.compose import ROOT

LOCKS = [ROOT / f"requirements{kind}.lock" for kind in ("", "-cpu", "-cuda")]
PROJECTS = [ROOT / "pyproject.toml", ROOT / "gen" / "pyproject.toml"]
OWN = {"skillsync", "skillsync-contracts"}


def entries(lock: Path) -> list[str]:
    """One text for each package: its pin and its hashes."""
    text = re.sub(r"^#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    return re.split(r"\n(?=\S)", text.strip())


def locked() -> dict[str, set[str]]:
    """The versions of each package, of all locks: torch has one for each build."""
    found: dict[str, set[str]] = {}
    for entry in (entry for lock in LOCKS for entry in entries(lock)):
        name, version = entry.split()[0].split("==")
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def wanted(project: Path) -> list[Requirement]:
    """Every dependency of every group, and what builds the package."""
    written = tomllib.loads(project.read_text())
    groups = [written["project"].get("dependencies", []), written["build-system"]["requires"]]
    groups += written["project"].get("optional-dependencies", {}).values()
    found = [Requirement(line) for group in groups for line in group]
    return [requirement for requirement in found if canonicalize_name(requirement.name) not in OWN]


def unmet(requirements: list[Requirement]) -> list[str]:
    """Those that no lock has, or has in another version."""
    versions = locked()
    return [
        str(requirement)
        for requirement in requirements
        if not (found := versions.get(canonicalize_name(requirement.name)))
        or not all(requirement.specifier.contains(version, prereleases=True) for version in found)
    ]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_locks_meet_every_dependency(project: Path) -> None:
    assert wanted(project)
    assert unmet(wanted(project)) == []


def test_a_missing_or_another_version_is_noticed() -> None:
    assert unmet([Requirement("editables")]) == ["editables"]
    assert unmet([Requirement("grpcio<1")]) == ["grpcio<1"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_one_version_and_its_hashes(lock: Path) -> None:
    for entry in entries(lock):
        assert re.match(r"\S+==\S+( \\\n)?( |$)", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry

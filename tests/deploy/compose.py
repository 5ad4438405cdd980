"""docker-compose.yml as compose reads it: merged, with fresh secrets in its variables."""

import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "docker-compose.yml"

# `$$`, or a variable with what comes instead of it (`:-`) or why it must be there (`:?`).
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?P<sign>:[-?])(?P<rest>[^}]*)\})")


@cache
def compose() -> dict[str, Any]:
    """The whole file. One for all tests: do not change it."""
    filled: dict[str, Any] = _filled(yaml.safe_load(FILE.read_text()), secrets())
    return filled


@cache
def secrets() -> dict[str, str]:
    """What `deploy/compose_env.py` writes to `.env`."""
    written = subprocess.check_output([sys.executable, str(ROOT / "deploy" / "compose_env.py")], text=True)
    return dict(line.split("=", 1) for line in written.splitlines())


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def environment(name: str) -> dict[str, str]:
    """What a container is given."""
    return {key: str(value) for key, value in service(name).get("environment", {}).items()}


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, variables) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, variables) for inner in value]
    return VARIABLE.sub(lambda found: _value(found, variables), value) if isinstance(value, str) else value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["name"] is None:
        return "$"
    return variables[found["name"]] if found["sign"] == ":?" else variables.get(found["name"]) or found["rest"]

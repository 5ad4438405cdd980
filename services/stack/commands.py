"""How each of our own programs is started. docker-compose.yml starts them the same way, and a test compares."""

import sys
from collections.abc import Sequence

from gateway.contract import SERVICES

MIGRATE = ("skillsync", "migrate")
FLEET = ("python", "-m", "services.fleet")
WORKER = ("skillsync", "work")
SERVER = {service: ("python", "-m", f"services.{service}") for service in SERVICES}


def runnable(command: Sequence[str]) -> list[str]:
    """The command with the interpreter that runs us, wherever the shell's `python` leads."""
    program, *arguments = command
    if program == "skillsync":
        return [sys.executable, "-m", "services.cli", *arguments]
    return [sys.executable if program == "python" else program, *arguments]

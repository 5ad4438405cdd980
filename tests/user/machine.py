"""What an operator does at the machine: the real command, in a process of its own."""

import asyncio
import os
import subprocess
import sys

from tests.harness import System


async def at_the_machine(system: System, *words: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **system.environment}
    command = [sys.executable, "-m", "services.cli", *words]
    return await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, check=False)

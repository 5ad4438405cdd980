"""Each peer in a virtual environment of its own, and its answers for a list of files."""

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skillsync" / "peers"
# Models are loaded within it too.
SECONDS_PER_FILE = 120
# Of a crash of the peer's process, not of one file.
MAX_CRASHES = 10

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """`label` is shown; adapter and requirements are files here named after `name`. Without requirements it runs in our own environment."""

    name: str
    label: str

    @property
    def requirements(self) -> Path:
        return HERE / f"{self.name}.txt"

    @property
    def python(self) -> Path:
        return CACHE / self.name / "bin" / "python" if self.requirements.exists() else Path(sys.executable)


PEERS = (
    Peer("pyresparser", "pyresparser 1.0.6"),
    Peer("openresume", "openresume-parser 0.1.6, rules"),
    Peer("zero", "zero-resume-parser 0.1.0"),
    Peer("spacy_ner", "spaCy en_core_web_sm 3.8, entities"),
)


def install(peer: Peer) -> None:
    """Makes its environment anew. Raises CalledProcessError when the package index has not what it needs."""
    if not peer.requirements.exists():
        return
    folder = peer.python.parent.parent
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    lines = peer.requirements.read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    alone = ["--no-deps"] if any(line.startswith("#") and "no dependencies" in line for line in lines) else []
    subprocess.run([peer.python, "-m", "pip", "install", "--quiet", *alone, *wanted], check=True)


def answers(peer: Peer, files: Sequence[Path]) -> dict[Path, Answer]:
    """An answer for each file; one that ends the peer's process or takes too long has an `error`, and the peer goes on after it."""
    found: dict[Path, Answer] = {}
    for _ in range(MAX_CRASHES):
        left = [file for file in files if file not in found]
        if not left:
            break
        found |= _run(peer, left)
        if stopped := next((file for file in left if file not in found), None):
            found[stopped] = {"error": "the process ended"}
    return {file: found.get(file, {"error": "not tried after too many crashes"}) for file in files}


def _run(peer: Peer, files: Sequence[Path]) -> dict[Path, Answer]:
    """Answers up to the first file that ends the process or that it does not come back from."""
    command = [peer.python, HERE / "adapters" / f"run_{peer.name}.py"]
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME")}
    found: dict[Path, Answer] = {}
    with tempfile.TemporaryFile() as given:
        given.write("".join(f"{file}\n" for file in files).encode())
        given.seek(0)
        process = subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, env=environment
        )
        while line := _line(process):
            row = json.loads(line)
            found[Path(row["file"])] = row
        process.kill()
        process.wait()
    return found


def _line(process: subprocess.Popen[bytes]) -> bytes:
    """The next line it writes; empty at the end, or when it takes too long."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], SECONDS_PER_FILE)
    return process.stdout.readline() if ready else b""

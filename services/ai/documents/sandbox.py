"""Extraction in a child process with limits on memory, processor and time: what a hostile file breaks is the child."""

import json
import os
import subprocess
import sys

from services.ai import codec
from services.ai.documents.document import Document, DocumentError, Kind

WALL_SECONDS = 10


def extract(data: bytes, kind: Kind) -> Document:
    """Raises DocumentError; FILE_UNREADABLE when the child was ended. Blocks for up to 10 s."""
    command = [sys.executable, "-m", "services.ai.documents.child", kind.name]
    # Nothing of our environment: it has passwords in it.
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "PYTHONPATH", "LANG")}
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentError("FILE_UNREADABLE", f"the file could not be read within {WALL_SECONDS} s") from None
    if done.returncode != 0:
        raise DocumentError("FILE_UNREADABLE", "the file is damaged or made to break readers; save it again")
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise DocumentError(answer["reason"], answer["message"])
    return codec.from_json(Document, answer)

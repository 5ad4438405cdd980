"""What every adapter does: files named on standard input, an answer as JSON for each on standard output.

Runs in the peer's own environment with the standard library and the peer; a file that the peer cannot read is said, not hidden.
"""

import contextlib
import json
import sys
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]


def main(parse: Callable[[str], Answer]) -> None:
    """Answers hold any of name, emails, phones, links, location, work, education and skills, or `error`."""
    out = sys.stdout
    for line in sys.stdin:
        path = line.rstrip("\n")
        try:
            with contextlib.redirect_stdout(sys.stderr):
                answer = parse(path)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        out.write(json.dumps({"file": path, **answer}) + "\n")
        out.flush()


def some(*values: Any) -> list[str]:
    """The values that are text and not blank."""
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]

"""YARA: what a program, an exploit or a test virus looks like, wherever in a file it stands."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from services.ai.documents.document import DocumentError

SECONDS = 10


class BadRules(Exception):
    """An operator's rules do not compile; the message says where."""


def match(data: bytes, folder: Path | None = None) -> str | None:
    """What the first rule that fires calls itself (`meta: finding`, else its name). Raises DocumentError when matching takes too long."""
    import yara_x

    scanner = yara_x.Scanner(compiled(folder))
    scanner.set_timeout(SECONDS)
    scanner.fast_scan(True)
    try:
        found = scanner.scan(data).matching_rules
    except yara_x.TimeoutError:
        raise DocumentError(
            "FILE_UNREADABLE", f"the file could not be searched for harmful content within {SECONDS} s"
        ) from None
    return str(dict(found[0].metadata).get("finding", found[0].identifier)) if found else None


@lru_cache(maxsize=4)
def compiled(folder: Path | None = None) -> Any:
    """Our rules and those in `folder`, in order of their names. Raises BadRules."""
    import yara_x

    compiler = yara_x.Compiler()
    compiler.enable_includes(False)
    own = sorted((f for f in (files(__package__) / "rules").iterdir() if f.name.endswith(".yar")), key=lambda f: f.name)
    try:
        for rules in own:
            compiler.add_source(rules.read_text(), origin=rules.name)
        for path in sorted(folder.glob("*.yar")) if folder else ():
            compiler.new_namespace(path.stem)
            compiler.add_source(path.read_text(), origin=str(path))
        return compiler.build()
    except (yara_x.CompileError, OSError, ValueError) as error:
        raise BadRules(str(error)) from error

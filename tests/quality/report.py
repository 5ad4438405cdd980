"""Runs the tables, and writes them to README.md beside this file.

A table is a module of this package with `NEEDS` (the folder of the data that it reads, "" for none), and `table(data)` that gives one
`rich` table or several; its caption says how to read it. A run of some tables leaves the others' sections of README.md as they were.
"""

import importlib
import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

MODULES = (
    "resumes",
    "livecareer",
    "ner",
    "peers",
    "hidden",
    "symbols",
    "skill_spans",
    "esco_linking",
    "matching",
    "titles",
    "jobs_cvs",
    "fields",
    "explanations",
    "metamorphic",
    "exchange",
    "letters",
    "growth",
    "interviews",
    "assessments",
)
README = Path(__file__).with_name("README.md")
COMMAND = "python -m tests.quality --data DIR --write"

_HEAD = f"""# Accuracy, measured

Written by `{COMMAND}`; not by hand. `make quality DATA=DIR` prints the same tables; `--only NAME,...` runs some of them.
DIR is laid out as the benchmark data's own README says; a set that is not there is skipped and said so.

How to read: precision is the part of what was said that is right, recall the part of what is true that was said, F1 the harmonic mean of
both. A column `goal` holds what the issue asks for; nothing below it is hidden. Files that a program cannot read count as
files in which it found nothing. Each section says when, on which commit and in how many seconds it was measured.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one module gave: tables, or why there are none. `failed` says that it should have."""

    name: str
    tables: tuple[Table, ...]
    note: str
    seconds: float
    failed: bool = False


def run(name: str, data: Path) -> Part:
    """One module's tables. What it needs and is not there is a note; whatever else it raises is a failure that spares the others."""
    began = time.monotonic()
    try:
        module = importlib.import_module(f"tests.quality.{name}")
    except ModuleNotFoundError as error:
        return Part(name, (), f"skipped: no module {error.name}", 0.0, failed=error.name != f"tests.quality.{name}")
    if not (data / module.NEEDS).is_dir():
        return Part(name, (), f"skipped: the data folder has no {module.NEEDS}", 0.0)
    try:
        made: Table | list[Table] = module.table(data)
    except Exception as error:  # a table that breaks must not cost the hours of the others
        return Part(name, (), f"failed: {type(error).__name__}: {error}", time.monotonic() - began, failed=True)
    tables = (made,) if isinstance(made, Table) else tuple(made)
    note = "" if tables else "skipped: the data folder has none of its sets"
    return Part(name, tables, note, time.monotonic() - began)


def write(parts: Sequence[Part], target: Path) -> None:
    """Replaces the sections of these parts; others stay, in the order of MODULES."""
    sections = _sections(target.read_text("utf-8")) if target.is_file() else {}
    sections |= {part.name: _section(part) for part in parts}
    known = [name for name in MODULES if name in sections]
    target.write_text("\n".join([_HEAD, *(sections[name] for name in known)]), "utf-8")


def _sections(text: str) -> dict[str, str]:
    return {match[1]: match[0] for match in re.finditer(r"<!-- (\w+) -->\n.*?<!-- /\1 -->\n", text, flags=re.DOTALL)}


def _section(part: Part) -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    body = "\n".join(markdown(table) for table in part.tables) if part.tables else f"{part.note}\n"
    measured = f"`--only {part.name}`, {when}, commit {_commit()}, {part.seconds:.0f} s."
    return f"<!-- {part.name} -->\n## {part.name}\n\n{measured}\n\n{body}<!-- /{part.name} -->\n"


def markdown(table: Table) -> str:
    """A table as Markdown, its title above it and its caption below."""
    columns = [[_plain(column.header), *map(_plain, column.cells)] for column in table.columns]
    rows = ["| " + " | ".join(cells) + " |" for cells in zip(*columns, strict=True)]
    rule = "|" + "|".join(" --: " if column.justify == "right" else " --- " for column in table.columns) + "|"
    caption = f"\n{_plain(table.caption)}\n" if table.caption else ""
    return "\n".join([f"### {_plain(table.title)}", "", rows[0], rule, *rows[1:], caption])


def _plain(cell: object) -> str:
    text = cell.plain if isinstance(cell, Text) else Text.from_markup(str(cell or "")).plain
    return text.replace("|", "\\|")


def _commit() -> str:
    folder = Path(__file__).parent
    said = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=folder, capture_output=True, text=True)
    return said.stdout.strip() or "unknown"

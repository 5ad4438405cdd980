"""Letters that a person read and graded: every 47th of those that are measured, so that nobody chose them."""

import tomllib
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from statistics import mean
from typing import Any

from rich.markup import escape
from rich.table import Table

GRADES = Path(__file__).with_suffix(".toml")
EVERY, NUMBER = 47, 20
LOOKED_FOR = ("fits", "concrete", "truthful", "human", "structure", "grammar")


def chosen(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Number and text of the letters to judge."""
    return [(number, texts[number]) for number in range(0, EVERY * NUMBER, EVERY) if number < len(texts)]


def fingerprint(text: str) -> str:
    """By which a grade knows the letter that it was given for."""
    return blake2b(text.encode(), digest_size=4).hexdigest()


def judgements(texts: Sequence[str]) -> list[Table]:
    """The grades, and the letters that are shown whole; grades of other texts than these are left out and said so."""
    judged = tomllib.loads(GRADES.read_text("utf-8"))
    letters = dict(chosen(texts))
    known = [one for one in judged["letters"] if fingerprint(letters.get(one["number"], "")) == one["text"]]
    if not known:
        return []
    return [_grades(judged, known), *(_whole(one, letters[one["number"]]) for one in known if one.get("shown"))]


def _grades(judged: dict[str, Any], known: Sequence[dict[str, Any]]) -> Table:
    shown = Table(
        title=f"Read by a person: {len(known)} of {len(judged['letters'])} letters as they were graded, 1 to 5"
    )
    for column in ("letter", "language", *LOOKED_FOR, "what the reader noted"):
        shown.add_column(column, justify="right" if column in LOOKED_FOR else "left")
    for one in known:
        shown.add_row(
            str(one["number"]), one["language"], *(str(grade) for grade in one["grades"]), escape(one["noted"])
        )
    means = (f"{mean(one['grades'][column] for one in known):.1f}" for column in range(len(LOOKED_FOR)))
    shown.add_row("mean", "", *means, "")
    shown.caption = escape(judged["rubric"].strip())
    return shown


def _whole(one: dict[str, Any], text: str) -> Table:
    shown = Table(title=f"Letter {one['number']}, whole")
    shown.add_column("for")
    shown.add_row(escape(one["for"]))
    shown.caption = escape(text.strip())
    return shown

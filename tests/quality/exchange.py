"""How much of an exported profile comes back: from our own parser, field by field, and from others' readers, word by word."""

import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import docx2txt
from pypdf import PdfReader
from rich.table import Table

from services.careerforge.exchange import Profile, export_json, read_profile
from services.careerforge.exchange.templates import TEMPLATES
from tests.careerforge.exchange.people import person
from tests.careerforge.exchange.reading_back import EXPORTS, FIELDS, shares

NEEDS = ""
# Others than the tests read.
PEOPLE = range(1000, 1200)


def table(data: Path) -> list[Table]:
    own = Table(
        title=f"Exported profiles, read back by our own parser ({len(PEOPLE)} people made up, four languages)",
        caption="Share of values that come back as they were; goal 1.000 for each.",
    )
    others = Table(
        title="The same files, read by others",
        caption="Share of the profile's words that pypdf and docx2txt find; JSON Resume: profiles that come back whole.",
    )
    for column in ("template", "format", *FIELDS):
        own.add_column(column, justify="right")
    for column in ("template", "format", "read by", "share"):
        others.add_column(column, justify="right")
    for template in TEMPLATES:
        for kind in EXPORTS:
            found = shares(template, kind, PEOPLE)
            own.add_row(template, kind, *(f"{found[field]:.3f}" for field in FIELDS))
            name, read = READERS[kind]
            others.add_row(template, kind, name, f"{_words_found(template, kind, read):.4f}")
    whole = [_comes_back(person(seed)[0]) for seed in PEOPLE]
    others.add_row("", "json", "our importer", f"{sum(whole) / len(whole):.4f}")
    return [own, others]


def _comes_back(profile: Profile) -> bool:
    return read_profile(export_json(profile)).profile == profile


def _words_found(template: str, kind: str, read: Callable[[bytes], str]) -> float:
    found = wanted = 0
    export, _ = EXPORTS[kind]
    for seed in PEOPLE:
        profile, language = person(seed)
        there = Counter(_words(read(export(profile, template, language, "A4"))))
        said = Counter(_words(" ".join(_said(profile))))
        wanted += said.total()
        found += (said & there).total()
    return found / wanted


def _said(profile: Profile) -> list[str]:
    return [
        profile.name,
        *(text for one in profile.experiences for text in (one.title, one.employer, one.location, one.description)),
        *(text for one in profile.educations for text in (one.institution, one.degree, one.field)),
        *(one.name for one in (*profile.skills, *profile.languages)),
    ]


def _words(text: str) -> list[str]:
    # A line that is broken at a hyphen is one word.
    return re.findall(r"\w+", re.sub(r"(?<=\w)-\n(?=\w)", "-", text))


def _by_pypdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def _by_docx2txt(data: bytes) -> str:
    return str(docx2txt.process(io.BytesIO(data)))


READERS = {"pdf": ("pypdf", _by_pypdf), "docx": ("docx2txt", _by_docx2txt)}

"""Other parsers that install, on the same files as ours and counted the same way.

`python -m tests.quality.peers --install` makes their environments; one that is not there, or cannot read a file, is said in the table.
"""

import re
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from rich.progress import track
from rich.table import Table

from services.ai.credentials import EducationLevel
from services.ai.months import YearMonth
from services.ai.resume import Contact, Education, Experience, ParsedResume, Value, parse
from services.ai.spans import Span
from tests.quality import resumes
from tests.quality.peers.environments import PEERS, Answer, Peer, answers
from tests.quality.resumes_score import Tallies, Tally, score
from tests.quality.resumes_truth import Labelled, find_files, read_labels

NEEDS = "resume_files"
NOWHERE = Span(0, 0, 0, "")
FIELDS = (
    "name",
    "emails",
    "phones",
    "location",
    "work.title",
    "work.employer",
    "work.start",
    "education.institution",
    "education.degree",
    "skills",
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"(?:([A-Za-z]{3})[a-z]*\.?[\s,]+|(\d{1,2})[/.])?((?:19|20)\d\d)(?:-(\d\d))?")

Run = tuple[Tallies, int, float]
"""Tallies over all files, how many could not be read, and seconds a file."""


def table(data: Path) -> list[Table]:
    """F1 by field, and by the parts that the issue sets goals for."""
    files = [f for f in find_files(data / NEEDS) if f.truth and f.set != "scans"]
    runs: dict[str, Run | None] = {"SkillSync": _run(files, _ours)}
    for peer in track(PEERS, "peers"):
        runs[peer.label] = _run_peer(peer, files) if peer.python.exists() else None
    fields = _table(f"F1 by field on the same {len(files)} files", {name: (name,) for name in FIELDS}, runs)
    parts = _table(f"F1 by part on the same {len(files)} files, every value of a part", resumes.GROUPS, runs)
    parts.add_row("goal", *(f"{resumes.GOALS[name]:.3f}" if name in resumes.GOALS else "" for name in resumes.GROUPS))
    fields.caption = (
        "PDF and DOCX files with known truth, no scans. A file that a parser cannot read counts as one in which it finds nothing."
        " A field that a parser does not have is 0. spaCy's entities have no roles: each organisation is taken for an employer or a school."
    )
    return [fields, parts]


def _ours(files: Sequence[Path]) -> list[ParsedResume | None]:
    documents = [resumes.read(file) for file in track(files, "ours")]
    return [parse(document, resumes.AS_OF) if document else None for document in documents]


def _run_peer(peer: Peer, files: list[Labelled]) -> Run | None:
    """None when it reads nothing at all: then its environment is broken, and zeros would be said of the wrong thing."""
    run = _run(files, lambda paths: [parsed(answer) for answer in answers(peer, paths).values()])
    return run if run[1] < len(files) else None


def _run(files: list[Labelled], read: Callable[[Sequence[Path]], list[ParsedResume | None]]) -> Run:
    began = time.monotonic()
    found = read([file.path for file in files])
    seconds = (time.monotonic() - began) / (len(files) or 1)
    tallies: Tallies = {}
    for file, resume in zip(files, found, strict=True):
        for name, tally in score(read_labels(file), resume).items():
            tallies.setdefault(name, Tally()).add(tally)
    return tallies, found.count(None), seconds


def _table(title: str, columns: dict[str, tuple[str, ...]], runs: dict[str, Run | None]) -> Table:
    shown = Table(title=title)
    for column in ("parser", *columns, "files unread", "s a file"):
        shown.add_column(column, justify="left" if column == "parser" else "right")
    for label, run in runs.items():
        if run is None:
            shown.add_row(label, "not installed, or does not start: python -m tests.quality.peers --install")
            continue
        tallies, unread, seconds = run
        shown.add_row(label, *(_f1(tallies, fields) for fields in columns.values()), str(unread), f"{seconds:.2f}")
    return shown


def _f1(tallies: Tallies, fields: Sequence[str]) -> str:
    whole = Tally()
    for name in fields:
        whole.add(tallies.get(name, Tally()))
    return f"{whole.f1:.3f}" if whole.true else "-"


def parsed(answer: Answer) -> ParsedResume | None:
    """A peer's answer in our own shape, so that it is counted by the same code; None when the file could not be read."""
    if "error" in answer:
        return None
    return ParsedResume(
        contact=Contact(
            name=_value(answer.get("name")),
            emails=_values(answer.get("emails")),
            phones=_values(answer.get("phones")),
            links=_values(answer.get("links")),
            location=_value(answer.get("location")),
        ),
        summary=None,
        experiences=tuple(map(_job, answer.get("work") or [])),
        educations=tuple(map(_school, answer.get("education") or [])),
        skills=(),
        languages=(),
        certifications=(),
        sections=(),
        years_of_experience=0.0,
        as_of=date(2026, 1, 1),
        listed_skills=_values(answer.get("skills")),
    )


def _job(job: dict[str, str]) -> Experience:
    end = job.get("end") or ""
    return Experience(
        title=_value(job.get("title")),
        employer=_value(job.get("employer")),
        start=when(job.get("start") or ""),
        end=when(end),
        current=end == "present",
        bullets=_values([job.get("description") or ""]),
        skill_ids=(),
        span=NOWHERE,
    )


def _school(school: dict[str, str]) -> Education:
    return Education(
        institution=_value(school.get("institution")),
        degree=_value(school.get("degree")),
        level=EducationLevel.UNKNOWN,
        span=NOWHERE,
        end=when(school.get("end") or ""),
    )


def when(text: str) -> YearMonth | None:
    """The first month or year of a text: `March 2022`, `03/2022`, `2022-03-01`, `2022`."""
    match = _DATE.search(text)
    if not match:
        return None
    name, before, year, after = match.groups()
    month = _MONTHS.index(name.lower()) + 1 if name and name.lower() in _MONTHS else int(before or after or 0)
    return YearMonth(int(year), month if month <= 12 else 0)


def _value(text: str | None) -> Value | None:
    return Value(text, NOWHERE, 1.0) if text else None


def _values(texts: Sequence[str] | None) -> tuple[Value, ...]:
    return tuple(Value(text, NOWHERE, 1.0) for text in texts or () if text)

"""What the parser finds in rendered resumes, against the data they were rendered from."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rich.progress import track
from rich.table import Table

from services.ai.documents import DocumentError, extract, sniff
from services.ai.resume import ParsedResume, parse

NEEDS = "resume_files/rendered"
FIELDS = ("name", "email", "title", "employer", "start", "institution")
Found = dict[str, set[str]]


def table(data: Path) -> Table:
    """Precision, recall and F1 of each field over all files; a value counts when it is the same but for case and marks."""
    counts: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    files = sorted((data / "resume_files" / "rendered").glob("*.pdf"))
    unread = 0
    for path in track(files, "resumes"):
        truth = expected(json.loads((path.parent / f"{path.name.split('__')[0]}.truth.json").read_text()))
        try:
            found = extracted(parse(extract(path.read_bytes(), sniff(path.read_bytes())), date.today()))
        except DocumentError:
            found, unread = {field: set() for field in FIELDS}, unread + 1
        for field in FIELDS:
            counts[field].update(right=len(truth[field] & found[field]), said=len(found[field]), true=len(truth[field]))
    return _table(counts, len(files), unread)


def _table(counts: dict[str, Counter[str]], files: int, unread: int) -> Table:
    shown = Table(title=f"Resume fields, {files} rendered PDFs, {unread} unreadable")
    for column in ("field", "precision", "recall", "F1", "in truth"):
        shown.add_column(column, justify="left" if column == "field" else "right")
    for field, count in counts.items():
        precision, recall = count["right"] / (count["said"] or 1), count["right"] / (count["true"] or 1)
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        shown.add_row(field, f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}", str(count["true"]))
    return shown


def expected(truth: dict[str, Any]) -> Found:
    basics, work = truth.get("basics", {}), truth.get("work") or []
    return {
        "name": plain([basics.get("name", "")]),
        "email": plain([basics.get("email", "")]),
        "title": plain(job.get("position", "") for job in work),
        "employer": plain(job.get("name", "") for job in work),
        "start": {(job.get("startDate") or "")[:7] for job in work} - {""},
        "institution": plain(school.get("institution", "") for school in truth.get("education") or []),
    }


def extracted(resume: ParsedResume) -> Found:
    values = resume.experiences
    return {
        "name": plain(v.text for v in [resume.contact.name] if v),
        "email": plain(v.text for v in resume.contact.emails),
        "title": plain(e.title.text for e in values if e.title),
        "employer": plain(e.employer.text for e in values if e.employer),
        "start": {str(e.start) for e in values if e.start},
        "institution": plain(e.institution.text for e in resume.educations if e.institution),
    }


def plain(values: Iterable[str | None]) -> set[str]:
    return set(_plain(values))


def _plain(values: Iterable[str | None]) -> Iterator[str]:
    for value in values:
        if bare := re.sub(r"[\W_]+", " ", value or "").strip().lower():
            yield bare

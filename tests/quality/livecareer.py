"""Real resumes of 24 job fields as PDF, without labels: do they open, and does the parser find what every resume has?"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rich.progress import track
from rich.table import Table

from services.ai.documents import DocumentError, extract, sniff
from services.ai.resume import ParsedResume, parse

NEEDS = "livecareer/pdf"
AS_OF = date(2026, 11, 1)


def table(data: Path) -> Table:
    """One line a question."""
    files = sorted((data / NEEDS).glob("*.pdf"))
    counts: Counter[str] = Counter()
    for path in track(files, "livecareer"):
        counts.update(answers(read(path)))
    shown = Table(title=f"Real PDFs without labels, livecareer: {len(files)} files")
    for column in ("what", "files", "share"):
        shown.add_column(column, justify="left" if column == "what" else "right")
    for what, number in counts.most_common():
        shown.add_row(what, str(number), f"{number / (len(files) or 1):.3f}")
    shown.caption = (
        "Names and addresses were cut out of these files before we got them; whether values are right is not known."
    )
    return shown


def read(path: Path) -> ParsedResume | None:
    data = path.read_bytes()
    try:
        return parse(extract(data, sniff(data)), AS_OF)
    except DocumentError:
        return None


def answers(resume: ParsedResume | None) -> Iterator[str]:
    """What can be said of a file."""
    if resume is None:
        yield "does not open"
        return
    jobs = resume.experiences
    yield "opens"
    if len(resume.sections) >= 2:
        yield "two sections or more"
    if jobs:
        yield "a job or more"
    if any(job.title and job.months for job in jobs):
        yield "a job with title and dates"
    if any(job.title and job.employer and job.months for job in jobs):
        yield "a job with title, employer and dates"
    if resume.educations:
        yield "a course of study or more"

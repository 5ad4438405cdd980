"""What the parser finds in labelled resume files: precision, recall and F1 of each field, for each set and layout.

`python -m tests.quality.resumes --data DIR [--worst FIELD]` prints the tables alone, or each file's misses of one field.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from services.ai.documents import Document, DocumentError, extract, sniff
from services.ai.resume import ParsedResume, parse
from tests.quality.resumes_score import Tallies, Tally, score
from tests.quality.resumes_truth import CONTACT_FIELDS, JOB_FIELDS, SCHOOL_FIELDS, Labelled, find_files, read_labels

NEEDS = "resume_files"
AS_OF = date(2026, 11, 1)
GROUPS = {
    "name": ("name",),
    "contact": CONTACT_FIELDS,
    "work experience": tuple(f"work.{name}" for name in JOB_FIELDS),
    "education": tuple(f"education.{name}" for name in (*SCHOOL_FIELDS, "degree and field")),
    "skills": ("skills",),
}
GOALS = {"name": 0.985, "contact": 0.97, "work experience": 0.93, "education": 0.965}
# Bins of confidence for the calibration error.
BINS = 10


@dataclass(slots=True)
class Outcome:
    """What became of one labelled file."""

    file: Labelled
    layout: str
    tallies: Tallies
    hidden: int
    misplaced: int


def table(data: Path) -> list[Table]:
    """Fields by set, fields over all, groups by layout with the goals, calibration, and files without labels."""
    files = find_files(data / NEEDS)
    outcomes = [outcome(f) for f in track([f for f in files if f.truth], "resumes")]
    wild = [f for f in files if not f.truth]
    return [_by_field(outcomes), _by_set(outcomes), _by_group(outcomes), _calibration(outcomes), _unlabelled(wild)]


def outcome(file: Labelled) -> Outcome:
    labels = read_labels(file)
    document = read(file.path)
    resume = parse(document, AS_OF) if document else None
    return Outcome(file, _layout(file, document), score(labels, resume), labels.hidden, labels.misplaced)


def read(path: Path) -> Document | None:
    data = path.read_bytes()
    try:
        return extract(data, sniff(data))
    except DocumentError:
        return None


def _layout(file: Labelled, document: Document | None) -> str:
    if file.set == "scans":
        return f"scan, {file.path.suffix[1:].upper()}"
    if file.path.suffix == ".docx":
        return "DOCX"
    return "PDF, two columns" if document and document.columns > 1 else "PDF, one column"


def total(outcomes: Iterable[Outcome], fields: Iterable[str]) -> Tally:
    """One tally over files and fields: micro-averaged."""
    tally, names = Tally(), set(fields)
    for each in outcomes:
        for name in names & each.tallies.keys():
            tally.add(each.tallies[name])
    return tally


def _by_field(outcomes: list[Outcome]) -> Table:
    hidden, misplaced = sum(o.hidden for o in outcomes), sum(o.misplaced for o in outcomes)
    shown = _table(
        f"Resume fields, {len(outcomes)} labelled files "
        f"({hidden} labelled values are not on their page, {misplaced} places not in its head)",
        ["field", "precision", "recall", "F1", "in truth"],
    )
    for name, whole in _fields(outcomes):
        shown.add_row(name, *_prf(whole), str(whole.true))
    return shown


def _by_set(outcomes: list[Outcome]) -> Table:
    sets = sorted({o.file.set for o in outcomes})
    shown = _table("The same by set: F1", ["field", *(name.replace("_", " ") for name in sets)])
    for name, _ in _fields(outcomes):
        shown.add_row(name, *(_f1(total([o for o in outcomes if o.file.set == s], [name])) for s in sets))
    return shown


def _fields(outcomes: list[Outcome]) -> Iterator[tuple[str, Tally]]:
    """Those that the truth of some file has."""
    tallies = ((name, total(outcomes, [name])) for names in GROUPS.values() for name in names)
    return ((name, tally) for name, tally in tallies if tally.true)


def _by_group(outcomes: list[Outcome]) -> Table:
    layouts: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        layouts[each.layout].append(each)
    shown = _table("Resume F1, all values of a part micro-averaged, by layout", ["files", "number", *GROUPS])
    for layout, some in sorted(layouts.items()):
        shown.add_row(layout, str(len(some)), *(_f1(total(some, fields)) for fields in GROUPS.values()))
    for name in sorted({o.file.set for o in outcomes}):
        some = [o for o in outcomes if o.file.set == name]
        shown.add_row(f"set {name}", str(len(some)), *(_f1(total(some, fields)) for fields in GROUPS.values()))
    shown.add_row("real files, all", str(len(outcomes)), *(_f1(total(outcomes, f)) for f in GROUPS.values()))
    shown.add_row("goal", "", *(f"{GOALS[name]:.3f}" if name in GOALS else "" for name in GROUPS))
    return shown


def _calibration(outcomes: list[Outcome]) -> Table:
    shown = _table(
        "Confidence of values, against how often they are right", ["field", "values", "mean", "right", "ECE"]
    )
    for name in (name for names in GROUPS.values() for name in names):
        sure = total(outcomes, [name]).sure
        if sure and name not in ("work.start", "work.end", "education.start", "education.end"):
            mean = sum(c for c, _ in sure) / len(sure)
            right = sum(r for _, r in sure) / len(sure)
            shown.add_row(name, str(len(sure)), f"{mean:.3f}", f"{right:.3f}", f"{calibration_error(sure):.3f}")
    return shown


def calibration_error(sure: list[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in sure:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return sum(abs(sum(c for c, _ in each) - sum(r for _, r in each)) for each in bins.values()) / len(sure)


def _unlabelled(files: list[Labelled]) -> Table:
    shown = _table(
        "Files without labels", ["set", "files", "opened", "with 2 sections", "with a job", "jobs with title and dates"]
    )
    for name in sorted({f.set for f in files}):
        resumes = [
            parse(d, AS_OF) if (d := read(f.path)) else None for f in track([f for f in files if f.set == name], name)
        ]
        opened = [r for r in resumes if r]
        jobs = [e for r in opened for e in r.experiences]
        whole = sum(bool(e.title and e.months) for e in jobs)
        shown.add_row(
            name,
            str(len(resumes)),
            str(len(opened)),
            str(sum(_sections(r) >= 2 for r in opened)),
            str(sum(bool(r.experiences) for r in opened)),
            f"{whole}/{len(jobs)}",
        )
    return shown


def _sections(resume: ParsedResume) -> int:
    return len({re.sub(r"\W+", " ", s.text) for s in resume.sections})


def _table(title: str, columns: list[str]) -> Table:
    shown = Table(title=title)
    for number, column in enumerate(columns):
        shown.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return shown


def _f1(tally: Tally) -> str:
    return f"{tally.f1:.3f}" if tally.true else "-"


def _prf(tally: Tally) -> list[str]:
    return [f"{tally.precision:.3f}", f"{tally.recall:.3f}", f"{tally.f1:.3f}"]


def print_misses(outcomes: list[Outcome], field: str) -> None:
    """Each file's misses and wrong values of one field, or of all fields whose names begin so."""
    for each in outcomes:
        for name, tally in each.tallies.items():
            if name.startswith(field) and (tally.missed or tally.wrong):
                print(f"{each.file.path.name} {name} missed {tally.missed} wrong {tally.wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--worst", metavar="FIELD")
    options = parser.parse_args()
    if options.worst is None:
        for shown in table(options.data):
            Console().print(shown)
    else:
        files = [f for f in find_files(options.data / NEEDS) if f.truth]
        print_misses([outcome(f) for f in files], options.worst)


if __name__ == "__main__":
    main()

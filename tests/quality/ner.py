"""Named entities in three sets of annotated resumes: our parser's spans against the annotators'."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.progress import track
from rich.table import Table

from services.ai.documents import Kind, extract
from services.ai.resume import parse, with_skills
from services.ai.skills import SkillLinker, load
from tests.quality import ner_labels
from tests.quality.ner_labels import Found, Labelled, Style, moved, words
from tests.quality.ner_lines import with_lines

NEEDS = ""  # each set is looked for by itself


@dataclass(frozen=True, slots=True)
class Set:
    """A set, the style of its annotators, and the floors that the data's README gives."""

    folder: str
    style: Style
    floor: str
    labels: tuple[str, ...] = ()  # all when empty


SETS = (
    Set("dataturks_ner", ner_labels.dataturks, "0.505 official split, 0.386 dev to held out"),
    Set("dotin_ner", ner_labels.dotin, "0.488 official split, 0.449 dev to held out"),
    Set(
        "resume_corpus_ner",
        ner_labels.resume_corpus,
        "0.197 over all 36 labels",
        ("designation", "company_name", "higher_education", "technical_skills"),
    ),
)


def table(data: Path) -> list[Table]:
    """A table for each set that is there."""
    linker = SkillLinker(load())
    return [_table(each, _count(each, data, linker)) for each in SETS if (data / each.folder).is_dir()]


@dataclass(slots=True)
class Counts:
    """Spans of one label: how many are true, how many were said, how many of both are the same or share a word."""

    true: int = 0
    said: int = 0
    same: int = 0
    touching: int = 0

    def f1(self, right: int) -> float:
        return 2 * right / (self.true + self.said) if self.true + self.said else 0.0


def _count(each: Set, data: Path, linker: SkillLinker) -> tuple[dict[str, Counts], int]:
    counts: dict[str, Counts] = {}
    lines = (data / each.folder / "resumes.jsonl").read_text("utf-8").splitlines()
    for line in track(lines, each.folder):
        row = json.loads(line)
        truth = [(start, end, label) for start, end, label in row["entities"] if label in (each.labels or [label])]
        found = find(row["text"], linker)
        said = moved(words(found.text, each.style(found)), found.text, row["text"])
        add(counts, words(row["text"], truth), said)
    return counts, len(lines)


def add(counts: dict[str, Counts], truth: set[Labelled], said: set[Labelled]) -> None:
    """Counts one text's spans, given in words. A true span is matched once."""
    for label, number in Counter(label for _, _, label in truth).items():
        counts.setdefault(label, Counts()).true += number
    for label, number in Counter(label for _, _, label in said).items():
        counts.setdefault(label, Counts()).said += number
    for _, _, label in truth & said:
        counts[label].same += 1
    free = sorted(said)
    for start, end, label in sorted(truth):
        match = next((s for s in free if s[2] == label and s[0] < end and s[1] > start), None)
        if match:
            free.remove(match)
            counts[label].touching += 1


def find(text: str, linker: SkillLinker) -> Found:
    """What our engine finds in a text, as places in its own reading of it."""
    document = extract(with_lines(text).encode(), Kind.TEXT)
    mentions = linker.link(document.text)
    resume = with_skills(parse(document, date(2019, 1, 1)), document, mentions)
    return Found(document.text, resume, tuple(mentions), load().skills)


def _table(each: Set, counted: tuple[dict[str, Counts], int]) -> Table:
    counts, texts = counted
    shown = Table(title=f"Named entities, {each.folder}: {texts} resumes")
    shown.caption = (
        "Strict: the same words. Overlap: a word in common. Ours is not trained on this set, only cut to its style; the floors are:"
        f" a CRF on words and shapes that was, strict F1 {each.floor}."
    )
    for column in ("label", "strict P", "strict R", "strict F1", "overlap F1", "true", "said"):
        shown.add_column(column, justify="left" if column == "label" else "right")
    for label, count in sorted(counts.items()):
        _row(shown, label, count)
    _row(shown, "all labels", _sum(counts.values()))
    answered = [count for count in counts.values() if count.said]
    _row(shown, f"the {len(answered)} labels that we answer", _sum(answered))
    return shown


def _sum(counts: Iterable[Counts]) -> Counts:
    whole = Counts()
    for count in counts:
        whole.true += count.true
        whole.said += count.said
        whole.same += count.same
        whole.touching += count.touching
    return whole


def _row(shown: Table, label: str, count: Counts) -> None:
    shares = (
        count.same / (count.said or 1),
        count.same / (count.true or 1),
        count.f1(count.same),
        count.f1(count.touching),
    )
    shown.add_row(label, *(f"{share:.3f}" for share in shares), str(count.true), str(count.said))

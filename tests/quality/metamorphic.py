"""What must not change a score, and what must, on real resumes and postings: changed texts go the whole way from text to score."""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from rich.progress import track
from rich.table import Table

from services.ai.embedding import MiniLM
from services.ai.matching import CandidateFeatures, PositionFeatures, Reason, RequirementKind, Score, score
from services.ai.months import Interval
from services.ai.skills import Ontology, SkillLinker, load
from tests.quality.candidates import Remembering, candidate, position

NEEDS = "livecareer"
AS_OF = date(2026, 11, 1)
SEED = 20261126
RESUMES, STUFFED, POSTINGS = 500, 200, 6
SHIFT = 84
"""Months."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a promise was kept; `failed`: ids of resumes for which it was not, with what was seen."""

    promise: str
    goal: str
    cases: int
    rate: str
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """What turns texts into scores."""

    linker: SkillLinker
    encoders: Remembering
    ontology: Ontology

    def candidate(self, text: str, as_of: date = AS_OF) -> CandidateFeatures:
        return candidate(text, self.linker, self.encoders, as_of)

    def position(self, posting: dict[str, Any]) -> PositionFeatures:
        return position(posting["title"], posting["text"], self.linker, self.encoders, self.ontology)


def bench() -> Bench:
    ontology = load()
    return Bench(SkillLinker(ontology), Remembering(MiniLM()), ontology)


def table(data: Path) -> Table:
    """One line a promise."""
    kit = bench()
    resumes = _sample(data / "livecareer" / "resumes.jsonl.gz", RESUMES)
    positions = [kit.position(one) for one in postings(data)]
    findings = [*swapped(kit, resumes, positions), *edited(kit, resumes[:STUFFED], positions)]
    shown = Table(title=f"Metamorphic: {len(resumes)} resumes of livecareer, {len(positions)} postings")
    for column in ("what is changed, and what must follow", "goal", "cases", "measured", "failing resumes"):
        shown.add_column(column, justify="right" if column in ("cases", "measured") else "left")
    for one in findings:
        shown.add_row(one.promise, one.goal, str(one.cases), one.rate, ", ".join(one.failed[:5]))
    shown.caption = (
        "Each case goes from text to score again: parser, linker, portrait, passages, vectors. Of each resume with one posting; "
        "who it is and when it was, with all of them."
    )
    return shown


def postings(data: Path) -> list[dict[str, Any]]:
    """Half of them of each set that is there, none without requirements."""
    found: list[dict[str, Any]] = []
    for name in ("postings_nhs", "postings_glassdoor_data"):
        path = data / name / "postings.jsonl.gz"
        found += _sample(path, POSTINGS // 2) if path.is_file() else []
    return found


def _sample(path: Path, number: int) -> list[dict[str, Any]]:
    with gzip.open(path, "rt") as lines:
        rows = [row for row in map(json.loads, lines) if len(row["text"]) > 1000]
    return random.Random(SEED).sample(rows, min(number, len(rows)))


def swapped(kit: Bench, resumes: Sequence[dict[str, Any]], positions: Sequence[PositionFeatures]) -> Iterator[Finding]:
    """Name, pronouns, photo, address and age marks: one at a time, and all together."""
    failed: dict[str, list[str]] = {name: [] for name in (*MARKS, "all together")}
    for resume in track(resumes, "metamorphic: who it is"):
        before = _scores(kit, with_marks(resume["text"], {}), positions)
        for name in failed:
            changed = tuple(MARKS) if name == "all together" else (name,)
            after = _scores(kit, with_marks(resume["text"], dict.fromkeys(changed, 1)), positions)
            if after != before:
                failed[name].append(
                    f"{resume['id']} ({max(abs(a - b) for a, b in zip(after, before, strict=True)):.3f})"
                )
    for name, ids in failed.items():
        kept = 1 - len(ids) / len(resumes)
        yield Finding(f"{name} swapped: score change exactly 0", "1.000", len(resumes), f"{kept:.3f}", tuple(ids))


MARKS: dict[str, tuple[str, str]] = {
    "name": ("Emily Hartwell", "Tariq Mansoor"),
    "address": ("12 Oak Street, Leeds LS1 4AB", "98 Harbour Road, Bristol BS1 5TY"),
    "photo": ("", "[photo]\n"),
    "age marks": ("Date of birth: 3 May 1997", "Date of birth: 14 November 1968"),
    "pronouns": (
        "Ms. {name} speaks for her team; colleagues say she explains well and trust her.",
        "Mr. {name} speaks for his team; colleagues say he explains well and trust him.",
    ),
}


def with_marks(text: str, chosen: dict[str, int]) -> str:
    """The resume below a head of a person that `chosen` tells, with a sentence about the person in its summary or at its end."""
    mark = {name: pair[chosen.get(name, 0)] for name, pair in MARKS.items()}
    mail = f"{mark['name'].replace(' ', '.').lower()}@example.org"
    said = mark["pronouns"].format(name=mark["name"].split()[-1])
    head = f"{mark['photo']}{mark['name']}\n{mark['address']}\n{mail}\n{mark['age marks']}\n"
    body = re.sub(
        r"(?m)^(Summary|Professional Summary|Profile|Executive Summary)[ \t]*$", rf"\1\n{said}", text, count=1
    )
    return head + (body if body != text else f"{text}\n{said}\n")


def _scores(kit: Bench, text: str, positions: Sequence[PositionFeatures]) -> list[float]:
    features = kit.candidate(text)
    return [score(features, one, AS_OF).value for one in positions]


def edited(kit: Bench, resumes: Sequence[dict[str, Any]], positions: Sequence[PositionFeatures]) -> Iterator[Finding]:
    features = [kit.candidate(one["text"]) for one in track(resumes, "metamorphic: as they are")]
    scores = [[score(one, asked, AS_OF) for asked in positions] for one in features]
    yield _stuffed(kit, resumes, scores, positions)
    cited, other, uncited = [], [], []
    cases = enumerate(zip(track(resumes, "metamorphic: cuts"), features, scores, strict=True))
    for number, (resume, known, own) in cases:
        asked, found = positions[number % len(positions)], own[number % len(positions)]
        fell, elsewhere, tried, what = without_cited(kit, resume["text"], found, asked)
        cited.append((resume["id"], tried, fell, what))
        other.append((resume["id"], tried, fell + elsewhere, what))
        uncited.append((resume["id"], *without_uncited(kit, resume["text"], known, found, asked)))
    yield _cuts("cited evidence deleted: its reason falls", "≥ 0.950", cited)
    yield _cuts("the same: it falls, or rests on other evidence then", "≥ 0.950", other)
    yield _cuts("an uncited sentence deleted: no reason falls", "1.000", uncited)
    yield _shifted(kit, resumes, features, scores, positions)


def _cuts(promise: str, goal: str, cases: Sequence[tuple[Any, int, int, str]]) -> Finding:
    tried = sum(number for _, number, _, _ in cases)
    kept = sum(number for _, _, number, _ in cases)
    failed = tuple(f"{name} ({what})" for name, number, good, what in cases if good < number)
    return Finding(promise, goal, tried, f"{kept / (tried or 1):.3f}", failed)


def _stuffed(
    kit: Bench,
    resumes: Sequence[dict[str, Any]],
    scores: Sequence[Sequence[Score]],
    positions: Sequence[PositionFeatures],
) -> Finding:
    """Every skill that the position asks for, pasted at the end: places gained among all the resumes."""
    gains, failed = [], []
    for number, resume in enumerate(track(resumes, "metamorphic: skill lists")):
        asked = positions[number % len(positions)]
        names = [one.label for one in asked.requirements if one.kind is RequirementKind.SKILL]
        stuffed = score(kit.candidate(f"{resume['text']}\n\nSkills\n{', '.join(names)}\n"), asked, AS_OF).value
        others = [own[number % len(positions)].value for own in scores]
        own = others.pop(number)
        gain = sum(own < other for other in others) - sum(stuffed < other for other in others)
        gains.append(gain)
        if gain > 1:
            failed.append(f"{resume['id']} (+{gain})")
    what = "the position's whole skill list pasted in: median rank gain"
    share = sum(gain <= 1 for gain in gains) / len(gains)
    return Finding(what, "≤ 1", len(gains), f"{median(gains):g} ({share:.2f} gain ≤ 1)", tuple(failed))


def without_cited(kit: Bench, text: str, found: Score, asked: PositionFeatures) -> tuple[int, int, int, str]:
    """Each requirement's reason with evidence: all lines that it cites are cut out. (fell, cites others then, tried, which did neither)"""
    fell, elsewhere, tried, kept = 0, 0, 0, []
    for index, reason in enumerate(found.reasons[: len(asked.requirements)]):
        if not reason.evidence or not reason.contribution:
            continue
        tried += 1
        after = score(kit.candidate(cut_lines(text, evidence_lines(text, reason))), asked, AS_OF).reasons[index]
        said = {_words(span.text) for span in reason.evidence}
        if after.contribution < reason.contribution:
            fell += 1
        elif not said & {_words(span.text) for span in after.evidence}:
            elsewhere += 1
        else:
            kept.append(reason.label.split(":")[0])
    return fell, elsewhere, tried, ", ".join(kept[:2])


def _words(text: str) -> str:
    return " ".join(text.split()).lower()


def evidence_lines(text: str, reason: Reason) -> set[int]:
    """Starts of the lines that hold the words cited, wherever they stand: evidence is what is said, and it may be said twice."""
    cited = {_words(span.text) for span in reason.evidence}
    patterns = [r"\s+".join(map(re.escape, words.split())) for words in sorted(cited)]
    found = [match.span() for pattern in patterns for match in re.finditer(pattern, text, re.IGNORECASE)]
    lines = [line.span() for line in re.finditer(r"[^\n]+", text)]
    return {start for start, end in lines if any(first < end and start < last for first, last in found)}


def cut_lines(text: str, starts: set[int]) -> str:
    return "".join(line[0] for line in re.finditer(r"[^\n]*\n?", text) if line.start() not in starts)


def without_uncited(
    kit: Bench, text: str, features: CandidateFeatures, found: Score, asked: PositionFeatures
) -> tuple[int, int, str]:
    """One passage that no reason cites is cut out. (tried, no reason fell, which fell)"""
    cited = [span for reason in found.reasons for span in reason.evidence]
    free = [p.span for p in features.passages if not any(p.span.overlaps(span) for span in cited)]
    free = [span for span in free if _is_sentence(text, span.text)]
    if not free:
        return 0, 0, ""
    span = random.Random(SEED).choice(free)
    after = score(kit.candidate(text.replace(span.text, "", 1)), asked, AS_OF)
    lower = [
        a.label for a, b in zip(after.reasons, found.reasons, strict=True) if a.contribution < b.contribution - 1e-9
    ]
    return 1, int(not lower), "; ".join(lower[:2])


def _is_sentence(text: str, words: str) -> bool:
    """Whether these words stand in the text once, from where a line or sentence begins to where one ends."""
    at = text.find(words)
    if at < 0 or text.find(words, at + 1) >= 0:
        return False
    before, after = text[:at].rstrip(" \t•·*-–"), text[at + len(words) :].lstrip(" \t")
    return before[-1:] in ("", "\n", ".", "!", "?") and (after[:1] in ("", "\n") or words[-1] in ".!?")


def _shifted(
    kit: Bench,
    resumes: Sequence[dict[str, Any]],
    features: Sequence[CandidateFeatures],
    scores: Sequence[Sequence[Score]],
    positions: Sequence[PositionFeatures],
) -> Finding:
    """All dates and the day of the ranking moved by the same number of years."""
    later = AS_OF.replace(year=AS_OF.year + SHIFT // 12)
    failed = []
    for resume, known, own in zip(resumes, features, scores, strict=True):
        moved = moved_by(known, SHIFT)
        if any(
            _told(score(moved, asked, later)) != _told(before) for asked, before in zip(positions, own, strict=True)
        ):
            failed.append(str(resume["id"]))
    kept = 1 - len(failed) / len(resumes)
    what = f"all dates and the day shifted by {SHIFT} months: identical"
    return Finding(what, "1.000", len(resumes) * len(positions), f"{kept:.3f}", tuple(failed))


def moved_by(features: CandidateFeatures, months: int) -> CandidateFeatures:
    skills = tuple(replace(s, months=tuple(_later(one, months) for one in s.months)) for s in features.skills)
    roles = tuple(replace(r, months=_later(r.months, months) if r.months else None) for r in features.roles)
    return replace(features, skills=skills, roles=roles)


def _later(one: Interval, months: int) -> Interval:
    return Interval(one.start + months, None if one.end is None else one.end + months)


def _told(found: Score) -> list[tuple[str, str, float]]:
    """All but the words, which name years."""
    return [(one.factor, one.rule, one.contribution) for one in found.reasons]

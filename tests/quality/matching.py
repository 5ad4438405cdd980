"""How the ranking of five vacancies for each resume agrees with two people's (Vanetik and others)."""

import json
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import Any

from rich.progress import track
from rich.table import Table

from services.ai.credentials import EducationLevel
from services.ai.documents import Kind, extract
from services.ai.embedding import MiniLM
from services.ai.matching import (
    CandidateFeatures,
    LanguageFact,
    PositionFeatures,
    SkillFact,
    find_requirements,
    rank,
    score,
)
from services.ai.resume import ParsedResume, SkillEvidence, parse, with_skills
from services.ai.skills import SkillLinker, load

NEEDS = "vanetik_matching"
AS_OF = date(2023, 1, 1)

Ranks = Sequence[int]
"""For each vacancy its place, 1 = best."""


def table(data: Path) -> Table:
    """Mean Spearman and pairwise accuracy per resume, beside orders that look at nothing or at the text's likeness alone."""
    folder = data / "vanetik_matching"
    vacancies, resumes = (_lines(folder / name) for name in ("vacancies.jsonl", "resumes.jsonl"))
    people = [[r["annotator_1"]] * r["annotator_1_valid"] + [r["annotator_2"]] for r in resumes]
    linker, encoder = SkillLinker(load()), MiniLM()
    positions = [_position(v, linker, encoder) for v in vacancies]
    ours, alike = [], []
    for resume in track(resumes, "matching"):
        scores = [score(candidate(resume["text"], linker, encoder), position) for position in positions]
        ours.append(places([s.value for s in scores]))
        alike.append(places([s.reasons[-1].contribution for s in scores]))
    constant = [list(range(1, len(positions) + 1))] * len(resumes)
    orders = {"SkillSync": ours, "likeness of the texts alone": alike, "the same order for everybody": constant}
    return _table(orders, people)


def _table(orders: dict[str, list[Ranks]], people: Sequence[Sequence[Ranks]]) -> Table:
    shown = Table(title=f"Vacancies ranked for {len(people)} resumes, against people")
    for column in ("order", "mean Spearman", "pairwise accuracy"):
        shown.add_column(column, justify="left" if column == "order" else "right")
    for name, ranks in orders.items():
        pairs = [(mine, theirs) for mine, judges in zip(ranks, people, strict=True) for theirs in judges]
        shown.add_row(name, f"{mean(spearman(*p) for p in pairs):.3f}", f"{mean(agreement(*p) for p in pairs):.3f}")
    both = [(judges[0], judges[1]) for judges in people if len(judges) == 2]
    shown.add_row(
        "one person against the other",
        f"{mean(spearman(*p) for p in both):.3f}",
        f"{mean(agreement(*p) for p in both):.3f}",
    )
    return shown


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _position(vacancy: dict[str, Any], linker: SkillLinker, encoder: MiniLM) -> PositionFeatures:
    vector = encoder.encode(f"{vacancy['job_title']}\n{vacancy['text']}")
    return PositionFeatures(find_requirements(vacancy["text"], linker), vector)


def candidate(text: str, linker: SkillLinker, encoder: MiniLM) -> CandidateFeatures:
    document = extract(text.encode(), Kind.TEXT)
    resume: ParsedResume = with_skills(parse(document, AS_OF), document, linker.link(document.text))
    best = max(resume.educations, key=lambda e: e.level, default=None)
    skills = (
        SkillFact(s.skill_id, s.label, s.evidence is SkillEvidence.USED_IN_ROLE, s.years, s.last_used, s.spans)
        for s in resume.skills
    )
    return CandidateFeatures(
        skills=tuple(skills),
        years_of_experience=resume.years_of_experience,
        roles=(),
        education_level=best.level if best else EducationLevel.UNKNOWN,
        education=best.degree.span if best and best.degree else None,
        languages=tuple(LanguageFact(entry.name.text.lower(), entry.name.span) for entry in resume.languages),
        vector=encoder.encode(document.text),
    )


def places(scores: Sequence[float]) -> list[int]:
    order = rank({str(i): value for i, value in enumerate(scores)})
    return [order.index(str(i)) + 1 for i in range(len(scores))]


def spearman(one: Ranks, other: Ranks) -> float:
    n = len(one)
    return 1 - 6 * sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / (n * (n * n - 1))


def agreement(one: Ranks, other: Ranks) -> float:
    """Part of the pairs that both order alike."""
    pairs = list(combinations(range(len(one)), 2))
    return sum((one[i] < one[j]) == (other[i] < other[j]) for i, j in pairs) / len(pairs)

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

from services.ai.embedding import MiniLM, cosine
from services.ai.matching import rank, score
from services.ai.skills import SkillLinker, load
from tests.quality.candidates import Remembering, candidate, position
from tests.quality.ranking_metrics import bm25

NEEDS = "vanetik_matching"
AS_OF = date(2023, 1, 1)

Ranks = Sequence[int]
"""For each vacancy its place, 1 = best."""


def table(data: Path) -> Table:
    """Mean Spearman and pairwise accuracy per resume, beside orders that look at nothing or at the text's likeness alone."""
    folder = data / "vanetik_matching"
    vacancies, resumes = (_lines(folder / name) for name in ("vacancies.jsonl", "resumes.jsonl"))
    people = [[r["annotator_1"]] * r["annotator_1_valid"] + [r["annotator_2"]] for r in resumes]
    ontology, encoder = load(), Remembering(MiniLM())
    linker = SkillLinker(ontology)
    positions = [position(v["job_title"], v["text"], linker, encoder, ontology) for v in vacancies]
    words = bm25([v["text"] for v in vacancies])
    ours, alike, lexical = [], [], []
    for resume in track(resumes, "matching"):
        told, vector = candidate(resume["text"], linker, encoder, AS_OF), encoder.encode(resume["text"])
        ours.append(places([score(told, one, AS_OF).value for one in positions]))
        alike.append(places([cosine(vector, one.vector) for one in positions]))
        lexical.append(places(words(resume["text"]).tolist()))
    constant = [list(range(1, len(positions) + 1))] * len(resumes)
    orders = {
        "SkillSync": ours,
        "MiniLM cosine of the texts": alike,
        "BM25": lexical,
        "the same order for everybody": constant,
    }
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

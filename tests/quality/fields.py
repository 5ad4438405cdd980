"""Resumes of a posting's field, ranked for real postings: does the right trade come first? (LiveCareer × NHS and data postings)

A posting's field is told by its title alone, a resume's by who collected it; neither is seen by what ranks. Postings whose title says no
field are left out.
"""

import gzip
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from rich.progress import track
from rich.table import Table

from services.ai.embedding import MiniLM
from services.ai.matching import CandidateFeatures, PositionFeatures, score
from services.ai.skills import SkillLinker, load
from tests.quality.candidates import Remembering, candidate, position
from tests.quality.ranking_metrics import Scores, bm25, fused, ndcg, paired_bootstrap, ranking

NEEDS = "livecareer"
AS_OF = date(2021, 1, 1)
SEED, EACH, K = 20261126, 12, 10
# What of a title says its field, and what says another.
FIELDS = {
    "ACCOUNTANT": r"accountant|accounts (?:payable|receivable|assistant)|bookkeep",
    "FINANCE": r"financ(?:e|ial) (?:manager|analyst|director|business partner|officer)|treasury",
    "CHEF": r"\bchef\b|\bcook\b|catering",
    "CONSTRUCTION": r"plumber|joiner|carpenter|builder|construction|estates (?:manager|officer)|electrician",
    "DESIGNER": r"graphic|designer",
    "ENGINEERING": r"(?:mechanical|electrical|biomedical|clinical|maintenance) engineer",
    "HEALTHCARE": r"nurse|midwife|physician|paramedic|radiographer|health ?care assistant",
    "HR": r"human resources|\bhr\b|recruitment (?:advis|officer|manager|assistant)|workforce",
    "INFORMATION-TECHNOLOGY": r"software|developer|(?:data|ict|it|network|systems?) (?:engineer|administrator)|it support|service desk|"
    r"infrastructure (?:engineer|analyst)",
    "PUBLIC-RELATIONS": r"communications (?:manager|officer|lead|specialist)|press officer|public relations",
    "TEACHER": r"teacher|lecturer|nursery (?:nurse|practitioner)|tutor",
    "FITNESS": r"fitness|exercise|personal trainer|gym\b",
    "BUSINESS-DEVELOPMENT": r"business development",
    "SALES": r"\bsales\b",
}
_FIELDS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in FIELDS.items()}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Queries:
    """Postings with their fields, and resumes with theirs."""

    postings: Sequence[tuple[str, Row]]
    resumes: Sequence[Row]

    def gains(self, field: str) -> Mapping[object, float]:
        return {place: 1.0 for place, row in enumerate(self.resumes) if row["category"] == field}


def table(data: Path) -> Table:
    """nDCG@10 of each way to rank."""
    queries = read(data)
    systems = {name: [] for name in ("BM25", "MiniLM cosine", "reciprocal rank fusion of the two", "SkillSync")}
    of_candidates, of_positions = built(queries)
    lexical = bm25([row["text"] for row in queries.resumes])
    encoder = MiniLM()
    plain = np.array(encoder.encode_all([row["text"] for row in queries.resumes]))
    for (field, posting), asked in zip(track(queries.postings, "fields: postings"), of_positions, strict=True):
        text = f"{posting['title']}\n{posting['text']}"
        words, meaning = lexical(text), plain @ np.array(encoder.encode(text))
        found = (words, meaning, fused(words, meaning), ours(of_candidates, asked))
        gains = queries.gains(field)
        for name, scores in zip(systems, found, strict=True):
            systems[name].append(ndcg(ranking(scores), gains, K))
    return _table(systems, queries)


def read(data: Path) -> Queries:
    with gzip.open(data / "livecareer" / "resumes.jsonl.gz", "rt") as lines:
        resumes = [row for row in map(json.loads, lines) if row["text"].strip()]
    known = {row["category"] for row in resumes}
    found: dict[str, list[Row]] = {name: [] for name in FIELDS if name in known}
    for name in ("postings_nhs", "postings_glassdoor_data"):
        path = data / name / "postings.jsonl.gz"
        if path.is_file():
            with gzip.open(path, "rt") as lines:
                for row in map(json.loads, lines):
                    if (field := field_of(row["title"])) in found:
                        found[field].append(row)
    dice = random.Random(SEED)
    chosen = [(field, row) for field, rows in found.items() for row in dice.sample(rows, min(EACH, len(rows)))]
    return Queries(chosen, resumes)


def field_of(title: str) -> str:
    """Empty where the title says none, or two."""
    found = [name for name, pattern in _FIELDS.items() if pattern.search(title)]
    return found[0] if len(found) == 1 else ""


def built(queries: Queries) -> tuple[list[CandidateFeatures], list[PositionFeatures]]:
    ontology = load()
    linker, encoder = SkillLinker(ontology), Remembering(MiniLM())
    people = [candidate(row["text"], linker, encoder, AS_OF) for row in track(queries.resumes, "fields: resumes")]
    asked = [position(row["title"], row["text"], linker, encoder, ontology) for _, row in queries.postings]
    return people, asked


def ours(people: Sequence[CandidateFeatures], asked: PositionFeatures) -> Scores:
    return np.array([score(one, asked, AS_OF).value for one in people])


def _table(systems: Mapping[str, Sequence[float]], queries: Queries) -> Table:
    single = max(("BM25", "MiniLM cosine"), key=lambda name: mean(systems[name]))
    shown = Table(title=f"{len(queries.postings)} postings, {len(queries.resumes)} resumes: nDCG@{K}")
    for column in ("ranked by", f"nDCG@{K}", f"minus {single} (95 %)"):
        shown.add_column(column, justify="left" if column == "ranked by" else "right")
    for name, found in systems.items():
        against = "" if name == single else str(paired_bootstrap(found, systems[single]))
        shown.add_row(name, f"{mean(found):.3f}", against)
    counts = {field: sum(one == field for one, _ in queries.postings) for field, _ in queries.postings}
    shown.caption = "Postings: " + ", ".join(f"{field} {count}" for field, count in counts.items())
    return shown

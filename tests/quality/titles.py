"""Job titles: like titles (TalentCLEF 2025, expert labels) and the ESCO occupation of a vacancy's title (JobBERT, a job board's tags).

About two minutes on one idle core. JOBBERT_TITLES=0 measures all of JobBERT's titles instead of a sample.
"""

import csv
import gzip
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

import numpy as np
from rich.progress import track
from rich.table import Table

from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.skills.ontology import Occupation, load
from services.ai.skills.tables import official
from services.ai.titles import OccupationRanker, TitleEncoder
from services.ai.titles.encoder import ADAPTER
from tests.quality.ranking_metrics import (
    Scores,
    average_precision,
    bm25,
    fused,
    paired_bootstrap,
    ranking,
    recall,
    reciprocal_rank,
)

NEEDS = ""
CLEF, JOBBERT, ESCO = "talentclef2025_titles", "jobbert_titles", "esco"
SAMPLE, SEED = 3000, 20261126
# Texts between two moves of the progress bar.
PART = 500
BM25, MINILM, FUSION = "BM25", "all-MiniLM-L6-v2, cosine", "reciprocal rank fusion of the two"
OURS, TUNED = "SkillSync", "SkillSync, tuned encoder alone"
SINGLE = (BM25, MINILM)
PUBLISHED = {
    "gte-Qwen2-7B (published, test)": "0.563",
    "multilingual-e5-large-instruct (published, test)": "0.559",
    "multilingual mpnet, 278M (published, test)": "0.533",
    "bge-small with GIST, 33M (published, test)": "0.508",
}
CHOICES = (
    "No title of these sets was trained on. On the English development half it was picked, among about 300 settings, how far and how "
    "sharply titles are moved, how much description and skills tell of an occupation beside its titles, and how much of training is "
    "kept; on all four halves, which titles are too strange to be moved (eight settings)"
)


def table(data: Path) -> list[Table]:
    """Mean average precision by language; then MRR and recall over JobBERT's titles."""
    languages = ("english", "spanish", "german", "chinese")
    tables = [_clef(data / CLEF / name) for name in languages if (data / CLEF / name).is_dir()]
    return [*tables, _jobbert(data)] if (data / JOBBERT).is_dir() else tables


Systems = Mapping[str, Callable[[], Sequence[Scores]]]
"""For each query the scores of all candidates."""


def _clef(folder: Path) -> Table:
    queries, corpus = (_texts(folder / f"{name}.tsv") for name in ("queries", "corpus"))
    relevant: dict[str, set[str]] = {}
    for row in _rows(folder / "qrels.tsv"):
        if int(row["relevance"]):
            relevant.setdefault(row["q_id"], set()).add(row["c_id"])
    ids, goal = list(corpus), ", goal MAP 0.58" if folder.name == "english" else ""
    shown = _table(f"Like titles, {folder.name} (TalentCLEF 2025): {len(queries)} queries{goal}", ["MAP"])
    shown.caption = CHOICES
    found = {
        name: [
            average_precision([ids[i] for i in ranking(scores)], relevant.get(query, set()))
            for query, scores in zip(queries, system(), strict=True)
        ]
        for name, system in _title_systems(list(queries.values()), list(corpus.values())).items()
    }
    _fill(shown, found, lambda name: [f"{mean(found[name]):.3f}"])
    if folder.name == "english":
        for name, figure in PUBLISHED.items():
            shown.add_row(name, figure, "")
    return shown


def _title_systems(queries: Sequence[str], corpus: Sequence[str]) -> Systems:
    """The same in every language, though MiniLM and its tuning know English only."""
    words, ours, tuned = bm25(corpus), TitleEncoder(), Transformer(ADAPTER)

    def lexical() -> list[Scores]:
        return [words(query) for query in queries]

    def cosines(encode: Callable[[Sequence[str]], Matrix], what: str) -> list[Scores]:
        near: Scores = (_encoded(encode, queries, what) @ _encoded(encode, corpus, what).T).astype(np.float64)
        return list(near)

    stock = cosines(Transformer().means, "MiniLM")
    return {
        BM25: lexical,
        MINILM: lambda: stock,
        FUSION: lambda: [fused(*both) for both in zip(lexical(), stock, strict=True)],
        OURS: lambda: cosines(ours.encode, "SkillSync"),
        TUNED: lambda: cosines(tuned.means, "tuned"),
    }


def _jobbert(data: Path) -> Table:
    occupations = _occupations(data / ESCO)
    rows = list(_vacancies(data / JOBBERT / "titles.csv.gz", {o.id for o in occupations}))
    place = {occupation.id: i for i, occupation in enumerate(occupations)}
    shown = _table(
        f"Vacancy title → ESCO occupation (JobBERT): {len(rows)} titles, goal MRR 0.45", ["MRR", "R@5", "R@10"]
    )
    shown.caption = (
        f"{CHOICES}. Five weights of how occupations are scored were fitted on 6,000 titles of JobBERT's development half that its sample "
        "leaves out. Labels are a job board's tags, noisy, and never an occupation that has narrower ones but for a few: a weight says so"
    )
    rankings = {
        name: [system(title) for title, _ in track(rows, name)]
        for name, system in _occupation_systems(occupations).items()
    }
    gold = [[place[occupation_id]] for _, occupation_id in rows]
    found = {
        name: [reciprocal_rank(one, right) for one, right in zip(made, gold, strict=True)]
        for name, made in rankings.items()
    }

    def figures(name: str) -> list[str]:
        pairs = list(zip(rankings[name], gold, strict=True))
        return [
            f"{mean(found[name]):.3f}",
            *(f"{mean(recall(one, right, k) for one, right in pairs):.3f}" for k in (5, 10)),
        ]

    _fill(shown, found, figures)
    return shown


def _occupation_systems(occupations: Sequence[Occupation]) -> dict[str, Callable[[str], list[int]]]:
    words = bm25([" ".join([o.label, *o.aliases]) for o in occupations])
    stock, tuned, ours = Transformer(), Transformer(ADAPTER), OccupationRanker(occupations)
    labels = [o.label for o in occupations]
    near, near_tuned = (_encoded(model.means, labels, "labels") for model in (stock, tuned))
    place = {o.id: i for i, o in enumerate(occupations)}

    def cosine(title: str) -> Scores:
        scores: Scores = (near @ stock.means([title])[0]).astype(np.float64)
        return scores

    return {
        BM25: lambda title: ranking(words(title)),
        MINILM: lambda title: ranking(cosine(title)),
        FUSION: lambda title: ranking(fused(words(title), cosine(title))),
        OURS: lambda title: [place[meant.id] for meant in ours.rank([title], len(occupations))[0]],
        "SkillSync, tuned encoder alone, labels only": lambda title: ranking(near_tuned @ tuned.means([title])[0]),
    }


def _fill(shown: Table, found: Mapping[str, Sequence[float]], figures: Callable[[str], list[str]]) -> None:
    """One row a system; ours against the best single list."""
    best = max(SINGLE, key=lambda name: mean(found[name]))
    for name in found:
        difference = str(paired_bootstrap(found[name], found[best])) if name not in (*SINGLE, FUSION) else ""
        shown.add_row(name, *figures(name), difference)


def _table(title: str, metrics: Sequence[str]) -> Table:
    shown = Table(title=title)
    for column in ("system", *metrics, "minus the best single list (95 %)"):
        shown.add_column(column, justify="left" if column == "system" else "right")
    return shown


def _encoded(encode: Callable[[Sequence[str]], Matrix], texts: Sequence[str], what: str) -> Matrix:
    parts = [texts[start : start + PART] for start in range(0, len(texts), PART)]
    return np.concatenate([encode(part) for part in track(parts, what)])


def _occupations(folder: Path) -> list[Occupation]:
    """The data's own ESCO, whole; else the compiled ontology's, a few occupations less. All systems rank the same list."""
    if not folder.is_dir():
        return list(load().titles())
    return [Occupation(o.id, o.label, o.aliases) for o in official(folder).titles]


def _vacancies(file: Path, known: set[str]) -> Iterator[tuple[str, str]]:
    """(title, occupation); those whose occupation ESCO does not list are left out."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [(row["title"], row["esco_uri"].rpartition("/")[2]) for row in csv.DictReader(lines)]
    random.Random(SEED).shuffle(rows)
    most = int(os.environ.get("JOBBERT_TITLES", SAMPLE)) or len(rows)
    return ((title, occupation) for title, occupation in rows[:most] if occupation in known)


def _texts(file: Path) -> dict[str, str]:
    return {row.get("q_id") or row["c_id"]: row["jobtitle"] for row in _rows(file)}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))

"""Sentences of job advertisements linked to ESCO skills, against annotators (Decorte and others), beside floors and published systems.

About a minute of one core to prepare 13,896 labels twice, then 0.05 s a sentence for all systems together.
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
from rich.progress import track
from rich.table import Table

from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.skills.concepts import Concept, ConceptRanker
from services.ai.skills.concepts.names import bare
from services.ai.skills.concepts.ranker import ADAPTER, likeness
from services.ai.skills.concepts.vectors import label_vectors
from services.ai.skills.ontology import Ontology, OntologyMissing, load

NEEDS = "esco_linking"
LABELS = "esco_1_1_0_skill_labels.txt"
# A label further down counts as not found: less than 0.001 of MRR.
DEPTH = 1000
# Labels between two moves of the progress bar.
PART = 1024
CAPTION = (
    "phrases.txt was written after seeing part of the validation sentences: there it flatters SkillSync, and a little the two rows "
    "below, whose encoder was trained with it too"
)

Ranking = Sequence[int]
"""Places in the list of labels, best first."""

# Over the whole official tests; the data's README names where each was read.
PUBLISHED: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "tech": {
        "ConTeXT-match, mpnet (published, test)": ("0.632", "64.0", "74.0"),
        "Infer-Retrieve-Rank, GPT-4 (published, test)": ("-", "63.1", "72.0"),
        "CurriculumMatch, mpnet (published, test)": ("0.573", "59.4", "69.9"),
    },
    "house": {
        "Infer-Retrieve-Rank, GPT-4 (published, test)": ("-", "55.6", "61.7"),
        "CurriculumMatch, mpnet (published, test)": ("0.484", "49.1", "59.6"),
    },
    "techwolf": {"Infer-Retrieve-Rank, GPT-4 (published, test)": ("-", "58.7", "65.7")},
}


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the places of its labels in the list of candidates."""

    sentence: str
    labels: frozenset[int]


def table(data: Path) -> list[Table]:
    """One table for each file of sentences; MRR, RP@5 and RP@10 over the sentences that have a label."""
    folder = data / NEEDS
    labels = [line for line in (folder / LABELS).read_text().split("\n") if line.strip()]
    systems = _systems(labels)
    return [_table(file, _examples(file, labels), systems) for file in sorted(folder.glob("*.jsonl"))]


def _table(file: Path, examples: Sequence[Example], systems: Mapping[str, Callable[[str], Ranking]]) -> Table:
    shown = Table(title=f"ESCO linking, {file.stem}: {len(examples)} sentences with a label", caption=CAPTION)
    for column in ("system", "MRR", "RP@5", "RP@10"):
        shown.add_column(column, justify="left" if column == "system" else "right")
    for name, system in systems.items():
        places = [
            found(system(example.sentence), example.labels) for example in track(examples, f"{file.stem}: {name}")
        ]
        shown.add_row(name, *figures(places, [len(example.labels) for example in examples]))
    for name, values in PUBLISHED.get(file.stem.split("_")[0].lower(), {}).items():
        shown.add_row(name, *values)
    return shown


def found(ranking: Ranking, labels: frozenset[int]) -> list[int]:
    """The ranks of the labels, 1 = best."""
    return [rank for rank, label in enumerate(ranking, 1) if label in labels]


def figures(places: Sequence[Sequence[int]], relevant: Sequence[int]) -> tuple[str, str, str]:
    """MRR and the two RP@k (relevant among the first k / min(k, relevant)), as percentages."""
    mrr = mean(1 / ranks[0] if ranks else 0.0 for ranks in places)
    rp = (
        mean(sum(r <= k for r in ranks) / min(k, n) for ranks, n in zip(places, relevant, strict=True)) * 100
        for k in (5, 10)
    )
    return f"{mrr:.3f}", *(f"{value:.1f}" for value in rp)  # type: ignore[return-value]


def _examples(file: Path, labels: Sequence[str]) -> list[Example]:
    place = {label: i for i, label in enumerate(labels)}
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    examples = (Example(r["sentence"], frozenset(place[s] for s in r["skills"] if s in place)) for r in rows)
    return [example for example in examples if example.labels]


def _systems(labels: Sequence[str]) -> dict[str, Callable[[str], Ranking]]:
    concepts = candidates(labels)
    with tempfile.TemporaryDirectory() as cache:
        ours, unaided = ConceptRanker(concepts, Path(cache)), ConceptRanker(concepts, Path(cache), said={})
        for ranker in track((ours, unaided), "label vectors of SkillSync"):
            ranker.load()
        vectors = label_vectors(Transformer(ADAPTER), concepts, ADAPTER, Path(cache))

    def ranked_by(ranker: ConceptRanker) -> Callable[[str], Ranking]:
        return lambda sentence: [int(i) for i, _ in ranker.rank([sentence], DEPTH)[0]]

    return {
        "SkillSync": ranked_by(ours),
        "SkillSync without phrases.txt": ranked_by(unaided),
        "SkillSync, late interaction alone": _late_interaction(vectors),
        "all-MiniLM-L6-v2, sentence against label": _minilm(labels),
        "word TF-IDF over all labels": _tfidf(concepts),
    }


def candidates(labels: Sequence[str]) -> list[Concept]:
    """The labels with the aliases of our ontology's skill of the same name; the id is the place in the list."""
    try:
        ontology = load()
    except OntologyMissing:
        return [Concept(str(i), label) for i, label in enumerate(labels)]
    aliases = _aliases(ontology)
    return [Concept(str(i), label, aliases.get(bare(label).lower(), ())) for i, label in enumerate(labels)]


def _aliases(ontology: Ontology) -> dict[str, tuple[str, ...]]:
    return {bare(skill.label).lower(): tuple(skill.aliases) for skill in ontology.skills.values()}


def _late_interaction(vectors: Matrix) -> Callable[[str], Ranking]:
    model = Transformer(ADAPTER)
    return lambda sentence: _best(likeness(model.pieces([sentence])[0], vectors))


def _minilm(labels: Sequence[str]) -> Callable[[str], Ranking]:
    model = Transformer()
    parts = [labels[start : start + PART] for start in range(0, len(labels), PART)]
    vectors = np.concatenate([model.means(part) for part in track(parts, "label vectors of MiniLM")])
    return lambda sentence: _best(vectors @ model.means([sentence])[0])


def _best(scores: Matrix) -> Ranking:
    ranking: list[int] = np.argsort(-scores, kind="stable")[:DEPTH].tolist()
    return ranking


def _tfidf(concepts: Sequence[Concept]) -> Callable[[str], Ranking]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer()
    rows = vectorizer.fit_transform(" ".join([concept.label, *concept.aliases]) for concept in concepts)

    def ranked(sentence: str) -> Ranking:
        return _best((rows @ vectorizer.transform([sentence]).T).toarray()[:, 0])

    return ranked

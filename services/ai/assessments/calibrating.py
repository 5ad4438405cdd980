"""From what experts guess to what people answer: the difficulty of a question, estimated anew."""

from collections.abc import Sequence

from services.ai.assessments.banks import Item

# How far off an expert's estimate usually is, in logits: it outweighs the answers of a handful of people, and not those of a hundred.
EXPERT_ERROR = 0.7


def recalibrated(item: Item, answers: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Difficulty and its standard error, given each person's ability, estimated without this question, and whether the answer was right.

    The mode after the answers over a normal prior around the present difficulty; discrimination and guessing stay.
    """
    import numpy as np
    from catsim import irt

    b = np.linspace(item.b - 4, item.b + 4, 1601)
    log = -(((b - item.b) / EXPERT_ERROR) ** 2) / 2
    for ability, correct in answers:
        rows = np.column_stack([np.full_like(b, item.a), b, np.full_like(b, item.c), np.ones_like(b)])
        right = irt.icc_hpc(ability, rows)
        log += np.log(right if correct else 1 - right)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = float(weight @ b)
    return float(b[int(log.argmax())]), float(np.sqrt(weight @ (b - mean) ** 2))

"""Scores of each word → spans: the best sequence of begin, inside and outside in which inside follows only begin or inside."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

OUTSIDE, BEGIN, INSIDE = range(3)
_NEVER = np.float32(-1e9)
_MOVES = np.array([[0, 0, _NEVER], [0, 0, 0], [0, 0, 0]], np.float32)
_FIRST = np.array([0, 0, _NEVER], np.float32)


def best_tags(scores: Scores) -> list[int]:
    """(words, 3) log probabilities of outside, begin, inside → one tag a word."""
    if not len(scores):
        return []
    total, back = scores[0] + _FIRST, []
    for row in scores[1:]:
        reached = total[:, None] + _MOVES
        back.append(reached.argmax(0))
        total = reached.max(0) + row
    tags = [int(total.argmax())]
    for step in reversed(back):
        tags.append(int(step[tags[-1]]))
    return tags[::-1]


def spans(tags: Sequence[int]) -> list[tuple[int, int]]:
    """First word and the word after the last of each span."""
    found: list[tuple[int, int]] = []
    for i, tag in enumerate(tags):
        if tag == BEGIN or (tag == INSIDE and (i == 0 or tags[i - 1] == OUTSIDE)):
            found.append((i, i + 1))
        elif tag == INSIDE:
            found[-1] = (found[-1][0], i + 1)
    return found

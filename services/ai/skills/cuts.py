"""Where the titles of ESCO's occupations end in a table that holds them run together, without marks between.

`medical lab assistant assistant in biomedical laboratory Medical laboratory assistants work …` has two titles and a description. The
cuts were found once from ESCO's own table, which parts them: `python -m services.ai.skills.cuts --esco DIR`. They hold for one pinned
package.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from services.ai.skills.packed import Lists, lists
from services.ai.skills.tables import Occupation, official

FILE = Path(__file__).parent / "cuts.npz"
# Words; ESCO's longest title has 15.
LONGEST = 16
# Words of a description by which it is known.
_BEGINNING = 3


def occupations(texts: Mapping[str, str]) -> Iterator[Occupation]:
    """From the run-together texts, by id in the order of the package's table. What was not in ESCO's table is left out."""
    kept = np.load(FILE)
    cuts = Lists(kept["cuts.ends"], kept["cuts.items"])
    for row, (occupation_id, text) in enumerate(texts.items()):
        titles, rest = parted(text, cuts[row])
        if titles:
            yield Occupation(occupation_id, titles[0], tuple(dict.fromkeys(titles[1:])), rest)


def parted(text: str, cut: Sequence[int]) -> tuple[list[str], str]:
    """The titles, and what follows them. `cut`: for each stretch twice its words, plus 1 for one that is no title."""
    words, titles, at = text.split(), [], 0
    for stretch in cut:
        if not stretch & 1:
            titles.append(" ".join(words[at : at + (stretch >> 1)]))
        at += stretch >> 1
    return titles, " ".join(words[at:])


def found(text: str, occupation: Occupation) -> list[int]:
    """The cut of one text whose titles are known; empty when it does not begin with the label."""
    words = [word.casefold() for word in text.split()]
    names = {tuple(name.casefold().split()) for name in (occupation.label, *occupation.aliases)}
    label, end = tuple(occupation.label.casefold().split()), _beginning(words, occupation.description)
    if tuple(words[: len(label)]) != label:
        return []
    return [2 * len(label), *_best(words[len(label) : end], names)]


def _best(words: Sequence[str], names: set[tuple[str, ...]]) -> list[int]:
    """The stretches that leave the fewest words to no title."""
    best: list[tuple[int, list[int]]] = [(0, [])]
    for end in range(1, len(words) + 1):
        ways = [
            (best[end - n][0], [*best[end - n][1], 2 * n])
            for n in range(1, min(LONGEST, end) + 1)
            if tuple(words[end - n : end]) in names
        ]
        ways.append((best[end - 1][0] + 1, [*best[end - 1][1], 3]))
        best.append(min(ways, key=lambda way: (way[0], len(way[1]))))
    return best[-1][1]


def _beginning(words: Sequence[str], description: str) -> int:
    start = [word.casefold() for word in description.split()[:_BEGINNING]]
    places = (i for i in range(len(words)) if words[i : i + len(start)] == start)
    return next(places, 0) if start else len(words)


def main() -> None:
    from services.ai.skills.packages import download, occupation_texts

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--esco", type=Path, required=True, help="folder with ESCO's tables")
    known = {occupation.id: occupation for occupation in official(parser.parse_args().esco).titles}
    with tempfile.TemporaryDirectory() as folder:
        download(Path(folder))
        texts = occupation_texts(Path(folder))
    cuts = [found(text, known[key]) if key in known else [] for key, text in texts.items()]
    arrays: dict[str, Any] = lists("cuts", cuts)
    with FILE.open("wb") as out:
        np.savez_compressed(out, **arrays)


if __name__ == "__main__":
    main()

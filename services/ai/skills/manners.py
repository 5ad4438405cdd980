"""Skills that positions of all trades ask for and anybody can claim: `manners.txt`."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "manners.txt"


def is_manner(label: str) -> bool:
    """Whether an ontology's skill of this label is one of manners or habits, not of a trade."""
    return label in _labels()


@cache
def _labels() -> frozenset[str]:
    lines = FILE.read_text("utf-8").splitlines()
    return frozenset(line.partition(" | ")[0] for line in lines if line and not line.startswith("# "))

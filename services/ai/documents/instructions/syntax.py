"""The syntax of a regular expression as a tree."""

from typing import Any

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:
    parser = None


def tree_of(pattern: str) -> list[Any]:
    """Pairs of an operation and what it is applied to, as `re` itself reads the pattern; none on a Python that does not give them.

    There is no public way to them, and patterns written twice, for `re` and for us, would one day differ. Without a tree nothing is
    known of a pattern, so it is tried on every line: slower, and as right.
    """
    return list(parser.parse(pattern)) if parser else []

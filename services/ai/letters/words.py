"""Lists of words, written as text."""


def words(text: str) -> frozenset[str]:
    """Those that blanks part, each once."""
    return frozenset(text.split())


def in_order(text: str) -> list[str]:
    """The same in their order."""
    return text.split()

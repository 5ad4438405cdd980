"""Numbers as they are written: digits, and words up to twenty in four languages."""

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
    "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "un deux trois quatre cinq six sept huit neuf dix",
    "un dos tres cuatro cinco seis siete ocho nueve diez",
)
_VALUES = {word: number for line in _WORDS for number, word in enumerate(line.split(), 1)}
_VALUES |= {"a": 1, "an": 1, "eine": 1, "einem": 1, "einer": 1, "une": 1, "uno": 1, "una": 1}
NUMBER = rf"(?:\d{{1,2}}(?:[.,]\d)?|{'|'.join(sorted((w for w in _VALUES if len(w) > 2), key=len, reverse=True))})"
"""A pattern; `a year` and `un an` are left out, for they say how long something lasts."""


def number_of(words: str) -> float:
    """Raises KeyError, ValueError for what NUMBER does not match."""
    lower = words.lower()
    return float(_VALUES[lower]) if lower in _VALUES else float(lower.replace(",", "."))

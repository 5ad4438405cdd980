"""Hebrew and Arabic as they are drawn: letters joined, from right to left within a line that goes from left to right.

After Unicode's bidirectional algorithm (UAX 9), for lines whose base direction is left to right and whose text has no marks that
change it, as is the case for the text of a profile. Joined forms are those of the block Arabic Presentation Forms-B.
"""

import unicodedata
from functools import lru_cache
from itertools import groupby

_STRONG = frozenset(("R", "AL"))
_NUMBERS = frozenset(("EN", "AN"))
_INSIDE_NUMBERS = frozenset(("ES", "CS", "ET"))
_ISOLATED, _FINAL, _INITIAL, _MEDIAL = "<isolated>", "<final>", "<initial>", "<medial>"
_OPENING, _CLOSING = "([{", ")]}"
LAM = "\u0644"


def is_right_to_left(text: str) -> bool:
    """Whether anything in the text is drawn from right to left."""
    # Most text is: nothing below this has such letters.
    return not text.isascii() and any(c >= "\u0590" and unicodedata.bidirectional(c) in _STRONG for c in text)


def drawn(text: str) -> str:
    """The characters of one line from left to right, as they are drawn."""
    if not is_right_to_left(text):
        return text
    letters = _joined(text)
    levels = _levels(letters)
    out: list[str] = []
    for level, group in groupby(zip(levels, letters, strict=True), key=lambda pair: pair[0]):
        run = [letter for _, letter in group]
        out.append("".join(run) if level == 0 else _reversed(run))
    return "".join(out)


def _levels(letters: list[str]) -> list[int]:
    """1 for what belongs to a stretch from right to left: its letters, and what stands between two of them."""
    kinds = [unicodedata.bidirectional(letter[0]) for letter in letters]
    levels, last = [0] * len(letters), -1
    for i, kind in enumerate(kinds):
        if kind in _STRONG:
            begin = last + 1 if last >= 0 else i
            levels[begin : i + 1] = [1] * (i + 1 - begin)
            last = i
        elif kind == "NSM" and last == i - 1 >= 0:
            levels[i], last = 1, i
        elif kind == "L":
            last = -1
    _close_brackets(letters, levels)
    return levels


def _close_brackets(letters: list[str], levels: list[int]) -> None:
    """What closes a bracket goes the way of what opened it (rule N0)."""
    open_: list[tuple[str, int]] = []
    for i, letter in enumerate(letters):
        if letter in _OPENING:
            open_.append((letter, i))
        elif open_ and letter == _CLOSING[_OPENING.index(open_[-1][0])]:
            _, opened = open_.pop()
            if levels[opened]:
                levels[opened : i + 1] = [1] * (i + 1 - opened)


def _reversed(run: list[str]) -> str:
    """Backwards, but for numbers and marks upon letters; brackets turn round."""
    units: list[str] = []
    for letter in run:
        kind = unicodedata.bidirectional(letter[0])
        before = unicodedata.bidirectional(units[-1][-1]) if units else ""
        number = kind in _NUMBERS and (before in _NUMBERS or (before in _INSIDE_NUMBERS and len(units[-1]) > 1))
        if units and (kind == "NSM" or number or (kind in _INSIDE_NUMBERS and before in _NUMBERS)):
            units[-1] += letter
        else:
            units.append(letter)
    return "".join(_mirrored(unit) for unit in reversed(units))


def _mirrored(unit: str) -> str:
    pairs = "()[]{}<>«»"
    return pairs[pairs.index(unit) ^ 1] if unit in pairs and len(unit) == 1 else unit


def _joined(text: str) -> list[str]:
    """Letters in the form that their neighbours give them. Lam and alef are one."""
    forms, letters = _forms(), list(text)
    out: list[str] = []
    for i, letter in enumerate(letters):
        if out and out[-1] == "":
            out.pop()
            continue
        before = _neighbour(letters, i, -1)
        after = _neighbour(letters, i, 1)
        joins_before = _MEDIAL in forms.get(before, {}) and _FINAL in forms.get(letter, {})
        pair = letter + after if letter == LAM and letters[i + 1 : i + 2] == [after] else ""
        if pair in forms:
            out += [forms[pair][_FINAL if joins_before else _ISOLATED], ""]
            continue
        joins_after = _MEDIAL in forms.get(letter, {}) and _FINAL in forms.get(after, {})
        kind = {(True, True): _MEDIAL, (True, False): _FINAL, (False, True): _INITIAL}.get(
            (joins_before, joins_after), _ISOLATED
        )
        out.append(forms.get(letter, {}).get(kind, letter))
    return [letter for letter in out if letter]


def _neighbour(letters: list[str], i: int, step: int) -> str:
    """The next letter in a direction, marks upon letters left out."""
    i += step
    while 0 <= i < len(letters) and unicodedata.bidirectional(letters[i]) == "NSM":
        i += step
    return letters[i] if 0 <= i < len(letters) else ""


@lru_cache
def _forms() -> dict[str, dict[str, str]]:
    """By letter, or lam and alef: its forms. A letter that joins on both sides has a medial one."""
    forms: dict[str, dict[str, str]] = {}
    for code in range(0xFE80, 0xFEFD):
        kind, _, plain = unicodedata.decomposition(chr(code)).partition(" ")
        if plain:
            letter = "".join(chr(int(part, 16)) for part in plain.split())
            forms.setdefault(letter, {})[kind] = chr(code)
    return forms

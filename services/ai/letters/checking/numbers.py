"""Numbers that a text states, in figures or in the words of four languages, each with what it counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from services.ai.letters.checking.number_words import VAGUE, find_words


class Unit(Enum):
    """What a number is of, as far as it makes another number of it."""

    PLAIN = "PLAIN"
    PERCENT = "PERCENT"
    MONEY = "MONEY"
    TIME = "TIME"
    DATE = "DATE"


@dataclass(frozen=True, slots=True)
class Number:
    """`value` without separators, or a word for a vague one (`hundreds`); `after`: the word that follows."""

    value: str
    unit: Unit
    start: int
    end: int
    after: str


_FIGURE = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[.,'’  ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(?!\d)")
_PERCENT = re.compile(
    r"^\s?(?:%|percent\b|per cent\b|prozent\b|pour ?cent\b|por ciento\b|percentage points?\b)", re.IGNORECASE
)
_MONEY_BEFORE = re.compile(r"(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF|INR|Rs\.?))\s?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(
    r"^\s?(?:k|m|mm|mio\.?|million|millionen|millions|millones|billion|thousand|tausend|mille|mil)?\s?"
    r"(?:[$€£¥]|USD\b|EUR\b|GBP\b|CHF\b|dollars?\b|euros?\b|pounds?\b|francs?\b|dólares\b)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^\+?(?:\s?(?:plus|or more|full|volle|long|more|bonnes|consecutive))?[\s-]?(?:years?|yrs?|months?|jahr\w*"
    r"|monat\w*|ans?\b|années?|mois|años?|mes(?:es)?\b|"
    r"decades?|weeks?|days?|hours?|wochen|tage|stunden|semaines?|jours?|semanas?|días?)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^[\s+%-]*(?:(?:of|de|des|von|the|new|more|than|different|verschiedene\w*)\s+)*([^\W\d_]{3,})")
_YEAR = re.compile(r"(?:19|20)\d\d$")
# Numbers that count nothing: telephone numbers, addresses of the net.
_NO_COUNT = re.compile(r"\+?\d[\d\s().-]{7,}\d(?!\w)|\S+@\S+|(?:https?://|www\.)\S+")
_JOINED = re.compile(r"(?<=\d)\s?[kKmM](?![a-zA-Z])")


def find_numbers(text: str, language: str) -> Iterator[Number]:
    """In order of kinds: figures, then words. Years that stand alone are dates and not among them."""
    for match in _FIGURE.finditer(text):
        unit = _unit(text, match.start(), match.end())
        if not (_YEAR.fullmatch(match[0]) and unit is Unit.PLAIN):
            scale = _JOINED.match(text, match.end())
            value = _plain(match[0]) + (scale[0].strip().lower() if scale else "")
            yield Number(value, unit, match.start(), match.end(), _following(text, match.end()))
    for value, start, end in find_words(text, language):
        unit = Unit.PLAIN if value in VAGUE else _unit(text, start, end)
        yield Number(value, unit, start, end, _following(text, end))


def find_years(text: str) -> Iterator[tuple[str, int, int]]:
    """Years that are dates."""
    for match in _FIGURE.finditer(text):
        if _YEAR.fullmatch(match[0]) and _unit(text, match.start(), match.end()) is Unit.PLAIN:
            yield match[0], match.start(), match.end()


def without_addresses(text: str) -> str:
    """The text with blanks for telephone numbers and addresses, which count nothing."""
    return _NO_COUNT.sub(lambda match: match[0] if _is_period(match[0]) else " " * len(match[0]), text)


def _is_period(text: str) -> bool:
    """`2014 - 2018` looks like a telephone number."""
    return bool(
        re.fullmatch(r"(?:(?:19|20)\d\d|\d{1,2}[./-])[\s.()-]*(?:\d{1,2}[./-])?(?:(?:19|20)\d\d)?", text.strip(" .()-"))
    )


def _unit(text: str, start: int, end: int) -> Unit:
    after = text[end : end + 30]
    if _PERCENT.match(after):
        return Unit.PERCENT
    if _MONEY_BEFORE.search(text[max(0, start - 6) : start]) or _MONEY_AFTER.match(after):
        return Unit.MONEY
    return Unit.TIME if _TIME.match(after) else Unit.PLAIN


def _following(text: str, end: int) -> str:
    match = _AFTER.match(text[end : end + 60])
    return match[1].casefold() if match else ""


def _plain(figure: str) -> str:
    """`1,500` and `1.500` → `1500`; `4,5` → `4.5`; `10.0` → `10`."""
    if re.fullmatch(r"\d{1,3}(?:[.,'’  ]\d{3})+", figure):
        return re.sub(r"\D", "", figure)
    parts = re.split(r"[.,](?=\d{1,2}$)", figure)
    whole = re.sub(r"\D", "", parts[0]).lstrip("0") or "0"
    rest = parts[1].rstrip("0") if len(parts) > 1 else ""
    return f"{whole}.{rest}" if rest else whole

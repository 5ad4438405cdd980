"""Periods as resumes write them: `Sept 2018 – May 2023`, `03/2020 - present`, `2014 - 2018`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.months import YearMonth

_NAMES = (
    "jan(?:uary|vier|uar|ero)?|f[eé]b(?:ruary|ruar|rero|rier)?|f[eé]vr(?:ier)?|mar(?:ch|s|zo)?|mär(?:z)?|apr(?:il)?|abr(?:il)?|avr(?:il)?"
    "|may|mai|mayo|june?|juni|juin|junio|july?|juli|juil(?:let)?|julio|aug(?:ust)?|ago(?:sto)?|août|sept?(?:ember|embre|iembre)?"
    "|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?|de[cz](?:ember|iembre)?|dic(?:iembre)?|d[eé]c(?:embre)?"
)
_MONTH_OF = {
    "jan": 1, "ene": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3, "apr": 4, "abr": 4, "avr": 4, "may": 5, "mai": 5, "jun": 6,
    "jui": 6, "jul": 7, "aug": 8, "ago": 8, "aoû": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12, "dic": 12, "déc": 12,
}  # fmt: skip
_YEAR = r"(?:19|20)\d\d"
_DAY = (
    rf"(?:(?P<N{{0}}>{_NAMES})\.?,?\s+(?:of\s+)?(?P<Y{{0}}>{_YEAR})"  # May 2020
    rf"|(?P<M{{0}}>0?[1-9]|1[0-2])\s?[/.]\s?(?P<Z{{0}}>{_YEAR})"  # 05/2020
    rf"|(?P<I{{0}}>{_YEAR})-(?P<J{{0}}>0[1-9]|1[0-2])"  # 2020-05
    rf"|(?P<X{{0}}>{_YEAR}))"  # 2020
)
_NOW = r"(?P<now>present|current|now|today|ongoing|heute|aujourd'hui|actualidad|actual|presente)"
_PERIOD = re.compile(
    rf"(?<![\w/]){_DAY.format('a')}\s*(?:-|–|—|−|to|until|bis|à|a)\s*(?:{_DAY.format('b')}|{_NOW})(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period and the characters that say so. `end` None means until now."""

    start: YearMonth
    end: YearMonth | None
    position: int
    stop: int


def find_periods(text: str) -> Iterator[Period]:
    """Every period in the text, in order. What ends before it begins is left out."""
    for match in _PERIOD.finditer(text):
        start = _day(match, "a")
        end = None if match["now"] else _day(match, "b")
        if end is None or (end.year, end.month or 12) >= (start.year, start.month):
            yield Period(start, end, match.start(), match.end())


def _day(match: re.Match[str], which: str) -> YearMonth:
    if match[f"N{which}"]:
        return YearMonth(int(match[f"Y{which}"]), _month(match[f"N{which}"]))
    if match[f"M{which}"]:
        return YearMonth(int(match[f"Z{which}"]), int(match[f"M{which}"]))
    if match[f"I{which}"]:
        return YearMonth(int(match[f"I{which}"]), int(match[f"J{which}"]))
    return YearMonth(int(match[f"X{which}"]))


def _month(name: str) -> int:
    lower = name.lower()
    return 7 if lower.startswith("juil") else _MONTH_OF[lower[:3]]

"""Months and years that a sentence names, and those that a resume knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.letters.checking.numbers import find_years
from services.ai.months import YearMonth

_MONTHS = (
    "january jan januar jänner janvier janv enero ene",
    "february feb februar février fevrier févr febrero",
    "march mar märz mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto ago",
    "september sept sep septembre septiembre setiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre diciembre dic",
)
MONTH_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES = "|".join(sorted(MONTH_NAMES, key=len, reverse=True))
_MOMENT = re.compile(
    rf"(?<!\w)(?P<name>{_NAMES})\.?,?(?:\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:de\s+|of\s+|del\s+)?|\s*['’/-]\s*)(?P<year>(?:19|20)\d\d)(?!\d)"
    r"|(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])\s?[/.-]\s?(?P<year2>(?:19|20)\d\d)(?!\d)"
    r"|(?<![\d/.-])(?P<year3>(?:19|20)\d\d)\s?[/.-]\s?(?P<month3>0[1-9]|1[0-2])(?!\d)"
    r"|(?<![\d/.-])(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year4>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_LONE = re.compile(
    rf"(?<!\w)(?:{'|'.join(n for n in MONTH_NAMES if len(n) > 4)}|mars|juin|août|juni|juli|mayo|June|July)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A month or a year where a text names it."""

    when: YearMonth
    start: int
    end: int


def find_moments(text: str) -> Iterator[Moment]:
    """Months with their year, and years that stand alone."""
    taken = []
    for match in _MOMENT.finditer(text):
        for when in _read(match):
            yield Moment(when, match.start(), match.end())
        taken.append(match.span())
    for year, start, end in find_years(text):
        if not any(a <= start < b for a, b in taken):
            yield Moment(YearMonth(int(year)), start, end)


def find_lone_months(text: str) -> list[str]:
    """Names of months in a sentence that gives no year: `since last March` tells a date as well. `May` and `mai` are left alone."""
    years = list(find_years(text))
    return (
        []
        if years
        else [match[0] for match in _LONE.finditer(text) if match[0][0].isupper() or match[0].casefold() in MONTH_NAMES]
    )


def _read(match: re.Match[str]) -> list[YearMonth]:
    if match["name"]:
        return [YearMonth(int(match["year"]), MONTH_NAMES[match["name"].casefold()])]
    if match["month"]:
        return [YearMonth(int(match["year2"]), int(match["month"]))]
    if match["month3"]:
        return [YearMonth(int(match["year3"]), int(match["month3"]))]
    months = {int(match["first"]), int(match["second"])}
    return [YearMonth(int(match["year4"]), month) for month in sorted(months) if 1 <= month <= 12]

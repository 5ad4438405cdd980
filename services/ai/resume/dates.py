"""Dates and periods as resumes write them, in the languages of western Europe: `Sept 2018 – May 2023`, `seit 03/2020`, `2014–18`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.months import YearMonth

_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio janeiro januari",
    "february feb februar feber février fevrier févr fevr fév fev febrero febbraio fevereiro februari",
    "march mar märz maerz mär mrz mars marzo março maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio maio mei",
    "june jun juni juin jui junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout aoû agosto ago augustus",
    "september sept sep septembre septiembre setiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
# First months of seasons and terms; a winter belongs to two years, so that only its year is sure.
_SEASON_OF = {
    "spring": 3, "frühling": 3, "frühjahr": 3, "printemps": 3, "primavera": 3, "summer": 6, "sommer": 6, "été": 6, "verano": 6,
    "fall": 9, "autumn": 9, "herbst": 9, "automne": 9, "otoño": 9, "winter": 0, "hiver": 0, "invierno": 0,
    "wintersemester": 0, "ws": 0, "sommersemester": 4, "ss": 4,
}  # fmt: skip
_SEASON_MONTHS = 3

_NAME = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_SEASON = "|".join(sorted(_SEASON_OF, key=len, reverse=True))
# Templates write 20XX: a date, but which is not said.
_YEAR = r"(?:19|20)(?:\d\d|XX)"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MOMENT = re.compile(
    r"(?<![\w$€£#.,/])(?<!(?<!\d)\d-)(?<!(?<!\d)\d\d-)(?<!(?<!\d)\d\d\d-)(?:"
    rf"(?P<iso_year>{_YEAR})(?:-\s?|/|\.)(?P<iso_month>0[1-9]|1[0-2])(?:[-/.]{_DAY})?(?!\d)"  # 2018-09, 2018/09/30, broken 2018- 09
    rf"|(?P<first>\d{{1,2}})[./-](?P<second>\d{{1,2}})[./-](?P<day_year>{_YEAR})"  # 01.02.2018
    rf"|(?P<month>{_MONTH})\s?[/.-]\s?(?P<month_year>{_YEAR})"  # 09/2018
    rf"|(?:{_DAY}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?)?(?P<name>{_NAME})\b\.?"  # Sept. 2018, 1er mai 2018
    rf"(?:\s+{_DAY}(?:st|nd|rd|th)?,)?(?:[\s,/-]*(?:of\s+|del?\s+)?(?:(?P<name_year>{_YEAR})|['’`](?P<short>\d\d)|"
    rf"[\s-](?P<bare>\d\d)(?!\d|\s*[,.]?\d)))?"
    rf"|q(?P<quarter>[1-4])[\s/-]*(?P<quarter_year>{_YEAR})|(?P<year_quarter>{_YEAR})[\s/-]*q(?P<quarter2>[1-4])"
    rf"|(?P<season>{_SEASON})\.?,?\s+(?:of\s+|de\s+)?(?P<season_year>{_YEAR})(?:/\d\d(?:\d\d)?)?"
    rf"|(?P<year>{_YEAR})"
    rf"|(?P<slash_month>{_MONTH})/(?P<slash_year>\d\d)(?!\d|/)"
    rf"|['’`](?P<apostrophe>\d\d)(?!\d)"
    rf")(?!(?-i:[a-z\d_]|[A-Z](?![a-z]))|[%€$]|[.,]\d)",
    re.IGNORECASE,
)
_TO = (
    r"\s*(?:[-–—−‐‑~→]+>?|\bto\b|\bthrough\b|\bthru\b|\b(?:un)?till?\b|\bbis\b|\bau\b|\bà\b|\ba\b|\bal\b|\bhasta\b|\btot\b|\bt/m\b|\baté\b|"
    r"\bjusqu['’]?(?:à|en|au)\b)(?:\s*(?:bis|till|el|la))?\s*"
)
_LINK = re.compile(_TO, re.IGNORECASE)
_NOW = re.compile(
    r"(?:(?:zum?\s+)?(?:(?:to )?present|current(?:ly)?|now|today|ongoing|(?:to )?date|heute|jetzt|aktuell|laufend|aujourd['’]?\s?hui|"
    r"till(?: now| date)?|ce jour|présent|actuel(?:lement)?"
    r"|en cours|(?:la )?actualidad|actual(?:mente)?|la fecha|hoy|presente?|el presente|recent"
    r"|oggi|attuale|in corso|atual(?:mente)?|o momento|heden))(?!\w)",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"(?<!\w)(?:since|seit|ab|depuis|desde|dès|from|dal?|sinds|vanaf)\s+(?:le\s+|el\s+)?$", re.IGNORECASE
)
_UNTIL = re.compile(r"(?<!\w)(?:until|till|bis|jusqu['’]?(?:à|en)|hasta)\s+$", re.IGNORECASE)
_OPENING = re.compile(r"(?<!\w)(?:from|von|de|du|del?|entre|between)\s+$", re.IGNORECASE)
_OPEN_END = re.compile(r"\s*[-–—]\s*(?:$|[\t)|,])")
_SHORT_END = re.compile(r"\s*[-–—/]\s*['’]?(\d\d)(?![\w/.])")
# Two digits up to this are this century.
_CENTURY = 50


@dataclass(frozen=True, slots=True)
class Period:
    """A period and the characters that say so.

    A single date has no `start`, but a season has a `first` month. A date that a template leaves open (`20XX`) has neither.
    `current` means until now.
    """

    start: YearMonth | None
    end: YearMonth | None
    current: bool
    position: int
    stop: int
    first: YearMonth | None = None


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date: `first` and `last` month of it. A weak one is a date only beside another."""

    first: YearMonth | None
    last: YearMonth | None
    position: int
    stop: int
    weak: bool = False
    month: int = 0  # a month without a year


def find_periods(text: str) -> Iterator[Period]:
    """Every period and every single date in the text, in order. What ends before it begins is left out."""
    moments = list(_moments(text))
    index = 0
    while index < len(moments):
        moment = moments[index]
        following = moments[index + 1] if index + 1 < len(moments) else None
        period, used = _period(text, moment, following)
        if period is not None:
            yield period
        index += used


def _period(text: str, moment: _Moment, following: _Moment | None) -> tuple[Period | None, int]:
    """What begins at a date, and how many dates that takes."""
    if (
        following
        and _LINK.fullmatch(text, moment.stop, following.position)
        and not (moment.weak and following.weak and following.month)
    ):
        return _range(text, moment, following), 2
    if moment.month:
        return None, 1
    begin = _begin(text, moment.position)
    link = _LINK.match(text, moment.stop)
    if link and (now := _NOW.match(text, link.end())):
        return Period(moment.first, None, True, begin, now.end()), 1
    if (short := _SHORT_END.match(text, moment.stop)) and moment.first and not moment.weak:
        end = _ended(moment.first, int(short[1]))
        if end:
            return Period(moment.first, end, False, begin, short.end()), 1
    if moment.weak:
        return None, 1
    if since := _SINCE.search(text, 0, moment.position):
        return Period(moment.first, None, True, since.start(), moment.stop), 1
    if _OPEN_END.match(text, moment.stop):
        dash = re.compile(r"\s*[-–—]").match(text, moment.stop)
        return Period(moment.first, None, True, begin, dash.end() if dash else moment.stop), 1
    if until := _UNTIL.search(text, 0, moment.position):
        begin = until.start()
    return Period(None, moment.last, False, begin, moment.stop, moment.first), 1


def _begin(text: str, position: int) -> int:
    opening = _OPENING.search(text, 0, position)
    return opening.start() if opening else position


def _range(text: str, moment: _Moment, following: _Moment) -> Period | None:
    start, end = moment.first, following.last
    if moment.month:
        if end is None:
            return None
        start = YearMonth(end.year - (moment.month > (end.month or 12)), moment.month)
    begin = _begin(text, moment.position)
    if since := _SINCE.search(text, 0, moment.position):
        begin = since.start()
    if start and end and (end.year, end.month or 12) < (start.year, start.month):
        return None
    return Period(start, end, False, begin, following.stop)


def _ended(start: YearMonth, short: int) -> YearMonth | None:
    """`2014–18`: the end's century is the start's."""
    year = start.year // 100 * 100 + short
    return YearMonth(year) if start.year <= year <= start.year + 30 else None


def _moments(text: str) -> Iterator[_Moment]:
    for match in _MOMENT.finditer(text):
        moment = _moment(match)
        if moment is not None:
            yield moment


def _moment(match: re.Match[str]) -> _Moment | None:
    group = match.groupdict()
    place = (match.start(), match.end())
    if group["first"]:
        return _day(int(group["first"]), int(group["second"]), group["day_year"], match[0], place)
    if group["name"]:
        return _named(group, place)
    if group["season"]:
        month = _SEASON_OF[group["season"].lower()]
        return _spread(group["season_year"], month, _SEASON_MONTHS if month else 1, place)
    if group["quarter"] or group["quarter2"]:
        quarter = int(group["quarter"] or group["quarter2"])
        return _spread(group["quarter_year"] or group["year_quarter"], quarter * 3 - 2, 3, place)
    if group["slash_year"]:
        return _spread(_century(group["slash_year"]), int(group["slash_month"]), 1, place, weak=True)
    if group["apostrophe"]:
        return _spread(_century(group["apostrophe"]), 0, 1, place, weak=True)
    year = group["iso_year"] or group["month_year"] or group["year"]
    return _spread(year, int(group["iso_month"] or group["month"] or 0), 1, place)


def _named(group: dict[str, str | None], place: tuple[int, int]) -> _Moment:
    month = _MONTH_OF[(group["name"] or "").lower()]
    if group["name_year"]:
        return _spread(group["name_year"], month, 1, place)
    if group["short"]:
        return _spread(_century(group["short"]), month, 1, place)
    if group["bare"]:
        return _spread(_century(group["bare"]), month, 1, place, weak=True)
    return _Moment(None, None, *place, weak=True, month=month)


def _day(first: int, second: int, year: str, written: str, place: tuple[int, int]) -> _Moment | None:
    """Dots put the day first, strokes the month, unless only one of the two can be a month, or is a month's first day."""
    month, day = (first, second) if "/" in written and first <= 12 and (first > 1 or second > 12) else (second, first)
    return _spread(year, month, 1, place) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _century(short: str) -> str:
    return f"{20 if int(short) < _CENTURY else 19}{short}"


def _spread(year: str | None, month: int, months: int, place: tuple[int, int], weak: bool = False) -> _Moment:
    if year is None or not year.isdigit():
        return _Moment(None, None, *place)
    first = YearMonth(int(year), month)
    return _Moment(first, YearMonth(int(year), month + months - 1) if month else first, *place, weak=weak)

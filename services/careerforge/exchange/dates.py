"""Dates of other formats → months."""

import re

from services.ai.months import YearMonth
from services.careerforge.exchange.findings import Findings, shown

_MONTHS = {
    1: "january januar jänner janvier enero gennaio janeiro januari jan janv ene gen",
    2: "february februar feber février fevrier febrero febbraio fevereiro februari feb févr fevr",
    3: "march märz mars marzo março marco maart mar mär mrz",
    4: "april avril abril aprile apr avr abr",
    5: "may mai mayo maggio maio mei mag",
    6: "june juni juin junio giugno junho jun giu",
    7: "july juli juillet julio luglio julho jul juil lug",
    8: "august août aout agosto augustus aug aoû ago",
    9: "september septembre septiembre settembre setembro sep sept set",
    10: "october oktober octobre octubre ottobre outubro oct okt ott out",
    11: "november novembre noviembre novembro nov",
    12: "december dezember décembre decembre diciembre dicembre dezembro dec dez déc dic",
}
_BY_NAME = {name: number for number, names in _MONTHS.items() for name in names.split()}
_UNTIL_NOW = frozenset(
    (
        *("present", "current", "currently", "now", "today", "ongoing", "heute", "aktuell", "jetzt", "laufend"),
        *(
            "présent",
            "aujourd'hui",
            "aujourd’hui",
            "actuel",
            "actualidad",
            "actual",
            "presente",
            "oggi",
            "attuale",
            "heden",
        ),
    )
)
_PATTERNS = (
    re.compile(r"(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?)?"),
    re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
    # With full stops the day comes first everywhere; with strokes nobody can tell.
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})"),
    re.compile(
        r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s-])?(?P<name>[^\W\d_]+)\.?,?[\s-](?:de |of )?(?P<year>\d{4})"
    ),
    re.compile(r"(?P<name>[^\W\d_]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?, (?P<year>\d{4})"),
)
REMEDY = "write year and month, e.g. 2020-01"
FIRST_YEAR, LAST_YEAR = 1900, 2200


def is_until_now(text: str) -> bool:
    """Whether an end says that it has not come."""
    return text.strip().lower().rstrip(".") in _UNTIL_NOW


def month_of(text: str) -> YearMonth | None:
    """The month of a date, None for what is none: 30 February, two digits of a year, day and month in an order nobody knows."""
    # Longer text is none, and numbers of thousands of digits cost time.
    written = " ".join(text[:40].lower().split())
    if len(text.strip()) > 40:
        return None
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(written):
            parts = match.groupdict()
            month = _BY_NAME.get(parts["name"], 0) if "name" in parts else int(parts.get("month") or 0)
            named = "name" in parts or parts.get("month") is not None
            if named and not 1 <= month <= 12:
                return None
            return _checked(int(parts["year"]), month, parts.get("day"))
    return None


def _checked(year: int, month: int, day: str | None) -> YearMonth | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    days = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return None if day and not 1 <= int(day) <= days else YearMonth(year, month)


def read_month(text: str, place: str, findings: Findings) -> YearMonth | None:
    """The month of a date; None for nothing, and with a finding for what is none."""
    if not text.strip():
        return None
    found = month_of(text)
    if found is None:
        findings.add(place, f"{shown(text)} is no date from {FIRST_YEAR} to {LAST_YEAR} and was left out; {REMEDY}")
    return found


def read_end(text: str, place: str, findings: Findings) -> YearMonth | None:
    """As `read_month`; "present" is an end that has not come."""
    return None if is_until_now(text) else read_month(text, place, findings)


def ordered(
    start: YearMonth | None, end: YearMonth | None, place: str, findings: Findings
) -> tuple[YearMonth | None, YearMonth | None]:
    """Both; without the end, and with a finding, where it lies before the start."""
    if start and end and (end.year, end.month or 12) < (start.year, start.month or 1):
        findings.add(place, f"ends {end}, before it begins {start}: the end was left out; correct it")
        return start, None
    return start, end

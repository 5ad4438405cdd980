"""Times without work, and roles that were held at once. Where only years stand, only what is certain counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.ai.months import MONTHS, YearMonth, month_index
from services.ai.resume.analysis_records import Gap, Overlap
from services.ai.resume.records import Education, Experience, ParsedResume
from services.ai.spans import Span

# Months without work that are worth a word.
MOST_MONTHS_WITHOUT = 6
# Whoever changes roles within a month holds no two.
MOST_MONTHS_OF_BOTH = 1


@dataclass(frozen=True, slots=True)
class _Time:
    """Months as `year * 12 + month - 1`, both counted: from `earliest` or `latest_start` to `earliest_end` or `latest`."""

    earliest: int
    latest_start: int
    earliest_end: int
    latest: int
    span: Span


def gaps(resume: ParsedResume) -> tuple[Gap, ...]:
    """Over 6 months without role or study, between the first entry and the day of parsing; earliest first."""
    now = month_index(resume.as_of)
    times = sorted(_times([*resume.experiences, *resume.educations], now), key=lambda t: (t.earliest, t.latest))
    return tuple(_gaps(times, now)) if any(role.months for role in resume.experiences) else ()


def _gaps(times: list[_Time], now: int) -> Iterator[Gap]:
    last = times[0]
    for time in times[1:]:
        if (months := time.earliest - last.latest - 1) > MOST_MONTHS_WITHOUT:
            yield Gap(_month(last.latest + 1), _month(time.earliest - 1), months, last.span, time.span)
        last = time if time.latest > last.latest else last
    if (months := now - last.latest) > MOST_MONTHS_WITHOUT:
        yield Gap(_month(last.latest + 1), _month(now), months, last.span, None)


def overlaps(resume: ParsedResume) -> tuple[Overlap, ...]:
    """Over a month of two roles at once, earliest first."""
    times = sorted(
        _times(resume.experiences, month_index(resume.as_of)), key=lambda t: (t.latest_start, t.earliest_end)
    )
    pairs = ((one, other) for i, one in enumerate(times) for other in times[i + 1 :])
    found = (_overlap(one, other) for one, other in pairs)
    return tuple(sorted((o for o in found if o), key=lambda o: (o.start, o.first.start, o.second.start)))


def _overlap(one: _Time, other: _Time) -> Overlap | None:
    start, end = max(one.latest_start, other.latest_start), min(one.earliest_end, other.earliest_end)
    months = end - start + 1
    if months <= MOST_MONTHS_OF_BOTH:
        return None
    return Overlap(_month(start), _month(end), months, one.span, other.span)


def _times(entries: Iterable[Experience | Education], now: int) -> Iterator[_Time]:
    """Of entries with dates, none after `now`. A course of study without end lasts."""
    for entry in entries:
        if entry.start is None and entry.end is None:
            continue
        if isinstance(entry, Experience) and entry.months is None:
            continue
        start, end = entry.start or entry.end, entry.end
        assert start is not None
        latest = _last(end) if end else now
        earliest = _first(start) if entry.start else latest
        if earliest <= min(latest, now):
            earliest_end = _first(end) if end else now
            yield _Time(earliest, _last(start), min(earliest_end, now), min(latest, now), entry.span)


def _first(month: YearMonth) -> int:
    return month.year * MONTHS + max(month.month, 1) - 1


def _last(month: YearMonth) -> int:
    return month.year * MONTHS + (month.month or MONTHS) - 1


def _month(index: int) -> YearMonth:
    return YearMonth(index // MONTHS, index % MONTHS + 1)

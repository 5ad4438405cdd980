"""Between rows of entries and what the AI core knows of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.ai import codec
from services.ai.months import YearMonth
from services.ai.resume.standing.entries import Role, Spoken, Study, level_of
from services.ai.resume.standing.likeness import Key, key_of_role, key_of_study
from services.careerforge.tables import Education, Experience, ProfileLanguage


def first_day(month: YearMonth | None) -> date | None:
    return date(month.year, max(month.month, 1), 1) if month else None


def is_year_only(month: YearMonth | None) -> bool:
    return month is not None and month.month == 0


def month_of(day: date | None, year_only: bool) -> YearMonth | None:
    return YearMonth(day.year, 0 if year_only else day.month) if day else None


def months_of(row: Experience | Education) -> tuple[YearMonth | None, YearMonth | None]:
    return month_of(row.start_month, row.start_year_only), month_of(row.end_month, row.end_year_only)


def month_columns(start: YearMonth | None, end: YearMonth | None) -> dict[str, Any]:
    return {
        "start_month": first_day(start),
        "start_year_only": is_year_only(start),
        "end_month": first_day(end),
        "end_year_only": is_year_only(end),
    }


def role_of_row(row: Experience) -> Role:
    start, end = months_of(row)
    return Role(row.title, row.employer, row.location, start, end, row.current, row.description, row.place)


def role_columns(role: Role) -> dict[str, Any]:
    return {
        "title": role.title,
        "employer": role.employer,
        "location": role.location,
        "current": role.current,
        "description": role.description,
        "place": role.place,
    } | month_columns(role.start, role.end)


def study_of_row(row: Education) -> Study:
    return Study(row.institution, row.degree, row.field, *months_of(row), row.place)


def study_columns(study: Study) -> dict[str, Any]:
    values = {"institution": study.institution, "degree": study.degree, "field": study.field, "place": study.place}
    return values | month_columns(study.start, study.end)


def spoken_of_row(row: ProfileLanguage) -> Spoken:
    return Spoken(row.language, row.level, row.place)


def key_of_row(row: Experience | Education) -> Key:
    """As it is worded now."""
    start, end = months_of(row)
    if isinstance(row, Experience):
        return key_of_role(row.title, row.employer, start, end, row.description)
    level = int(level_of(row.degree, row.field))
    return key_of_study(row.institution, row.degree, row.field, level, start, end)


def wordings_of(stored: Sequence[Any]) -> tuple[Key, ...]:
    return codec.from_json(tuple[Key, ...], list(stored))

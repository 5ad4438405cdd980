"""How far a career has come, by its years and the titles held last."""

import re

from services.ai.resume.records import Experience, ParsedResume

STAGES = ((10.0, "EXPERT"), (5.0, "SENIOR"), (2.0, "MID"), (0.0, "ENTRY"))
ORDER = ("ENTRY", "MID", "SENIOR", "EXPERT")
# Titles of this many roles count, the latest ones.
LATEST_ROLES = 2


def _title(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


_LEARNING = _title(
    r"intern|internship|trainee|apprentice|working student|student assistant|praktikant(?:in)?|praktikum|werkstudent(?:in)?|azubi"
    r"|auszubildender?|stagiaire|alternante?|apprentie?|becari[oa]|pasante|en prácticas"
)
_JUNIOR = _title(r"junior|jr\.?|entry[- ]level|graduate|débutante?|nachwuchs\w*")
_SENIOR = _title(
    r"senior|sr\.?|lead|principal|staff engineer|team ?lead(?:er)?|teamleiter(?:in)?|chef d['’]équipe|confirmée?|expert"
)
_HEAD = _title(
    r"head of|director|vice president|vp|chief|ceo|cto|cfo|coo|cio|ciso|president|managing director|partner|founder|co-founder"
    r"|leiter(?:in)?|abteilungsleiter(?:in)?|geschäftsführer(?:in)?|directeur|directrice|director[ae]|jefe de|jefa de|gerente"
)


def career_stage(resume: ParsedResume) -> tuple[str, str]:
    """ENTRY, MID, SENIOR or EXPERT, and why, for people."""
    years = resume.years_of_experience
    by_years = next(name for least, name in STAGES if years >= least)
    for pattern, lowest, highest in (
        (_HEAD, "EXPERT" if years >= STAGES[1][0] else "SENIOR", "EXPERT"),
        (_SENIOR, "SENIOR" if years >= STAGES[2][0] else "MID", "EXPERT"),
        (_LEARNING, "ENTRY", "ENTRY" if years < STAGES[2][0] else "MID"),
        (_JUNIOR, "ENTRY", "MID"),
    ):
        if (title := _held(resume, pattern)) is not None:
            stage = ORDER[min(max(ORDER.index(by_years), ORDER.index(lowest)), ORDER.index(highest))]
            return stage, f'{years:.1f} years in dated roles, one of the last as "{title}"'
    return by_years, f"{years:.1f} years in dated roles"


def _held(resume: ParsedResume, pattern: re.Pattern[str]) -> str | None:
    latest = sorted((role for role in resume.experiences if role.title), key=_recency, reverse=True)[:LATEST_ROLES]
    return next((role.title.text for role in latest if role.title and pattern.search(role.title.text)), None)


def _recency(role: Experience) -> tuple[bool, int]:
    """Roles without dates come last."""
    months = role.months
    if months is None:
        return False, 0
    return True, months.end if months.end is not None else 10**6

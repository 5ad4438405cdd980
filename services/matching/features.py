"""Messages of other services → features. What the scorer must not see is dropped here."""

from datetime import date

from skillsync.careerforge.v1.candidate_pb2 import Candidate, CandidateRole
from skillsync.careerforge.v1.parsed_resume_pb2 import (
    SKILL_EVIDENCE_IMPLIED,
    SKILL_EVIDENCE_USED_IN_ROLE,
    ParsedLanguage,
    ParsedSkill,
)
from skillsync.careerforge.v1.profile_pb2 import Preferences
from skillsync.type.v1 import money_pb2, span_pb2, work_pb2

from services.ai.credentials import EducationLevel
from services.ai.embedding.minilm import DECIMALS
from services.ai.languages import english_name
from services.ai.matching import (
    CandidateFeatures,
    DegreeFact,
    LanguageFact,
    LicenceFact,
    Passage,
    Pay,
    Place,
    Proof,
    RoleFact,
    Seniority,
    SkillFact,
    Wishes,
    WorkMode,
)
from services.ai.months import Interval, YearMonth, interval
from services.ai.spans import Span
from services.kit.enums import plain

# Hours and months that are paid in a year.
A_YEAR = {money_pb2.PAY_PERIOD_HOUR: 2_080, money_pb2.PAY_PERIOD_MONTH: 12, money_pb2.PAY_PERIOD_YEAR: 1}
_PROOFS = {SKILL_EVIDENCE_USED_IN_ROLE: Proof.USED, SKILL_EVIDENCE_IMPLIED: Proof.IMPLIED}


def candidate_features(message: Candidate) -> CandidateFeatures:
    """Titles and passages without vectors: a worker adds them."""
    return CandidateFeatures(
        skills=tuple(_skill(skill, message) for skill in message.skills),
        roles=tuple(RoleFact(role.title, _months(role), span(role.span)) for role in message.roles),
        education_level=EducationLevel(message.education_level),
        education=span(message.education_span) if message.HasField("education_span") else None,
        languages=tuple(_language(entry) for entry in message.languages),
        # Floats of 32 bits on the wire: rounded again, they are the very numbers that the encoder gave.
        vector=tuple(round(x, DECIMALS) for x in message.vector),
        licences=tuple(LicenceFact(one.text, span(one)) for one in message.certifications),
        seniority=Seniority(message.career_stage),
        passages=tuple(Passage(span(one), b"") for one in message.passages),
        wishes=_wishes(message.preferences),
        degrees=tuple(
            DegreeFact(EducationLevel(one.level), one.name, tuple(map(span, one.spans))) for one in message.degrees
        ),
    )


def _skill(message: ParsedSkill, candidate: Candidate) -> SkillFact:
    proof, skill_id = _PROOFS.get(message.evidence, Proof.STATED), message.skill_id
    showing = [] if proof is Proof.STATED else [role for role in candidate.roles if skill_id in role.skill_ids]
    months = tuple(months for role in showing if (months := _months(role)))
    assessed = skill_id in candidate.assessed_skill_ids
    return SkillFact(skill_id, message.label, proof, months, tuple(span(one) for one in message.spans), assessed)


def _months(role: CandidateRole) -> Interval | None:
    """A role without an end lasts."""
    if not role.HasField("start"):
        return None
    end = YearMonth(role.end.year, role.end.month) if role.HasField("end") else None
    return interval(YearMonth(role.start.year, role.start.month), end)


def _language(message: ParsedLanguage) -> LanguageFact:
    level = plain(work_pb2.LanguageLevel, message.level) if message.level else ""
    return LanguageFact(english_name(message.language.text), level, span(message.language.span))


def _wishes(message: Preferences) -> Wishes:
    return Wishes(
        pay=pay(message.pay) if message.HasField("pay") else None,
        places=tuple(map(place, message.locations)),
        modes=tuple(WorkMode[plain(work_pb2.WorkMode, mode)] for mode in message.work_modes if mode),
        available=_day(message),
        interests=tuple(message.interests),
        permits=tuple(message.work_permit_countries),
        seniority=Seniority(message.seniority),
    )


def _day(message: Preferences) -> date | None:
    return message.available_time.ToDatetime().date() if message.HasField("available_time") else None


def pay(message: money_pb2.PayRange) -> Pay | None:
    """A year's; None where the period or both ends are missing."""
    times = A_YEAR.get(message.period)
    least, most = (_minor_units(message, end) for end in ("minimum", "maximum"))
    if times is None or (least is None and most is None):
        return None
    currency = message.minimum.currency_code or message.maximum.currency_code
    return Pay(least and least * times, most and most * times, currency)


def _minor_units(message: money_pb2.PayRange, end: str) -> int | None:
    return getattr(message, end).minor_units if message.HasField(end) else None  # type: ignore[arg-type]


def place(message: work_pb2.Location) -> Place:
    return Place(message.city, message.region, message.country_code)


def span(message: span_pb2.Span) -> Span:
    return Span(message.start, message.end, message.page, message.text)

"""Between rows and messages of the entries of a profile."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import parsed_resume_pb2, profile_pb2
from skillsync.type.v1 import work_pb2

from services.ai.months import YearMonth
from services.careerforge import wire
from services.careerforge.entry_rows import first_day, is_year_only, months_of
from services.careerforge.parsed import year_month
from services.careerforge.tables import Education, Experience, ProfileLanguage, ProfileSkill, UserCareerForge
from services.kit.changes import Event
from services.kit.enums import chosen, number
from services.kit.feeds import told_pause
from services.kit.masks import etag, masked
from services.kit.times import timestamp

EXPERIENCE_FIELDS = frozenset({"title", "employer", "location", "start", "end", "current", "description"})
EDUCATION_FIELDS = frozenset({"institution", "degree", "field", "start", "end"})


def experience(row: Experience) -> profile_pb2.Experience:
    start, end = months_of(row)
    return profile_pb2.Experience(
        id=str(row.id),
        title=row.title,
        employer=row.employer,
        location=row.location,
        start=year_month(start),
        end=year_month(end),
        current=row.current,
        description=row.description,
        origin=number(profile_pb2.Origin, row.origin),
        etag=etag(row.version),
    )


def education(row: Education) -> profile_pb2.Education:
    start, end = months_of(row)
    return profile_pb2.Education(
        id=str(row.id),
        institution=row.institution,
        degree=row.degree,
        field=row.field,
        start=year_month(start),
        end=year_month(end),
        origin=number(profile_pb2.Origin, row.origin),
        etag=etag(row.version),
    )


def skill(row: ProfileSkill) -> profile_pb2.Skill:
    return profile_pb2.Skill(
        skill_id=row.skill_id,
        label=row.label,
        evidence=number(parsed_resume_pb2.SkillEvidence, row.evidence),
        years=row.years,
        origin=number(profile_pb2.Origin, row.origin),
        id=str(row.id),
        etag=etag(row.version),
        verified_time=timestamp(row.verified_time),
    )


def language(row: ProfileLanguage) -> profile_pb2.SpokenLanguage:
    return profile_pb2.SpokenLanguage(
        language=row.language,
        level=number(work_pb2.LanguageLevel, row.level),
        origin=number(profile_pb2.Origin, row.origin),
        id=str(row.id),
        etag=etag(row.version),
    )


def level(value: work_pb2.LanguageLevel.ValueType) -> str:
    return chosen(work_pb2.LanguageLevel, value) or ""


def experience_values(message: profile_pb2.Experience, mask: FieldMask) -> dict[str, Any]:
    """Columns for the masked fields."""
    return _columns(message, masked(message, mask, EXPERIENCE_FIELDS))


def education_values(message: profile_pb2.Education, mask: FieldMask) -> dict[str, Any]:
    return _columns(message, masked(message, mask, EDUCATION_FIELDS))


def _columns(message: profile_pb2.Experience | profile_pb2.Education, fields: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name in ("start", "end"):
            # A month that is in the mask and not in the message is taken out.
            month = YearMonth(value.year, value.month) if message.HasField(name) else None  # type: ignore[arg-type]
            values |= {f"{name}_month": first_day(month), f"{name}_year_only": is_year_only(month)}
        else:
            # PostgreSQL keeps no such letter.
            values[name] = value.replace("\x00", "") if isinstance(value, str) else value
    return values


def profile_event(event: Event[Any], resume_token: str) -> pb.WatchProfileResponse:
    response = pb.WatchProfileResponse(resume_token=resume_token)
    if told_pause(event, response):
        return response
    match event.item:
        case UserCareerForge():
            response.profile.CopyFrom(wire.profile(event.item))
        case Experience():
            response.experience.CopyFrom(experience(event.item))
        case Education():
            response.education.CopyFrom(education(event.item))
        case ProfileSkill():
            response.skill.CopyFrom(skill(event.item))
        case ProfileLanguage():
            response.language.CopyFrom(language(event.item))
        case _:
            response.removed_entry_id = str(event.resource_id)
    return response

"""Parsed resumes and candidates as messages."""

from google.protobuf.json_format import ParseDict
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import parsed_resume_pb2 as messages
from skillsync.careerforge.v1.candidate_pb2 import Candidate
from skillsync.type.v1 import span_pb2, work_pb2

from services.ai.credentials import language_level
from services.ai.months import YearMonth
from services.ai.resume import Contact, Education, Experience, Language, ParsedResume, SkillUse, Value
from services.ai.resume.facts import degrees
from services.ai.resume.passages import passages
from services.ai.spans import Span
from services.careerforge.insights import said
from services.careerforge.tables import UserCareerForge
from services.kit.changes import Event
from services.kit.enums import number
from services.kit.feeds import told_pause
from services.kit.masks import etag


def span(found: Span) -> span_pb2.Span:
    return span_pb2.Span(start=found.start, end=found.end, page=found.page, text=found.text)


def value(found: Value | None) -> messages.Value | None:
    if found is None:
        return None
    return messages.Value(text=found.text, span=span(found.span), confidence=found.confidence)


def values(found: tuple[Value, ...]) -> list[messages.Value]:
    return [messages.Value(text=v.text, span=span(v.span), confidence=v.confidence) for v in found]


def year_month(found: YearMonth | None) -> work_pb2.YearMonth | None:
    return work_pb2.YearMonth(year=found.year, month=found.month) if found else None


def parsed_resume(found: ParsedResume) -> messages.ParsedResume:
    return messages.ParsedResume(
        contact=_contact(found.contact),
        summary=value(found.summary),
        experiences=[_experience(e) for e in found.experiences],
        educations=[_education(e) for e in found.educations],
        skills=[_skill(s) for s in found.skills],
        languages=[_language(entry) for entry in found.languages],
        certifications=values(found.certifications),
        projects=values(found.projects),
        publications=values(found.publications),
        awards=values(found.awards),
        sections=values(found.sections),
    )


def candidate(row: UserCareerForge) -> Candidate:
    """What matching may know: nothing that tells who it is."""
    resume = said(row)
    named = (entry for entry in resume.educations if entry.degree)
    best = max(named, key=lambda entry: entry.level, default=None)
    message = Candidate(
        id=str(row.id),
        etag=f"{etag(row.version)}.{row.told_number}",
        resume_id=row.told["resume_id"] if row.told else str(row.resume_id),
        skills=[_skill(s) for s in resume.skills],
        languages=[_language(entry) for entry in resume.languages],
        years_of_experience=resume.years_of_experience,
        career_stage=number(work_pb2.Seniority, row.career_stage),
        vector=[float(x) for x in row.skill_vector] if row.skill_vector is not None else [],
        vector_version=row.vector_version,
        certifications=[span(value.span) for value in resume.certifications],
        passages=[span(one) for one in passages(resume)],
        assessed_skill_ids=row.told.get("assessed", []) if row.told else [],
    )
    if row.preferences:
        ParseDict(row.preferences, message.preferences)
    if best is not None and best.degree is not None:
        message.education_level = work_pb2.EducationLevel.ValueType(best.level)
        message.education_span.CopyFrom(span(best.degree.span))
    for fact in degrees(resume.educations):
        level = work_pb2.EducationLevel.ValueType(fact.level)
        message.degrees.add(level=level, name=fact.name, spans=[span(one) for one in fact.spans])
    for role in resume.experiences:
        if role.title:
            message.roles.add(
                title=role.title.text,
                start=year_month(role.start),
                end=year_month(role.end),
                span=span(role.title.span),
                skill_ids=role.skill_ids,
            )
    return message


def _contact(found: Contact) -> messages.Contact:
    return messages.Contact(
        name=value(found.name),
        emails=values(found.emails),
        phones=values(found.phones),
        links=values(found.links),
        location=value(found.location),
    )


def _experience(found: Experience) -> messages.ParsedExperience:
    return messages.ParsedExperience(
        title=value(found.title),
        employer=value(found.employer),
        location=value(found.location),
        start=year_month(found.start),
        end=year_month(found.end),
        current=found.current,
        bullets=values(found.bullets),
        skill_ids=found.skill_ids,
        span=span(found.span),
    )


def _education(found: Education) -> messages.ParsedEducation:
    return messages.ParsedEducation(
        institution=value(found.institution),
        degree=value(found.degree),
        field=value(found.field),
        level=work_pb2.EducationLevel.ValueType(found.level),
        start=year_month(found.start),
        end=year_month(found.end),
        span=span(found.span),
    )


def _skill(found: SkillUse) -> messages.ParsedSkill:
    return messages.ParsedSkill(
        skill_id=found.skill_id,
        label=found.label,
        evidence=number(messages.SkillEvidence, found.evidence.value),
        spans=[span(s) for s in found.spans],
        years=found.years,
        last_used=year_month(found.last_used),
        confidence=found.confidence,
    )


def _language(found: Language) -> messages.ParsedLanguage:
    # What was stored before levels were codes has the words of the resume.
    level = language_level(found.level)
    return messages.ParsedLanguage(language=value(found.name), level=number(work_pb2.LanguageLevel, level))


def candidates_event(event: Event[UserCareerForge], resume_token: str) -> pb.WatchCandidatesResponse:
    response = pb.WatchCandidatesResponse(resume_token=resume_token)
    if told_pause(event, response):
        return response
    if event.item is None:
        response.removed_candidate_id = str(event.resource_id)
    else:
        response.candidate.CopyFrom(candidate(event.item))
    return response

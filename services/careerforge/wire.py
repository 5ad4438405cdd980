"""Between rows and messages of the careerforge service."""

from typing import Any
from uuid import UUID

from google.protobuf.json_format import MessageToDict, ParseDict
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import profile_pb2, resume_pb2
from skillsync.careerforge.v1.parsed_resume_pb2 import ParsedResume as ParsedResumeMessage
from skillsync.type.v1.work_pb2 import Seniority

from services.ai import codec
from services.ai.resume import ParsedResume
from services.ai.resume.analysis_records import Part, Suggestion
from services.careerforge import findings, parsed, results
from services.careerforge.tables import Resume, ResumeAnalysis, ResumeUpload, UserCareerForge
from services.kit.changes import Event
from services.kit.enums import chosen, number
from services.kit.feeds import told_pause
from services.kit.masks import etag
from services.kit.times import timestamp

PROFILE_FIELDS = frozenset({"display_name", "headline", "visibility", "preferences"})


def resume(row: Resume, latest_analysis: UUID | None, used: UUID | None) -> resume_pb2.Resume:
    """`used`: the resume that speaks for the person."""
    return resume_pb2.Resume(
        id=str(row.id),
        filename=row.filename,
        content_type=row.content_type,
        byte_size=row.byte_size,
        sha256=row.sha256,
        clean=row.clean,
        latest_analysis_id=str(latest_analysis or ""),
        create_time=timestamp(row.create_time),
        in_use=row.id == used,
    )


def analysis(row: ResumeAnalysis) -> resume_pb2.ResumeAnalysis:
    return resume_pb2.ResumeAnalysis(
        id=str(row.id),
        resume_id=str(row.resume_id),
        state=number(resume_pb2.ResumeAnalysis.State, row.state),
        progress_percent=row.progress,
        failure_reason=row.failure_reason,
        failure_message=row.failure_message,
        result=results.analysis_result(row),
        create_time=timestamp(row.create_time),
        end_time=timestamp(row.end_time),
        wait_message=row.wait_message,
    )


def analysis_event(event: Event[ResumeAnalysis], resume_token: str) -> pb.WatchResumeAnalysisResponse:
    response = pb.WatchResumeAnalysisResponse(resume_token=resume_token)
    if not told_pause(event, response) and event.item:
        response.analysis.CopyFrom(analysis(event.item))
    return response


def resume_text(row: Resume) -> resume_pb2.ResumeText:
    return results.resume_text(row, findings.document_of(row))


def parsed_resume(row: Resume) -> resume_pb2.ParsedResumeDocument:
    stored: dict[str, Any] = row.parsed or {}
    message: ParsedResumeMessage = parsed.parsed_resume(codec.from_json(ParsedResume, stored["resume"]))
    return resume_pb2.ParsedResumeDocument(
        resume_id=str(row.id), parsed_resume=message, engine_version=stored["engine_version"]
    )


def upload_link(row: ResumeUpload, url: str) -> pb.CreateResumeUploadResponse:
    return pb.CreateResumeUploadResponse(upload_id=str(row.id), url=url, expire_time=timestamp(row.expire_time))


def profile(row: UserCareerForge) -> profile_pb2.Profile:
    return profile_pb2.Profile(
        id=str(row.id),
        display_name=row.display_name,
        headline=row.headline,
        visibility=number(profile_pb2.Profile.Visibility, row.visibility),
        preferences=preferences(row),
        insights=profile_pb2.ProfileInsights(
            profile_strength=row.profile_strength,
            career_stage=number(Seniority, row.career_stage),
            industry_focus=row.industry_focus,
            achievement_score=row.achievement_score,
            resume_id=str(row.resume_id or ""),
            strength_parts=_strength_parts(row),
            suggestions=_suggestions(row),
            career_stage_why=row.career_stage_why,
        ),
        etag=etag(row.version),
    )


def _strength_parts(row: UserCareerForge) -> list[resume_pb2.StrengthPart]:
    stored = row.strength["parts"] if row.strength else []
    return [results.strength_part(part) for part in codec.from_json(tuple[Part, ...], stored)]


def _suggestions(row: UserCareerForge) -> list[resume_pb2.Suggestion]:
    stored = row.strength["suggestions"] if row.strength else []
    return [results.suggestion(one) for one in codec.from_json(tuple[Suggestion, ...], stored)]


def preferences(row: UserCareerForge) -> profile_pb2.Preferences | None:
    return ParseDict(row.preferences, profile_pb2.Preferences()) if row.preferences else None


def profile_values(fields: dict[str, Any]) -> dict[str, Any]:
    """Columns for the masked fields of a profile."""
    values = dict(fields)
    if "visibility" in values:
        values["visibility"] = chosen(profile_pb2.Profile.Visibility, values["visibility"]) or "ANONYMOUS"
    if "preferences" in values:
        values["preferences"] = MessageToDict(values["preferences"])
    return values

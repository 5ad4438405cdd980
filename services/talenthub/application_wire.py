"""Between rows and messages about applications and all that belongs to one."""

from datetime import datetime
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.json_format import ParseDict
from skillsync.talenthub.v1 import application_pb2 as messages
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb

from services.kit.changes import Event
from services.kit.enums import number, plain
from services.kit.feeds import told_pause
from services.kit.ids import optional_id
from services.kit.masks import etag
from services.kit.times import timestamp
from services.talenthub.application_queries import Pair
from services.talenthub.moves import Move
from services.talenthub.tables import Application, Interview, Note, Offer, Rating, StageMove


def application(row: Application) -> messages.Application:
    return messages.Application(
        id=str(row.id),
        position_id=str(row.position_id),
        candidate_id=str(row.candidate_id),
        stage=number(messages.Stage, row.stage),
        stage_time=timestamp(row.stage_time),
        candidate_message=row.candidate_message,
        channel=row.channel,
        profile_etag=row.profile_etag,
        create_time=timestamp(row.create_time),
        etag=etag(row.version),
        merged_into_id=str(row.merged_into_id or ""),
    )


def whole_application(row: Application) -> messages.Application:
    """With the profile, which must be loaded."""
    message = application(row)
    if row.profile:
        # What an older version kept may have fields that this one does not know.
        ParseDict(row.profile["profile"], message.profile, ignore_unknown_fields=True)
    return message


def move(request: pb.MoveApplicationRequest) -> Move:
    return Move(
        UUID(request.application_id),
        plain(messages.Stage, request.stage),
        reason=request.reason,
        message=request.candidate_message,
        etag=request.etag,
        request_id=optional_id(request.request_id),
    )


def stage_move(row: StageMove) -> messages.StageMove:
    return messages.StageMove(
        from_stage=number(messages.Stage, row.from_stage),
        to_stage=number(messages.Stage, row.to_stage),
        actor_id=str(row.actor_id),
        reason=row.reason,
        time=timestamp(row.create_time),
    )


def note(row: Note) -> messages.Note:
    return messages.Note(
        id=str(row.id),
        application_id=str(row.application_id),
        author_id=str(row.author_id),
        text=row.text,
        create_time=timestamp(row.create_time),
    )


def rating(row: Rating) -> messages.Rating:
    return messages.Rating(
        application_id=str(row.application_id),
        author_id=str(row.author_id),
        requirement_id=row.requirement_id,
        grade=row.grade,
        comment=row.comment,
    )


def interview(row: Interview, now: datetime) -> messages.Interview:
    return messages.Interview(
        id=str(row.id),
        application_id=str(row.application_id),
        interviewer_ids=map(str, row.interviewer_ids),
        start_time=timestamp(row.start_time),
        duration_minutes=row.duration_minutes,
        place=row.place,
        state=number(messages.Interview.State, row.state_at(now)),
        etag=etag(row.version),
    )


def offer(row: Offer, now: datetime) -> messages.Offer:
    return messages.Offer(
        id=str(row.id),
        application_id=str(row.application_id),
        terms=row.terms,
        expire_time=timestamp(row.expire_time),
        state=number(messages.Offer.State, row.state_at(now)),
        etag=etag(row.version),
    )


def pair(found: Pair) -> pb.MergeApplicationsRequest:
    return pb.MergeApplicationsRequest(
        kept_application_id=str(found.kept_id), merged_application_id=str(found.merged_id)
    )


def calendar(data: bytes) -> HttpBody:
    return HttpBody(content_type="text/calendar; charset=utf-8", data=data)


def applications_event(event: Event[Application], resume_token: str) -> pb.WatchApplicationsResponse:
    response = pb.WatchApplicationsResponse(resume_token=resume_token)
    if told_pause(event, response):
        return response
    if event.item:
        response.application.CopyFrom(application(event.item))
    else:
        # Erased with its person.
        response.checkpoint.SetInParent()
    return response

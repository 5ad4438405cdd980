"""Between rows and messages of the talenthub service."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Stage
from skillsync.talenthub.v1.organization_pb2 import Invitation as InvitationMessage
from skillsync.talenthub.v1.organization_pb2 import Member as MemberMessage
from skillsync.talenthub.v1.organization_pb2 import MemberRole, OrganizationVerification, StageSetting
from skillsync.talenthub.v1.organization_pb2 import Organization as OrganizationMessage
from skillsync.talenthub.v1.position_pb2 import Position as PositionMessage
from skillsync.talenthub.v1.position_pb2 import PublicPosition
from skillsync.type.v1.money_pb2 import PayRange
from skillsync.type.v1.work_pb2 import Location, Seniority, WorkMode

from services.kit.changes import Event
from services.kit.enums import number, plain
from services.kit.errors import InvalidArgument
from services.kit.feeds import told_pause
from services.kit.masks import etag
from services.kit.times import moment, timestamp
from services.talenthub.domains import normal
from services.talenthub.feeds import Hired, Offered, Row
from services.talenthub.positions import KIND
from services.talenthub.tables import Invitation, Member, Organization, Position
from services.talenthub.verification import Ways

POSITION_FIELDS = frozenset(
    {"title", "description", "location", "work_mode", "seniority", "pay", "headcount", "deadline_time", "team"}
)


def organization(row: Organization) -> OrganizationMessage:
    return OrganizationMessage(
        id=str(row.id),
        display_name=row.display_name,
        domain=row.domain,
        verified=row.verified,
        hiring_capacity=row.hiring_capacity,
        recruitment_focus=row.recruitment_focus,
        state=number(OrganizationMessage.State, row.state),
        create_time=timestamp(row.create_time),
        etag=etag(row.version),
        stages=[
            StageSetting(stage=number(Stage, one["stage"]), display_name=one["display_name"]) for one in row.stages
        ],
    )


ORGANIZATION_FIELDS = frozenset({"display_name", "domain", "hiring_capacity", "recruitment_focus", "stages"})


def organization_values(message: OrganizationMessage, fields: Collection[str]) -> dict[str, Any]:
    """Columns for the named fields of the message. Raises InvalidArgument for what is no domain, and a stage named twice."""
    values: dict[str, Any] = {
        name: getattr(message, name) for name in {"display_name", "hiring_capacity"} & set(fields)
    }
    if "domain" in fields:
        values["domain"] = normal(message.domain, "organization.domain")
    if "recruitment_focus" in fields:
        values["recruitment_focus"] = list(message.recruitment_focus)
    if "stages" in fields:
        values["stages"] = _stages(message)
    return values


def _stages(message: OrganizationMessage) -> list[dict[str, str]]:
    stages = [{"stage": plain(Stage, one.stage), "display_name": one.display_name} for one in message.stages]
    if len({one["stage"] for one in stages}) < len(stages):
        raise InvalidArgument("organization.stages", "names a stage twice; name each once")
    return stages


def verification(ways: Ways) -> OrganizationVerification:
    return OrganizationVerification(
        dns_name=ways.dns_name,
        dns_value=ways.dns_value,
        mailed_to=ways.mailed_to,
        expire_time=timestamp(ways.expire_time),
    )


def invitation(row: Invitation, now: datetime) -> InvitationMessage:
    return InvitationMessage(
        id=str(row.id),
        organization_id=str(row.organization_id),
        email=row.email,
        role=number(MemberRole, row.role),
        state=number(InvitationMessage.State, row.state_at(now)),
        expire_time=timestamp(row.expire_time),
    )


def member(row: Member) -> MemberMessage:
    return MemberMessage(
        organization_id=str(row.organization_id),
        account_id=str(row.account_id),
        role=number(MemberRole, row.role),
        create_time=timestamp(row.create_time),
        etag=etag(row.version),
    )


def position(row: Position) -> PositionMessage:
    return PositionMessage(
        id=str(row.id),
        organization_id=str(row.organization_id),
        title=row.title,
        description=row.description,
        location=_location(row),
        work_mode=number(WorkMode, row.work_mode),
        seniority=number(Seniority, row.seniority),
        pay=_pay(row),
        headcount=row.headcount,
        deadline_time=timestamp(row.deadline_time),
        state=number(PositionMessage.State, row.state),
        close_reason=number(PositionMessage.CloseReason, row.close_reason),
        create_time=timestamp(row.create_time),
        publish_time=timestamp(row.publish_time),
        etag=etag(row.version),
        team=row.team,
    )


def public_position(row: Position, organization_name: str) -> PublicPosition:
    return PublicPosition(
        id=str(row.id),
        organization_name=organization_name,
        title=row.title,
        description=row.description,
        location=_location(row),
        work_mode=number(WorkMode, row.work_mode),
        seniority=number(Seniority, row.seniority),
        pay=_pay(row),
        deadline_time=timestamp(row.deadline_time),
    )


def position_values(
    message: PositionMessage, fields: set[str] | frozenset[str], path: str = "position"
) -> dict[str, Any]:
    """Columns for the named fields of the message, which stands at `path` in the request.

    Raises InvalidArgument for a pay range that is upside down, and a deadline that is no time.
    """
    values: dict[str, Any] = {name: getattr(message, name) for name in fields & {"title", "description", "team"}}
    if "location" in fields:
        place = message.location
        values |= {"city": place.city, "region": place.region, "country_code": place.country_code}
    if "work_mode" in fields:
        values["work_mode"] = plain(WorkMode, message.work_mode)
    if "seniority" in fields:
        values["seniority"] = plain(Seniority, message.seniority)
    if "pay" in fields:
        values["pay"] = _pay_value(message, path)
    if "headcount" in fields:
        values["headcount"] = message.headcount or 1
    if "deadline_time" in fields:
        values["deadline_time"] = None
        if message.HasField("deadline_time"):
            values["deadline_time"] = time_of(f"{path}.deadline_time", message.deadline_time)
    return values


def time_of(field: str, value: Timestamp) -> datetime:
    """Raises InvalidArgument for what is no time at all."""
    try:
        return moment(value)
    except (ValueError, OverflowError) as error:
        raise InvalidArgument(field, "is not a time; send one between the years 1 and 9999") from error


def _location(row: Position) -> Location | None:
    if not (row.city or row.region or row.country_code):
        return None
    return Location(city=row.city, region=row.region, country_code=row.country_code)


def _pay(row: Position) -> PayRange | None:
    return ParseDict(row.pay, PayRange()) if row.pay else None


def _pay_value(message: PositionMessage, path: str) -> dict[str, Any] | None:
    low, high = message.pay.minimum, message.pay.maximum
    if low.currency_code != high.currency_code and message.pay.HasField("minimum") and message.pay.HasField("maximum"):
        raise InvalidArgument(f"{path}.pay.maximum", "has another currency than the minimum; use one")
    if message.pay.HasField("maximum") and high.minor_units < low.minor_units:
        raise InvalidArgument(f"{path}.pay.maximum", "is less than the minimum; swap them")
    return MessageToDict(message.pay) or None


def positions_event(event: Event[Row], resume_token: str) -> pb.WatchPositionsResponse:
    response = pb.WatchPositionsResponse(resume_token=resume_token)
    if told_pause(event, response):
        return response
    if isinstance(event.item, Position):
        response.position.CopyFrom(position(event.item))
    else:
        response.deleted_position_id = str(event.resource_id)
    return response


def hiring_event(event: Event[Hired], resume_token: str) -> pb.WatchHiringResponse:
    response = pb.WatchHiringResponse(resume_token=resume_token)
    if told_pause(event, response):
        return response
    if isinstance(event.item, Member):
        field = response.member if event.item.remove_time is None else response.removed_member
        field.CopyFrom(member(event.item))
    elif isinstance(event.item, Offered):
        response.position.CopyFrom(position(event.item.position))
        response.organization_name = event.item.organization_name
    elif event.kind == KIND:
        response.deleted_position_id = str(event.resource_id)
    else:
        # A membership that was erased with its person.
        response.checkpoint.SetInParent()
    return response

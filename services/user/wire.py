"""Between rows and messages of the user service."""

from collections.abc import Iterable
from datetime import datetime

from skillsync.type.v1 import access_pb2
from skillsync.user.v1.account_pb2 import Account, Platform
from skillsync.user.v1.privacy_pb2 import Activity
from skillsync.user.v1.privacy_pb2 import DataExport as DataExportMessage
from skillsync.user.v1.privacy_pb2 import Erasure as ErasureMessage
from skillsync.user.v1.session_pb2 import JsonWebKey, TokenSet
from skillsync.user.v1.session_pb2 import Session as SessionMessage
from skillsync.user.v1.user_service_pb2 import (
    ListRolesResponse,
    ListSignInProvidersResponse,
    VerifyActivityLogResponse,
    WatchDataExportResponse,
    WatchErasureResponse,
)

from services.kit.auth import GRANTS
from services.kit.changes import Event
from services.kit.enums import number, plain
from services.kit.feeds import told_pause
from services.kit.masks import etag
from services.kit.times import timestamp
from services.user.accounts import AccountView
from services.user.activity_chain import Line, Verdict
from services.user.keys import SigningKey
from services.user.providers import Provider
from services.user.sessions import TokenPair
from services.user.tables import DataExport, Erasure, Session


def platform_name(value: Platform.ValueType) -> str:
    return plain(Platform, value).lower()


def account(view: AccountView) -> Account:
    row = view.row
    return Account(
        id=str(row.id),
        email=row.email,
        display_name=row.display_name,
        auth_provider=row.auth_provider,
        provider_uid=row.provider_uid,
        platforms=[number(Platform, name) for name in view.platforms],
        roles=[number(access_pb2.Role, name) for name in view.roles],
        account_tier=row.account_tier,
        email_verified=row.email_verify_time is not None,
        second_factor_enabled=view.second_factor_enabled,
        last_active_time=timestamp(row.last_active),
        create_time=timestamp(row.create_time),
        etag=etag(row.version),
    )


def session(row: Session, current: bool) -> SessionMessage:
    return SessionMessage(
        id=str(row.id),
        user_agent=row.user_agent,
        address=row.address,
        create_time=timestamp(row.create_time),
        last_use_time=timestamp(row.last_use_time),
        expire_time=timestamp(row.expire_time),
        current=current,
    )


def token_set(pair: TokenPair, view: AccountView, device_token: str) -> TokenSet:
    return TokenSet(
        access_token=pair.access,
        access_token_expire_time=timestamp(pair.access_expire_time),
        refresh_token=pair.refresh,
        session=session(pair.session, current=True),
        account=account(view),
        device_token=device_token,
    )


def activity(line: Line) -> Activity:
    return Activity(
        sequence=line.sequence,
        actor_id=str(line.actor_id or ""),
        action=line.action,
        target=line.target,
        address=line.address or "",
        session_id=str(line.session_id or ""),
        result=line.result,
        time=timestamp(line.time),
        hash=line.hash.hex(),
    )


def verdict(found: Verdict) -> VerifyActivityLogResponse:
    return VerifyActivityLogResponse(
        intact=not found.finding,
        verified_count=found.verified,
        first_broken_sequence=found.broken,
        finding=found.finding,
    )


def sign_in_providers(found: Iterable[Provider]) -> ListSignInProvidersResponse:
    response = ListSignInProvidersResponse()
    for provider in found:
        response.providers.add(name=provider.name, display_name=provider.display_name)
    return response


def data_export(row: DataExport, now: datetime) -> DataExportMessage:
    return DataExportMessage(
        id=str(row.id),
        state=number(DataExportMessage.State, row.state),
        progress_percent=row.progress,
        download_path=f"/v1/dataExports/{row.id}:download" if row.ready(now) else "",
        byte_size=row.byte_size,
        create_time=timestamp(row.create_time),
        expire_time=timestamp(row.expire_time),
    )


def data_export_event(event: Event[DataExport], resume_token: str, now: datetime) -> WatchDataExportResponse:
    response = WatchDataExportResponse(resume_token=resume_token)
    if not told_pause(event, response) and event.item:
        response.data_export.CopyFrom(data_export(event.item, now))
    return response


def erasure(row: Erasure) -> ErasureMessage:
    return ErasureMessage(
        id=str(row.id),
        state=number(ErasureMessage.State, row.state),
        done_services=row.done_services,
        create_time=timestamp(row.create_time),
        end_time=timestamp(row.end_time),
    )


def erasure_event(event: Event[Erasure], resume_token: str) -> WatchErasureResponse:
    response = WatchErasureResponse(resume_token=resume_token)
    if not told_pause(event, response) and event.item:
        response.erasure.CopyFrom(erasure(event.item))
    return response


def json_web_key(key: SigningKey) -> JsonWebKey:
    return JsonWebKey(kty="OKP", crv="Ed25519", x=key.x, kid=key.kid, alg="EdDSA", use="sig")


def roles() -> ListRolesResponse:
    """Every role with what it grants, as the contract says."""
    found = ListRolesResponse()
    for name, permissions in GRANTS.items():
        if permissions:
            value = number(access_pb2.Role, name)
            found.roles.add(role=value, permissions=[access_pb2.Permission.ValueType(p) for p in sorted(permissions)])
    return found

"""Asks for a bias audit, and writes its page to a file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1.talenthub_service_pb2 import RunBiasAuditRequest
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.feed.following import FeedRefused
from services.feed.run import Who, open_gateway, signed_in

if TYPE_CHECKING:
    from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceAsyncStub

SECONDS = 60.0


async def save_audit(url: str, who: Who, organization_id: str, since: datetime | None, out: Path) -> str:
    """Returns a line about it. Raises FeedRefused with words for who asks; the file is then as it was."""
    start = Timestamp()
    if since:
        start.FromDatetime(since.replace(tzinfo=UTC))
    request = RunBiasAuditRequest(
        organization_id=organization_id, start_time=start if since else None, request_id=str(uuid4())
    )
    async with open_gateway(url) as channel:
        stub: TalentHubServiceAsyncStub = TalentHubServiceStub(channel)
        session = await signed_in(channel, who)
        try:
            audit = await stub.RunBiasAudit(request, metadata=session.metadata, timeout=SECONDS)
        except grpc.aio.AioRpcError as error:
            raise FeedRefused(error.details() or error.code().name) from error
    out.write_text(audit.html, encoding="utf-8")
    excluded = sum(group.excluded for group in audit.groups)
    return f"{out}: {len(audit.groups)} groups, {excluded} of them too small; {audit.unknown_count} people told nothing"

"""Files as they come in: collected up to the limit, recognised by content, kept in quarantine until they were looked at."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from services.ai.documents import DocumentError, Kind, sniff
from services.careerforge import tables
from services.kit import jobs
from services.kit.db import WriteSession
from services.kit.errors import InvalidArgument

FORGET_JOB = "forget_file"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be a resume."""

    data: bytes
    kind: Kind
    filename: str


async def collect(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    """All of the file. Raises InvalidArgument (FILE_TOO_LARGE) as soon as it is longer than `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise InvalidArgument(
                "file",
                f"is larger than {limit:,} bytes; send a smaller one",
                reason="FILE_TOO_LARGE",
                limit_bytes=str(limit),
            )
        parts.append(chunk)
    return b"".join(parts)


def recognise(data: bytes, filename: str) -> Upload:
    """Raises InvalidArgument (FILE_EMPTY, FILE_TRUNCATED, FILE_TYPE_UNSUPPORTED)."""
    try:
        return Upload(data, sniff(data), filename)
    except DocumentError as error:
        raise InvalidArgument("file", str(error), reason=error.reason) from None


async def forget(session: WriteSession, blob_key: str) -> None:
    """Deletes a file later and for certain, if and when this transaction commits."""
    await jobs.enqueue(session, tables.jobs, FORGET_JOB, {"blob_key": blob_key})


def quarantine_key(user_id: UUID, resume_id: UUID) -> str:
    return f"quarantine/{user_id}/{resume_id}"


def clean_key(user_id: UUID, resume_id: UUID) -> str:
    return f"resumes/{user_id}/{resume_id}"

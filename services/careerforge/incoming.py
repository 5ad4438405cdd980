"""Files that come in a stream of messages: the first says what the file is, and each has a part of it."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from services.careerforge import uploads

Request = TypeVar("Request", bound=Any)


async def received(requests: AsyncIterator[Request], first: Request, limit: int) -> bytes:
    """All of the file; what is said of it ends up in `first`. Raises InvalidArgument (FILE_TOO_LARGE)."""

    async def chunks() -> AsyncIterator[bytes]:
        async for request in requests:
            data: bytes = request.file.data
            # Of each message only the bytes are kept.
            request.ClearField("file")
            first.MergeFrom(request)
            yield data

    return await uploads.collect(chunks(), limit)

"""Files in S3. boto3 knows no asyncio, so each call runs in a thread."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, BinaryIO, TypeVar

from services.kit.errors import NotFound, Unavailable
from services.kit.settings import Settings

T = TypeVar("T")

# Beside whatever has a status of 500 or more.
NOT_OURS = ("NoSuchBucket", "RequestTimeout")


async def _to_its_end(function: Callable[[], T]) -> T:
    """In a thread, which cannot be stopped: who is cancelled meanwhile waits for it, and then knows what there is to undo."""
    running = asyncio.ensure_future(asyncio.to_thread(function))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


class Blobs:
    """One bucket. Raises Unavailable when the server does not answer, NotFound for a missing key."""

    def __init__(self, client: Any, bucket: str, signer: Any = None) -> None:
        """`signer` is a client for where others reach the bucket; they reach it where `client` does if there is none."""
        self._client = client
        self._bucket = bucket
        self._signer = signer or client

    @classmethod
    def open(cls, settings: Settings) -> "Blobs":
        # Slow to import, so only where files are handled.
        import boto3
        from botocore.config import Config

        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=2,
            # Both tries together end before the caller's deadline of 30 s, so that the answer says what is down.
            read_timeout=10,
            retries={"total_max_attempts": 2, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        client, signer = (
            boto3.client(
                "s3",
                endpoint_url=endpoint,
                aws_access_key_id=settings.s3_access_key.get_secret_value(),
                aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
                region_name="us-east-1",
                config=config,
            )
            if endpoint
            else None
            for endpoint in (settings.s3_endpoint, settings.s3_public_endpoint)
        )
        return cls(client, settings.s3_bucket, signer)

    async def upload_link(self, key: str, byte_size: int, seconds: int) -> str:
        """Where whoever has it may PUT a file of that size under `key`, for so long."""
        put = {"Bucket": self._bucket, "Key": key, "ContentLength": byte_size}
        return await self._guard(
            lambda: str(self._signer.generate_presigned_url("put_object", Params=put, ExpiresIn=seconds))
        )

    async def put(self, key: str, data: bytes | BinaryIO, content_type: str = "application/octet-stream") -> None:
        await self._call(self._client.put_object, Key=key, Body=data, ContentType=content_type)

    async def get(self, key: str) -> bytes:
        answer = await self._call(self._client.get_object, Key=key)
        return await self._guard(answer["Body"].read)

    async def stream(self, key: str, part_bytes: int) -> AsyncIterator[bytes]:
        """The file in parts: no more of it is in memory at a time."""
        body = (await self._call(self._client.get_object, Key=key))["Body"]
        try:
            while part := await self._guard(lambda: body.read(part_bytes)):
                yield part
        finally:
            body.close()

    async def copy(self, source: str, target: str) -> None:
        await self._call(self._client.copy_object, Key=target, CopySource={"Bucket": self._bucket, "Key": source})

    async def delete(self, key: str) -> None:
        """Deleting a missing key changes nothing."""
        await self._call(self._client.delete_object, Key=key)

    async def delete_all(self, prefix: str) -> int:
        """Everything whose key begins so. Returns how many there were."""
        deleted = 0
        while keys := await self.keys(prefix):
            await asyncio.gather(*map(self.delete, keys))
            deleted += len(keys)
        return deleted

    async def keys(self, prefix: str = "") -> list[str]:
        """At most 1,000."""
        answer = await self._call(self._client.list_objects_v2, Prefix=prefix)
        return [entry["Key"] for entry in answer.get("Contents", [])]

    async def create_bucket(self) -> None:
        """Again: no change."""
        try:
            await self._call(self._client.create_bucket)
        except self._client.exceptions.BucketAlreadyOwnedByYou:
            return
        except self._client.exceptions.BucketAlreadyExists:
            return

    async def check(self) -> None:
        """Raises Unavailable when the bucket cannot be reached."""
        await self._call(self._client.head_bucket)

    async def _call(self, function: Callable[..., T], **arguments: Any) -> T:
        return await self._guard(lambda: function(Bucket=self._bucket, **arguments))

    async def _guard(self, function: Callable[[], T]) -> T:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return await _to_its_end(function)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in ("NoSuchKey", "404"):
                raise NotFound("file", "") from error
            if code in NOT_OURS or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise Unavailable("s3") from error
            raise
        except BotoCoreError as error:
            raise Unavailable("s3") from error

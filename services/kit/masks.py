"""Field masks and etags of updates."""

from collections.abc import Collection
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from services.kit.errors import EtagMismatch, InvalidArgument


def masked(resource: Message, mask: FieldMask, allowed: Collection[str]) -> dict[str, Any]:
    """The fields to change with their values: those in the mask, or without one those that are set. Only `allowed` ones."""
    names = list(mask.paths) or [f.name for f, _ in resource.ListFields() if f.name in allowed]
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise InvalidArgument(
            "update_mask", f"{unknown[0]} cannot be changed; possible are {', '.join(sorted(allowed))}"
        )
    return {name: getattr(resource, name) for name in names}


def check_etag(resource: str, given: str, version: int) -> None:
    """Raises EtagMismatch when the client saw another version. An empty etag skips the check."""
    if given and given != etag(version):
        raise EtagMismatch(resource)


def etag(version: int) -> str:
    return f"v{version}"

"""The rules that the contract has for requests, enforced before a method sees one."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import protovalidate
from google.protobuf.message import DecodeError, Message

from services.kit import errors

UNREADABLE = object()


def decoder(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """grpc would answer for foreign bytes itself, with the parser's words; so they come through as `UNREADABLE`."""

    def decode(data: bytes) -> Any:
        try:
            return deserialize(data)
        except DecodeError:
            return UNREADABLE

    return decode


def checked(request: Any) -> Any:
    """The request, or each message of a client's stream, after the rules of the contract. Raises InvalidArgument."""
    if hasattr(request, "__aiter__"):
        return _checked_each(request)
    check(request)
    return request


async def _checked_each(requests: AsyncIterator[Message]) -> AsyncIterator[Message]:
    async for request in requests:
        check(request)
        yield request


def check(request: Any) -> None:
    """Raises InvalidArgument naming every field that breaks a rule."""
    if request is UNREADABLE:
        raise errors.InvalidArgument("request", "is not a message of this method; compare the client's contracts")
    try:
        protovalidate.validate(request)
    except protovalidate.ValidationError as error:
        found = [(_path(v.proto.field), v.proto.message or v.proto.rule_id) for v in error.violations]
        if violations := [v for v in found if _is_meant(request, v[0])]:
            raise errors.InvalidArgument.of_all(violations) from None


def _is_meant(request: Any, path: str) -> bool:
    """Whether the request is about this field: an update need not repeat what it does not change."""
    resource, _, rest = path.partition(".")
    if not rest or "update_mask" not in request.DESCRIPTOR.fields_by_name:
        return True
    name = re.split(r"[.\[]", rest, maxsplit=1)[0]
    return name in (request.update_mask.paths or [f.name for f, _ in getattr(request, resource).ListFields()])


def _path(field: Any) -> str:
    """`position.title`, `ids[2]`, `weights[skill]`."""
    parts = []
    for element in field.elements:
        place = f"[{element.subscript.value}]" if element.subscript else ""
        parts.append(element.field_name + place)
    return ".".join(parts)

"""The rules that the contract has for requests, enforced before a method sees one."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
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
    if unstorable := [(path, "contains the character U+0000; remove it") for path in _with_nul(request)]:
        raise errors.InvalidArgument.of_all(unstorable)
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


def _with_nul(message: Message, prefix: str = "") -> Iterator[str]:
    """Texts with the one character that PostgreSQL keeps in none."""
    for field, value in message.ListFields():
        path = prefix + field.name
        if field.type == field.TYPE_STRING:
            if any("\0" in text for text in ([value] if isinstance(value, str) else value)):
                yield path
        elif field.type == field.TYPE_MESSAGE:
            yield from _with_nul_below(value, path)


def _with_nul_below(value: Any, path: str) -> Iterator[str]:
    """`value`: a message, several, or a map."""
    if isinstance(value, Message):
        yield from _with_nul(value, path + ".")
    elif hasattr(value, "items"):
        for key, item in value.items():
            if "\0" in f"{key}{item if isinstance(item, str) else ''}":
                yield path
            if isinstance(item, Message):
                yield from _with_nul(item, path + ".")
    else:
        for item in value:
            yield from _with_nul(item, path + ".")


def _path(field: Any) -> str:
    """`position.title`, `ids[2]`, `weights[skill]`; `request` where the rule is about all of it."""
    if field is None or not field.elements:
        return "request"
    parts = []
    for element in field.elements:
        place = f"[{element.subscript.value}]" if element.subscript else ""
        parts.append(element.field_name + place)
    return ".".join(parts)

"""The filter that refuses unknown JSON fields: `fields.lua` with the contracts' messages and routes as its tables."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gateway.contract import Binding, Contract
from gateway.parts import Config, extension

# Messages whose JSON form is not an object of their fields, or that are the bare body of the request.
OPAQUE = ("google.protobuf.", "google.api.HttpBody")
SCALAR = 0

Kind = int | str | dict[str, str]
Messages = dict[str, dict[str, Kind]]
Tree = dict[str, Any]


def unknown_fields_filter(contract: Contract) -> Config:
    """The filter; it stands before the transcoder, which would drop such fields without a word."""
    messages, routes = schema(contract)
    source = resources.files("gateway").joinpath("fields.lua").read_text()
    tables = f"local MESSAGES = {lua_table(messages)}\nlocal ROUTES = {lua_table(routes)}\n"
    return extension(
        "filters.http.lua",
        "extensions.filters.http.lua.v3.Lua",
        default_source_code={"inline_string": tables + source},
    )


def schema(contract: Contract) -> tuple[Messages, Tree]:
    """Every message that a JSON body can hold, and a tree of paths that leads to the message of each body."""
    messages: Messages = {}
    routes: Tree = {}
    for method in contract.edge_methods:
        for binding in method.bindings:
            body = _body_message(contract.pool.FindMessageTypeByName(method.request), binding.body)
            if body:
                _add_message(messages, body)
                _add_route(routes, binding, body.full_name)
    return messages, routes


def lua_table(value: object) -> str:
    """A Lua literal of nested mappings, strings and numbers."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"[{json.dumps(key)}]={lua_table(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)


def _body_message(request: Descriptor, body: str) -> Descriptor | None:
    found = request if body == "*" else body and request.fields_by_name[body].message_type
    return found if found and not _is_opaque(found) else None


def _is_opaque(message: Descriptor) -> bool:
    return bool(message.full_name.startswith(OPAQUE))


def _add_message(messages: Messages, message: Descriptor) -> None:
    if message.full_name in messages:
        return
    fields = messages[message.full_name] = {}
    for field in message.fields:
        # JSON may name a field either way.
        fields[field.name] = fields[field.json_name] = _kind(field)
        inner = _inner(field)
        if inner:
            _add_message(messages, inner)


def _kind(field: FieldDescriptor) -> Kind:
    inner = _inner(field)
    if inner is None:
        return SCALAR
    return {"map": inner.full_name} if _is_map(field) else str(inner.full_name)


def _inner(field: FieldDescriptor) -> Descriptor | None:
    message = field.message_type
    if message and _is_map(field):
        message = message.fields_by_name["value"].message_type
    return message if message and not _is_opaque(message) else None


def _is_map(field: FieldDescriptor) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def _add_route(routes: Tree, binding: Binding, message: str) -> None:
    node = routes
    for segment in _segments(binding.path):
        node = node.setdefault(segment, {})
    node.setdefault("=", {})[binding.verb] = message


def _segments(path: str) -> Iterator[str]:
    """`/v1/positions/{position_id}:publish` → v1, positions, *, :publish."""
    plain = re.sub(r"\{[^=}]+(?:=([^}]*))?\}", lambda variable: variable[1] or "*", path)
    path, colon, verb = plain.partition(":")
    yield from path.strip("/").split("/")
    if colon:
        yield ":" + verb

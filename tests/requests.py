"""A request of any method that breaks no rule of the contract, made from its descriptor."""

import re
from typing import Any
from uuid import uuid4

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

# One of these fits each pattern of the contracts.
SAMPLES = (
    "example",
    "123456",
    "EUR",
    "DE",
    "de",
    "2024-01-31",
    "2024-01",
    "example.org",
    "https://example.org/x",
    "Abcd1234",
)

# What rules over several fields demand.
TOGETHER = {"skillsync.user.v1.SignInWithOidcRequest": {"code": "code", "state": "state"}}

NUMBERS = {FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT32}
FLOATS = {FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT}


def a_request(descriptor: Descriptor, **values: Any) -> Message:
    """With every field that the contract demands, and these `values`."""
    message = message_factory.GetMessageClass(descriptor)()
    for oneof in descriptor.oneofs:
        if oneof.GetOptions().Extensions[validate_pb2.oneof].required:
            _set(message, oneof.fields[0])
    for field in descriptor.fields:
        if field.name not in values and _demanded(field):
            _set(message, field)
    for name, value in (TOGETHER.get(descriptor.full_name, {}) | values).items():
        setattr(message, name, value)
    return message


def _demanded(field: FieldDescriptor) -> bool:
    options = field.GetOptions()
    if field_behavior_pb2.OUTPUT_ONLY in options.Extensions[field_behavior_pb2.field_behavior]:
        return False
    required = field_behavior_pb2.REQUIRED in options.Extensions[field_behavior_pb2.field_behavior]
    rules = options.Extensions[validate_pb2.field]
    refuses_nothing = rules.string.min_len or rules.int32.gte > 0 or rules.repeated.min_items
    return required or rules.required or bool(refuses_nothing and rules.ignore != validate_pb2.IGNORE_IF_ZERO_VALUE)


def _set(message: Message, field: FieldDescriptor) -> None:
    rules = field.GetOptions().Extensions[validate_pb2.field]
    if field.message_type and field.message_type.GetOptions().map_entry:
        key, value = field.message_type.fields
        getattr(message, field.name)[_scalar(key, rules.map.keys)] = _scalar(value, rules.map.values)
    elif field.is_repeated:
        rules = rules.repeated.items
        if field.message_type:
            getattr(message, field.name).append(a_request(field.message_type))
        else:
            getattr(message, field.name).append(_scalar(field, rules))
    elif field.message_type:
        getattr(message, field.name).CopyFrom(a_request(field.message_type))
        getattr(message, field.name).SetInParent()
    else:
        setattr(message, field.name, _scalar(field, rules))


def _scalar(field: FieldDescriptor, rules: Any) -> Any:
    if field.enum_type:
        return next(v.number for v in field.enum_type.values if v.number)
    if field.cpp_type in NUMBERS | FLOATS:
        kind = getattr(rules, rules.WhichOneof("type")) if rules.WhichOneof("type") else None
        return max(1, getattr(kind, "gte", 1) or 1)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return True
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"x"
    return _text(rules.string)


def _text(rules: Any) -> str:
    if rules.uuid:
        return str(uuid4())
    if rules.email:
        return "someone@example.org"
    if rules.uri:
        return "https://example.org/x"
    if rules.pattern:
        return next(sample for sample in SAMPLES if re.search(rules.pattern, sample))
    return (
        getattr(rules, "in")[0]
        if getattr(rules, "in")
        else "example text"[: rules.max_len or 99].ljust(rules.min_len, "x")
    )

"""The OpenAPI 3.1 document of the REST side, from the contracts: paths from HTTP rules, limits from validation rules, words from comments.

`python -m gateway.openapi IMAGE OUTPUT`, IMAGE being a descriptor set with imports and source info.
"""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from buf.validate import validate_pb2
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict
from skillsync.type.v1 import access_pb2

from gateway.reasons import common_answer, error_answers, error_schema, reason_schema

Schema = dict[str, Any]

SCALARS: dict[int, Schema] = {
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.TYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "format": "byte"},
}
WELL_KNOWN: dict[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.FieldMask": {"type": "string", "description": "Names of fields, separated by commas."},
    "google.protobuf.Empty": {"type": "object"},
}
BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
STRING_RULES = {"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern", "in": "enum"}
NUMBER_RULES = {"gte": "minimum", "lte": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
FORMATS = {"uuid": "uuid", "email": "email", "uri": "uri"}


class Document:
    """Collects paths and the schemas that they reach. `comments` by full name."""

    def __init__(self, pool: DescriptorPool, comments: dict[str, str]) -> None:
        self._pool = pool
        self._comments = comments
        self._schemas: dict[str, Schema] = {}

    def build(self, services: list[str]) -> Schema:
        paths: dict[str, Schema] = {}
        for name in services:
            for method in self._pool.FindServiceByName(name).methods:
                for verb, path, body in bindings(method):
                    paths.setdefault(path, {})[verb] = self._operation(method, path, body)
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "SkillSync",
                "version": "v1",
                "license": {"name": "See LICENSE", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "tags": [{"name": short(n), "description": self._comments.get(n, "")} for n in services],
            "security": [{"bearer": []}],
            "paths": dict(sorted(paths.items())),
            "components": {
                "schemas": {
                    "Error": error_schema(),
                    "ErrorReason": reason_schema(self._comments),
                    **dict(sorted(self._schemas.items())),
                },
                "responses": {"CommonError": common_answer()},
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            },
        }

    def _operation(self, method: MethodDescriptor, path: str, body: str) -> Schema:
        request, doc = method.input_type, self._comments.get(method.full_name, "")
        in_path = re.findall(r"{(\w+)}", path)
        operation: Schema = {
            "operationId": f"{method.name}_{slug(path)}" if not path.startswith("/v1/") else method.name,
            "tags": [method.containing_service.name],
            "summary": doc.split(". ")[0].split("\n")[0][:120],
            "description": doc + limit_words(method),
            "parameters": [self._parameter(request.fields_by_name[n], "path") for n in in_path],
            "responses": {"200": self._answer(method), **error_answers(method)},
        }
        if body == "*":
            operation["requestBody"] = json_body(self._message(request))
        elif body:
            operation["requestBody"] = self._body(request.fields_by_name[body])
        if body != "*":
            rest = [f for f in request.fields if f.name not in (*in_path, body) and in_query(f)]
            operation["parameters"] += [self._parameter(f, "query") for f in rest]
        if access(method).public:
            operation["security"] = []
        return operation

    def _body(self, field: FieldDescriptor) -> Schema:
        message = field.message_type
        assert message is not None
        if message.full_name == "google.api.HttpBody":
            return {"required": True, "content": BINARY}
        return json_body(self._message(message))

    def _answer(self, method: MethodDescriptor) -> Schema:
        output = method.output_type
        if output.full_name == "google.api.HttpBody":
            return {"description": "The file.", "content": BINARY}
        kind = "text/event-stream" if method.server_streaming else "application/json"
        return {
            "description": self._comments.get(output.full_name, "Done."),
            "content": {kind: {"schema": self._message(output)}},
        }

    def _parameter(self, field: FieldDescriptor, where: str) -> Schema:
        name = field.name if where == "path" else field.json_name
        return {
            "name": name,
            "in": where,
            "required": where == "path",
            "description": self._comments.get(field.full_name, ""),
            "schema": self._field(field),
        }

    def _message(self, message: Descriptor) -> Schema:
        if message.full_name in WELL_KNOWN:
            return WELL_KNOWN[message.full_name]
        name = short(message.full_name)
        if name not in self._schemas:
            self._schemas[name] = {}  # keeps recursion finite
            properties = {f.json_name: self._described(f) for f in message.fields}
            self._schemas[name] = {
                "type": "object",
                "description": self._comments.get(message.full_name, ""),
                "properties": properties,
            }
        return ref(name)

    def _described(self, field: FieldDescriptor) -> Schema:
        schema = self._field(field)
        comment = self._comments.get(field.full_name, "")
        return {"allOf": [schema], "description": comment} if "$ref" in schema else {**schema, "description": comment}

    def _field(self, field: FieldDescriptor) -> Schema:
        rules = field.GetOptions().Extensions[validate_pb2.field]
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            return {"type": "object", "additionalProperties": self._single(value, rules.map.values)}
        if field.is_repeated:
            limits = MessageToDict(rules.repeated, preserving_proto_field_name=True)
            renamed = {
                new: limits[old] for old, new in (("min_items", "minItems"), ("max_items", "maxItems")) if old in limits
            }
            return {
                "type": "array",
                "items": self._single(field, rules.repeated.items),
                **{k: int(v) for k, v in renamed.items()},
            }
        return self._single(field, rules)

    def _single(self, field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Schema:
        if field.message_type is not None:
            return self._message(field.message_type)
        if field.enum_type is not None:
            return self._enum(field.enum_type)
        return SCALARS[field.type] | constraints(rules)

    def _enum(self, enum: EnumDescriptor) -> Schema:
        name = short(enum.full_name)
        self._schemas[name] = {
            "type": "string",
            "enum": [v.name for v in enum.values],
            "description": self._comments.get(enum.full_name, ""),
        }
        return ref(name)


def constraints(rules: validate_pb2.FieldRules) -> Schema:
    """JSON Schema words for the rules that have one."""
    kind = rules.WhichOneof("type")
    if kind is None:
        return {}
    found = {field.name: value for field, value in getattr(rules, kind).ListFields()}
    table = STRING_RULES if kind == "string" else NUMBER_RULES
    schema = {table[k]: list(v) if k == "in" else v for k, v in found.items() if k in table}
    formats = [FORMATS[k] for k in found if k in FORMATS]
    return schema | ({"format": formats[-1]} if formats else {})


def bindings(method: MethodDescriptor) -> Iterator[tuple[str, str, str]]:
    """HTTP verb, path and body of each way to call the method at the edge."""
    if access(method).HasField("service_only"):
        return
    rule: http_pb2.HttpRule = method.GetOptions().Extensions[annotations_pb2.http]
    for each in (rule, *rule.additional_bindings):
        verb = each.WhichOneof("pattern")
        if verb:
            yield verb, getattr(each, verb), each.body


def limit_words(method: MethodDescriptor) -> str:
    """How often it may be called, where that is less than what holds for all."""
    limit = method.GetOptions().Extensions[access_pb2.limit]
    of = [
        f"{most} {who}"
        for most, who in ((limit.per_account, "of one account"), (limit.per_address, "from one address"))
        if most
    ]
    return f"\n\nCalls a minute: at most {' and '.join(of)}." if of else ""


def access(method: MethodDescriptor) -> access_pb2.Access:
    return method.GetOptions().Extensions[access_pb2.access]


def in_query(field: FieldDescriptor) -> bool:
    return field.message_type is None or field.message_type.full_name in WELL_KNOWN


def json_body(schema: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def short(full_name: str) -> str:
    """`skillsync.user.v1.Account` → `user.Account`."""
    return full_name.removeprefix("skillsync.").replace(".v1.", ".")


def slug(path: str) -> str:
    return re.sub(r"\W+", "_", path).strip("_")


def read_comments(files: FileDescriptorSet) -> dict[str, str]:
    """Leading comments of everything, by full name."""
    found: dict[str, str] = {}
    for file in files.file:
        for location in file.source_code_info.location:
            if location.leading_comments:
                found[name_at(file, list(location.path))] = location.leading_comments.strip().replace("\n ", "\n")
    return found


def name_at(node: Any, path: list[int]) -> str:
    """The full name of what `path` (numbers of fields and indexes, as descriptors count) leads to."""
    parts = [node.package]
    while len(path) >= 2:
        field = node.DESCRIPTOR.fields_by_number.get(path[0])
        if field is None or not field.is_repeated or field.message_type is None:
            return ""
        node, path = getattr(node, field.name)[path[1]], path[2:]
        parts.append(getattr(node, "name", ""))
    return ".".join(parts) if not path else ""


def main(image: str, output: str) -> None:
    files = FileDescriptorSet.FromString(Path(image).read_bytes())
    for file in files.file:
        if file.package.startswith("skillsync."):
            importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    services = [f"{f.package}.{s.name}" for f in files.file if f.package.startswith("skillsync.") for s in f.service]
    document = Document(descriptor_pool.Default(), read_comments(files)).build(services)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=140)
    Path(output).write_text("# Generated by `make gen` from protos/. Do not edit.\n" + text)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What the gateway needs to know of the contracts, read from the descriptor set alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICES = ("user", "careerforge", "talenthub", "matching", "billing")

ACCESS_OPTION = "skillsync.type.v1.access"
HTTP_OPTION = "google.api.http"
VERBS = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}
# Envoy answers a transcoded error with an empty body when it cannot find the types of its details.
ERROR_DETAILS = "google/rpc/error_details.proto"


@dataclass(frozen=True)
class Binding:
    """One way to call a method as REST."""

    verb: str  # "POST"
    path: str  # template, "/v1/positions/{position_id}:publish"
    body: str  # "*" is the whole request, "" none, else the field that is the body


@dataclass(frozen=True)
class Method:
    """One RPC as the gateway sees it."""

    service: str  # "matching"
    full_service: str  # "skillsync.matching.v1.MatchingService"
    name: str
    public: bool
    service_only: bool
    callers: frozenset[str]  # service identities that may call it over the mesh
    watches: bool  # server stream: no timeout
    uploads: bool  # client stream: large body
    request: str  # full name of the request message
    bindings: tuple[Binding, ...]
    timeout: float | None  # seconds, from service_config.json

    @property
    def path(self) -> str:
        """The gRPC path, `/package.Service/Method`."""
        return f"/{self.full_service}/{self.name}"


@dataclass(frozen=True)
class Contract:
    """The descriptor set and the methods of the five services in it."""

    descriptors: descriptor_pb2.FileDescriptorSet
    pool: descriptor_pool.DescriptorPool
    methods: tuple[Method, ...]

    @cached_property
    def edge_methods(self) -> tuple[Method, ...]:
        """The methods that a caller outside may reach."""
        return tuple(method for method in self.methods if not method.service_only)

    @cached_property
    def full_services(self) -> tuple[str, ...]:
        """The full names of the services, in the order of the descriptor set."""
        return tuple(dict.fromkeys(method.full_service for method in self.methods))

    def edge_descriptors(self) -> bytes:
        """The descriptor set without comments and without the methods that only services may call."""
        return _serialized(self.descriptors.file, hidden={m.path for m in self.methods if m.service_only})

    def descriptors_of(self, full_service: str) -> bytes:
        """What one service needs, for a transcoder that serves nothing else."""
        by_name = {file.name: file for file in self.descriptors.file}
        root = next(file.name for file in by_name.values() if full_service in _service_names(file))
        needed = set(_closure(root, by_name)) | set(_closure(ERROR_DETAILS, by_name))
        return _serialized(file for file in self.descriptors.file if file.name in needed)


def load_contract(descriptors: Path, service_config: Path | None = None) -> Contract:
    """Reads a descriptor set made with `--include_imports`; raises ValueError when it is not fit for a gateway."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes())
    if ERROR_DETAILS not in {file.name for file in files.file}:
        raise ValueError(f"{descriptors} lacks {ERROR_DETAILS}: errors would have no body")
    timeouts = _timeouts(json.loads(service_config.read_text())) if service_config else {}
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return Contract(files, pool, tuple(_methods(files, _Options(pool), timeouts)))


def _methods(
    files: descriptor_pb2.FileDescriptorSet, options: "_Options", timeouts: Mapping[str, float]
) -> Iterator[Method]:
    for file in files.file:
        if file.package.startswith("skillsync."):
            for service in file.service:
                for method in service.method:
                    yield _method(options, f"{file.package}.{service.name}", method, timeouts)


def _method(
    options: "_Options", full_service: str, method: descriptor_pb2.MethodDescriptorProto, timeouts: Mapping[str, float]
) -> Method:
    access = options.read(method, ACCESS_OPTION)
    http = options.read(method, HTTP_OPTION)
    if access is None:
        raise ValueError(f"{full_service}.{method.name} does not say who may call it")
    callers = [*access.service_only.callers, *access.also_services]
    return Method(
        service=full_service.split(".")[1],
        full_service=full_service,
        name=method.name,
        public=access.public,
        service_only=access.HasField("service_only"),
        callers=frozenset(callers),
        watches=method.server_streaming,
        uploads=method.client_streaming,
        request=method.input_type.lstrip("."),
        bindings=tuple(_bindings(http)),
        timeout=timeouts.get(f"{full_service}/{method.name}", timeouts.get(f"{full_service}/")),
    )


class _Options:
    """Reads custom options through the types of the descriptor set itself, so that generated code is not needed."""

    def __init__(self, pool: descriptor_pool.DescriptorPool) -> None:
        self._type = message_factory.GetMessageClass(pool.FindMessageTypeByName("google.protobuf.MethodOptions"))
        self._pool = pool

    def read(self, method: descriptor_pb2.MethodDescriptorProto, name: str) -> Any:
        extension: Any = self._pool.FindExtensionByName(name)
        options = self._type.FromString(method.options.SerializeToString())
        return options.Extensions[extension] if options.HasExtension(extension) else None


def _bindings(http: Any) -> Iterator[Binding]:
    for rule in (http, *http.additional_bindings) if http else ():
        kind = rule.WhichOneof("pattern")
        if kind in VERBS:
            yield Binding(VERBS[kind], getattr(rule, kind), rule.body)


def _timeouts(config: Mapping[str, list[dict[str, object]]]) -> dict[str, float]:
    """`service/method` → seconds; `service/` is the service's default."""
    found: dict[str, float] = {}
    for entry in config.get("methodConfig", []):
        timeout, names = entry.get("timeout"), entry.get("name")
        if isinstance(timeout, str) and isinstance(names, list):
            found |= {f"{name['service']}/{name.get('method', '')}": float(timeout.rstrip("s")) for name in names}
    return found


def _service_names(file: descriptor_pb2.FileDescriptorProto) -> set[str]:
    return {f"{file.package}.{service.name}" for service in file.service}


def _closure(name: str, files: Mapping[str, descriptor_pb2.FileDescriptorProto]) -> Iterator[str]:
    yield name
    for dependency in files[name].dependency:
        yield from _closure(dependency, files)


def _serialized(files: Iterable[descriptor_pb2.FileDescriptorProto], hidden: AbstractSet[str] = frozenset()) -> bytes:
    kept = descriptor_pb2.FileDescriptorSet()
    for file in files:
        copy = kept.file.add()
        copy.CopyFrom(file)
        copy.ClearField("source_code_info")
        for service in copy.service:
            shown = [m for m in service.method if f"/{file.package}.{service.name}/{m.name}" not in hidden]
            del service.method[:]
            service.method.extend(shown)
    return kept.SerializeToString(deterministic=True)

"""What the contracts have and nobody has built yet says so, in each kind of call."""

from typing import Any

import grpc
import pytest
from google.protobuf import message_factory
from skillsync.type.v1 import access_pb2

from tests.builders import Person, a_person_of_all_roles
from tests.contracts.test_contracts import LEFT, METHODS
from tests.harness import System, as_service
from tests.refusals import refused
from tests.requests import a_request

UNBUILT = [m for m in METHODS if m.full_name.removeprefix("skillsync.") in LEFT.read_text().split()]


@pytest.fixture(scope="module")
async def everybody(system: System) -> Person:
    return await a_person_of_all_roles(system)


async def first_answer(channel: grpc.aio.Channel, method: Any, metadata: Any) -> Any:
    """Whatever the kind of call."""
    request = a_request(method.input_type)
    kind = ("stream" if method.client_streaming else "unary") + "_" + ("stream" if method.server_streaming else "unary")
    call = getattr(channel, kind)(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
    )
    made = call(iter([request]) if method.client_streaming else request, metadata=metadata, timeout=10)
    return await (made.read() if method.server_streaming else made)


@pytest.mark.parametrize("method", UNBUILT, ids=lambda m: m.name)
async def test_it_is_unimplemented(system: System, everybody: Person, method: Any) -> None:
    access = method.GetOptions().Extensions[access_pb2.access]
    callers = [*access.service_only.callers, *access.also_services]
    metadata = (*everybody.metadata, *(as_service(callers[0]) if access.HasField("service_only") else ()))
    service = method.containing_service.full_name.split(".")[1]
    with refused("UNIMPLEMENTED", grpc.StatusCode.UNIMPLEMENTED, method=method.full_name):
        await first_answer(system.direct(service), method, metadata)

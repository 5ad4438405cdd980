"""What services refuse with is what their contracts list: watched in every test that has a system."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from google.protobuf import descriptor_pool
from skillsync.error.v1.error_reason_pb2 import ErrorReason, common, reasons

from services.kit import interceptors
from services.kit.errors import DomainError

PREFIX = "ERROR_REASON_"
COMMON = {v.name.removeprefix(PREFIX) for v in ErrorReason.DESCRIPTOR.values if v.GetOptions().Extensions[common]}


@contextmanager
def only_listed_reasons() -> Iterator[None]:
    """Fails at its end when a method answered meanwhile with a reason that its contract does not list."""
    real, surprises = interceptors.refusals, set()

    @asynccontextmanager
    async def watched(method: str, context: Any) -> AsyncIterator[None]:
        async with real(method, context):
            try:
                yield
            except DomainError as error:
                if error.reason not in COMMON | listed(method):
                    surprises.add(f"{method}: {error.reason}")
                raise

    interceptors.refusals = watched
    yield
    interceptors.refusals = real
    assert not surprises, f"unlisted: {sorted(surprises)}"


def listed(method: str) -> set[str]:
    service, _, name = method.strip("/").partition("/")
    found = descriptor_pool.Default().FindServiceByName(service).methods_by_name.get(name)
    numbers = found.GetOptions().Extensions[reasons] if found else ()
    return {ErrorReason.Name(number).removeprefix(PREFIX) for number in numbers}

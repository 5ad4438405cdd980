"""Billing alone is stopped and started, while everything else goes on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import grpc
import pytest
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub

from services.billing.app import open_app
from services.embedded.stripe.faults import Faults
from services.kit.settings import Settings
from tests.billing.dying import Process, a_process
from tests.billing.paying import eventually
from tests.harness import System


class Switch:
    """Of the system's billing. Once started again it is another server, on the same port."""

    def __init__(self, system: System, stack: AsyncExitStack) -> None:
        self._system, self._stack = system, stack
        self.on = True

    async def off(self) -> None:
        if self.on:
            self.on = False
            await self._system.fleet["billing"].stop()

    async def back(self) -> None:
        """As soon as it is reached through the mesh."""
        if not self.on:
            settings = Settings.of("billing", self._system.environment)
            self._system.fleet["billing"] = await self._stack.enter_async_context(open_app(settings))
            self.on = True
        await eventually(self._answers, bool)

    async def _answers(self) -> bool:
        try:
            await BillingServiceStub(self._system.edge).ListPlans(pb.ListPlansRequest())
        except grpc.RpcError:
            return False
        return True


@pytest.fixture(scope="session")
async def _switch(system: System) -> AsyncIterator[Switch]:
    async with AsyncExitStack() as stack:
        yield Switch(system, stack)


@pytest.fixture
async def billing_switch(_switch: Switch) -> AsyncIterator[Switch]:
    """On again after the test."""
    yield _switch
    await _switch.back()


@pytest.fixture
async def silent(system: System) -> AsyncIterator[System]:
    """No webhook comes: what is known is what was asked for."""
    system.stripe.set_faults(Faults(lost=1.0))
    yield system
    system.stripe.set_faults(Faults())


@pytest.fixture
async def process(silent: System) -> AsyncIterator[Process]:
    async with a_process(silent) as found:
        yield found

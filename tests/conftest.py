"""One system for all tests that need one."""

from collections.abc import AsyncIterator

import pytest
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.harness import System, running_system
from tests.reasons import only_listed_reasons


@pytest.fixture(scope="session")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    with only_listed_reasons():
        async with running_system(tmp_path_factory.mktemp("system")) as found:
            yield found


@pytest.fixture
async def clean(system: System) -> AsyncIterator[None]:
    """Nothing is there before the test, nothing stays after it."""
    await system.clean()
    yield
    await system.clean()


# Each service itself, as the gateway reaches it.


@pytest.fixture
def user(system: System) -> UserServiceStub:
    return UserServiceStub(system.direct("user"))


@pytest.fixture
def careerforge(system: System) -> CareerForgeServiceStub:
    return CareerForgeServiceStub(system.direct("careerforge"))


@pytest.fixture
def talenthub(system: System) -> TalentHubServiceStub:
    return TalentHubServiceStub(system.direct("talenthub"))


@pytest.fixture
def matching(system: System) -> MatchingServiceStub:
    return MatchingServiceStub(system.direct("matching"))


@pytest.fixture
def billing(system: System) -> BillingServiceStub:
    return BillingServiceStub(system.direct("billing"))

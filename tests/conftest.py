"""One system for all tests that need one, and which tests begin."""

import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.harness import System, running_system
from tests.reasons import only_listed_reasons

HERE = Path(__file__).parent
# A machine that stands still for a moment says nothing of what it tests.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# They take longest: begun last, one of them would keep one worker busy when the others have nothing left to do.
FIRST = (
    "matrix/test_matrix.py",
    "e2e/test_stack_commands.py",
    "stack/test_up.py",
    "contracts/test_check.py",
    "user/test_erasing.py",
    "user/test_tampering.py",
    "user/test_privacy.py",
    "fuzz/test_fuzz.py",
    "e2e/test_programs.py",
    "browser/test_account.py",
    "kit/test_door_away.py",
    "talenthub/test_applications.py",
    "talenthub/test_duplicates.py",
    "talenthub/test_shown_rankings.py",
    "matching/test_ranking.py",
    "e2e/test_bad_input.py",
    "billing/test_reconciling.py",
    "careerforge/test_documents.py",
    "careerforge/test_entries.py",
    "careerforge/test_networking.py",
)


def pytest_configure() -> None:
    """What is loaded stays loaded: looking through it for garbage again and again takes a tenth of all tests' time."""
    gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {HERE / name: number for number, name in enumerate(FIRST)}
    assert all(path.is_file() for path in place), "FIRST names a file that is not there"
    items.sort(key=lambda item: place.get(item.path, len(FIRST)))


@pytest.fixture(scope="session")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    with only_listed_reasons():
        async with running_system(tmp_path_factory.mktemp("system")) as found:
            gc.freeze()
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

"""What people tell of themselves: theirs alone, and out of every scorer's reach."""

import dataclasses
import typing
from uuid import UUID

import asyncpg
import pytest
from google.protobuf.descriptor import Descriptor
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge_pb
from skillsync.matching.v1 import matching_service_pb2 as matching_pb
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.fairness_pb2 import SelfIdentification
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from gateway.contract import SERVICES
from services.ai import codec
from services.ai.credentials import EducationLevel
from services.ai.matching import CandidateFeatures, PositionFeatures, Reason
from services.kit.privacy import Holding
from services.kit.settings import Settings
from services.matching.tables import Candidate
from services.talenthub.privacy import HOLDINGS
from tests.builders import a_job_seeker, a_recruiter
from tests.harness import System
from tests.refusals import refused

TELLING = {"sex", "gender", "race", "ethnicity", "self_identification"}


async def test_each_tells_changes_and_takes_back_their_own(system: System, talenthub: TalentHubServiceStub) -> None:
    one, other = await a_job_seeker(system), await a_job_seeker(system)
    told = SelfIdentification(sex="female", race="two_or_more")
    get, nothing = pb.GetSelfIdentificationRequest(), SelfIdentification()
    assert await talenthub.GetSelfIdentification(get, metadata=one.metadata) == nothing
    for new in (told, SelfIdentification(race="asian")):
        await talenthub.SetSelfIdentification(
            pb.SetSelfIdentificationRequest(self_identification=new), metadata=one.metadata
        )
        assert await talenthub.GetSelfIdentification(get, metadata=one.metadata) == new
    assert await talenthub.GetSelfIdentification(get, metadata=other.metadata) == nothing
    empty = pb.SetSelfIdentificationRequest(self_identification=nothing)
    await talenthub.SetSelfIdentification(empty, metadata=one.metadata)
    assert not await system.count("talenthub.self_identifications", "account_id = $1", UUID(one.id))
    with refused("INVALID_ARGUMENT"):
        odd = pb.SetSelfIdentificationRequest(self_identification=SelfIdentification(sex="other"))
        await talenthub.SetSelfIdentification(odd, metadata=one.metadata)
    with refused("PERMISSION_DENIED"):
        await talenthub.GetSelfIdentification(get, metadata=(await a_recruiter(system)).metadata)


async def as_role(system: System, service: str, tenant: str) -> asyncpg.Connection:
    url = Settings.of(service, system.environment).database_url.get_secret_value()
    return await asyncpg.connect(url.replace("+asyncpg", ""), server_settings={"skillsync.tenant": tenant})


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "talenthub"])
async def test_no_other_service_can_read_it_even_as_everyone(system: System, service: str) -> None:
    connection = await as_role(system, service, "everyone")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select * from talenthub.self_identifications")
    finally:
        await connection.close()
    may = "has_table_privilege($1, 'talenthub.self_identifications', 'select, insert, update, delete')"
    assert not await system.database.fetchval(f"select {may}", service)


async def test_a_recruiters_transaction_sees_no_row_and_each_person_their_own(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    seeker, recruiter = await a_job_seeker(system), await a_recruiter(system)
    request = pb.SetSelfIdentificationRequest(self_identification=SelfIdentification(sex="male"))
    await talenthub.SetSelfIdentification(request, metadata=seeker.metadata)
    for tenant, seen in ((recruiter.id, 0), ("", 0), (seeker.id, 1)):
        connection = await as_role(system, "talenthub", tenant)
        assert await connection.fetchval("select count(*) from talenthub.self_identifications") == seen
        await connection.close()


def test_it_is_kept_for_its_person_alone_and_erased_with_them() -> None:
    assert Holding("talenthub.self_identifications", "account_id = :account") in HOLDINGS


def fields_of(kind: type, seen: set[type]) -> set[str]:
    """Names of all fields that a frozen feature can hold, at any depth."""
    if not dataclasses.is_dataclass(kind) or kind in seen:
        return {name for part in typing.get_args(kind) if isinstance(part, type) for name in fields_of(part, seen)}
    seen.add(kind)
    hints = typing.get_type_hints(kind)
    names = {field.name for field in dataclasses.fields(kind)}
    for hint in hints.values():
        for part in (hint, *typing.get_args(hint)):
            names |= fields_of(part, seen)
    return names


@pytest.mark.parametrize("kind", [CandidateFeatures, PositionFeatures, Reason])
def test_no_scorers_type_can_hold_it(kind: type) -> None:
    names = fields_of(kind, set())
    assert "label" in names
    assert not TELLING & names
    # And what has no place is not taken in by the way either.
    assert "__dict__" not in dir(kind)


def test_what_is_read_with_it_has_lost_it_and_nothing_takes_it_later() -> None:
    bare = CandidateFeatures((), (), next(iter(EducationLevel)), None, (), ())
    read = codec.from_json(CandidateFeatures, {**codec.to_json(bare), "sex": "female", "race": "asian"})
    assert read == bare
    assert "female" not in repr(read)
    with pytest.raises(TypeError):
        CandidateFeatures((), (), next(iter(EducationLevel)), None, (), (), sex="female")  # type: ignore[call-arg]
    for name in ("sex", "race"):
        with pytest.raises((AttributeError, TypeError)):
            object.__setattr__(read, name, "female")


def test_no_table_of_matching_has_a_column_for_it() -> None:
    names = {column.name for table in Candidate.metadata.tables.values() for column in table.columns}
    assert "features" in names
    assert not TELLING & names


def reachable(message: Descriptor, seen: set[str]) -> set[str]:
    if message.full_name not in seen:
        seen.add(message.full_name)
        for field in message.fields:
            if field.message_type:
                reachable(field.message_type, seen)
    return seen


def test_no_message_that_goes_to_or_from_matching_can_carry_it() -> None:
    own = matching_pb.DESCRIPTOR.services_by_name["MatchingService"].methods
    followed = [
        method
        for service in (
            pb.DESCRIPTOR.services_by_name["TalentHubService"],
            careerforge_pb.DESCRIPTOR.services_by_name["CareerForgeService"],
        )
        for method in service.methods
        if method.name in ("WatchHiring", "WatchCandidates")
    ]
    assert len(followed) == 2
    seen: set[str] = set()
    for method in (*own, *followed):
        for message in (method.input_type, method.output_type):
            reachable(message, seen)
    assert "skillsync.matching.v1.Match" in seen
    assert SelfIdentification.DESCRIPTOR.full_name not in seen

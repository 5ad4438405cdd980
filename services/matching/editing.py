"""What a recruiter makes of a position: its requirements and the weights of its factors. Each edit has the position ranked anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from services.ai import codec
from services.ai.matching import (
    BadWeights,
    Origin,
    PositionFeatures,
    Requirement,
    Weights,
    default_weights,
    scaled,
)
from services.ai.matching.edits import Edits, edited, subject
from services.ai.skills import Ontology
from services.kit import jobs, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request, uuid7
from services.kit.errors import InvalidArgument, NotFound
from services.matching import queries, tables
from services.matching.projection import RANK_POSITION
from services.matching.requirement_rules import checked, require_new
from services.matching.tables import Position, RequirementEdit
from services.matching.versions import keep_former, version_of

Values = Mapping[str, Any]
"""Fields of a Requirement."""

_NAMESPACE = UUID("7d0c6a1f-5a0b-5c55-9a43-0f6a1f0e9c21")


async def edits_of(session: ReadSession, position_id: UUID) -> Edits:
    rows = await queries.edits_of(session, position_id)
    return {r.requirement_id: codec.from_json(Requirement, r.requirement) if r.requirement else None for r in rows}


async def list_requirements(session: ReadSession, position: Position) -> tuple[Requirement, ...]:
    """As they are with all edits, though the position may not have been ranked with them yet. Before it was read, only what was added."""
    read = codec.from_json(PositionFeatures, position.features).requirements if position.features else ()
    return edited(read, await edits_of(session, position.id))


async def create_requirement(
    session: WriteSession,
    caller: Caller,
    position_id: UUID,
    values: Values,
    request_id: UUID | None,
    ontology: Callable[[], Ontology],
) -> Requirement:
    """The same `request_id` again: the requirement that it made, as it is now."""
    if request_id:
        await lock_request(session, request_id)
    position = await _lock(session, caller, position_id)
    key = str(uuid5(_NAMESPACE, f"{position_id}/{request_id}") if request_id else uuid7())
    edits = await edits_of(session, position_id)
    present = await list_requirements(session, position)
    if key in edits:
        return _found(present, key)
    if "kind" not in values:
        raise InvalidArgument("requirement.kind", "is required; say what it is about")
    new = Requirement(**{"label": "", "must": False, **values, "id": key, "span": None, "origin": Origin.RECRUITER})
    new = checked(new, ontology())
    require_new(new, present)
    await _put(session, position, caller, key, new)
    return new


async def update_requirement(
    session: WriteSession,
    caller: Caller,
    position_id: UUID,
    requirement_id: str,
    values: Values,
    ontology: Callable[[], Ontology],
) -> Requirement:
    """Repeating it has no further effect."""
    position = await _lock(session, caller, position_id)
    present = await list_requirements(session, position)
    old = _found(present, requirement_id)
    new = checked(_changed(old, values), ontology())
    if subject(new) != subject(old):
        require_new(new, [one for one in present if one.id != requirement_id])
    if replace(old, origin=Origin.RECRUITER, kin=()) == new:
        return old
    await _put(session, position, caller, requirement_id, replace(new, span=None))
    return new


async def delete_requirement(session: WriteSession, caller: Caller, position_id: UUID, requirement_id: str) -> None:
    position = await _lock(session, caller, position_id)
    _found(await list_requirements(session, position), requirement_id)
    await _put(session, position, caller, requirement_id, None)


def weights(position: Position) -> Weights:
    return scaled(position.weights) if position.weights else default_weights()


async def update_weights(
    session: WriteSession, caller: Caller, position_id: UUID, given: Mapping[str, float]
) -> Weights:
    """Repeating it has no further effect. Raises InvalidArgument naming the weight that cannot be."""
    try:
        new = scaled(given)
    except BadWeights as error:
        field = f"weights[{error.factor}]" if error.factor else "weights"
        raise InvalidArgument(field, error.why) from error
    position = await _lock(session, caller, position_id)
    if position.weights != dict(given):
        # What was scored with the old ones can still be computed again; what is being scored with them now is not stored any more.
        await keep_former(session, position_id, position.version, position.features, position.weights)
        position.weights = dict(given)
        if position.features:
            position.version = version_of(position.features, position.weights)
        await _rank_anew(session, position_id)
    return new


async def _lock(session: WriteSession, caller: Caller, position_id: UUID) -> Position:
    """Edits of a position come one after another, and none while a worker stores what it read.

    Raises NotFound for another organization's position, PermissionDenied for who may not change this one.
    """
    position, role = await queries.find_own_position(session, caller.account(), position_id)
    if position is None or role is None:
        raise NotFound("position", str(position_id))
    membership.require(role, membership.MANAGE_POSITIONS)
    await session.refresh(position, with_for_update=True)
    return position


def _found(present: tuple[Requirement, ...], requirement_id: str) -> Requirement:
    for one in present:
        if one.id == requirement_id:
            return one
    raise NotFound("requirement", requirement_id)


def _changed(old: Requirement, values: Values) -> Requirement:
    """Of another kind nothing of before is left but how much it counts; a label that was not written names what is asked for now."""
    kind = values.get("kind", old.kind)
    blank = Requirement(old.id, kind, "", old.must, None, strict=old.strict, origin=Origin.RECRUITER)
    base = replace(old, origin=Origin.RECRUITER, kin=()) if kind is old.kind else blank
    new = replace(base, **values)
    same = subject(new) == subject(old) and (new.level, new.years, new.pay) == (old.level, old.years, old.pay)
    label = values.get("label", old.label if same else "")
    return replace(new, label=label, span=old.span if same else None)


async def _put(
    session: WriteSession, position: Position, caller: Caller, requirement_id: str, requirement: Requirement | None
) -> None:
    stored = codec.to_json(requirement)
    row = {"requirement": stored, "actor_id": caller.account()}
    key = {"position_id": position.id, "requirement_id": requirement_id}
    statement = insert(RequirementEdit).values(key | row)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_=row | {"update_time": statement.excluded.update_time}
        )
    )
    await _rank_anew(session, position.id)


async def _rank_anew(session: WriteSession, position_id: UUID) -> None:
    await jobs.enqueue(session, tables.jobs, RANK_POSITION, {"position_id": str(position_id)})

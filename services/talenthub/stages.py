"""The steps that an application may take, and who may take them. Pure: this is all there is of a pipeline's rules.

Members move active applications to one another's stages, decline them, and bring declined ones back; candidates withdraw, and become hired
by taking an offer. HIRED and WITHDRAWN are ends. HIRED comes after OFFER; where an organization leaves OFFER out, after any active stage.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from services.kit.errors import InvalidArgument, WrongState

ACTIVE = ("APPLIED", "SCREENING", "INTERVIEW", "OFFER")
STAGES = (*ACTIVE, "HIRED", "REJECTED", "WITHDRAWN")
NEVER_LEFT_OUT = frozenset({"APPLIED", "HIRED", "REJECTED", "WITHDRAWN"})
# Of accounts that were erased: nobody acts by it.
NOBODY = UUID(int=0)


class Side(Enum):
    MEMBER = "member"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who takes a step. There is no other kind: a step that a program takes of itself cannot be written down."""

    account_id: UUID
    side: Side

    def __post_init__(self) -> None:
        if not isinstance(self.account_id, UUID) or self.account_id == NOBODY:
            raise ValueError("a step is taken by a human account")


@dataclass(frozen=True, slots=True)
class Step:
    """Raises WrongState where there is no such step for the actor, InvalidArgument (`reason`) where it needs a reason and has none.

    `used`: the stages that the organization uses.
    """

    from_stage: str
    to_stage: str
    actor: Actor
    reason: str = ""
    used: Collection[str] = STAGES

    def __post_init__(self) -> None:
        needed = _sources(self.to_stage, self.actor.side, self.used)
        if self.from_stage not in needed:
            raise WrongState("application", self.from_stage, " or ".join(needed) or "a stage with such a step")
        if "REJECTED" in (self.from_stage, self.to_stage) and not says_something(self.reason):
            raise InvalidArgument("reason", "is needed to decline a person, and to take that back; say why")


def used_stages(settings: Collection[Mapping[str, str]]) -> tuple[str, ...]:
    """Of an organization's settings (`stage`, `display_name`), in order of the pipeline; none means all."""
    named = {setting["stage"] for setting in settings} | NEVER_LEFT_OUT
    return tuple(stage for stage in STAGES if not settings or stage in named)


def says_something(reason: str) -> bool:
    """A letter or a digit at least: blanks and marks give no reason."""
    return any(character.isalnum() for character in reason)


def _sources(to_stage: str, side: Side, used: Collection[str]) -> tuple[str, ...]:
    """The stages that lead to a stage. Leaving one that the organization does not use any more is possible, entering it is not."""
    before_hired = ("OFFER",) if "OFFER" in used else ACTIVE
    if side is Side.CANDIDATE:
        return {"WITHDRAWN": ACTIVE, "HIRED": ("OFFER",)}.get(to_stage, ())
    if to_stage in ACTIVE and to_stage in used:
        return (*(stage for stage in ACTIVE if stage != to_stage), "REJECTED")
    return {"HIRED": before_hired, "REJECTED": ACTIVE}.get(to_stage, ())

"""A position's row → what it asks for: from its text, from its fields, and as its recruiters changed it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from google.protobuf.json_format import ParseDict
from skillsync.type.v1.money_pb2 import PayRange

from services.ai.embedding import Encoder
from services.ai.matching import (
    Origin,
    Passage,
    Pay,
    Place,
    PositionFeatures,
    Requirement,
    RequirementKind,
    find_requirements,
    with_kin,
)
from services.ai.matching.edits import Edits, edited
from services.ai.matching.passages import position_passages
from services.ai.skills import Ontology, SkillLinker
from services.matching import features
from services.matching.tables import Position

_NAMESPACE = UUID("2f6a2c1e-3c9d-5b53-8d0a-6a4f0f4b7f10")


@dataclass(frozen=True)
class Reader:
    """Reads positions. Loads the ontology when first used."""

    encoder: Encoder
    linker: Callable[[], SkillLinker]
    ontology: Callable[[], Ontology]

    def read(self, position: Position, edits: Edits) -> PositionFeatures:
        """Without vectors of title and passages."""
        text = position.description
        read = _with_fields(find_requirements(text, self.linker(), position.title), position)
        asked = tuple(with_kin(one, self.ontology()) for one in edited(read, edits))
        return PositionFeatures(
            requirements=asked,
            vector=self.encoder.encode(f"{position.title}\n{text}"),
            title=position.title,
            passages=tuple(Passage(span, b"") for span in position_passages(text)),
        )


def _with_fields(read: tuple[Requirement, ...], position: Position) -> tuple[Requirement, ...]:
    """What a field says wins over what was read of its kind in the text."""
    stated = {one.kind: one for one in _fields(position)}
    return (*(one for one in read if one.kind not in stated), *stated.values())


def _fields(position: Position) -> Iterator[Requirement]:
    if position.city or position.country:
        place = Place(position.city, position.region, position.country)
        yield _stated(RequirementKind.PLACE, ", ".join(filter(None, (place.city, place.country))), place=place)
    if position.work_mode:
        yield _stated(RequirementKind.WORK_MODE, position.work_mode.lower(), level=position.work_mode)
    if position.seniority:
        yield _stated(RequirementKind.SENIORITY, f"{position.seniority.lower()} level", level=position.seniority)
    if position.pay and (pay := _pay(position.pay)):
        yield _stated(RequirementKind.PAY, "pay", pay=pay)


def _pay(stored: Mapping[str, Any]) -> Pay | None:
    return features.pay(ParseDict(dict(stored), PayRange()))


def _stated(kind: RequirementKind, label: str, **more: Any) -> Requirement:
    """`more` are the fields of its kind."""
    key = str(uuid5(_NAMESPACE, kind.value))
    return Requirement(key, kind, label, True, None, origin=Origin.POSITION, **more)

"""Requirements as their recruiters changed them."""

from collections.abc import Mapping

from services.ai.matching.features import Requirement

Edits = Mapping[str, Requirement | None]


def edited(read: tuple[Requirement, ...], edits: Edits) -> tuple[Requirement, ...]:
    kept = tuple(edits.get(one.id, one) for one in read)
    known = {one.id for one in read}
    return (*(one for one in kept if one), *(one for key, one in edits.items() if one and key not in known))

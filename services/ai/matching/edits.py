"""What recruiters made of a position's requirements: it wins over every reading of the text."""

from collections.abc import Mapping
from dataclasses import replace

from services.ai.matching.features import Place, Requirement, RequirementKind

Edits = Mapping[str, Requirement | None]
"""By id of the requirement, in the order in which they were made first; None for what was removed, and stays so."""

Subject = tuple[RequirementKind, str, str, str, Place | None]


def edited(read: tuple[Requirement, ...], edits: Edits) -> tuple[Requirement, ...]:
    """Changed ones stand where they were read, added ones at the end; what was added is asked for once, though the text says it too.

    Characters are those that were read just now: an edit outlives the text it was made on. Editing again changes nothing.
    """
    spans = {subject(one): one.span for one in reversed(read)}
    said = {subject(one) for one in edits.values() if one}
    kept = [edits.get(one.id, one) for one in read if one.id in edits or subject(one) not in said]
    places = {one.id for one in read}
    added = [one for key, one in edits.items() if key not in places]
    return tuple(replace(one, span=spans.get(subject(one))) for one in (*kept, *added) if one)


def subject(requirement: Requirement) -> Subject:
    """What a requirement is about: two with the same ask for the same, if not as much of it."""
    if requirement.kind is RequirementKind.DEGREE:
        return requirement.kind, "", "", requirement.level, None
    return requirement.kind, requirement.skill_id, requirement.name, "", requirement.place

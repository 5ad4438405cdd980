"""Ids in messages."""

from uuid import UUID


def optional_id(value: str) -> UUID | None:
    """None for an empty field."""
    return UUID(value) if value else None

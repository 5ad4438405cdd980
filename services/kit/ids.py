"""Ids in messages."""

from uuid import UUID


def optional_id(value: str) -> UUID | None:
    """None for an empty field."""
    return UUID(value) if value else None


def made_at(id: UUID) -> float:
    """When a UUID of version 7 was made, in seconds since 1970; 0 for any other."""
    return (id.int >> 80) / 1000 if id.version == 7 else 0.0

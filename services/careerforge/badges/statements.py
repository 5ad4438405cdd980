"""What both standards say in nearly the same words: to whom, and for how long."""

import hashlib
import hmac
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from services.careerforge.badges.verdict import BadgeRefused

# Clocks of issuers.
LEEWAY = timedelta(minutes=5)
MOST_NAME = 256


def listed(value: Any) -> list[Any]:
    """JSON-LD leaves out the list around a single value."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def require_type(found: dict[str, Any], *names: str) -> None:
    """Raises BadgeRefused (MALFORMED)."""
    if not set(names) & {one for one in listed(found.get("type")) if isinstance(one, str)}:
        raise BadgeRefused("MALFORMED", f"it is no {names[0]}")


def revoked_in(found: dict[str, Any], *names: str) -> list[Any]:
    """Entries of a list of what was taken back, which stands under one of these names. Raises BadgeRefused (UNCHECKABLE) for what is none:
    a list that cannot be read revokes everything.
    """
    entries = next((found[name] for name in names if name in found), None)
    if not isinstance(entries, list) or not all(isinstance(entry, str | dict) for entry in entries):
        raise BadgeRefused("UNCHECKABLE", "the list of what its issuer took back cannot be read")
    return entries


def is_about(email: str, identity: object, salt: object) -> bool:
    """Whether a plain or a hashed address (`sha256$…`) is this one, in small letters."""
    if not isinstance(identity, str) or not isinstance(salt, str | None):
        return False
    if "$" not in identity:
        return identity.strip().lower() == email
    kind, _, told = identity.partition("$")
    hashed = hashlib.sha256((email + (salt or "")).encode()).hexdigest()
    return kind == "sha256" and hmac.compare_digest(hashed.encode(), told.lower().encode())


def moment(value: object) -> datetime | None:
    """ISO 8601, UTC where it does not say. Raises BadgeRefused (MALFORMED)."""
    if value is None:
        return None
    try:
        if not isinstance(value, str):
            raise ValueError
        found = datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        raise BadgeRefused("MALFORMED", "it has a date that is none") from None


def seconds(value: object) -> datetime | None:
    """As JSON Web Tokens count. Raises BadgeRefused (MALFORMED)."""
    if value is None:
        return None
    try:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadgeRefused("MALFORMED", "it has a date that is none") from None


def require_time(begins: Collection[datetime | None], ends: Collection[datetime | None], now: datetime) -> None:
    """Raises BadgeRefused: NOT_YET_VALID, EXPIRED."""
    if any(begin and begin > now + LEEWAY for begin in begins):
        raise BadgeRefused("NOT_YET_VALID", "its time has not begun")
    if any(end and end <= now for end in ends):
        raise BadgeRefused("EXPIRED", "its time is over")


def name_of(found: dict[str, Any], what: str) -> str:
    """Raises BadgeRefused (MALFORMED) for what has none."""
    name = " ".join(found["name"].split()) if isinstance(found.get("name"), str) else ""
    if not name or len(name) > MOST_NAME:
        raise BadgeRefused("MALFORMED", f"its {what} has no name, or a very long one")
    return name

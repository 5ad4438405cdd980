"""What comes of checking a badge."""

from dataclasses import dataclass
from datetime import datetime

from services.kit.errors import DomainError


class BadgeRefused(DomainError):
    """It proves nothing. `fault` is one of those that the contract names for BADGE_REFUSED; `why` is for people."""

    reason = "BADGE_REFUSED"

    def __init__(self, fault: str, why: str) -> None:
        super().__init__(f"the badge is refused: {why}", fault=fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Badge:
    """One that holds: issued by `issuer_id` to whom it says, valid now, not revoked."""

    name: str
    issuer_name: str
    issuer_id: str
    badge_id: str
    issue_time: datetime | None
    expire_time: datetime | None

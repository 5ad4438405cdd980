"""How many people an organization may have: as many as the best plan of its admins has seats."""

import sys
from dataclasses import dataclass
from uuid import UUID

from services.kit.db import EVERYONE, Database
from services.kit.entitlements import Entitlements
from services.kit.errors import QuotaExceeded
from services.talenthub import invitation_queries, queries

# More than there will ever be people.
UNLIMITED = sys.maxsize


@dataclass(frozen=True)
class Seats:
    db: Database
    entitlements: Entitlements

    async def of(self, organization_id: UUID) -> int:
        """0 for an organization that is not there; of a plan without limit, UNLIMITED. Raises Unavailable."""
        async with self.db.read(EVERYONE) as session:
            admins = await queries.list_admins(session, organization_id)
        return max([(await self.entitlements.of(admin)).seats or UNLIMITED for admin in admins], default=0)

    async def of_invitation(self, invitation_id: UUID) -> int:
        async with self.db.read(EVERYONE) as session:
            invitation = await invitation_queries.find_invitation(session, invitation_id)
        return await self.of(invitation.organization_id) if invitation else 0


def require(taken: int, seats: int) -> None:
    """For one more. Raises QuotaExceeded."""
    if taken >= seats:
        raise QuotaExceeded("seats", str(seats))

"""What talenthub holds about a person."""

from uuid import UUID

from services.kit import changes
from services.kit.db import Database, WriteSession
from services.kit.privacy import Holding, UserData
from services.talenthub import organizations, positions, queries, tables

# An organization that nobody else belongs to goes with the person, and its positions with it: nobody could ever reach them again.
ALONE = (
    "select organization_id from talenthub.members where remove_time is null"
    " group by organization_id having bool_and(account_id = :account)"
)
BELONGS = "select organization_id from talenthub.members where account_id = :account"

HOLDINGS = (
    Holding("talenthub.applications", "candidate_id = :account"),
    Holding("talenthub.user_talenthub", "id = :account"),
    Holding("talenthub.positions", f"organization_id in ({ALONE})"),
    Holding("talenthub.organizations", f"id in ({BELONGS})", erased=f"id in ({ALONE})"),
    Holding("talenthub.members", "account_id = :account"),
)


async def _before(session: WriteSession, account_id: UUID) -> None:
    for position in await queries.positions_of_alone(session, account_id):
        await changes.record(session, tables.changes, positions.KIND, position.id, position.organization_id)
    await queries.forget_alone(session, account_id)
    for member in await queries.heirs(session, account_id):
        member.role = organizations.ADMIN
        await changes.record(session, tables.changes, organizations.KIND, member.id, member.organization_id)
    await session.flush()


def user_data(db: Database) -> UserData:
    return UserData(db, HOLDINGS, _before)

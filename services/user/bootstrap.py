"""What an operator does at the machine, before anybody has the role to do it over the API."""

from services.kit.db import EVERYONE, Database, insert_missing
from services.kit.settings import Settings
from services.user import queries
from services.user.tables import AccountRole


async def grant(settings: Settings, email: str, role: str) -> bool:
    """Gives a role to the account with this address; False when there is none."""
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db, db.write() as session:
        account = await queries.find_account_by_email(session, email.strip().lower())
        if account:
            await insert_missing(session, AccountRole, account_id=account.id, role=role)
        return account is not None

"""What an operator does at the machine, and nobody over the API."""

from services.kit.blobs import Blobs
from services.kit.db import EVERYONE, Database, insert_missing
from services.kit.settings import Settings
from services.user import activity_checkpoints, queries
from services.user.tables import AccountRole


async def grant(settings: Settings, email: str, role: str) -> bool:
    """Gives a role to the account with this address; False when there is none."""
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db, db.write() as session:
        account = await queries.find_account_by_email(session, email.strip().lower())
        if account:
            await insert_missing(session, AccountRole, account_id=account.id, role=role)
        return account is not None


async def sign_log_anew(settings: Settings, because: str) -> int:
    """Returns the line of the activity log that is signed now."""
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db:
        seal_key = settings.seal_key.get_secret_value()
        return await activity_checkpoints.sign_anew(db, Blobs.open(settings), seal_key, because)

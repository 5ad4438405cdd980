"""What billing holds about a person."""

from uuid import UUID

from services.billing import queries
from services.billing.payments import Payments
from services.kit.db import Database, WriteSession
from services.kit.privacy import Holding, UserData

MINE = "user_id = :account"

HOLDINGS = tuple(
    Holding(f"billing.{table}", MINE)
    for table in ("reservations", "ledger", "feature_usage", "checkouts", "stripe_events", "invoices", "subscriptions")
)

# Tables with nothing about a person, and why.
NOBODYS = {"reconciliations": "until when Stripe's events were read"}


def user_data(db: Database, payments: Payments) -> UserData:
    async def forget(session: WriteSession, account_id: UUID) -> None:
        """Nobody goes on paying for an account that is gone. Again: nothing. Rows are locked as whoever else changes them does."""
        row = await queries.find_subscription(session, account_id, lock=True)
        await queries.find_usage(session, account_id, lock=True)
        if row and row.stripe_customer_id and payments.ready:
            await payments.forget(row.stripe_customer_id)

    return UserData(db, HOLDINGS, forget)

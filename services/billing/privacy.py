"""What billing holds about a person."""

from services.kit.db import Database
from services.kit.privacy import Holding, UserData

MINE = "user_id = :account"

HOLDINGS = tuple(
    Holding(f"billing.{table}", MINE) for table in ("reservations", "ledger", "feature_usage", "subscriptions")
)


def user_data(db: Database) -> UserData:
    return UserData(db, HOLDINGS)

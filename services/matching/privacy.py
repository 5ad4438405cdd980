"""What matching holds about a person: copies, and what was computed from them."""

from services.kit.db import Database
from services.kit.privacy import Holding, UserData
from services.matching.projection import remove_candidate

HOLDINGS = (
    Holding("matching.jobs", "payload->>'candidate_id' = :name", exported=False),
    Holding("matching.matches", "candidate_id = :account"),
    Holding("matching.candidate_vectors", "candidate_id = :account"),
    Holding("matching.candidates", "id = :account"),
    Holding("matching.members", "account_id = :account"),
)

# Tables with nothing about a person.
NOBODYS = {"positions": "what organizations offer"}


def user_data(db: Database) -> UserData:
    """Watchers of rankings are told who left."""
    return UserData(db, HOLDINGS, remove_candidate)

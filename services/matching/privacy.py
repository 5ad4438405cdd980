"""What matching holds about a person: copies, and what was computed from them."""

from uuid import UUID

from sqlalchemy import update

from services.kit.db import Database, WriteSession
from services.kit.privacy import Holding, UserData
from services.matching.auditing import FORGOTTEN, forget_candidate, forget_viewer
from services.matching.projection import remove_candidate
from services.matching.retrieval.filters import CandidateFilter
from services.matching.search.index import SearchIndex
from services.matching.tables import RequirementEdit

HOLDINGS = (
    Holding("matching.jobs", "payload->>'candidate_id' = :name", exported=False),
    Holding("matching.feedback", "candidate_id = :account or actor_id = :account"),
    Holding("matching.audit_records", "viewer_id = :account", secret=("hash",), erased=""),
    Holding("matching.shown_rows", "candidate_id = :account", secret=("hash", "sheet"), erased=""),
    Holding("matching.requirement_edits", "actor_id = :account", erased=""),
    Holding("matching.embeddings", "owner_id = :account", exported=False),
    Holding("matching.former_inputs", "owner_id = :account"),
    Holding("matching.ranking_changes", "ranking_id = :account or item_id = :account", exported=False),
    Holding("matching.rankings", "id = :account"),
    Holding("matching.matches", "candidate_id = :account"),
    Holding("matching.candidate_vectors", "candidate_id = :account"),
    Holding("matching.candidate_texts", "candidate_id = :account"),
    Holding("matching.candidates", "id = :account"),
    Holding("matching.members", "account_id = :account"),
)

# Tables with nothing about a person.
NOBODYS = {
    "positions": "what organizations offer",
    "position_vectors": "what organizations offer",
    "position_texts": "what organizations offer",
    "skill_counts": "how many have a skill",
    "words": "single words without whose they are; those that nobody else uses go with the person",
}


def user_data(db: Database, index: SearchIndex[CandidateFilter]) -> UserData:
    """Watchers of rankings are told who left. What a recruiter was shown, and made of a position, stays without their name."""

    async def before(session: WriteSession, account_id: UUID) -> None:
        await remove_candidate(session, account_id, index)
        await forget_viewer(session, account_id)
        await forget_candidate(session, account_id)
        by_them = update(RequirementEdit).where(RequirementEdit.actor_id == account_id)
        await session.execute(by_them.values(actor_id=FORGOTTEN))

    return UserData(db, HOLDINGS, before)

"""What careerforge holds about a person."""

from uuid import UUID

from services.careerforge import profiles, queries, tables
from services.kit import changes
from services.kit.blobs import Blobs
from services.kit.db import Database, WriteSession
from services.kit.privacy import Files, Holding, UserData

MINE = "user_id = :account"
BETWEEN = "first_id = :account or second_id = :account"

# First the jobs: a worker that is at one finds it gone, and stores nothing.
HOLDINGS = (
    Holding(
        "careerforge.jobs",
        "payload->>'user_id' = :name or payload->>'blob_key' like '%/' || :name || '/%' or payload->>'operation_id' in"
        " (select id::text from careerforge.resume_analyses where user_id = :account)",
        exported=False,
    ),
    Holding("careerforge.resume_analyses", MINE),
    Holding("careerforge.resumes", MINE, secret=("blob_key",)),
    Holding("careerforge.resume_uploads", MINE),
    Holding("careerforge.documents", MINE, secret=("blob_key",)),
    Holding("careerforge.experiences", MINE),
    Holding("careerforge.educations", MINE),
    Holding("careerforge.profile_skills", MINE),
    Holding("careerforge.profile_languages", MINE),
    Holding("careerforge.profile_imports", MINE),
    # What the person removed is shown to nobody any more.
    Holding("careerforge.removed_entries", MINE, exported=False),
    Holding("careerforge.cover_letter_versions", MINE),
    Holding("careerforge.cover_letters", MINE),
    # Which questions they were, and which answers were right, would give the bank away.
    Holding("careerforge.assessment_answers", MINE, secret=("item_id", "correct")),
    Holding("careerforge.assessments", MINE),
    # What is between two people goes with either of them, from both; to one of them nothing of the other is handed over.
    Holding(
        "careerforge.introduction_views",
        MINE,
        secret=("introduction_id", "other_id"),
        erased=f"{MINE} or introduction_id in (select id from careerforge.introductions where {BETWEEN})",  # noqa: S608
    ),
    Holding("careerforge.introductions", BETWEEN, exported=False),
    Holding("careerforge.networking_blocks", f"{MINE} or blocked_id = :account", exported=False),
    Holding(
        "careerforge.networking_reports", MINE, secret=("reported_id",), erased=f"{MINE} or reported_id = :account"
    ),
    Holding("careerforge.networking_settings", MINE),
    Holding("careerforge.milestones", MINE, secret=("badge_key",)),
    Holding("careerforge.portfolios", MINE),
    Holding("careerforge.learning_steps", MINE),
    Holding("careerforge.learning_paths", MINE),
    Holding("careerforge.interview_questions", MINE),
    Holding("careerforge.interview_preparations", MINE),
    Holding("careerforge.user_careerforge", "id = :account"),
)

# What nobody has looked at yet is not handed out, to the person neither.
FILES = Files(
    prefixes=("quarantine/{account}/", "uploads/{account}/", "resumes/{account}/", "documents/{account}/"),
    listed="""select filename, blob_key from careerforge.resumes where clean and user_id = :account
              union all select filename, blob_key from careerforge.documents where clean and user_id = :account""",
)


async def _tell(session: WriteSession, account_id: UUID) -> None:
    """The matcher."""
    if await queries.find_profile(session, account_id, for_update=True):
        await changes.record(session, tables.changes, profiles.CANDIDATE, account_id)


def user_data(db: Database, blobs: Blobs) -> UserData:
    return UserData(db, HOLDINGS, _tell, blobs, FILES)

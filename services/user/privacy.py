"""What the user service holds about a person."""

from functools import partial
from uuid import UUID

from services.kit.blobs import Blobs
from services.kit.db import Database, WriteSession
from services.kit.privacy import Files, Holding, UserData
from services.user import activities, mails, queries

MINE = "account_id = :account"
OF_ADDRESS = """email = (select email from "user".base_users where id = :account)"""
REGISTRATIONS = f"""select id from "user".registrations where {OF_ADDRESS}"""  # noqa: S608
EXPORTS = f"""select id::text from "user".data_exports where {MINE}"""  # noqa: S608
SESSIONS = f"""select id from "user".sessions where {MINE}"""  # noqa: S608
DID = "actor_id = :account or target = 'account/' || :name"

HOLDINGS = (
    Holding(
        '"user".jobs',
        f"payload->>'account_id' = :name or payload->>'export_id' in ({EXPORTS})"
        f" or cast(payload->>'registration_id' as uuid) in ({REGISTRATIONS})",
        exported=False,
    ),
    Holding('"user".mailed_codes', f"subject_id = :account or subject_id in ({REGISTRATIONS})", secret=("hash",)),
    Holding('"user".registrations', OF_ADDRESS),
    Holding('"user".refresh_tokens', f"session_id in ({SESSIONS})", secret=("hash",)),
    Holding('"user".sessions', MINE),
    Holding('"user".recovery_codes', MINE, secret=("hash",)),
    Holding('"user".second_factors', MINE, secret=("sealed",)),
    Holding('"user".passwords', MINE, secret=("hash",)),
    Holding('"user".data_exports', MINE),
    Holding('"user".told_notices', MINE),
    Holding('"user".account_roles', MINE),
    Holding('"user".account_platforms', MINE),
    Holding('"user".base_users', "id = :account"),
    # The lines of the log stay, without addresses: `activity.forget`.
    Holding("activity.activities", DID, secret=("hash", "address_hash"), erased=""),
    Holding("activity.addresses", "owner_id = :account", secret=("salt",), erased=""),
)

# Tables with nothing about a person, and why.
NOBODYS = {
    "signing_keys": "the platform's own",
    "sign_in_attempts": "keyed hashes of addresses; those of the person are deleted with them",
    "sent_mails": "keyed hashes of addresses; those of the person are deleted with them",
    "used_grants": "hashes of what was good once, for minutes",
    "erasures": "that somebody was erased; who is known for 11 minutes, until the last sweep",
}


async def _forget(session: WriteSession, account_id: UUID, seal_key: str) -> None:
    """What is found by more than the account's id."""
    if email := await queries.find_email(session, account_id):
        await queries.delete_attempts_at(session, mails.address(seal_key, email))
        await queries.delete_sent_mails(session, mails.address(seal_key, email))


def user_data(db: Database, blobs: Blobs, seal_key: str) -> UserData:
    files = Files(prefixes=("exports/{account}/",), listed="select '', '' where false")
    return UserData(db, HOLDINGS, partial(_forget, seal_key=seal_key), blobs, files, activities.forget_addresses)

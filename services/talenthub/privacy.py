"""What talenthub holds about a person."""

from uuid import UUID

from sqlalchemy import text

from services.kit import changes
from services.kit.db import Database, WriteSession
from services.kit.privacy import Holding, UserData
from services.talenthub import members, positions, queries, tables

# An organization that nobody else belongs to goes with the person, and its positions with it: nobody could ever reach them again.
ALONE = (
    "select organization_id from talenthub.members where remove_time is null"
    " group by organization_id having bool_and(account_id = :account)"
)
BELONGS = "select organization_id from talenthub.members where account_id = :account"

OF_OWN_APPLICATION = "application_id in (select id from talenthub.applications where candidate_id = :account)"

# What members did to the applications of others stays with these, and nobody knows any more who it was.
HOLDINGS = (
    Holding("talenthub.stage_moves", f"{OF_OWN_APPLICATION} or actor_id = :account", erased=OF_OWN_APPLICATION),
    Holding("talenthub.notes", "author_id = :account", erased=""),
    Holding("talenthub.ratings", "author_id = :account"),
    Holding(
        "talenthub.interviews", f"{OF_OWN_APPLICATION} or :account = any(interviewer_ids)", erased=OF_OWN_APPLICATION
    ),
    Holding("talenthub.offers", OF_OWN_APPLICATION),
    Holding("talenthub.disputes", f"{OF_OWN_APPLICATION} or answerer_id = :account", erased=OF_OWN_APPLICATION),
    Holding("talenthub.decisions", "actor_id = :account", secret=("hash",), erased=""),
    Holding("talenthub.position_versions", "actor_id = :account", erased=""),
    Holding("talenthub.invitations", "account_id = :account or inviter_id = :account", erased="account_id = :account"),
    Holding("talenthub.self_identifications", "account_id = :account"),
    Holding("talenthub.applications", "candidate_id = :account"),
    Holding("talenthub.user_talenthub", "id = :account"),
    Holding("talenthub.positions", f"organization_id in ({ALONE})"),
    Holding("talenthub.position_templates", f"organization_id in ({ALONE})"),
    Holding("talenthub.bias_audits", f"organization_id in ({ALONE})"),
    Holding("talenthub.organizations", f"id in ({BELONGS})", erased=f"id in ({ALONE})"),
    Holding("talenthub.members", "account_id = :account"),
)


# Tables with nothing about a person.
NOBODYS = {
    "domain_codes": "hashes of codes mailed to postmasters",
    "jobs": "ids of invitations and positions",
    "position_skills": "what positions ask for",
}
# Stands for a member whose account was erased.
FORGOTTEN = UUID(int=0)
_FORGET = (
    "update talenthub.stage_moves set actor_id = :nobody where actor_id = :account",
    "update talenthub.notes set author_id = :nobody where author_id = :account",
    "update talenthub.decisions set actor_id = :nobody where actor_id = :account",
    "update talenthub.decisions set reason = '[erased]'"
    " where subject_id in (select id from talenthub.applications where candidate_id = :account)",
    "update talenthub.position_versions set actor_id = :nobody where actor_id = :account",
    "update talenthub.invitations set inviter_id = :nobody where inviter_id = :account",
    "update talenthub.disputes set answerer_id = null where answerer_id = :account",
    "update talenthub.interviews set interviewer_ids = array_remove(interviewer_ids, :account)"
    " where :account = any(interviewer_ids)",
)


async def _before(session: WriteSession, account_id: UUID) -> None:
    for statement in _FORGET:
        values = {"account": account_id, "nobody": FORGOTTEN}
        await session.execute(text(statement), {name: values[name] for name in values if f":{name}" in statement})
    for position in await queries.positions_of_alone(session, account_id):
        await changes.record(session, tables.changes, positions.KIND, position.id, position.organization_id)
    await queries.forget_alone(session, account_id)
    for member in await queries.heirs(session, account_id):
        member.role = members.ADMIN
        await changes.record(session, tables.changes, members.KIND, member.id, member.organization_id)
    await session.flush()


def user_data(db: Database) -> UserData:
    return UserData(db, HOLDINGS, _before)

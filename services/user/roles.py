"""Giving and taking roles. What a role grants stands in the contract."""

from datetime import datetime
from uuid import UUID

from skillsync.type.v1 import access_pb2

from services.kit.auth import Caller
from services.kit.db import WriteSession, insert_missing
from services.kit.errors import WrongState
from services.user import accounts, queries, sessions
from services.user.accounts import AccountView
from services.user.tables import AccountRole

OPS = "ops"


async def grant_role(session: WriteSession, caller: Caller, account_id: UUID, role: str) -> AccountView:
    """It is in the person's tokens from the next refresh on."""
    caller.require(access_pb2.PERMISSION_MANAGE_ROLES)
    await queries.get_account(session, account_id)
    await insert_missing(session, AccountRole, account_id=account_id, role=role)
    return await accounts.get_account(session, account_id)


async def revoke_role(session: WriteSession, caller: Caller, account_id: UUID, role: str, now: datetime) -> AccountView:
    """Ends the person's sessions, so that no token with the role lives on. Raises WrongState for the last one who could give it back."""
    caller.require(access_pb2.PERMISSION_MANAGE_ROLES)
    await queries.get_account(session, account_id)
    if role == OPS and list(await queries.list_with_role(session, OPS)) == [account_id]:
        raise WrongState("account", "the only one with the role ops", "one of several")
    if await queries.delete_role(session, account_id, role):
        await sessions.end_all(session, account_id, now)
    return await accounts.get_account(session, account_id)

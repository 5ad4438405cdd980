"""What people tell of themselves for bias audits: each sees and changes their own row alone, and nothing but an audit reads it."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.talenthub.tables import SelfIdentification


async def find_own(session: ReadSession, caller: Caller) -> SelfIdentification | None:
    return await session.get(SelfIdentification, caller.account())


async def set_own(session: WriteSession, caller: Caller, sex: str, race: str) -> None:
    """Nothing told leaves no row."""
    own = SelfIdentification.account_id == caller.account()
    if not (sex or race):
        await session.execute(delete(SelfIdentification).where(own))
        return
    told = {"sex": sex, "race": race}
    statement = insert(SelfIdentification).values(account_id=caller.account(), **told)
    await session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=told))

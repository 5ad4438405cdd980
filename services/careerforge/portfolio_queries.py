"""Every SELECT of portfolios, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, select

from services.careerforge.entry_pages import TextPage
from services.careerforge.tables import Portfolio, UserCareerForge
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound

# So that negative priorities sort as text.
LEAST_PRIORITY = -1000
SHOWN = ("featured", "public")
MOST_SHOWN = 200


async def get_own_item(session: WriteSession, user_id: UUID, item_id: UUID) -> Portfolio:
    """To be changed. Another person's and a missing one answer alike."""
    statement = select(Portfolio).where(Portfolio.id == item_id, Portfolio.user_id == user_id).with_for_update()
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("portfolio item", str(item_id))
    return row


async def find_item_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> Portfolio | None:
    statement = select(Portfolio).where(Portfolio.user_id == user_id, Portfolio.request_id == request_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def count_items(session: ReadSession, user_id: UUID) -> int:
    statement = select(func.count()).select_from(Portfolio).where(Portfolio.user_id == user_id)
    return (await session.execute(statement)).scalar_one()


async def list_portfolio(session: ReadSession, user_id: UUID, page: TextPage) -> Sequence[tuple[Portfolio, str]]:
    """Highest priority first, of equal ones the newest; with the text that each is ordered by."""
    statement = page.of(select(Portfolio).where(Portfolio.user_id == user_id), _order())
    return [(row, key) for row, key in (await session.execute(statement)).all()]


async def all_items(session: ReadSession, user_id: UUID) -> Sequence[Portfolio]:
    """In the order of the list."""
    statement = select(Portfolio).where(Portfolio.user_id == user_id).order_by(_order().collate("C").desc())
    return (await session.execute(statement)).scalars().all()


async def find_public_profile(session: ReadSession, user_id: UUID) -> tuple[str, str] | None:
    """Display name and headline; None unless the person wants everybody to see them."""
    columns = select(UserCareerForge.display_name, UserCareerForge.headline)
    where = (UserCareerForge.id == user_id, UserCareerForge.visibility == "PUBLIC")
    row = (await session.execute(columns.where(*where))).one_or_none()
    return (row[0], row[1]) if row else None


async def list_shown(session: ReadSession, user_id: UUID) -> Sequence[Portfolio]:
    """What everybody may see: featured first, then as in the portfolio."""
    statement = select(Portfolio).where(Portfolio.user_id == user_id, Portfolio.visibility.in_(SHOWN))
    featured = (Portfolio.visibility == "featured").desc()
    ordered = statement.order_by(featured, Portfolio.showcase_priority.desc(), Portfolio.id.desc()).limit(MOST_SHOWN)
    return (await session.execute(ordered)).scalars().all()


def _order() -> ColumnElement[str]:
    priority = func.lpad(cast(Portfolio.showcase_priority - LEAST_PRIORITY, Text), 4, "0")
    return func.concat(priority, cast(Portfolio.id, Text))

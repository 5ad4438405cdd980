"""Nearest in meaning among those whom a filter leaves: by looking at each where few are left, through the index where many are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Double, Select, Text, column, func, literal, select, true, values
from sqlalchemy.dialects.postgresql import ARRAY

from services.ai.embedding import Vector
from services.kit.db import ReadSession
from services.matching.retrieval.filters import Condition
from services.matching.retrieval.views import Corpus
from services.matching.tables import DIMENSIONS

# As many or fewer rows are looked at one by one. At this size that and the index take about as long (tests/bench/retrieval.py).
FEW = 20_000
# Of what the index gives, so many times k are put into their exact order: it gives them almost in order.
OVERFETCH = 2
# How many rows the index may look at before it gives up, and all that the filter leaves are looked at instead.
MOST_SCANNED = 100_000
# Neighbours that the index keeps in sight, the most it can: with 400, of 100,000 rows half of which are left 0.989 of the 100 nearest are
# found.
EF_SEARCH = 1_000

# Plans that read all of a table and sort it; without them rows come in the index's order, and are joined and filtered as they come.
NOT_IN_ORDER = ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin", "enable_mergejoin")
# A row that is fetched by its key is in memory more often than not. Each statement is planned for its own values, never for any.
PLANNING = {"random_page_cost": "1.1", "plan_cache_mode": "force_custom_plan"}
# The index gives rows in order, and they are joined and filtered as they come: no plan that reads all of a table and sorts it.
INDEX = {
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.ef_search": str(EF_SEARCH),
    "hnsw.max_scan_tuples": str(MOST_SCANNED),
}


async def nearest(
    session: ReadSession, corpus: Corpus, vector: Vector, condition: Condition, k: int, few: int = FEW
) -> list[UUID]:
    """Ids, nearest first, equally near ones in order of their ids: k of them, or all that meet the condition and have a vector.

    The session is a transaction (`Database.snapshot` or `write`) of the tenant `everyone`: outside of one the settings below do not last,
    and the index is asked in vain before every row is looked at. Raises ValueError for more than `few`.
    """
    if not 0 < k <= few:
        raise ValueError(f"1 to {few} can be found at a time, not {k}")
    await _set(session, PLANNING | INDEX)
    matches, found = await _among_few(session, corpus, vector, condition, k, few)
    if matches <= few:
        return found
    await _set(session, dict.fromkeys(NOT_IN_ORDER, "off"))
    found = await _through_index(session, corpus, vector, condition, k)
    await _set(session, dict.fromkeys(NOT_IN_ORDER, "on"))
    # There are more than k, so with fewer the index has stopped too early.
    return found if len(found) == k else await _among_all(session, corpus, vector, condition, k)


async def _among_few(
    session: ReadSession, corpus: Corpus, vector: Vector, condition: Condition, k: int, few: int
) -> tuple[int, list[UUID]]:
    """How many meet the condition, counted up to one more than `few`; and the nearest, unless they are more. One statement does both."""
    left = select(corpus.id.label("id")).where(condition).limit(few + 1).cte("left").prefix_with("materialized")
    count = select(func.count()).select_from(left).scalar_subquery()
    joined = select(left.c.id, _distance(corpus, vector)).join_from(left, corpus.vectors, corpus.key == left.c.id)
    nearest = _first(joined.where(count <= few), k).lateral("nearest")
    statement = select(count, nearest.c.id).select_from(_one_row()).outerjoin(nearest, true())
    rows = (await session.execute(statement)).all()
    return rows[0][0], [row[1] for row in rows if row[1] is not None]


async def _through_index(
    session: ReadSession, corpus: Corpus, vector: Vector, condition: Condition, k: int
) -> list[UUID]:
    """The nearest of somewhat more than k that the index finds."""
    distance = _distance(corpus, vector)
    statement = select(corpus.key.label("id"), distance).join(corpus.rows, corpus.id == corpus.key).where(condition)
    return await _ids(session, _first(statement.order_by(distance).limit(k * OVERFETCH), k))


async def _among_all(session: ReadSession, corpus: Corpus, vector: Vector, condition: Condition, k: int) -> list[UUID]:
    joined = select(corpus.key.label("id"), _distance(corpus, vector)).join(corpus.rows, corpus.id == corpus.key)
    return await _ids(session, _first(joined.where(condition), k))


def _first(statement: Select[Any], k: int) -> Select[Any]:
    """The k nearest of its rows `id` and `distance`. The offset keeps the planner from taking an index for this order."""
    rows = statement.offset(0).subquery()
    return select(rows.c.id, rows.c.distance).order_by(rows.c.distance, rows.c.id).limit(k)


def _distance(corpus: Corpus, vector: Vector) -> ColumnElement[float]:
    asked = literal(list(vector), HALFVEC(DIMENSIONS))
    return corpus.vectors.c.vector.op("<#>", return_type=Double())(asked).label("distance")


def _one_row() -> Any:
    return values(column("one"), name="one").data([(1,)])


async def _ids(session: ReadSession, statement: Select[Any]) -> list[UUID]:
    return [row[0] for row in (await session.execute(statement)).all()]


async def _set(session: ReadSession, wanted: Mapping[str, str]) -> None:
    """For the rest of this transaction."""
    named = select(
        func.unnest(_texts(wanted)).label("name"), func.unnest(_texts(wanted.values())).label("value")
    ).subquery()
    await session.execute(select(func.set_config(named.c.name, named.c.value, true())))


def _texts(values_: Iterable[str]) -> ColumnElement[Sequence[str]]:
    return literal(list(values_), ARRAY(Text))

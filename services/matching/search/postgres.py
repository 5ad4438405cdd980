"""Full-text search in PostgreSQL: the index that needs nothing else."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CTE, ColumnElement, Float, Select, Text, TextClause, cast, func, literal, select, text, union_all
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY

from services.ai import codec
from services.ai.spans import Span
from services.kit.db import Database, ReadSession, WriteSession
from services.matching.retrieval.views import CANDIDATES, POSITIONS, Corpus
from services.matching.search import vectors
from services.matching.search.highlights import Place, hit_of, marked, places
from services.matching.search.index import FACETS, MOST_FOUND, Document, Facet, Found, Hit, Query
from services.matching.search.lexicon import Lexicon
from services.matching.search.understanding import Wanted, asked_of, understand, words_of

# Of words in passages, other names of skills, skills, and the title.
WEIGHTS = (0.1, 0.2, 0.4, 1.0)
BATCH = 200
MOST_VALUES = 20


@dataclass(frozen=True)
class PostgresIndex:
    """`SearchIndex` over the tables of `search.tables`. Asks once for the words, once for hits, once for facets, and for words to
    highlight that this process has not met yet.
    """

    corpus: Corpus
    lexicon: Lexicon

    @classmethod
    def over(cls, corpus: Corpus) -> "PostgresIndex":
        return cls(corpus, Lexicon(corpus.name))

    async def search(
        self, session: ReadSession, query: Query, wanted: Any, k: int, skip: int = 0, facets: bool = False
    ) -> Found:
        asked = await self._understood(session, query)
        found = self._found(asked, wanted)
        rows = (await session.execute(self._page(found, asked, k, skip))).all()
        hits = await self._hits(session, rows, asked)
        counted = await self._facets(session, found) if facets else ()
        return Found(hits, rows[0].whole if rows else 0, counted)

    async def ranked(self, session: ReadSession, query: Query, wanted: Any, k: int) -> list[UUID]:
        asked = await self._understood(session, query)
        found = self._found(asked, wanted)
        return list((await session.execute(select(found.c.id).order_by(*_order(found, asked)).limit(k))).scalars())

    async def put(self, session: WriteSession, documents: Iterable[Document]) -> None:
        """A document whose owner is not there any more is not put."""
        some = list(documents)
        lexemes = await self.lexicon.lexemes(session, (word for one in some for word in vectors.words_of(one)))
        rows = [_row(one, vectors.tsvector(one, lexemes)) for one in some]
        await session.execute(_PUT[self.corpus.name], {"rows": json.dumps(rows)})
        await self.lexicon.add(session, lexemes)

    async def remove(self, session: WriteSession, ids: Collection[UUID]) -> None:
        texts = self.corpus.texts
        held = select(func.unnest(func.tsvector_to_array(texts.c.words))).where(self.corpus.text_of.in_(list(ids)))
        lexemes = set((await session.execute(held)).scalars())
        await session.execute(_REMOVE[self.corpus.name], {"ids": list(ids)})
        await self.lexicon.forget(session, lexemes, texts.fullname)

    async def rebuild(self, db: Database, documents: AsyncIterator[Document]) -> None:
        batch: list[Document] = []
        async for document in documents:
            batch.append(document)
            if len(batch) == BATCH:
                await self._put_alone(db, batch)
                batch = []
        await self._put_alone(db, batch)

    async def refresh(self, session: WriteSession) -> None:
        """Counts words anew. Nightly."""
        await self.lexicon.refresh(session, self.corpus.texts.fullname)

    async def _put_alone(self, db: Database, documents: Sequence[Document]) -> None:
        async with db.write() as session:
            await self.put(session, documents)

    async def _understood(self, session: ReadSession, query: Query) -> Wanted:
        asked = asked_of(query)
        entries = await self.lexicon.entries(session, words_of(asked), slips=not query.any_word)
        return understand(query, asked, entries)

    def _found(self, asked: Wanted, wanted: Any) -> CTE:
        """Ids with their scores and what they are counted by; of more than MOST_FOUND the newest, or without words in common the first."""
        rows, texts = self.corpus.rows.c, self.corpus.texts.c
        counted = (_column(self.corpus, name).label(field) for field, name in FACETS[self.corpus.name].items())
        statement = select(rows.id, _score(asked, texts.words).label("score"), *counted).join_from(
            self.corpus.rows, self.corpus.texts, rows.id == self.corpus.text_of
        )
        statement = statement.where(wanted.condition())
        if asked.matches:
            statement = statement.where(texts.words.bool_op("@@")(_tsquery(asked.matches)))
        else:
            statement = statement.order_by(rows.id.desc())
        return statement.limit(MOST_FOUND).cte("found").prefix_with("materialized")

    def _page(self, found: CTE, asked: Wanted, k: int, skip: int) -> Select[Any]:
        whole = select(func.count()).select_from(found).scalar_subquery()
        best = select(found.c.id, found.c.score).order_by(*_order(found, asked)).offset(skip).limit(k).subquery("best")
        texts = self.corpus.texts.c
        shown = select(best.c.id, best.c.score, texts.title, texts.passages, whole.label("whole"))
        return shown.join_from(best, self.corpus.texts, self.corpus.text_of == best.c.id).order_by(*_order(best, asked))

    async def _hits(self, session: ReadSession, rows: Sequence[Any], asked: Wanted) -> tuple[Hit, ...]:
        shown = [_Shown.of(row, asked.lexemes) for row in rows]
        words = (place.token.word for one in shown for place in (*one.places, *one.in_title))
        known = await self.lexicon.lexemes(session, words)
        return tuple(one.hit(lambda word: known[word] in asked.lexemes) for one in shown)

    async def _facets(self, session: ReadSession, found: CTE) -> tuple[Facet, ...]:
        counts = [_counts(found, field) for field in FACETS[self.corpus.name]]
        rows = (await session.execute(union_all(*(select(one) for one in counts)))).all()
        return tuple(Facet(field, value, count) for field, value, count in rows)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A row with where highlights may be."""

    row: Any
    places: Sequence[Place]
    in_title: Sequence[Place]

    @classmethod
    def of(cls, row: Any, lexemes: Collection[str]) -> "_Shown":
        passages = [Span(**passage) for passage in row.passages] if lexemes else []
        title = Span(0, len(row.title), 0, row.title)
        return cls(row, places(passages, lexemes), places([title], lexemes))

    def hit(self, is_wanted: Callable[[str], bool]) -> Hit:
        highlights, in_title = marked(self.places, is_wanted), marked(self.in_title, is_wanted)
        return hit_of(self.row.id, self.row.title, self.row.score, highlights, in_title)


def _row(document: Document, words: str) -> dict[str, Any]:
    return {
        "id": str(document.id),
        "version": document.version,
        "title": document.title,
        "seniority": document.seniority,
        "passages": codec.to_json(document.passages),
        "words": words,
        "skill_ids": document.skill_ids,
    }


def _column(corpus: Corpus, name: str) -> ColumnElement[Any]:
    """Of the corpus' rows, or else of its texts."""
    return corpus.rows.c[name] if name in corpus.rows.c else corpus.texts.c[name]


def _score(asked: Wanted, words: ColumnElement[Any]) -> ColumnElement[Any]:
    """The mean of the terms' ranks by weight, 0 to 1. One term's `ts_rank` grows with how often and where it stands, ever more slowly."""
    whole = sum(weight for _, weight in asked.weights)
    if not whole:
        return literal(1.0, Float())
    weights = literal(list(WEIGHTS), ARRAY(REAL))
    parts = (func.ts_rank(weights, words, _tsquery(term)) * (weight / whole) for term, weight in asked.weights)
    return reduce(add, parts)


def _tsquery(written: str) -> ColumnElement[Any]:
    return cast(literal(written, Text), TSQUERY)


def _order(found: Any, asked: Wanted) -> tuple[ColumnElement[Any], ...]:
    return (found.c.score.desc(), found.c.id) if asked.weights else (found.c.id.desc(),)


def _counts(found: CTE, field: str) -> Any:
    """The most common values of a field."""
    column = found.c[field]
    if isinstance(column.type, sa.ARRAY):
        values = select(func.unnest(column).label("value")).select_from(found).subquery()
    else:
        values = select(column.label("value")).where(column != "").subquery()
    named = select(literal(field, Text).label("field"), values.c.value, func.count().label("count"))
    return named.group_by(values.c.value).order_by(func.count().desc(), values.c.value).limit(MOST_VALUES).subquery()


def _put(table: str, key: str, owner: str, *more: str) -> TextClause:
    columns = ("version", "title", "seniority", "passages", "words", *more)
    listed, given = ", ".join(columns), ", ".join(f"excluded.{name}" for name in columns)
    return text(
        f"""
        insert into matching.{table} ({key}, {listed})
        select id, {", ".join(f"r.{name}" for name in columns)}
        from jsonb_to_recordset(cast(:rows as jsonb))
          as r(id uuid, version bigint, title text, seniority text, passages jsonb, words tsvector, skill_ids text[])
        join matching.{owner} using (id)
        on conflict ({key}) do update set ({listed}) = ({given}) where {table}.version <= excluded.version
        """  # noqa: S608 - names of ours
    )


def _remove(table: str, key: str) -> TextClause:
    return text(f"delete from matching.{table} where {key} = any(cast(:ids as uuid[]))")  # noqa: S608 - names of ours


_PUT = {
    CANDIDATES.name: _put("candidate_texts", "candidate_id", "candidates"),
    POSITIONS.name: _put("position_texts", "position_id", "positions", "skill_ids"),
}
_REMOVE = {
    CANDIDATES.name: _remove("candidate_texts", "candidate_id"),
    POSITIONS.name: _remove("position_texts", "position_id"),
}

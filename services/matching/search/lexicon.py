"""Words → what PostgreSQL's dictionary makes of them, how common that is, and which other words may have been meant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from services.kit.db import ReadSession, WriteSession
from services.matching.retrieval.skills import rarity
from services.matching.search.typos import edits, edits_allowed

# A word in more texts than these is no slip; one that is meant stands in so many times more.
RARE, TIMES = 5, 10
# Words that look most alike; letters decide among them.
ALIKE = 40
MOST_MEANT = 5
# Words whose lexemes a process remembers.
MOST_KNOWN = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of a query. `lexeme` is empty for one that says nothing, like `the`; `count` of all texts have it, and it weighs `weight`.
    `meant`: lexemes of words that it may be a slip of.
    """

    lexeme: str
    count: int
    weight: float
    meant: tuple[str, ...] = ()


@dataclass
class Lexicon:
    """Of one index. `english_stem` takes words of every language, the same way on both sides."""

    corpus: str
    known: dict[str, str] = field(default_factory=dict)

    async def lexemes(self, session: ReadSession, words: Iterable[str]) -> Mapping[str, str]:
        """Of each word; empty for one that says nothing. Words seen before cost nothing."""
        wanted = set(words)
        found = {word: self.known[word] for word in wanted & self.known.keys()}
        if missing := sorted(wanted - found.keys()):
            new = {word: lexeme or "" for word, lexeme in (await session.execute(_LEXEMES, {"words": missing})).all()}
            if len(self.known) > MOST_KNOWN:
                self.known.clear()
            self.known |= new
            found |= new
        return found

    async def entries(self, session: ReadSession, words: Collection[str], slips: bool) -> dict[str, Entry]:
        """Of each word of a query, in one statement. `slips`: also what may have been meant, in another one if a word is rare."""
        if not words:
            return {}
        values: dict[str, Any] = {"words": sorted(words), "corpus": self.corpus}
        rows = (await session.execute(_ENTRIES, values)).all()
        counts = {word: count for word, lexeme, count, _ in rows if lexeme and count <= RARE and edits_allowed(word)}
        meant = await self._meant(session, counts) if slips and counts else {}
        return {
            word: Entry(lexeme or "", count, rarity(count, whole), meant.get(word, ()))
            for word, lexeme, count, whole in rows
        }

    async def _meant(self, session: ReadSession, counts: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
        values = {"words": sorted(counts), "corpus": self.corpus, "alike": ALIKE}
        rows = (await session.execute(_ALIKE, values)).all()
        return {word: _meant(word, counts[word], (row for row in rows if row.word == word)) for word in counts}

    async def add(self, session: WriteSession, lexemes: Mapping[str, str]) -> None:
        """Words of a text. Those that are there already are not touched, so nobody waits for anybody."""
        kept = {w: lexeme for w, lexeme in sorted(lexemes.items()) if lexeme and not w.isdigit()}
        values = {"corpus": self.corpus, "words": list(kept), "lexemes": list(kept.values())}
        await session.execute(_ADD, values)

    async def forget(self, session: WriteSession, lexemes: Collection[str], texts: str) -> None:
        """Words that stood in texts that are gone, unless others have them too: a name may be among them."""
        unused = f"not exists (select from {texts} t where t.words @@ cast(quote_literal(w.lexeme) as tsquery))"
        statement = f"delete from matching.words w where w.corpus = :corpus and w.lexeme = any(:lexemes) and {unused}"  # noqa: S608
        await session.execute(text(statement), {"corpus": self.corpus, "lexemes": sorted(lexemes)})

    async def refresh(self, session: WriteSession, texts: str) -> None:
        """Counts anew, and forgets words that nobody uses any more; nightly is often enough. Reads every text of the view `texts`."""
        await session.execute(text("set local statement_timeout = '30min'"))
        values = {"corpus": self.corpus, "texts": f"select words from {texts}"}  # noqa: S608 - a name of ours
        await session.execute(_COUNT, values)
        await session.execute(_FORGET, values)


def _meant(word: str, count: int, alike: Iterable[Any]) -> tuple[str, ...]:
    """Lexemes of the words that are close and common enough, closest first."""
    most = edits_allowed(word)
    found = []
    for row in alike:
        distance = edits(word, row.other, most)
        if 0 < distance <= most and row.count >= TIMES * count:
            found.append((distance, -row.count, row.lexeme))
    return tuple(dict.fromkeys(lexeme for _, _, lexeme in sorted(found)))[:MOST_MEANT]


_STEM = "(ts_lexize('pg_catalog.english_stem', w.word))[1]"
_LEXEMES = text(f"select w.word, {_STEM} from unnest(cast(:words as text[])) w(word)")  # noqa: S608
_ENTRIES = text(
    f"""
    select w.word, l.lexeme, own.count, coalesce(whole.count, 0)
    from unnest(cast(:words as text[])) w(word)
    cross join lateral (select {_STEM} as lexeme) l
    cross join lateral (
      select coalesce(max(count), 0) as count from matching.every_word v where v.lexeme = l.lexeme and v.corpus = :corpus
    ) own
    left join matching.skill_counts whole on whole.corpus = :corpus and whole.skill_id = ''
    """  # noqa: S608
)
_ALIKE = text(
    """
    select w.word, a.word as other, a.lexeme, a.count
    from unnest(cast(:words as text[])) w(word)
    cross join lateral (
      select v.word, v.lexeme, v.count from matching.every_word v where v.corpus = :corpus order by v.word <-> w.word limit :alike
    ) a
    """
)
_ADD = text(
    "insert into matching.words (corpus, word, lexeme)"
    " select :corpus, word, lexeme from unnest(cast(:words as text[]), cast(:lexemes as text[])) as added(word, lexeme)"
    " on conflict do nothing"
)
_COUNT = text(
    "update matching.words w set count = s.ndoc from ts_stat(:texts) s"
    " where w.lexeme = s.word and w.corpus = :corpus and w.count <> s.ndoc"
)
_FORGET = text(
    "delete from matching.words w where w.corpus = :corpus"
    " and not exists (select from ts_stat(:texts) s where s.word = w.lexeme)"
)

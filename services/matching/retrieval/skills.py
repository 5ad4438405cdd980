"""Who has the skills that are asked for, rarer ones counting more."""

from collections.abc import Collection, Mapping, Sequence
from math import log
from uuid import UUID

from sqlalchemy import Double, Text, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit.db import ReadSession, WriteSession
from services.matching.retrieval.filters import Condition
from services.matching.retrieval.views import Corpus
from services.matching.search.tables import SkillCount

# So many rows are weighed at most. Who has rare skills is among them: those are looked for first.
MOST_WEIGHED = 20_000
# In place of a skill: how many rows there are.
WHOLE = ""


async def best_skilled(
    session: ReadSession, corpus: Corpus, importance: Mapping[str, float], condition: Condition, k: int
) -> list[UUID]:
    """Ids, best first, equal ones in order of their ids: k of them, or as many as have any of the skills."""
    counts = await _counts(session, corpus, importance)
    weights = {skill: value * rarity(counts.get(skill, 0), counts.get(WHOLE, 0)) for skill, value in importance.items()}
    rarest = _rarest(weights, counts)
    found = await _weighed(session, corpus, weights, rarest, condition, k)
    if len(found) < k and len(rarest) < len(weights):
        return await _weighed(session, corpus, weights, list(weights), condition, k)
    return found


def rarity(count: int, whole: int) -> float:
    """Of what `count` of `whole` have; greater than 0. The inverse document frequency of BM25 as Lucene has it."""
    return log(1 + (max(whole - count, 0) + 0.5) / (count + 0.5))


async def refresh_counts(session: WriteSession, corpus: Corpus) -> None:
    """Counts anew how many have each skill; nightly is often enough. Reads every row once."""
    values = {"corpus": corpus.name}
    await session.execute(text("delete from matching.skill_counts where corpus = :corpus"), values)
    source = corpus.rows.fullname
    await session.execute(
        text(
            "insert into matching.skill_counts (corpus, skill_id, count)"  # noqa: S608 - a name of ours
            f" select :corpus, skill_id, count(*) from {source}, unnest(skill_ids) skill_id where skill_id <> '' group by skill_id"
            f" union all select :corpus, '', count(*) from {source}"
        ),
        values,
    )


async def _counts(session: ReadSession, corpus: Corpus, skills: Collection[str]) -> dict[str, int]:
    """As of the last refresh; WHOLE is among them after the first."""
    wanted = SkillCount.skill_id.in_([WHOLE, *skills])
    rows = await session.execute(
        select(SkillCount.skill_id, SkillCount.count).where(SkillCount.corpus == corpus.name, wanted)
    )
    return {row[0]: row[1] for row in rows.all()}


def _rarest(weights: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """The skills that fewest have, as many as can be looked at together, and at least one."""
    chosen: list[str] = []
    room = MOST_WEIGHED
    for skill in sorted(weights, key=lambda skill: (counts.get(skill, 0), skill)):
        room -= counts.get(skill, 0)
        if chosen and room < 0:
            break
        chosen.append(skill)
    return chosen


async def _weighed(
    session: ReadSession,
    corpus: Corpus,
    weights: Mapping[str, float],
    any_of: Sequence[str],
    condition: Condition,
    k: int,
) -> list[UUID]:
    """Of those with any of some skills, the ones with the greatest weight of all."""
    if not any_of:
        return []
    row = corpus.rows.c
    with_any = row.skill_ids.bool_op("&&")(literal(list(any_of), ARRAY(Text)))
    some = select(corpus.id, row.skill_ids).where(with_any, condition).limit(MOST_WEIGHED).subquery()
    asked = func.unnest(literal(list(weights), ARRAY(Text)), literal(list(weights.values()), ARRAY(Double)))
    weight = asked.table_valued("skill_id", "weight").render_derived("asked")
    total = select(func.sum(weight.c.weight)).where(weight.c.skill_id == func.any(some.c.skill_ids)).scalar_subquery()
    statement = select(some.c.id).order_by(total.desc(), some.c.id).limit(k)
    return list((await session.execute(statement)).scalars())

"""Three ways to find who is worth scoring, fused: by meaning, by skills and by words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.ai.embedding import Vector
from services.ai.matching.features import CandidateFeatures, PositionFeatures, Proof, Relation, RequirementKind
from services.ai.matching.ranking import fuse
from services.kit.db import ReadSession
from services.matching.retrieval.dense import nearest
from services.matching.retrieval.filters import CandidateFilter, PositionFilter
from services.matching.retrieval.skills import best_skilled
from services.matching.retrieval.views import CANDIDATES, POSITIONS, Corpus
from services.matching.search.index import Query, SearchIndex

# What is nice to have counts half, and so does a skill that is only a part of the one asked for.
NICE = PART = 0.5
# A title says what one is in few words; more skills than these say little more, and cost.
MOST_LABELS = 12


async def find_candidates(
    session: ReadSession,
    features: PositionFeatures,
    wanted: CandidateFilter,
    index: SearchIndex[CandidateFilter] | None,
    k: int,
) -> list[UUID]:
    """Who is worth scoring for a position, best first, at most k: those that one of the ways finds, and nobody whom the filter leaves out.

    Each way brings up to k. The session is a transaction of the tenant `everyone`. Costs six statements where the filter leaves few, nine
    where it leaves many, and one more for each way that has to look further.
    """
    asked = _Asked(features.vector, _asked_skills(features), _words_of_position(features))
    return await _find(session, CANDIDATES, asked, wanted, index, k)


async def find_positions(
    session: ReadSession,
    features: CandidateFeatures,
    wanted: PositionFilter,
    index: SearchIndex[PositionFilter] | None,
    k: int,
) -> list[UUID]:
    """Open positions that are worth scoring for a person, best first, at most k; as `find_candidates`."""
    asked = _Asked(features.vector, _held_skills(features), _words_of_candidate(features))
    return await _find(session, POSITIONS, asked, wanted, index, k)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the other side looks like. `skills`: how much each counts."""

    vector: Vector
    skills: dict[str, float]
    words: str


async def _find(
    session: ReadSession, corpus: Corpus, asked: _Asked, wanted: Any, index: SearchIndex[Any] | None, k: int
) -> list[UUID]:
    condition = wanted.condition()
    found = [await best_skilled(session, corpus, asked.skills, condition, k)]
    if any(asked.vector):
        found.append(await nearest(session, corpus, asked.vector, condition, k))
    if index is not None and asked.words:
        found.append(await index.ranked(session, Query(asked.words, any_word=True), wanted, k))
    return [UUID(text) for text in fuse([str(id) for id in ids] for ids in found)[:k]]


def _asked_skills(features: PositionFeatures) -> dict[str, float]:
    skills: dict[str, float] = {}
    for requirement in features.requirements:
        if requirement.skill_id:
            value = 1.0 if requirement.must else NICE
            _raise(skills, requirement.skill_id, value)
            for kin in requirement.kin:
                _raise(skills, kin.skill_id, value if kin.relation is Relation.NARROWER else value * PART)
    return skills


def _held_skills(features: CandidateFeatures) -> dict[str, float]:
    """What one was seen to use counts more than what one lists."""
    skills: dict[str, float] = {}
    for skill in features.skills:
        _raise(skills, skill.skill_id, 1.0 if skill.proof is Proof.USED else PART)
    return skills


def _raise(skills: dict[str, float], skill_id: str, value: float) -> None:
    skills[skill_id] = max(value, skills.get(skill_id, 0.0))


def _words_of_position(features: PositionFeatures) -> str:
    asked = [r for r in features.requirements if r.kind is RequirementKind.SKILL and r.must]
    return _words(features.title, (r.label for r in asked))


def _words_of_candidate(features: CandidateFeatures) -> str:
    """The latest role, and skills that were used."""
    title = features.roles[0].title if features.roles else ""
    return _words(title, (s.label for s in features.skills if s.proof is Proof.USED))


def _words(title: str, labels: Iterable[str]) -> str:
    return "\n".join([title, *list(labels)[:MOST_LABELS]]).strip()

"""Rows of matching → what they are found by."""

from collections.abc import AsyncIterator, Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from services.ai import codec
from services.ai.matching.features import CandidateFeatures, PositionFeatures, Requirement
from services.ai.skills import Ontology
from services.ai.spans import Span
from services.kit.db import Database, Timestamps
from services.matching.search.index import Document
from services.matching.tables import Candidate, Position

# What filters and facets ask for.
CANDIDATE_COLUMNS = (
    "languages",
    "education_level",
    "years",
    "countries",
    "permits",
    "modes",
    "available",
    "blocked_employers",
)
POSITION_COLUMNS = ("state", "country", "work_mode", "organization_name")
# A name of a skill beyond these is found by no one who does not know a shorter one.
MOST_ALIASES = 20
PAGE = 200

T = TypeVar("T", Candidate, Position)


def candidate_document(row: Candidate, features: CandidateFeatures, ontology: Ontology) -> Document:
    """`row` as the database has it, with its times."""
    labels = {skill.skill_id: skill.label for skill in features.skills}
    return Document(
        id=row.id,
        version=version_of(row),
        title=row.title,
        skill_ids=tuple(labels),
        labels=tuple(labels.values()),
        aliases=tuple(_aliases(labels, ontology)),
        passages=tuple(passage.span for passage in features.passages),
        seniority=features.seniority.name if features.seniority else "",
        columns={name: getattr(row, name) for name in CANDIDATE_COLUMNS},
        vector=features.vector,
    )


def position_document(row: Position, features: PositionFeatures, ontology: Ontology) -> Document:
    """All of the description is one passage."""
    labels = {r.skill_id: _label(r, ontology) for r in features.requirements if r.skill_id}
    return Document(
        id=row.id,
        version=version_of(row),
        title=row.title,
        skill_ids=tuple(labels),
        labels=tuple(labels.values()),
        aliases=tuple(_aliases(labels, ontology)),
        passages=(Span(0, len(row.description), 0, row.description),),
        seniority=row.seniority,
        columns={name: getattr(row, name) for name in POSITION_COLUMNS},
        vector=features.vector,
    )


async def every_candidate(db: Database, ontology: Ontology) -> AsyncIterator[Document]:
    """In order of ids, few at a time. The database is of the tenant `everyone`."""
    async for row in _every(db, Candidate):
        yield candidate_document(row, codec.from_json(CandidateFeatures, row.features), ontology)


async def every_position(db: Database, ontology: Ontology) -> AsyncIterator[Document]:
    """Those that were read."""
    async for row in _every(db, Position):
        if row.features:
            yield position_document(row, codec.from_json(PositionFeatures, row.features), ontology)


async def _every(db: Database, table: type[T]) -> AsyncIterator[T]:
    last = UUID(int=0)
    while True:
        async with db.read() as session:
            page = select(table).where(table.id > last).order_by(table.id).limit(PAGE)
            rows = (await session.execute(page)).scalars().all()
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def version_of(row: Timestamps) -> int:
    """Microseconds since 1970 at the row's last change."""
    return round(row.update_time.timestamp() * 1_000_000)


def _label(requirement: Requirement, ontology: Ontology) -> str:
    """A requirement's own may say more than the skill."""
    skill = ontology.skills.get(requirement.skill_id)
    return skill.label if skill else requirement.label


def _aliases(skill_ids: Iterable[str], ontology: Ontology) -> Iterable[str]:
    for skill_id in skill_ids:
        if skill := ontology.skills.get(skill_id):
            yield from skill.aliases[:MOST_ALIASES]

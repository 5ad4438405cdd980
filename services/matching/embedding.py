"""Vectors of titles and passages: made in batches of like length, and taken up again for the same text of the same owner."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects.postgresql import insert

from services.ai.embedding.graph import Matrix
from services.ai.matching import CandidateFeatures, PositionFeatures, Requirement, RequirementKind, pack
from services.ai.resume.identity import neutral
from services.kit.db import Database, WriteSession
from services.matching import queries
from services.matching.tables import Embedding

ROWS = 5_000

Features = CandidateFeatures | PositionFeatures
Vectors = Mapping[bytes, bytes]
"""By the hash of encoder and text."""


class TextEncoder(Protocol):
    """Texts → rows of 384 numbers of length 1."""

    version: str

    def encode(self, texts: Sequence[str]) -> Matrix: ...


@dataclass(frozen=True)
class Embedder:
    """`titles` for names of work, `passages` for sentences."""

    titles: TextEncoder
    passages: TextEncoder

    @property
    def version(self) -> str:
        return f"{self.titles.version}+{self.passages.version}"

    async def embed(self, db: Database, owned: Mapping[UUID, Features]) -> tuple[dict[UUID, Features], "Found"]:
        """The features of each owner with all vectors, and what to `keep` when they are stored."""
        async with db.read() as session:
            known = await queries.embeddings_of(session, list(owned))
        needed = {(owner, key): text for owner, one in owned.items() for key, text in self._texts(one).items()}
        missing = {key: text for (owner, key), text in needed.items() if (owner, key) not in known}
        made = await asyncio.to_thread(self._make, missing)
        vectors = {pair: known.get(pair) or made[pair[1]] for pair in needed}
        full = {owner: self._filled(one, owner, vectors) for owner, one in owned.items()}
        return full, Found(vectors, frozenset(known))

    def _texts(self, features: Features) -> dict[bytes, str]:
        """Everything that has a vector, by its hash."""
        titles = (
            [role.title for role in features.roles] if isinstance(features, CandidateFeatures) else [features.title]
        )
        told = [passage.span.text for passage in features.passages]
        return {self._key(self.titles, text): text for text in titles if text} | {
            self._key(self.passages, text): text for text in told
        }

    def _make(self, texts: Mapping[bytes, str]) -> dict[bytes, bytes]:
        made: dict[bytes, bytes] = {}
        for encoder in (self.titles, self.passages):
            of_it = [(key, text) for key, text in texts.items() if key == self._key(encoder, text)]
            if not of_it:
                continue
            vectors = encoder.encode([neutral(text) for _, text in of_it])
            made |= {key: pack(vector) for (key, _), vector in zip(of_it, vectors, strict=True)}
        return made

    def _filled(self, features: Features, owner: UUID, vectors: Mapping[tuple[UUID, bytes], bytes]) -> Features:
        def of(encoder: TextEncoder, text: str) -> bytes:
            return vectors[owner, self._key(encoder, text)] if text else b""

        told = tuple(replace(one, vector=of(self.passages, one.span.text)) for one in features.passages)
        if isinstance(features, PositionFeatures):
            title = of(self.titles, features.title)
            asked = tuple(_of_work(requirement, title) for requirement in features.requirements)
            return replace(features, requirements=asked, title_vector=title, passages=told)
        roles = tuple(replace(role, vector=of(self.titles, role.title)) for role in features.roles)
        return replace(features, roles=roles, passages=told)

    def _key(self, encoder: TextEncoder, text: str) -> bytes:
        return sha256(f"{encoder.version}\0{text}".encode()).digest()


def _of_work(requirement: Requirement, title: bytes) -> Requirement:
    """Years are asked of work like the position's."""
    return replace(requirement, work=title) if requirement.kind is RequirementKind.YEARS else requirement


@dataclass(frozen=True)
class Found:
    """Vectors by owner and hash, and which of them were known."""

    vectors: Mapping[tuple[UUID, bytes], bytes]
    known: Collection[tuple[UUID, bytes]]

    async def keep(self, session: WriteSession) -> None:
        """The new ones are kept, those that their owner's text no longer has are forgotten."""
        gone = [pair for pair in self.known if pair not in self.vectors]
        new = [pair for pair in self.vectors if pair not in self.known]
        for some in _cut(gone):
            await session.execute(delete(Embedding).where(tuple_(Embedding.owner_id, Embedding.hash).in_(some)))
        for some in _cut(new):
            rows = [{"owner_id": owner, "hash": key, "vector": self.vectors[owner, key]} for owner, key in some]
            await session.execute(insert(Embedding).values(rows).on_conflict_do_nothing())


def _cut(pairs: Sequence[tuple[UUID, bytes]]) -> Iterable[Sequence[tuple[UUID, bytes]]]:
    return (pairs[first : first + ROWS] for first in range(0, len(pairs), ROWS))

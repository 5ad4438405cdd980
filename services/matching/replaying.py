"""Computing a match again that is stored, or was shown, from the very inputs that it was computed from."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.matching import CandidateFeatures, PositionFeatures, Score, Weights, code_version, fit, scaled, score
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.matching import auditing, queries
from services.matching.tables import AuditRecord, Candidate, Match, Position, ShownRow

CODE = "match-"


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored match, and what the present code makes of its inputs. `differing`: which of its four parts have other bytes now."""

    row: Match
    rank: int
    score: Score
    fit: Score
    engine_version: str
    differing: tuple[str, ...]

    @property
    def identical(self) -> bool:
        return not self.differing


async def replay_match(session: ReadSession, position_id: UUID, candidate_id: UUID) -> Replay:
    """Raises NotFound for a pair that was not matched. The session sees everything: a person's features are no recruiter's to read."""
    found = await queries.get_match(session, position_id, candidate_id)
    row = found.row
    asked, weights = await _position_inputs(session, row.position_id, row.position_version)
    told = await _candidate_inputs(session, row.candidate_id, row.candidate_version)
    anew = score(told, asked, row.as_of, weights), fit(told, asked, row.as_of)
    version = _present_code(row.engine_version)
    return Replay(row, found.rank, *anew, version, tuple(_differing(row, *anew)))


@dataclass(frozen=True, slots=True)
class ReplayedRow:
    """`score`: what the present code computes; None where the person was erased, and their inputs with them."""

    shown: ShownRow
    score: float | None

    @property
    def identical(self) -> bool:
        return self.score == self.shown.score


@dataclass(frozen=True, slots=True)
class ReplayedRanking:
    """`intact`: record and rows are as they were written."""

    record: AuditRecord
    rows: Sequence[ReplayedRow]
    intact: bool

    @property
    def identical(self) -> bool:
        return all(row.identical for row in self.rows if row.score is not None)


async def replay_ranking(session: ReadSession, record_id: UUID) -> ReplayedRanking:
    """A ranking as it was shown, by its audit record. Raises NotFound. The session sees everything."""
    record = await auditing.get_record(session, record_id)
    shown = await auditing.list_rows(session, record)
    asked = {
        version: await _position_inputs(session, record.position_id, version)
        for version in sorted({row.position_version for row in shown})
    }
    told = [await _shown_inputs(session, row) for row in shown]

    def compute() -> list[ReplayedRow]:
        return [
            ReplayedRow(row, _value(found, *asked[row.position_version], row.as_of) if found else None)
            for row, found in zip(shown, told, strict=True)
        ]

    return ReplayedRanking(record, await asyncio.to_thread(compute), await auditing.is_intact(session, record, shown))


async def _shown_inputs(session: ReadSession, row: ShownRow) -> CandidateFeatures | None:
    if row.candidate_id == auditing.FORGOTTEN:
        return None
    return await _candidate_inputs(session, row.candidate_id, row.candidate_version)


def _value(told: CandidateFeatures, asked: PositionFeatures, weights: Weights | None, as_of: date) -> float:
    return score(told, asked, as_of, weights).value


async def _position_inputs(
    session: ReadSession, position_id: UUID, version: str
) -> tuple[PositionFeatures, Weights | None]:
    found = await _inputs(session, Position, position_id, version)
    weights: Mapping[str, float] | None = found.weights
    return codec.from_json(PositionFeatures, found.features), scaled(weights) if weights else None


async def _candidate_inputs(session: ReadSession, candidate_id: UUID, version: str) -> CandidateFeatures:
    found = await _inputs(session, Candidate, candidate_id, version)
    return codec.from_json(CandidateFeatures, found.features)


async def _inputs(session: ReadSession, table: type[Position] | type[Candidate], owner_id: UUID, version: str) -> Any:
    """The present row, or what was kept of a former one."""
    present: Any = await session.get(table, owner_id, populate_existing=True)
    if present and present.version == version:
        return present
    if former := await queries.find_former_input(session, owner_id, version):
        return former
    raise NotFound("input", f"{owner_id} {version}")


def _present_code(stored: str) -> str:
    """Models and ontology made the inputs, which are the stored ones; only the code is of now."""
    _, *others = stored.split("/")
    return "/".join((f"{CODE}{code_version()}", *others))


def _differing(row: Match, anew: Score, anew_fit: Score) -> list[str]:
    pairs = {
        "score": (row.score, anew.value),
        "reasons": (row.reasons, codec.to_json(anew.reasons)),
        "candidate_fit": (row.candidate_fit, anew_fit.value),
        "candidate_reasons": (row.candidate_reasons, codec.to_json(anew_fit.reasons)),
    }
    return [name for name, (stored, now) in pairs.items() if _bytes(stored) != _bytes(now)]


def _bytes(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

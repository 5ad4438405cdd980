"""Computing a stored match again, from the very inputs that it was computed from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.matching import CandidateFeatures, PositionFeatures, Score, Weights, code_version, fit, scaled, score
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.matching import queries
from services.matching.tables import Candidate, Match, Position

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
    asked, weights = await _position_inputs(session, row)
    told = await _candidate_inputs(session, row)
    anew = score(told, asked, row.as_of, weights), fit(told, asked, row.as_of)
    version = _present_code(row.engine_version)
    return Replay(row, found.rank, *anew, version, tuple(_differing(row, *anew)))


async def _position_inputs(session: ReadSession, row: Match) -> tuple[PositionFeatures, Weights | None]:
    found = await _inputs(session, Position, row.position_id, row.position_version)
    weights: Mapping[str, float] | None = found.weights
    return codec.from_json(PositionFeatures, found.features), scaled(weights) if weights else None


async def _candidate_inputs(session: ReadSession, row: Match) -> CandidateFeatures:
    found = await _inputs(session, Candidate, row.candidate_id, row.candidate_version)
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

from uuid import UUID

from services.ai import codec
from services.ai.matching import Requirement
from services.ai.matching.edits import Edits
from services.kit.db import ReadSession
from services.matching import queries


async def edits_of(session: ReadSession, position_id: UUID) -> Edits:
    rows = await queries.edits_of(session, position_id)
    return {r.requirement_id: codec.from_json(Requirement, r.requirement) if r.requirement else None for r in rows}

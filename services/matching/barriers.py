"""Who cannot be matched with a position, however well they fit."""

from services.ai.matching import CandidateFeatures, PositionFeatures, Score
from services.ai.matching.strict import unmet
from services.matching.retrieval.filters import fold
from services.matching.tables import Candidate, Position


def barred(
    position: Position, asked: PositionFeatures, candidate: Candidate, told: CandidateFeatures, found: Score
) -> bool:
    """By what either side ruled out: the employer, the country to be in, or a requirement that is strict."""
    return ruled_out(position, candidate) or any(unmet(told, asked, found))


def ruled_out(position: Position, candidate: Candidate) -> bool:
    """The employer, or the country to be in."""
    return fold(position.organization_name) in candidate.blocked_employers or _out_of_reach(position, candidate)


def _out_of_reach(position: Position, candidate: Candidate) -> bool:
    """Work at a place takes the will to be in its country, and the permit, where either was stated."""
    if position.work_mode == "REMOTE" or not position.country:
        return False
    return any(stated and position.country not in stated for stated in (candidate.countries, candidate.permits))

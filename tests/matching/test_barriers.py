"""Who cannot be matched, however well they fit."""

from uuid import uuid4

import pytest

from services.ai.credentials import EducationLevel
from services.ai.matching import CandidateFeatures, PositionFeatures, Reason, Requirement, RequirementKind, Score
from services.matching.barriers import barred
from services.matching.tables import Candidate, Position

TOLD = CandidateFeatures((), (), EducationLevel.UNKNOWN, None, (), ())
STRICT = Requirement("1", RequirementKind.SKILL, "Python", True, None, skill_id="python", strict=True)


@pytest.mark.parametrize(
    ("offered", "stated", "out"),
    [
        ({}, {}, False),
        ({}, {"blocked_employers": ["acme ltd"]}, True),
        ({"organization_name": "Other"}, {"blocked_employers": ["acme ltd"]}, False),
        ({}, {"countries": ["FR"]}, True),
        ({}, {"permits": ["FR", "DE"]}, False),
        ({}, {"permits": ["FR"]}, True),
        ({"work_mode": "REMOTE"}, {"countries": ["FR"], "permits": ["FR"]}, False),
    ],
)
def test_either_side_may_rule_the_other_out(offered: dict[str, str], stated: dict[str, list[str]], out: bool) -> None:
    position = Position(
        **{"id": uuid4(), "organization_name": "ACME  Ltd", "country": "DE", "work_mode": "ONSITE"} | offered
    )
    candidate = Candidate(**{"blocked_employers": [], "countries": [], "permits": []} | stated)
    assert barred(position, PositionFeatures((), ()), candidate, TOLD, Score(0.5, ())) is out


def test_who_lacks_a_strict_skill_is_out() -> None:
    reason = Reason("skill", "Python: not found", "missing", 1.0, 0.0, None, ())
    position = Position(organization_name="", country="", work_mode="")
    candidate = Candidate(blocked_employers=[], countries=[], permits=[])
    asked = PositionFeatures((STRICT,), ())
    assert barred(position, asked, candidate, TOLD, Score(0.0, (reason,)))

"""The labels hold what was promised, and no text of the sets."""

import json

import pytest

from services.ai.matching import PositionFeatures, Reason, Requirement, RequirementKind, Score
from services.ai.spans import Span
from tests.quality.explanations import LABELS, credit_of, kappa, said_of

LINES = [json.loads(line) for line in LABELS.read_text().splitlines()]
PAIRS = [line for line in LINES if line["type"] == "pair"]


def test_there_are_as_many_labels_as_were_asked_for() -> None:
    assert len(PAIRS) >= 200
    assert sum(line["type"] == "posting" for line in LINES) >= 25
    assert {one["label"] for one in PAIRS} == {"fully", "partly", "not"}


def test_labels_hold_ids_places_and_words_of_our_own_alone() -> None:
    """No string is longer than an id: no sentence of a set can hide in one."""

    def strings(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [one for part in parts for one in strings(part)]

    assert max(len(one) for line in LINES for one in strings(line)) <= 24


def test_where_both_passes_agree_the_label_is_theirs() -> None:
    assert all(one["label"] == one["first"] for one in PAIRS if one["first"] == one["second"])


@pytest.mark.parametrize(
    ("passes", "agreement"),
    [
        ([("fully", "fully"), ("not", "not")], 1.0),
        ([("fully", "not"), ("not", "fully")], -1.0),
        ([("fully", "fully"), ("fully", "not"), ("not", "fully"), ("not", "not")], 0.0),
    ],
)
def test_kappa_is_agreement_over_chance(passes: list[tuple[str, str]], agreement: float) -> None:
    assert kappa([{"first": one, "second": two} for one, two in passes]) == pytest.approx(agreement)


@pytest.mark.parametrize(("place", "verdict"), [([10, 16], "cited"), ([12, 40], "cited"), ([30, 40], "elsewhere")])
def test_a_place_is_cited_where_the_requirement_s_evidence_touches_it(place: list[int], verdict: str) -> None:
    skill = Requirement("1", RequirementKind.SKILL, "Python", True, Span(0, 6, 0, "Python"))
    reason = Reason("skill", "Python", "exact", 1.0, 1.0, skill.span, (Span(10, 16, 0, "Python"),))
    pair = {"asked": [2, 9], "kind": "SKILL", "place": place}
    assert said_of(pair, PositionFeatures((skill,), ()), Score(1.0, (reason,))) == verdict
    assert said_of(pair | {"asked": [7, 9]}, PositionFeatures((skill,), ()), Score(1.0, (reason,))) == "silent"


def test_credit_is_that_of_the_reason_that_cites_the_place() -> None:
    skill = Requirement("1", RequirementKind.SKILL, "Python", True, Span(0, 6, 0, "Python"))
    reason = Reason("skill", "Python", "exact", 0.5, 0.2, skill.span, (Span(10, 16, 0, "Python"),))
    position, found = PositionFeatures((skill,), ()), Score(0.2, (reason,))
    pair = {"asked": [2, 9], "kind": "SKILL", "place": [12, 40]}
    assert credit_of(pair, position, found) == pytest.approx(0.4)
    assert credit_of(pair | {"place": [30, 40]}, position, found) == 0

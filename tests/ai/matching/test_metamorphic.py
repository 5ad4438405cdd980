"""Three invented people: what must not change their scores, and what must. `tests/quality/metamorphic.py` does it with real resumes."""

from functools import cache

import pytest

from services.ai.matching import PositionFeatures, Reason, RequirementKind, score
from services.ai.spans import Span
from tests.quality.metamorphic import (
    AS_OF,
    MARKS,
    SHIFT,
    Bench,
    bench,
    cut_lines,
    evidence_lines,
    moved_by,
    with_marks,
    without_uncited,
)

POSTING = {
    "title": "Data Engineer",
    "text": """Requirements
- 3+ years of experience with Python
- SQL and Docker
- Bachelor's degree
- Fluent English

Nice to have
- Kubernetes

What you will do
- Build data pipelines that load millions of rows a day
- Keep the data warehouse fast and tested
""",
}
RESUMES = {
    "engineer": """Summary
Data engineer for large loads.

Experience

Data Engineer
Blue Harbour Systems, Hamburg
January 2019 – Present
• Built pipelines in Python that load 40 million rows a day
• Wrote reports in SQL for the finance team of the house
• Moved the nightly jobs to Docker with two colleagues
• Watered the plants in the hall of the office every week

Education
BSc Computer Science
University of Northfield
2012 – 2015

Languages
English: native
""",
    "baker": """Summary
Baker of sourdough.

Experience

Baker
Old Mill Bakery, Cork
March 2012 – Present
• Baked bread for five hundred people a day
• Ordered flour and seeds from the mills in the north
• Taught four apprentices how to shape loaves

Education
High school diploma
2005 – 2010
""",
    "analyst": """Experience

Data Analyst
Green Valley Insurance, Leeds
May 2016 – April 2021
• Answered questions of the claims team with SQL and Excel
• Wrote small programs in Python that clean addresses
• Presented the numbers of the month to the board

Education
Master of Science in Statistics
University of Southmoor
2013 – 2015

Languages
English: C1
German: B1
""",
}


@cache
def kit() -> Bench:
    return bench()


@cache
def asked() -> PositionFeatures:
    return kit().position(POSTING)


def value(text: str) -> float:
    return score(kit().candidate(text), asked(), AS_OF).value


def test_who_did_the_work_stands_above_who_did_not() -> None:
    assert value(RESUMES["engineer"]) > value(RESUMES["analyst"]) > value(RESUMES["baker"])


@pytest.mark.parametrize("person", RESUMES)
@pytest.mark.parametrize("mark", [*MARKS, "all"])
def test_who_it_is_changes_nothing_at_all(person: str, mark: str) -> None:
    changed = dict.fromkeys(MARKS if mark == "all" else [mark], 1)
    before, after = with_marks(RESUMES[person], {}), with_marks(RESUMES[person], changed)
    assert before != after
    assert score(kit().candidate(after), asked(), AS_OF).value == score(kit().candidate(before), asked(), AS_OF).value


def test_a_pasted_skill_list_lifts_nobody_over_who_did_the_work() -> None:
    names = ", ".join(one.label for one in asked().requirements if one.kind is RequirementKind.SKILL)
    stuffed = value(f"{RESUMES['baker']}\nSkills\n{names}\n")
    assert stuffed < value(RESUMES["analyst"])


@pytest.mark.parametrize("person", ["engineer", "analyst"])
def test_a_skill_s_reason_falls_with_its_evidence(person: str) -> None:
    text = RESUMES[person]
    found = score(kit().candidate(text), asked(), AS_OF)
    tried = 0
    for index, requirement in enumerate(asked().requirements):
        reason = found.reasons[index]
        if requirement.kind is RequirementKind.SKILL and reason.evidence and reason.contribution:
            after = score(kit().candidate(cut_lines(text, evidence_lines(text, reason))), asked(), AS_OF)
            assert after.reasons[index].contribution < reason.contribution
            tried += 1
    assert tried


def test_a_degree_s_reason_falls_with_all_the_degrees_that_it_cites() -> None:
    another = "Bachelor of Science in Mathematics\nUniversity of Northfield\n2009 – 2012\n\nLanguages"
    text = RESUMES["analyst"].replace("Languages", another)
    posting = {"title": "Statistician", "text": "Requirements\n- Bachelor's degree in statistics or mathematics\n"}
    asked = kit().position(posting)
    reason = score(kit().candidate(text), asked, AS_OF).reasons[0]
    assert (reason.factor, reason.rule, reason.contribution) == ("degree", "reached", reason.weight)
    assert len({span.text for span in reason.evidence if "of Science" in span.text}) == 2
    after = score(kit().candidate(cut_lines(text, evidence_lines(text, reason))), asked, AS_OF).reasons[0]
    assert after.contribution < reason.contribution


def test_lines_that_hold_a_part_of_what_is_cited_are_cut_with_it() -> None:
    reason = Reason("skill", "", "", 1.0, 1.0, None, (Span(8, 24, 1, "customer\nservice"),))
    assert evidence_lines("One\nBest customer\nservice here\nLast", reason) == {4, 18}


def test_no_reason_falls_with_a_sentence_that_none_cites() -> None:
    text = RESUMES["engineer"]
    features = kit().candidate(text)
    found = score(features, asked(), AS_OF)
    tried, kept, which = without_uncited(kit(), text, features, found, asked())
    assert (tried, kept, which) == (1, 1, "")


@pytest.mark.parametrize("person", RESUMES)
def test_the_same_dates_later_on_a_later_day_give_the_same_score(person: str) -> None:
    features = kit().candidate(RESUMES[person])
    later = AS_OF.replace(year=AS_OF.year + SHIFT // 12)
    assert score(moved_by(features, SHIFT), asked(), later).value == score(features, asked(), AS_OF).value


def test_work_that_ended_fades_with_the_years() -> None:
    features, later = kit().candidate(RESUMES["analyst"]), AS_OF.replace(year=AS_OF.year + SHIFT // 12)
    assert score(features, asked(), later).value < score(features, asked(), AS_OF).value

"""A resume as a profile edits it, and the strength of a profile: pure, the same every time, and never lower for what is added."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.credentials import EducationLevel
from services.ai.documents import Document
from services.ai.months import YearMonth
from services.ai.resume import ParsedResume, SkillEvidence, parse, with_skills
from services.ai.resume.analysis_records import Bullet
from services.ai.resume.passages import passages
from services.ai.resume.records import Contact, Education, Experience, Language, SkillUse
from services.ai.resume.standing.edited import as_edited, portrait_of
from services.ai.resume.standing.entries import Entries, Role, level_of, role_of, spoken_of, study_of
from services.ai.resume.standing.spans import NOWHERE, written, written_value
from services.ai.resume.standing.strength import ProfileFacts, facts_of, parts_of, strength_of, suggestions_of
from services.ai.skills import Mention
from services.ai.spans import Span, span_of
from tests.ai.resume.documents import document_of

WORDS = ("Python", "Docker", "Terraform", "Kubernetes")
DAY = date(2026, 11, 1)
TEXT = """Ada Example
ada@example.org

Experience
Senior Python Developer, Example Works
May 2019 - present
- Built services in Docker that answer 3,000 requests a second

Developer, Sample Systems
January 2016 - April 2019
- Wrote Terraform modules for 12 teams

Education
Master of Science in Computer Science, Technical University of Berlin

Languages
English (fluent), German (native)
"""


def link(text: str, lines: Sequence[Span]) -> list[Mention]:
    return [
        Mention(word, word, span_of(text, at, at + len(word)))
        for word in WORDS
        for at in range(len(text))
        if text.startswith(word, at)
    ]


@pytest.fixture(scope="module")
def resume() -> ParsedResume:
    document: Document = document_of(TEXT)
    return with_skills(parse(document, DAY), document, link(document.text, ()))


def entries_of(resume: ParsedResume, **changes: object) -> Entries:
    found = Entries(
        tuple(role_of(one, place) for place, one in enumerate(resume.experiences)),
        tuple(study_of(one, place) for place, one in enumerate(resume.educations)),
        tuple(spoken_of(one, place) for place, one in enumerate(resume.languages)),
    )
    return Entries(**{name: changes.get(name, getattr(found, name)) for name in Entries.__slots__})  # type: ignore[arg-type]


def test_what_nobody_edited_is_the_very_resume(resume: ParsedResume) -> None:
    def refuse(text: str, lines: Sequence[Span]) -> list[Mention]:
        raise AssertionError

    assert as_edited(resume, entries_of(resume), refuse) == resume


def test_a_changed_date_keeps_words_and_changes_years(resume: ParsedResume) -> None:
    first, second = entries_of(resume).roles
    later = Role(first.title, first.employer, first.location, YearMonth(2024, 5), None, True, first.description, 0)
    edited = as_edited(resume, entries_of(resume, roles=(later, second)), link)
    assert edited.experiences[0].bullets == resume.experiences[0].bullets
    assert edited.years_of_experience == pytest.approx(resume.years_of_experience - 5, abs=0.02)
    python = {s.skill_id: s for s in edited.skills}["Python"]
    assert python.spans == {s.skill_id: s for s in resume.skills}["Python"].spans
    assert python.years < 3


def test_an_edited_description_shows_what_it_says_and_no_more(resume: ParsedResume) -> None:
    first, second = entries_of(resume).roles
    other = Role(
        first.title, first.employer, first.location, first.start, None, True, "Ran Kubernetes for all teams", 0
    )
    edited = as_edited(resume, entries_of(resume, roles=(other, second)), link)
    skills = {s.skill_id: s for s in edited.skills}
    assert skills.keys() == {"Python", "Kubernetes", "Terraform"}
    assert skills["Kubernetes"].spans == (written("Kubernetes"),)
    assert skills["Kubernetes"].evidence is SkillEvidence.USED_IN_ROLE
    assert edited.experiences[0].title == resume.experiences[0].title
    assert written("Ran Kubernetes for all teams") in passages(edited)
    assert "Docker" not in portrait_of(edited)


def test_a_role_without_dates_is_no_dated_evidence(resume: ParsedResume) -> None:
    extra = Role("Operator", description="Kept Kubernetes up")
    edited = as_edited(resume, entries_of(resume, roles=(*entries_of(resume).roles, extra)), link)
    found = {s.skill_id: s for s in edited.skills}["Kubernetes"]
    assert (found.evidence, found.years, found.last_used) == (SkillEvidence.STATED, 0.0, None)
    assert edited.experiences[-1].title == written_value("Operator")


def test_a_skill_by_hand_is_only_named(resume: ParsedResume) -> None:
    edited = as_edited(resume, entries_of(resume, listed=(("Kubernetes", "Kubernetes"), ("Python", "Python"))), link)
    skills = {s.skill_id: s for s in edited.skills}
    assert skills["Kubernetes"].evidence is SkillEvidence.STATED
    assert skills["Python"] == {s.skill_id: s for s in resume.skills}["Python"]


def test_a_removed_skill_is_nowhere(resume: ParsedResume) -> None:
    edited = as_edited(resume, entries_of(resume, removed=frozenset({"Python"})), link)
    assert "Python" not in {s.skill_id for s in edited.skills}
    assert not [role for role in edited.experiences if "Python" in role.skill_ids]


@pytest.mark.parametrize(
    ("degree", "field", "level"),
    [
        ("Bachelor of Arts", "History", EducationLevel.BACHELOR),
        ("M.Sc.", "Computer Science", EducationLevel.MASTER),
        ("Abitur", "", EducationLevel.SECONDARY),
        ("", "", EducationLevel.UNKNOWN),
        ("A paper", "", EducationLevel.UNKNOWN),
    ],
)
def test_a_degree_by_hand_has_its_level(degree: str, field: str, level: EducationLevel) -> None:
    assert level_of(degree, field) is level


# Whatever a profile may have.
texts = st.sampled_from(
    ["", "Developer", "Built 3 services", "Responsible for things", "Ich war verantwortlich für den Betrieb"]
)
values = texts.map(lambda text: written_value(text) if text else None)
months = st.none() | st.builds(YearMonth, st.integers(2000, 2020), st.integers(0, 12))
roles = st.builds(
    lambda title, employer, start, current, lines: Experience(
        title, employer, start, None, current, tuple(map(written_value, lines)), (), NOWHERE
    ),
    values, values, months, st.booleans(), st.lists(texts.filter(bool), max_size=4),
)  # fmt: skip
studies = st.builds(Education, values, values, st.sampled_from(EducationLevel), st.just(NOWHERE))
skills = st.builds(
    SkillUse, st.uuids().map(str), st.just("x"), st.sampled_from(SkillEvidence), st.just(()), st.just(0.0), st.none()
)
spoken = st.builds(Language, st.just(written_value("German")), st.just(""))
wishes = st.frozensets(st.sampled_from(["pay", "locations", "work_modes"]))
resumes = st.builds(
    lambda roles, studies, skills, spoken: ParsedResume(
        Contact(None, (), (), (), None), None, tuple(roles), tuple(studies), tuple(skills), tuple(spoken), (), (), 0.0, DAY
    ),
    st.lists(roles, max_size=5), st.lists(studies, max_size=3), st.lists(skills, max_size=12), st.lists(spoken, max_size=3),
)  # fmt: skip
Additions = tuple[Experience, Education, SkillUse, Language, str]


@given(resumes, st.booleans(), st.booleans(), wishes, st.tuples(roles, studies, skills, spoken, texts.filter(bool)))
@settings(max_examples=150)
def test_what_is_added_never_lowers_the_strength(
    resume: ParsedResume, named: bool, headline: bool, wished: frozenset[str], more: Additions
) -> None:
    def strength(
        resume: ParsedResume, named: bool = named, headline: bool = headline, wished: frozenset[str] = wished
    ) -> int:
        return strength_of(facts_of(resume, "x" * named, "x" * headline, wished))

    before = strength(resume)
    assert 0 <= before <= 100
    role, study, skill, language, line = more
    assert strength(replace(resume, experiences=(*resume.experiences, role))) >= before
    assert strength(replace(resume, educations=(*resume.educations, study))) >= before
    assert strength(replace(resume, skills=(*resume.skills, skill))) >= before
    assert strength(replace(resume, languages=(*resume.languages, language))) >= before
    assert strength(resume, named=True) >= before
    assert strength(resume, headline=True) >= before
    assert strength(resume, wished=wished | {"pay"}) >= before
    for place, one in enumerate(resume.experiences):
        longer = replace(one, bullets=(*one.bullets, written_value(line)))
        others = (*resume.experiences[:place], longer, *resume.experiences[place + 1 :])
        assert strength(replace(resume, experiences=others)) >= before


@given(resumes, wishes)
@settings(max_examples=100)
def test_suggestions_bring_what_they_promise_and_reasons_add_up(resume: ParsedResume, wished: frozenset[str]) -> None:
    facts: ProfileFacts = facts_of(resume, "", "", wished)
    parts, found = parts_of(facts), suggestions_of(facts)
    assert sum(part.max_points for part in parts) == 100
    assert strength_of(facts) == sum(part.points for part in parts)
    assert all(0 <= part.points <= part.max_points for part in parts)
    assert [one.max_gain for one in found] == sorted((one.max_gain for one in found), reverse=True)
    assert all(0 < one.max_gain <= 100 - strength_of(facts) for one in found)
    assert found or strength_of(facts) == 100
    assert (parts, found) == (parts_of(facts), suggestions_of(facts))


def test_a_perfect_profile_needs_nothing() -> None:
    good = Bullet(NOWHERE, 100, (NOWHERE,), ())
    role = Experience(written_value("A"), written_value("B"), YearMonth(2000), YearMonth(2001), False, (), (), NOWHERE)
    study = Education(written_value("A"), written_value("B"), EducationLevel.MASTER, NOWHERE)
    used = tuple(SkillUse(str(i), "", SkillEvidence.USED_IN_ROLE, (), 1.0, None) for i in range(10))
    language = Language(written_value("German"), "")
    contact = Contact(None, (), (), (), None)
    resume = ParsedResume(contact, None, (role,) * 3, (study,), used, (language,) * 2, (), (), 1.0, DAY)
    facts = ProfileFacts(resume, True, True, frozenset({"pay", "locations", "work_modes"}), ((good, good),) * 3)
    assert (strength_of(facts), suggestions_of(facts)) == (100, ())

"""An edited profile as one text: letters rest on what it says, and on nothing that was removed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.ai.letters import LANGUAGES, DefaultWriter, Deleted, OneText, Options, Sentence, in_one_text, letter
from services.ai.months import YearMonth
from services.ai.resume import ParsedResume
from services.ai.resume.standing.edited import as_edited
from services.ai.resume.standing.entries import Entries, Role, Study, role_of, spoken_of, study_of
from services.ai.skills import Mention, load
from services.ai.spans import Span
from tests.ai.letters.examples import linker, sources

BASE = sources("en").resume
ENTRIES = Entries(
    roles=tuple(role_of(one, place) for place, one in enumerate(BASE.experiences)),
    studies=tuple(study_of(one, place) for place, one in enumerate(BASE.educations)),
    spoken=tuple(spoken_of(one, place) for place, one in enumerate(BASE.languages)),
)


def link(text: str, _: Sequence[Span]) -> Sequence[Mention]:
    return linker().link(text)


def edited(**changes: object) -> OneText:
    return in_one_text(as_edited(BASE, replace(ENTRIES, **changes), link), BASE)  # type: ignore[arg-type]


def written(one: OneText, language: str = "en") -> list[Sentence]:
    from_ = replace(sources("en"), resume=one.resume, resume_text=one.text)
    made = list(letter(DefaultWriter(load()), from_, Options(language=language), linker()))
    assert [sentence for sentence in made if isinstance(sentence, Deleted)] == []
    return [sentence for sentence in made if isinstance(sentence, Sentence)]


def spans_of(resume: ParsedResume) -> list[Span]:
    values = [v for role in resume.experiences for v in (role.title, role.employer, role.location, *role.bullets) if v]
    values += [v for study in resume.educations for v in (study.institution, study.degree, study.field) if v]
    values += [one.name for one in resume.languages] + [*resume.certifications, *resume.listed_skills]
    parts = [entry.span for entry in (*resume.experiences, *resume.educations)]
    return [*parts, *(v.span for v in values), *(span for use in resume.skills for span in use.spans)]


SENIOR, JUNIOR = ENTRIES.roles
CHANGES = {
    "nothing": {},
    "an employer": {"roles": (replace(SENIOR, employer="Southwind Cargo"), JUNIOR)},
    "a description": {"roles": (replace(SENIOR, description="Taught Rust to 17 people every week"), JUNIOR)},
    "dates": {"roles": (replace(SENIOR, start=YearMonth(2020, 7)), JUNIOR)},
    "a role gone": {"roles": (SENIOR,)},
    "a role more": {
        "roles": (SENIOR, JUNIOR, Role("Python Developer", "Acme", start=YearMonth(2012), end=YearMonth(2013, 5)))
    },
    "a school": {"studies": (Study("University of York", "BSc", "Physics", None, YearMonth(2013)),)},
    "all gone": {"roles": (), "studies": (), "spoken": ()},
    "a skill more": {"listed": (("skill", "Snowflake"),)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_span_counts_in_the_one_text(change: str) -> None:
    one = edited(**CHANGES[change])
    for span in spans_of(one.resume):
        assert one.text[span.start : span.end] == span.text
    for role in one.resume.experiences:
        inside = [v.span for v in (role.title, role.employer, *role.bullets) if v]
        assert all(role.span.start <= span.start and span.end <= role.span.end for span in inside)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_of_letters_lead_back_to_the_resume_or_hold_the_words_alone(change: str, language: str) -> None:
    one, text = edited(**CHANGES[change]), sources("en").resume_text
    for sentence in map(one.back, written(one, language)):
        for span in sentence.resume_spans:
            assert span.text
            assert text[span.start : span.end] == span.text or (span.start, span.end) == (0, 0)


def test_a_letter_says_what_was_written_and_nothing_that_was_replaced() -> None:
    one = edited(**CHANGES["an employer"] | {"spoken": ()})
    text = " ".join(sentence.text for sentence in written(one))
    assert "Southwind Cargo" in text
    assert "Northwind" not in one.text
    assert "Swedish" not in one.text
    assert "cut nightly loads by 35%" in text, "the lines of the role are still there"


def test_removed_skills_are_not_among_those_that_are_listed() -> None:
    docker = next(use.skill_id for use in BASE.skills if use.label == "Docker")
    assert "Docker" not in edited(removed=frozenset({docker})).text


def test_how_to_reach_the_person_is_not_in_it() -> None:
    one = edited(**CHANGES["dates"])
    assert "07/2020 - Present" in one.text
    assert "@" not in one.text
    assert one.resume.contact.name
    assert one.resume.contact.emails == ()

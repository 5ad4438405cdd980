"""Resumes: files to text, text to records, and where everything stands."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai import codec
from services.ai.credentials import EducationLevel, find_degree
from services.ai.documents import Document, extract, sniff
from services.ai.months import Interval, YearMonth, interval, union_months
from services.ai.resume import ParsedResume, SkillEvidence, analyse, parse, with_skills
from services.ai.skills import SkillLinker, load
from tests.builders import RESUME, a_pdf

SAMPLES = Path("services/demo/resumes")
AS_OF = date(2026, 11, 1)


@cache
def linker() -> SkillLinker:
    return SkillLinker(load())


def read(data: bytes) -> Document:
    return extract(data, sniff(data))


def parsed(document: Document) -> ParsedResume:
    return with_skills(parse(document, AS_OF), document, linker().link(document.text))


@pytest.fixture(scope="module")
def david() -> Document:
    return read((SAMPLES / "david-kowalski.pdf").read_bytes())


@pytest.fixture(scope="module")
def john() -> Document:
    return read((SAMPLES / "john-doe.pdf").read_bytes())


def test_a_resume_with_headings_in_the_margin_is_read(david: Document) -> None:
    resume = parsed(david)
    assert resume.contact.name
    assert resume.contact.name.text == "David Kowalski"
    assert [v.text for v in resume.contact.emails] == ["david.kowalski@email.com"]
    found = [
        (e.title.text, e.employer.text, str(e.start), e.current) for e in resume.experiences if e.title and e.employer
    ]
    assert found == [
        ("Senior Game Developer", "Cascade Studios", "2022-03", True),
        ("Game Developer", "Pixel Forge Interactive", "2020-06", False),
    ]
    assert [e.level for e in resume.educations] == [EducationLevel.BACHELOR]


def test_a_resume_of_two_pages_is_read(john: Document) -> None:
    resume = parsed(john)
    assert john.page_count == 2
    assert [e.employer.text for e in resume.experiences if e.employer][:3] == [
        "Nexus AI",
        "NVIDIA Research",
        "Google DeepMind",
    ]
    assert resume.educations[0].level is EducationLevel.DOCTORATE
    assert {s.label for s in resume.skills} >= {"Python", "C++", "CUDA", "PyTorch", "Kubernetes"}


@pytest.mark.parametrize("name", ["david-kowalski.pdf", "john-doe.pdf"])
def test_every_span_points_at_its_text(name: str) -> None:
    document = read((SAMPLES / name).read_bytes())
    resume = parsed(document)
    spans = [v.span for v in (*resume.contact.emails, *resume.sections, *resume.certifications)]
    spans += [e.span for e in resume.experiences] + [e.span for e in resume.educations]
    spans += [span for skill in resume.skills for span in skill.spans]
    assert len(spans) > 20
    assert all(document.text[s.start : s.end] == s.text and 1 <= s.page <= document.page_count for s in spans)


def test_a_skill_in_a_dated_role_has_years(david: Document) -> None:
    skills = {s.label: s for s in parsed(david).skills}
    assert skills["C++"].evidence is SkillEvidence.USED_IN_ROLE
    assert skills["C++"].years == pytest.approx(4.75, abs=0.1)
    assert skills["Python"].evidence is SkillEvidence.STATED


def test_the_same_file_gives_the_same_records(john: Document) -> None:
    again = read((SAMPLES / "john-doe.pdf").read_bytes())
    assert codec.to_json(parsed(again)) == codec.to_json(parsed(john))


def test_records_survive_json(david: Document) -> None:
    resume = parsed(david)
    assert codec.from_json(ParsedResume, codec.to_json(resume)) == resume


def test_the_same_text_reads_alike_as_pdf_and_as_text() -> None:
    as_pdf, as_text = parsed(read(a_pdf(RESUME))), parsed(read(RESUME.encode()))
    assert as_pdf.years_of_experience == as_text.years_of_experience
    assert {s.label for s in as_pdf.skills} == {s.label for s in as_text.skills}
    assert [(entry.name.text, entry.level) for entry in as_text.languages] == [
        ("English", "C1"),
        ("German", "NATIVE"),
    ]


def test_strength_is_the_sum_of_its_parts(david: Document) -> None:
    found = analyse(david, parsed(david))
    assert found.strength == sum(p.points for p in found.parts)
    assert sum(p.max_points for p in found.parts) == 100
    assert all(0 <= p.points <= p.max_points for p in found.parts)


def test_an_empty_resume_is_weak_and_told_what_to_do() -> None:
    document = read(b"nothing to see")
    found = analyse(document, parsed(document))
    assert found.strength == 0
    lacking = {part.name for part in found.parts} - {"impact"}  # of roles, once there are some
    assert {suggestion.part for suggestion in found.suggestions} == lacking


months = st.builds(YearMonth, st.integers(1950, 2026), st.integers(0, 12))


@given(st.lists(st.tuples(months, st.none() | months), max_size=6))
def test_overlapping_work_counts_once(pairs: list[tuple[YearMonth, YearMonth | None]]) -> None:
    parts = [found for start, end in pairs if (found := interval(start, end))]
    total = union_months(parts, AS_OF)
    assert 0 <= total <= sum(union_months([part], AS_OF) for part in parts)
    assert total == union_months(parts[::-1], AS_OF)
    assert all(total >= union_months([part], AS_OF) for part in parts)


def test_an_interval_that_ends_before_it_begins_is_none() -> None:
    assert interval(YearMonth(2020, 5), YearMonth(2019, 5)) is None
    with pytest.raises(ValueError, match="ends"):
        Interval(5, 4)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("PhD Princeton University", EducationLevel.DOCTORATE),
        ("BS Boğaziçi University", EducationLevel.BACHELOR),
        ("Master of Science", EducationLevel.MASTER),
        ("MS Office and MS Excel", None),
    ],
)
def test_degrees_are_told_from_products(text: str, level: EducationLevel | None) -> None:
    found = find_degree(text)
    assert (found.level if found else None) is level

"""The text that a resume's vector is made of."""

from datetime import date

from services.ai.documents import Kind, extract
from services.ai.resume import parse, portrait, with_skills
from services.ai.skills import SkillLinker, load

RESUME = """Erika Mustermann
erika@example.org | +49 30 1234567 | Berlin, Germany

Experience

Data Engineer
Blue Harbour Systems, Hamburg
January 2019 – March 2023
• Built pipelines in Python and Apache Spark that load 40 million rows a day
• Moved nightly reports from Oracle to PostgreSQL without a lost row
• Taught four colleagues how to test SQL

Education

MSc Computer Science
University of Northfield
2016 – 2018
"""


def test_it_tells_the_work_and_not_the_person() -> None:
    told = _portrait(RESUME)
    assert "Data Engineer" in told
    assert "40 million rows" in told
    for identity in ("Erika", "Mustermann", "erika@example.org", "1234567", "Berlin", "Blue Harbour", "Northfield"):
        assert identity not in told


def test_what_could_not_be_parsed_is_told_without_the_contact() -> None:
    told = _portrait(
        "Erika Mustermann\nerika@example.org\nI bake bread and sell it on the market of our town since years.\n"
    )
    assert "bake bread" in told
    assert "erika@example.org" not in told


def test_it_is_no_longer_than_two_windows_of_the_encoder() -> None:
    assert len(_portrait(RESUME.replace("• Taught", "• Wrote one more service in Go\n" * 400 + "• Taught"))) <= 600


def _portrait(text: str) -> str:
    document = extract(text.encode(), Kind.TEXT)
    resume = parse(document, date(2024, 1, 1))
    return portrait(document, with_skills(resume, document, SkillLinker(load()).link(document.text)))

"""What tells gender, age, family or origin is not in the text that is compared."""

from datetime import date

import pytest

from services.ai.documents import Kind, extract
from services.ai.resume import parse, portrait, with_skills
from services.ai.resume.identity import neutral, without_name
from services.ai.resume.passages import MOST_LETTERS, MOST_PASSAGES, passages
from services.ai.skills import SkillLinker, load

WORK = """
Summary
{title} {last} is {age} years old. {she} leads teams of ten, and {her} colleagues trust {object}.

Experience

Chair{man} of the Builders' Guild
Northfield Builders, Hamburg
January 2019 – March 2023
• Led the guild and its {count} members through two fairs with Excel and SQL
• Wrote letters to {last}'s partners each week of the year
• Call +44 113 496 0123 for more of the work with partners
• Ran the yearly fair for the members of the guild

Salesperson
Old Mill Stores, Bremen
March 2014 – June 2017
• Sold flour and seeds to bakeries in five towns of the north
"""


def a_resume(**marks: str) -> str:
    """Of a woman, or of whom the marks tell."""
    woman = {
        "first": "Emily",
        "last": "Hartwell",
        "title": "Ms.",
        "she": "She",
        "her": "her",
        "object": "her",
        "man": "woman",
        "age": "29",
        "count": "40",
        "address": "12 Oak Street, Leeds LS1 4AB",
        "photo": "",
        "born": "Date of birth: 3 May 1997",
    } | marks
    head = "{photo}{first} {last}\n{address}\n{first}.{last}@example.org\n{born}\n"
    return (head + WORK).format(**woman)


MAN = {
    "first": "Tariq",
    "last": "Mansoor",
    "title": "Mr.",
    "she": "He",
    "her": "his",
    "object": "him",
    "man": "man",
    "age": "58",
    "address": "98 Harbour Road, Bristol BS1 5TY",
    "photo": "[photo]\n",
    "born": "Date of birth: 14 November 1968",
}


def told(text: str) -> tuple[str, list[str]]:
    """Its portrait, and its passages as they are embedded."""
    document = extract(text.encode(), Kind.TEXT)
    resume = parse(document, date(2024, 1, 1))
    resume = with_skills(resume, document, SkillLinker(load()).link(document.text))
    return portrait(document, resume), [neutral(span.text) for span in passages(resume)]


@pytest.mark.parametrize("marks", [*({name: value} for name, value in MAN.items()), MAN], ids=[*MAN, "all"])
def test_who_differs_in_nothing_but_identity_has_the_same_portrait_and_passages(marks: dict[str, str]) -> None:
    assert told(a_resume(**marks)) == told(a_resume())


def test_who_did_other_work_has_another_portrait() -> None:
    assert told(a_resume(count="900")) != told(a_resume())


def test_no_passage_holds_a_name_or_a_way_to_reach_the_person() -> None:
    _, said = told(a_resume())
    assert any("fairs with Excel" in one for one in said)
    assert not any(word in one for one in said for word in ("Hartwell", "Emily", "496 0123"))


def test_the_latest_role_comes_first() -> None:
    _, said = told(a_resume())
    assert said[0].startswith("Led the guild")
    assert said[-1].startswith("Sold flour")


def test_long_points_are_cut_and_there_are_two_dozen_at_most() -> None:
    long = "• Baked bread for " + "many towns and " * 40 + "villages\n"
    text = a_resume().replace("• Ran the yearly fair", long * 40 + "• Ran the yearly fair")
    document = extract(text.encode(), Kind.TEXT)
    found = passages(parse(document, date(2024, 1, 1)))
    assert len(found) <= MOST_PASSAGES
    assert all(len(span.text) <= MOST_LETTERS for span in found)
    assert all(document.text[span.start : span.end] == span.text for span in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("She managed her team herself.", "He managed his team himself."),
        ("They trusted her.", "They trusted him."),
        ("Chairwoman of the board", "Chairman of the board"),
        ("Chairwomen", "Chairmen"),
        ("Waitress", "Waiter"),
        ("Saleswoman", "Salesman"),
        ("Entwicklerin bei einer Bank", "Entwickler bei einer Bank"),
        ("Ärztin", "Arzt"),
        ("Ingenieur*innen", "Ingenieur"),
        ("Kauffrau", "Kaufmann"),
        ("Développeuse web", "Développeur web"),
        ("Directrice", "Directeur"),
        ("Desarrolladora", "Desarrollador"),
        ("Frau Meier", "Herr Meier"),
        ("Mrs. Green", "Mr Green"),
        ("Engineer, aged 35", "Engineer"),
        ("A 35-year-old engineer", "A 58-year-old engineer"),
        ("Engineer\nBorn 3 May 1984 in Cork", "Engineer"),
        ("Engineer\nDate of birth: 12.03.1984", "Engineer"),
        ("Engineer\nGeburtsdatum: 12. März 1984", "Engineer"),
        ("Engineer\nMarital status: married, two children", "Engineer"),
        ("Engineer\nMarried", "Engineer\nSingle"),
        ("Engineer\nNationality: French", "Engineer\nNationality: Danish"),
        ("Engineer | Gender: female", "Engineer"),
        ("Photo: attached\nEngineer", "Engineer"),
        ("Engineer (she/her)", "Engineer (he/him)"),
        ("Engineer, mother of two", "Engineer, father of two"),
        ("Engineer (m/w/d)", "Engineer"),
    ],
)
def test_what_differs_in_identity_alone_is_the_same_when_neutral(one: str, other: str) -> None:
    assert neutral(one) == neutral(other) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Built a service in Go and SQL that 40 million people use",
        "Raised revenue by 35 % in 2019",
        "5 years of experience with nurses' rosters",
        "Women's health clinic",
        "Managed the manufacturing of Berlin's trams",
    ],
)
def test_work_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_a_name_is_left_out_whole_and_in_parts() -> None:
    assert without_name("Jane Doe leads; Doe's team and JANE agree.", "Jane Doe") == "leads; team and agree."
    assert without_name("Python", "") == "Python"

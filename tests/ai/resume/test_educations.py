"""Courses of study in the many ways resumes set them."""

from dataclasses import replace

import pytest

from services.ai.credentials import EducationLevel
from services.ai.resume import Education, parse
from tests.ai.resume.documents import AS_OF, drawn, parsed_text

Told = tuple[str | None, str | None, str | None, str | None, str | None]
"""Institution, degree, field, start, end."""

BATH: Told = ("University of Bath", "B.Sc.", "Physics", "2005-09", "2009-06")
YEARS: Told = ("University of Bath", "Bachelor of Science", "Computer Science", "2005", "2009")

ONE_COURSE: list[tuple[str, Told]] = [
    ("University of Bath, B.Sc. in Physics\tSept 2005 – June 2009", BATH),
    ("B.Sc. Physics, University of Bath\tSept 2005 – June 2009", BATH),
    ("University of Bath\tSept 2005 – June 2009\nB.Sc. in Physics", BATH),
    ("B.Sc. in Physics\nUniversity of Bath\nSept 2005 – June 2009", BATH),
    ("B.Sc. in Physics\nUniversity of Bath | Sept 2005 – June 2009", BATH),
    ("Sept 2005 – June 2009\tB.Sc. Physics, University of Bath", BATH),
    ("Sept 2005 – June 2009\nUniversity of Bath\nB.Sc., Physics", BATH),
    ("B.Sc. Physics — University of Bath, 09/2005 - 06/2009", BATH),
    ("University of Bath – B.Sc. Physics (09/2005 – 06/2009)", BATH),
    ("University of Bath · B.Sc. Physics · 09/2005 - 06/2009", BATH),
    ("University of Bath, Bath, UK\tSept 2005 – June 2009\nB.Sc. Physics | GPA: 3.9/4.0", BATH),
    ("Bachelor of Science in Computer Science\nUniversity of Bath, 2005 - 2009", YEARS),
    ("Bachelor of Science, Computer Science\tUniversity of Bath\t2005 - 2009", YEARS),
    ("Bachelor of Science (Computer Science)\nUniversity of Bath\n2005 - 2009", YEARS),
    ("2005 - 2009 University of Bath\nBachelor of Science in Computer Science, GPA 3.8", YEARS),
    ("University of Bath\tBachelor of Science • 3.6 GPA\nComputer Science\tBath, UK • 2005 - 2009", YEARS),
    (
        "Bachelor of Science - BS, Computer Science\nUniversity of Bath\n2005 - 2009",
        ("University of Bath", "Bachelor of Science - BS", "Computer Science", "2005", "2009"),
    ),
    ("B.A., summa cum laude, Thornbury College\t2009", ("Thornbury College", "B.A.", None, None, "2009")),
    ("Juris Doctor, cum laude, University of Bath\t2009", ("University of Bath", "Juris Doctor", None, None, "2009")),
    ("Leaving Certificate, Thornbury College\t2009", ("Thornbury College", "Leaving Certificate", None, None, "2009")),
    (
        "Master's degree in Physics, University of Bath\t2005 - 2009",
        ("University of Bath", "Master's degree", "Physics", "2005", "2009"),
    ),
    (
        "Master 2 Droit social – Université de Bath\t2005 - 2009",
        ("Université de Bath", "Master 2", "Droit social", "2005", "2009"),
    ),
    (
        "Laurea magistrale in Fisica, Università di Bath\t2005 - 2009",
        ("Università di Bath", "Laurea magistrale", "Fisica", "2005", "2009"),
    ),
    ("Executive MBA, University of Bath\t2009", ("University of Bath", "Executive MBA", None, None, "2009")),
    (
        "BS Computer Science, Boğaziçi University\t2014 – 2018",
        ("Boğaziçi University", "BS", "Computer Science", "2014", "2018"),
    ),
    (
        "Master of Computing in Distributed Systems, University of Bath\t2014 – 2018",
        ("University of Bath", "Master of Computing", "Distributed Systems", "2014", "2018"),
    ),
    (
        "Dr.-Ing., Physics\nUniversity of Bath\t2014 – 2018",
        ("University of Bath", "Dr.-Ing.", "Physics", "2014", "2018"),
    ),
    (
        "M.A. Physics, University of Ibadan, Ibadan.\t2014 – 2018",
        ("University of Ibadan", "M.A.", "Physics", "2014", "2018"),
    ),
    (
        "Degree\tInstitution\tYear\nB.Sc. Physics\tUniversity of Bath\t2014 – 2018",
        ("University of Bath", "B.Sc.", "Physics", "2014", "2018"),
    ),
    ("PhD Princeton University, Physics\t2014 – 2018", ("Princeton University", "PhD", "Physics", "2014", "2018")),
    (
        "Caltech\tSep 2022 – Present\nPh.D., Applied Mathematics",
        ("Caltech", "Ph.D.", "Applied Mathematics", "2022-09", None),
    ),
    ("MBA, INSEAD, 2012", ("INSEAD", "MBA", None, None, "2012")),
    (
        "Master of Business Administration\nHarvard Business School\tMay 2012",
        ("Harvard Business School", "Master of Business Administration", None, None, "2012-05"),
    ),
    (
        "High School Diploma, Lincoln High School\t2001",
        ("Lincoln High School", "High School Diploma", None, None, "2001"),
    ),
    (
        "University of Texas at Austin\nB.A. History\tExpected May 2027",
        ("University of Texas at Austin", "B.A.", "History", None, "2027-05"),
    ),
    (
        "General Assembly\nFull-Stack Web Development Program (2022)",
        ("General Assembly", None, "Full-Stack Web Development Program", None, "2022"),
    ),
    (
        "Master in Informatik, Technische Universität München\t10/2012 – 09/2014",
        ("Technische Universität München", "Master", "Informatik", "2012-10", "2014-09"),
    ),
    (
        "10/2012 – 09/2014\tTechnische Universität München\nStudium der Informatik, Abschluss: Diplom",
        ("Technische Universität München", "Diplom", "Informatik", "2012-10", "2014-09"),
    ),
    (
        "Licence de Mathématiques, Université de Lyon\t2010 – 2013",
        ("Université de Lyon", "Licence", "Mathématiques", "2010", "2013"),
    ),
    (
        "Grado en Derecho, Universidad de Granada\t2010 – 2014",
        ("Universidad de Granada", "Grado", "Derecho", "2010", "2014"),
    ),
]


def courses(entries: str) -> list[Education]:
    text = f"Jane Doe\njane.doe@example.com\n\nEDUCATION\n{entries}\n\nSKILLS\nPython, Go"
    return list(parsed_text(text).educations)


def told(course: Education) -> Told:
    return (
        course.institution.text if course.institution else None,
        course.degree.text if course.degree else None,
        course.field.text if course.field else None,
        str(course.start) if course.start else None,
        str(course.end) if course.end else None,
    )


@pytest.mark.parametrize(("entry", "expected"), ONE_COURSE, ids=[entry.replace("\n", " / ") for entry, _ in ONE_COURSE])
def test_a_course_of_study_is_read_however_it_is_set(entry: str, expected: Told) -> None:
    assert [told(course) for course in courses(entry)] == [expected]


def test_two_degrees_of_one_school_are_two_courses() -> None:
    found = courses("San Jose State University\tMay 2027\nB.S. Business Administration\nB.A. Japanese")
    assert [told(c)[:3] for c in found] == [
        ("San Jose State University", "B.S.", "Business Administration"),
        ("San Jose State University", "B.A.", "Japanese"),
    ]


def test_grades_honours_and_courses_are_no_subjects() -> None:
    found = courses(
        "University of Bath\t2005 – 2009\nB.Sc. Physics, magna cum laude\nGPA: 3.9/4.0\n"
        "Relevant Coursework: Optics, Mechanics\n• Thesis: Light in narrow rooms"
    )
    assert [told(c) for c in found] == [("University of Bath", "B.Sc.", "Physics", "2005", "2009")]
    assert found[0].level is EducationLevel.BACHELOR


def test_a_misread_degree_in_a_narrow_cell_of_a_picture_is_the_degree_it_comes_near() -> None:
    page = drawn(
        [
            ("Jane Doe", 20, True, 50),
            ("Education", 14, True, 50),
            ("Bach- Thornbury Institute of Technology, Computer Science (Distributed", 10, False, 50),
            ("Systems)", 10, False, 90),
            ("lor of", 10, False, 50),
            ("Sci-", 10, False, 50),
            ("ence", 10, False, 50),
        ]
    )
    found = parse(replace(page, recognised=True), AS_OF).educations
    assert [(e.institution and e.institution.text, e.degree and e.degree.text) for e in found] == [
        ("Thornbury Institute of Technology", "Bachelor of Science")
    ]


def test_a_subject_between_a_school_and_its_diploma_is_no_part_of_the_school() -> None:
    found = parsed_text(
        "Jane Doe\n\nEDUCATION\nFairwarden High School, Maths and Physics Diploma\t2007 - 2011\n"
    ).educations
    assert [e.institution and e.institution.text for e in found] == ["Fairwarden High School"]


def test_a_college_of_a_university_is_one_school() -> None:
    found = parsed_text(
        "Jane Doe\n\nEDUCATION\nBachelor of Education, Marlow College, University of Bath\n2008 - 2012\n"
    ).educations
    assert [(e.institution and e.institution.text, e.field) for e in found] == [
        ("Marlow College, University of Bath", None)
    ]


def test_the_heading_of_a_table_is_no_course() -> None:
    table = "Course\tInstitution\tBoard / University\tYear\t%\nHSC\tThornbury College\tState Board\t2018\t84.0"
    found = parsed_text(f"Jane Doe\n\nEDUCATION\n{table}\n").educations
    assert [e.institution and e.institution.text for e in found] == ["Thornbury College"]


def test_a_course_that_goes_over_two_rows_keeps_its_school_and_year() -> None:
    page = drawn(
        [
            ("Jane Doe", 20, True, 50),
            ("Education", 14, True, 50),
            (
                "Bachelor of Science in Business (B.S.B.), Finance | University of Bath, Thornbury School of",
                10,
                False,
                50,
            ),
            ("Management | 2019", 10, False, 50),
        ]
    )
    found = parse(page, AS_OF).educations
    assert [(e.institution and e.institution.text, str(e.end)) for e in found] == [
        ("University of Bath, Thornbury School of Management", "2019")
    ]


def test_a_town_behind_a_university_of_a_state_is_of_its_name() -> None:
    found = parsed_text(
        "Jane Doe\n\nEDUCATION\nUniversity of California, Davis\tB.S.\nEconomics\t2012 - 2016\n"
    ).educations
    assert [e.institution and e.institution.text for e in found] == ["University of California, Davis"]
    assert found[0].field is not None
    assert found[0].field.text == "Economics"


def test_a_candidate_for_a_degree_studies_a_subject() -> None:
    found = parsed_text("Jane Doe\n\nEDUCATION\nPh.D. Candidate in Robotics, University of Bath\t2027\n").educations
    assert found[0].field is not None
    assert found[0].field.text == "Robotics"

"""Jobs in the many ways resumes set them: what stands first, where the dates are, what parts the names."""

import pytest

from services.ai.resume import Experience, parse
from tests.ai.resume.documents import AS_OF, drawn, parsed_text

Told = tuple[str | None, str | None, str | None, str | None, str | None]
"""Title, employer, place, start, end; `now` for a job that lasts."""

BULLETS = (
    "• Led a team of five engineers and cut costs by 20 %.\n• Built the billing service that serves two million users."
)

NEXUS: Told = ("Senior Software Engineer", "Nexus Labs", None, "2019-03", "2022-05")
BERLIN: Told = ("Senior Software Engineer", "Nexus Labs", "Berlin, Germany", "2019-03", "2022-05")
NOW: Told = ("Product Manager", "Acme Corp", "Chicago, IL", "2020-01", "now")

ONE_JOB: list[tuple[str, Told]] = [
    ("Senior Software Engineer, Nexus Labs\tMar 2019 – May 2022", NEXUS),
    ("Nexus Labs, Senior Software Engineer\tMar 2019 – May 2022", NEXUS),
    ("Senior Software Engineer\tMar 2019 – May 2022\nNexus Labs", NEXUS),
    ("Nexus Labs\tMar 2019 – May 2022\nSenior Software Engineer", NEXUS),
    ("Nexus Labs\nSenior Software Engineer\tMar 2019 – May 2022", NEXUS),
    ("Senior Software Engineer\nNexus Labs\tMar 2019 – May 2022", NEXUS),
    ("Senior Software Engineer\nNexus Labs\nMar 2019 – May 2022", NEXUS),
    ("Mar 2019 – May 2022\nSenior Software Engineer\nNexus Labs", NEXUS),
    ("Mar 2019 – May 2022\tSenior Software Engineer, Nexus Labs", NEXUS),
    ("Mar 2019 – May 2022  Nexus Labs | Senior Software Engineer", NEXUS),
    ("Senior Software Engineer | Nexus Labs | Mar 2019 – May 2022", NEXUS),
    ("Senior Software Engineer at Nexus Labs (Mar 2019 – May 2022)", NEXUS),
    ("Senior Software Engineer @ Nexus Labs, Mar 2019 – May 2022", NEXUS),
    ("Senior Software Engineer – Nexus Labs (03/2019 – 05/2022)", NEXUS),
    ("Nexus Labs — Senior Software Engineer, 03/2019 - 05/2022", NEXUS),
    ("Senior Software Engineer · Nexus Labs · 2019-03 to 2022-05", NEXUS),
    ("SENIOR SOFTWARE ENGINEER\nNexus Labs | March 2019 - May 2022", NEXUS),
    ("NEXUS LABS\nSenior Software Engineer | March 2019 - May 2022", NEXUS),
    ("Senior Software Engineer, Nexus Labs – Berlin, Germany\tMar 2019 – May 2022", BERLIN),
    ("Senior Software Engineer\tBerlin, Germany\nNexus Labs\tMar 2019 – May 2022", BERLIN),
    ("Nexus Labs\tBerlin, Germany\nSenior Software Engineer\tMar 2019 – May 2022", BERLIN),
    ("Nexus Labs, Berlin, Germany\nSenior Software Engineer, Mar 2019 – May 2022", BERLIN),
    ("Senior Software Engineer\nNexus Labs | Berlin, Germany | Mar 2019 – May 2022", BERLIN),
    ("Senior Software Engineer\nNexus Labs\nBerlin, Germany | Mar 2019 – May 2022", BERLIN),
    ("Senior Software Engineer\nNexus Labs\nMar 2019 – May 2022 | Berlin, Germany", BERLIN),
    ("Senior Software Engineer | Berlin, Germany\nNexus Labs\tMar 2019 – May 2022", BERLIN),
    ("Senior Software Engineer, Nexus Labs (Berlin, Germany)\tMar 2019 – May 2022", BERLIN),
    ("Mar 2019 – May 2022 | Berlin, Germany\nSenior Software Engineer | Nexus Labs", BERLIN),
    ("Product Manager, Acme Corp, Chicago, IL\tJan 2020 – Present", NOW),
    ("Product Manager\nAcme Corp, Chicago, IL\nJan 2020 – Present", NOW),
    ("Acme Corp · Chicago, IL\nProduct Manager · January 2020 – Current", NOW),
    ("Product Manager\tJanuary 2020 to Present\nAcme Corp\tChicago, IL", NOW),
    ("Acme Corp\tJan 2020 - Present\nProduct Manager\tChicago, IL", NOW),
    ("Product Manager – Acme Corp – Chicago, IL – since 01/2020", NOW),
    ("Product Manager\nAcme Corp · Full-time\nJan 2020 - Present · 3 yrs 2 mos\nChicago, IL", NOW),
    ("Position: Product Manager\nCompany: Acme Corp\nLocation: Chicago, IL\nDuration: Jan 2020 - Present", NOW),
    ("Product Manager\nAcme Corp\n2020/01 – today\nChicago, IL", NOW),
    ("Intern\tSummer 2021\nBrightwave Inc.", ("Intern", "Brightwave Inc.", None, "2021-06", "2021-08")),
    (
        "Period: May 2012 – June 2014\nOrganisation: Brightwave School\nPosition: Teacher",
        ("Teacher", "Brightwave School", None, "2012-05", "2014-06"),
    ),
    (
        "1. Site Engineer – Brightwave Ltd (May 2012 – To Date)",
        ("Site Engineer", "Brightwave Ltd", None, "2012-05", "now"),
    ),
    ("Driver\nBrightwave Ltd., Ballyknock\t2012 - 2014", ("Driver", "Brightwave Ltd.", "Ballyknock", "2012", "2014")),
    (
        "Carer\nBrightwave Care Home, Macclesfield\t2012 - 2014",
        ("Carer", "Brightwave Care Home", "Macclesfield", "2012", "2014"),
    ),
    ("Freelance\nWeb Developer\t2014 - 2016", ("Web Developer", "Freelance", None, "2014", "2016")),
    (
        "Head of Research and Development, Müller & Söhne GmbH\t2014–18",
        ("Head of Research and Development", "Müller & Söhne GmbH", None, "2014", "2018"),
    ),
    (
        "Nurse, St. Mary's Hospital, Boston, MA\t2015 – 2018",
        ("Nurse", "St. Mary's Hospital", "Boston, MA", "2015", "2018"),
    ),
    (
        "Teacher | Lincoln High School | Austin, TX | Aug 2010 - Jun 2014",
        ("Teacher", "Lincoln High School", "Austin, TX", "2010-08", "2014-06"),
    ),
    (
        "Nara Logics, Inc, Principal Developer\tMar 2016 – Oct 2016",
        ("Principal Developer", "Nara Logics, Inc", None, "2016-03", "2016-10"),
    ),
    (
        "Professor of Physics, University of California at Irvine\t1999 - 2005",
        ("Professor of Physics", "University of California at Irvine", None, "1999", "2005"),
    ),
]


def told(job: Experience) -> Told:
    return (
        job.title.text if job.title else None,
        job.employer.text if job.employer else None,
        job.location.text if job.location else None,
        str(job.start) if job.start else None,
        "now" if job.current else str(job.end) if job.end else None,
    )


def jobs(entries: str) -> list[Experience]:
    text = (
        f"Jane Doe\njane.doe@example.com\n\nEXPERIENCE\n{entries}\n\nEDUCATION\nB.Sc. Physics, University of Bath, 2009"
    )
    return list(parsed_text(text).experiences)


@pytest.mark.parametrize(("heading", "expected"), ONE_JOB, ids=[heading.replace("\n", " / ") for heading, _ in ONE_JOB])
def test_a_job_is_read_however_it_is_set(heading: str, expected: Told) -> None:
    found = jobs(f"{heading}\n{BULLETS}")
    assert [(t.lower() if t and t.isupper() else t) for t in told(found[0])[2:]] == list(expected[2:])
    assert [(value or "").lower() for value in told(found[0])[:2]] == [(value or "").lower() for value in expected[:2]]
    assert [b.text for b in found[0].bullets] == [line[2:] for line in BULLETS.splitlines()]
    assert len(found) == 1


def test_a_kind_of_employment_is_no_employer() -> None:
    found = jobs(f"Nurse · Full-time\n2015 – 2018\n{BULLETS}")
    assert told(found[0]) == ("Nurse", None, None, "2015", "2018")


def test_roles_under_one_employer_share_it() -> None:
    found = jobs(
        f"Acme Corp\nStaff Engineer\tJan 2020 – Present\n{BULLETS}\nSenior Engineer, Payments\tJan 2018 – Dec 2019\n{BULLETS}"
    )
    assert [told(job)[:2] for job in found] == [
        ("Staff Engineer", "Acme Corp"),
        ("Senior Engineer, Payments", "Acme Corp"),
    ]


def test_a_row_that_stands_where_the_other_employers_do_names_one() -> None:
    found = jobs(
        "2020 – Present\tSenior Accountant\nHalvorsen Tool, Inc., Denver, Colorado\nKept the books of five shops\n"
        "2017 – 2020\tStaff Accountant\nBright Mesa Foods, Boulder, Colorado\nKept the books of a farm\n"
        "2015 – 2017\tAudit Associate\nKettering LLP, Phoenix, Arizona\nKept the books of two shops\n"
    )
    assert [told(job)[1:3] for job in found] == [
        ("Halvorsen Tool, Inc.", "Denver, Colorado"),
        ("Bright Mesa Foods", "Boulder, Colorado"),
        ("Kettering LLP", "Phoenix, Arizona"),
    ]
    assert [b.text for b in found[1].bullets] == ["Kept the books of a farm"]


def test_a_title_with_its_place_in_brackets_stands_where_the_other_titles_do() -> None:
    found = jobs(
        "Distribuciones Norte S.A.\t2018 – 2021\nJefa de almacén (Zaragoza, España)\n• Gestión de un equipo\n"
        "Frutas del Valle S.L.\t2014 – 2018\nEncargada de turno (Tudela, España)\n• Planificación de rutas\n"
        "Frutas del Valle S.L.\t2011 – 2014\nMoza de almacén (Tudela, España)\n• Preparación de pedidos\n"
    )
    assert told(found[2])[:3] == ("Moza de almacén", "Frutas del Valle S.L.", "Tudela, España")


@pytest.mark.parametrize("total", ["6 years 2 months", "3 yrs", "11 months", "2 Jahre 3 Monate"])
def test_how_long_it_was_in_all_parts_no_employer_from_its_roles(total: str) -> None:
    found = jobs(
        f"Riverbend Center\n4 years\nCharge Nurse\n2019 – 2021\n{BULLETS}\n"
        f"Mercy Hospital\n{total}\nStaff Nurse\n2016 – 2019\n{BULLETS}\nCare Technician\n2014 – 2016\n{BULLETS}"
    )
    assert [told(job)[:2] for job in found] == [
        ("Charge Nurse", "Riverbend Center"),
        ("Staff Nurse", "Mercy Hospital"),
        ("Care Technician", "Mercy Hospital"),
    ]


def on_a_page(*lines: tuple[str, float, bool, float]) -> list[Experience]:
    heading = [("Jane Doe", 20.0, True, 50.0), ("Experience", 14.0, True, 50.0)]
    return list(parse(drawn([*heading, *lines, ("Education", 14.0, True, 50.0)]), AS_OF).experiences)


def test_a_role_set_unlike_the_banner_above_names_no_employer() -> None:
    found = on_a_page(
        ("Meridian Group", 12, True, 50),
        ("Chief Operating Officer\t2019 – Present", 10, True, 50),
        ("• Ran operations of 41 hubs", 10, False, 60),
        ("Senior Vice President, Supply Chain\t2015 – 2018", 10, True, 50),
        ("• Opened six hubs on time", 10, False, 60),
    )
    assert told(found[1])[:2] == ("Senior Vice President, Supply Chain", "Meridian Group")


def test_a_place_below_the_dates_is_no_rest_of_the_title_above_them() -> None:
    found = on_a_page(
        ("Dunmore Inc.", 12, False, 50),
        ("Management Trainee", 11, False, 50),
        ("August 1996 - June 1998 (1 year 11 months)", 10, False, 50),
        ("Rochester, NY", 10, False, 50),
        ("• Rotated through purchasing", 10, False, 60),
    )
    assert told(found[0]) == ("Management Trainee", "Dunmore Inc.", "Rochester, NY", "1996-08", "1998-06")


def test_an_indented_list_without_bullets_is_no_part_of_the_heading() -> None:
    found = on_a_page(
        ("03/2019 – heute\tEntwicklungsingenieurin", 10, True, 50),
        ("Rheinwerk Pumpen AG, Mannheim", 10, False, 190),
        ("Auslegung von Steuerungen mit Siemens S7", 10, False, 206),
        ("Senkung der Ausschussquote", 10, False, 206),
    )
    assert found[0].bullets[0].text.startswith("Auslegung von Steuerungen")


def test_roles_under_a_banner_are_where_the_banner_says() -> None:
    found = parsed_text(
        "Jane Doe\n\nEXPERIENCE\nNexus Labs | Berlin, Germany\t2015 – 2022\nChief Operating Officer (Jan 2019 – May 2022)\n"
        f"{BULLETS}\nSenior Vice President, Supply Chain (Jun 2015 – Dec 2018)\n{BULLETS}"
    ).experiences
    assert [
        (e.title and e.title.text, e.employer and e.employer.text, e.location and e.location.text) for e in found
    ] == [
        ("Chief Operating Officer", "Nexus Labs", "Berlin, Germany"),
        ("Senior Vice President, Supply Chain", "Nexus Labs", "Berlin, Germany"),
    ]


def test_a_town_that_nobody_knows_is_one_where_the_other_jobs_name_theirs() -> None:
    found = parsed_text(
        "Jane Doe\n\nEXPERIENCE\nTeacher\nOakfield Primary School, London\nSep 2018 – May 2022\n• Taught a class of 30.\n"
        "Teaching Assistant\nHilltop Academy, Wetherfold\nSep 2013 – Jul 2014\n• Supported four pupils.\n"
    ).experiences
    assert [(e.employer and e.employer.text, e.location and e.location.text) for e in found] == [
        ("Oakfield Primary School", "London"),
        ("Hilltop Academy", "Wetherfold"),
    ]


def test_how_long_somebody_was_with_an_employer_parts_no_name_from_its_roles() -> None:
    found = parsed_text(
        "Jane Doe\n\nEXPERIENCE\nNexus Labs\nSenior Engineer\nApril 2019 - Present (7 years 7 months)\n• Led a team of five.\n"
        "Acme Corp\n6 years 2 months\nEngineer\nJuly 2016 - March 2019 (2 years 9 months)\n• Built the billing service.\n"
    ).experiences
    assert [e.employer and e.employer.text for e in found] == ["Nexus Labs", "Acme Corp"]


def test_what_stands_over_a_list_of_tasks_is_no_task() -> None:
    found = parsed_text(
        f"Jane Doe\n\nEXPERIENCE\nEngineer, Acme Corp\t2016 – 2019\nResponsibilities:\n{BULLETS}"
    ).experiences
    assert [b.text.split()[0] for b in found[0].bullets] == ["Led", "Built"]


def test_a_place_below_the_dates_is_no_part_of_the_description() -> None:
    found = jobs(
        "09/2021 – Present\tData Scientist, Acme Energy Ltd\nLyon, France\tForecast load for a million meters\nLed nine people"
    )
    assert told(found[0]) == ("Data Scientist", "Acme Energy Ltd", "Lyon, France", "2021-09", "now")
    assert found[0].bullets[0].text.startswith("Forecast load")


def test_a_town_that_stands_alone_beside_the_dates_is_the_place() -> None:
    found = jobs("Year 3 Teacher\nSt Mary's Primary\n09/2015 - 07/2018\tBradford\n- Taught 30 pupils")
    assert told(found[0]) == ("Year 3 Teacher", "St Mary's Primary", "Bradford", "2015-09", "2018-07")


@pytest.mark.parametrize(
    ("heading", "title", "employer"),
    [
        ("SENIOR SYSTEM ENGINEER BRIGHTWAVE LIMITED\t2015 - 2018", "SENIOR SYSTEM ENGINEER", "BRIGHTWAVE LIMITED"),
        ("TEACHING ASSISTANT HILLTOP ACADEMY\n09/2015 – 07/2018\tBradford", "TEACHING ASSISTANT", "HILLTOP ACADEMY"),
    ],
)
def test_a_title_that_runs_into_a_sure_employer_ends_at_its_noun(heading: str, title: str, employer: str) -> None:
    assert told(jobs(f"{heading}\n- Taught 30 pupils")[0])[:2] == (title, employer)


def test_a_title_that_goes_on_after_its_noun_is_whole() -> None:
    assert told(jobs("Account Manager Northern Region\t2015 - 2018\n- Sold")[0])[:2] == (
        "Account Manager Northern Region",
        None,
    )

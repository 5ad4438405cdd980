"""Jobs that are told in sentences."""

import pytest

from tests.ai.resume.test_entries import jobs, told


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Worked as a Site Engineer in Brightwave Builders Ltd, Pune from 2014 to 2018.",
            ("Site Engineer", "Brightwave Builders Ltd", "Pune", "2014", "2018"),
        ),
        (
            "Presently working in Brightwave Builders, Chennai, India as an Electrical Engineer from Sept 2014 to till date.",
            ("Electrical Engineer", "Brightwave Builders", "Chennai, India", "2014-09", "now"),
        ),
        (
            "Currently working for Brightwave Builders, as an accountant, since May, 2017",
            ("accountant", "Brightwave Builders", None, "2017-05", "now"),
        ),
        (
            "Worked with Larkfield Homes, Chennai, from September 2009 to June 2012 as Electrical Engineer.",
            ("Electrical Engineer", "Larkfield Homes", "Chennai", "2009-09", "2012-06"),
        ),
        (
            "Worked as a Logistics Manager in Larkfield Services which is part of Brightwave\n"
            "Holdings from 29th August 2013 to 15th\nSeptember 2017.",
            ("Logistics Manager", "Larkfield Services", None, "2013-08", "2017-09"),
        ),
    ],
)
def test_a_sentence_tells_who_where_and_when(sentence: str, expected: tuple[str | None, ...]) -> None:
    found = jobs(f"{sentence}\n- Kept the books of three branches")
    assert [told(job) for job in found] == [expected]
    assert [bullet.text for bullet in found[0].bullets] == ["Kept the books of three branches"]


def test_a_sentence_among_dated_headings_is_a_task() -> None:
    found = jobs(
        "Engineer, Acme Inc.\t2014 – 2018\n- Worked as a liaison officer for Initech from 2015 to 2016\n"
        "Clerk, Initech\t2010 – 2013\n- Filed"
    )
    assert [told(job)[0] for job in found] == ["Engineer", "Clerk"]


def test_dated_bullets_are_jobs_where_nothing_else_is() -> None:
    found = jobs(
        "- Brightwave Ltd\tCustomer Service Executive Dec, 2010 to May, 2012\n- Larkfield Ltd\tSenior Executive Jun, 2012 to till now"
    )
    assert [(told(job)[0], told(job)[3:]) for job in found] == [
        ("Customer Service Executive", ("2010-12", "2012-05")),
        ("Senior Executive", ("2012-06", "now")),
    ]


def test_labels_in_cells_of_their_own_say_what_stands_beside_them() -> None:
    found = jobs(
        "Organization Name\t:\tBrightwave College\nDesignation\t:\tAssistant Professor from Jan 2014 to Oct 2016\n- Taught"
    )
    assert told(found[0]) == ("Assistant Professor", "Brightwave College", None, "2014-01", "2016-10")

"""Whose resume it is and how to reach them."""

from dataclasses import replace

import pytest

from services.ai.resume import Contact, parse
from tests.ai.resume.documents import AS_OF, document_of, drawn, parsed_text

REST = (
    "\n\nEXPERIENCE\nEngineer, Acme Inc., Boston, MA\t2019 – 2021\n• See https://acme.com/team and call 555 123 4567."
)


def contact(head: str) -> Contact:
    return parsed_text(head + REST).contact


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Jane Doe\njane.doe@example.com", "Jane Doe"),
        ("JANE DOE\njane.doe@example.com", "Jane Doe"),
        ("J A N E D O E\njane.doe@example.com", "JANE DOE"),
        ("jane.doe@example.com | +1 312 555 0110\nJane Doe", "Jane Doe"),
        ("RESUME\nJane Doe\njane.doe@example.com", "Jane Doe"),
        ("Curriculum Vitae\nName: Jane Doe\njane.doe@example.com", "Jane Doe"),
        ("Software Engineer\nJane Doe\njane.doe@example.com", "Jane Doe"),
        ("Jane Doe | Software Engineer\njane.doe@example.com", "Jane Doe"),
        ("Jane Doe – Resume\njane.doe@example.com", "Jane Doe"),
        ("Jane Doe, PhD, MBA\njdoe@example.com", "Jane Doe"),
        ("Dr. Jane Doe\njdoe@example.com", "Jane Doe"),
        ("Doe, Jane\njane.doe@example.com", "Jane Doe"),
        ("Jane Doe III\njane.doe@example.com", "Jane Doe III"),
        ("Jane Doe, Registered Nurse, Critical Care\njane.doe@example.com", "Jane Doe"),
        ("Jane Q. Doe\njane.doe@example.com", "Jane Q. Doe"),
        ("Ludwig van der Rohe\nludwig@example.com", "Ludwig van der Rohe"),
        ("Ana María de la Cruz\nana.cruz@example.com", "Ana María de la Cruz"),
        ("Jean-Luc D'Arcy\njl.darcy@example.com", "Jean-Luc D'Arcy"),
        ("Zoë Müller-Lüdenscheidt\nzoe@example.de", "Zoë Müller-Lüdenscheidt"),
        ("Иван Петров\nivan.petrov@example.com", "Иван Петров"),
        ("王 小明\nxiaoming.wang@example.com", "王 小明"),
        ("Lebenslauf\nErika Mustermann\nerika@example.de", "Erika Mustermann"),
    ],
)
def test_the_name_is_told_from_what_stands_around_it(head: str, name: str) -> None:
    found = contact(head).name
    assert found is not None
    assert found.text.replace(" ", "").lower() == name.replace(" ", "").lower()
    assert found.text == name or name == "JANE DOE"


@pytest.mark.parametrize("head", ["Profile of a hard worker", "Berlin, Germany\n12345", "Objective: to find a job"])
def test_nobody_is_named_where_no_name_stands(head: str) -> None:
    assert contact(head).name is None


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("jane.doe@example.com", "jane.doe@example.com"),
        ("E-mail: jane_doe+cv@mail.example.co.uk", "jane_doe+cv@mail.example.co.uk"),
        ("jane.doe (at) example (dot) com", "jane.doe@example.com"),
        ("jane.doe [at] example.org", "jane.doe@example.org"),
        ("jane.doe @ example.com", "jane.doe@example.com"),
        ("jane at example dot com", "jane@example.com"),
    ],
)
def test_an_address_is_read_even_if_veiled(written: str, address: str) -> None:
    assert [v.text for v in contact(f"Jane Doe\n{written}").emails] == [address]


@pytest.mark.parametrize(
    "number",
    [
        "+1 312 555 0110",
        "(312) 555-0110",
        "312.555.0110",
        "312-555-0110",
        "+49 (0) 170 1234567",
        "+49 30/1234567",
        "0049 170 1234567",
        "030 123 456 78",
        "06 12 34 56 78",
        "+33 6 12 34 56 78",
        "+34 612 345 678",
        "+44 20 7946 0958",
        "(312) 555-0110 ext. 12",
        "+91-98765-43210",
    ],
)
def test_a_telephone_number_is_read_in_the_forms_of_many_countries(number: str) -> None:
    assert [v.text for v in contact(f"Jane Doe\nPhone: {number} | jane@example.com").phones] == [number]


def test_years_and_numbers_of_roles_are_no_telephone_numbers() -> None:
    assert contact("Jane Doe\nEngineer 2014 - 2018\njane@example.com").phones == ()


def test_a_link_of_a_job_is_no_contact() -> None:
    head = "Jane Doe\njane@example.com | linkedin.com/in/jane-doe | https://janedoe.dev/ | github.com/janedoe"
    assert [v.text for v in contact(head).links] == [
        "linkedin.com/in/jane-doe",
        "https://janedoe.dev/",
        "github.com/janedoe",
    ]


def test_names_of_software_are_no_links() -> None:
    assert contact("Jane Doe\nNode.js, ASP.NET and Vue.js developer\njane@example.com").links == ()


def test_what_a_click_opens_counts_where_the_page_shows_a_word() -> None:
    document = document_of("Jane Doe\nE-mail | GitHub" + REST)
    at, end = document.text.index("E-mail"), document.text.index("GitHub")
    links = ((at, at + 6, "mailto:jane@example.com"), (end, end + 6, "https://github.com/janedoe"))
    found = parse(replace(document, links=links), AS_OF).contact
    assert [v.text for v in found.emails] == ["jane@example.com"]
    assert [v.text for v in found.links] == ["https://github.com/janedoe"]
    assert found.links[0].span.text == "GitHub"


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("Berlin, Germany | jane@example.com", "Berlin, Germany"),
        ("jane@example.com • San Francisco, CA 94110", "San Francisco, CA 94110"),
        ("jane@example.com\tNYC, NY", "NYC, NY"),
        ("Location: Springfield\njane@example.com", "Springfield"),
        ("4567 Main Street, Buffalo, New York 98052\njane@example.com", "4567 Main Street, Buffalo, New York 98052"),
        ("Musterstraße 12, 12345 Berlin\njane@example.com", "Musterstraße 12, 12345 Berlin"),
        ("12 rue de la Paix, 75002 Paris\njane@example.com", "12 rue de la Paix, 75002 Paris"),
        ("München | jane@example.com", "München"),
        ("Dirección: Calle Mayor 5, 28013 Madrid\njane@example.com", "Calle Mayor 5, 28013 Madrid"),
    ],
)
def test_the_place_is_the_person_s_and_no_employer_s(head: str, place: str) -> None:
    found = contact(f"Jane Doe\n{head}").location
    assert found is not None
    assert found.text == place


def test_no_place_is_said_where_only_jobs_have_one() -> None:
    assert contact("Jane Doe\njane@example.com").location is None


@pytest.mark.parametrize(
    "place",
    [
        "14 Larch Close, Stockport SK4 2DA",
        "ul. Lipowa 12/4, 31-042 Kraków, Poland",
        "Kerkstraat 22, 3511 LX Utrecht",
        "Via Roma 15, 50123 Firenze",
        "Nasr City, Cairo, Egypt",
        "Ballyknock, Co. Galway",
        "P.O. Box 555-10100, Nyeri",
    ],
)
def test_an_address_is_known_by_its_last_part_or_its_code(place: str) -> None:
    found = contact(f"Jane Doe\n{place} | jane.doe@example.com")
    assert found.location is not None
    assert found.location.text == place


def test_a_title_and_a_duty_are_no_address() -> None:
    assert contact("Jane Doe\nTeaching, mentoring, and coaching\njane.doe@example.com").location is None


def test_a_post_box_and_a_period_are_no_telephone_numbers() -> None:
    found = contact("Jane Doe\nP.O. Box 555-10100, Nyeri\n07/2016 – 01/2020\n+254 722 555 019\njane.doe@example.com")
    assert [phone.text for phone in found.phones] == ["+254 722 555 019"]


def test_a_name_goes_on_in_the_next_row_of_the_same_large_letters() -> None:
    page = drawn(
        [
            ("Dr. Ikechukwu Ade", 30, False, 45),
            ("+44 131 496 0123", 9, False, 400),
            ("Okonjo", 30, False, 45),
            ("i.okonjo@example.com", 9, False, 400),
            ("Lecturer in phonology and field methods at the university", 10, False, 45),
        ]
    )
    found = parse(page, AS_OF).contact.name
    assert found is not None
    assert found.text == "Ikechukwu Ade Okonjo"


def test_a_name_in_three_narrow_rows_is_one() -> None:
    page = drawn(
        [
            ("Marta del", 22, True, 14),
            ("Pilar Ortega", 22, True, 14),
            ("Quiroga", 22, True, 14),
            ("mp.ortega@example.com", 10, False, 14),
            ("Responsable de almacén con doce años de experiencia en logística", 10, False, 14),
        ]
    )
    found = parse(page, AS_OF).contact.name
    assert found is not None
    assert found.text == "Marta del Pilar Ortega Quiroga"

"""Europass XML of both generations, alone and in PDF files."""

import io

import pikepdf
import pypdf
import pytest

from services.ai.months import YearMonth
from services.careerforge.exchange import read_profile
from services.careerforge.exchange.profile import Certification, Education, Experience, Language, Location, Publication
from services.kit.errors import InvalidArgument
from tests.careerforge.exchange.files import CANDIDATE, PASSPORT


def test_a_skills_passport_is_read() -> None:
    found = read_profile(PASSPORT.encode())
    profile = found.profile
    assert found.format == "europass"
    assert (profile.name, profile.headline, profile.summary) == ("Élodie Martin", "Nurse", "I care.")
    assert profile.emails == ("elodie@example.org",)
    assert profile.phones == ("+33 4 12 34 56",)
    assert profile.links == ("https://elodie.example.org",)
    assert profile.location == Location("Lyon", "", "FR")
    assert profile.experiences == (
        Experience(
            "Head nurse",
            "Hôpital Saint-Louis",
            "Lyon, France",
            YearMonth(2018, 3),
            None,
            True,
            "Runs a ward.\n• 12 colleagues\n• Rosters & stock",
        ),
        Experience("Nurse", "Clinique", "", YearMonth(2012), YearMonth(2018, 2)),
    )
    assert profile.educations == (Education("IFSI Lyon", "Diplôme d’État", "Health", YearMonth(2009), YearMonth(2012)),)
    assert profile.languages == (Language("French", "NATIVE"), Language("English", "B1"))
    assert [skill.name for skill in profile.skills] == ["Word", "Excel", "PowerPoint"]
    assert profile.publications == (Publication("On Wards"), Publication("On Shifts"))
    assert profile.certifications == (Certification("First aid"),)


def test_what_has_no_place_in_a_profile_is_told() -> None:
    root = "SkillsPassport/LearnerInfo"
    assert [finding.place for finding in read_profile(PASSPORT.encode()).findings] == [
        f"{root}/Skills/Communication/Description",
        f"{root}/AchievementList/Achievement",
    ]
    assert [finding.why for finding in read_profile(CANDIDATE.encode()).findings] == [
        "has no place in a profile: left out ('Hobbies'); add by hand what should be shown"
    ]


def test_street_and_birth_date_are_not_taken_over() -> None:
    assert "Cachée" not in repr(read_profile(PASSPORT.encode()))
    assert "1990" not in repr(read_profile(CANDIDATE.encode()))


def test_a_candidate_is_read() -> None:
    profile = read_profile(CANDIDATE.encode()).profile
    assert (profile.name, profile.summary) == ("Jana Nováková", "I count things.")
    assert profile.emails == ("jana@example.org",)
    assert profile.phones == ("+420 601123456",)
    assert profile.links == ("https://jana.example.org",)
    assert profile.location == Location("Praha", "", "CZ")
    assert profile.experiences == (
        Experience("Auditor", "Banka", "Praha, CZ", YearMonth(2021, 10), None, True, "• Found errors"),
        Experience("Trainee", "Banka", "", YearMonth(2019), YearMonth(2021, 9)),
    )
    assert profile.educations == (
        Education("Univerzita Karlova", "Magistr", "", YearMonth(2014, 9), YearMonth(2019, 6)),
    )
    assert profile.languages == (Language("Czech", "NATIVE"), Language("English", "C1"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_is_read_in_the_encoding_that_it_says(encoding: str) -> None:
    told = CANDIDATE.replace('encoding="UTF-8"', f'encoding="{"UTF-16" if encoding == "utf-16" else "UTF-8"}"')
    assert read_profile(told.encode(encoding)).profile.name == "Jana Nováková"


@pytest.mark.parametrize("compressed", [False, True])
def test_the_attachment_of_a_pdf_file_is_read(compressed: bool) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("photo.jpg", b"\xff\xd8 no XML")
    writer.add_attachment("attachment.xml", CANDIDATE.encode())
    out = io.BytesIO()
    writer.write(out)
    data = out.getvalue()
    if compressed:
        again = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.save(again, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        data = again.getvalue()
        assert b"Jana" not in data
    assert read_profile(data).profile == read_profile(CANDIDATE.encode()).profile


def test_a_pdf_file_without_an_attachment_is_refused_with_the_remedy() -> None:
    out = io.BytesIO()
    pypdf.PdfWriter().write(out)
    with pytest.raises(InvalidArgument, match="Download as XML") as refusal:
        read_profile(out.getvalue())
    assert refusal.value.reason == "FILE_TYPE_UNSUPPORTED"


def test_an_attachment_that_unpacks_without_end_is_refused() -> None:
    import zlib

    packed = zlib.compress(b"<Candidate>" + b" " * (9 << 20))
    data = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /EmbeddedFile /Filter /FlateDecode >>\nstream\n"
        + packed
        + b"\nendstream\nendobj\n"
    )
    with pytest.raises(InvalidArgument, match="unpacks to more than 8,388,608 bytes"):
        read_profile(data)


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "document_type",
    [
        f'<!DOCTYPE Candidate [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE Candidate [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Candidate SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE Candidate [<!ENTITY % p SYSTEM "http://example.org/p"> %p;]>',
    ],
)
def test_document_types_are_refused_and_with_them_entities_and_what_lies_elsewhere(document_type: str) -> None:
    body = "<Candidate><CandidateProfile><ExecutiveSummary>&l9;&x;</ExecutiveSummary></CandidateProfile></Candidate>"
    with pytest.raises(InvalidArgument, match="<!DOCTYPE Candidate> is no part of a Europass file"):
        read_profile((document_type + body).encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<Candidate>" + "<a>" * 100, "nests deeper than 64 levels"),
        pytest.param("<Candidate>" + "<a/>" * 20_001, "more than 20,000 elements", id="many"),
        ("<Candidate><a></b></Candidate>", "line 1, column 17 is no XML"),
        ("<Candidate>&nowhere;</Candidate>", "is no XML: undefined entity"),
        ("<html/>", "<html> is no root of Europass XML"),
        ('<?xml version="1.0" encoding="x-none"?><Candidate/>', "encoding"),
    ],
)
def test_what_is_no_europass_xml_is_refused_with_place_and_remedy(data: str, words: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        read_profile(data.encode())
    assert words in str(refusal.value)


def test_names_without_end_take_no_memory_for_each_child() -> None:
    import tracemalloc

    name = "n" * 400_000
    tracemalloc.start()
    with pytest.raises(InvalidArgument):
        read_profile(f"<{name}>{'<a/>' * 2_000}</{name}>".encode())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20


def test_dates_that_are_none_are_told_with_their_path() -> None:
    (finding,) = [
        one for one in read_profile(CANDIDATE.replace("2021-10", "2021-19").encode()).findings if "date" in one.why
    ]
    assert finding.place.endswith("EmployerHistory/PositionHistory/StartDate")

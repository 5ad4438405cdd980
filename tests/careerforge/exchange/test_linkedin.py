"""LinkedIn's data export."""

import zipfile

import pytest

from services.ai.months import YearMonth
from services.careerforge.exchange import Import, read_profile
from services.careerforge.exchange.profile import (
    Award,
    Certification,
    Education,
    Experience,
    Language,
    Location,
    Project,
    Publication,
)
from services.kit.errors import InvalidArgument
from tests.careerforge.exchange.files import LINKEDIN, zipped


def imported(**changed: str | bytes) -> Import:
    """The archive, with some files changed; names are without ".csv"."""
    return read_profile(zipped(LINKEDIN | {f"{name}.csv": content for name, content in changed.items()}))


@pytest.mark.parametrize("folder", ["", "Basic_LinkedInDataExport_01-02-2026/"])
def test_every_part_of_an_archive_is_read(folder: str) -> None:
    found = read_profile(zipped(LINKEDIN, folder))
    profile = found.profile
    assert (found.format, found.findings) == ("linkedin", ())
    assert (profile.name, profile.headline) == ("Zoë O’Neil, Jr.", "Data Engineer")
    assert profile.summary == "I build pipelines.\nAnd I test them."
    assert profile.location == Location("Berlin", "Germany")
    assert profile.emails == ("zoe@example.org", "old@example.org")
    assert profile.phones == ("+49 30 123456",)
    assert profile.links == ("https://zoe.example.org", "https://acme.example.com/about")
    assert profile.experiences == (
        Experience(
            "Lead Engineer", "Acme", "Berlin", YearMonth(2020, 1), None, True, "• Led six people\n• Cut costs, twice"
        ),
        Experience("Engineer", "Globex", "", YearMonth(2016), YearMonth(2019, 12)),
    )
    assert profile.educations == (Education("TU Berlin", "BSc Computer Science", "", YearMonth(2012), YearMonth(2016)),)
    assert [skill.name for skill in profile.skills] == ["Python", "SQL"]
    assert profile.languages == (Language("German", "NATIVE"), Language("English", "C2"), Language("Latin"))
    assert profile.certifications == (
        Certification("CKA", "Linux Foundation", YearMonth(2021, 2), "https://example.org/cka"),
    )
    assert profile.projects == (
        Project(
            "Timetable", "Shows trains.", (), "", "https://github.com/zoe/t", YearMonth(2019, 5), YearMonth(2019, 7)
        ),
    )
    assert profile.publications == (Publication("On Queues", "Journal", YearMonth(2018, 5)),)
    assert profile.awards == (Award("Best Thesis", "", YearMonth(2016, 6)),)


def test_street_and_birth_date_are_not_taken_over() -> None:
    assert "Hidden Street" not in repr(imported())
    assert "1990" not in repr(imported())


def test_sentences_before_the_header_are_skipped() -> None:
    noted = 'Notes:\n"Some skills are missing, because."\n\n' + LINKEDIN["Skills.csv"]
    assert imported(Skills=noted).profile.skills == imported().profile.skills


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_a_mark_of_their_encoding_are_read(encoding: str) -> None:
    encoded = {name: content.encode(encoding) for name, content in LINKEDIN.items()}
    assert read_profile(zipped(encoded)).profile == imported().profile


def test_columns_may_stand_in_any_order_and_case_and_others_are_ignored() -> None:
    positions = "TITLE,Mood,started on,Company Name\nCook,good,2020-05,Inn\n"
    (role,) = imported(Positions=positions).profile.experiences
    assert role == Experience("Cook", "Inn", "", YearMonth(2020, 5), None, True)


HEADER = "Company Name,Title,Started On,Finished On\n"


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ("Acme,Cook,2020\n", "Positions.csv, line 2", "has 3 cells, the header 4"),
        ('Acme,"A\nB",2020,\nAcme,Cook\n', "Positions.csv, line 4", "has 2 cells"),
        ("Acme,Cook,Foo 2020,\n", "Positions.csv, line 2, column Started On", "is no date"),
        ("Acme,Cook,3/4/20,\n", "Positions.csv, line 2, column Started On", "is no date"),
        ("Acme,Cook,Jan 2020,Feb 2019\n", "Positions.csv, line 2, column Finished On", "before it begins"),
        ("Acme,,Jan 2020,\n", "Positions.csv, line 2, column Title", "is missing"),
        ("A" * 301 + ",Cook,,\n", "Positions.csv, line 2, column Company Name", "301 characters, 300 are possible"),
    ],
)
def test_rows_that_cannot_be_read_are_told_with_file_line_and_column(rows: str, place: str, words: str) -> None:
    (finding,) = imported(Positions=HEADER + rows).findings
    assert finding.place == place
    assert words in finding.why


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("Jan 2020", YearMonth(2020, 1)),
        ("sept. 2020", YearMonth(2020, 9)),
        ("März 2020", YearMonth(2020, 3)),
        ("Dec 3, 2020", YearMonth(2020, 12)),
        ("3 décembre 2020", YearMonth(2020, 12)),
        ("2020", YearMonth(2020)),
        ("2020-07-31", YearMonth(2020, 7)),
        ("2020-07-31T10:00:00Z", YearMonth(2020, 7)),
        ("07/2020", YearMonth(2020, 7)),
        ("31.07.2020", YearMonth(2020, 7)),
    ],
)
def test_dates_are_read_in_the_forms_that_people_have(written: str, month: YearMonth) -> None:
    found = imported(Positions=f'Title,Started On\nCook,"{written}"\n')
    assert found.profile.experiences[0].start == month
    assert found.findings == ()


@pytest.mark.parametrize(
    "written",
    ["31.06.2020", "30 Feb 2020", "2020-00", "1899", "2201", "20200", "Jan", "1/2/2020", "0" * 5000],
)
def test_dates_that_are_none_are_findings(written: str) -> None:
    found = imported(Positions=f'Title,Started On\nCook,"{written}"\n')
    assert found.profile.experiences[0].start is None
    assert len(found.findings) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"Positions": "Firma,Titel\nA,B\n"}, "Positions.csv has no column 'Title'"),
        ({"Positions": 'Title\n"Cook'}, "Positions.csv, line 2 is no CSV"),
        ({"Positions": "Title\n" + "x" * 100_001}, "Positions.csv, line 2 has a cell of more than 100,000 characters"),
        ({"Positions": b"Title\nK\xf6chin\n"}, "Positions.csv, byte 8 is no UTF-8; save the file as UTF-8"),
        ({"Positions": "Title\n" + "Cook\n" * 5001}, "more than 5,000 rows"),
        ({"Skills": "Name\n" + "".join(f"S{i}\n" for i in range(1001))}, "skills are 1,001, 1,000 are possible"),
    ],
)
def test_files_that_are_no_part_of_an_export_are_refused_with_their_name(
    changed: dict[str, str | bytes], words: str
) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        imported(**changed)
    assert words in str(refusal.value)


def test_an_archive_of_something_else_is_refused_with_the_way_to_the_right_one() -> None:
    with pytest.raises(InvalidArgument, match="Get a copy of your data") as refusal:
        read_profile(zipped({"cat.txt": "meow"}))
    assert refusal.value.reason == "FILE_TYPE_UNSUPPORTED"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(LINKEDIN | {"Positions.csv": b"Title\n" + b"A" * (5 << 20)})
    assert len(bomb) < 100_000
    with pytest.raises(InvalidArgument, match="unpacks to more than 4,194,304 bytes"):
        read_profile(bomb)


def test_many_parts_that_are_large_together_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="unpacks to more than"):
        read_profile(zipped(dict.fromkeys(LINKEDIN, b"A" * (3 << 20))))


def test_a_size_that_the_directory_lies_about_does_not_matter() -> None:
    bomb = bytearray(zipped({"Positions.csv": b"Title\n" + b"A" * (5 << 20)}))
    directory = bomb.rfind(b"PK\x01\x02")
    bomb[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    with pytest.raises(InvalidArgument, match="damaged|unpacks"):
        read_profile(bytes(bomb))


def test_large_parts_that_are_not_read_do_no_harm() -> None:
    assert read_profile(zipped(LINKEDIN | {"messages.csv": b"A" * (17 << 20)})).profile == imported().profile


def test_more_parts_than_any_export_has_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="2,001 parts, 2,000 are possible"):
        read_profile(zipped({f"{i}": "" for i in range(2001)}))


def test_a_file_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="'b/Skills.csv' stands twice"):
        read_profile(zipped(LINKEDIN | {"b/Skills.csv": "Name\nX\n"}))


def test_protected_and_strangely_packed_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    protected = bytearray(zipped(LINKEDIN))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := protected.find(mark, at + 1)) >= 0:
            protected[at + offset] |= 1
    with pytest.raises(InvalidArgument, match="protected by a password"):
        read_profile(bytes(protected))
    monkeypatch.setattr(zipfile, "ZIP_DEFLATED", zipfile.ZIP_LZMA)
    with pytest.raises(InvalidArgument, match="packed in a way that LinkedIn does not use"):
        read_profile(zipped(LINKEDIN))


def test_an_archive_that_ends_too_early_says_so() -> None:
    whole = zipped(LINKEDIN)
    with pytest.raises(InvalidArgument, match="ends too early") as refusal:
        read_profile(whole[: len(whole) // 2])
    assert refusal.value.reason == "FILE_TRUNCATED"

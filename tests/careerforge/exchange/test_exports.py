"""PDF and DOCX: what stands in them, how they are made, and what they bear."""

import io
import re
import subprocess
import sys
import unicodedata
import zipfile

import docx2txt
import pikepdf
import pypdf
import pytest

from services.ai.documents import Kind
from services.ai.documents.readers import read
from services.ai.months import YearMonth
from services.careerforge.exchange import export_docx, export_pdf, not_drawable
from services.careerforge.exchange.profile import Education, Experience, Language, Profile, Skill
from services.careerforge.exchange.right_to_left import drawn
from services.careerforge.exchange.templates import TEMPLATES
from services.careerforge.exchange.wording import WORDINGS
from services.kit.errors import InvalidArgument
from tests.careerforge.exchange.people import person

EVERY_TEMPLATE = pytest.mark.parametrize("template", sorted(TEMPLATES))


def words(text: str) -> str:
    """Without white, as lines may be broken anywhere."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def exported_values(profile: Profile) -> list[str]:
    values = [profile.name, profile.headline, profile.summary, *profile.emails, *profile.phones]
    for role in profile.experiences:
        values += [role.title, role.employer, role.location, *role.description.replace("• ", "").split("\n")]
    for study in profile.educations:
        values += [study.institution, study.degree, study.field]
    values += [skill.name for skill in profile.skills] + [language.name for language in profile.languages]
    values += [one.name for one in profile.certifications] + [one.title for one in profile.projects]
    return values + [one.title for one in (*profile.publications, *profile.awards)]


@EVERY_TEMPLATE
@pytest.mark.parametrize("seed", [1, 2, 3, 7])
def test_other_readers_find_every_value(template: str, seed: int) -> None:
    profile, language = person(seed)
    texts = {
        "pdf": pdf_text(export_pdf(profile, template, language)),
        "docx": docx2txt.process(io.BytesIO(export_docx(profile, template, language))),
    }
    for text in texts.values():
        assert [value for value in exported_values(profile) if words(value) not in words(text)] == []
        for role in profile.experiences:
            assert WORDINGS[language].period(role.start, role.end, role.current) in " ".join(text.split())


@EVERY_TEMPLATE
def test_a_profile_reads_from_top_to_bottom(template: str) -> None:
    profile, _ = person(4)
    for text in (pdf_text(export_pdf(profile, template)), read(export_docx(profile, template), Kind.DOCX).text):
        places = [text.index(role.title) for role in profile.experiences if text.count(role.title) == 1]
        assert places == sorted(places)
        assert text.index(profile.name) < text.index("Experience") < text.index("Education") < text.index("Skills")


@EVERY_TEMPLATE
def test_nothing_in_an_export_is_hidden(template: str) -> None:
    profile, _ = person(5)
    assert read(export_pdf(profile, template), Kind.PDF).concealed == ()
    concealed = read(export_docx(profile, template), Kind.DOCX).concealed
    assert [one.text for one in concealed] == [profile.name]  # the title of the document


@EVERY_TEMPLATE
def test_every_letter_of_a_pdf_file_has_its_font_with_it(template: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(export_pdf(person(6)[0], template)))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    used = [font for font in fonts if font["/BaseFont"] != "/Helvetica"]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in used)
    drawn_with = {
        name for page in reader.pages for name in re.findall(rb"/(F\d[\d+]*) [\d.]+ Tf", page.get_contents().get_data())
    }
    named = {
        name.lstrip("/").encode(): font for page in reader.pages for name, font in page["/Resources"]["/Font"].items()
    }
    assert all("/FontDescriptor" in named[name].get_object() for name in drawn_with)


@EVERY_TEMPLATE
def test_a_pdf_file_says_what_its_parts_are(template: str) -> None:
    profile, _ = person(3)
    with pikepdf.open(io.BytesIO(export_pdf(profile, template, "es"))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "es"
        document = pdf.Root.StructTreeRoot.K
        kinds = [str(kid.S) for kid in document.K]
        marks = sum(len(re.findall(rb"/MCID", page.Contents.read_bytes())) for page in pdf.pages)
        owners = sum(len(part) for part in list(pdf.Root.StructTreeRoot.ParentTree.Nums)[1::2])
        assert pdf.pages[0].StructParents == 0
    assert kinds[0] == "/H1"
    assert kinds.count("/H3") >= len(profile.experiences) + len(profile.educations)
    assert "/L" in kinds
    assert marks == owners > 0


def test_papers_have_their_size() -> None:
    profile, _ = person(0)
    for paper, size in (("A4", (595.28, 841.89)), ("LETTER", (612, 792))):
        box = pypdf.PdfReader(io.BytesIO(export_pdf(profile, paper=paper))).pages[0].mediabox
        assert (float(box.width), float(box.height)) == pytest.approx(size)
        with zipfile.ZipFile(io.BytesIO(export_docx(profile, paper=paper))) as archive:
            document = archive.read("word/document.xml").decode()
        assert f'<w:pgSz w:w="{round(size[0] * 20)}" w:h="{round(size[1] * 20)}"/>' in document


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_headings_are_in_the_language_asked_for(language: str) -> None:
    profile, wording = person(1)[0], WORDINGS[language]
    for text in (
        pdf_text(export_pdf(profile, language=language)),
        read(export_docx(profile, language=language), Kind.DOCX).text,
    ):
        for heading in (wording.summary, wording.experience, wording.education, wording.skills, wording.languages):
            assert heading in text.split("\n")


def test_an_empty_profile_is_an_empty_page_without_headings() -> None:
    assert pdf_text(export_pdf(Profile())) == ""
    assert read(export_docx(Profile(name="Ada")), Kind.DOCX).text == "Ada\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"template": "fancy"}, "template: 'fancy' is not known; possible are classic, modern, compact"),
        ({"language": "tlh"}, "language: 'tlh' is not known; possible are en, de, fr, es"),
        ({"paper": "A0"}, "paper: 'A0' is not known; possible are A4, LETTER"),
    ],
)
@pytest.mark.parametrize("export", [export_pdf, export_docx])
def test_what_does_not_exist_is_refused_with_what_does(export, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        export(Profile(), **arguments)
    assert str(refusal.value) == message


MADE = """
import hashlib
from services.careerforge.exchange import export_docx, export_json, export_pdf
from tests.careerforge.exchange.people import person
profile, language = person(9)
for data in (export_pdf(profile, "modern", language), export_docx(profile, "modern", language), export_json(profile)):
    print(hashlib.sha256(data).hexdigest())
"""


ELSEWHERE = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"}


def test_every_process_makes_the_same_bytes() -> None:
    import hashlib

    profile, language = person(9)
    export_pdf(person(1)[0], "modern")  # what was exported before does not matter
    here = [export_pdf(profile, "modern", language), export_docx(profile, "modern", language)]
    there = subprocess.run(
        [sys.executable, "-c", MADE],
        capture_output=True,
        text=True,
        check=True,
        env=ELSEWHERE,
    ).stdout.split()
    with zipfile.ZipFile(io.BytesIO(here[1])) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [hashlib.sha256(data).hexdigest() for data in here] == there[:2]


def long_life() -> Profile:
    roles = tuple(
        Experience(
            f"Title {i} {'of great length ' * (i % 3 * 4)}".strip(),
            f"Employer {i} {'X' * (i % 5 * 40)}".strip(),
            "",
            YearMonth(1900 + i, i % 13),
            YearMonth(1901 + i),
            False,
            "Prose. " * (i % 4 * 5) + "\n• item\n• " + "W" * (i % 10 * 40),
        )
        for i in range(200)
    )
    return Profile("Long Life", experiences=roles, skills=tuple(Skill(f"Skill {i}") for i in range(400)))


@EVERY_TEMPLATE
def test_two_hundred_roles_and_words_without_end_make_files_that_open(template: str) -> None:
    profile = long_life()
    with pikepdf.open(io.BytesIO(export_pdf(profile, template))) as pdf:
        assert 10 < len(pdf.pages) < 50
        assert len(pdf.Root.StructTreeRoot.ParentTree.Nums) == 2 * len(pdf.pages)
    text = docx2txt.process(io.BytesIO(export_docx(profile, template)))
    assert all(f"Title {i}" in text for i in range(200))


@pytest.mark.parametrize("export", [export_pdf, export_docx])
def test_a_profile_longer_than_anybody_reads_is_refused(export) -> None:
    roles = tuple(Experience("Clerk", description="x" * 9_990) for _ in range(31))
    with pytest.raises(InvalidArgument, match="309,8.. characters, a document takes 300,000; shorten descriptions"):
        export(Profile(experiences=roles))


def test_nothing_stands_in_the_margins() -> None:
    document = read(export_pdf(long_life(), "compact"), Kind.PDF)
    assert document.concealed == ()
    margin = TEMPLATES["compact"].margin
    for line in document.lines:
        left, top, right, bottom = line.box
        assert margin - 1 <= left < right <= 595.28 - margin + 1
        assert margin - 4 <= top < bottom <= 841.89 - margin + 4


def test_names_from_right_to_left_and_pictures_break_nothing() -> None:
    profile = Profile(
        "محمد بن سلمان",
        "Engineer 🚀 שלום",
        "Ελληνικά, Кириллица, Tiếng Việt, Łódź. 👩‍💻 done",
        educations=(Education("جامعة القاهرة", "بكالوريوس"),),
        languages=(Language("עברית", "NATIVE"),),
    )
    for template in TEMPLATES:
        text = pdf_text(export_pdf(profile, template))
        assert "Ελληνικά, Кириллица, Tiếng Việt, Łódź. done" in text
        assert b"DejaVuSans" in export_pdf(profile, template)
        assert all(words(part) in words(text) for part in ("محمد", "سلمان", "שלום", "עברית"))
    assert all(part in read(export_docx(profile), Kind.DOCX).text for part in ("محمد بن سلمان", "🚀", "💻", "עברית"))
    assert not_drawable(profile) == ""


def test_marks_of_xml_are_letters_like_others() -> None:
    profile = Profile("R&D <Lead>", links=('https://example.org/?a=1&b="2"',))
    assert read(export_docx(profile), Kind.DOCX).text.startswith("R&D <Lead>\n")
    assert pdf_text(export_pdf(profile)).startswith("R&D <Lead>\n")


def test_letters_that_no_font_has_are_told() -> None:
    assert not_drawable(Profile("李雷 Łukasz Ω 🚀", "李 said")) == "李雷"
    assert export_pdf(Profile("李雷"))


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("plain", "plain"),
        ("abc אבג def", "abc גבא def"),
        ("אבג 123 דה", "הד 123 גבא"),
        ("אב (גד)", "(דג) בא"),
        ("سلام", "ﻡﻼﺳ"),
        ("محمد", "ﺪﻤﺤﻣ"),
    ],
)
def test_hebrew_and_arabic_are_drawn_as_unicode_says(written: str, seen: str) -> None:
    assert drawn(written) == seen

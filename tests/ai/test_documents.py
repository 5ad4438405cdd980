"""Word documents and plain text: what a person reads in them is read, what is damaged or dangerous is refused by name."""

import io
import zipfile
from itertools import pairwise
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ai.documents import Document, DocumentError, Kind, extract, sniff

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
BILLION_LAUGHS = "<!DOCTYPE w:document [{}]>".format(
    '<!ENTITY e0 "haha">' + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
)


def paragraph(*runs: str) -> str:
    """Word cuts a line into runs wherever the letters change their look."""
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{escape(run)}</w:t></w:r>' for run in runs) + "</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def a_docx(*body: str, header: str = "", footer: str = "", doctype: str = "", **more: bytes) -> bytes:
    """The least that Word opens; `more` are further parts below word/, by name."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "word/document.xml": f"{doctype}<w:document {W}><w:body>{''.join(body)}</w:body></w:document>",
    }
    if header:
        parts["word/header1.xml"] = f"<w:hdr {W}>{header}</w:hdr>"
    if footer:
        parts["word/footer1.xml"] = f"<w:ftr {W}>{footer}</w:ftr>"
    return zipped(parts | {f"word/{name}": content for name, content in more.items()})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes) -> Document:
    return extract(data, sniff(data))


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(data)
    assert str(caught.value)
    return caught.value.reason


def test_a_word_document_is_read_from_header_to_footer() -> None:
    data = a_docx(
        paragraph("Ada ", "Exam", "ple"),
        paragraph("C++ & C# <2 years>, Zoë’s team"),
        table(("Python", "6 years"), ("Go", "2 years")),
        paragraph("Experience"),
        header=paragraph("ada@example.org"),
        footer=paragraph("References on request"),
    )
    assert sniff(data) is Kind.DOCX
    assert read(data).text.splitlines() == [
        "ada@example.org",
        "Ada Example",
        "C++ & C# <2 years>, Zoë’s team",
        "Python",
        "6 years",
        "Go",
        "2 years",
        "Experience",
        "References on request",
    ]


def test_tabs_and_breaks_of_a_word_document_part_words() -> None:
    run = "<w:p><w:r><w:t>Acme</w:t><w:tab/><w:t>Berlin</w:t><w:br/><w:t>2019</w:t></w:r></w:p>"
    assert read(a_docx(run)).text == "Acme Berlin\n2019\n"


def test_lines_of_a_word_document_stand_where_they_say() -> None:
    document = read(a_docx(paragraph("Ada"), paragraph(""), paragraph("Zoë 🚀"), paragraph("Python")))
    assert [document.text[line.start : line.end] for line in document.lines] == ["Ada", "Zoë 🚀", "Python"]
    assert all(before.end < line.start for before, line in pairwise(document.lines))
    assert (document.page_count, document.span(4, 9).page) == (0, 0)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no XML", zipped({"word/document.xml": "not XML at all"})),
        ("cut XML", zipped({"word/document.xml": f"<w:document {W}><w:body>{paragraph('Ada')}"})),
        ("broken part", a_docx(paragraph("Ada"), header="<w:p>")),
        ("entities", a_docx(paragraph("Ada"), "&e9;", doctype=BILLION_LAUGHS)),
    ],
)
def test_a_damaged_word_document_breaks_the_child_and_not_us(name: str, data: bytes) -> None:
    assert refusal(data) == "FILE_UNREADABLE", name


def test_a_word_document_with_a_changed_byte_is_unreadable() -> None:
    data = bytearray(a_docx(paragraph("Ada Example"), paragraph("Python")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("word/document.xml")
    data[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    assert refusal(bytes(data)) == "FILE_UNREADABLE"


WHOLE = a_docx(paragraph("Ada"), **{"ünï.xml": b"x"})


@given(st.dictionaries(st.integers(4, len(WHOLE) - 1), st.integers(0, 255), min_size=1, max_size=4))
@example({WHOLE.rindex("ünï".encode()): 0xFF})  # a name that is no UTF-8
@example({WHOLE.rindex(b"PK\x01\x02") + 6: 0xFF})  # a version that nobody has made
def test_no_change_of_bytes_breaks_the_sniffer(changes: dict[int, int]) -> None:
    data = bytearray(WHOLE)
    for place, byte in changes.items():
        data[place] = byte
    try:
        found = sniff(bytes(data)).name
    except DocumentError as error:
        found = error.reason
    assert found in {"DOCX", "FILE_TRUNCATED", "FILE_TYPE_UNSUPPORTED"}


def test_a_word_document_that_ends_too_early_is_named_so() -> None:
    data = a_docx(paragraph("Ada Example"))
    assert {refusal(data[: len(data) * tenths // 10]) for tenths in (3, 6, 9)} == {"FILE_TRUNCATED"}


def test_a_word_document_without_text_has_none() -> None:
    assert refusal(a_docx(paragraph(" "))) == "NO_TEXT"


@pytest.mark.parametrize("name", ["vbaProject.bin", "other/vbaProject.bin", "VBAPROJECT.BIN"])
def test_macros_are_refused_wherever_they_lie(name: str) -> None:
    data = a_docx(paragraph("Ada Example"), **{name: b"\xd0\xcf\x11\xe0"})
    with pytest.raises(DocumentError, match="macros") as caught:
        sniff(data)
    assert caught.value.reason == "FILE_TYPE_UNSUPPORTED"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a spreadsheet", zipped({"xl/workbook.xml": "<workbook/>"})),
        ("an archive", zipped({"resume.pdf": "%PDF-"})),
        ("an old Word document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a page", b"<!DOCTYPE html><p>Ada"),
        ("rich text", rb"{\rtf1 Ada}"),
        ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 20),
    ],
)
def test_what_is_not_read_is_refused_by_its_content(name: str, data: bytes) -> None:
    assert refusal(data) == "FILE_TYPE_UNSUPPORTED", name


TEXT = "Zoë Müller – Köln\n“Python” & café: 3.000 €\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
def test_plain_text_is_read_in_the_encodings_that_people_send(encoding: str, mark: bytes) -> None:
    data = mark + TEXT.encode(encoding)
    assert sniff(data) is Kind.TEXT
    assert read(data).text == TEXT


@pytest.mark.parametrize("data", [b"caf\xe9 \x81 Python", b"\xff\xfea\x00b", b"\xff\xfe\x00\xd8a\x00"])
def test_text_that_no_encoding_fits_is_read_as_far_as_it_goes(data: bytes) -> None:
    assert "\ufffd" in read(data).text

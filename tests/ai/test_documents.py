"""Word documents and plain text: what a person reads in them is read, what is damaged or dangerous is refused by name."""

import io
import zipfile
from itertools import pairwise
from xml.sax.saxutils import escape

import pytest

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


def test_a_word_document_without_text_has_none() -> None:
    assert refusal(a_docx(paragraph(" "))) == "NO_TEXT"


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

"""Word files that are damaged, or made to break readers, or empty, are named so."""

import io
import zipfile

import pytest

from services.ai.documents import DocumentError, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import NAMESPACES, a_docx, paragraph, run, zipped

BILLION_LAUGHS = "<!DOCTYPE w:document [{}]>".format(
    '<!ENTITY e0 "haha">' + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
)


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(data, Kind.DOCX)
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no XML", zipped({"word/document.xml": "not XML at all"})),
        ("cut XML", zipped({"word/document.xml": f"<w:document {NAMESPACES}><w:body>{paragraph('Ada')}"})),
        ("no story", zipped({"word/other.xml": "<a/>"})),
        ("broken part", a_docx(paragraph("Ada"), parts={"header1": "<w:p>"})),
        ("entities", a_docx(paragraph("Ada"), "&e9;", doctype=BILLION_LAUGHS)),
        ("a document type", a_docx(paragraph("Ada"), doctype="<!DOCTYPE w:document>")),
        ("no archive", b"PK\x03\x04 and no more"),
        ("too deep", a_docx("<w:sdt>" * 300 + paragraph("Ada") + "</w:sdt>" * 300)),
        ("too long", a_docx(paragraph("word " * 41_000))),
        ("too large", zipped({"word/document.xml": b" " * (25 << 20)})),
    ],
)
def test_what_is_damaged_or_made_to_break_readers_is_unreadable(name: str, data: bytes) -> None:
    assert refusal(data) == "FILE_UNREADABLE", name


def test_a_part_that_is_too_large_is_named_so() -> None:
    with pytest.raises(DocumentError, match="larger than 24 MB"):
        read(zipped({"word/document.xml": b" " * (25 << 20)}), Kind.DOCX)


def test_a_changed_byte_is_damage() -> None:
    data = bytearray(a_docx(paragraph("Ada Example"), paragraph("Python")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("word/document.xml")
    data[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    assert refusal(bytes(data)) == "FILE_UNREADABLE"


def test_a_password_is_named() -> None:
    assert (
        refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
        == "FILE_ENCRYPTED"
    )


def test_a_document_without_text_or_with_hidden_text_only_has_none() -> None:
    assert refusal(a_docx(paragraph(" "))) == "NO_TEXT"
    assert refusal(a_docx(paragraph(run("secret", "<w:vanish/>")))) == "NO_TEXT"

"""What a file is, by content; what is not read is refused by name and with a remedy."""

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from services.ai.documents import DocumentError, Kind, sniff
from tests.ai.documents.hostile import OLE, PROGRAM, a_docx, a_page, an_odt, zipped


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (40, 20), 255).save(buffer, kind)
    return buffer.getvalue()


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        sniff(data)
    return caught.value.reason, str(caught.value)


HONEST = {
    Kind.PDF: [a_page(), b"\r\n" + a_page(), b"\xef\xbb\xbf" + a_page()],
    Kind.DOCX: [a_docx(), zipped({"[Content_Types].xml": "", "word/document2.xml": "<w:document/>"})],
    Kind.ODT: [an_odt()],
    Kind.RTF: [rb"{\rtf1 Ada}", b"{\\rtf1 Ada}\r\n\0"],
    Kind.HTML: [
        b"<!DOCTYPE html><p>Ada",
        b"\xef\xbb\xbf<html><body>Ada</body></html>",
        b"<!-- saved from -->\n<HTML>Ada</HTML>",
        "<html><p>Zoë</p></html>".encode("utf-16"),
        b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
        b"<div><h1>Ada</h1></div>",
    ],
    Kind.MARKDOWN: [
        b"# Ada\n\n## Work\n\n- Python\n",
        b"Ada\n===\n\n**Engineer** at Acme\n",
        b"# Ada\r\n[site](https://example.org)\r\n",
    ],
    Kind.TEXT: [
        b"Ada Example\nPython",
        b"# 1 salesman of 2019\nAda Example\n",
        b"Ada\n- Python\n- Go\n",
        b"C# and F#\n#hashtag\n",
        "Zoë\nKöln".encode("utf-16"),
        b"caf\xe9",
        b"BMW, Berlin\nPK, MZ, ID3\n",
        b"<3 Python\n",
        b'{"name": "Ada"}',
    ],
    Kind.PNG: [picture("PNG")],
    Kind.JPEG: [picture("JPEG")],
    Kind.TIFF: [picture("TIFF")],
}


@pytest.mark.parametrize(("kind", "data"), [(kind, data) for kind, files in HONEST.items() for data in files])
def test_every_kind_is_known_by_its_content(kind: Kind, data: bytes) -> None:
    assert sniff(data) is kind


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.DOCX, Kind.RTF, Kind.PNG, Kind.JPEG])
def test_what_ends_too_early_is_named_so(kind: Kind) -> None:
    data = HONEST[kind][0]
    assert {refused(data[: len(data) * tenths // 10])[0] for tenths in (5, 7, 9)} == {"FILE_TRUNCATED"}


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\n" * 5000])
def test_nothing_is_nothing(data: bytes) -> None:
    assert refused(data)[0] == "FILE_EMPTY"


OTHERS = {
    "old Word document": OLE + "WordDocument".encode("utf-16-le"),
    "old Excel workbook": OLE + "Workbook".encode("utf-16-le"),
    "Outlook message": OLE + "__substg1.0_".encode("utf-16-le"),
    "Excel workbook": zipped({"xl/workbook.xml": "<workbook/>"}),
    "PowerPoint presentation": zipped({"ppt/presentation.xml": "<p/>"}),
    "ZIP archive": zipped({"resume.pdf": "%PDF-1.7 " + "x" * 2000}),
    "EPUB book": zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": "<c/>"}),
    "Pages, Numbers or Keynote": zipped({"Index/Document.iwa": "x"}),
    "Java program": zipped({"META-INF/MANIFEST.MF": "x", "A.class": "x"}),
    "OpenDocument file that is no text": zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}
    ),
    "Windows program": PROGRAM,
    "Linux program": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "script": b"#!/bin/sh\nrm -rf ~\n",
    "GIF picture": b"GIF89a" + b"\0" * 20,
    "WebP picture": b"RIFF\x20\0\0\0WEBPVP8 ",
    "HEIC picture": b"\0\0\0\x18ftypheic\0\0\0\0",
    "RAR archive": b"Rar!\x1a\x07\x01\0",
    "7z archive": b"7z\xbc\xaf\x27\x1c\0\4",
    "gzip archive": b"\x1f\x8b\x08\0\0\0",
    "XML file": b'<?xml version="1.0"?><resume/>',
    "PostScript file": b"%!PS-Adobe-3.0\n",
    "mail or web archive": b"From: Ada\nSubject: CV\n\nHello",
    "no document that we know": b"Ada\0\1\2\3" * 20,
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_read_is_refused_by_name_and_with_a_remedy(name: str) -> None:
    reason, message = refused(OTHERS[name])
    assert reason == "FILE_TYPE_UNSUPPORTED"
    assert name in message
    assert "send" in message


def encrypted_entry() -> bytes:
    data = bytearray(a_docx())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        OLE + "EncryptedPackage".encode("utf-16-le"),
        encrypted_entry(),
        an_odt(**{"META-INF/manifest.xml": "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"}),
    ],
)
def test_what_needs_a_password_is_named_so(data: bytes) -> None:
    assert refused(data)[0] == "FILE_ENCRYPTED"


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "other/vbaProject.bin", "WORD/VBAPROJECT.BIN"])
def test_macros_are_refused_wherever_they_lie(name: str) -> None:
    reason, message = refused(a_docx(**{name: OLE}))
    assert (reason, "macros" in message) == ("FILE_MALICIOUS", True)


def with_comment(data: bytes, comment: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = comment
    return buffer.getvalue()


POLYGLOTS = {
    "a picture before a PDF": b"GIF89a/*" + a_page(),
    "a page before a PDF": b"<html>" + a_page(),
    "a page in the head of a PDF": a_page().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%<script>alert(1)</script>\n", 1),
    "an archive behind a PDF": a_page() + zipped({"a.class": PROGRAM}) + b"\n%%EOF\n",
    "an archive behind a PNG": picture("PNG") + zipped({"a.class": "x"}),
    "an archive behind a JPEG": picture("JPEG") + zipped({"a.class": "x"}),
    "an archive behind a text": b"Ada Example\n" + zipped({"a": "x"}).replace(b"\0", b"\0"),
    "a script in a JPEG": picture("JPEG")[:-2] + b"<?php system($_GET[0]); ?>\xff\xd9",
    "a page in a PNG": picture("PNG") + b"<html><body>",
    "a PDF behind a PNG": picture("PNG") + a_page(),
    "a PDF in a Word file": zipped({"%PDF-1.7": "x", "word/document.xml": "<w:document/>"}),
    "a PDF in the comment of a Word file": with_comment(a_docx(), b"%PDF-1.7"),
    "something behind a Word file": a_docx() + PROGRAM,
}


@pytest.mark.parametrize("name", [name for name in POLYGLOTS if "text" not in name])
def test_a_file_that_is_two_things_is_refused(name: str) -> None:
    assert refused(POLYGLOTS[name])[0] == "FILE_MALICIOUS"


def test_an_archive_behind_a_text_is_no_text() -> None:
    assert refused(POLYGLOTS["an archive behind a text"])[0] in {"FILE_TYPE_UNSUPPORTED", "FILE_MALICIOUS"}


def test_the_letters_of_an_archive_alone_are_no_archive() -> None:
    assert sniff(picture("JPEG") + b"PK\x05\x06" + b"\0" * 18) is Kind.JPEG


def test_a_directory_larger_than_any_documents_is_refused_unread() -> None:
    data = bytearray(a_docx())
    end = data.rindex(b"PK\x05\x06")
    data[end + 10 : end + 12] = struct.pack("<H", 60_000)
    assert refused(bytes(data))[0] == "FILE_MALICIOUS"


WHOLE = a_docx(**{"word/ünï.xml": b"x"})


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
    assert found in {
        "DOCX",
        "FILE_TRUNCATED",
        "FILE_TYPE_UNSUPPORTED",
        "FILE_ENCRYPTED",
        "FILE_MALICIOUS",
        "FILE_UNREADABLE",
    }


@given(st.binary(max_size=400), st.sampled_from([files[0] for files in HONEST.values()]), st.integers(0, 400))
def test_whatever_is_put_into_a_file_the_sniffer_has_a_word_for_it(piece: bytes, whole: bytes, place: int) -> None:
    with suppress(DocumentError):
        assert sniff(whole[:place] + piece + whole[place:]) in Kind

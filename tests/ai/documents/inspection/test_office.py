"""Word and OpenDocument files that do or carry something are refused by name; what Word and LibreOffice write passes."""

import io
import zipfile
from collections.abc import Callable

import pytest

from services.ai.documents import Kind, Pool, scan, sniff
from tests.ai.documents.hostile import EICAR, OLE, PROGRAM, W, a_docx, an_odt, relations, zip_bomb, zipped
from tests.ai.documents.inspection.refusals import refused


def field(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs) + "</w:p>"


def rels(*found: tuple[str, str, str]) -> dict[str, str]:
    return {"word/_rels/document.xml.rels": relations(*found)}


def doctype(name: str) -> dict[str, str]:
    return {name: f'<!DOCTYPE x [<!ENTITY a "b">]><w:hdr {W}/>'}


WORD_FILES = {
    "macros": a_docx(**{"word/vbaData.xml": "<x/>"}),
    "macros in a relation": a_docx(**rels(("vbaProject", "x.bin", "Internal"))),
    "ActiveX controls": a_docx(**{"word/activeX/activeX1.xml": "<x/>"}),
    "an embedded file": a_docx(**{"word/embeddings/Microsoft_Excel_Sheet1.xlsx": zipped({"xl/workbook.xml": "x"})}),
    "an embedded file, a program": a_docx(**{"word/media/run.exe": PROGRAM}),
    "an embedded object": a_docx(**rels(("oleObject", "x.bin", "Internal"))),
    "an embedded document": a_docx(**rels(("aFChunk", "x.rtf", "Internal"))),
    "an embedded document in the text": a_docx('<w:altChunk r:id="r1" xmlns:r="x"/>'),
    "fetched from elsewhere (attachedtemplate": a_docx(**rels(("attachedTemplate", "https://example.org/a.dotm", "External"))),
    "fetched from elsewhere (attachedtemplate: \\": a_docx(**rels(("attachedTemplate", r"\\example.org\a.dotm", "External"))),
    "fetched from elsewhere (frame": a_docx(**rels(("hyperlink", "http://a", "External"), ("frame", "http://a", "External"))),
    "a link that runs something": a_docx(**rels(("hyperlink", "java\tscript:alert(1)", "External"))),
    "a link that runs something (ms-msdt": a_docx(**rels(("image", "ms-msdt:/id PCWDiagnostic", "External"))),
    "a field that fetches by itself": a_docx(field(" DDEAU", "TO c:\\\\windows\\\\system32\\\\cmd.exe")),
    "a field that fetches by itself in a simple field": a_docx('<w:p><w:fldSimple w:instr=" DDE cmd a"/></w:p>'),
    "entity declarations": a_docx(**doctype("word/header1.xml")),
    "entity declarations in UTF-16": a_docx(**{"word/header1.xml": "<!DOCTYPE x><x/>".encode("utf-16")}),
    "an encoding that": a_docx(**{"word/header1.xml": b'<?xml version="1.0" encoding="UTF-7"?><x/>'}),
    "a script": a_docx(**{"word/media/image1.svg": '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'}),
    "a Windows program": a_docx(**{"word/media/image1.png": PROGRAM}),
    "the EICAR test virus": a_docx(**{"word/media/image1.png": EICAR}),
    "outside of its folder": a_docx(**{"../../etc/cron.d/x": "x"}),
    "more than 2000 parts": a_docx(**{f"word/{n}.xml": "" for n in range(2001)}),
    "unpacks to far more": zip_bomb(128),
}  # fmt: skip
WORD_FILES["macros by their type"] = zipped(
    {
        "[Content_Types].xml": "<Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>",
        "word/document.xml": "<x/>",
    }
)


@pytest.mark.parametrize("name", WORD_FILES)
def test_a_word_file_that_does_or_carries_something_is_refused_by_name(name: str, pool: Pool) -> None:
    reason, message = refused(WORD_FILES[name], Kind.DOCX, pool)
    assert reason == "FILE_MALICIOUS"
    assert name.split(",")[0].split(" in ")[0].split(" by ")[0] in message


def changed(change: Callable[[bytearray, zipfile.ZipInfo], None]) -> bytes:
    """A Word file with one part's headers changed."""
    data = a_docx(**{"word/z.xml": "<x>" + "a" * 5000 + "</x>"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("word/z.xml")
    made = bytearray(data)
    change(made, info)
    return bytes(made)


def entry_of(data: bytearray, name: bytes) -> int:
    return data.index(name, data.index(b"PK\x01\x02")) - 46


def says_less(data: bytearray, info: zipfile.ZipInfo) -> None:
    data[entry_of(data, b"word/z.xml") + 24] = 7


def other_name(data: bytearray, info: zipfile.ZipInfo) -> None:
    data[info.header_offset + 30 + 5] ^= 1


def overlap(data: bytearray, info: zipfile.ZipInfo) -> None:
    place = entry_of(data, b"word/document.xml")
    data[place + 20 : place + 24] = (5000).to_bytes(4, "little")


def odd_method(data: bytearray, info: zipfile.ZipInfo) -> None:
    data[entry_of(data, b"word/z.xml") + 10] = 12


@pytest.mark.parametrize("change", [says_less, other_name, overlap, odd_method])
def test_an_archive_that_lies_is_refused(change: Callable[[bytearray, zipfile.ZipInfo], None], pool: Pool) -> None:
    reason, message = refused(changed(change), Kind.DOCX, pool)
    assert reason == "FILE_MALICIOUS", message
    assert "mislead" in message


def test_two_parts_of_one_name_are_refused(pool: Pool) -> None:
    data = a_docx(**{"WORD/Document.xml": "<x/>"})
    assert "same name" in refused(data, Kind.DOCX, pool)[1]


def test_a_damaged_part_is_unreadable(pool: Pool) -> None:
    data = bytearray(a_docx("<w:p>" + "Ada" * 50 + "</w:p>"))
    data[data.index(b"word/document.xml") + 40] ^= 0xFF
    assert refused(bytes(data), Kind.DOCX, pool)[0] == "FILE_UNREADABLE"


def test_what_word_writes_passes(pool: Pool) -> None:
    links = relations(
        ("hyperlink", "https://example.org/?a=%20b", "External"),
        ("hyperlink", "mailto:ada@example.org", "External"),
        ("image", "https://example.org/a.png", "External"),
        ("image", "media/image1.png", "Internal"),
        ("settings", "settings.xml", "Internal"),
    )
    template = relations(("attachedTemplate", "file:///C:\\Users\\ada\\Templates\\Resume.dotx", "External"))
    text = "<w:p><w:r><w:t>DDE and QUOTE 1 2 3 4 5 6 7 8</w:t></w:r></w:p>" + field(
        ' HYPERLINK "https://example.org" ', " PAGE "
    )
    more = {
        "word/media/image1.png": b"\x89PNG\r\n\x1a\n",
        "word/fonts/font1.odttf": b"x" * 100,
        "docProps/app.xml": "<x/>",
    }
    scan(
        a_docx(text, **{"word/_rels/document.xml.rels": links, "word/_rels/settings.xml.rels": template}, **more),
        Kind.DOCX,
        pool=pool,
    )
    scan(a_docx(**{"word/header1.xml": f"<w:hdr {W}>Zoë</w:hdr>".encode("utf-16")}), Kind.DOCX, pool=pool)


OPEN_DOCUMENTS = {
    "macros": an_odt(**{"Basic/Standard/Module1.xml": "<x/>"}),
    "macros, in Python": an_odt(**{"Scripts/python/a.py": "x"}),
    "an embedded file": an_odt(**{"Object 1/content.xml": "<x/>"}),
    "active content": an_odt('<text:p><script:event-listener xlink:href="vnd.sun.star.script:a"/></text:p>'),
    "active content, DDE": an_odt('<office:dde-source xmlns:office="x" office:dde-application="cmd"/>'),
    "active content, elsewhere": an_odt(
        '<text:section><text:section-source xlink:href="https://example.org/a.odt"/></text:section>'
    ),
    "active content, OLE": an_odt('<draw:object-ole xlink:href="x"/>'),
    "entity declarations": an_odt(**{"styles.xml": "<!DOCTYPE x><x/>"}),
}


@pytest.mark.parametrize("name", OPEN_DOCUMENTS)
def test_an_opendocument_that_does_or_carries_something_is_refused_by_name(name: str, pool: Pool) -> None:
    reason, message = refused(OPEN_DOCUMENTS[name], Kind.ODT, pool)
    assert reason == "FILE_MALICIOUS"
    assert name.split(",")[0] in message


def test_what_libreoffice_writes_passes(pool: Pool) -> None:
    picture = '<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    link = f'<text:p><text:a xlink:href="https://example.org">Ada</text:a>{picture}</text:p>'
    scan(
        an_odt(link, **{"Configurations2/accelerator/current.xml": "", "Pictures/1.png": b"\x89PNG"}),
        Kind.ODT,
        pool=pool,
    )


def test_an_old_document_inside_a_new_one_is_refused(pool: Pool) -> None:
    assert sniff(a_docx()) is Kind.DOCX
    assert refused(a_docx(**{"word/embeddings/oleObject1.bin": OLE}), Kind.DOCX, pool)[0] == "FILE_MALICIOUS"

"""Nothing active leaves quarantine; what honest programs write does; and without a verdict nothing is clean."""

import base64
import io
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from services.ai.documents import BadRules, ClamAV, DocumentError, Kind, Pool, ScannerDown, scan, sniff
from tests.ai.documents.hostile import (
    EICAR,
    OLE,
    PROGRAM,
    W,
    a_docx,
    a_page,
    a_pdf,
    an_odt,
    relations,
    stacked_flate,
    zip_bomb,
    zipped,
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as pool:
        yield pool


def refused(data: bytes, kind: Kind, pool: Pool) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        scan(data, kind, pool=pool)
    return caught.value.reason, str(caught.value)


ACTION = "<</S/JavaScript/JS(app.alert\\(1\\))>>"
PDFS = {
    "JavaScript": a_pdf(catalogue=f"/OpenAction{ACTION}"),
    "JavaScript by another name": a_pdf(ACTION, catalogue="/OpenAction 5 0 R").replace(b"/S/JavaScript/JS", b"/S/J#61vaScript/#4AS"),
    "JavaScript in a tree of names": a_pdf(ACTION, catalogue="/Names<</JavaScript<</Names[(a)5 0 R]>>>>"),
    "JavaScript of a page": a_pdf(page=f"/AA<</O{ACTION}>>"),
    "JavaScript of a link": a_pdf(page=f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A{ACTION}>>]"),
    "JavaScript that nothing refers to": a_pdf(ACTION),
    "starts a program": a_pdf(catalogue="/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "opens a page by itself": a_pdf(catalogue="/OpenAction<</S/URI/URI(https://example.org)>>"),
    "opens a page by itself, later": a_pdf(
        catalogue="/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/URI/URI(https://example.org)>>]>>"
    ),
    "opens a page by itself on a page": a_pdf("<</S/URI/URI(https://example.org)>>", page="/AA<</O 5 0 R>>"),
    "sends data": a_pdf(page="/Annots[<</Subtype/Widget/Rect[0 0 9 9]/A<</S/SubmitForm/F(https://example.org)>>>>]"),
    "imports data": a_pdf(page="/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/ImportData/F(a.fdf)>>>>]"),
    "opens an embedded file": a_pdf(page="/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToE/D(a)>>>>]"),
    "an embedded file": a_pdf(
        "<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>",
        "<</Length 2>>stream\nMZ\nendstream",
        catalogue="/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>",
    ),
    "an attached file": a_pdf(page="/Annots[<</Subtype/FileAttachment/Rect[0 0 9 9]/FS(a.exe)>>]"),
    "rich media": a_pdf(page="/Annots[<</Subtype/RichMedia/Rect[0 0 9 9]>>]"),
    "an XFA form": a_pdf(catalogue="/AcroForm<</Fields[]/XFA(x)>>"),
    "unpacks to far more": stacked_flate(256),
    "the EICAR test virus": a_pdf(b"<</Length %d>>stream\n%s\nendstream" % (len(EICAR), EICAR)),
    "a Windows program": a_pdf(b"<</Length %d>>stream\n%s\nendstream" % (len(PROGRAM), PROGRAM)),
    "a Word web archive": a_page() + b"\nMIME-Version: 1.0\nContent-Type: text/html\n\n<xml>\n%%EOF\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_that_does_or_carries_something_is_refused_by_name(name: str, pool: Pool) -> None:
    reason, message = refused(PDFS[name], Kind.PDF, pool)
    assert reason == "FILE_MALICIOUS"
    assert (
        name.split(",")[0]
        .split(" on ")[0]
        .split(" by another")[0]
        .split(" in a tree")[0]
        .split(" of ")[0]
        .split(" that ")[0]
        in message
    )


def packed(data: bytes) -> bytes:
    """The same with its objects inside deflated streams."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return buffer.getvalue()


def test_what_is_active_is_found_in_packed_objects(pool: Pool) -> None:
    data = packed(PDFS["JavaScript of a page"])
    assert b"JavaScript" not in data
    assert refused(data, Kind.PDF, pool)[0] == "FILE_MALICIOUS"


def test_a_program_in_a_deflated_stream_is_found(pool: Pool) -> None:
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(PROGRAM), PROGRAM)
    data = packed(a_pdf(stream, catalogue="/Own 5 0 R"))
    assert PROGRAM not in data
    assert "a Windows program" in refused(data, Kind.PDF, pool)[1]


HONEST_PDFS = {
    "a page with a link": a_page(),
    "packed": packed(a_page()),
    "opens at a page": a_pdf(catalogue="/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"),
    "opens at a place": a_pdf(catalogue="/OpenAction[3 0 R/Fit]"),
    "names it in its text": a_page("HTML/JavaScript, C/S /JS (5 years), /Launch /AA /EmbeddedFiles"),
    "without a right to print": a_page(encrypt=StandardEncryption("", "owner", canPrint=0)),
    "a form without scripts": a_pdf(catalogue="/AcroForm<</Fields[]/DA(/Helv 0 Tf)>>"),
}


@pytest.mark.parametrize("name", HONEST_PDFS)
def test_what_honest_programs_write_passes(name: str, pool: Pool) -> None:
    scan(HONEST_PDFS[name], Kind.PDF, pool=pool)


def test_a_pdf_that_needs_a_password_is_named_so(pool: Pool) -> None:
    assert refused(a_page(encrypt=StandardEncryption("s3cret")), Kind.PDF, pool)[0] == "FILE_ENCRYPTED"


def test_what_is_no_pdf_inside_is_unreadable(pool: Pool) -> None:
    assert refused(b"%PDF-1.7\n%%EOF", Kind.PDF, pool)[0] == "FILE_UNREADABLE"


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


TEXTS = [
    (Kind.RTF, "an embedded object", rb"{\rtf1{\object\objemb{\*\objdata 0105}}}"),
    (Kind.RTF, "an embedded object", rb"{\rtf1{\object\objupdate}}"),
    (Kind.RTF, "a template", rb"{\rtf1{\*\template http://example.org/a.dot}}"),
    (Kind.RTF, "a template", rb"{\rtf1{\*\template \u-65432?\u116?\u116?\u112?\u58?//example.org}}".replace(rb"\u-65432?", rb"\u104?")),
    (Kind.RTF, "a template", rb"{\rtf1{\*\template \'5c\'5cexample.org\'5ca.dot}}"),
    (Kind.RTF, "DDE", rb"{\rtf1{\field{\*\fldinst {DDEAUTO c:\\cmd.exe}}}}"),
    (Kind.RTF, "pFragments", rb"{\rtf1{\shp{\sp{\sn pFragments}{\sv 1;1}}}}"),
    (Kind.RTF, "listoverridecount", rb"{\rtf1{\listoverride\listoverridecount25}}"),
    (Kind.RTF, "a Windows program", rb"{\rtf1{\*\x " + PROGRAM + b"}}"),
    (Kind.RTF, "a program written as text", rb"{\rtf1{\*\x 4d5a" + b"00" * 64 + b"This program".hex().encode() + b"}}"),
    (Kind.HTML, "a script", b"<html><script>alert(1)</script>"),
    (Kind.HTML, "a script", b"<html><img src=x onerror=alert(1)>"),
    (Kind.HTML, "a script", b"<html><svg/onload=alert(1)>"),
    (Kind.HTML, "a script", b"<html><sc\0ript>alert(1)</sc\0ript><script src=x>"),
    (Kind.HTML, "a link that runs something", b"<html><a href=' java\tscript:alert(1)'>x</a>"),
    (Kind.HTML, "a link that runs something", b"<html><a href='&#106;avascript:alert(1)'>x</a>"),
    (Kind.HTML, "a link that runs something", b"<html><a href='data:text/html;base64,x'>x</a>"),
    (Kind.HTML, "a frame", b"<html><iframe src=https://example.org>"),
    (Kind.HTML, "an embedded object", b"<html><object data=a.swf>"),
    (Kind.HTML, "a redirection", b"<html><meta http-equiv=Refresh content='0;url=https://example.org'>"),
    (Kind.HTML, "UTF-7", b"<html><meta charset=utf-7>+ADw-script+AD4-"),
    (Kind.HTML, "a script", "<html><script>alert(1)</script>".encode("utf-16")),
    (Kind.HTML, "a program written as text", b"<html>" + base64.b64encode(PROGRAM[:2] + b"\x90\0\3\0\0\0\4\0\0\0" + PROGRAM)),
    (Kind.MARKDOWN, "a script", b"# Ada\n\n<script>alert(1)</script>\n"),
    (Kind.MARKDOWN, "a link that runs something", b"# Ada\n\n[me](javascript:alert(1))\n"),
    (Kind.TEXT, "the EICAR test virus", EICAR),
    (Kind.TEXT, "PowerShell", b"powershell.exe -nop -w hidden -enc " + b"QUJD" * 40),
    (Kind.PNG, "a Windows program", b"\x89PNG\r\n\x1a\n" + PROGRAM),
    (Kind.JPEG, "a Linux program", b"\xff\xd8\xff\xd9\x7fELF\x02\x01\x01" + b"\0" * 60),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "what", "data"), TEXTS)
def test_other_kinds_that_do_or_carry_something_are_refused_by_name(
    kind: Kind, what: str, data: bytes, pool: Pool
) -> None:
    reason, message = refused(data, kind, pool)
    assert reason == "FILE_MALICIOUS"
    assert what in message


HONEST_TEXTS = [
    (Kind.RTF, rb"{\rtf1\ansi{\*\template C:\\Users\\ada\\Normal.dot}{\field{\*\fldinst {HYPERLINK https://example.org}}{\fldrslt DDE}}}"),
    (Kind.RTF, rb"{\rtf1{\listoverride\listoverridecount0\ls1}{\listoverride\listoverridecount9}{\pict\pngblip 89504e47}}"),
    (Kind.HTML, b"<!doctype html><style>p{color:red}</style><p style='color:red'>On call: on=1 <a href=https://example.org>JavaScript:</a>"),
    (Kind.HTML, b"<html><p>&lt;script&gt; &lt;iframe&gt;</p><img src='data:image/png;base64,x'><a href='#on'>x</a>"),
    (Kind.MARKDOWN, b"# Ada\n\nKnows `<script>` and ```<iframe>```\n\n```html\n<script>x</script>\n```\n[site](https://example.org)\n"),
    (Kind.TEXT, b"MZ and PE, PowerShell -EncodedCommand, CreateObject, eval(), <?php and <script> are what I work with\n"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), HONEST_TEXTS)
def test_other_kinds_pass_when_they_only_speak_of_it(kind: Kind, data: bytes, pool: Pool) -> None:
    scan(data, kind, pool=pool)


def test_an_operators_rules_are_asked_too(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "own.yar").write_text('rule secret { strings: $a = "Example" condition: $a }')
    with pytest.raises(DocumentError, match="secret"):
        scan(b"Ada Example", Kind.TEXT, rules=tmp_path, pool=pool)
    with pytest.raises(DocumentError, match="secret"):
        scan(a_docx(), Kind.DOCX, rules=tmp_path, pool=pool)


def test_rules_that_do_not_compile_are_an_error_and_no_verdict(tmp_path: Path, pool: Pool) -> None:
    (tmp_path / "own.yar").write_text("rule broken { condition: nonsense }")
    with pytest.raises(BadRules, match="nonsense"):
        scan(b"Ada Example", Kind.TEXT, rules=tmp_path, pool=pool)


@contextmanager
def a_daemon(answer: Callable[[bytes], bytes]) -> Iterator[tuple[ClamAV, list[bytes]]]:
    """Speaks the protocol as clamd(8) documents it: a command up to a zero, then lengths and pieces up to an empty one."""
    taken: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                content = b""
                while command == b"zINSTREAM\0" and (size := int.from_bytes(stream.read(4), "big")):
                    content += stream.read(size)
                taken.append(content)
                connection.sendall(b"PONG\0" if command == b"zPING\0" else answer(content))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield ClamAV(f"127.0.0.1:{listener.getsockname()[1]}", seconds=1.0), taken
        listener.shutdown(socket.SHUT_RDWR)


def test_a_clean_verdict_is_of_the_file_and_each_of_its_parts(pool: Pool) -> None:
    with a_daemon(lambda content: b"stream: OK\0") as (clamav, taken):
        data = a_docx(**{"word/media/image1.png": b"\x89PNG" * 50_000})
        scan(data, Kind.DOCX, clamav, pool=pool)
    assert taken[0] == data
    assert b"\x89PNG" * 50_000 in taken
    assert any(b"Ada Example" in part for part in taken[1:])


def test_what_the_daemon_finds_in_a_part_is_refused_by_its_name(pool: Pool) -> None:
    with (
        a_daemon(lambda content: b"stream: Evil-1 FOUND\0" if content.startswith(b"evil") else b"stream: OK\0") as (
            clamav,
            _,
        ),
        pytest.raises(DocumentError, match="Evil-1") as caught,
    ):
        scan(a_docx(**{"word/media/image1.png": b"evil"}), Kind.DOCX, clamav, pool=pool)
    assert caught.value.reason == "FILE_MALICIOUS"


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK",
        b"",
        b"OK\0",
        b"stream: Can't allocate memory ERROR\0",
        b"x" * 9000,
    ],
)
def test_whatever_else_the_daemon_says_nothing_is_clean(answer: bytes, pool: Pool) -> None:
    with a_daemon(lambda content: answer) as (clamav, _), pytest.raises(ScannerDown):
        scan(b"Ada Example", Kind.TEXT, clamav, pool=pool)


def test_a_daemon_that_does_not_answer_is_down() -> None:
    with a_daemon(lambda content: time.sleep(3) or b"stream: OK\0") as (clamav, _):
        started = time.monotonic()
        with pytest.raises(ScannerDown):
            clamav.check(b"Ada")
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "nonsense", "host.invalid:3310"])
def test_a_daemon_that_is_not_there_is_down(address: str) -> None:
    with pytest.raises(ScannerDown):
        ClamAV(address, seconds=2).ping()


def test_a_daemon_that_is_there_says_so() -> None:
    with a_daemon(lambda content: b"") as (clamav, _):
        clamav.ping()


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[ClamAV]:
    """The real one, with one signature of ours."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if not program:
        pytest.skip("clamd is not installed")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "own.ndb").write_text(f"Own.Test:0:*:{b'very evil words'.hex()}\n")
    path = tmp_path / "s"
    (tmp_path / "clamd.conf").write_text(
        f"DatabaseDirectory {tmp_path}/db\nLocalSocket {path}\nForeground yes\nStreamMaxLength 1M\nTemporaryDirectory {tmp_path}\n"
    )
    process = subprocess.Popen([program, "-c", str(tmp_path / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield ClamAV(str(path))
    finally:
        process.kill()
        process.wait()


def test_the_real_daemon_is_understood(clamd: ClamAV, pool: Pool) -> None:
    clamd.ping()
    scan(a_page(), Kind.PDF, clamd, pool=pool)
    scan(a_docx(), Kind.DOCX, clamd, pool=pool)
    with pytest.raises(DocumentError, match=r"Own\.Test"):
        scan(a_docx("<w:p><w:r><w:t>very evil words</w:t></w:r></w:p>"), Kind.DOCX, clamd, pool=pool)
    with pytest.raises(ScannerDown, match="limit"):
        clamd.check(b"x" * (2 << 20))


def test_an_old_document_inside_a_new_one_is_refused(pool: Pool) -> None:
    assert sniff(a_docx()) is Kind.DOCX
    assert refused(a_docx(**{"word/embeddings/oleObject1.bin": OLE}), Kind.DOCX, pool)[0] == "FILE_MALICIOUS"

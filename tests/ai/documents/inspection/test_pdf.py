"""PDFs that do or carry something besides being read are refused by name; what honest programs write passes."""

import io

import pikepdf
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from services.ai.documents import Kind, Pool, scan
from tests.ai.documents.hostile import EICAR, PROGRAM, a_page, a_pdf, stacked_flate
from tests.ai.documents.inspection.refusals import refused

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

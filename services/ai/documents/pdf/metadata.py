"""What a PDF says beside its pages: properties, XMP, notes, hidden fields. Also fields and notes that are seen, drawn into the page."""

import ctypes
import html
import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.document import Concealed, Concealment

# A title this short names the document, and viewers show it.
SHORT_TITLE = 60
# What a generator writes when nobody says anything.
UNSAID = ("", "unspecified", "untitled")
MOST_NOTES, LONGEST = 200, 5_000
_XMP = re.compile(rb"<x:xmpmeta.{0,100000}?</x:xmpmeta>", re.DOTALL)
_XMP_PART = re.compile(r"<(pdf:Keywords|dc:description|dc:subject)>(.*?)</\1>", re.DOTALL)
_XMP_ATTRIBUTE = re.compile(r"pdf:Keywords=\"([^\"]*)\"")
_TAG = re.compile(r"<[^>]*>")
DRAWN = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)
UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


def properties(pdf: pypdfium2.PdfDocument, data: bytes) -> list[Concealed]:
    """Each text once."""
    title, *texts = (pdf.get_metadata_value(name) for name in ("Title", "Subject", "Keywords"))
    for packet in _XMP.findall(data)[:4]:
        xmp = packet.decode("utf-8", "replace")
        texts += [_TAG.sub(" ", match[2]) for match in _XMP_PART.finditer(xmp)]
        texts += _XMP_ATTRIBUTE.findall(xmp)
    titles = [title] if len(title) > SHORT_TITLE else []
    plain = dict.fromkeys(" ".join(html.unescape(text).split())[:LONGEST] for text in titles + texts)
    return [Concealed(text, Concealment.METADATA) for text in plain if text not in UNSAID]


def notes(page: pypdfium2.PdfPage, number: int) -> tuple[list[Concealed], bool]:
    """What notes and hidden fields say, and whether fields or texts of notes are seen on the page."""
    said: list[Concealed] = []
    seen = False
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not note:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            if kind in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
                continue
            unseen = bool(pdfium.FPDFAnnot_GetFlags(note) & UNSEEN)
            seen = seen or (kind in DRAWN and not unseen)
            if unseen or kind not in DRAWN:
                said += _said(note, number)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
    return said, seen


def _said(note: pdfium.FPDF_ANNOTATION, number: int) -> Iterator[Concealed]:
    for key in (b"Contents", b"V"):
        if text := " ".join(_string(note, key).split()):
            yield Concealed(text, Concealment.METADATA, number)


def _string(note: pdfium.FPDF_ANNOTATION, key: bytes) -> str:
    buffer = (ctypes.c_ushort * LONGEST)()
    length = pdfium.FPDFAnnot_GetStringValue(note, key, buffer, ctypes.sizeof(buffer))
    if not 2 < length <= ctypes.sizeof(buffer):
        return ""
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")


def drawn_in(pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, number: int) -> pypdfium2.PdfPage:
    """The page with its fields and notes as part of what is drawn, so that their text is read like any other."""
    if pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return page
    page.close()
    return pdf[number]

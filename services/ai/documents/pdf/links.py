"""Where the links of a PDF page lead, and its text in form fields and notes."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.document import Box, Line
from services.ai.documents.pdf.letters import Frame

MOST_LINKS, LONGEST_ADDRESS = 200, 500
SCHEMES = ("https:", "http:", "mailto:", "tel:")
# A link without letters, an icon, belongs to the line at its height within this many points.
ICON_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Link:
    page: int
    box: Box
    address: str


def links_of(pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, frame: Frame, number: int) -> Iterator[Link]:
    """Links to the web, to mail and to telephones."""
    position, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    for _ in range(MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page.raw, position, link):
            return
        address = _address(pdf, link)
        if address.lower().startswith(SCHEMES) and pdfium.FPDFLink_GetAnnotRect(link, rect):
            sides = (min(rect.left, rect.right), max(rect.top, rect.bottom))
            other = (max(rect.left, rect.right), min(rect.top, rect.bottom))
            left, top, right, bottom = frame.place(np.array([[*sides, *other]]))[0].tolist()
            yield Link(number, (left, top, right, bottom), address)


def _address(pdf: pypdfium2.PdfDocument, link: pdfium.FPDF_LINK) -> str:
    action = pdfium.FPDFLink_GetAction(link)
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    buffer = ctypes.create_string_buffer(LONGEST_ADDRESS + 1)
    length = pdfium.FPDFAction_GetURIPath(pdf.raw, action, buffer, len(buffer))
    text = buffer.value.decode("utf-8", "replace") if 1 < length <= len(buffer) else ""
    return text.strip() if text.isprintable() else ""


def linked(links: list[Link], lines: tuple[Line, ...]) -> tuple[tuple[int, int, str], ...]:
    """First and last (exclusive) letter and address of each link, in the order of the text; an icon's link has no letters."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    found = {place for link in links for place in _places(link, pages.get(link.page, []))}
    return tuple(sorted(found))


def _places(link: Link, lines: list[Line]) -> Iterator[tuple[int, int, str]]:
    beside: list[tuple[float, int]] = []
    said = False
    for line in lines:
        middle = (line.box[1] + line.box[3]) / 2
        if not link.box[1] <= middle <= link.box[3]:
            continue
        inside = [i for i, (a, b) in enumerate(zip(line.edges, line.edges[1:], strict=False)) if _within(link, a, b)]
        if inside:
            said = True
            yield line.start + inside[0], line.start + inside[-1] + 1, link.address
        else:
            beside += [(abs(edge - link.box[2]), line.start + i) for i, edge in enumerate(line.edges)]
    if not said and beside and min(beside)[0] <= ICON_WITHIN:
        place = min(beside)[1]
        yield place, place, link.address


def _within(link: Link, left: float, right: float) -> bool:
    return right > left and link.box[0] <= (left + right) / 2 <= link.box[2]

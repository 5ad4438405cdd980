"""PDF → lines in the order in which a person reads them."""

import pypdfium2

from services.ai.documents.document import Document, DocumentError, Line, from_lines
from services.ai.documents.layout import in_reading_order, line_of
from services.ai.documents.pdf_letters import frame_of, letters_of
from services.ai.documents.pdf_runs import runs_of

MOST_PAGES = 50


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_ENCRYPTED, FILE_UNREADABLE."""
    pdf = _open(data)
    lines: list[tuple[str, Line]] = []
    sizes = []
    block = 0
    for number in range(len(pdf)):
        page = pdf[number]
        frame = frame_of(page)
        sizes.append(frame.size)
        for found in in_reading_order(runs_of(letters_of(page.get_textpage(), frame))):
            for row in found.rows:
                run = line_of(row)
                box = (run.left, run.top, run.right, run.bottom)
                lines.append(
                    (run.text, Line(0, 0, number + 1, box, run.edges, run.size, run.bold, run.italic, block=block))
                )
            block += 1
    return from_lines(lines, len(pdf), tuple(sizes))


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError("FILE_ENCRYPTED", "the PDF needs a password; save it without one") from None
        raise DocumentError("FILE_UNREADABLE", "the PDF is damaged; export it again") from None
    if len(pdf) > MOST_PAGES:
        raise DocumentError("FILE_UNREADABLE", f"the PDF has {len(pdf)} pages; a resume has at most {MOST_PAGES}")
    return pdf

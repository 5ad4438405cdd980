"""PDFs made for the tests, by what is drawn on them."""

import io
from collections.abc import Callable

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from services.ai.documents import Document
from services.ai.documents.pdf import read

WIDTH, HEIGHT = LETTER
Draw = Callable[[Canvas], None]


def a_pdf(*pages: Draw, size: tuple[float, float] = LETTER) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def a_document(*pages: Draw) -> Document:
    return read(a_pdf(*pages))


def lines_of(*pages: Draw) -> list[str]:
    return a_document(*pages).text.splitlines()


def text(x: float, top: float, line: str, size: float = 10, font: str = "Helvetica") -> Draw:
    """A line whose letters stand `top` points under the page's upper edge."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        canvas.drawString(x, HEIGHT - top, line)

    return draw


def column(x: float, top: float, *lines: str, size: float = 10, leading: float = 14) -> Draw:
    return both(*(text(x, top + i * leading, line, size) for i, line in enumerate(lines)))


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw

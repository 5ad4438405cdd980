"""What nobody sees on a PDF's page is kept from its text, with the reason; what is merely pale, small or white on dark is not."""

import io

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from services.ai.documents import Concealment
from services.ai.documents.pdf import read
from tests.ai.documents.pdfs import HEIGHT, WIDTH, Draw, a_document, a_pdf, both, text

SEEN = text(50, 100, "Ada Example, bookkeeper")
SECRET = "Kubernetes Terraform Rust"


def colored(color: str, size: float = 10, top: float = 300, alpha: float = 1) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(color, alpha=alpha)
        text(50, top, SECRET, size)(canvas)
        canvas.setFillColor("#000000", alpha=1)

    return draw


def box(color: str, left: float, top: float, right: float, bottom: float) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(color)
        canvas.rect(left, HEIGHT - bottom, right - left, bottom - top, stroke=0, fill=1)
        canvas.setFillColor("#000000")

    return draw


def noise(left: float, top: float, right: float, bottom: float) -> Draw:
    picture = ImageReader(Image.effect_noise((40, 20), 90).convert("RGB"))
    return lambda canvas: canvas.drawImage(picture, left, HEIGHT - bottom, right - left, bottom - top)  # type: ignore[return-value]


def in_mode(mode: int) -> Draw:
    def draw(canvas: Canvas) -> None:
        line = canvas.beginText(50, 400)
        line.setTextRenderMode(mode)
        line.textLine(SECRET)
        line.setTextRenderMode(0)
        canvas.drawText(line)

    return draw


def narrowed(canvas: Canvas) -> None:
    line = canvas.beginText(50, 400)
    line.setHorizScale(0.01)
    line.textLine(SECRET)
    line.setHorizScale(100)
    canvas.drawText(line)


def clipped(canvas: Canvas) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(500, 20, 10, 10)
    canvas.clipPath(path, stroke=0, fill=0)
    text(50, 300, SECRET)(canvas)
    canvas.restoreState()


@pytest.mark.parametrize(
    ("reason", "draw"),
    [
        (Concealment.LOW_CONTRAST, colored("#ffffff")),
        (Concealment.LOW_CONTRAST, colored("#fafafa", size=14)),
        (Concealment.LOW_CONTRAST, both(box("#222222", 0, 280, 300, 320), colored("#262626"))),
        (Concealment.TINY, colored("#000000", size=1.5)),
        (Concealment.OFF_PAGE, text(WIDTH + 30, 300, SECRET)),
        (Concealment.OFF_PAGE, text(50, HEIGHT + 40, SECRET)),
        (Concealment.COVERED, both(colored("#000000"), box("#ffffff", 40, 280, 300, 320))),
        (Concealment.COVERED, both(colored("#000000"), noise(40, 280, 300, 320))),
        (Concealment.INVISIBLE, in_mode(3)),
        (Concealment.INVISIBLE, colored("#000000", alpha=0.01)),
        (Concealment.ZERO_WIDTH, narrowed),
        (Concealment.NOT_RENDERED, clipped),
    ],
)
def test_hidden_words_are_kept_from_the_text_with_their_reason(reason: Concealment, draw: Draw) -> None:
    document = a_document(both(SEEN, draw))
    assert document.text == "Ada Example, bookkeeper\n"
    assert {(c.reason, c.page) for c in document.concealed} == {(reason, 1)}
    assert " ".join(c.text for c in document.concealed) == SECRET


def test_hidden_words_over_seen_ones_are_told_from_them() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.saveState()
            path = canvas.beginPath()
            path.rect(500, 20, 10, 10)
            canvas.clipPath(path, stroke=0, fill=0)
            text(52, 101, SECRET)(canvas)
            canvas.restoreState()

    document = a_document(both(SEEN, draw))
    assert document.text == "Ada Example, bookkeeper\n"
    assert {c.reason for c in document.concealed} == {Concealment.NOT_RENDERED}


def test_a_layer_that_is_switched_off_is_hidden() -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf(SEEN))) as pdf:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="layer"))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer], Order=[]))
        page = pdf.pages[0]
        page.Resources.Properties = pikepdf.Dictionary(MC0=layer)
        font = next(iter(page.Resources.Font.keys()))
        page.contents_add(f"/OC /MC0 BDC BT {font} 10 Tf 1 0 0 1 50 400 Tm ({SECRET}) Tj ET EMC".encode())
        pdf.save(buffer)
    document = read(buffer.getvalue())
    assert document.text == "Ada Example, bookkeeper\n"
    assert [(c.text, c.reason) for c in document.concealed] == [(SECRET, Concealment.HIDDEN_LAYER)]


def test_properties_are_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        SEEN(canvas)
        canvas.setKeywords(SECRET)

    document = a_document(draw)
    assert SECRET not in document.text
    assert (SECRET, Concealment.METADATA) in [(c.text, c.reason) for c in document.concealed]


def test_notes_on_a_page_are_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        SEEN(canvas)
        canvas.textAnnotation(SECRET, Rect=[300, 300, 320, 320])

    document = a_document(draw)
    assert document.text == "Ada Example, bookkeeper\n"
    assert (SECRET, Concealment.METADATA, 1) in [(c.text, c.reason, c.page) for c in document.concealed]


@pytest.mark.parametrize(
    "draw",
    [
        colored("#b0b0b0", size=9),
        colored("#d0d0d0", size=12),
        colored("#000000", size=5.5),
        both(box("#1d2b3a", 0, 280, WIDTH, 320), colored("#ffffff", size=8)),
        both(noise(0, 200, WIDTH, HEIGHT), box("#ffffff", 40, 280, 300, 320), colored("#333333")),
        both(colored("#000000"), box("#4a90d9", 50, 304, 200, 308)),
        both(box("#eeeeee", 90, 200, WIDTH, 500), colored("#444444")),
        in_mode(1),
        in_mode(2),
        colored("#ffff00", size=14),
        colored("#000000", alpha=0.4),
        text(50, 300, SECRET, 9, "Times-Roman"),
    ],
)
def test_what_a_person_sees_stays(draw: Draw) -> None:
    document = a_document(both(SEEN, draw))
    assert SECRET in document.text
    assert not document.concealed


def test_the_recognised_layer_of_a_scan_is_no_hidden_text() -> None:
    """Whoever scans with recognition puts invisible words under the picture; lines that the picture does not show are flagged."""
    from services.ai.documents.document import Concealed, Line
    from services.ai.documents.pdf.scanned import unbelieved

    layer = [
        Concealed("Senior accountant at Acme", Concealment.INVISIBLE, 1),
        Concealed("Kubernetes Terraform Rust", Concealment.INVISIBLE, 1),
    ]
    assert unbelieved(layer, [("Senlor accountant at Acme", Line(0, 0))]) == layer[1:]

"""A PDF's letters: where they stand, how they look, and what drawing makes of words."""

import io
import math

import pikepdf
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from services.ai.documents import DocumentError, extract, sniff
from services.ai.documents.pdf import read
from services.ai.documents.pdf.letters import _angle
from tests.ai.documents.pdfs import HEIGHT, WIDTH, Draw, a_document, a_pdf, both, lines_of, text


def test_the_box_of_a_word_is_where_it_was_drawn() -> None:
    document = a_document(text(72, 100, "Hello brave new World", size=12))
    start = document.text.index("brave")
    ((page, (left, top, right, bottom)),) = document.boxes(start, start + 5)
    assert page == 1
    assert left == pytest.approx(72 + stringWidth("Hello ", "Helvetica", 12), abs=1)
    assert right == pytest.approx(72 + stringWidth("Hello brave", "Helvetica", 12), abs=1)
    assert top < 100 - 7
    assert bottom >= 100


def test_each_line_has_an_edge_for_each_letter_and_one_more() -> None:
    document = a_document(both(text(50, 100, "Acme Ltd"), text(450, 100, "2019 - 2022"), text(50, 130, "Ada")))
    for line in document.lines:
        assert len(line.edges) == line.end - line.start + 1
        assert list(line.edges) == sorted(line.edges)
    tab = document.text.index("\t")
    left, _, right, _ = document.lines[0].part(tab, tab + 1)
    assert (left, right) == pytest.approx((50 + stringWidth("Acme Ltd", "Helvetica", 10), 450), abs=1)


def test_size_weight_and_slant_are_those_of_the_font() -> None:
    drawn = both(
        text(50, 100, "Plain", 11),
        text(50, 130, "Bold", 14, "Helvetica-Bold"),
        text(50, 160, "Slanted", 9, "Times-Italic"),
    )
    assert [(line.size, line.bold, line.italic) for line in a_document(drawn).lines] == [
        (11, False, False),
        (14, True, False),
        (9, False, True),
    ]


def test_a_scaled_text_has_the_size_it_is_drawn_in() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.scale(2, 2)
        canvas.setFont("Helvetica", 6)
        canvas.drawString(50, 300, "Twice as large")

    assert a_document(draw).lines[0].size == pytest.approx(12)


def spaced(word: str) -> Draw:
    def draw(canvas: Canvas) -> None:
        line = canvas.beginText(50, 600)
        line.setFont("Helvetica-Bold", 12)
        line.setCharSpace(5)
        line.textOut(word)
        canvas.drawText(line)

    return draw


@pytest.mark.parametrize("word", ["EXPERIENCE", "WORK EXPERIENCE", "Ada Example"])
def test_a_letter_spaced_heading_is_its_words(word: str) -> None:
    document = a_document(spaced(word))
    assert document.text == word + "\n"
    assert len(document.lines[0].edges) == len(word) + 1


def test_blanks_typed_between_letters_make_no_words() -> None:
    assert lines_of(text(50, 100, "E D U C A T I O N")) == ["EDUCATION"]


def test_small_capitals_belong_to_their_tall_first_letter() -> None:
    def draw(canvas: Canvas) -> None:
        x = 50.0
        for part, size in (("J", 20), ("OHN", 16), (" D", 20), ("OE", 16)):
            canvas.setFont("Times-Roman", size)
            canvas.drawString(x, 600, part)
            x += stringWidth(part, "Times-Roman", size) + 1.5

    assert lines_of(draw) == ["JOHN DOE"]


def test_letters_drawn_twice_to_look_bold_are_there_once() -> None:
    assert lines_of(both(text(50, 100, "Ada Example"), text(50.3, 100, "Ada Example"))) == ["Ada Example"]


def test_words_without_blanks_between_them_are_parted_where_white_is() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        line = canvas.beginText(50, 600)
        line.setFont("Helvetica", 10)
        canvas.drawText(line)
        x = 50.0
        for word in ("Managed", "the", "budget", "for", "three", "years"):
            canvas.drawString(x, 600, word)
            x += stringWidth(word, "Helvetica", 10) + 2.2

    assert lines_of(draw) == ["Managed the budget for three years"]


def test_one_letter_words_leave_the_white_between_words_as_wide_as_it_is() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        x = 50.0
        for part in ("+33", "7", "82", "4", "1", "9"):
            canvas.drawString(x, 600, part)
            x += stringWidth(part, "Helvetica", 10) + 2.1

    assert lines_of(draw) == ["+33 7 82 4 1 9"]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(degrees: int) -> None:
    """As a scanner or a phone turns it: the page's own /Rotate."""
    buffer = io.BytesIO()
    with pikepdf.open(
        io.BytesIO(a_pdf(both(turned("Ada Example", degrees), turned("Berlin", degrees, below=30))))
    ) as pdf:
        pdf.pages[0].Rotate = degrees
        pdf.save(buffer)
    document = read(buffer.getvalue())
    assert document.text == "Ada Example\nBerlin\n"
    size = (HEIGHT, WIDTH) if degrees % 180 else (WIDTH, HEIGHT)
    assert document.page_sizes == (size,)
    left, top, right, bottom = document.lines[0].box
    assert 0 < left < right < size[0]
    assert 0 < top < bottom < size[1]
    assert right - left == pytest.approx(stringWidth("Ada Example", "Helvetica", 10), abs=1)


def turned(word: str, degrees: int, below: float = 0) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(degrees)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(0, -below, word)
        canvas.restoreState()

    return draw


def test_text_that_runs_up_a_page_is_read_after_the_rest_and_lies_where_it_is() -> None:
    document = a_document(both(text(50, 100, "Ada Example"), text(50, 120, "Berlin"), turned("Curriculum", 90)))
    assert document.text == "Ada Example\nBerlin\nCurriculum\n"
    left, top, right, bottom = document.lines[2].box
    assert bottom == pytest.approx(HEIGHT / 2, abs=1)
    assert bottom - top == pytest.approx(stringWidth("Curriculum", "Helvetica", 10), abs=1)
    assert left < WIDTH / 2 < right + 1


def test_a_page_cut_to_a_part_of_it_has_that_parts_corner() -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf(text(100, 100, "Ada Example")))) as pdf:
        pdf.pages[0].CropBox = [50, 100, WIDTH, HEIGHT - 40]
        pdf.save(buffer)
    document = read(buffer.getvalue())
    assert document.page_sizes == ((WIDTH - 50, HEIGHT - 140),)
    left, _, _, bottom = document.lines[0].box
    assert left == pytest.approx(50, abs=1)
    assert bottom == pytest.approx(62, abs=2)


def test_links_say_where_they_lead() -> None:
    def draw(canvas: Canvas) -> None:
        text(50, 100, "LinkedIn and mail")(canvas)
        end = 50 + stringWidth("LinkedIn", "Helvetica", 10)
        canvas.linkURL("https://linkedin.com/in/ada", (50, HEIGHT - 102, end, HEIGHT - 90))
        canvas.linkURL("javascript:alert(1)", (50, HEIGHT - 102, end, HEIGHT - 90))
        canvas.linkURL("mailto:ada@example.org", (end + 25, HEIGHT - 102, 200, HEIGHT - 90))

    document = a_document(draw)
    assert [(document.text[a:b].strip(), uri) for a, b, uri in document.links] == [
        ("LinkedIn", "https://linkedin.com/in/ada"),
        ("mail", "mailto:ada@example.org"),
    ]


def test_a_link_on_an_icon_belongs_to_the_line_beside_it() -> None:
    def draw(canvas: Canvas) -> None:
        text(70, 100, "Berlin")(canvas)
        canvas.linkURL("https://github.com/ada", (55, HEIGHT - 102, 67, HEIGHT - 90))

    assert a_document(draw).links == ((0, 0, "https://github.com/ada"),)


def test_what_is_typed_into_a_form_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        text(50, 100, "Name")(canvas)
        canvas.acroForm.textfield(name="name", value="Ada Example", x=120, y=HEIGHT - 108, width=200, height=20)

    assert lines_of(draw) == ["Name\tAda Example"]


def test_a_pdf_that_needs_a_password_is_named_so() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("s3cret"))
    canvas.drawString(100, 700, "Ada Example")
    canvas.save()
    with pytest.raises(DocumentError) as caught:
        extract(buffer.getvalue(), sniff(buffer.getvalue()))
    assert caught.value.reason == "FILE_ENCRYPTED"


def test_a_page_wider_than_any_page_is_refused() -> None:
    pdf, stream = pikepdf.open(io.BytesIO(a_pdf(lambda canvas: canvas.drawString(72, 700, "Words")))), io.BytesIO()
    pdf.pages[0].MediaBox = pikepdf.Object.parse(b"[0 0 1000000000000.0 800]")
    pdf.save(stream)
    with pytest.raises(DocumentError, match="no size that a page can have"):
        read(stream.getvalue())


def test_letters_turned_by_no_number_have_no_angle() -> None:
    assert _angle(math.nan, 1.0, 0) == -1


def test_the_same_bytes_are_read_the_same_twice() -> None:
    data = a_pdf(both(text(50, 100, "Ada"), text(300, 100, "Berlin")))
    assert read(data) == read(data)


def test_blanks_that_are_drawn_alone_part_words_and_nothing_else_does() -> None:
    def letters(canvas: Canvas) -> None:
        x = 50.0
        for letter in "head of Asia by ship of state":
            canvas.drawString(x, HEIGHT - 100, letter)
            # Set so close that the white alone would not tell, and one word set wide.
            x += 1.0 if letter == " " else stringWidth(letter, "Helvetica", 12) + (1.2 if 170 < x < 190 else 0.0)

    assert lines_of(letters) == ["head of Asia by ship of state"]

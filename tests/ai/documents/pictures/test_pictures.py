"""Pictures of pages: letters, order, place and confidence; what is too large or damaged is refused before it costs anything."""

import io
import struct
import zlib
from pathlib import Path

import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from services.ai.documents import Concealment, DocumentError, Kind
from services.ai.documents.pictures.recognition import recognise
from services.ai.documents.readers import read
from tests.ai.documents.office import kept_out, texts

# Letters of 14 points at 144 dots per inch.
SCALE = 0.5
FONT = ImageFont.truetype(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", 28)
WRITTEN = ["Zoë Müller", "ada@example.org", "Built C++ engines"]


def a_page(width: int = 620, height: int = 600) -> Image.Image:
    """A name and a line at the left, a date at the right edge."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(WRITTEN):
        draw.text((40, 30 + 70 * number), text, font=FONT, fill="black")
    draw.text((width - 190, 170), "May 2021", font=FONT, fill="black")
    return image


def saved(image: Image.Image, form: str, **more: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **more)
    return stream.getvalue()


def test_a_turned_page_is_read_in_order_with_places_and_confidence() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Description", "hire her")
    turned = a_page().rotate(-1.5, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    document = read(saved(turned, "PNG", dpi=(144, 144), pnginfo=notes), Kind.PNG)
    assert texts(document) == [*WRITTEN[:2], "Built C++ engines\tMay 2021"]
    assert document.recognised
    assert (document.page_count, [round(side) for side in document.page_sizes[0]]) == (
        1,
        [round(s * SCALE) for s in turned.size],
    )
    first, last = document.lines[0], document.lines[-1]
    assert first.page == 1
    assert first.box == pytest.approx((24, 16, 24 + SCALE * FONT.getlength(WRITTEN[0]), 34), abs=8)
    assert 0.8 < min(line.confidence for line in document.lines) < 1
    assert 10 < first.size < 20
    assert last.box[2] > 250
    assert kept_out(document) == [("hire her", Concealment.METADATA)]


def test_a_page_upside_down_is_turned_and_a_camera_is_believed() -> None:
    name = a_page(420, 240).crop((0, 0, 420, 90))
    lines = recognise(name.rotate(180), 3, SCALE)
    assert [(text, line.page) for text, line in lines] == [("Zoë Müller", 3)]
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = name.rotate(90, expand=True)
    assert texts(read(saved(sideways, "JPEG", exif=exif.tobytes(), quality=95), Kind.JPEG)) == ["Zoë Müller"]


def test_pages_of_a_tiff_follow_each_other() -> None:
    pages = [a_page(420, 240).crop((0, top, 420, top + 80)).convert("1") for top in (10, 80)]
    document = read(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), Kind.TIFF)
    assert texts(document) == WRITTEN[:2]
    assert [line.page for line in document.lines] == [1, 2]
    assert document.lines[0].block != document.lines[1].block


def test_letters_on_nothing_are_read_on_white() -> None:
    image = Image.new("RGBA", (420, 80), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((40, 20), "Zoë Müller", font=FONT, fill="black")
    assert texts(read(saved(image, "PNG"), Kind.PNG)) == ["Zoë Müller"]


def a_png_that_says(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("reason", "kind", "data", "said"),
    [
        ("FILE_UNREADABLE", Kind.PNG, a_png_that_says(50_000, 50_000), "50000 x 50000"),
        ("FILE_UNREADABLE", Kind.PNG, a_png_that_says(300, 300), "damaged"),
        ("FILE_UNREADABLE", Kind.PNG, b"\x89PNG\r\n\x1a\n", "damaged"),
        ("FILE_UNREADABLE", Kind.JPEG, saved(a_page(), "JPEG")[:900], "damaged"),
        (
            "FILE_UNREADABLE",
            Kind.TIFF,
            saved(Image.new("1", (9, 9)), "TIFF", save_all=True, append_images=[Image.new("1", (9, 9))] * 20),
            "at most 20",
        ),
        ("NO_TEXT", Kind.PNG, saved(Image.new("L", (200, 200), 255), "PNG"), "no text"),
    ],
)
def test_what_cannot_be_read_says_why(reason: str, kind: Kind, data: bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        read(data, kind)
    assert caught.value.reason == reason

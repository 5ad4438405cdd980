"""PNG, JPEG and TIFF → Document: the letters of a scanned or photographed resume."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from services.ai.documents.document import Concealed, Concealment, Document, DocumentError, Line, from_lines
from services.ai.documents.pictures.recognition import recognise

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 40_000_000
MOST_PAGES = 20
POINTS = 72.0
"""Points in an inch."""
A4 = (595.0, 842.0)
# A page's shorter side in points; another resolution than one that leads here is made up.
LEAST_SIDE, MOST_SIDE = 280.0, 1300.0
# Words that programs write beside the picture: TIFF and EXIF numbers of description, artist, title, comment, author, keywords, subject.
_TOLD = (0x010E, 0x013B, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F)


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_UNREADABLE for damage, more than 40 megapixels or more than 20 pages."""
    lines: list[tuple[str, Line]] = []
    sizes: list[tuple[float, float]] = []
    concealed: list[Concealed] = []
    blocks = 0
    for number, image in enumerate(_pages(data), 1):
        concealed += [Concealed(text, Concealment.METADATA) for text in _told(image)]
        upright = _upright(image)
        scale = _scale(image, upright.size)
        sizes.append((upright.width * scale, upright.height * scale))
        found = recognise(upright, number, scale)
        lines += [(text, replace(line, block=blocks + line.block)) for text, line in found]
        blocks = lines[-1][1].block + 1 if lines else 0
    return from_lines(lines, len(sizes), tuple(sizes), tuple(concealed), recognised=True)


def _pages(data: bytes) -> Iterator["Image"]:
    """Of a TIFF each page, of an animation the first picture."""
    from PIL import Image

    # The size is judged here, before anything is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if count > MOST_PAGES:
                raise DocumentError(
                    "FILE_UNREADABLE", f"the picture has {count} pages; a resume in pictures has at most {MOST_PAGES}"
                )
            for number in range(count):
                if count > 1:
                    image.seek(number)
                _check(image.size)
                image.load()
                yield image
    except DocumentError:
        raise
    # Pillow's decoders raise whatever a damaged file makes them stumble over.
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, ArithmeticError):
        raise DocumentError("FILE_UNREADABLE", "the picture is damaged; save it again as PNG or JPEG") from None


def _check(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise DocumentError(
            "FILE_UNREADABLE",
            f"the picture has {size[0]} x {size[1]} pixels; at most {MOST_PIXELS // 10**6} million are read: scan at 300 dpi",
        )


def _upright(image: "Image") -> "Image":
    """Turned as its camera says, on white where it is transparent."""
    from PIL import Image, ImageOps

    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I;16"):
        turned = turned.point(lambda value: value / 256).convert("L")
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        turned = turned.convert("RGBA")
        ground = Image.new("RGBA", turned.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, turned).convert("RGB")
    return turned.convert("RGB")


def _scale(image: "Image", size: tuple[int, int]) -> float:
    """Points per pixel, as the file says where a page comes of it, else so that it fills A4."""
    try:
        told = float(image.info.get("dpi", (0, 0))[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        told = 0.0
    if told > 0 and LEAST_SIDE <= POINTS / told * min(size) <= MOST_SIDE:
        return POINTS / told
    return min(A4[0] / min(size), A4[1] / max(size))


def _told(image: "Image") -> Iterator[str]:
    """Texts in the file that are not in the picture."""
    exif = image.getexif()
    values = [exif.get(key) for key in _TOLD] + [v for v in image.info.values() if isinstance(v, str)]
    for value in values:
        if isinstance(value, bytes):
            value = value.decode("utf-16-le", errors="ignore")
        if isinstance(value, str) and any(letter.isalnum() for letter in value):
            yield " ".join(value.replace("\0", " ").split())[:10_000]

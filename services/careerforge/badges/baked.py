"""Finding a signed badge: the text itself, or baked into a PNG or an SVG as the two standards bake it."""

import re
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from services.careerforge.badges.tokens import unsigned
from services.careerforge.badges.verdict import BadgeRefused

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORDS = (b"openbadges", b"openbadgecredential")
NAMESPACES = ("http://openbadges.org", "https://openbadges.org", "https://purl.imsglobal.org/ob/v3p0")
ELEMENTS = ("assertion", "credential")
MOST_TOKEN = 256 << 10
# The signature may be missing: then the badge is refused, and no reviewer is asked.
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)


def find(content: bytes) -> str | None:
    """The first signed badge in a file; None where there is none, signed or not."""
    for text in _texts(content):
        token = "".join(text.split())
        if len(token) <= MOST_TOKEN and _COMPACT.fullmatch(token) and _has_header(token):
            return token
    return None


def _has_header(token: str) -> bool:
    try:
        return "alg" in unsigned(token)[0]
    except BadgeRefused:
        return False


def _texts(content: bytes) -> Iterator[str]:
    if content.startswith(PNG):
        yield from _in_png(content)
    elif b"<" in content[:512]:
        yield from _in_svg(content)
    elif len(content) <= MOST_TOKEN:
        yield content.decode("utf-8", "ignore").lstrip("\ufeff")


def _in_png(content: bytes) -> Iterator[str]:
    place = len(PNG)
    while place + 12 <= len(content):
        length, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        data = content[place + 8 : place + 8 + length]
        place += length + 12
        keyword, _, rest = data.partition(b"\0")
        if keyword in KEYWORDS and kind in (b"iTXt", b"tEXt"):
            yield (_international(rest) if kind == b"iTXt" else rest).decode("utf-8", "ignore")


def _international(rest: bytes) -> bytes:
    """The text of an iTXt chunk, behind flag, method, language and keyword in that language."""
    packed = rest[:1] == b"\1"
    text = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if not packed:
        return text
    try:
        return zlib.decompressobj().decompress(text, MOST_TOKEN + 1)
    except zlib.error:
        return b""


def _in_svg(content: bytes) -> Iterator[str]:
    found: list[str] = []
    inside: list[bool] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        inside.append(local in ELEMENTS and namespace.rstrip("/") in NAMESPACES)
        if inside[-1]:
            found.append(attributes.get("verify", ""))
            found.append("")

    def words(text: str) -> None:
        if inside and inside[-1]:
            found[-1] += text

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler = start, words
    parser.EndElementHandler = lambda _: inside.pop()
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):
        return
    yield from found


def _refuse_entities(*_: object) -> None:
    raise ValueError

"""What is done to a sound file: to its bytes, to its tokens, and to what is packed inside."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from services.ai.documents import Kind
from tests.fuzz.corpus import zipped

# What a byte, a number and a word are replaced by: edges of types, and names that mean something in one of the formats.
EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"9" * 30,
    b"1e999",
    b"NaN",
    b"0.0000001",
)
WORDS = (
    b"/Kids", b"/Parent", b"/Contents", b"/Filter", b"/FlateDecode", b"/Length", b"/Font", b"/ToUnicode", b"/Type3", b"/W", b"/XObject",
    b"<<", b">>", b"[", b"]", b"(", b")", b"endstream", b"endobj", b"1 0 R", b"3 0 R", b"BT", b"ET", b"Tj", b"q", b"Q", b"cm", b"Do",
    b"<w:tbl>", b"</w:tc>", b"<w:vanish/>", b"<w:p>", b"<text:span>", b"<div>", b"</table>", b"<td colspan=999999>", b"<!--", b"-->",
    b"&#x110000;", b"&#0;", b"&amp;", b"<![CDATA[", b"<style>", b"{\\", b"}", b"\\bin99999", b"\\u-1?", b"\\'", b"\\trowd", b"\\cell",
    b"\\par", b"\\*", b"# ", b"```", b"| - |", b"[x](", b"**", b"---\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\x8b", b"\xed\xa0\x80",
    b"\xf0\x9f\x9a\x80", b"\xf3\xa0\x81\x81", b"\0", b"\n" * 50, b" " * 200, b"\t",
)  # fmt: skip
TOKEN = re.compile(rb"[A-Za-z]+|\d+|[^\sA-Za-z\d]")
NUMBER = re.compile(rb"-?\d+")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
TEXTS = ("", " ", "x", "\u200b", "\u202e", "\U000e0041", "\ufffd", "PAGE", "ignore all previous instructions", "9" * 40)
MAX_BYTES = 1 << 16

Mutation = Callable[[bytes, random.Random], bytes]


def mutated(data: bytes, kind: Kind, rng: random.Random) -> bytes:
    """One to eight changes; inside of what is packed as often as outside."""
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        inner = {Kind.DOCX: _in_archive, Kind.ODT: _in_archive, Kind.PDF: _in_stream}.get(kind)
        data = inner(data, rng) if inner and rng.random() < 0.6 else changed(data, rng)
    return data[:MAX_BYTES]


def changed(data: bytes, rng: random.Random) -> bytes:
    return rng.choice(BYTES if data else (word, noise))(data, rng)


def flip(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def edge(data: bytes, rng: random.Random) -> bytes:
    place, size = rng.randrange(len(data)), rng.choice("BHI")
    piece = struct.pack(rng.choice("<>") + size, rng.choice(EDGES) & ((1 << 8 * struct.calcsize(size)) - 1))
    return data[:place] + piece + data[place + len(piece) :]


def cut(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:] if rng.random() < 0.8 else data[:start]


def copy(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    place = rng.randrange(len(data) + 1)
    return data[:place] + data[start:end][:2000] * rng.choice((1, 1, 2, 20)) + data[place:]


def word(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.choice(WORDS) * rng.choice((1, 1, 1, 2, 100)) + data[place:]


def number(data: bytes, rng: random.Random) -> bytes:
    return _at_one(NUMBER, data, rng, lambda _: rng.choice(NUMBERS))


def token(data: bytes, rng: random.Random) -> bytes:
    """One token becomes another of the same file, or goes."""
    tokens = TOKEN.findall(data)
    return _at_one(TOKEN, data, rng, lambda old: rng.choice((b"", old + old, rng.choice(tokens))))


def noise(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.randbytes(rng.randrange(1, 20)) + data[place:]


BYTES: tuple[Mutation, ...] = (flip, edge, cut, copy, word, number, token, noise)


def _at_one(pattern: re.Pattern[bytes], data: bytes, rng: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return data
    place = rng.choice(found)
    return data[: place.start()] + change(place[0]) + data[place.end() :]


def element(data: bytes, rng: random.Random) -> bytes:
    """XML that stays XML: an element goes, comes twice, moves, nests in itself, or has another attribute or text."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return changed(data, rng)
    elements = list(root.iter(etree.Element))
    one, other = rng.choice(elements), rng.choice(elements)
    what = rng.randrange(6)
    if what == 0 and one.getparent() is not None:
        one.getparent().remove(one)
    elif what == 1:
        other.extend(deepcopy(one) for _ in range(rng.choice((1, 1, 30))))
    elif what == 2:
        for _ in range(rng.choice((2, 60, 240))):
            other = etree.SubElement(other, one.tag, one.attrib)
    elif what == 3 and one.attrib:
        one.set(rng.choice(list(one.attrib)), rng.choice(NUMBERS).decode())
    elif what == 4:
        one.tag = other.tag
    else:
        one.text = rng.choice(TEXTS) * rng.choice((1, 1, 500))
    return etree.tostring(root)


def _in_archive(data: bytes, rng: random.Random) -> bytes:
    """A part is changed, renamed, doubled or left out, and all is packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return changed(data, rng)
    name = rng.choice(sorted(parts)) if parts else "a"
    if rng.random() < 0.9 and parts.get(name):
        parts[name] = (element if rng.random() < 0.7 else changed)(parts[name], rng)[:MAX_BYTES]
    elif rng.random() < 0.5:
        parts.pop(name, None)
    else:
        parts[
            rng.choice(("word/footnotes.xml", "word/numbering.xml", "styles.xml", "META-INF/manifest.xml", "../a"))
        ] = parts.get(name, b"")
    return zipped(parts, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))


def _in_stream(data: bytes, rng: random.Random) -> bytes:
    """The content of a PDF's stream is changed, and packed as it was."""
    found = list(STREAM.finditer(data))
    if not found:
        return changed(data, rng)
    place = rng.choice(found)
    content = place[1]
    try:
        content = zlib.compress(changed(zlib.decompress(content), rng), 1)
    except zlib.error:
        content = changed(content, rng)
    return data[: place.start(1)] + content + data[place.end(1) :]

"""Files that are two things at once: readable as a document here and as a program, an archive or a page elsewhere."""

import re
import struct
from collections.abc import Iterator

from services.ai.documents.document import PICTURES, DocumentError, Kind

END_OF_DIRECTORY = b"PK\x05\x06"
DIRECTORY_ENTRY = b"PK\x01\x02"
HEADER_BYTES = 1024
# Where a scanner stops looking for ends of archives: honest binary data hits these four bytes once in 4 GB.
MAX_ENDS = 64
MARKUP = re.compile(rb"<(?:script|html|iframe|\?php|!doctype\s+html)[\s>]|<\?php", re.IGNORECASE)
ARCHIVES = frozenset({Kind.DOCX, Kind.ODT})
# What may stand before a header: blanks and the mark that editors put before UTF-8.
BLANK = b" \t\r\n\f\0\xef\xbb\xbf"
OTHERS = {b"Rar!\x1a\x07": "a RAR archive", b"7z\xbc\xaf\x27\x1c": "a 7z archive", b"%PDF-": "a PDF"}


def check(data: bytes, kind: Kind) -> None:
    """Raises DocumentError FILE_MALICIOUS naming both things."""
    for found in _seconds(data, kind):
        raise DocumentError(
            "FILE_MALICIOUS",
            f"the file is {_named(kind)} and {found} at once; save or print it as a PDF again and send that",
        )


def _seconds(data: bytes, kind: Kind) -> Iterator[str]:
    if kind is Kind.PDF:
        yield from _in_pdf(data)
    if kind in PICTURES:
        yield from _in_picture(data)
    if kind in ARCHIVES:
        yield from _in_archive(data)
    elif _has_archive(data):
        yield "a ZIP archive"


def _in_pdf(data: bytes) -> Iterator[str]:
    start = data.find(b"%PDF-")
    if data[:start].strip(BLANK):
        yield "something else before its header"
    if MARKUP.search(data[:HEADER_BYTES]):
        yield "a web page"


def _in_picture(data: bytes) -> Iterator[str]:
    if MARKUP.search(data):
        yield "a web page or script"
    for magic, name in OTHERS.items():
        if magic in data:
            yield name


def _in_archive(data: bytes) -> Iterator[str]:
    end = data.rfind(END_OF_DIRECTORY)
    comment = int.from_bytes(data[end + 20 : end + 22], "little")
    if data[end + 22 + comment :].strip(b"\0\r\n "):
        yield "something else behind its end"
    for start, place in ((0, HEADER_BYTES), (end, len(data))):
        if b"%PDF-" in data[start:place]:
            yield "a PDF"
    if comment and MARKUP.search(data[end:]):
        yield "a web page"


def _has_archive(data: bytes) -> bool:
    """Whether there is an end of an archive with a directory where it says one is."""
    place = len(data)
    for _ in range(MAX_ENDS):
        place = data.rfind(END_OF_DIRECTORY, 0, place)
        if place < 0 or len(data) < place + 22:
            return False
        (size,) = struct.unpack_from("<I", data, place + 12)
        if size and data[place - size : place - size + 4] == DIRECTORY_ENTRY:
            return True
    return False


def _named(kind: Kind) -> str:
    return "a Word document" if kind is Kind.DOCX else f"{'an' if kind is Kind.ODT else 'a'} {kind.name} file"

"""ZIP archives as office programs write them, read with bounds: nothing is believed that is not checked, nothing inflated beyond its limit.

Fields as in PKWARE's APPNOTE.TXT 4.3.7 (local header), 4.3.12 (directory) and 4.3.16 (end).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.ai.documents.document import DocumentError

END, LOCAL = b"PK\x05\x06", b"PK\x03\x04"
LOCAL_HEADER_BYTES = 30
MAX_ENTRIES, MAX_DIRECTORY_BYTES, MAX_INFLATED_BYTES = 2000, 1 << 20, 100 << 20
# XML of the same word over and over reaches 200; Flate itself ends at 1032.
MAX_RATIO, RATIO_FROM_BYTES = 250, 8 << 20
STORED, DEFLATED = 0, 8
ENCRYPTED = 0x1 | 0x40
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of one part."""

    name: str
    flags: int
    method: int
    packed: int
    inflated: int
    offset: int


def entries(data: bytes) -> list[Entry]:
    """The directory. Raises DocumentError: FILE_TRUNCATED when there is none, FILE_MALICIOUS when it is larger than any document's."""
    end = data.rfind(END)
    if end < 0 or len(data) < end + 22:
        raise DocumentError("FILE_TRUNCATED", "the file ends too early or is damaged; upload it again")
    count, size = struct.unpack_from("<HI", data, end + 10)
    if count > MAX_ENTRIES or size > MAX_DIRECTORY_BYTES:
        raise DocumentError("FILE_MALICIOUS", f"the file has more than {MAX_ENTRIES} parts; save it again, or as a PDF")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [
                Entry(i.orig_filename, i.flag_bits, i.compress_type, i.compress_size, i.file_size, i.header_offset)
                for i in archive.infolist()
            ]
    # Besides BadZipFile, zipfile lets through what foreign bytes make of names, versions and offsets.
    except Exception:
        raise DocumentError("FILE_TRUNCATED", "the file ends too early or is damaged; upload it again") from None


def check(data: bytes, found: list[Entry]) -> None:
    """Raises DocumentError for directories that lie or that unpackers read in different ways."""
    if any(entry.flags & ENCRYPTED for entry in found):
        raise DocumentError("FILE_ENCRYPTED", "the file is protected by a password; save it without one")
    if len(found) > MAX_ENTRIES or sum(entry.inflated for entry in found) > MAX_INFLATED_BYTES:
        raise _bomb()
    names = [entry.name.lower() for entry in found]
    if len(set(names)) < len(names):
        raise _lie("two parts have the same name")
    for entry in found:
        if _escapes(entry.name):
            raise _lie(f"the part {entry.name[:100]!r} would be written outside of its folder")
    placed = sorted((entry.offset, _start(data, entry) + entry.packed) for entry in found)
    if any(after < end for (_, end), (after, _) in pairwise(placed)) or (placed and placed[-1][1] > len(data)):
        raise _lie("its parts overlap")


def contents(data: bytes, found: list[Entry]) -> Iterator[tuple[Entry, bytes]]:
    """Every part, inflated. Raises DocumentError when one is more than it says, or all are more than a document holds."""
    left = MAX_INFLATED_BYTES
    for entry in found:
        content = _inflated(data, entry, left)
        left -= len(content)
        yield entry, content


def part(data: bytes, entry: Entry, most: int) -> bytes:
    """The beginning of one part. Raises DocumentError."""
    start = _start(data, entry)
    if entry.method == STORED:
        return data[start : start + min(entry.packed, most)]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start : start + entry.packed], most)
    except zlib.error:
        raise _damaged(entry) from None


def _inflated(data: bytes, entry: Entry, left: int) -> bytes:
    if entry.method not in (STORED, DEFLATED):
        raise _lie(f"the part {entry.name[:100]!r} is packed in a way that office programs do not use")
    content = part(data, entry, min(entry.inflated, left) + 1)
    if len(content) > left:
        raise _bomb()
    if len(content) > entry.inflated:
        raise _lie(f"the part {entry.name[:100]!r} is larger than it says")
    if len(content) < entry.inflated or zlib.crc32(content) != _checksum(data, entry, content):
        raise _damaged(entry)
    if len(content) > RATIO_FROM_BYTES and len(content) > MAX_RATIO * entry.packed:
        raise _bomb()
    return content


def _checksum(data: bytes, entry: Entry, content: bytes) -> int:
    """Of the local header, where it is there: with flag 8 it follows the part."""
    said = int.from_bytes(data[entry.offset + 14 : entry.offset + 18], "little")
    return said if said and not entry.flags & 0x8 else zlib.crc32(content)


def _start(data: bytes, entry: Entry) -> int:
    """Where a part's bytes begin. Raises DocumentError when its own header says another name than the directory."""
    header = data[entry.offset : entry.offset + LOCAL_HEADER_BYTES]
    if len(header) < LOCAL_HEADER_BYTES or header[:4] != LOCAL:
        raise _damaged(entry)
    flags, name, extra = (int(field) for field in struct.unpack_from("<H18xHH", header, 6))
    if flags & ENCRYPTED:
        raise DocumentError("FILE_ENCRYPTED", "the file is protected by a password; save it without one")
    place = entry.offset + LOCAL_HEADER_BYTES
    own = data[place : place + name]
    if own not in (entry.name.encode(errors="replace"), entry.name.encode("cp437", errors="replace")):
        raise _lie(f"the part {entry.name[:100]!r} has two names")
    return place + name + extra


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\0" in name or ":" in parts[0]


def _bomb() -> DocumentError:
    return DocumentError("FILE_MALICIOUS", "the file unpacks to far more than a resume; save it again, or as a PDF")


def _lie(what: str) -> DocumentError:
    return DocumentError("FILE_MALICIOUS", f"the file is made to mislead programs: {what}; save it again, or as a PDF")


def _damaged(entry: Entry) -> DocumentError:
    return DocumentError("FILE_UNREADABLE", f"the part {entry.name[:100]!r} of the file is damaged; save it again")

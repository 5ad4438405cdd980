"""Names for what is no document of ours, so that a refusal can say what was sent."""

import re

# Magic numbers as in the formats' specifications; the first that fits names the file.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"%!PS", "a PostScript file"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"II+\0", "a BigTIFF picture"),
    (b"MM\0+", "a BigTIFF picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"(\xb5/\xfd", "a Zstandard archive"),
    (b"PK", "a damaged or split ZIP archive"),
    (b"MSCF", "a cabinet archive"),
    (b"ITSF", "a Windows help file"),
    (b"L\0\0\0\x01\x14\x02\0", "a Windows shortcut"),
    (b"SQLite format 3\0", "a database"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"\x1a\x45\xdf\xa3", "a film"),
    (b"\xdb\xa5", "an old Word document (Word 2)"),
    (b"\xffWPC", "a WordPerfect document"),
    (b"{\\pwi", "a Pocket Word document"),
    (b"AT&TFORM", "a DjVu document"),
)
BRANDS = {b"heic": "a HEIC picture", b"heix": "a HEIC picture", b"mif1": "a HEIF picture", b"avif": "an AVIF picture"}
RIFF = {b"WEBP": "a WebP picture", b"WAVE": "a sound file", b"AVI ": "a film"}
# BMP and DOS programs begin with two letters that a text may begin with too.
BINARY_ONLY = (b"MZ", b"BM", b"BZh", b"ID3", b"PK", b"GIF8", b"MSCF", b"ITSF", b"8BPS")

OLE_STREAMS = (
    ("WordDocument", "an old Word document (.doc)"),
    ("Workbook", "an old Excel workbook (.xls)"),
    ("Book", "an old Excel workbook (.xls)"),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt)"),
    ("__substg1.0_", "an Outlook message (.msg)"),
    ("VisioDocument", "a Visio drawing"),
    ("MSWorksTextDocument", "a Works document"),
)
ARCHIVES = (
    (re.compile(r"^xl/|^xl\\", re.IGNORECASE), "an Excel workbook"),
    (re.compile(r"^ppt/", re.IGNORECASE), "a PowerPoint presentation"),
    (re.compile(r"^visio/", re.IGNORECASE), "a Visio drawing"),
    (re.compile(r"^Index/.*\.iwa$|^Index\.zip$|^index\.apxl$"), "a Pages, Numbers or Keynote document"),
    (re.compile(r"^META-INF/container\.xml$"), "an EPUB book"),
    (re.compile(r"^AndroidManifest\.xml$|^classes\.dex$"), "an Android program"),
    (re.compile(r"^META-INF/MANIFEST\.MF$|\.class$"), "a Java program"),
    (re.compile(r"^FixedDocSeq\.fdseq$|\.fpage$"), "an XPS document"),
    (re.compile(r"^content\.xml$"), "an OpenDocument file that is no text"),
)


def name_of(data: bytes) -> str | None:
    """By its first bytes; None when they say nothing."""
    if data[:4] == b"RIFF":
        return RIFF.get(data[8:12], "a media file")
    if data[4:8] == b"ftyp":
        return BRANDS.get(data[8:12], "a film")
    for magic, name in MAGIC:
        if data.startswith(magic) and (magic not in BINARY_ONLY or b"\0" in data[:4096]):
            return name
    return None


def name_of_ole(data: bytes) -> str:
    """By the names of its streams, which lie in its directory as UTF-16."""
    for stream, name in OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return name
    return "an old Office file"


def name_of_archive(names: list[str]) -> str:
    """By the names of its parts."""
    for pattern, name in ARCHIVES:
        if any(pattern.search(part) for part in names):
            return name
    return "a ZIP archive"

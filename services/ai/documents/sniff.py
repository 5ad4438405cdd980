"""What a file is, by its content and never by its name."""

import io
import zipfile

from services.ai.documents.document import DocumentError, Kind

# PDF readers accept the header anywhere in the first kilobyte; what has it later is something else first.
PDF_HEADER_WITHIN = 1024
WORD_PART = "word/document.xml"
MACRO_PART = "vbaproject.bin"


def sniff(data: bytes) -> Kind:
    """Raises DocumentError: FILE_EMPTY, FILE_TRUNCATED or FILE_TYPE_UNSUPPORTED. Reads no content, so it is safe on anything."""
    if not data.strip():
        raise DocumentError("FILE_EMPTY", "the file has no content; choose another file")
    if b"%PDF-" in data[:PDF_HEADER_WITHIN]:
        return _pdf(data)
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if is_text(data):
        return Kind.TEXT
    raise DocumentError("FILE_TYPE_UNSUPPORTED", "send a PDF, DOCX or text file")


def is_text(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\x00" in data or data.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml", b"{\\rtf"):
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in data[:4096])
    return control == 0


def _pdf(data: bytes) -> Kind:
    if b"%%EOF" not in data[-2048:] and b"startxref" not in data[-2048:]:
        raise DocumentError("FILE_TRUNCATED", "the PDF ends too early; upload it again")
    return Kind.PDF


def _office(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    # Besides BadZipFile, zipfile lets through what foreign bytes make of names, versions and offsets.
    except Exception:
        raise DocumentError("FILE_TRUNCATED", "the file ends too early or is damaged; upload it again") from None
    if WORD_PART not in names:
        raise DocumentError("FILE_TYPE_UNSUPPORTED", "this archive is no Word document; send a PDF, DOCX or text file")
    # Word does not tell capitals from small letters in the names of parts.
    if any(name.lower().endswith(MACRO_PART) for name in names):
        raise DocumentError("FILE_TYPE_UNSUPPORTED", "the document has macros; save it without them")
    return Kind.DOCX

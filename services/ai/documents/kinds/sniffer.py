"""What a file is, by its content and never by its name. Only bounded pieces of archives are unpacked, so it is safe on anything."""

import re

from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.kinds import archive, polyglot
from services.ai.documents.kinds.others import name_of, name_of_archive, name_of_ole

# PDF readers accept the header anywhere in the first kilobyte; what has it later is something else first.
PDF_HEADER_WITHIN = 1024
TAIL_BYTES = 2048
TEXT_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8"}
# How much of a text says whether it is a page or Markdown.
HEAD_BYTES = 1 << 16
REMEDY = "save it as DOCX or PDF and send that"
WORD_PART = re.compile(r"^word/document\d*\.xml$", re.IGNORECASE)
MACRO_PART = re.compile(r"vbaproject\.bin$|^basic/.|^scripts/.", re.IGNORECASE)
ODF_MIMETYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
MIMETYPE_BYTES, MANIFEST_BYTES = 100, 1 << 20
HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|title|meta|style|script|div|p|h[1-6]|table|section|article|header|main|ul|ol|br|b|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
ATX_HEADING = re.compile(r"^ {0,3}#{1,6} +\S", re.MULTILINE)
SETEXT_HEADING = re.compile(r"^\S.{0,80}\n(?:={3,}|-{3,}) *$", re.MULTILINE)
MARKDOWN_INLINE = re.compile(
    r"\*\*\S.{0,200}?\S?\*\*|\[[^\]\n]{1,200}\]\([^)\s]{1,400}\)|^```|^\|(?: ?:?-{3,}:? ?\|)+ *$", re.MULTILINE
)
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")


def sniff(data: bytes) -> Kind:
    """Raises DocumentError: FILE_EMPTY, FILE_TRUNCATED, FILE_TYPE_UNSUPPORTED, FILE_ENCRYPTED, FILE_MALICIOUS; it says what was found."""
    if not data.strip():
        raise DocumentError("FILE_EMPTY", "the file has no content; choose another file")
    kind = _kind(data)
    polyglot.check(data, kind)
    return kind


def _kind(data: bytes) -> Kind:
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    picture = _picture(data)
    if picture:
        return picture
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _ole(data)
    if data.lstrip()[:5] == b"{\\rtf":
        return _rtf(data)
    if b"%PDF-" in data[:PDF_HEADER_WITHIN]:
        return _pdf(data)
    if found := name_of(data):
        raise DocumentError("FILE_TYPE_UNSUPPORTED", f"this is {found}; {REMEDY}")
    return _text(data)


def _pdf(data: bytes) -> Kind:
    if b"%%EOF" not in data[-TAIL_BYTES:] and b"startxref" not in data[-TAIL_BYTES:]:
        raise _truncated("PDF")
    return Kind.PDF


def _rtf(data: bytes) -> Kind:
    if not data.rstrip(b"\0\r\n\t \x1a").endswith(b"}"):
        raise _truncated("RTF file")
    return Kind.RTF


def _picture(data: bytes) -> Kind | None:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        if b"IEND\xaeB`\x82" not in data:
            raise _truncated("picture")
        return Kind.PNG
    if data[:3] == b"\xff\xd8\xff":
        if b"\xff\xd9" not in data[3:]:
            raise _truncated("picture")
        return Kind.JPEG
    return Kind.TIFF if data[:4] in (b"II*\0", b"MM\0*") else None


def _ole(data: bytes) -> DocumentError:
    if ENCRYPTED_OLE in data:
        return DocumentError("FILE_ENCRYPTED", "the document is protected by a password; save it without one")
    return DocumentError("FILE_TYPE_UNSUPPORTED", f"this is {name_of_ole(data)}; {REMEDY}")


def _office(data: bytes) -> Kind:
    found = archive.entries(data)
    names = [entry.name for entry in found]
    if any(entry.flags & archive.ENCRYPTED for entry in found):
        raise DocumentError("FILE_ENCRYPTED", "the file is protected by a password; save it without one")
    kind = _office_kind(data, found)
    if kind is None:
        raise DocumentError("FILE_TYPE_UNSUPPORTED", f"this is {name_of_archive(names)}; {REMEDY}")
    # Programs do not tell capitals from small letters in the names of parts.
    if any(MACRO_PART.search(name) for name in names):
        raise DocumentError(
            "FILE_MALICIOUS", "the document has macros; save it as .docx or .odt without them, or as a PDF"
        )
    return kind


def _office_kind(data: bytes, found: list[archive.Entry]) -> Kind | None:
    if any(WORD_PART.match(entry.name) for entry in found):
        return Kind.DOCX
    parts = {entry.name: entry for entry in found}
    if "mimetype" not in parts or archive.part(data, parts["mimetype"], MIMETYPE_BYTES).strip() not in ODF_MIMETYPES:
        return None
    manifest = parts.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.part(data, manifest, MANIFEST_BYTES):
        raise DocumentError("FILE_ENCRYPTED", "the document is protected by a password; save it without one")
    return Kind.ODT


def _text(data: bytes) -> Kind:
    text = _decoded(data)
    if text is None:
        raise DocumentError(
            "FILE_TYPE_UNSUPPORTED",
            "this is no document that we know; send a PDF, DOCX, ODT, RTF, text or picture file",
        )
    if HTML.match(text):
        return Kind.HTML
    if found := _named_text(text):
        raise DocumentError("FILE_TYPE_UNSUPPORTED", f"this is {found}; {REMEDY}")
    return Kind.MARKDOWN if _is_markdown(text) else Kind.TEXT


def _decoded(data: bytes) -> str | None:
    """The head as text; None when it has letters that no text has."""
    for mark, encoding in TEXT_MARKS.items():
        if data.startswith(mark):
            text = data[: HEAD_BYTES + HEAD_BYTES % 2].decode(encoding, errors="replace").lstrip("\ufeff")
            return None if "\0" in text else text
    control = any(byte < 32 and byte not in b"\t\n\v\r\f\x1a" for byte in data[:4096])
    return None if control or b"\0" in data else data[:HEAD_BYTES].decode("latin-1")


def _named_text(text: str) -> str | None:
    head = text.lstrip()[:400]
    if head.startswith("<?xml") or re.match(r"<[a-z]+:[a-z]+\s+xmlns", head, re.IGNORECASE):
        return "an XML file"
    if head.startswith("#!/"):
        return "a program (script)"
    if re.match(r"(?:MIME-Version|From|Received|Return-Path|Delivered-To): .*\n(?:[\w-]+: |\s)", head, re.IGNORECASE):
        return "a mail or web archive"
    return None


def _is_markdown(text: str) -> bool:
    """Two different signs: a line that begins with a number sign is in plain text too."""
    text = text.replace("\r\n", "\n")
    headings = len(ATX_HEADING.findall(text)) + len(SETEXT_HEADING.findall(text))
    inline = len(MARKDOWN_INLINE.findall(text))
    return headings >= 2 or (headings >= 1 and inline >= 1) or inline >= 3


def _truncated(what: str) -> DocumentError:
    return DocumentError("FILE_TRUNCATED", f"the {what} ends too early; upload it again")

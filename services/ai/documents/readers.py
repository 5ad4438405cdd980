"""Bytes of a known kind → Document. Runs in the sandbox's child only."""

import io

from services.ai.documents.document import Document, DocumentError, Kind, Line, from_lines


def read(data: bytes, kind: Kind) -> Document:
    """Raises DocumentError; NO_TEXT when there is none."""
    document = {Kind.PDF: _pdf, Kind.DOCX: _docx, Kind.TEXT: _text}[kind](data)
    if not document.text.strip():
        raise DocumentError("NO_TEXT", "no text was found; a scanned resume must have a text layer")
    return document


def _pdf(data: bytes) -> Document:
    from services.ai.documents import pdf

    return pdf.read(data)


def _docx(data: bytes) -> Document:
    import docx2txt

    return _plain(docx2txt.process(io.BytesIO(data)))


def _text(data: bytes) -> Document:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _plain(data.decode("utf-16", errors="replace"))
    try:
        return _plain(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _plain(data.decode("cp1252", errors="replace"))


def _plain(text: str) -> Document:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return from_lines([(line, Line(0, 0)) for line in lines if line], 0)

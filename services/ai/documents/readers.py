"""Bytes of a known kind → Document. Runs in the sandbox's child only."""

from importlib import import_module

from services.ai.documents.document import Document, DocumentError, Kind
from services.ai.documents.instructions import separate, standing_alone

# Read by module and name, so that a text file loads nothing of Word.
_READERS = {
    Kind.PDF: "pdf",
    Kind.DOCX: "docx",
    Kind.ODT: "odt",
    Kind.RTF: "rtf",
    Kind.HTML: "markup.html",
    Kind.MARKDOWN: "markup.markdown",
    Kind.TEXT: "markup.text",
    Kind.PNG: "pictures",
    Kind.JPEG: "pictures",
    Kind.TIFF: "pictures",
}


def read(data: bytes, kind: Kind) -> Document:
    """Raises DocumentError; NO_TEXT when there is none that a person sees."""
    reader = import_module(f"{__package__}.{_READERS[kind]}")
    try:
        document: Document = reader.read(data)
    except RecursionError:
        raise DocumentError("FILE_UNREADABLE", "the file nests deeper than a resume does; export it as a PDF") from None
    left = separate(document)
    if left is not document and kind is Kind.PDF:
        # An instruction moves no column: the page is read again as if it did not stand there.
        left = separate(reader.read(data, standing_alone(document)))
    if not left.text.strip():
        raise DocumentError("NO_TEXT", "no text was found that a person could read; choose another file")
    return left

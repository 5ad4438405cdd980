"""Bytes of a known kind → Document, or parts for the scanners. Runs in the sandbox's children only."""

import io
from importlib import import_module

from services.ai.documents.document import PICTURES, Document, DocumentError, Kind
from services.ai.documents.inspection import inspector
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


def preload() -> None:
    """Does what the first document would make happen: imports, tables, caches. Not for recognition, which weighs more than all else."""
    inspector.preload()
    for kind, name in _READERS.items():
        if kind not in PICTURES:
            import_module(f"{__package__}.{name}")
    page = _a_page()
    inspect(page, Kind.PDF)
    read(page, Kind.PDF)


def _a_page() -> bytes:
    import pikepdf

    pdf, stream = pikepdf.new(), io.BytesIO()
    page = pdf.add_blank_page()
    page.Contents = pdf.make_stream(b"BT /F 12 Tf 72 700 Td (Experience, 2019) Tj ET")
    helvetica = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica))
    pdf.save(stream)
    return stream.getvalue()


def inspect(data: bytes, kind: Kind) -> list[tuple[str, bytes]]:
    """Names and contents of the parts that a file holds. Raises DocumentError for one that does or carries something."""
    return inspector.inspect(data, kind)


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

"""A file's structure, looked at inside a child: what is active is refused, what is packed is unpacked for the scanners outside."""

import importlib

from services.ai.documents.document import Kind


def preload() -> None:
    """Imports what every child would import."""
    for name in ("pdf", "office", "markup"):
        importlib.import_module(f"{__package__}.{name}")


def inspect(data: bytes, kind: Kind) -> list[tuple[str, bytes]]:
    """Names and contents of the parts it holds. Raises DocumentError."""
    from services.ai.documents.inspection import markup, office, pdf

    if kind is Kind.PDF:
        return pdf.inspect(data)
    if kind in (Kind.DOCX, Kind.ODT):
        return office.inspect(data, kind)
    checks = {
        Kind.RTF: markup.check_rtf,
        Kind.HTML: markup.check_html,
        Kind.MARKDOWN: markup.check_markdown,
    }
    if kind in checks:
        checks[kind](data)
    return []

"""A file's structure, looked at inside a child: what is active is refused, what is packed is unpacked for the scanners outside."""

import importlib

from services.ai.documents.document import Kind


def preload() -> None:
    """Imports what every child would import."""
    for name in ("scan_pdf", "scan_office", "scan_markup"):
        importlib.import_module(f"services.ai.documents.{name}")


def inspect(data: bytes, kind: Kind) -> list[tuple[str, bytes]]:
    """Names and contents of the parts it holds. Raises DocumentError."""
    from services.ai.documents import scan_markup, scan_office, scan_pdf

    if kind is Kind.PDF:
        return scan_pdf.inspect(data)
    if kind in (Kind.DOCX, Kind.ODT):
        return scan_office.inspect(data, kind)
    checks = {
        Kind.RTF: scan_markup.check_rtf,
        Kind.HTML: scan_markup.check_html,
        Kind.MARKDOWN: scan_markup.check_markdown,
    }
    if kind in checks:
        checks[kind](data)
    return []

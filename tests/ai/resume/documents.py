"""Resumes made for tests: plain text, or pages drawn with fonts and columns."""

from datetime import date

from services.ai.documents import Document, Kind
from services.ai.documents.readers import read
from services.ai.resume import ParsedResume, parse

AS_OF = date(2026, 11, 1)


def document_of(text: str) -> Document:
    return read(text.encode(), Kind.TEXT)


def parsed_text(text: str) -> ParsedResume:
    return parse(document_of(text), AS_OF)

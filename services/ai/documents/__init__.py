"""Bytes → text with positions, in a child process that cannot harm this one."""

from services.ai.documents.document import Box, Concealed, Concealment, Document, DocumentError, Kind, Line
from services.ai.documents.sandbox import extract
from services.ai.documents.sniff import sniff

__all__ = ["Box", "Concealed", "Concealment", "Document", "DocumentError", "Kind", "Line", "extract", "sniff"]

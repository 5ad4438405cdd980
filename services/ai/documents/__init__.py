"""Bytes → text with positions, in a child process that cannot harm this one."""

from services.ai.documents.document import Box, Concealed, Concealment, Document, DocumentError, Kind, Line
from services.ai.documents.kinds import sniff
from services.ai.documents.sandbox import Pool, SandboxDown, extract
from services.ai.documents.scanning import BadRules, ClamAV, ScannerDown, scan

# Changes with whatever changes the text or the places that a file is read as.
VERSION = "documents-2"

__all__ = [
    "VERSION",
    "BadRules",
    "Box",
    "ClamAV",
    "Concealed",
    "Concealment",
    "Document",
    "DocumentError",
    "Kind",
    "Line",
    "Pool",
    "SandboxDown",
    "ScannerDown",
    "extract",
    "scan",
    "sniff",
]

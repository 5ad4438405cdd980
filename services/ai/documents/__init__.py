"""Bytes → text with positions, in a child process that cannot harm this one."""

from services.ai.documents.document import Box, Concealed, Concealment, Document, DocumentError, Kind, Line
from services.ai.documents.kinds import sniff
from services.ai.documents.sandbox import File, Pool, SandboxDown, extract
from services.ai.documents.scanning import BadRules, ClamAV, ScannerDown, scan, scan_file

# Changes with whatever changes the text or the places that a file is read as.
VERSION = "documents-3"

__all__ = [
    "VERSION",
    "BadRules",
    "Box",
    "ClamAV",
    "Concealed",
    "Concealment",
    "Document",
    "DocumentError",
    "File",
    "Kind",
    "Line",
    "Pool",
    "SandboxDown",
    "ScannerDown",
    "extract",
    "scan",
    "scan_file",
    "sniff",
]

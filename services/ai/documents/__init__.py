"""Bytes → text with positions, in a child process that cannot harm this one."""

from services.ai.documents.document import Box, Concealed, Concealment, Document, DocumentError, Kind, Line
from services.ai.documents.pool import Pool, SandboxDown, extract
from services.ai.documents.scan import scan
from services.ai.documents.scan_clamav import ClamAV, ScannerDown
from services.ai.documents.scan_rules import BadRules
from services.ai.documents.sniff import sniff

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

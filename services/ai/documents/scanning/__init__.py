"""Whether a file may leave quarantine: `scanner.scan` asks an inspecting child, YARA (with the rules in `rules/`) and ClamAV."""

from services.ai.documents.scanning.clamav import ClamAV, ScannerDown
from services.ai.documents.scanning.scanner import scan, scan_file
from services.ai.documents.scanning.yara import BadRules

__all__ = ["BadRules", "ClamAV", "ScannerDown", "scan", "scan_file"]

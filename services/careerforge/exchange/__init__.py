"""Profiles from and to the formats of others: no database, no transport, the same bytes for the same profile."""

from services.careerforge.exchange.exporting import export_docx, export_pdf, not_drawable
from services.careerforge.exchange.findings import Finding, Import
from services.careerforge.exchange.json_export import export_json
from services.careerforge.exchange.profile import Profile
from services.careerforge.exchange.reading import read_profile

__all__ = ["Finding", "Import", "Profile", "export_docx", "export_json", "export_pdf", "not_drawable", "read_profile"]

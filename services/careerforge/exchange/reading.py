"""A file of any format that we import → profile. Its content tells the format, not its name."""

import re

from services.careerforge.exchange.encodings import decoded
from services.careerforge.exchange.europass_candidate import ROOTS as CANDIDATES
from services.careerforge.exchange.europass_candidate import read_candidate
from services.careerforge.exchange.europass_passport import ROOTS as PASSPORTS
from services.careerforge.exchange.europass_passport import read_passport
from services.careerforge.exchange.findings import Import, refused
from services.careerforge.exchange.json_resume import read_json_resume
from services.careerforge.exchange.linkedin import read_linkedin
from services.careerforge.exchange.pdf_attachment import europass_xml
from services.careerforge.exchange.xml_tree import read_xml

MOST_BYTES = 1 << 20
_ZIP, _PDF = b"PK", b"%PDF-"
FORMATS = "JSON Resume, a LinkedIn data export (ZIP) or Europass XML"


def read_profile(data: bytes) -> Import:
    """Raises InvalidArgument with the reason FILE_EMPTY, FILE_TYPE_UNSUPPORTED or FILE_TRUNCATED where one of them fits."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refused("", f"the file is empty; upload {FORMATS}", "FILE_EMPTY")
    if len(data) > MOST_BYTES:
        raise refused("", f"the file has {len(data):,} bytes, {MOST_BYTES:,} are possible", limit=str(MOST_BYTES))
    if data.startswith(_ZIP):
        return read_linkedin(data)
    if data.startswith(_PDF):
        return _europass(europass_xml(data))
    first = _first_character(data)
    if first == "<":
        return _europass(data)
    if first in ("{", "["):
        return read_json_resume(decoded(data, ""))
    raise refused("", f"the file is none that profiles are imported from; upload {FORMATS}", "FILE_TYPE_UNSUPPORTED")


def _first_character(data: bytes) -> str:
    """In whatever encoding: what begins JSON and XML has one byte, beside zeros and marks."""
    head = re.sub(rb"^(?:\xef\xbb\xbf|\xff\xfe\x00\x00|\x00\x00\xfe\xff|\xff\xfe|\xfe\xff)", b"", data[:1000])
    return head.replace(b"\x00", b"").lstrip()[:1].decode("latin-1")


def _europass(data: bytes) -> Import:
    root = read_xml(data)
    if root.name in CANDIDATES:
        return read_candidate(root)
    if root.name in PASSPORTS:
        return read_passport(root)
    why = f"<{root.name[:40]}> is no root of Europass XML (Candidate or SkillsPassport); upload {FORMATS}"
    raise refused("", why, "FILE_TYPE_UNSUPPORTED")

"""The XML that Europass puts into its PDF files, as an attachment.

Only streams that stand in the file as such are looked at, inflated within a limit: no object is resolved, nothing is drawn or run.
"""

import re
import zlib

from services.careerforge.exchange.findings import refused

MOST_ATTACHMENTS, MOST_XML_BYTES = 20, 8 << 20
# A stream's dictionary stands before it; none of an attachment is longer.
MOST_HEADER_BYTES = 2000
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_EUROPASS = re.compile(rb"<(?:[A-Za-z0-9_.-]{1,40}:)?(?:Candidate|SkillsPassport|LearnerInfo)[\s>]")


def europass_xml(data: bytes) -> bytes:
    """The XML. Raises InvalidArgument for PDF files without."""
    looked_at = 0
    for match in _STREAM.finditer(data):
        header = data[max(0, match.start() - MOST_HEADER_BYTES) : match.start()].rpartition(b" obj")[2]
        if b"/EmbeddedFile" not in header:
            continue
        content = _inflated(header, data, match.end())
        if _EUROPASS.search(content[:4096]):
            return content
        looked_at += 1
        if looked_at == MOST_ATTACHMENTS:
            break
    raise refused(
        "",
        "the PDF file has no Europass XML in it; choose “Download as XML” in Europass, or upload the PDF as a resume",
        "FILE_TYPE_UNSUPPORTED",
    )


def _inflated(header: bytes, data: bytes, start: int) -> bytes:
    if b"/FlateDecode" not in header:
        return b"" if b"/Filter" in header else data[start : data.find(b"endstream", start)].rstrip(b"\r\n")
    try:
        content = zlib.decompressobj().decompress(memoryview(data)[start:], MOST_XML_BYTES + 1)
    except zlib.error:
        return b""
    if len(content) > MOST_XML_BYTES:
        why = f"unpacks to more than {MOST_XML_BYTES:,} bytes; no profile is as long: export the file again"
        raise refused("the attachment", why, limit=str(MOST_XML_BYTES))
    return content

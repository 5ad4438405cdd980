"""What a Word or OpenDocument file would do or carry besides being read. Runs in a child only.

Relationship types as in ECMA-376 part 1, 9.2 and 15; OpenDocument elements as in ODF 1.3 part 3.
"""

import re
from urllib.parse import unquote

from lxml import etree

from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.inspection import markup
from services.ai.documents.kinds import archive

REMEDY = "save it as a PDF and send that"
# Names of parts, in small letters, and what they are.
PARTS = (
    (re.compile(r"vbaproject|vbadata|/macrosheets/|^basic/|^scripts/|/script-lb\.xml$|\.(?:xba|xlb)$"), "macros"),
    (re.compile(r"activex"), "ActiveX controls"),
    (re.compile(r"/embeddings/|^object \d+/|oleobject|\.ole$|/package/"), "an embedded file"),
    (
        re.compile(
            r"\.(?:exe|dll|scr|com|pif|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|jar|sh|py|html?|mht|doc[mx]|xls[xmb]?|pdf|zip|rar)$"
        ),
        "an embedded file",
    ),
)  # fmt: skip
# Relationships by the last word of their type.
INTERNAL = {
    "afchunk": "an embedded document (altChunk)",
    "oleobject": "an embedded object",
    "package": "an embedded file",
    "control": "an ActiveX control",
    "vbaproject": "macros",
    "attachedtoolbars": "macros",
}
# A link may be clicked and a picture may be missing; all else that lies elsewhere is fetched by itself.
HARMLESS_OUTSIDE = frozenset({"hyperlink", "image"})
LOCAL_TEMPLATE = re.compile(r"^(?:file:/{2,3})?[a-z]:[\\/]|^[^:/\\]+\.dot[xm]?$", re.IGNORECASE)
DDE = re.compile(r"\bDDE(?:AUTO)?\b|\bQUOTE(?:\s+\d+){8}|\bINCLUDETEXT\s+\"?\s*(?:https?:|\\\\)", re.IGNORECASE)
ODF_ACTIVE = re.compile(
    r"<script:event-listener|<office:script\b|vnd\.sun\.star\.script:|\"macro:|<(?:text:dde-connection|office:dde-source)\b"
    r"|<draw:(?:object-ole|plugin|applet|floating-frame)\b|<text:section-source\b[^>]*href=\"(?:https?:|//|\\\\)",
    re.IGNORECASE,
)
DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})")
ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
XML_NAMES = (".xml", ".rels", ".vml", ".rdf", ".svg")
# How much of what was unpacked goes on to the other scanners; ClamAV unpacks by itself too.
ALL_PARTS_BYTES = 48 << 20


def inspect(data: bytes, kind: Kind) -> list[tuple[str, bytes]]:
    """Its parts, unpacked. Raises DocumentError: FILE_ENCRYPTED, FILE_MALICIOUS naming what was found, FILE_UNREADABLE."""
    found = archive.entries(data)
    archive.check(data, found)
    for entry in found:
        _check_name(entry.name.lower())
    parts, left = [], ALL_PARTS_BYTES
    for entry, content in archive.contents(data, found):
        if entry.name.lower().endswith(XML_NAMES):
            _check_xml(entry.name.lower(), content, kind)
        if content and len(content) <= left:
            left -= len(content)
            parts.append((entry.name, content))
    return parts


def _check_name(name: str) -> None:
    for pattern, what in PARTS:
        if pattern.search(name) and not name.endswith("/"):
            raise _malicious(f"{what} ({name[-60:]})")


def _check_xml(name: str, content: bytes, kind: Kind) -> None:
    text = _text(name, content)
    if DOCTYPE.search(text):
        raise _malicious(f"entity declarations in {name[-60:]}, which can grow without bound")
    if name.endswith(".rels"):
        _check_relations(name, content)
    elif name.endswith(".svg"):
        markup.check_html(content, f"the picture {name[-60:]}")
    elif kind is Kind.ODT:
        if found := ODF_ACTIVE.search(text):
            raise _malicious(f"active content ({found[0][:40]})")
    else:
        _check_word(name, text)


def _check_word(name: str, text: str) -> None:
    if name == "[content_types].xml" and "macroenabled" in text.lower():
        raise _malicious("macros")
    if "altChunk" in text and re.search(r"<(?:\w+:)?altChunk\b", text):
        raise _malicious("an embedded document (altChunk)")
    if ("instrText" in text or "fldSimple" in text) and (found := DDE.search(_instructions(text))):
        raise _malicious(f"a field that fetches by itself ({found[0][:20].strip()})")


def _instructions(text: str) -> str:
    """All field codes, put together as Word does: they are cut into runs anywhere."""
    try:
        root = etree.fromstring(text.encode(), _parser())
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentError("FILE_UNREADABLE", "a part of the document is damaged; save it again") from None
    pieces = [e.text or "" for e in root.iter("{*}instrText")]
    simple = [
        str(value) for e in root.iter("{*}fldSimple") for name, value in e.attrib.items() if str(name).endswith("instr")
    ]
    return "".join(pieces) + "\n" + "\n".join(simple)


def _check_relations(name: str, content: bytes) -> None:
    try:
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentError("FILE_UNREADABLE", f"{name[-60:]} is damaged; save the document again") from None
    for relation in root.iter("{*}Relationship"):
        kind = str(relation.get("Type", "")).rstrip("/").rpartition("/")[2].lower()
        target = unquote(str(relation.get("Target", ""))).strip()
        if kind in INTERNAL:
            raise _malicious(INTERNAL[kind])
        if str(relation.get("TargetMode", "")).lower() == "external":
            _check_outside(kind, target)


def _check_outside(kind: str, target: str) -> None:
    scheme = "".join(target.lower().split()).partition(":")[0]
    if scheme in markup.RUNNING_SCHEMES or scheme.startswith("ms-"):
        raise _malicious(f"a link that runs something ({scheme}:)")
    if kind in HARMLESS_OUTSIDE or (kind == "attachedtemplate" and LOCAL_TEMPLATE.match(target)):
        return
    raise _malicious(f"content that is fetched from elsewhere ({kind}: {target[:60]})")


def _text(name: str, content: bytes) -> str:
    """By its mark or declaration. Raises DocumentError for encodings in which nothing could be found."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    declared = ENCODING.match(content[:400].removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in content or (declared and declared[1].decode("latin-1").lower() not in ENCODINGS):
        raise _malicious(f"an encoding that office programs do not write in {name[-60:]}")
    return content.decode(errors="replace")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _malicious(what: str) -> DocumentError:
    return DocumentError("FILE_MALICIOUS", f"the document has {what}; {REMEDY}")

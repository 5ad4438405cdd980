"""What RTF, web pages and Markdown would do or carry besides being read. Runs in a child only."""

import re
from collections.abc import Iterator

from lxml import etree

from services.ai.documents.document import DocumentError

ACTIVE_TAGS = {
    "script": "a script",
    "iframe": "a frame",
    "frame": "a frame",
    "frameset": "frames",
    "object": "an embedded object",
    "embed": "an embedded object",
    "applet": "an embedded program",
    "portal": "a frame",
    "foreignobject": "a page inside a picture",
}
LINKS = frozenset({"href", "src", "action", "formaction", "data", "background", "poster", "srcdoc", "to", "values"})
RUNNING_SCHEMES = frozenset(
    [
        "javascript",
        "vbscript",
        "livescript",
        "jscript",
        "mhtml",
        "ms-msdt",
        "search-ms",
        "ms-officecmd",
        "jar",
        "its",
        "mk",
    ]
)
RUNNING_DATA = re.compile(r"data:(?:text/html|image/svg|text/xml|application/(?:xhtml|xml|javascript|x-msdownload))")
RUNNING_STYLE = re.compile(r"expression\s*\(|-moz-binding|behavior\s*:|javascript:", re.IGNORECASE)
UTF_7 = re.compile(rb"charset\s*=\s*[\"']?utf-?7", re.IGNORECASE)
# An end of a name: RTF ends control words at anything but a letter.
RTF_ACTIVE = (
    (re.compile(rb"\\(?:objdata|objupdate|objemb|objocx|objautlink|objlink|objhtml|objclass|objsub)(?![a-z])"), "an embedded object"),
    (re.compile(rb"\\(?:objattph|objautoupdate)(?![a-z])"), "an embedded file"),
    (re.compile(rb"\\sn(?![a-z])\W{0,20}pFragments", re.IGNORECASE), "an exploit of old readers (pFragments)"),
    (re.compile(rb"\\listoverridecount(?!(?:0|1|9)(?!\d))-?\d"), "an exploit of old readers (listoverridecount)"),
)  # fmt: skip
RTF_FIELD = re.compile(rb"\\fldinst(?![a-z])((?:(?!\\fldrslt).){0,400})", re.DOTALL)
DDE = re.compile(r"^[\s*]*DDE(?:AUTO)?\b", re.IGNORECASE)
RTF_TEMPLATE = re.compile(rb"\\template(?![a-z])([^}]{0,2000})")
RTF_LETTER = re.compile(rb"\\'([0-9a-f]{2})|\\u(-?\d{1,5}) ?\??|\\[a-z]+-?\d* ?|[{}\r\n]", re.IGNORECASE)
REMOTE = re.compile(r"^\s*(?:https?:|ftp:|webdav:|\\\\|//|file:/{2}[^/])", re.IGNORECASE)
FENCED = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
MARKDOWN_ACTIVE = re.compile(
    r"<\s*(script|iframe|object|embed|applet)\b|\]\(\s*<?\s*(javascript|vbscript|data:text/html)", re.IGNORECASE
)


def check_rtf(data: bytes) -> None:
    """Raises DocumentError FILE_MALICIOUS naming what was found."""
    for pattern, what in RTF_ACTIVE:
        if pattern.search(data):
            raise _malicious(what, "document")
    for place, content, what in (
        (RTF_TEMPLATE, REMOTE, "a template that is fetched from elsewhere"),
        (RTF_FIELD, DDE, "a field that starts a program (DDE)"),
    ):
        for found in place.finditer(data):
            if content.match(RTF_LETTER.sub(_letter, found[1]).decode("latin-1")):
                raise _malicious(what, "document")


def _letter(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 16)])
    return bytes([int(found[2]) % 256]) if found[2] else b""


def check_markdown(data: bytes) -> None:
    """Raises DocumentError FILE_MALICIOUS; what is quoted as code is no code."""
    if found := MARKDOWN_ACTIVE.search(FENCED.sub("", data.decode(errors="replace"))):
        raise _malicious(ACTIVE_TAGS.get((found[1] or "").lower(), "a link that runs something"), "document")


def check_html(data: bytes, where: str = "page") -> None:
    """Raises DocumentError FILE_MALICIOUS naming what was found, FILE_UNREADABLE."""
    if UTF_7.search(data[:4096]):
        raise _malicious("an encoding that hides scripts (UTF-7)", where)
    parser = etree.HTMLParser(target=_Active(), no_network=True, huge_tree=False)
    try:
        found = etree.fromstring(_utf8(data), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentError("FILE_UNREADABLE", "the page is damaged; print it as a PDF and send that") from None
    for what in found:
        raise _malicious(what, where)


def _utf8(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return b"\xef\xbb\xbf" + data.decode("utf-16", errors="replace").encode(errors="replace")
    return data


class _Active:
    """A target of the parser: keeps what is active and no tree."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2].lower()
        if name in ACTIVE_TAGS:
            self._found.append(ACTIVE_TAGS[name])
        if name == "meta" and attributes.get("http-equiv", "").strip().lower() == "refresh":
            self._found.append("a redirection")
        if name == "link" and "import" in attributes.get("rel", "").lower():
            self._found.append("an imported page")
        self._found.extend(_in_attributes(attributes))

    def data(self, text: str) -> None:
        """Text runs nothing."""

    def close(self) -> list[str]:
        return self._found


def _in_attributes(attributes: dict[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        key = name.rpartition(":")[2].lower()
        packed = "".join(c for c in value.lower() if c > " ")
        if key.startswith("on") and len(key) > 2:
            yield f"a script ({key[:20]})"
        elif key in LINKS and (packed.partition(":")[0] in RUNNING_SCHEMES or RUNNING_DATA.match(packed)):
            yield "a link that runs something"
        elif key == "srcdoc" or (key == "style" and RUNNING_STYLE.search(value)):
            yield "a style that runs something"


def _malicious(what: str, where: str) -> DocumentError:
    return DocumentError(
        "FILE_MALICIOUS", f"the {where} has {what}; save or print it as a PDF and send that".replace("the the", "the")
    )

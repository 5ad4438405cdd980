"""SVG pictures: what would act in them is refused. Where one is opened, it is opened as XML, so it is looked at as XML."""

import re
from xml.parsers import expat

from services.kit.errors import InvalidArgument

CONTENT_TYPE = "image/svg+xml"
# How much of a file says what it is.
HEAD_BYTES = 4096
_ROOT = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]{0,200}\?>)?(?:\s|<!--.{0,2000}?-->|<!doctype\s+svg[^>\[]{0,500}(?:\[|>))*(?:<!entity|<(?:\w+:)?svg[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_ACTIVE = frozenset(
    ("script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "audio", "video", "html", "body")
)
_RUNNING = re.compile(r"(?:java|vb|live)script:|data:(?!image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_CODES = expat.errors.codes


def is_svg(data: bytes) -> bool:
    head = data[:HEAD_BYTES]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return bool(_ROOT.match(head.decode(encoding, "ignore")))


def check(data: bytes) -> None:
    """Raises InvalidArgument: FILE_MALICIOUS naming what was found, FILE_TRUNCATED, FILE_TYPE_UNSUPPORTED for what is not well-formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _check_element
    parser.EntityDeclHandler = lambda *_: _refuse("an entity of its own")
    parser.ProcessingInstructionHandler = lambda *_: _refuse("a processing instruction")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        cut = error.code in (_CODES["no element found"], _CODES["unclosed token"])
        reason = "FILE_TRUNCATED" if cut else "FILE_TYPE_UNSUPPORTED"
        why = "the picture ends too early" if cut else f"the SVG is not well-formed (line {error.lineno})"
        raise InvalidArgument("file", f"{why}; export it again", reason=reason) from None
    except (LookupError, ValueError):
        why = "the SVG is in an encoding that cannot be read; save it as UTF-8"
        raise InvalidArgument("file", why, reason="FILE_TYPE_UNSUPPORTED") from None


def _check_element(name: str, attributes: dict[str, str]) -> None:
    if _local(name) in _ACTIVE:
        _refuse(f"an element <{_local(name)}>")
    for key, value in attributes.items():
        if _local(key).startswith("on"):
            _refuse("an event handler")
        # As browsers read it: blanks and controls within a scheme do not count.
        if _RUNNING.match("".join(c for c in value if c > " ")):
            _refuse("a link that runs something")


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()


def _refuse(what: str) -> None:
    raise InvalidArgument("file", f"has {what}; export the picture without it", reason="FILE_MALICIOUS")

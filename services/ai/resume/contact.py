"""Name, e-mail addresses, telephone numbers, links and place, from the head of a resume."""

import re

from services.ai.documents import Document
from services.ai.resume.records import Contact, Value

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.-])\+?\(?\d[\d\s().-]{7,17}\d(?![\w/-])")
_LINK = re.compile(
    r"(?<![@\w.])(?:https?://\S+|(?:www\.)?(?:linkedin\.com|github\.com|gitlab\.com)/\S+|(?:[\w-]+\.)+(?:com|org|net|io|dev|me|games|de|fr|es|uk)(?:/\S*)?)(?![\w@])"
)
_PLACE = re.compile(
    r"\b[A-ZÀ-Ý][\w'.À-ÿ-]+(?: [A-ZÀ-Ý][\w'.À-ÿ-]+){0,2}, (?:[A-Z]{2}\b|[A-ZÀ-Ý][\w.À-ÿ-]+(?: [A-Z][\w-]+)?)"
)
_NAME = re.compile(r"[A-ZÀ-Ý][\w'’.À-ÿ-]*(?: (?:[A-ZÀ-Ý][\w'’.À-ÿ-]*|de|van|von|der|da|la|del|di)){1,3}$")
_NOT_NAMES = re.compile(
    r"resume|curriculum|vitae|\bcv\b|profile|summary|updated|experience|engineer|developer|manager|page", re.IGNORECASE
)
# Lines in which a name is looked for.
HEAD_LINES = 12


def find_contact(document: Document) -> Contact:
    head = document.lines[HEAD_LINES].start if len(document.lines) > HEAD_LINES else len(document.text)
    emails = _all(document, _EMAIL, len(document.text), 0.98)
    taken = [v.span for v in emails]
    links = tuple(
        v for v in _all(document, _LINK, len(document.text), 0.9) if not any(v.span.overlaps(t) for t in taken)
    )
    phones = tuple(v for v in _all(document, _PHONE, head, 0.9) if sum(c.isdigit() for c in v.text) >= 8)
    places = _all(document, _PLACE, head, 0.7)
    return Contact(_name(document), emails, phones, links, places[0] if places else None)


def _all(document: Document, pattern: re.Pattern[str], end: int, confidence: float) -> tuple[Value, ...]:
    found = (document.span(m.start(), m.end()) for m in pattern.finditer(document.text, 0, end))
    return tuple(Value(span.text.rstrip(".,;"), span, confidence) for span in found)


def _name(document: Document) -> Value | None:
    """The tallest of the first lines that looks like a name; the first of equals."""
    best: tuple[float, Value] | None = None
    for line in document.lines[:HEAD_LINES]:
        text = document.text[line.start : line.end].split(" | ")[0].strip(" ,")
        candidate = text.title() if text.isupper() else text
        if _NAME.match(candidate) and not _NOT_NAMES.search(candidate) and not any(c.isdigit() for c in text):
            value = Value(candidate, document.span(line.start, line.start + len(text)), 0.9)
            if best is None or line.size > best[0] + 0.5:
                best = (line.size, value)
    return best[1] if best else None

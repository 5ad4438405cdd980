"""The pieces of a resume that say what was done: what the sentences of a position are compared with."""

import re
from collections.abc import Iterator

from services.ai.resume.records import Contact, Experience, ParsedResume
from services.ai.spans import Span, span_of

MOST_PASSAGES = 24
MOST_LETTERS = 200
FEWEST_WORDS = 3
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÀ-Þ(•*-])|\s+[•·▪●]\s+|\n\s*\n|\n(?=\s*[•·▪●*–-]\s)")
_LEAD = re.compile(r"^[\s•·▪●◦‣*–—-]+")
_PERSONAL = re.compile(
    r"[\w.+-]+\s?@\s?[\w-]+\.\w|\[(?:email|phone)\]|(?:https?://|www\.)\S|(?<![\w/])\+?\(?\d[\d\s().-]{7,}\d(?!\w)"
    r"|\b\d{1,5}\s+(?:[A-Z][\w'.-]*\s+){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct)\b\.?"
    r"|\b[A-ZÄÖÜ][\wäöüß-]*(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse)\s+\d|\b(?:rue|calle|avenida)\b.{0,40}\d"
    r"|\b(?:address|adresse|anschrift|dirección|domicile|residence|date of birth|d\.?o\.?b\b|born|birth|geburts\w+"
    r"|geboren|naissance|nacimiento|marital|nationality|gender|passport)\b\s*[:\d]"
    r"|\b(?:aged|age:?)\s+\d\d\b|\b\d\d[- ]years?[- ]old\b",
    re.IGNORECASE,
)


def passages(resume: ParsedResume) -> tuple[Span, ...]:
    """At most 24 spans of about 200 characters at most: what was done in roles, the latest first; without roles, in projects, else the
    summary. None holds the person's name, e-mail address, telephone number, address or date of birth.
    """
    names = _name_parts(resume.contact)
    location = resume.contact.location.span if resume.contact.location else None
    found: dict[str, Span] = {}
    for span in _pieces(resume):
        if len(found) == MOST_PASSAGES:
            break
        if _tells(span, names, location):
            found.setdefault(" ".join(span.text.lower().split()), span)
    return tuple(found.values())


def tells_of_person(line: str) -> bool:
    """Whether a line holds an e-mail address, a telephone number, a link, a street or a date of birth."""
    return _PERSONAL.search(line) is not None


def _tells(span: Span, names: re.Pattern[str] | None, location: Span | None) -> bool:
    if len(span.text.split()) < FEWEST_WORDS or tells_of_person(span.text):
        return False
    return not (names and names.search(span.text)) and not (location and location.overlaps(span))


def _pieces(resume: ParsedResume) -> Iterator[Span]:
    for role in sorted(resume.experiences, key=_latest, reverse=True):
        for bullet in role.bullets:
            yield from _split(bullet.span)
    if not any(role.bullets for role in resume.experiences):
        for value in (*resume.projects, *((resume.summary,) if resume.summary else ())):
            yield from _split(value.span)


def _latest(role: Experience) -> tuple[bool, int, int]:
    """Equal ones stay in the order of the text; roles without dates come last."""
    months = role.months
    return (
        months is not None and months.end is None,
        (months.end or months.start) if months else 0,
        months.start if months else 0,
    )


def _split(whole: Span) -> Iterator[Span]:
    """Sentences; those that are too long by words."""
    at = 0
    for match in [*_SENTENCE.finditer(whole.text), None]:
        yield from _cut(whole, at, match.start() if match else len(whole.text))
        at = match.end() if match else at


def _cut(whole: Span, start: int, end: int) -> Iterator[Span]:
    lead = _LEAD.match(whole.text[start:end])
    start += lead.end() if lead else 0
    while end - start > MOST_LETTERS:
        space = max(whole.text.rfind(mark, start + MOST_LETTERS // 2, start + MOST_LETTERS) for mark in (" ", "\n"))
        stop = space if space > 0 else start + MOST_LETTERS
        yield _part(whole, start, stop)
        start = stop
    if start < end:
        yield _part(whole, start, end)


def _part(whole: Span, start: int, end: int) -> Span:
    part = span_of(whole.text, start, end, whole.page)
    # What a person wrote into the profile is no place of the resume.
    if whole.start == whole.end:
        return Span(whole.start, whole.end, whole.page, part.text)
    return Span(whole.start + part.start, whole.start + part.end, whole.page, part.text)


def _name_parts(contact: Contact) -> re.Pattern[str] | None:
    """Any part of the name as a word of its own."""
    parts = [
        re.escape(part) for part in re.split(r"[\s,.]+", contact.name.text if contact.name else "") if len(part) > 1
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None

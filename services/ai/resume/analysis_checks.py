"""What applicant tracking systems and other machines cannot read well in a resume, and where it stands on the page."""

import re
from collections.abc import Iterable, Iterator

from services.ai.documents.document import Concealment, Document, Line
from services.ai.resume.analysis_layout import beside_each_other, in_margins, without_text
from services.ai.resume.analysis_records import Check, Region
from services.ai.resume.records import ParsedResume
from services.ai.spans import Span

MOST_REGIONS = 20
LEAST_HEADINGS = 2
LEAST_CHARACTERS, MOST_CHARACTERS = 600, 12_000
MOST_PAGES = 4
# Portals often take no more.
MOST_BYTES = 5 << 20
# In points: smaller letters are misread when a page is scanned, and passed over by people.
LEAST_SIZE = 7.5
# Tabs in one line from which it is a row of a table: one tab is a date at the right edge.
TABLE_TABS = 2
LEAST_TABLE_ROWS = 3
# Letters that a reader is less sure of than this.
LEAST_CONFIDENCE = 0.8

# Letters without a meaning of their own: a font's private ones, and those that stand for what was lost.
_SYMBOLS = re.compile(r"[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]+|\(cid:\d+\)")


def checks(document: Document, resume: ParsedResume, byte_size: int = 0) -> tuple[Check, ...]:
    return (
        _text_layer(document),
        _pictures(document),
        _columns(document),
        _tables(document),
        _margins(document, resume),
        _symbols(document),
        _letter_size(document),
        _sections(resume),
        _dates(document, resume),
        _email(resume),
        _hidden_text(document),
        _length(document),
        Check("file_size", byte_size <= MOST_BYTES, f"{byte_size / (1 << 20):.1f} MiB, where many portals take 5"),
    )


def _check(name: str, found: Iterable[Region], seen: str, fine: str) -> Check:
    """Passed when nothing was found; `seen` has `{n}` for how many, and `{s}` after what is counted."""
    regions = tuple(found)
    if not regions:
        return Check(name, True, fine)
    return Check(name, False, seen.format(n=len(regions), s=_plural(len(regions))), regions[:MOST_REGIONS])


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


def regions_of(document: Document, spans: Iterable[Span]) -> Iterator[Region]:
    """One for each line of each span; one without box where there are no pages."""
    for span in spans:
        boxes = list(document.boxes(span.start, span.end))
        yield from (Region(page, box, span) for page, box in boxes) if boxes else (Region(span.page, None, span),)


def _of_lines(document: Document, lines: Iterable[Line]) -> Iterator[Region]:
    return regions_of(document, (document.span(line.start, line.end) for line in lines))


def _text_layer(document: Document) -> Check:
    if not document.recognised:
        return Check("text_layer", True, "the file holds its letters as text")
    unsure = (line for line in document.lines if line.confidence < LEAST_CONFIDENCE)
    marks = tuple(_of_lines(document, unsure))[:MOST_REGIONS]
    seen = "the letters are a picture: most machines read nothing, and ours had to guess; save it as text"
    return Check("text_layer", False, seen, marks)


def _pictures(document: Document) -> Check:
    seen = "no text that a machine can read on {n} page{s}: what stands there is a picture"
    return _check("pictures", without_text(document), seen, "every page has text")


def _columns(document: Document) -> Check:
    if document.columns <= 1:
        return Check("columns", True, "the text stands in one column")
    seen = f"up to {document.columns} columns stand side by side; simpler machines read across them"
    return Check("columns", False, seen, tuple(beside_each_other(document))[:MOST_REGIONS])


def _tables(document: Document) -> Check:
    rows = [line for line in document.lines if document.text.count("\t", line.start, line.end) >= TABLE_TABS]
    found = rows if len(rows) >= LEAST_TABLE_ROWS else []
    return _check(
        "tables", _of_lines(document, found), "{n} line{s} like rows of a table", "no tables hold the text together"
    )


def _margins(document: Document, resume: ParsedResume) -> Check:
    values = [*resume.contact.emails, *resume.contact.phones]
    seen = "contact data in a header or footer ({n} time{s}), which many machines leave out"
    found = in_margins(document, regions_of(document, (value.span for value in values)))
    return _check("header_footer", found, seen, "no contact data stands in headers or footers")


def _symbols(document: Document) -> Check:
    spans = (document.span(match.start(), match.end()) for match in _SYMBOLS.finditer(document.text))
    seen = "{n} symbol{s} without a meaning outside of the font"
    return _check("symbols", regions_of(document, spans), seen, "all letters have a meaning")


def _letter_size(document: Document) -> Check:
    small = (line for line in document.lines if line.page and 0 < line.size < LEAST_SIZE and not document.recognised)
    return _check(
        "letter_size",
        _of_lines(document, small),
        f"{{n}} line{{s}} smaller than {LEAST_SIZE} points",
        "no letters are too small",
    )


def _sections(resume: ParsedResume) -> Check:
    count = len(resume.sections)
    return Check("sections", count >= LEAST_HEADINGS, f"{count} heading{_plural(count)} recognised")


def _dates(document: Document, resume: ParsedResume) -> Check:
    roles = resume.experiences
    undated = [role.span for role in roles if not role.months]
    detail = f"{len(roles) - len(undated)} of {len(roles)} roles have readable dates"
    if not roles:
        return Check("dates", False, "no role with dates was recognised")
    first_lines = (span for span in (_first_line(document, span) for span in undated) if span.text)
    return Check("dates", not undated, detail, tuple(regions_of(document, first_lines))[:MOST_REGIONS])


def _first_line(document: Document, span: Span) -> Span:
    stop = document.text.find("\n", span.start, span.end)
    return document.span(span.start, stop if stop > 0 else span.end)


def _email(resume: ParsedResume) -> Check:
    found = bool(resume.contact.emails)
    return Check("email", found, "an e-mail address was found" if found else "no e-mail address was found")


def _hidden_text(document: Document) -> Check:
    """Titles and properties of a file are nothing that anybody hid."""
    hidden = [c for c in document.concealed if c.reason is not Concealment.METADATA]
    regions = (Region(c.page, c.box if any(c.box) else None) for c in hidden)
    seen = "{n} piece{s} of text that people cannot see, or that speak to machines; it counts for nothing, and others turn such files down"
    return _check("hidden_text", regions, seen, "nothing is hidden")


def _length(document: Document) -> Check:
    fits = LEAST_CHARACTERS <= len(document.text) <= MOST_CHARACTERS and document.page_count <= MOST_PAGES
    pages = f" on {document.page_count} page{_plural(document.page_count)}" if document.page_count else ""
    return Check("length", fits, f"{len(document.text):,} characters{pages}")

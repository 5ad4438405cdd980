"""Sections that list: skills, languages, certifications, projects, publications, awards."""

import re
from collections.abc import Iterator, Sequence
from statistics import median

from services.ai.credentials import find_languages, language_level
from services.ai.documents import Document
from services.ai.resume.headings import exact_kind, tidy
from services.ai.resume.heads import pieces_of
from services.ai.resume.hints import reads_like_prose
from services.ai.resume.records import Language, Value
from services.ai.resume.rows import Row, item, items_of

# A dash after a label is the only one of its row.
_LABEL = re.compile(r"((?:(?!\s[–—-]\s)[^:,;|]){2,45}?)\s*(?::|\s[–—-](?!.*\s[–—-]\s))\s+(?=\S)|([^:,;|]{2,45}?)\s*:$")
_SEPARATOR = re.compile(r"\s*[,;|•·∙●▪◦■\t\n✓]\s*|\s{3,}|\s+[–—]\s+")
# A reader of pictures may take a comma for a full stop.
_MISREAD = re.compile(rf"{_SEPARATOR.pattern}|(?<=\w)\.\s+(?=[A-Z\d])")
# Strokes part items where nothing else does: `Kafka / RabbitMQ, Redis` has two.
_STROKES = re.compile(r"[^,;|•·∙●▪◦■\t]+(?:\s/\s[^,;|•·∙●▪◦■\t]+){2,}")
_STROKE = re.compile(r"\s+/\s+")
_PARTED = re.compile(r",|\w\s*[|·•]\s*\w")
_LEVEL = re.compile(
    r"\(?(?:expert|advanced|intermediate|beginner|novice|proficient|competent|basic|familiar|master|fluent|native|"
    r"skilled|experienced|professional|experte|fortgeschritten|grundkenntnisse|sehr gut|gut|avancé|intermédiaire|"
    r"débutant|avanzado|intermedio|básico"
    r"|\d{1,3} ?%|\d(?:/\d)?|\d+\+? (?:years?|jahre|ans|años)|[★☆●○■□▪▫\ue000-\uf8ff\s]+)\)?",
    re.IGNORECASE,
)
_LANGUAGE_LABEL = re.compile(r"(?:spoken |natural |foreign )?languages?|sprachen|langues|idiomas", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:proficient (?:in|with)|familiar with|experienced? (?:in|with)|knowledge of|learning(?=:)|and|etc\.?|over "
    r"\d+ lines|including|(?:basic|advanced)(?=:))\s*:?\s+",
    re.IGNORECASE,
)
# Labels of a group of skills, and headings of what are none.
_REST = frozenset(("other", "others", "more", "additional", "miscellaneous", "sonstiges", "divers", "otros"))
# White after a label, in blanks of its row; a label has at most so many words.
WIDE_BLANK, MOST_LABEL_WORDS = 2.0, 3
# Longer pieces are sentences.
MOST_SKILL_WORDS = 7


def find_listed_skills(document: Document, rows: Sequence[Row]) -> Iterator[Value]:
    """Each item of a skills section as written, groups' labels left out."""
    seen: set[str] = set()
    graded = any(_LEVEL.fullmatch(row.text) for row in rows)
    for paragraph in _paragraphs(rows):
        for start, end in _items(document, paragraph, graded):
            text = " ".join(document.text[start:end].split())
            if text.lower() not in seen and not _LEVEL.fullmatch(text) and len(text.split()) <= MOST_SKILL_WORDS:
                seen.add(text.lower())
                yield Value(text, document.span(start, end), 0.96 if len(text.split()) <= 3 else 0.85)


def _paragraphs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows of one list; a row that was broken for want of room goes on in the next."""
    group: list[Row] = []
    for row in rows:
        before = group[-1] if group else None
        goes_on = (
            before is not None
            and not row.bullet
            and "\t" not in before.text + row.text
            and not _LEVEL.fullmatch(row.text)
            and not _label_before_white(row)
            and (
                before.text.endswith((",", "&")) or (before.full and not _LABEL.match(row.text) and _wraps(before, row))
            )
        )
        if group and not goes_on:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _wraps(before: Row, row: Row) -> bool:
    """A list of several items goes on: a column of single skills is as wide as its widest."""
    return _PARTED.search(before.text) is not None and row.style == before.style


def _label_before_white(row: Row) -> int:
    """Where what a label in a column of its own stands before begins in the row, by a blank wider than the others; 0 without."""
    edges, lead = row.line.edges, row.start - row.line.start
    blanks = [i for i, c in enumerate(row.text) if c == " "]
    if len(edges) <= lead + len(row.text) or len(blanks) < 3:
        return 0
    widths = [edges[lead + i + 1] - edges[lead + i] for i in blanks]
    widest = max(range(len(blanks)), key=widths.__getitem__)
    label = row.text[: blanks[widest]]
    if widths[widest] < WIDE_BLANK * median(widths) or widest >= MOST_LABEL_WORDS or _SEPARATOR.search(label):
        return 0
    return blanks[widest] + 1


def _items(document: Document, rows: Sequence[Row], graded: bool) -> Iterator[tuple[int, int]]:
    """`graded` says that levels stand in rows of their own: one may have been drawn into the row below it."""
    start, end = rows[0].start, rows[-1].end
    text = document.text[start:end]
    begin = 0
    if label := _LABEL.match(text):
        if _LANGUAGE_LABEL.fullmatch((label[1] or label[2]).strip()) and any(
            find_languages(text, label.end(), len(text))
        ):
            return
        if exact_kind(label[1] or label[2]) == "other" and tidy(label[1] or label[2]) not in _REST:
            return
        begin = label.end()
    else:
        begin = _label_before_white(rows[0])
    breaks = {r.end - start for r in rows[:-1]}
    levels = {word.lower() for word in rows[0].text.split("\t")[1:] if _LEVEL.fullmatch(word)}
    for a, b in _split(text, begin, breaks, document.recognised):
        first, _, rest = text[a:b].partition(" ")
        if rest and (first.lower() in levels or (graded and a == begin and _LEVEL.fullmatch(first))):
            # A table of two columns: the level of one item and the next item.
            a += len(first) + 1
        while (lead := _LEAD.match(text, a, b)) and lead.end() < b:
            a = lead.end()
        bare = text[a:b].strip(" .:•-–—*")
        if bare and any(c.isalnum() for c in bare):
            offset = text.index(bare, a)
            yield start + offset, start + offset + len(bare)


def _split(text: str, begin: int, breaks: set[int], misread: bool) -> Iterator[tuple[int, int]]:
    """Stretches between commas and bars that stand outside of brackets; a row's end alone parts nothing."""
    depth, at = 0, begin
    separator = _STROKE if _STROKES.fullmatch(text, begin) else _MISREAD if misread else _SEPARATOR
    position = begin
    while position < len(text):
        character = text[position]
        depth += (character in "([") - (character in ")]")
        mark = separator.match(text, position) if depth <= 0 else None
        if mark and not (mark[0].strip() == "" and position in breaks):
            yield at, position
            at = position = mark.end()
            continue
        position += 1
    if at < len(text):
        yield at, len(text)


def find_spoken(document: Document, rows: Sequence[Row], strict: bool = False) -> Iterator[Language]:
    """Languages with their levels; levels may stand in the row below, cell by cell. `strict`: only rows labelled as languages."""
    for index, row in enumerate(rows):
        if strict and not (
            (label := _LABEL.match(row.text)) and _LANGUAGE_LABEL.fullmatch((label[1] or label[2]).strip())
        ):
            continue
        found = list(find_languages(row.text, 0, len(row.text)))
        below = rows[index + 1].text.split("\t") if index + 1 < len(rows) else []
        levels = [language_level(cell.strip(" ()")) for cell in below]
        for number, language in enumerate(found):
            level = language.level
            if (
                not level
                and len(levels) == len(found)
                and not any(find_languages(rows[index + 1].text, 0, len(rows[index + 1].text)))
            ):
                level = levels[number]
            span = document.span(row.start + language.start, row.start + language.end)
            yield Language(Value(span.text, span, 0.95 if not strict else 0.85), level)


def find_titles(document: Document, rows: Sequence[Row]) -> Iterator[Value]:
    """The first row of each entry: of certifications, projects, publications and awards."""
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        if before is None or _begins(rows, index, before):
            pieces = list(pieces_of(row, 0))
            if not pieces:
                continue
            end = (
                max(p.end for p in pieces)
                if not row.bullet and "\t" not in row.text
                else pieces[0].end
                if "\t" in row.text
                else row.end
            )
            span = document.span(row.start, end)
            yield Value(" ".join(span.text.split()).strip(" ,|–-"), span, 0.8)


def _begins(rows: Sequence[Row], index: int, before: Row) -> bool:
    """Whether a row begins an entry: set as the first is, with a gap above, or an item where all are items."""
    row, first = rows[index], rows[0]
    if first.bullet:
        return row.bullet
    if row.bullet or reads_like_prose(row.text):
        return False
    if row.text[:1].islower() or (before.full and row.gap < 0.4 and row.style == before.style and not row.periods):
        return False
    if any(r.bullet for r in rows) or any(r.periods for r in rows):
        dated = bool(row.periods) and bool(list(pieces_of(row, 0)))
        return (
            row.style == first.style
            and (dated or before.bullet or reads_like_prose(before.text))
            and (not first.periods or bool(row.periods))
        )
    return row.style == first.style


def find_summary(document: Document, rows: Sequence[Row]) -> Value | None:
    """The paragraphs of a summary section as one."""
    return item(document, rows, 0.9) if rows else None


def find_opening(document: Document, rows: Sequence[Row]) -> Value | None:
    """A paragraph in the head of a resume without a summary section."""
    for value in items_of(document, rows):
        if len(value.text.split()) >= 18 and "@" not in value.text:
            return Value(value.text, value.span, 0.6)
    return None

"""Where the sections of a resume begin: by the wording of headings, and by how this document sets them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.ai.credentials import find_languages
from services.ai.documents import Document
from services.ai.resume.dates import find_periods
from services.ai.resume.headings import MOST_WORDS, exact_kind, likely_kind, tidy
from services.ai.resume.hints import title_score
from services.ai.resume.records import Value
from services.ai.resume.rows import Row, body_style

_INLINE = re.compile(r"([^:\t]{3,40}?)\s*(?::\s*|\t\s*)(?=\S)")
# Styles of headings of one document differ by no more than this, in points.
SIZE_SLACK = 0.3
# White between rows of one label, in heights of a row.
NEAR_GAP = 0.6
# Two columns begin this far apart at least, in points.
COLUMN_SLACK = 25.0
# Sections with entries: `Skills: Python` in one of them is a line of the entry.
_WITH_ENTRIES = frozenset(("experience", "projects", "volunteering"))

# Letters of a name against those of the text.
NAME_SIZE = 1.5
# From here on words alone say that a row is a job's title.
SURE_TITLE = 2.0

Style = tuple[int, float, bool, bool]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading. `kind` is a key of the headings' phrases, or `head` before the first."""

    kind: str
    heading: Value | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A heading: of which kind, how sure its wording is, and where its own text ends."""

    index: int
    kind: str
    exact: bool
    end: int


def find_sections(document: Document, rows: Sequence[Row]) -> list[Section]:
    """In reading order; what goes on in the same column of the next page stays with its section."""
    marks = {mark.index: mark for mark in _headings(rows)}
    opened: list[tuple[str, Value | None, list[Row]]] = [("head", None, [])]
    owner: list[int] = []
    current = 0
    size = _style_of_body(rows)[1]
    for index, row in enumerate(rows):
        if mark := marks.get(index):
            span = document.span(row.start, row.start + mark.end)
            opened.append((mark.kind, Value(tidy(span.text), span, 0.95 if mark.exact else 0.8), []))
            current = len(opened) - 1
            rest = _rest(row, mark.end)
            if rest:
                opened[current][2].append(rest)
        else:
            current = _continued(rows, owner, index, current)
            if current and _begins_head(rows, index, size):
                opened.append(("head", None, []))
                current = len(opened) - 1
            opened[current][2].append(row)
        owner.append(current)
    return [Section(kind, heading, tuple(some)) for kind, heading, some in opened]


def _jumps(rows: Sequence[Row], index: int) -> bool:
    """Whether a row stands higher than the one before, on the same page: another column begins."""
    before = rows[index - 1] if index else None
    row = rows[index]
    return bool(
        before and row.line.page and row.line.page == before.line.page and row.line.box[1] < before.line.box[1] - 20
    )


def _begins_head(rows: Sequence[Row], index: int, size: float) -> bool:
    """A name at the top of a column beside a sidebar is no part of what the sidebar ended with."""
    row = rows[index]
    return row.line.page == 1 and size > 0 and row.line.size >= NAME_SIZE * size and _jumps(rows, index)


def _continued(rows: Sequence[Row], owner: list[int], index: int, current: int) -> int:
    """At the top of a column on a later page: the section that the same column of the page before ended with."""
    row, before = rows[index], rows[index - 1] if index else None
    if before is None or row.line.page < 2:
        return current
    if before.line.page == row.line.page and not (_jumps(rows, index) and abs(before.left - row.left) > COLUMN_SLACK):
        return current
    earlier = [i for i in range(index) if rows[i].line.page == row.line.page - 1]
    if not any(_jumps(rows, i) for i in earlier):
        return current
    same = [i for i in earlier if abs(rows[i].left - row.left) < COLUMN_SLACK]
    return owner[max(same)] if same else current


def _headings(rows: Sequence[Row]) -> Iterator[_Mark]:
    marks = [mark for index, row in enumerate(rows) if (mark := _worded(row, index))]
    style = _heading_style(rows, marks)
    body = _style_of_body(rows)
    own = _styles_of_columns(rows, marks, body)
    kept = [m for m in marks if _set_as_heading(rows[m.index], m, own.get(_column(rows[m.index]), style), body)]
    kept = [replace(m, kind=_label_kind(rows, m) or m.kind) for m in kept]
    found = {m.index: m for m in kept if m.end == len(rows[m.index].text) or not _inside_entries(rows, m, kept)}
    for mark in _unknown(rows, found, style, body):
        found[mark.index] = mark
    yield from (found[i] for i in sorted(found))


def _label_kind(rows: Sequence[Row], mark: _Mark) -> str | None:
    """`Programming` above `Languages` in a narrow cell is one label; its kind, None where no row was broken."""
    row, before = rows[mark.index], rows[mark.index - 1] if mark.index else None
    if before is None or mark.end < len(row.text) or before.style != row.style or before.line.page != row.line.page:
        return None
    near = row.gap < NEAR_GAP and abs(before.left - row.left) < 1 and not before.bullet
    return exact_kind(f"{before.text} {row.text}") if near else None


def _column(row: Row) -> tuple[int, int]:
    return row.line.page, row.line.block


def _styles_of_columns(rows: Sequence[Row], marks: Sequence[_Mark], body: Style) -> dict[tuple[int, int], Style]:
    """How headings of a column are set that has its own way, as sidebars have: larger than the text, smaller than elsewhere."""
    columns: dict[tuple[int, int], list[_Mark]] = {}
    for mark in marks:
        columns.setdefault(_column(rows[mark.index]), []).append(mark)
    styles = {column: _heading_style(rows, some) for column, some in columns.items() if column[0]}
    return {column: s for column, s in styles.items() if s and s[1] > body[1] + SIZE_SLACK}


def _worded(row: Row, index: int) -> _Mark | None:
    """A row whose words are a heading's; alone, or before a colon or a tab."""
    if row.bullet and not row.line.heading:
        return None
    whole = len(row.text)
    if kind := exact_kind(row.text):
        return _Mark(index, kind, True, whole) if row.text.strip()[:1].isupper() or row.line.heading else None
    if match := _INLINE.match(row.text):
        return _inline(row, index, match)
    kind = likely_kind(row.text)
    if kind and row.text[:1].isupper() and (row.text.isupper() or _titled(row.text)):
        return _Mark(index, kind, False, whole)
    return None


def _inline(row: Row, index: int, match: re.Match[str]) -> _Mark | None:
    """`Skills: Python, Go`; a heading in the margin, a tab before what stands beside it."""
    kind, rest = exact_kind(match[1]), row.text[match.end() :]
    if kind is None or not match[1][:1].isupper():
        return None
    if kind == "languages" and not any(find_languages(rest, 0, len(rest))):
        return None
    tabbed = "\t" in match[0]
    if tabbed and exact_kind(rest.split("\t")[0]):
        return None
    if tabbed or kind in ("skills", "languages", "certifications", "summary", "education", "awards"):
        return _Mark(index, kind, True, match.end())
    return None


def _titled(text: str) -> bool:
    words = [w for w in text.split() if w[:1].isalpha()]
    return sum(w[:1].isupper() for w in words) * 2 > len(words)


def _style(row: Row) -> Style:
    size, bold, caps = row.style
    return row.line.heading, size, bold, caps


def _style_of_body(rows: Sequence[Row]) -> Style:
    return (0, *body_style(rows))


def _alike(one: Style, other: Style) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) <= SIZE_SLACK and one[2:] == other[2:]


def _set_alike(one: Style, other: Style, body: Style) -> bool:
    """Alike; letters larger than the text's need not agree in weight, which fonts do not always tell."""
    larger = one[1] > body[1] + 1 and abs(one[1] - other[1]) <= SIZE_SLACK
    return _alike(one, other) or (larger and one[0] == other[0] and one[3] == other[3])


def _heading_style(rows: Sequence[Row], marks: Sequence[_Mark]) -> Style | None:
    """How most headings are set whose wording is sure; of equals the one with the larger letters."""
    votes: Counter[Style] = Counter()
    for mark in marks:
        if mark.exact and mark.end == len(rows[mark.index].text):
            votes[_style(rows[mark.index])] += 1
    groups = {style: sum(n for other, n in votes.items() if _alike(style, other)) for style in votes}
    best = max(groups, key=lambda s: (groups[s], s[0], s[1]), default=None)
    return best if best and groups[best] >= 2 else None


def _set_as_heading(row: Row, mark: _Mark, style: Style | None, body: Style) -> bool:
    """Whether a worded row is set like the document's headings, or stands out at least as much."""
    own = _style(row)
    stands_out = own[1] > body[1] + SIZE_SLACK or (own[2] and not body[2]) or (own[3] and not body[3]) or own[0] > 0
    if style is None:
        return mark.exact or stands_out
    if mark.end < len(row.text):
        return mark.exact
    if mark.exact and 0 < own[0] <= max(style[0], 1):
        return True
    if _set_alike(own, style, body):
        return mark.exact or style != body or not row.line.page or not row.sized
    if style[0] and not own[0]:
        return False
    larger = own[1] > style[1] - SIZE_SLACK and (own[2] or not style[2]) and (own[3] or not style[3])
    return larger or (mark.exact and stands_out and own[1] >= style[1] - 2 * SIZE_SLACK and own[2] >= style[2])


def _inside_entries(rows: Sequence[Row], mark: _Mark, kept: Sequence[_Mark]) -> bool:
    """`Skills: …` below a job belongs to the job, unless a tab parts a margin from it."""
    if "\t" in rows[mark.index].text[: mark.end]:
        return False
    whole = [m for m in kept if m.index < mark.index and m.end == len(rows[m.index].text)]
    return bool(whole) and whole[-1].kind in _WITH_ENTRIES


def _unknown(rows: Sequence[Row], found: dict[int, _Mark], style: Style | None, body: Style) -> list[_Mark]:
    """Rows set just like the headings, whatever they say; none when so many are that the style cannot be the headings' own."""
    if style is None or _alike(style, body):
        return []
    known = [rows[i] for i in found if _alike(_style(rows[i]), style)]
    lefts = [row.left for row in known]
    largest = max(row.line.size for row in rows) or 1.0

    def fits(index: int, row: Row) -> bool:
        alike = _set_alike(_style(row), style, body) and row.line.size < largest
        placed = not row.line.page or any(abs(row.left - left) < 3 for left in lefts) or style[1] > body[1] + 1.5
        return alike and placed and _short(row) and not _heads_entry(rows, index)

    marks = [
        _Mark(i, "other", False, len(row.text)) for i, row in enumerate(rows) if i and i not in found and fits(i, row)
    ]
    return marks if len(marks) <= len(known) + 1 else []


def _heads_entry(rows: Sequence[Row], index: int) -> bool:
    """A job's title in capitals, or a name above its dates, is no heading of a section."""
    following = rows[index + 1] if index + 1 < len(rows) else None
    bare = not rows[index].line.page and not rows[index].line.heading
    return title_score(rows[index].text) >= SURE_TITLE or (bare and following is not None and bool(following.periods))


def _short(row: Row) -> bool:
    return (
        not row.bullet
        and not row.periods
        and len(row.text.split()) <= MOST_WORDS
        and not re.search(r"[|,;:@\t]|\.$", row.text)
    )


def _rest(row: Row, end: int) -> Row | None:
    """What stands beside a heading, as a row of its own."""
    text = row.text[end:]
    if not text.strip():
        return None
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    start = row.start + end + lead
    return replace(row, text=text, start=start, end=start + len(text), periods=tuple(find_periods(text)), bullet=False)

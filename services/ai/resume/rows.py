"""A document's lines as a resume has them: without bullets and page numbers, with the dates they hold and how they stand out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from services.ai.documents import Document, Line
from services.ai.resume.dates import Period, find_periods
from services.ai.resume.headings import exact_kind
from services.ai.resume.records import Value

# Letters of private use: those of Wingdings and Symbol are bullets, others icons.
_BULLET = re.compile(
    r"(?:[•●▪◦‣⁃○◯■□▫►▶▸▷▹➢➤➔➜→✓✔❖◆◇◈◊⬥♦★☆✦✧»›§∙⚫⬤\uf000-\uf0ff]\s*|[*·–—−-]\s+|(?:\(?\d{1,2}[.)])\s+(?=[A-Z])|"
    r"o\s+(?=[A-Z]))+"
)
_ICONS = re.compile(r"(?:[\ue000-\uefff\uf100-\uf8ff\U000f0000-\U000fffff]\s*)+")
_FURNITURE = re.compile(
    r"(?:.{0,60}[\s|·,–-])?(?:page|seite|página|pagina)\s*\d+(?:\s*(?:/|of|von|de|sur)\s*\d+)?\s*|"
    r"\d{1,2}\s*/\s*\d{1,2}|.{2,40}\s[–-]\s*\d{1,2}\s*/\s*\d{1,2}|-?\s*\d{1,2}\s*-?"
    r"|last updated.{0,40}|.{0,60}[·|]\s*(?:résumé|resume|curriculum vitae|cv)(?:\s*[·|]?\s*\d*)",
    re.IGNORECASE,
)
# How long somebody was with an employer in all stands between the employer and the roles.
_TOTAL = re.compile(
    r"(?:\d+ (?:years?|yrs?|jahre?|ans?|años?)(?:,? \d+ (?:months?|mos?|monate?|mois|mes(?:es)?))?|"
    r"\d+ (?:months?|mos|monate?|mois|mes(?:es)?))",
    re.IGNORECASE,
)
_GLUED = re.compile(r"\s+#{1,3}\s+(\S.{2,40})$")
_WORD = re.compile(r"\S+")
_DIGIT = re.compile(r"\d")
# A column's right edge is reached when the next word would not have fitted; letters differ in width by about this share.
SLACK = 0.97


@dataclass(frozen=True, slots=True)
class Row:
    """A line without its bullet: characters `start` to `end` of the document.

    `gap` is the white above in heights of the line, 0 when unknown. `full` says that the next row's first word would not have
    fitted: the line was broken for want of room. `sized` is false in pictures, where sizes say nothing.
    """

    line: Line
    text: str
    start: int
    end: int
    bullet: bool
    periods: tuple[Period, ...]
    gap: float = 0.0
    full: bool = False
    sized: bool = True

    @property
    def left(self) -> float:
        return self.line.box[0]

    @property
    def style(self) -> tuple[float, bool, bool]:
        """Size, bold, capitals: what headings differ in. In pictures letters are too uneven to have a size."""
        size = round(self.line.size * 2) / 2 if self.sized else 0.0
        return size, self.line.bold, self.text.isupper()


def rows_of(document: Document) -> list[Row]:
    """Every line with words, but for page numbers, totals and the like."""
    found = (row for line in document.lines if (row := _row(document, line)) and not _says_nothing(row.text))
    bare = [part for row in found for part in _unglued(row)]
    rights = _rights(bare)
    return [_placed(bare, i, rights) for i in range(len(bare))]


def _says_nothing(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_FURNITURE, _TOTAL))


def _row(document: Document, line: Line) -> Row | None:
    text = document.text[line.start : line.end]
    start, end = 0, len(text.rstrip())
    start = len(text) - len(text.lstrip())
    bullet = line.bullet
    if (icons := _ICONS.match(text, start)) and icons.end() < end:
        start = icons.end()
    if (mark := _BULLET.match(text, start)) and mark.end() < end:
        start, bullet = mark.end(), True
    if start >= end:
        return None
    bare = text[start:end]
    periods = tuple(find_periods(bare)) if _DIGIT.search(bare) or "XX" in bare else ()
    if mark and mark[0][:1].isdigit() and any(p.start for p in periods):
        # `1. Site Engineer – Acme (2014 – 2018)`: entries are numbered, tasks are not dated.
        bullet = line.bullet
    return Row(line, bare, line.start + start, line.start + end, bullet, periods, sized=not document.recognised)


def _unglued(row: Row) -> Iterator[Row]:
    """`Cloud: AWS, Azure # Projects`: Markdown that was turned into a document leaves a heading at a line's end."""
    glued = _GLUED.search(row.text)
    if glued is None or exact_kind(glued[1]) is None:
        yield row
        return
    first, second = row.text[: glued.start()], glued[1]
    yield replace(row, text=first, end=row.start + len(first))
    line = replace(row.line, heading=1, bullet=False)
    yield replace(row, line=line, text=second, start=row.start + glued.start(1), bullet=False, periods=())


def _rights(rows: Sequence[Row]) -> dict[tuple[int, int], float]:
    """For each page and block the right edge that its lines reach."""
    rights: dict[tuple[int, int], float] = {}
    for row in rows:
        place = (row.line.page, row.line.block)
        rights[place] = max(rights.get(place, 0.0), row.line.box[2])
    return rights


def _placed(rows: Sequence[Row], index: int, rights: dict[tuple[int, int], float]) -> Row:
    row, gap, full = rows[index], 0.0, False
    before = rows[index - 1] if index else None
    height = row.line.box[3] - row.line.box[1]
    if before and before.line.page == row.line.page and row.line.page and height > 0:
        gap = max(0.0, (row.line.box[1] - before.line.box[3]) / height)
    following = rows[index + 1] if index + 1 < len(rows) else None
    if following and row.line.page:
        word = _WORD.match(following.text)
        width = (row.line.box[2] - row.line.box[0]) / max(1, row.line.end - row.line.start)
        need = row.line.box[2] + width * (1 + len(word[0] if word else ""))
        full = need * (2 - SLACK) >= rights[row.line.page, row.line.block]
    return replace(row, gap=gap, full=full)


def body_style(rows: Sequence[Row]) -> tuple[float, bool, bool]:
    """The style that most letters have."""
    letters: Counter[tuple[float, bool, bool]] = Counter()
    for row in rows:
        letters[row.style] += len(row.text)
    return letters.most_common(1)[0][0] if letters else (0.0, False, False)


def body_size(rows: Sequence[Row]) -> float:
    """The size that the letter in the middle has when all are put in order."""
    ordered = sorted((row.line.size, len(row.text)) for row in rows)
    half = sum(length for _, length in ordered) / 2
    for size, length in ordered:
        half -= length
        if half <= 0:
            return size
    return 0.0


def items_of(document: Document, rows: Sequence[Row]) -> Iterator[Value]:
    """Bullets and paragraphs, each from its first to its last line."""
    group: list[Row] = []
    pitch = _pitch(rows)
    for row in rows:
        if group and not _goes_on(group, row, pitch):
            yield item(document, group)
            group = []
        group.append(row)
    if group:
        yield item(document, group)


def item(document: Document, rows: Sequence[Row], confidence: float = 0.96) -> Value:
    """The text of rows that belong together; a word cut at a line's end is whole again."""
    text = rows[0].text
    for row in rows[1:]:
        cut = text.endswith("-") and row.text[:1].islower() and text[-2:-1].isalpha()
        text = text[:-1] + row.text if cut else f"{text} {row.text}"
    return Value(" ".join(text.split()), document.span(rows[0].start, rows[-1].end), confidence)


def _pitch(rows: Sequence[Row]) -> float:
    """The usual white between two lines of one paragraph: the lower half's middle."""
    gaps = sorted(row.gap for row in rows[1:])
    return median(gaps[: len(gaps) // 2 + 1]) if gaps else 0.0


def _goes_on(group: Sequence[Row], row: Row, pitch: float) -> bool:
    """Whether a row continues the paragraph before it."""
    before = group[-1]
    if row.bullet:
        return False
    if row.text[:1].islower():
        return True
    if not row.line.page:
        return False
    if row.line.page == before.line.page and row.gap > pitch + 0.35:
        return False
    if group[0].bullet:
        # A hanging line stands right of its bullet.
        return row.left >= group[0].left - 1 and (before.full or row.left > group[0].left + 3)
    return before.full and abs(row.left - before.left) < 2.5 * max(row.line.size, 6)

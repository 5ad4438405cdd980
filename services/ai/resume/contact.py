"""Name, e-mail addresses, telephone numbers, links and place, from the head of a resume and its contact section."""

import re
from collections.abc import Iterable, Iterator, Sequence

from services.ai.documents import Document
from services.ai.resume.names import find_name
from services.ai.resume.places import address_score, place_score
from services.ai.resume.records import Contact, Value
from services.ai.resume.rows import Row, body_size
from services.ai.resume.sections import SIZE_SLACK, Section
from services.ai.spans import Span

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?!\w)")
_VEILED = re.compile(
    r"(?<![\w.+-])([\w.+-]+)\s*(?:[\[({<]\s*at\s*[\])}>]|\s+at\s+)\s*([\w-]+(?:(?:\s*(?:[\[({<]\s*dot\s*[\])}>]|"
    r"\s+dot\s+)\s*|\.)[\w-]+)*(?:\s*(?:[\[({<]\s*dot\s*[\])}>]|\s+dot\s+)\s*|\.)[a-z]{2,})(?!\w)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w/.@-])(?:\+|00)?(?:\(\+?\d{1,4}\)|\d)(?:[\s./()‐‑–-]{0,3}\d|"
    r"[\s./‐‑–-]{0,3}\(\d{1,4}\)){5,14}(?:\s*(?:ext\.?|x|extension|durchwahl)\s*\d{1,6})?(?![\w@/])",
    re.IGNORECASE,
)
_PHONE_LABEL = re.compile(
    r"(?:phone|tel(?:efon|éfono|ephone|\.|éphone)?|mobile?|cell|handy|móvil|mob)\W*$", re.IGNORECASE
)
_POST_BOX = re.compile(r"(?:\bbox|postfach|apartado|boîte postale|b\.?p\.?)\W*$", re.IGNORECASE)
_TLD = (
    "com|org|net|io|dev|me|ai|co|app|tech|info|biz|edu|gov|xyz|site|online|page|design|games|studio|blog|cloud|eu|us|"
    "de|fr|es|uk|ch|at|it|nl|be|pl|ca|in|au|br|mx|ie|se|no|dk|fi|pt|cz|ro|gr|hu|jp|cn|sg|nz|za|ru|ua|tr|il|cat|name|"
    "website|works|codes|engineer|pro"
)
_LINK = re.compile(
    rf"(?<![@\w./-])(?:(?:https?|ftp)://[^\s|<>]+|(?:www\.)?(?:[a-z0-9-]+\.)+(?:{_TLD})(?![\w@-])(?:[:/?#][^\s|"
    rf",;<>]*)?)",
    re.IGNORECASE,
)
_NO_SITES = re.compile(
    r"^(?:node|react|vue|next|express|backbone|d3|three|ember|asp|nuxt|socket)\.(?:js|net|io)$|\.(?:js|py)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:current |home |postal )?address|location|city|based in|lives in|residence|hometown|(?:wohn)?ort|adresse|"
    r"anschrift|wohnhaft in|ville|lieu|domicile|dirección|ciudad|ubicación|localidad|residencia)\s*[:–-]\s*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*\((?:home|work|mobile|private?|privat)\)?$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[\t|•·∙●▪◦‖¦;⋄◇♦]\s*|\s+[–—-]\s+|\s{3,}")
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?\b.*\b(?:street|st\.?|avenue|ave\.?|road|rd\.?|lane|ln\.?|drive|dr\.?|boulevard|blvd\.?|way|"
    r"court|ct\.?|place|square|highway|hwy|apt|suite|rue|chemin|calle|avenida)\b|\w*(?:stra(?:ß|ss)e|str\.|weg|"
    r"platz|allee|gasse) \d+|\bp\.? ?o\.? ?box \d|\bpostfach \d|\b(?:rue|calle|avenida|avenue|c/)\b.*\d",
    re.IGNORECASE,
)
_POSTAL = re.compile(r"^\d{4,5} [A-ZÀ-Þ][\wÀ-ÿ.-]+(?: [A-ZÀ-Þ(][\wÀ-ÿ.)-]+)*$")
_PROFILES = re.compile(
    r"(?:linkedin\.com/(?:in|pub)/|github\.com/|gitlab\.com/|stackoverflow\.com/users/|xing\.com/profile/|"
    r"behance\.net/|dribbble\.com/|medium\.com/@|kaggle\.com/|orcid\.org/|scholar\.google)",
    re.IGNORECASE,
)
# Rows after the name that still belong to the head when it is read late, after a sidebar.
AFTER_NAME = 8
# Rows above and below the e-mail address that may say the rest.
AROUND_ADDRESS = 4
# Without any heading, what comes later is no head.
MOST_HEAD_ROWS = 14


def find_contact(document: Document, rows: Sequence[Row], sections: Sequence[Section]) -> Contact:
    """What is said of how to reach the person; a link inside a job is about the job."""
    emails = _emails(document, rows)
    name = find_name(
        document, rows if any(r.line.size for r in rows) else _unsized_head(sections), body_size(rows), emails
    )
    head = _head(rows, sections, name, emails[:1])
    emails = tuple(v for v in emails if any(r.start <= v.span.start < r.end for r in head)) or emails
    taken = [v.span for v in emails]
    links = _links(document, head, taken, rows)
    taken += [v.span for v in links]
    phones = tuple(_phones(document, head, taken)) or tuple(
        v for v in _phones(document, rows, taken) if _labelled(document, v)
    )
    return Contact(name, emails, phones, links, _location(document, head, [*taken, *(v.span for v in phones)], name))


def _unsized_head(sections: Sequence[Section]) -> list[Row]:
    """Where a name can stand when letters have no size: before the first heading, or under one of contact."""
    return [row for s in sections if s.kind in ("head", "contact") for row in s.rows]


def _head(rows: Sequence[Row], sections: Sequence[Section], name: Value | None, emails: Sequence[Value]) -> list[Row]:
    """Rows before the first heading, of contact sections, and below the name up to the next heading."""
    chosen = [
        row
        for s in sections
        if s.kind in ("head", "contact")
        for row in s.rows[: MOST_HEAD_ROWS if s.kind == "head" else None]
    ]
    starts = {s.heading.span.start for s in sections if s.heading}
    for value in (name, *emails):
        at = next((i for i, row in enumerate(rows) if value and row.start <= value.span.start < row.end), None)
        if at is None:
            continue
        for row in rows[at : at + AFTER_NAME] if value is name else rows[max(0, at - 1) : at + 2]:
            if row.start in starts:
                break
            chosen.append(row)
        if value is not name:
            chosen += _beside(rows, at, starts)
    return sorted(dict.fromkeys(chosen), key=lambda r: r.start)


def _beside(rows: Sequence[Row], at: int, starts: set[int]) -> list[Row]:
    """Rows of the block that the address stands in, set like it, up to a heading: a corner of the page with all of a head."""
    found: list[Row] = []
    for step in (-1, 1):
        index = at + step
        while 0 <= index < len(rows) and abs(index - at) <= AROUND_ADDRESS and _set_alike(rows[index], rows[at]):
            if rows[index].start in starts:
                break
            found.append(rows[index])
            index += step
    return found


def _set_alike(row: Row, other: Row) -> bool:
    one, two = row.line, other.line
    near = one.page == two.page > 0 and one.block == two.block
    return near and abs(one.size - two.size) < SIZE_SLACK and not row.bullet


def _emails(document: Document, rows: Sequence[Row]) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for row in rows:
        for match in _EMAIL.finditer(row.text):
            text = match[0].replace(" ", "").strip(".")
            found.setdefault(
                text.lower(), Value(text, document.span(row.start + match.start(), row.start + match.end()), 0.98)
            )
        for match in _VEILED.finditer(row.text) if " at " in row.text.lower() or "at" in row.text else ():
            if re.search(r"[\[({<]\s*(?:at|dot)|\bdot\b", match[0], re.IGNORECASE):
                domain = re.sub(r"\s*(?:[\[({<]\s*dot\s*[\])}>]|\s+dot\s+)\s*", ".", match[2], flags=re.IGNORECASE)
                text = f"{match[1]}@{domain}"
                found.setdefault(
                    text.lower(), Value(text, document.span(row.start + match.start(), row.start + match.end()), 0.85)
                )
    for start, end, uri in document.links:
        if uri.lower().startswith("mailto:"):
            text = uri[7:].split("?")[0]
            if _EMAIL.fullmatch(text):
                found.setdefault(text.lower(), Value(text, document.span(start, end), 0.9))
    return tuple(found.values())


def _phones(document: Document, rows: Iterable[Row], taken: Sequence[Span]) -> Iterator[Value]:
    seen: set[str] = set()
    for row in rows:
        dates = [(p.position, p.stop) for p in row.periods]
        for match in _PHONE.finditer(row.text):
            span = document.span(row.start + match.start(), row.start + match.end())
            digits = re.sub(r"\D", "", re.split(r"(?i)ext|x|durchwahl", match[0])[0])
            dated = any(a < match.end() and match.start() < b for a, b in dates) and len(digits) <= 8
            dated = dated or any(a <= match.start() and match.end() <= b for a, b in dates)
            dated = dated or _POST_BOX.search(row.text, 0, match.start()) is not None
            if 7 <= len(digits) <= 15 and not dated and not any(span.overlaps(t) for t in taken) and digits not in seen:
                seen.add(digits)
                yield Value(span.text, span, 0.97 if len(digits) >= 9 else 0.7)


def _labelled(document: Document, value: Value) -> bool:
    return bool(_PHONE_LABEL.search(document.text[max(0, value.span.start - 15) : value.span.start]))


def _links(document: Document, head: Sequence[Row], taken: Sequence[Span], rows: Sequence[Row]) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for row in head:
        for match in _LINK.finditer(row.text):
            text = match[0].rstrip(".,;)")
            span = document.span(row.start + match.start(), row.start + match.start() + len(text))
            if not any(span.overlaps(t) for t in taken) and not _NO_SITES.search(text):
                found.setdefault(_bare(text), Value(text, span, 0.96))
    inside = [(row.start, row.end) for row in head]
    for start, end, uri in document.links:
        if not re.match(r"https?://", uri, re.IGNORECASE):
            continue
        if any(a <= start < b for a, b in inside) and not any(
            v.span.start < end and start < v.span.end for v in found.values()
        ):
            found.setdefault(_bare(uri), Value(uri, document.span(start, end), 0.9))
    if not any(_PROFILES.search(v.text) for v in found.values()):
        for row in rows:
            for match in _PROFILES.finditer(row.text):
                whole = next((m for m in _LINK.finditer(row.text) if m.start() <= match.start() < m.end()), None)
                if whole and whole[0].count("/") <= 4 and ("linkedin" in whole[0].lower()):
                    text = whole[0].rstrip(".,;)")
                    found.setdefault(
                        _bare(text),
                        Value(
                            text, document.span(row.start + whole.start(), row.start + whole.start() + len(text)), 0.8
                        ),
                    )
    return tuple(found.values())


def _bare(link: str) -> str:
    return link.lower().split("://")[-1].removeprefix("www.").rstrip("/")


def _location(document: Document, head: Sequence[Row], taken: Sequence[Span], name: Value | None) -> Value | None:
    """The likeliest place in the head: a labelled one, an address with street, `City, Country`, a known city."""
    best: tuple[float, Value] | None = None
    for row in head:
        for text, start in _free_parts(row, taken):
            score, cut = _place(text)
            if name and start < name.span.end and name.span.start < start + len(text) and _shares_word(text, name.text):
                continue
            if score > 0.3 and (best is None or score > best[0] + 1e-9):
                span = document.span(start + cut, start + len(text))
                best = score, Value(" ".join(span.text.split()), span, min(0.97, 0.6 + 0.35 * min(1.0, score)))
    return best[1] if best else None


def _shares_word(text: str, other: str) -> bool:
    """Whether a word stands in both: a name in two columns has other things between its rows."""
    return not set(text.casefold().replace(",", " ").split()).isdisjoint(other.casefold().split())


def _free_parts(row: Row, taken: Sequence[Span]) -> Iterator[tuple[str, int]]:
    """Parts of a row between marks, e-mail addresses, telephone numbers and links left out."""
    holes = sorted(
        (max(0, s.start - row.start), s.end - row.start) for s in taken if s.start < row.end and row.start < s.end
    )
    position = 0
    for a, b in [*holes, (len(row.text), len(row.text))]:
        begin = position
        stretch = row.text[begin:a]
        at = 0
        for mark in [*_PARTS.finditer(stretch), None]:
            stop = mark.start() if mark else len(stretch)
            piece = stretch[at:stop]
            lead = len(piece) - len(piece.lstrip(" ,;:|()-–\t\ue000\uf8ff"))
            bare = _REMARK.sub("", piece.strip(" ,;:|()-–\t"))
            while bare and "\ue000" <= bare[0] <= "\uf8ff":
                lead, bare = lead + len(bare) - len(bare[1:].lstrip()), bare[1:].lstrip()
            if bare:
                yield bare, row.start + begin + at + lead
            at = mark.end() if mark else at
        position = b


def _place(text: str) -> tuple[float, int]:
    """How sure a part is a place, and where it begins behind its label."""
    label = _LABEL.match(text)
    cut = label.end() if label else 0
    bare = text[cut:]
    if len(bare) > 90 or not any(c.isalpha() for c in bare):
        return 0.0, 0
    score = max(place_score(bare), address_score(bare))
    if _STREET.search(bare) or _POSTAL.match(bare):
        score = max(score, 1.05 if any(c.isdigit() for c in bare) else 0.0)
    if label and (score > 0 or bare[:1].isupper()):
        score += 0.9
    return score, cut

"""Whose resume it is: the largest words at the top that look like a name and agree with the e-mail address."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.documents import Document
from services.ai.resume.headings import exact_kind, likely_kind
from services.ai.resume.hints import title_score
from services.ai.resume.pieces import classify
from services.ai.resume.places import place_score
from services.ai.resume.records import Value
from services.ai.resume.rows import Row

# Rows from the top in which a name is looked for, whatever their size; larger letters may stand further down.
HEAD_ROWS = 12
LARGE = 1.2
# Letters so large are nobody's but the name's: it goes on within so many rows.
HUGE, NEAR_ROWS = 2.0, 4
# What a row in the same letters below says for its being of the name.
WRAPPED = 0.1
# Below this nobody's name is said.
LEAST = 1.0
SURE_PLACE = 0.9
# From here on words are a job's title beside a name.
TITLE = 1.0
_PARTICLES = frozenset(
    (
        "de",
        "van",
        "von",
        "der",
        "den",
        "da",
        "la",
        "del",
        "di",
        "du",
        "dos",
        "das",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ten",
        "ter",
        "zu",
        "zur",
        "af",
        "av",
        "y",
        "e",
        "i",
        "st.",
        "mac",
        "van't",
        "'t",
        "bint",
        "abu",
    )
)
_HONOURS = re.compile(
    r"^(?:(?:dr|prof|mr|mrs|ms|miss|herr|frau|m|mme|sr|sra|dipl\.?-?\s?(?:ing|inf|kfm)|ing|mag|eng|rev|sir)\b\.?\s+)+",
    re.IGNORECASE,
)
_POSTNOMINAL = re.compile(
    r"(?:,\s*|\s+)(?:\(?(?:ph\.?\s?d|m\.?d|mba|m\.?sc|b\.?sc|m\.?s|b\.?s|m\.?a|b\.?a|rn|bsn|msn|cpa|pmp|cfa|esq|"
    r"p\.?e|facs|dds|dvm|jd|ll\.?[bm]|phr|shrm-cp|sphr|csm|cissp|lcsw|eit|aia|leed ap|m\.?eng|"
    r"b\.?tech|m\.?tech)\.?\)?)(?=$|,|\s)\.?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:full )?name|nom|nombre|vor- und nachname|candidate|curriculum vitae|lebenslauf|resume|résumé|"
    r"cv)(?:\s*(?:of|de|von))?\s*[:–|-]?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[\t|•·–—:\n]\s*|\s+-\s+|\s*\((?=he|she|they)")
_NOT_NAMES = re.compile(
    r"\b(?:resume|résumé|curriculum|vitae|cv|lebenslauf|profile|summary|updated|page|phone|email|e-mail|address|"
    r"street|university|college|school|inc|llc|gmbh|ltd|confidential|objective|linkedin|github|portfolio|"
    r"application|bewerbung|hoja de vida|technologies|solutions)\b",
    re.IGNORECASE,
)
_LAST_FIRST = re.compile(r"^([\w'’-]+(?: [\w'’-]+)?),\s+([\w'’-]+(?:\s+[\w'’.-]+)?)$")
_LETTERS = re.compile(r"^(?:\w\s+){3,}\w$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    start: int
    end: int
    score: float


def find_name(document: Document, rows: Sequence[Row], body_size: float, emails: Sequence[Value]) -> Value | None:
    """None rather than a guess."""
    locals_ = [_letters(v.text.split("@")[0]) for v in emails]
    best: _Candidate | None = None
    for index, row in enumerate(rows):
        if row.line.page > 1:
            break
        if row.bullet and index:
            continue
        large = body_size > 0 and row.line.size >= LARGE * body_size
        if index >= HEAD_ROWS and not large:
            continue
        for candidate in _candidates(rows, index, body_size, locals_, emails):
            goes_on = best and candidate.start == best.start and candidate.end > best.end
            # Of equals, the first, but the whole of a name in several rows.
            if best is None or candidate.score > best.score + (-1e-9 if goes_on else 1e-9):
                best = candidate
    if best is None or best.score < LEAST:
        return None
    return Value(best.text, document.span(best.start, best.end), min(0.99, 0.75 + 0.06 * best.score))


def _candidates(
    rows: Sequence[Row], index: int, body_size: float, locals_: Sequence[str], emails: Sequence[Value]
) -> list[_Candidate]:
    row = rows[index]
    found = []
    text, start = row.text, row.start
    if named := _LABEL.match(text):
        text, start = text[named.end() :], start + named.end()
    piece = _SPLIT.split(text)[0]
    found.append(_scored(piece, start, start + len(piece), row, index, body_size, locals_, emails))
    following = _set_alike(rows, index, body_size)
    if following and _makes_one(_HONOURS.sub("", piece).split(), following.text.split()):
        both = f"{piece} {following.text}"
        found.append(_scored(both, row.start, following.end, row, index, body_size, locals_, emails))
        last = rows[index + 2] if index + 2 < len(rows) and rows[index + 1] is following else None
        if last and last.style == row.style and len(last.text.split()) == 1:
            found.append(_scored(f"{both} {last.text}", row.start, last.end, row, index, body_size, locals_, emails))
    if (comma := piece.find(", ")) > 0 and title_score(piece[comma + 2 :]) >= TITLE:
        found.append(_scored(piece[:comma], start, start + comma, row, index, body_size, locals_, emails))
    return [c for c in found if c is not None]


def _set_alike(rows: Sequence[Row], index: int, body_size: float) -> Row | None:
    """The next row in the same large letters: below, or below what stands beside the name in a narrow column."""
    row = rows[index]
    if not row.line.size > 1.3 * body_size > 0:
        return None
    reach = NEAR_ROWS if row.line.size > HUGE * body_size else 1
    return next((r for r in rows[index + 1 : index + 1 + reach] if r.style == row.style), None)


def _makes_one(words: Sequence[str], following: Sequence[str]) -> bool:
    """Whether a name was broken: short lines, or a particle before the last word."""
    return max(len(words), len(following)) <= 2 or (words[-1].lower() in _PARTICLES and len(words) <= 4)


def _scored(
    text: str,
    start: int,
    end: int,
    row: Row,
    index: int,
    body_size: float,
    locals_: Sequence[str],
    emails: Sequence[Value],
) -> _Candidate | None:
    name = tidy_name(text, emails)
    if name is None or exact_kind(name) or (likely_kind(name) and not row.line.size > 1.5 * body_size):
        return None
    words = name.split()
    score = 1.0 if 2 <= sum(word.lower() not in _PARTICLES for word in words) <= 4 else -0.8
    score += WRAPPED if end > row.end else 0.0
    agrees = max((_agreement(words, local) for local in locals_), default=0.0)
    score += 3.0 * agrees
    if body_size > 0:
        score += min(3.0, 2.5 * max(0.0, row.line.size / body_size - 1.0))
    score += 0.8 if index == 0 else 0.5 if index < 3 else 0.0
    score += 0.4 if row.line.bold else 0.0
    score -= 2.0 if title_score(name) >= 2 and agrees < 0.9 else 0.0
    score -= 1.5 if place_score(name) >= SURE_PLACE and agrees < 0.5 else 0.0
    if agrees < 0.5 and name.isascii():
        likely = classify(name)
        score += 1.2 * (likely.person - max(likely.other, likely.place, likely.employer, likely.heading))
    return _Candidate(name, start, end, score)


def tidy_name(text: str, emails: Sequence[Value] = ()) -> str | None:
    """The name without titles, degrees and letter spacing; None if it cannot be one."""
    text = _HONOURS.sub("", " ".join(text.split())).strip(" ,.|-–()")
    if _LETTERS.match(text):
        text = _unspaced(text, emails)
    text = _POSTNOMINAL.sub("", text).strip(" ,.")
    if (turned := _LAST_FIRST.match(text)) and place_score(text) < SURE_PLACE and title_score(turned[2]) < TITLE:
        text = f"{turned[2]} {turned[1]}"
    words = text.split()
    if (
        not 1 <= len(words) <= 6
        or len(text) > 45
        or len(text) < 3
        or any(c.isdigit() or c in "@/:;!?&+*_=<>[]{}\\#%$," for c in text)
    ):
        return None
    if _NOT_NAMES.search(text) or not all(_is_name_word(w) for w in words):
        return None
    if text.isupper():
        return " ".join(_capitalised(w) for w in words)
    return text


def _is_name_word(word: str) -> bool:
    if word.lower() in _PARTICLES:
        return True
    letters = word.strip("()\"'’“”.").replace("'", "").replace("’", "").replace("-", "").replace(".", "")
    if not letters or not all(c.isalpha() or unicodedata.combining(c) for c in letters):
        return False
    return letters[0].isupper() or letters.lower() == letters.upper() or len(letters) > 2


def _capitalised(word: str) -> str:
    if word.lower() in _PARTICLES and len(word) > 1:
        return word.lower()
    if word.endswith(".") or len(word) == 1:
        return word
    return (
        re.sub(r"\w+", lambda m: m[0].capitalize(), word)
        if "'" not in word
        else "'".join(p.capitalize() for p in word.split("'"))
    )


def _unspaced(text: str, emails: Sequence[Value]) -> str:
    """`J O R D A N R E Y E S`: the e-mail address says where the last name begins."""
    joined = "".join(text.split())
    for email in emails:
        parts = [p for p in re.split(r"[^a-z]+", email.text.split("@")[0].lower()) if p]
        if len(parts) > 1 and "".join(parts) == joined.lower():
            cut = len(parts[0])
            return f"{joined[:cut]} {joined[cut:]}"
    return joined


def _letters(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(c for c in bare if "a" <= c <= "z")


def _agreement(words: Sequence[str], local: str) -> float:
    """0 to 1: how much of the name is in the e-mail address."""
    names = [_letters(w) for w in words if len(_letters(w)) > 1 and w.lower() not in _PARTICLES]
    if not names or not local:
        return 0.0
    inside = [n for n in names if len(n) > 2 and n in local]
    initials = "".join(n[0] for n in names)
    if len(inside) == len(names) and len(names) > 1:
        return 1.0
    if inside:
        others = [n[0] for n in names if n not in inside]
        left = local
        for n in inside:
            left = left.replace(n, "", 1)
        return 0.9 if others and any(o in left for o in others) else 0.6
    return 0.5 if local.startswith(initials) and len(initials) > 1 and len(local) <= len(initials) + 1 else 0.0

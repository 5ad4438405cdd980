"""Whether two wordings of a role or a course of study mean the same one."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from services.ai.months import MONTHS, YearMonth
from services.ai.resume.records import Education, Experience

# From here on two wordings mean the same: with dates on both sides, and without.
SAME, SAME_UNDATED = 0.65, 0.75
NAME, PLACE, DATES, LEVEL, WORDS = 3.0, 3.0, 4.0, 2.0, 1.0
# Less to compare tells nothing.
LEAST_COMPARED = 4.0
# One wording holds the other whole: "Example Works" and "Example Works, Berlin".
CONTAINED = 0.9
# A reader may take one for the other.
SWAPPED = 0.9
NEAR_MONTHS = 1
SAME_START, SAME_END = 0.9, 0.7
MOST_LETTERS = 160

_LEGAL = frozenset({
    "gmbh", "ag", "kg", "se", "ug", "mbh", "co", "inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "corp", "corporation",
    "company", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "ab", "as", "the", "and", "und", "et", "y", "e", "v",
})  # fmt: skip
_LONG = {
    "sr": "senior", "jr": "junior", "dev": "developer", "devs": "developer", "eng": "engineer", "engr": "engineer",
    "mgr": "manager", "mgmt": "management", "asst": "assistant", "assoc": "associate", "dept": "department", "univ": "university",
    "tech": "technical", "admin": "administrator", "sw": "software", "uni": "university", "tu": "technical university",
    "vp": "vice president", "hr": "human resources", "qa": "quality assurance",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """What an entry is known again by, put in order. Months are `year * 12 + month`, a year alone has month 0; None where nothing stands.

    `name`: title, or subject of study; `place`: employer or school; `words`: how the description begins.
    """

    name: str
    place: str
    start: int | None = None
    end: int | None = None
    level: int = 0
    words: str = ""


def key_of_role(title: str, employer: str, start: YearMonth | None, end: YearMonth | None, description: str) -> Key:
    return Key(tidy(title), tidy(employer), _number(start), _number(end), 0, tidy(description))


def key_of_study(
    institution: str, degree: str, field: str, level: int, start: YearMonth | None, end: YearMonth | None
) -> Key:
    return Key(tidy(field or degree), tidy(institution), _number(start), _number(end), level)


def role_key(found: Experience) -> Key:
    title, employer = (value.text if value else "" for value in (found.title, found.employer))
    return key_of_role(title, employer, found.start, found.end, "\n".join(b.text for b in found.bullets))


def study_key(found: Education) -> Key:
    school, degree, subject = (value.text if value else "" for value in (found.institution, found.degree, found.field))
    return key_of_study(school, degree, subject, int(found.level), found.start, found.end)


def tidy(text: str) -> str:
    """Without case, marks, accents, legal forms and abbreviations; at most 160 letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+(?:[+#]+)?", letters)
    return " ".join(_LONG.get(word, word) for word in words if word not in _LEGAL)[:MOST_LETTERS]


def likeness(one: Key, other: Key) -> float:
    """0 to 1; 0 for what cannot be the same. The same either way round."""
    if one == other:
        return 1.0
    if one.level and other.level and one.level != other.level:
        return 0.0
    dates = _dates(one, other)
    if dates == 0.0:
        return 0.0
    names = ((one.name, other.name), (one.place, other.place))
    swapped = ((one.name, other.place), (one.place, other.name))
    found = max(_whole(names, dates, one, other), SWAPPED * _whole(swapped, dates, one, other))
    return found if found >= (SAME_UNDATED if dates is None else SAME) else 0.0


def _whole(pairs: tuple[tuple[str, str], ...], dates: float | None, one: Key, other: Key) -> float:
    compared = [
        (weight, alike(*pair)) for weight, pair in zip((NAME, PLACE), pairs, strict=True) if pair[0] and pair[1]
    ]
    if dates is not None:
        compared.append((DATES, dates))
    if sum(weight for weight, _ in compared) < LEAST_COMPARED:
        return 0.0
    if one.level and other.level:
        compared.append((LEVEL, 1.0))
    if one.words and other.words:
        compared.append((WORDS, alike(one.words, other.words)))
    return sum(weight * value for weight, value in compared) / sum(weight for weight, _ in compared)


def alike(one: str, other: str) -> float:
    """Of two tidied wordings: by triples of letters, or by words that one has and the other has too."""
    if one == other:
        return 1.0
    first, second = _triples(one), _triples(other)
    shared = 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0
    words, others = set(one.split()), set(other.split())
    held = CONTAINED if words and others and (words <= others or others <= words) else 0.0
    return max(shared, held)


@lru_cache(maxsize=8192)
def _triples(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2)) if text else frozenset()


def _dates(one: Key, other: Key) -> float | None:
    """None where one side has none; 0 for times apart."""
    if one.start is None or other.start is None:
        if one.end is None or other.end is None:
            return None
        return SAME_START if _near(one.end, other.end) else 0.0
    starts = _near(one.start, other.start)
    # What lasts, or has no end, has ended when the other says so.
    ends = one.end is None or other.end is None or _near(one.end, other.end)
    if starts:
        return 1.0 if ends else SAME_START
    return max(_shared(one, other), SAME_END if one.end is not None and other.end is not None and ends else 0.0)


def _near(one: int, other: int) -> bool:
    """A year alone is any month of it."""
    if one % (MONTHS + 1) == 0 or other % (MONTHS + 1) == 0:
        return one // (MONTHS + 1) == other // (MONTHS + 1)
    return abs(_month(one) - _month(other)) <= NEAR_MONTHS


def _shared(one: Key, other: Key) -> float:
    """Months of both, of the months of either."""
    assert one.start is not None and other.start is not None  # noqa: PT018
    starts = _month(one.start), _month(other.start)
    known = [_month(end) + 1 for end in (one.end, other.end) if end is not None]
    ends = [
        _month(end) + 1 if end is not None else max([*known, start + 1])
        for start, end in zip(starts, (one.end, other.end), strict=True)
    ]
    both, either = min(ends) - max(starts), max(ends) - min(starts)
    return max(0.0, both / either) if either > 0 else 0.0


def _number(month: YearMonth | None) -> int | None:
    """With 13 places a year, so that a year alone has one of its own."""
    return None if month is None else month.year * (MONTHS + 1) + month.month


def _month(number: int) -> int:
    year, month = divmod(number, MONTHS + 1)
    return year * MONTHS + max(month, 1) - 1

"""A sentence on its way through the checks: what it says of the position by name is set aside first."""

import re
import unicodedata
from dataclasses import dataclass

from services.ai.letters.checking.index import Index
from services.ai.letters.checking.people import applies, is_of_position
from services.ai.letters.checking.text import folded
from services.ai.letters.records import Vacancy
from services.ai.letters.wording import vacancy_title
from services.ai.matching import RequirementKind

# Employers are claimed by what stands before them.
_WORKED = re.compile(
    r"\b(?:worked|working|work|employed|served|serving|experience|intern\w*|career|tenure|years|months|employment"
    r"|tätig|gearbeitet|arbeitete|arbeite|beschäftigt"
    r"|angestellt|erfahrung\w*|jahre\w*|travaillé|travaille|travaillais|expérience|années|ans|exercé|trabajé"
    r"|trabajo|trabajado|experiencia|años|led|managed|built"
    r"|since|seit|depuis|desde)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_HAS_WORKED = re.compile(
    r"\b(?:worked|employed|served|experience|career|tenure|years|months|led|managed|built|since|gearbeitet"
    r"|arbeitete|beschäftigt|angestellt|erfahrung\w*"
    r"|jahre\w*|seit|travaillé|expérience|années|ans|exercé|depuis|trabajé|trabajado|experiencia|años|desde)\b",
    re.IGNORECASE,
)
_LIVES = re.compile(r"\b(?:live|living|based|resident|wohn\w*|habit\w*|vivo|resido|réside)\b", re.IGNORECASE)
_WORKED_AFTER = re.compile(
    r"^[^.;,]{0,25}\b(?:gearbeitet|tätig|beschäftigt|angestellt|arbeitete|geleitet)\b", re.IGNORECASE
)
_FUTURE = re.compile(
    r"\b(?:would|will|could|should|want|like to|hope|gern|würde|möchte|könnte|souhaite|aimerais|pourrais|voudrais"
    r"|gustaría|podría|quisiera|deseo)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """`own` is the text with blanks for title, employer and place of the position, where it speaks of applying."""

    text: str
    own: str
    language: str
    of_position: bool
    is_signature: bool

    @staticmethod
    def of(text: str, language: str, index: Index) -> "Draft":
        """Of one sentence. Letters without width and other ways to write the same letter hide nothing."""
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
        text = re.sub(r"\s", " ", text)
        name = folded(index.sources.signature).strip()
        signature = bool(name) and folded(text).strip() == name
        return Draft(text, _set_aside(text, index), language, is_of_position(text, language), signature)


def _set_aside(text: str, index: Index) -> str:
    vacancy = index.sources.vacancy
    if not applies(text):
        # `I would like to work for Acme` names the employer and claims nothing.
        if not _FUTURE.search(text) or _HAS_WORKED.search(text):
            return text
        return _without_places(_blanked(text, vacancy.employer, True), vacancy)
    own = text
    for title in _titles(vacancy.title):
        own = _blanked(own, title, True)
    return _without_places(_blanked(own, vacancy.employer), vacancy)


def _without_places(text: str, vacancy: Vacancy) -> str:
    """The position's place, and the city that its text is about."""
    cities = (r.place.city for r in vacancy.requirements if r.kind is RequirementKind.PLACE and r.place)
    for place in (vacancy.place, *cities):
        text = text if _LIVES.search(text) else _blanked(text, place, True)
    return text


def _titles(title: str) -> list[str]:
    """As a whole, without what stands in brackets, and up to a dash: `Developer (m/f) - Berlin`."""
    bare = " ".join(re.sub(r"\([^)]*\)", " ", title).split())
    return list(dict.fromkeys([title, bare, re.split(r"\s[-–—|,]\s", bare)[0], vacancy_title(title)]))


def _blanked(text: str, name: str, always: bool = False) -> str:
    words = " ".join(name.split()).strip(" ,;:.-–—/&|*!")
    if len(words) < 2:
        return text
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    for match in reversed(list(re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE))):
        before, after = text[: match.start()], text[match.end() :]
        claimed = _WORKED.search(before) or _WORKED_AFTER.search(after)
        if always or not claimed:
            text = before + " " * len(match[0]) + after
    return text

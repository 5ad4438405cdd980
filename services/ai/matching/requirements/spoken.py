"""Languages that are asked for, with their levels."""

import re
from collections.abc import Iterator

from services.ai.credentials import LANGUAGE_LEVELS, find_languages, language_level
from services.ai.languages import english_name
from services.ai.matching.features import Requirement, RequirementKind
from services.ai.matching.requirements.making import Here
from services.ai.matching.requirements.sections import Section

_ORDER = ("A1", "A2", "B1", "B2", "C1", "C2", "NATIVE")
_SPOKEN = re.compile(
    r"(?<!\w)(?:fluen\w+|proficien\w+|languages?|spoken|speak\w*|native|bilingual|written|verbal|oral|[abc][12]"
    r"|mother tongue|command|communicat\w+|conversational|literacy|plus|read|write|level"
    r"|fließend\w*|verhandlungssicher\w*|sprach\w*|kenntnisse\w*|muttersprach\w*|in wort|courant|maîtrise|langue"
    r"|parlé|nivel|niveau|dominio|idioma|hablado|fluido|bilingüe|bilingue)(?!\w)",
    re.IGNORECASE,
)
_NO_LANGUAGE = re.compile(
    r"^[\s-]*(?:language\s+)?(?:gcses?|a-?level|and math|& math|literature|teacher|lessons?|speaking (?:countr"
    r"|world|market)|market|company|team|customer|client|government|law|office|embassy|heritage|food|cuisine"
    r"|national|citizen|health|council|based|engineering"
    r"|hospital|trust|border|tax|gaap|accounting|army|studies|channel|sector|industr|as a (?:second|foreign)"
    r"|language (?:processing|model|teach))",
    re.IGNORECASE,
)
_BEFORE_NO_LANGUAGE = re.compile(
    r"(?:gcses?|a-?levels?|maths?,?|history of|teach(?:ing)?|university of|translat\w+|the|our|a)\s+(?:(?:in|and|&|level)\s+)*$",
    re.IGNORECASE,
)
_LEVEL = "|".join(re.escape(word) for word in sorted(LANGUAGE_LEVELS, key=len, reverse=True))
_LEVELS = re.compile(
    rf"(?<!\w)(?:{_LEVEL}|fluency|fluently|fließend\w*|verhandlungssicher\w*|strong|[abc][12])(?!\w)", re.IGNORECASE
)
_CODES = re.compile(r"(?<!\w)[abc][12](?!\w)", re.IGNORECASE)
_BEHIND = re.compile(
    r"[\s:(,–-]*(?:(?:at |at least |min(?:destens|imum|\.)? |level |niveau |nivel |stufe "
    r"|auf )\s*){0,3}[abc][12](?!\w)(?:\s*(?:/|-|or|oder|ou|o)\s*[abc][12](?!\w))?",
    re.IGNORECASE,
)
_MORE_LEVELS = {"fluency": "C1", "fluently": "C1", "strong": "C1"}
# Level words stand so near to the language.
_NEAR = 40


def find_spoken(here: Here) -> Iterator[Requirement]:
    """One for each language named where it is spoken, written or levelled."""
    text, clause = here.text, here.clause
    if clause.section is Section.ASIDE or (
        clause.section is Section.DUTIES and not clause.wanted and clause.must is None
    ):
        return
    if "equally welcome" in here.lower:
        return
    last = clause.start
    for language in find_languages(text, clause.start, clause.end):
        start, end = language.start, language.end
        if not _is_spoken(here, start, end) or here.denied(start, end):
            continue
        name = english_name(text[start:end])
        level = language.level or _level(text, max(last, clause.start), start, end, clause.end)
        label = f"{name} {level}".strip()
        yield here.make(RequirementKind.LANGUAGE, label, start, end, name=name, level=level)
        last = end


def _is_spoken(here: Here, start: int, end: int) -> bool:
    text, clause = here.text, here.clause
    if (
        not text[start].isupper()
        and text[start:end] == text[start:end].lower()
        and not _SPOKEN.search(text[max(clause.start, start - 30) : min(clause.end, end + 30)])
    ):
        return False
    before, after = text[max(clause.start, start - _NEAR) : start], text[end : min(clause.end, end + _NEAR)]
    if _NO_LANGUAGE.match(after) or _BEFORE_NO_LANGUAGE.search(before):
        return False
    alone = not re.sub(
        r"[\W\d_]|languages?|required|preferred|desirable|essential",
        "",
        here.words.replace(text[start:end], ""),
        flags=re.IGNORECASE,
    )
    return (
        alone
        or _SPOKEN.search(before) is not None
        or _SPOKEN.search(after) is not None
        or _LEVELS.search(before[-20:]) is not None
    )


def _level(text: str, since: int, start: int, end: int, stop: int) -> str:
    """The least of the levels right behind it, else of those before it and behind the language before."""
    behind = _BEHIND.match(text, end, min(stop, end + 30))
    if behind:
        codes: list[str] = _CODES.findall(behind[0])
        return min((code.upper() for code in codes), key=_ORDER.index)
    before = [_code(match[0]) for match in _LEVELS.finditer(text[max(since, start - _NEAR) : start])]
    return min((level for level in before if level), key=_ORDER.index, default="")


def _code(word: str) -> str:
    lower = word.lower()
    if lower.startswith(("fließend", "verhandlungssicher")):
        return "C1"
    return _MORE_LEVELS.get(lower) or language_level(lower)

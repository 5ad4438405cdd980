"""Degrees, languages and licences of a sentence against those of the resume."""

import re
from collections.abc import Iterator

from services.ai.credentials import EducationLevel, find_degrees, find_languages
from services.ai.languages import english_name
from services.ai.letters.checking.draft import Draft
from services.ai.letters.checking.index import Index
from services.ai.letters.records import Fault, Objection
from services.ai.letters.spoken_names import english_names
from services.ai.matching.requirements.licences import known_licences

_LEVELS = ("", "A1", "A2", "B1", "B2", "C1", "C2", "NATIVE")
_LEVEL = re.compile(r"\s?[(,:]?\s?([ABC][12])\b")
_WORD = re.compile(r"[^\W\d_]{4,}")
# Words that another language has for something else.
_OTHERWISE = {
    "en": re.compile(r"(?i)^(?:licen[cs]es?|maîtrise|grado|magister|lehre|associate (?:in|of))$"),
    "de": re.compile(r"(?i)^(?:licence|maîtrise|grado|ma)$"),
    "fr": re.compile(r"(?i)^(?:maîtrise|grado|masters?)$"),
    "es": re.compile(r"(?i)^(?:licence|maîtrise|ma)$"),
}
_MORE = (
    (EducationLevel.DOCTORATE, re.compile(r"(?i)\b(?:promovier\w+|doktor\w*|doctorante?|docteure?|thèse|doctora)\b")),
    (
        EducationLevel.MASTER,
        re.compile(
            r"(?i)\b(?:masterabschluss|masterstudium|mastergrad|diplom(?:studium|abschluss)|máster|mastère"
            r"|postgraduate)\b"
        ),
    ),
    (
        EducationLevel.BACHELOR,
        re.compile(r"(?i)\b(?:bachelorabschluss|bachelorstudium|bachelorgrad|graduate degree|licenciad[oa])\b"),
    ),
)
_CERTIFIED = re.compile(
    r"(?i)\b(?:(certif|zertif|accredit|akkredit|chartered|licen[cs]|approb|habilit|acredit|titulad|diplomad"
    r"|registered|award|prize|medal|auszeichnung|preis"
    r"|prix|lauréat|premio|galardon)\w*)"
)
_DEGREE = re.compile(
    r"(?i)\b(?:degree|hochschulabschluss|studium|studiert|graduat\w+|diplôm\w+|universit\w+|universidad|studied"
    r"|alumn\w+|titulación)\b"
)


def object_to(draft: Draft, index: Index) -> Iterator[Objection]:
    """Each that the resume does not show. What the position asks for may be named where the person is not spoken of."""
    if draft.of_position:
        return
    yield from _degrees(draft, index)
    yield from _languages(draft, index)
    if licences := known_licences(draft.own):
        yield from (Objection(Fault.CREDENTIAL, licence) for licence in sorted(licences - index.licences))
    for match in _CERTIFIED.finditer(draft.own):
        known = index.resume.whole
        if f" {match[1].casefold()}" not in known and match[0].casefold() not in known and not _abroad(match[1], known):
            yield Objection(Fault.CREDENTIAL, match[0])


# Stems that mean one thing in several languages.
_ALIKE = (
    ("certif", "zertif", "titulad"),
    ("accredit", "akkredit", "acredit"),
    ("award", "auszeichnung", "preis", "prix", "premio", "prize", "galardon", "lauréat", "medal"),
    ("licens", "licenc", "licence", "license", "approb"),
)


def _abroad(stem: str, known: str) -> bool:
    groups = [group for group in _ALIKE if stem.casefold() in group]
    return any(f" {other}" in known for group in groups for other in group)


def _degrees(draft: Draft, index: Index) -> Iterator[Objection]:
    text = draft.own
    for degree in find_degrees(text):
        words = text[degree.start : degree.end]
        if _OTHERWISE[draft.language].match(words.strip(" .")) or index.resume.names(words):
            continue
        if degree.level not in index.levels:
            yield Objection(Fault.CREDENTIAL, words)
    for level, pattern in _MORE:
        match = pattern.search(text)
        if match and level not in index.levels:
            yield Objection(Fault.CREDENTIAL, match[0])
    if (
        (match := _DEGREE.search(text))
        and not index.sources.resume.educations
        and not index.levels - {EducationLevel.UNKNOWN}
    ):
        yield Objection(Fault.CREDENTIAL, match[0])


def _languages(draft: Draft, index: Index) -> Iterator[Objection]:
    for words, name, level in dict.fromkeys(_spoken(draft)):
        if name not in index.languages and not index.resume.names(words):
            yield Objection(Fault.CREDENTIAL, words)
        elif level and _LEVELS.index(level) > _LEVELS.index(index.languages.get(name, "")):
            yield Objection(Fault.CREDENTIAL, f"{words} ({level})")


def _spoken(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """As written, in English, and the level that stands beside it."""
    text, known = draft.own, english_names(draft.language)
    for found in find_languages(text, 0, len(text)):
        words = text[found.start : found.end]
        yield words, known.get(words.casefold(), english_name(words)), found.level
    for match in _WORD.finditer(text):
        if match[0].casefold() in known:
            level = _LEVEL.match(text, match.end())
            yield match[0], known[match[0].casefold()], level[1] if level else ""

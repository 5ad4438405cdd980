"""Degrees and languages, as resumes state and positions ask for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class EducationLevel(IntEnum):
    """Numbers are those of `skillsync.type.v1.EducationLevel`."""

    UNKNOWN = 0
    SECONDARY = 1
    VOCATIONAL = 2
    BACHELOR = 3
    MASTER = 4
    DOCTORATE = 5


@dataclass(frozen=True, slots=True)
class Degree:
    """A degree, at characters `start` to `end` of the text searched."""

    level: EducationLevel
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NamedLanguage:
    """A language by its name; `level` is a CEFR code (`A1` to `C2`), `NATIVE`, or empty when none is stated."""

    start: int
    end: int
    level: str


# "BS" and "MA" are degrees before a subject or a school; "MS Office" is not.
_DEGREE_GOES_ON = (
    r"(?= (?:in|of|degree)\b|,| ?\(| (?-i:(?!Office|Excel|Word|Project|SQL|Access|Teams|Windows)[A-ZÀ-Ž]))"
)

_DEGREES = (
    (
        EducationLevel.DOCTORATE,
        r"\b(ph\.?\s?d\b|doctorate|doctor of|doctoral|dr\.|promotion zum|doctorat|doctorado|d\.?phil\b|m\.d\.|j\.d\.|ed\.?d\b)",
    ),
    (
        EducationLevel.MASTER,
        rf"\b(masters?\b|master['’]s|m\.?sc\b|m\.a\.|mba\b|m\.?eng\b|m\.?tech\b|m\.s\.|mca\b|m\.?com\b|m\.?phil\b|llm\b|(?-i:M[SA]\b){_DEGREE_GOES_ON}|(?-i:ME\b) in|diplom(?!a)|magister|staatsexamen|maîtrise|máster|mastère"
        r"|diplôme d['’]ingénieur)",
    ),
    (
        EducationLevel.BACHELOR,
        rf"\b(bachelor|bachiller(?!ato)|b\.?sc\b|b\.a\.|b\.?eng\b|b\.?tech\b|b\.s\.|b\.e\.|bba\b|bca\b|b\.?com\b|bfa\b|b\.m\.|(?-i:B[SAE]\b){_DEGREE_GOES_ON}|(?-i:B\.S\b)|licence|grado\b|undergraduate degree|licenciatura)",
    ),
    (
        EducationLevel.VOCATIONAL,
        r"\b(associate(?:['’]s)? degree|associate of|associate in|apprenticeship|vocational|ausbildung|lehre\b|berufsausbildung|(?-i:BTS|DUT|CAP|AAS)\b|formación profesional|ciclo formativo|a\.a\.s\b)",
    ),
    (
        EducationLevel.SECONDARY,
        r"\b(high school|abitur|a-levels|baccalaur|bachillerato|matura\b|(?-i:GED|HSC|SSC)\b|secondary school|fachabitur|mittlere reife|hochschulreife|realschul\w*|gcses?\b|primary school)",
    ),
)
_PATTERNS = tuple((level, re.compile(pattern, re.IGNORECASE)) for level, pattern in _DEGREES)

_LANGUAGE = (
    "english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|turkish|arabic|chinese|mandarin|cantonese|japanese|korean|hindi|romanian|greek|swedish|norwegian|danish|finnish|czech|hungarian"
    "|bengali|punjabi|urdu|tamil|telugu|kannada|malayalam|marathi|gujarati|persian|farsi|hebrew|vietnamese|thai|indonesian|malay|tagalog|filipino|swahili|afrikaans|zulu|xhosa|yoruba|igbo|hausa|amharic|somali|serbian|croatian"
    "|bosnian|slovenian|slovene|slovak|bulgarian|macedonian|albanian|lithuanian|latvian|estonian|icelandic|irish|welsh|catalan|basque|galician|latin|sanskrit|georgian|armenian|azerbaijani|kazakh|uzbek|mongolian|nepali|sinhala"
    "|burmese|khmer|lao|american sign language|asl|esperanto|luxembourgish|flemish|belarusian|maltese|creole|kurdish|pashto"
    "|deutsch|englisch|französisch|spanisch|italienisch|portugiesisch|niederländisch|polnisch|russisch|ukrainisch|türkisch|arabisch|chinesisch|japanisch|koreanisch|griechisch|schwedisch|tschechisch|ungarisch|rumänisch|kroatisch|serbisch|latein|dänisch|persisch"
    "|français|anglais|allemand|espagnol|italien|portugais|néerlandais|polonais|russe|turc|arabe|chinois|japonais|coréen|roumain|grec"
    "|español|castellano|inglés|ingles|alemán|francés|italiano|portugués|neerlandés|polaco|ruso|turco|árabe|chino|japonés|coreano|rumano|catalán|euskera|gallego|valenciano"
)

LANGUAGE_LEVELS = {
    "native": "NATIVE", "native speaker": "NATIVE", "native or bilingual": "NATIVE", "native or bilingual proficiency": "NATIVE", "native proficiency": "NATIVE", "bilingual": "NATIVE", "bilingual proficiency": "NATIVE",
    "native language": "NATIVE", "mother tongue": "NATIVE", "first language": "NATIVE", "native/bilingual": "NATIVE", "muttersprache": "NATIVE", "muttersprachlich": "NATIVE", "muttersprachler": "NATIVE", "langue maternelle": "NATIVE",
    "bilingue": "NATIVE", "bilingüe": "NATIVE", "lengua materna": "NATIVE", "nativo": "NATIVE", "nativa": "NATIVE", "idioma materno": "NATIVE", "maternelle": "NATIVE",
    "proficient": "C2", "full professional": "C2", "full professional proficiency": "C2", "mastery": "C2", "near native": "C2", "near-native": "C2", "verhandlungssicher": "C1",
    "fluent": "C1", "advanced": "C1", "professional working": "C1", "professional working proficiency": "C1", "professional": "C1", "professional proficiency": "C1", "business fluent": "C1", "fließend": "C1", "sehr gut": "C1",
    "courant": "C1", "avancé": "C1", "fluido": "C1", "avanzado": "C1", "nivel alto": "C1", "very good": "C1", "excellent": "C1",
    "upper intermediate": "B2", "upper-intermediate": "B2", "good": "B2", "gut": "B2", "gute kenntnisse": "B2", "conversational": "B2", "limited working": "B1", "limited working proficiency": "B1", "working proficiency": "B2",
    "intermediate": "B1", "intermédiaire": "B1", "intermedio": "B1", "nivel medio": "B1", "fortgeschritten": "B2", "working knowledge": "B1", "mittelstufe": "B1",
    "elementary": "A2", "elementary proficiency": "A2", "basic": "A2", "basics": "A2", "grundkenntnisse": "A2", "notions": "A2", "básico": "A2", "nivel básico": "A2", "scolaire": "A2", "basic knowledge": "A2", "débutant": "A1",
    "beginner": "A1", "anfänger": "A1", "principiante": "A1", "learning": "A1",
}  # fmt: skip
"""CEFR levels for words; a level that is written as such stays."""

_LEVEL = "|".join(re.escape(word) for word in sorted(LANGUAGE_LEVELS, key=len, reverse=True))
_LANGUAGES = re.compile(
    rf"\b({_LANGUAGE})\b(?:[\s:(,|/–—-]*(?:level\s*|niveau\s*|nivel\s*)?(?:({_LEVEL}|[abc][12])\b))?"
    rf"|\b({_LEVEL})\s+(?:in\s+|level\s+|speaker of\s+)?({_LANGUAGE})\b",
    re.IGNORECASE,
)


def find_degrees(text: str) -> list[Degree]:
    """Every kind of degree named, highest first, each once."""
    found = ((level, pattern.search(text)) for level, pattern in _PATTERNS)
    return [Degree(level, match.start(), match.end()) for level, match in found if match]


def find_degree(text: str) -> Degree | None:
    """The highest degree named."""
    return next(iter(find_degrees(text)), None)


def find_languages(text: str, start: int, end: int) -> Iterator[NamedLanguage]:
    """Languages between two positions of the text, in order."""
    for match in _LANGUAGES.finditer(text, start, end):
        name, level = (1, match[2]) if match[1] else (4, match[3])
        yield NamedLanguage(match.start(name), match.end(name), language_level(level or ""))


def language_level(words: str) -> str:
    """The CEFR code, or NATIVE, for words about a level; empty for none we know."""
    lower = " ".join(words.lower().split())
    return LANGUAGE_LEVELS.get(lower, lower.upper() if re.fullmatch(r"[abc][12]", lower) else "")

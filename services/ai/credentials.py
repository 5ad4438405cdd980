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
        r"\b(ph\.?\s?d\b|doctorate|doctor of|doctoral|dr\.|promotion zum|doctorat|doctorado|d\.?phil\b|m\.d\.|"
        r"j\.d\.|ed\.?d\b)",
    ),
    (
        EducationLevel.MASTER,
        rf"\b(masters?\b|master['’]s|m\.?sc\b|m\.a\.|mba\b|m\.?eng\b|m\.?tech\b|m\.s\.|mca\b|m\.?com\b|m\.?phil\b|"
        rf"llm\b|(?-i:M[SA]\b){_DEGREE_GOES_ON}|(?-i:ME\b) in|diplom(?!a)|magister|staatsexamen|maîtrise|máster|"
        rf"mastère"
        r"|diplôme d['’]ingénieur)",
    ),
    (
        EducationLevel.BACHELOR,
        rf"\b(bachelor|bachiller(?!ato)|b\.?sc\b|b\.a\.|b\.?eng\b|b\.?tech\b|b\.s\.|b\.e\.|bba\b|bca\b|b\.?com\b|"
        rf"bfa\b|b\.m\.|(?-i:B[SAE]\b){_DEGREE_GOES_ON}|(?-i:B\.S\b)|licence|grado\b|undergraduate degree|"
        rf"licenciatura)",
    ),
    (
        EducationLevel.VOCATIONAL,
        r"\b(associate(?:['’]s)? degree|associate of|associate in|apprenticeship|vocational|ausbildung|lehre\b|"
        r"berufsausbildung|(?-i:BTS|DUT|CAP|AAS)\b|formación profesional|ciclo formativo|a\.a\.s\b)",
    ),
    (
        EducationLevel.SECONDARY,
        r"\b(high school|abitur|a-levels|baccalaur|bachillerato|matura\b|(?-i:GED|HSC|SSC)\b|secondary school|"
        r"fachabitur|mittlere reife|hochschulreife|realschul\w*|gcses?\b|primary school)",
    ),
)
_PATTERNS = tuple((level, re.compile(pattern, re.IGNORECASE)) for level, pattern in _DEGREES)

_LANGUAGE = (
    "english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|turkish|arabic|chinese|mandarin|"
    "cantonese|japanese|korean|hindi|romanian|greek|swedish|norwegian|danish|finnish|czech|hungarian"
    "|bengali|punjabi|urdu|tamil|telugu|kannada|malayalam|marathi|gujarati|persian|farsi|hebrew|vietnamese|thai|"
    "indonesian|malay|tagalog|filipino|swahili|afrikaans|zulu|xhosa|yoruba|igbo|hausa|amharic|somali|serbian|croatian"
    "|bosnian|slovenian|slovene|slovak|bulgarian|macedonian|albanian|lithuanian|latvian|estonian|icelandic|irish|"
    "welsh|catalan|basque|galician|latin|sanskrit|georgian|armenian|azerbaijani|kazakh|uzbek|mongolian|nepali|sinhala"
    "|burmese|khmer|lao|american sign language|asl|esperanto|luxembourgish|flemish|belarusian|maltese|creole|kurdish|"
    "pashto"
    "|deutsch|englisch|französisch|spanisch|italienisch|portugiesisch|niederländisch|polnisch|russisch|ukrainisch|"
    "türkisch|arabisch|chinesisch|japanisch|koreanisch|griechisch|schwedisch|tschechisch|ungarisch|rumänisch|"
    "kroatisch|serbisch|latein|dänisch|persisch"
    "|français|anglais|allemand|espagnol|italien|portugais|néerlandais|polonais|russe|turc|arabe|chinois|japonais|"
    "coréen|roumain|grec"
    "|español|castellano|inglés|ingles|alemán|francés|italiano|portugués|neerlandés|polaco|ruso|turco|árabe|chino|"
    "japonés|coreano|rumano|catalán|euskera|gallego|valenciano"
)

_LEVEL_WORDS = {
    "NATIVE": "native|native speaker|native or bilingual|native or bilingual proficiency|native proficiency|"
    "bilingual|bilingual proficiency|native language|mother tongue|first language|native/bilingual|"
    "muttersprache|muttersprachlich|muttersprachler|langue maternelle|bilingue|bilingüe|lengua materna|"
    "nativo|nativa|idioma materno|maternelle",
    "C2": "proficient|full professional|full professional proficiency|mastery|near native|near-native",
    "C1": "verhandlungssicher|fluent|advanced|professional working|professional working proficiency|"
    "professional|professional proficiency|business fluent|fließend|sehr gut|courant|avancé|fluido|"
    "avanzado|nivel alto|very good|excellent",
    "B2": "upper intermediate|upper-intermediate|good|gut|gute kenntnisse|conversational|working proficiency|"
    "fortgeschritten",
    "B1": "limited working|limited working proficiency|intermediate|intermédiaire|intermedio|nivel medio|"
    "working knowledge|mittelstufe",
    "A2": "elementary|elementary proficiency|basic|basics|grundkenntnisse|notions|básico|nivel básico|scolaire|"
    "basic knowledge",
    "A1": "débutant|beginner|anfänger|principiante|learning",
}
LANGUAGE_LEVELS = {word: level for level, words in _LEVEL_WORDS.items() for word in words.split("|")}
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

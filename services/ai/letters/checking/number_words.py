"""Words for numbers in English, German, French and Spanish."""

import re
from collections.abc import Iterator
from functools import cache

from services.ai.letters.words import in_order

# What counts without a number: supported by the same word alone.
_VAGUE = {
    "en": "dozens hundreds thousands millions countless numerous decades scores doubled tripled quadrupled"
    " halved twice thrice twofold threefold"
    " half quarter majority decade",
    "de": "dutzende hunderte tausende millionen zahllose jahrzehnte jahrzehntelang verdoppelt verdoppelte"
    " verdoppelung verdreifacht verdreifachte halbiert"
    " halbierte zweimal dreimal doppelt hälfte viertel jahrzehnt langjährig langjährige langjähriger langjährigen",
    "fr": "dizaines dizaine centaines centaine milliers millier millions décennies décennie doublé triplé moitié quart",
    "es": "decenas decena docenas cientos miles millones décadas década duplicado duplicó dupliqué tripliqué triplicado mitad doble triple",
}
VAGUE = frozenset(" ".join(_VAGUE.values()).split())

_ENGLISH = in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_ENGLISH_TENS = in_order("twenty thirty forty fifty sixty seventy eighty ninety")
_GERMAN = in_order(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = in_order("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_FRENCH = in_order(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf"
)
_FRENCH_TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "quatre-vingt": 80,
    "quatre-vingts": 80,
}
_SPANISH = in_order(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis"
    " diecisiete dieciocho diecinueve veinte"
    " veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_SPANISH_TENS = dict(
    zip(in_order("treinta cuarenta cincuenta sesenta setenta ochenta noventa"), range(30, 100, 10), strict=True)
)
# One is an article in three of the languages and a pronoun in the fourth; second is a name of a place in a row.
_ORDINALS = {
    "en": "third fourth fifth sixth seventh eighth ninth tenth",
    "de": "dritte vierte fünfte sechste siebte achte neunte zehnte",
    "fr": "troisième quatrième cinquième sixième septième huitième neuvième dixième",
    "es": "tercer tercero tercera cuarto cuarta quinto quinta sexto sexta séptimo séptima octavo octava noveno novena décimo décima",
}
_LARGE = {
    "en": {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
    "de": {"dutzend": 12, "hundert": 100, "einhundert": 100, "zweihundert": 200,
           "tausend": 1000, "eintausend": 1000, "million": 10**6, "milliarde": 10**9},
    "fr": {"douzaine": 12, "vingtaine": 20, "trentaine": 30, "quinzaine": 15, "cent": 100, "cents": 100, "mille": 1000,
           "million": 10**6, "milliard": 10**9},
    "es": {"docena": 12, "cien": 100, "ciento": 100, "doscientos": 200, "quinientos": 500, "mil": 1000, "millón": 10**6},
}  # fmt: skip
_NO_NUMBERS = re.compile(r"(?i)\b(?:pour cents?|por ciento|per cent)\b")


def find_words(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """Value (or the word itself where it is vague), start, end."""
    cleared = _NO_NUMBERS.sub(lambda match: " " * len(match[0]), text)
    values = _values(language)
    for match in _pattern(language).finditer(cleared):
        word = match[0].casefold()
        yield (word if word in _vague(language) else str(values[_key(word)])), match.start(), match.end()


def _key(word: str) -> str:
    return re.sub(r"[\s-]+", "-", word.replace("‑", "-"))


@cache
def _vague(language: str) -> frozenset[str]:
    return frozenset(_VAGUE[language].split())


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted({*_values(language), *_vague(language)}, key=lambda word: (-len(word), word))
    either = "|".join(r"[-\s]".join(map(re.escape, word.split("-"))) for word in words)
    return re.compile(rf"(?<![\w-])(?:{either})(?!\w)", re.IGNORECASE)


@cache
def _values(language: str) -> dict[str, int]:
    made = {"en": _english, "de": _german, "fr": _french, "es": _spanish}[language]()
    ordinals = {word: word for word in _ORDINALS[language].split()}
    return {**made, **_LARGE[language], **{word: _ordinal(language, word) for word in ordinals}}


def _ordinal(language: str, word: str) -> int:
    words = _ORDINALS[language].split()
    if language == "es":
        return {"ter": 3, "cua": 4, "qui": 5, "sex": 6, "sép": 7, "oct": 8, "nov": 9, "déc": 10}[word[:3]]
    return words.index(word) + 3


def _english() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_ENGLISH) if value > 1}
    for tens, word in zip(range(20, 100, 10), _ENGLISH_TENS, strict=True):
        found[word] = tens
        found |= {f"{word}-{_ENGLISH[unit]}": tens + unit for unit in range(1, 10)}
    return found


def _german() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_GERMAN) if value > 1}
    for tens, word in zip(range(20, 100, 10), _GERMAN_TENS, strict=True):
        for spelled in {word, word.replace("ß", "ss")}:
            found[spelled] = tens
            found |= {f"{'ein' if unit == 1 else _GERMAN[unit]}und{spelled}": tens + unit for unit in range(1, 10)}
    # Dative, and what counts how often.
    return found | {f"{word}en": value for word, value in found.items() if value in (2, 3, 4, 5, 6)}


def _french() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_FRENCH) if value > 1}
    for word, tens in _FRENCH_TENS.items():
        found[word] = tens
        most = 20 if tens in (60, 80) else 10
        found |= {f"{word}-{_FRENCH[unit]}": tens + unit for unit in range(1, most)}
        found |= {f"{word}-et-{unit}": tens + value for unit, value in (("un", 1), ("une", 1), ("onze", 11))}
    return found


def _spanish() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_SPANISH) if value > 1}
    for word, tens in _SPANISH_TENS.items():
        found[word] = tens
        found |= {f"{word}-y-{_SPANISH[unit] if unit > 1 else 'un'}": tens + unit for unit in range(1, 10)}
    return found

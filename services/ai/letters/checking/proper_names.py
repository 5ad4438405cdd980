"""Words that name somebody or something: with capitals, with digits, or with marks within."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.ai.letters.checking.dates import MONTH_NAMES
from services.ai.letters.verbs import verbs
from services.ai.letters.words import words

_TOKEN = re.compile(r"[^\W_][\w+#]*(?:[.'’&@/-][\w+#]+)*")
# What may part the words of one name.
_GAP = re.compile(r"\s?(?:&|–|-|/)?\s?")
_GERMAN_ENDINGS = re.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|ität|itäten|ismus|nis|nisse|nissen|tum"
    r"|ling|enz|anz|ieren|gkeiten)s?$"
)
_FIRST_ENDINGS = {
    "en": re.compile(r"(?:ing|ly)$"),
    "fr": re.compile(r"(?:ment|ant)$"),
    "es": re.compile(r"(?:mente|ando|iendo|é|ió|aba)$"),
}
_ALWAYS = words("i cv m mr mrs ms dr mme sir madam madame monsieur mesdames messieurs damen herren guten")
_SHORT = words("l d j m n s c t qu")


@dataclass(frozen=True, slots=True)
class ProperName:
    """Tokens that stand together, each with where it begins and ends; `first`: the first one begins the sentence."""

    tokens: tuple[tuple[int, int], ...]
    first: bool

    def text(self, sentence: str, begin: int = 0, end: int | None = None) -> str:
        """The characters of some of its tokens."""
        part = self.tokens[begin:end]
        return sentence[part[0][0] : part[-1][1]] if part else ""


def find_names(sentence: str, language: str) -> Iterator[ProperName]:
    """Names that may need a source. What is an ordinary word of the language is none."""
    run: list[tuple[int, int]] = []
    first = True
    begins = False
    for match in _TOKEN.finditer(sentence):
        start, end = _without_elision(sentence, match.start(), match.end(), language)
        token = sentence[start:end]
        if _is_name(token, first and not run, language):
            if run and not _GAP.fullmatch(sentence[run[-1][1] : start]):
                yield ProperName(tuple(run), begins)
                run = []
            begins = first if not run else begins
            run.append((start, end))
        elif run:
            yield ProperName(tuple(run), begins)
            run = []
        first = False
    if run:
        yield ProperName(tuple(run), begins)


def is_ordinary_first(token: str, language: str) -> bool:
    """Whether a word with a capital at the beginning of a sentence may be any word."""
    lower = token.casefold().replace("'", "’")
    head = re.split(r"[’'-]", lower)[0]
    if lower in _words(language) or head in _words(language):
        return True
    if language == "en" and lower in verbs().base | verbs().past | verbs().gerund:
        return True
    endings = _FIRST_ENDINGS.get(language)
    return bool(endings and len(lower) > 5 and endings.search(lower)) or (language == "de" and is_german_word(token))


def is_german_word(token: str) -> bool:
    """Whether a German word with a capital is a noun that names nobody: known, a compound that ends in one, or by its ending."""
    lower = token.casefold()
    words = _words("de")
    if lower in words or lower in MONTH_NAMES or (len(lower) > 6 and _GERMAN_ENDINGS.search(lower)):
        return True
    if "-" in token:
        return all(is_german_word(part) for part in token.split("-") if part)
    return False


def _is_name(token: str, first: bool, language: str) -> bool:
    if token.isdigit() or token.casefold() in _ALWAYS or not any(c.isalpha() for c in token):
        return False
    if re.fullmatch(r"\d+(?:st|nd|rd|th|er|e|ème|[.,]?\d*[kKmM%+]|h|x)", token) or token.casefold() in MONTH_NAMES:
        return False
    marked = any(c.isupper() for c in token[1:]) or any(c.isdigit() for c in token) or any(c in "+#@" for c in token)
    if language == "de":
        return (marked and not is_german_word(token)) or (token[0].isupper() and not is_german_word(token))
    if not (marked or token[0].isupper()):
        return False
    return not (first and is_ordinary_first(token, language) and not marked) or (marked and not token.isupper())


def _without_elision(sentence: str, start: int, end: int, language: str) -> tuple[int, int]:
    """`d’Acme` → `Acme`; `Acme's` → `Acme`."""
    token = sentence[start:end]
    if language in ("fr", "es"):
        head = re.match(r"([A-Za-z]{1,2}|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uelqu)['’]", token)
        if head and head[1].casefold() in _SHORT | {"jusqu", "lorsqu", "puisqu"}:
            start += head.end()
    if language == "en":
        for ending in ("'s", "’s", "'", "’"):
            if token.endswith(ending):
                return start, end - len(ending)
    return start, end


@cache
def _words(language: str) -> frozenset[str]:
    table: dict[str, str] = tomllib.loads(Path(__file__).with_name("ordinary.toml").read_text("utf-8"))
    return frozenset(word.casefold() for word in table[language].split())

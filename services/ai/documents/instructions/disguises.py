"""Plain words out of text that was disguised: look-alike letters, digits for letters, spaced, cut or reversed words, Base64, ROT13."""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator


class _Table(dict[int, int]):
    """For `str.translate`, to which every letter that is missing costs an exception: others stand for themselves."""

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


_LOOKALIKES = _Table(
    str.maketrans(
        "аеорсухіјѕԁԛԝһкмнтвгпАВЕКМНОРСТУХІЈЅαβεικνορτυχηΑΒΕΖΗΙΚΜΝΟΡΤΥΧıłøđħɡɩʟɪꞮƖӏ",
        "aeopcyxijsdqwhkmhtbrnABEKMHOPCTYXIJSabeiknoptuxnABEZHIKMNOPTYXilodhgiliiil",
    )
)
_LEET = _Table(str.maketrans("013457@$!€|", "oieastasiel"))
_LEET_L = _Table(str.maketrans("013457@$!€|", "oleastasiel"))
_SEPARATED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){5,}")
_CUT = re.compile(r"(?<=[^\W\d_])[-_.*·~^|'’‐‑/+=]{1,2}(?=[^\W\d_])")
_DIGIT_IN_WORD = re.compile(r"[^\W\d_][013457@$!€|]|[013457@$!€|][^\W\d_]")
_CODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){16,}|(?:\\x[0-9a-fA-F]{2}){8,}")
_BREAKS = re.compile(r"[.;:!?,()\[\]{}\"“”„«»|•▪\t\n–—*>]+(?=\s|$|\w)")
_LETTERS = re.compile(r"[^\W_]+")
LONG_WORD = re.compile(r"[^\W_]{19}")
_MAYBE_COMBINING = re.compile(r"[\u0300-\U0010ffff]")
MOST_CODED = 4000


def words(text: str) -> str:
    """Small letters without accents, a blank between words, ` . ` where a clause ends; apostrophes part words."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES)).casefold()
        text = _MAYBE_COMBINING.sub(_uncombined, text)
    return " . ".join(" ".join(_LETTERS.findall(clause)) for clause in _BREAKS.split(text))


def _uncombined(match: re.Match[str]) -> str:
    return "" if unicodedata.combining(match[0]) else match[0]


def plain_forms(text: str) -> Iterator[str]:
    """What the text says if it is disguised in one of the usual ways, in `words`; nothing for usual text."""
    if has_digits_in_words(text):
        yield from without_digits(text)
    yield from cut_or_coded(text)
    for coded in _HEX.findall(text[:MOST_CODED]):
        yield words(_unhexed(coded))
    if text.isascii() and is_turned(text):
        yield words(text[::-1])
        yield words(codecs.encode(text, "rot13"))


def has_digits_in_words(text: str) -> bool:
    return _DIGIT_IN_WORD.search(text) is not None


def without_digits(text: str) -> tuple[str, str]:
    """In `words`, with the letters that digits and signs look like."""
    return words(text.translate(_LEET)), words(text.translate(_LEET_L))


def cut_or_coded(text: str) -> Iterator[str]:
    """In `words`, with cut words put together, and what Base64 in it says."""
    if _CUT.search(text):
        yield words(_CUT.sub("", text))
    for coded in _CODED.findall(text[:MOST_CODED]):
        if decoded := _decoded(coded):
            yield words(decoded)


def is_turned(text: str) -> bool:
    """Whether it has parts of telling words, read backwards or in ROT13."""
    text = text.lower()
    return any(mark in text for mark in _REVERSED_OR_TURNED)


_REVERSED_OR_TURNED = (
    "erongi",
    "drager",
    "tegrof",
    "tpmorp",
    "snoitcurtsni",
    "etadidnac",
    "vtaber",
    "vafgehpgvba",
    "pnaqvqngr",
    "cebzcg",
)


def glued(text: str) -> str:
    """The letters of words that were spaced or cut, without any blank; empty for usual text."""
    text = folded(text)
    if _SEPARATED.search(text) or LONG_WORD.search(text):
        return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalpha() and not unicodedata.combining(c))
    return ""


def folded(text: str) -> str:
    """Small letters, also for digits and signs that look like some."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES))
    return text.casefold().translate(_LEET)


def _decoded(coded: str) -> str:
    coded = coded.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return text if text.isprintable() or "\n" in text else ""


def _unhexed(coded: str) -> str:
    return bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", coded.replace("\\x", ""))).decode("latin-1")

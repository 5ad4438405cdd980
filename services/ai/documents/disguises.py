"""Plain words out of text that was disguised: look-alike letters, digits for letters, spaced, cut or reversed words, Base64, ROT13."""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁԛԝһкмнтвгпАВЕКМНОРСТУХІЈЅαβεικνορτυχηΑΒΕΖΗΙΚΜΝΟΡΤΥΧıłøđħɡɩʟɪꞮƖӏ",
    "aeopcyxijsdqwhkmhtbrnABEKMHOPCTYXIJSabeiknoptuxnABEZHIKMNOPTYXilodhgiliiil",
)
_LEET = str.maketrans("013457@$!€|", "oieastasiel")
_LEET_L = str.maketrans("013457@$!€|", "oleastasiel")
_SEPARATED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){5,}")
_CUT = re.compile(r"(?<=[^\W\d_])[-_.*·~^|'’‐‑/+=]{1,2}(?=[^\W\d_])")
_DIGIT_IN_WORD = re.compile(r"[^\W\d_][013457@$!€|]|[013457@$!€|][^\W\d_]")
_CODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){16,}|(?:\\x[0-9a-fA-F]{2}){8,}")
_BREAKS = re.compile(r"[.;:!?,()\[\]{}\"“”„«»|•▪\t\n–—*>]+(?=\s|$|\w)")
_LETTERS = re.compile(r"[^\W_]+")
MOST_CODED = 4000


def words(text: str) -> str:
    """Small letters without accents, a blank between words, ` . ` where a clause ends; apostrophes part words."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES)).casefold()
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " . ".join(" ".join(_LETTERS.findall(clause)) for clause in _BREAKS.split(text))


def plain_forms(text: str) -> Iterator[str]:
    """What the text says if it is disguised in one of the usual ways, in `words`; nothing for usual text."""
    if _DIGIT_IN_WORD.search(text):
        yield words(text.translate(_LEET))
        yield words(text.translate(_LEET_L))
    if _CUT.search(text):
        yield words(_CUT.sub("", text))
    for coded in _CODED.findall(text[:MOST_CODED]):
        if decoded := _decoded(coded):
            yield words(decoded)
    for coded in _HEX.findall(text[:MOST_CODED]):
        yield words(_unhexed(coded))
    if not text.isascii() or not _is_usual(text):
        return
    yield words(text[::-1])
    yield words(codecs.encode(text, "rot13"))


def _is_usual(text: str) -> bool:
    return any(mark in text.lower() for mark in _REVERSED_OR_TURNED)


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
    text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).casefold().translate(_LEET)
    if _SEPARATED.search(text) or any(len(word) > 18 for word in _LETTERS.findall(text)):
        return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalpha() and not unicodedata.combining(c))
    return ""


def _decoded(coded: str) -> str:
    coded = coded.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return text if text.isprintable() or "\n" in text else ""


def _unhexed(coded: str) -> str:
    return bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", coded.replace("\\x", ""))).decode("latin-1")

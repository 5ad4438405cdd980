"""Names as a letter may write them: what a parser took for a title or an employer, tidied, or nothing where it does not read like one."""

import re
import unicodedata

from services.ai.letters.words import words

MOST_TITLE, MOST_EMPLOYER, MOST_SCHOOL, MOST_DEGREE = 60, 70, 80, 70
# Left by programs that hid who it was, and by letters that were decoded wrongly.
_PLACEHOLDER = re.compile(
    r"company name|company \d|employer name|\bcity\b\s*,|,\s*state\b|\bcity\s*state\b|confidential|n/a\b|xxx|lorem|\[|\]"
    r"|school name|university name",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"[ÂÃâï¼¿½�\x00-\x1f|•·●▪►◦*<>{}_=~^\\]|\?\?|\.{2,}|Ã|@|https?:|www\.")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}/\d|\b(?:present|current|till date|to date|heute|aujourd|actualidad)\b", re.IGNORECASE
)
_NOWHERE = re.compile(r"^(?:(?:City|State)\b\s*,?\s*)+|\s*\b(?:City|State)\b(?:\s*,?\s*(?:City|State)\b)*\s*$")
_SENTENCE = re.compile(r"\w{5,}\.\s")
_SHOUTED = re.compile(r"\s*(?:\*{2,}|!+)\s*")
# Parts of a company rather than its name.
_DEPARTMENT = re.compile(
    r"(?:marketing|sales|finance|accounting|accounts|engineering|operations|research|administration|production|logistics|purchasing|it|hr"
    r"|qa|support"
    r"|human resources|product development"
    r"|customer (?:service|support)|research (?:and|&) development|information technology|quality(?: assurance)?)"
    r"(?: (?:department|team|division|group))?",
    re.IGNORECASE,
)
_EDGE = " \t\n,;:.-–—/&(|"
_SMALL = words("of and the for in on at to und der die das für von de la le les des du et y del para en")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TITLE_CUT = re.compile(r"\s*(?:/|\||;| - | – | — |\(|,).*$", re.DOTALL)
_TITLE_WORD = re.compile(r"[^\W\d_]{3,}")
_LABELS = re.compile(r"\s*(?:position|title|role|designation|job title|poste|puesto|stelle)\s*:\s*", re.IGNORECASE)
_VERBS_ARE_NO_TITLES = re.compile(
    r"^(?:responsib|worked|working|managed?\b|created?\b|provid|develop(?:ed|ing)?\b|perform|ensur|maintain"
    r"|assist(?:ed|ing)?\b|duties|"
    r"summary|skills?\b|education|experience|objective|references?\b|project\b|environment|description|client\b"
    r"|i\b|my\b|the\b|a\b)",
    re.IGNORECASE,
)


_SCHOOL = re.compile(
    r"universit|college|school|institut|academy|akademie|hochschule|schule|école|ecole|lycée|iut|instituto"
    r"|facultad|universidad|polytech|"
    r"politécnica|gymnasium|polytechnic|seminary|conservator|\b[A-Z]{2,6}\b",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """On one line, with single blanks, in composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def title(text: str) -> str:
    """A job's title; empty where it does not read like one."""
    one = _NOWHERE.sub("", _LABELS.sub("", tidy(text), count=1))
    one = _balanced(_TITLE_CUT.sub("", one).strip(_EDGE))
    words = one.split()
    if not (1 <= len(words) <= 7) or len(one) > MOST_TITLE or _is_broken(one) or any(c.isdigit() for c in one):
        return ""
    if not _TITLE_WORD.search(one) or _VERBS_ARE_NO_TITLES.match(one) or words[-1].lower() in _SMALL or '"' in one:
        return ""
    return _lowered_capitals(one)


def vacancy_title(text: str) -> str:
    """The title of a position, as its employer writes it; it may hold more than a person's, such as grades and wards."""
    one = _SHOUTED.split(tidy(text).strip(" ,;:.-–—/&|*!"))[0].rstrip(" ,;:.-–—/&|")
    return _lowered_capitals(_balanced(one))


def employer(text: str) -> str:
    """An employer's name; empty where it is a placeholder or no name."""
    named = _NOWHERE.sub("", tidy(text))
    return "" if _DEPARTMENT.fullmatch(named) else _organisation(named, MOST_EMPLOYER, 8)


def school(text: str) -> str:
    """A school's name; empty where it is a placeholder or no name."""
    named = _NOWHERE.sub("", tidy(text))
    return _organisation(named, MOST_SCHOOL, 9) if _SCHOOL.search(named) else ""


def degree(text: str) -> str:
    """A degree or its subject as written; empty where it is neither."""
    one = _balanced(re.sub(r"\s+(?=[:,;])", "", _NOWHERE.sub("", tidy(text))).strip(_EDGE))
    if not one or len(one) > MOST_DEGREE or _is_broken(one) or _DATE.search(one) or len(one) < 2:
        return ""
    return _lowered_capitals(one) if len(one) > 5 else one


def _organisation(text: str, most: int, most_words: int) -> str:
    one = _balanced(tidy(text).strip(_EDGE))
    words = one.split()
    if not one or len(one) > most or len(words) > most_words or _is_broken(one) or _DATE.search(one):
        return ""
    if not one[0].isalnum() or words[-1].lower() in _SMALL or one[0].islower() or _SENTENCE.search(one) or ":" in one:
        return ""
    if _VERBS_ARE_NO_TITLES.match(one) and len(words) > 3:
        return ""
    return _lowered_capitals(one)


def _is_broken(text: str) -> bool:
    return bool(_PLACEHOLDER.search(text) or _BROKEN.search(text))


def _balanced(text: str) -> str:
    """Without a bracket that lacks its other half."""
    if text.count("(") != text.count(")"):
        text = text.partition("(")[0].rstrip(_EDGE)
    return text


def _lowered_capitals(text: str) -> str:
    """`SENIOR SALES MANAGER` → `Senior Sales Manager`; names that mix capitals and small letters stay."""
    letters = [c for c in text if c.isalpha()]
    words = _WORD.findall(text)
    if len(words) < 2 or not letters or any(c.islower() for c in letters) or max(map(len, words)) < 5:
        return text
    return _WORD.sub(lambda match: _capitalised(match[0], match.start()), text)


def _capitalised(word: str, at: int) -> str:
    if at and word.lower() in _SMALL:
        return word.lower()
    return word if len(word) <= 3 else word[0] + word[1:].lower()

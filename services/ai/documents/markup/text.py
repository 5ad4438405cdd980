"""Plain text → Document: its encoding found, form feeds taken as pages, rules of dashes left out."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from services.ai.documents.document import Document, DocumentError
from services.ai.documents.flow.flow import MOST_LETTERS, MOST_PAGES, PLAIN, Flow

_RULE = re.compile(r"[\s\-=_*~#+.·•|/\\^<>─-╿▀-▟—–―‾¯]*")
# UTF-8 that somebody cut or pasted into: so few bytes of it may be wrong, as a share of the letters beyond ASCII.
MOST_BROKEN = 0.1
# How much better than Windows' Western set another one must fit.
MARGIN = 3
# Letters and marks of resumes in each set's languages; a wrong set turns them into signs and capitals within words.
_LEGACY = {
    "cp1252": "äöüßÄÖÜéèêëàâçùûîïôœñáíóúãõåøæ‘’“”„–—•…€£°·®§«»´",
    "mac_roman": "äöüßÄÖÜéèêëàâçùûîïôœñáíóúãõåøæ‘’“”„–—•…",
    "cp850": "äöüßÄÖÜéèêëàâçùûîïôñáíóú",
    "cp1250": "ąćęłńóśźżčďěňřšťůžýáíéöüőűăâîșţ‘’“”„–—•…",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїє–—•«»",
}


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_UNREADABLE past 50 pages or 200,000 letters."""
    # Four bytes are the most that a letter takes.
    if len(data) > 4 * MOST_LETTERS:
        raise DocumentError("FILE_UNREADABLE", f"the text has more than {MOST_LETTERS:,} letters; send the resume only")
    pages = decode(data).split("\f")
    while len(pages) > 1 and not pages[-1].strip():
        pages.pop()
    if len(pages) > MOST_PAGES:
        raise DocumentError("FILE_UNREADABLE", f"the text has {len(pages)} pages; a resume has at most {MOST_PAGES}")
    flow = Flow()
    for number, page in enumerate(pages, 1):
        flow.page = number if len(pages) > 1 else 0
        for line in page.splitlines():
            if not _RULE.fullmatch(line):
                flow.paragraph([(line, PLAIN)])
    return flow.document(len(pages) if len(pages) > 1 else 0)


def decode(data: bytes) -> str:
    """Text in the encoding that its mark says, else in UTF-16 or UTF-8 if it is, else in the legacy set that fits best."""
    for mark, encoding in (
        (BOM_UTF32_LE, "utf-32"),
        (BOM_UTF32_BE, "utf-32"),
        (BOM_UTF16_LE, "utf-16"),
        (BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        # In UTF-16 the zero bytes of Western letters stand at every other place.
        return data.decode("utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _mended(data) or _legacy(data)


def _mended(data: bytes) -> str:
    """UTF-8 with a few broken bytes; empty when it is something else."""
    text = data.decode("utf-8-sig", errors="replace")
    beyond = sum(letter > "\x7f" for letter in text)
    return text if text.count("\ufffd") <= MOST_BROKEN * beyond else ""


def _legacy(data: bytes) -> str:
    texts = {encoding: data.decode(encoding, errors="replace") for encoding in _LEGACY}
    scores = {encoding: _fit(text, _LEGACY[encoding]) for encoding, text in texts.items()}
    best = max(scores, key=lambda encoding: scores[encoding])
    return texts[best if scores[best] > scores["cp1252"] + MARGIN else "cp1252"]


def _fit(text: str, usual: str) -> int:
    """Usual letters, less what does not belong: signs and capitals after small letters, characters that the set lacks."""
    score = 0
    for before, letter in zip(" " + text, text, strict=False):
        if letter > "\x7f":
            if letter in usual or letter.lower() in usual:
                score += 1
            if letter == "\ufffd" or (
                before.islower() and (letter.isupper() or not (letter.isalpha() or letter in usual))
            ):
                score -= 2
    return score

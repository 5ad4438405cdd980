"""Characters that nobody sees: joiners, marks of direction, tag letters, selectors of variants."""

import re

# Letters without width that some writers leave between words; the soft hyphen and the mark of a file's byte order are harmless.
_UNPRINTED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# These never stand in an honest line of text: they turn its direction by force, or spell in tags.
_FORCED = re.compile("[\u202d\u202e\U000e0001-\U000e007f\U000e0100-\U000e01ef]")
_HARMLESS = re.compile("[\u00ad\ufe00-\ufe0f\ufeff]+")
# So many in a row are a message and no accident.
MESSAGE = 4


def printed(text: str) -> tuple[str, str]:
    """`text` without what has no width or is a control character, and what of it was meant to be overlooked.

    Marks in a word of Latin letters, forced direction, tag letters (given back as the letters they spell) and long rows are reported;
    a soft hyphen, the joiner of an emoji or a mark of direction beside a blank are not.
    """
    if text.isascii() and text.isprintable():
        return text, ""
    found: list[str] = []

    def drop(match: re.Match[str]) -> str:
        if _is_meant(text, match):
            found.append(_spelled(match[0]))
        return ""

    return _CONTROL.sub("", _UNPRINTED.sub(drop, text)), "".join(found)


def _is_meant(text: str, match: re.Match[str]) -> bool:
    row = match[0]
    if _FORCED.search(row) or len(row) >= MESSAGE:
        return True
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    return not _HARMLESS.fullmatch(row) and _is_latin(before) and _is_latin(after)


def _is_latin(letter: str) -> bool:
    return letter.isalnum() and ord(letter) < 0x250


def _spelled(row: str) -> str:
    """Tag letters as the ASCII they stand for."""
    return "".join(chr(ord(c) - 0xE0000) if 0xE0020 <= ord(c) <= 0xE007E else c for c in row)

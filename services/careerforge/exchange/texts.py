"""Foreign text → text that can be kept and shown."""

import re
from html import unescape
from urllib.parse import urlsplit

from services.careerforge.exchange.findings import Findings, shown
from services.careerforge.exchange.profile import ITEM

# Controls but tab and line feed, halves of surrogate pairs, what Unicode will never name, and marks that turn the direction of the
# text around them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
    r"|[\U0001fffe\U0001ffff\U000e0000-\U000e007f]"
)
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_BULLET = re.compile(r"(?:[•●▪◦‣⁃■□►▶◆·*–—-]|&bull;)\s+")
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "blockquote",
        "br",
        "div",
        "dl",
        "dt",
        "dd",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    )
) | {f"h{rank}" for rank in range(1, 7)}
# Blocks end one line and begin another.
_EMPTY_LINES = re.compile(r"\n\s*\n")
_NOT_SHOWN = frozenset(("script", "style", "title", "template"))
_TAG = re.compile(r"<(?:(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,19})\b[^<>]*|![^<>]*)>")
# What opens alone may be part of a plain text: "vector<b>".
_LOOKS_LIKE_HTML = re.compile(
    r"</(?:p|ul|ol|li|div|span|strong|em|b|i|u|a|h[1-6])\s*>|<(?:p|br|ul|ol|li|div)\b[^<>]*>", re.IGNORECASE
)
MOST_URL = 2000


def one_line(text: str) -> str:
    """Without controls, white in one piece."""
    return " ".join(_UNSEEN.sub("", _LINE_END.sub("\n", text)).split())


def paragraphs(text: str) -> str:
    """Lines without controls and white at their edges; bullets of any kind become "• "; never two empty lines in a row."""
    lines = [" ".join(line.split()) for line in _UNSEEN.sub("", _LINE_END.sub("\n", text)).split("\n")]
    told = [_BULLET.sub(ITEM, line, count=1) if _BULLET.match(line) else line for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(told)).strip()


def fitted(text: str, most: int, place: str, findings: Findings) -> str:
    """The text, cut before a word when it is longer than the contract takes; that is a finding."""
    if len(text) <= most:
        return text
    findings.add(
        place, f"has {len(text):,} characters, {most:,} are possible: what comes after was left out; shorten it"
    )
    head = text[:most]
    blank = max(head.rfind(" "), head.rfind("\n"))
    return (head[:blank] if blank > most // 2 else head).rstrip()


def web_address(text: str, place: str, findings: Findings) -> str:
    """An http or https address; without a scheme https is meant. Empty, with a finding, for what is none."""
    address = one_line(text)
    if not address:
        return ""
    if "://" not in address and not address.lower().startswith(("javascript:", "data:", "mailto:", "file:")):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        good = parts.scheme.lower() in ("http", "https") and "." in (parts.hostname or "") and " " not in address
    except ValueError:
        good = False
    if good and len(address) <= MOST_URL and not parts.username and not parts.password:
        return address
    findings.add(
        place, f"{shown(text)} is no web address (http or https, at most {MOST_URL:,} characters) and was left out"
    )
    return ""


def from_html(text: str) -> str:
    """The words of rich text: paragraphs and items in lines of their own. Text without tags stays as it is.

    Python's own reader of HTML takes minutes for a megabyte of "<a <a <a"; this one looks at each character once or twice.
    """
    if not _LOOKS_LIKE_HTML.search(text):
        return paragraphs(text)
    words, position, unseen = [], 0, 0
    for tag in _TAG.finditer(text):
        if not unseen:
            words.append(_words(text[position : tag.start()]))
        position = tag.end()
        name = (tag["name"] or "").lower()
        if name in _NOT_SHOWN:
            unseen = max(0, unseen - 1) if tag["close"] else unseen + 1
        elif name == "li" and not tag["close"]:
            words.append(f"\n{ITEM}")
        elif name in _BLOCKS:
            words.append("\n")
    words.append("" if unseen else _words(text[position:]))
    return paragraphs(_EMPTY_LINES.sub("\n", "".join(words)))


def _words(text: str) -> str:
    """White in HTML is a blank, whatever it is made of."""
    return re.sub(r"\s+", " ", unescape(text))

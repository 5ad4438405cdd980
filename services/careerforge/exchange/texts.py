"""Foreign text → text that can be kept and shown."""

import re
from html.parser import HTMLParser
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
        *(
            "address",
            "article",
            "blockquote",
            "div",
            "dl",
            "dt",
            "dd",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "tr",
            "ul",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    )
)
# Blocks end one line and begin another.
_EMPTY_LINES = re.compile(r"\n\s*\n")
_NOT_SHOWN = frozenset(("script", "style", "title", "template"))
_LOOKS_LIKE_HTML = re.compile(r"</?(?:p|br|ul|ol|li|div|span|strong|em|b|i|u|a|h[1-6])\b[^<>]*>", re.IGNORECASE)
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
    """The words of rich text: paragraphs and items in lines of their own. Text without tags stays as it is."""
    if not _LOOKS_LIKE_HTML.search(text):
        return paragraphs(text)
    reader = _Words()
    reader.feed(text)
    reader.close()
    return paragraphs(_EMPTY_LINES.sub("\n", "".join(reader.words)))


class _Words(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._unseen += 1
        elif tag == "li":
            self.words.append(f"\n{ITEM}")
        elif tag == "br" or tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS or tag == "li":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # White in HTML is a blank, whatever it is made of.
            self.words.append(re.sub(r"\s+", " ", data))

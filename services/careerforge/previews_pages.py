"""A fetched page → title, description, picture and name of its site, as plain text. Whatever the page holds, nothing of it is run."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from services.kit.egress import Fetched

MOST_TITLE, MOST_DESCRIPTION, MOST_SITE, MOST_URL = 200, 500, 100, 2000
PAGES = frozenset(("text/html", "application/xhtml+xml"))
# Where browsers, too, look for what a page says of its letters.
HEAD_BYTES = 1024
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Encodings of Python that no page is in; some take very long for what is not in them.
_NO_LETTERS = frozenset(
    ("punycode", "idna", "unicode_escape", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7")
)
# Letters that steer others: a title must not turn the text around it.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_IMAGES = ("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src")
_SITES = ("og:site_name", "application-name")


class NoPage(Exception):
    """Nothing that a preview can be made of; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    description: str
    image_url: str
    site_name: str


def read(answer: Fetched) -> Page:
    """Raises NoPage. Blocks."""
    if answer.status != 200:
        raise NoPage(f"the page answers {answer.status}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in PAGES:
        raise NoPage("the link leads to no web page")
    title, said = _said(_decoded(answer))
    host = (urlsplit(answer.url).hostname or "")[:MOST_SITE]
    return Page(
        title=plain(_first(said, _TITLES) or title, MOST_TITLE) or host,
        description=plain(_first(said, _DESCRIPTIONS), MOST_DESCRIPTION),
        image_url=_image(answer.url, _first(said, _IMAGES)),
        site_name=plain(_first(said, _SITES), MOST_SITE) or host,
    )


def plain(text: str, most: int) -> str:
    """In one line, without letters that are not seen, at most so long."""
    seen = "".join(c if unicodedata.category(c) not in _UNSEEN else " " if c.isspace() else "" for c in text)
    line = " ".join(seen.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _decoded(answer: Fetched) -> str:
    """By its mark, then by what server and page say. What does not fit becomes a replacement character."""
    content = answer.content
    names = [name for mark, name in _MARKS.items() if content.startswith(mark)]
    for said in (answer.headers.get("content-type", ""), content[:HEAD_BYTES].decode("latin-1")):
        names += _CHARSET.findall(said)[:1]
    for name in names:
        try:
            if codecs.lookup(name).name not in _NO_LETTERS:
                return content.decode(name, "replace")
        # No such encoding, or one that is none of texts.
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def _said(text: str) -> tuple[str, dict[str, str]]:
    """The title, and what each `meta` says, the first of each name."""
    # Only workers have it.
    from lxml import etree

    parser = etree.HTMLParser(target=_Heads(), encoding="utf-8", no_network=True, huge_tree=False)
    try:
        found: tuple[str, dict[str, str]] = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NoPage("the page cannot be read") from None
    return found


class _Heads:
    """A target of the parser: keeps what the head says, and no tree."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._title: list[str] = []
        self._in_title = self._has_title = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "title" and not self._has_title:
            self._in_title = self._has_title = True
        if tag == "meta":
            for name in _names(attributes):
                self._said.setdefault(name, attributes.get("content", ""))

    def end(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def data(self, text: str) -> None:
        if self._in_title:
            self._title.append(text)

    def close(self) -> tuple[str, dict[str, str]]:
        return "".join(self._title), self._said


def _names(attributes: dict[str, str]) -> Iterator[str]:
    for key in ("property", "name", "itemprop"):
        if name := attributes.get(key, "").strip().lower():
            yield name


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := said.get(name, "").strip())), "")


def _image(page_url: str, image_url: str) -> str:
    if not image_url:
        return ""
    try:
        whole = urljoin(page_url, image_url)
    except ValueError:
        return ""
    return whole if len(whole) <= MOST_URL and whole.isascii() and " " not in whole else ""

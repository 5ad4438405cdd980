"""Plain text as HTML paragraphs, and HTML as plain text. What `to_html` writes, `to_text` reads back to the character.

Reading takes linear time in any input, however broken: foreign pages are read with it.
"""

import html
import re
from collections.abc import Iterator

_PARAGRAPHS = re.compile(r"(?<=[^\n])\n\n(?=[^\n])")
# White space that HTML would not keep.
_LOOSE = re.compile(r"[ \t\r\f]+")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>|<[!?][^<>]*+>|&(?:#\w{1,10}|[a-zA-Z]\w{1,31});|[^<&]++|[<&]"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*+>")
_UNSEEN = ("script", "style", "template", "head")
# Lines left free around a block, counted as line ends.
_BLOCKS = dict.fromkeys(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "pre",
        "section",
        "article",
        "header",
        "footer",
    ],
    2,
) | dict.fromkeys(["div", "li", "tr", "dt", "dd", "hr"], 1)


def to_html(text: str) -> str:
    """Paragraphs, each line but its last with `<br>` at its end."""
    return "".join(
        f"<p>{'<br>'.join(_line(line) for line in part.split(chr(10)))}</p>" for part in _PARAGRAPHS.split(text)
    )


def _line(line: str) -> str:
    def kept(found: re.Match[str]) -> str:
        spaces, inside = found[0], found.start() > 0 and found.end() < len(line)
        return spaces if spaces == " " and inside else "".join(f"&#{ord(space)};" for space in spaces)

    # Before the spaces, whose references must stay ones.
    line = html.escape(line, quote=False)
    return _LOOSE.sub(kept, line)


def to_text(source: str) -> str:
    """What a reader would see, blocks on lines of their own. A text without any tag keeps its own lines."""
    if not _TAG.search(source):
        return html.unescape(source)
    text = _Text()
    for token in _tokens(source):
        if token["name"]:
            text.tag(token["name"].lower(), opens=not token["close"])
        elif token[0].startswith("&"):
            text.reference(token[0])
        elif not token[0].startswith(("<!", "<?")):
            text.words(token[0])
    return text.result


def _tokens(source: str) -> Iterator[re.Match[str]]:
    """All but comments, and what stands in elements that nobody sees. One that never ends hides the rest."""
    place, lower = 0, source.lower() if len(source.lower()) == len(source) else source
    while place < len(source):
        if source.startswith("<!--", place):
            place = _after(source, "-->", place)
            continue
        token = _TOKEN.match(source, place)
        assert token is not None
        place = token.end()
        if token["name"] and not token["close"] and token["name"].lower() in _UNSEEN:
            place = _after(lower, f"</{token['name'].lower()}", place)
            continue
        yield token


def _after(source: str, end: str, place: int) -> int:
    found = source.find(end, place)
    return len(source) if found < 0 else found + (len(end) if end == "-->" else 0)


class _Text:
    """Text as it grows. White space waits until it is known what comes after it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lines = 0
        self._space = False

    @property
    def result(self) -> str:
        return "".join(self._parts)

    def tag(self, name: str, opens: bool) -> None:
        if name == "br":
            self._append("\n")
        elif name in _BLOCKS:
            self._lines, self._space = max(self._lines, _BLOCKS[name]), False
            if name == "li" and opens:
                self._append("- ")
        elif name in ("td", "th"):
            self._space = True

    def reference(self, text: str) -> None:
        """`&amp;`; white space that is written as a number is meant."""
        self._append(_meant(text) or html.unescape(text))

    def words(self, text: str) -> None:
        for number, word in enumerate(_SPACES.split(text)):
            self._space = self._space or number > 0
            if word:
                self._append(word)

    def _append(self, text: str) -> None:
        if self._lines and self._parts:
            self._parts.append("\n" * self._lines)
        elif self._space and text != "\n" and self._parts and not self._parts[-1].endswith(("\n", " ")):
            self._parts.append(" ")
        self._lines, self._space = 0, False
        self._parts.append(text)


def _meant(reference: str) -> str:
    number = reference[2:-1]
    return chr(int(number)) if number in ("9", "10", "12", "13", "32") and reference[1] == "#" else ""

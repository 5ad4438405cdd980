"""RTF → Document: a small reader of the format (Microsoft's specification 1.9.1), with nothing embedded, linked or run."""

import re
from collections.abc import Iterator
from dataclasses import replace

from services.ai.documents.document import Concealment, Document, DocumentError
from services.ai.documents.flow.colours import Colour
from services.ai.documents.flow.flow import Flow, Piece
from services.ai.documents.flow.parts import damaged
from services.ai.documents.rtf.state import CODE_PAGES, State, Target, after_word

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n\0]+)|[\r\n\0]+|\\",
    re.DOTALL,
)
MOST_BYTES = 16 << 20
MOST_DEPTH = 512
_CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SIGNS = {"~": "\u00a0", "_": "-", "-": "", "\n": "\n", "\r": "\n", "\t": "\t"}
_PARAGRAPH_ENDS = frozenset(("par", "sect", "page", "column", "nestcell"))
_LINK = re.compile(r"HYPERLINK\s+(?:\\l\s+)?\"?([^\"\s]+)")


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_UNREADABLE."""
    if not data.lstrip()[:5].lower().startswith(b"{\\rtf"):
        raise damaged()
    if len(data) > MOST_BYTES:
        raise DocumentError(
            "FILE_UNREADABLE",
            f"the file is larger than {MOST_BYTES >> 20} MB; save it without its pictures, or as a PDF",
        )
    return _Rtf().read(data)


class _Rtf:
    """The story goes to `body`, headers and footers to flows of their own; groups are a stack of states."""

    def __init__(self) -> None:
        self.state = State()
        self.stack: list[State] = []
        self.flows = {
            Target.TEXT: Flow(),
            Target.HEADER: Flow(),
            Target.FOOTER: Flow(),
            Target.NOTE: Flow(),
            Target.FRAME: Flow(),
        }
        self.pieces: dict[Target, list[Piece]] = {target: [] for target in self.flows}
        self.cells: list[Flow] = []
        self.cell: Flow | None = None
        self.told: list[str] = []
        self.fonts: dict[int, str] = {}
        self.colours: list[Colour | None] = []
        self.part: list[int] = [0, 0, 0]
        self.coloured = False
        self.headings: dict[int, int] = {}
        self.code_page = "cp1252"
        self.bytes = b""
        self.high = ""
        self.skip = 0
        self.links: list[str] = []

    def read(self, data: bytes) -> Document:
        for match in self._tokens(data):
            if match["word"]:
                self._word(match["word"].decode(), match["number"])
            elif match["hex"]:
                self._letter(bytes.fromhex(match["hex"].decode()))
            elif match["text"]:
                self._text(match["text"])
            elif match["brace"]:
                self._brace(match["brace"] == b"{")
            elif match["sign"]:
                self._sign(match["sign"].decode("latin-1"))
        return self._finished()

    def _tokens(self, data: bytes) -> Iterator[re.Match[bytes]]:
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            if match["word"] == b"bin":
                position += max(0, int(match["number"] or b"0"))
            else:
                yield match

    def _finished(self) -> Document:
        self._decode()
        for target in self.flows:
            self._end(target)
        flow = Flow()
        body = self.flows[Target.TEXT]
        if self.cell or self.cells:
            body.row([*self.cells, *([self.cell] if self.cell else [])])
        for target in (Target.HEADER, Target.TEXT, Target.FRAME, Target.NOTE, Target.FOOTER):
            flow.insert(self.flows[target])
        return flow.document()

    def _brace(self, opens: bool) -> None:
        self._decode()
        if opens:
            self.stack.append(self.state)
            self.state = replace(self.state, opening=True)
            if len(self.stack) > MOST_DEPTH:
                raise DocumentError(
                    "FILE_UNREADABLE", f"the file nests deeper than {MOST_DEPTH} groups; export it as a PDF"
                )
        elif self.stack:
            self._leave(self.state, self.stack[-1])
            self.state = self.stack.pop()

    def _leave(self, inner: State, outer: State) -> None:
        if inner.target is outer.target:
            if inner.target is Target.TOLD:
                self._tell()
            return
        if inner.target in (Target.HEADER, Target.FOOTER, Target.NOTE, Target.FRAME):
            self._end(inner.target)
        elif inner.target is Target.TOLD and outer.target is not Target.TOLD:
            self._tell()
        elif inner.target is Target.FIELD:
            match = _LINK.search("".join(self.told))
            self.told = []
            self.links = [match[1]] if match else []
        elif inner.target is Target.RESULT:
            self.links = []

    def _tell(self) -> None:
        self.flows[Target.TEXT].conceal("".join(self.told), Concealment.METADATA)
        self.told = []

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.state = replace(self.state, starred=True)
        elif sign in "\\{}":
            self._letter(sign.encode())
        elif sign in _SIGNS:
            self._put(_SIGNS[sign])

    def _text(self, text: bytes) -> None:
        if self.state.opening or self.state.starred:
            self.state = replace(self.state, opening=False, starred=False)
        if self.state.target in (Target.FONTS, Target.STYLES):
            self._name(text.decode("latin-1"))
        elif self.state.target is Target.COLOURS:
            for _ in range(text.count(b";")):
                self.colours.append((self.part[0], self.part[1], self.part[2]) if self.coloured else None)
                self.part, self.coloured = [0, 0, 0], False
        else:
            self._letter(text)

    def _name(self, text: str) -> None:
        """The name of a style; only headings are wanted."""
        match = re.match(r"\s*(?:heading|berschrift|titre|t.tulo)\s*(\d)", text, re.IGNORECASE)
        if self.state.target is Target.STYLES and match and 1 <= int(match[1]) <= 6:
            self.headings[self.state.style] = int(match[1])

    def _letter(self, data: bytes) -> None:
        """Bytes of a code page: those of one letter may come one by one."""
        if self.skip:
            # What stands for a Unicode letter in readers that know none.
            kept = data[self.skip :]
            self.skip = max(0, self.skip - len(data))
            data = kept
        self.bytes += data

    def _decode(self) -> None:
        if self.bytes:
            text = self.bytes.decode(self.fonts.get(self.state.font, self.code_page), errors="replace")
            self.bytes = b""
            self._put(text)
        if self.high:
            self.high = ""

    def _put(self, text: str) -> None:
        if self.bytes:
            self._decode()
        target = self.state.target
        if target in (Target.TOLD, Target.FIELD):
            self.told.append(text)
        elif target in (*self.flows, Target.RESULT):
            look = self.state.look(self.colours, self.links[0] if self.links else "")
            self.pieces[self._where()].append((text, look))

    def _where(self) -> Target:
        if self.state.target is not Target.RESULT:
            return self.state.target
        return next((s.target for s in reversed(self.stack) if s.target in self.flows), Target.TEXT)

    def _unicode(self, number: int) -> None:
        self._decode_bytes_only()
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:
            self.high = chr(code)
        elif 0xDC00 <= code < 0xE000:
            if self.high:
                pair = (self.high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                self.high = ""
                self._put(pair)
        else:
            self._put(chr(code) if not 0xF000 <= code <= 0xF0FF else "•")
        self.skip = self.state.unicode_bytes

    def _decode_bytes_only(self) -> None:
        high, self.high = self.high, ""
        self._decode()
        self.high = high

    def _word(self, word: str, digits: bytes | None) -> None:
        number = int(digits) if digits else None
        if word == "u" and number is not None:
            self._unicode(number)
            return
        if not (word == "uc" and self.skip):
            self._decode()
            self.skip = 0
        if self.state.target is Target.COLOURS and word in ("red", "green", "blue"):
            self.part[("red", "green", "blue").index(word)] = min(255, max(0, number or 0))
            self.coloured = True
        elif word == "ansicpg" and number:
            self.code_page = f"cp{number}" if f"cp{number}" in CODE_PAGES.values() else "cp1252"
        elif word == "fcharset":
            self.fonts[self.state.font] = CODE_PAGES.get(number or 0, self.code_page)
        elif word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        else:
            self._structure(word, number)
            self.state = after_word(self.state, word, number)

    def _structure(self, word: str, number: int | None) -> None:
        target = self._where() if self.state.target in (*self.flows, Target.RESULT) else None
        if target is None:
            return
        if word in _PARAGRAPH_ENDS:
            self._end(target)
        elif word == "cell" and target is Target.TEXT:
            self._cell()
        elif word == "row" and target is Target.TEXT:
            self._row()

    def _end(self, target: Target) -> None:
        """A paragraph is over."""
        flow = self.flows[target]
        if target is Target.TEXT and self.state.in_table:
            self.cell = self.cell or flow.cell()
            flow = self.cell
        elif target is Target.TEXT and self.cells:
            self._row()
        heading = self.state.heading or self.headings.get(self.state.style, 0)
        flow.paragraph(self.pieces[target], heading if heading <= 6 else 0, self.state.listed)
        self.pieces[target] = []

    def _cell(self) -> None:
        self.state = replace(self.state, in_table=True)
        self._end(Target.TEXT)
        self.cells.append(self.cell or self.flows[Target.TEXT].cell())
        self.cell = None

    def _row(self) -> None:
        body = self.flows[Target.TEXT]
        if self.cell is not None and self.cell.lines:
            self.cells.append(self.cell)
        body.row(self.cells)
        self.cells, self.cell = [], None

"""XML from outside → a tree of names and texts, limited in depth and size.

Document types are refused, and with them entities and everything that lies elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from services.careerforge.exchange.findings import refused

MOST_DEPTH, MOST_ELEMENTS = 64, 20_000
# Of a name that is shown.
MOST_NAME = 60


@dataclass(slots=True)
class Element:
    """`name` and names of attributes are without namespace."""

    name: str
    parent: "Element | None"
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own words, without those of its children."""
        return "".join(self.words).strip()

    @property
    def path(self) -> str:
        """From the root, e.g. `Candidate/CandidatePerson`."""
        name = self.name[:MOST_NAME]
        return f"{self.parent.path}/{name}" if self.parent else name

    def all(self, path: str) -> Iterator["Element"]:
        """Every element that this path of names leads to."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                yield from child.all(rest) if rest else (child,)

    def first(self, path: str) -> "Element | None":
        return next(self.all(path), None)

    def said(self, *paths: str) -> str:
        """The first text at one of these paths."""
        return next((found.text for path in paths for found in self.all(path) if found.text), "")


def read_xml(data: bytes) -> Element:
    """The root. Raises InvalidArgument: for what is no XML, has a document type, or nests deeper or is larger than any profile."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse_document_type
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        cut = error.code in (_CODES["no element found"], _CODES["unclosed token"])
        reason = "FILE_TRUNCATED" if cut else "INVALID_ARGUMENT"
        place = f"line {error.lineno}, column {error.offset + 1}"
        raise refused(place, f"is no XML: {expat.ErrorString(error.code)}; export the file again", reason) from None
    # Names of encodings that Python does not have, or that take several bytes for a letter.
    except (LookupError, ValueError) as error:
        raise refused("", f"the XML is in an encoding that cannot be read ({error}); save the file as UTF-8") from None
    assert reader.root is not None
    return reader.root


_CODES = expat.errors.codes


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def refuse_document_type(self, name: str, *_: object) -> None:
        raise refused(f"<!DOCTYPE {name[:40]}>", "is no part of a Europass file and may name other files; remove it")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= MOST_DEPTH:
            raise refused(self._open[-1].path[-200:], f"nests deeper than {MOST_DEPTH} levels; export the file again")
        if self._count > MOST_ELEMENTS:
            raise refused("", f"the XML has more than {MOST_ELEMENTS:,} elements; export the file again")
        local = _local(name)
        element = Element(
            local, self._open[-1] if self._open else None, {_local(key): value for key, value in attributes.items()}
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, name: str) -> None:
        self._open.pop()

    def words(self, data: str) -> None:
        self._open[-1].words.append(data)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]

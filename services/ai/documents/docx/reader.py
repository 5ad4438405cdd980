"""DOCX → Document: header, story, notes and footer once each; what Word would not print is kept out."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.documents.document import Concealment, Document
from services.ai.documents.docx import shapes
from services.ai.documents.docx.body import Body, letters
from services.ai.documents.docx.ooxml import attribute, child, is_on, name, relations
from services.ai.documents.docx.styles import Styles, page_ground
from services.ai.documents.flow.flow import Flow
from services.ai.documents.flow.parts import Element, Parts, damaged

MAIN_PART = "word/document.xml"
_TOLD = {"title", "subject", "creator", "keywords", "description", "category", "Company", "Manager", "lpwstr"}
"""Properties that hold words of people, not of programs."""


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_UNREADABLE."""
    parts = Parts(data)
    return _Word(parts, _main_part(parts)).read()


def _main_part(parts: Parts) -> str:
    for kind, target in relations(parts, "").values():
        if kind == "officeDocument" and target in parts.names:
            return target
    if MAIN_PART not in parts.names:
        raise damaged()
    return MAIN_PART


@dataclass(slots=True)
class _Word:
    parts: Parts
    main: str

    def read(self) -> Document:
        root = self.parts.xml(self.main)
        story = child(root, "w:body")
        if story is None:
            raise damaged()
        flow = Flow()
        body = self._body(self.main, page_ground(root), shapes.backdrop(root))
        self._edges(root, body, flow, "header")
        body.read(story, flow, body.ground)
        self._notes(body, flow)
        self._edges(root, body, flow, "footer")
        self._told(flow)
        return flow.document()

    def _related(self, kind: str, of: str = "") -> Iterator[tuple[str, str]]:
        """Ids and names of the parts of a kind."""
        for key, (found, target) in relations(self.parts, of or self.main).items():
            if found == kind and target in self.parts.names:
                yield key, target

    def _optional(self, kind: str) -> Element | None:
        part = next((target for _, target in self._related(kind)), "")
        return self.parts.xml(part) if part else None

    def _body(self, part: str, ground: tuple[int, int, int], backdrop: float) -> Body:
        targets = {key: target for key, (kind, target) in relations(self.parts, part).items() if kind == "hyperlink"}
        return Body(Styles(self._optional("styles")), targets, ground, backdrop)

    def _edges(self, root: Element, body: Body, flow: Flow, kind: str) -> None:
        """Headers or footers: those that are printed once each, the others kept out."""
        parts = dict(self._related(kind))
        printed = self._printed(root, kind)
        seen: set[tuple[str, ...]] = set()
        for key, part in parts.items():
            edge = Flow()
            element = self.parts.xml(part)
            if key not in printed:
                flow.conceal(letters(element), Concealment.INVISIBLE)
                continue
            self._body(part, body.ground, body.backdrop + shapes.backdrop(element)).read(element, edge, body.ground)
            lines = tuple(placed.text for placed in edge.lines)
            if lines not in seen:
                seen.add(lines)
                flow.insert(edge)

    def _printed(self, root: Element, kind: str) -> list[str]:
        """The ids of the headers or footers that some page shows."""
        settings = self._optional("settings")
        turned = child(settings, "w:evenAndOddHeaders")
        even = turned is not None and is_on(turned)
        found: list[str] = []
        for section in root.iter():
            if name(section) != "w:sectPr":
                continue
            title = child(section, "w:titlePg")
            shown = {"default": True, "even": even, "first": title is not None and is_on(title)}
            references = (element for element in section if name(element) == f"w:{kind}Reference")
            found += [attribute(e, "id", "r") for e in references if shown.get(attribute(e, "type"), True)]
        return found

    def _notes(self, body: Body, flow: Flow) -> None:
        """Footnotes and endnotes that the story refers to, in its order."""
        for kind in ("footnote", "endnote"):
            numbers = list(dict.fromkeys(key for reference, key in body.notes if reference == f"w:{kind}Reference"))
            root = self._optional(f"{kind}s") if numbers else None
            if root is None:
                continue
            notes = {attribute(note, "id"): note for note in root if name(note) == f"w:{kind}"}
            flow.new_block()
            for key in numbers:
                if key in notes:
                    body.read(notes[key], flow, body.ground)

    def _told(self, flow: Flow) -> None:
        """Comments and properties: on no page."""
        comments = self._optional("comments")
        for comment in comments if comments is not None else ():
            flow.conceal(letters(comment), Concealment.METADATA)
        for part in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
            if part in self.parts.names:
                for element in self.parts.xml(part).iter():
                    if isinstance(element.tag, str) and element.tag.rpartition("}")[2] in _TOLD:
                        flow.conceal(element.text or "", Concealment.METADATA)

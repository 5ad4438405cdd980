"""What each part of a PDF file is, for people who hear it read and for programs: headings, paragraphs, lists (ISO 32000-1, 14.7)."""

from typing import Any


class Tags:
    """Marks parts of the pages of one canvas, and writes the tree of them at the end."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._pages: list[tuple[Any, list[int]]] = []  # each page, and the parts that its marks belong to
        self._parts: list[tuple[str, str, list[tuple[int, int]]]] = []  # tag, tag around it, (page, mark)

    def open_page(self) -> None:
        self._pages.append((self._canvas._doc.thisPageRef(), []))

    def part(self, tag: str, around: str = "") -> int:
        """A new part; what follows on another page may belong to it as well. Parts in the same `around` are one list."""
        self._parts.append((tag, around, []))
        return len(self._parts) - 1

    def begin(self, part: int) -> None:
        page, (_, owners) = len(self._pages) - 1, self._pages[-1]
        tag, _, marks = self._parts[part]
        self._canvas._code.append(f"/{tag} <</MCID {len(owners)}>> BDC")
        marks.append((page, len(owners)))
        owners.append(part)

    def end(self) -> None:
        self._canvas._code.append("EMC")

    def decorate(self) -> None:
        """What is drawn until `end` says nothing."""
        self._canvas._code.append("/Artifact BMC")

    def close(self, language: str) -> None:
        """Writes the tree; after the last page."""
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFPage, PDFString

        document = self._canvas._doc
        root, whole = PDFDictionary({"Type": PDFName("StructTreeRoot")}), PDFDictionary()
        root_ref, whole_ref = document.Reference(root), document.Reference(whole)
        kids: list[Any] = []
        elements: list[Any] = []
        open_list: tuple[str, list[Any], Any] | None = None
        for tag, around, marks in self._parts:
            if around and (open_list is None or open_list[0] != around):
                items: list[Any] = []
                holder = document.Reference(_element("L", whole_ref, PDFArray(items)))
                kids.append(holder)
                open_list = (around, items, holder)
            if not around:
                open_list = None
            parent = open_list[2] if open_list else whole_ref
            element = document.Reference(_element(tag, parent, PDFArray([self._mark(*mark) for mark in marks])))
            (open_list[1] if open_list else kids).append(element)
            elements.append(element)
        whole.dict.update(_element("Document", root_ref, PDFArray(kids)).dict)
        numbers: list[Any] = []
        for number, (_, owners) in enumerate(self._pages):
            numbers += [number, document.Reference(PDFArray([elements[owner] for owner in owners]))]
        root.dict.update({"K": whole_ref, "ParentTree": document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))})
        for number, page in enumerate(document.Pages.pages):
            page.__NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, PDFName("S")
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        document.Catalog.Lang = PDFString(language)

    def _mark(self, page: int, mark: int) -> Any:
        from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName

        return PDFDictionary({"Type": PDFName("MCR"), "Pg": self._pages[page][0], "MCID": mark})


def _element(tag: str, parent: Any, kids: Any) -> Any:
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName

    return PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(tag), "P": parent, "K": kids})

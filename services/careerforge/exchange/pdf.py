"""A sheet → PDF: one column of real text, tagged, with its fonts embedded. The same sheet makes the same bytes."""

import io
from collections.abc import Sequence
from typing import Any

from services.careerforge.exchange.pdf_fonts import know_fonts, lines, runs, width
from services.careerforge.exchange.pdf_tags import Tags
from services.careerforge.exchange.sheet import BORDER, Block, Kind
from services.careerforge.exchange.templates import Colour, Look, Template

BULLET = "•"
# Between a text and what stands at the right edge of its line.
GUTTER = 18.0
# A heading is not left alone at the foot of a page: so many lines follow it there.
KEPT_LINES = 2
_TAGS = {Kind.NAME: "H1", Kind.HEADING: "H2", Kind.ENTRY: "H3", Kind.ITEM: "LI"}


def draw_pdf(
    blocks: Sequence[Block], template: Template, paper: tuple[float, float], title: str, language: str
) -> bytes:
    """`paper` is width and height in points; `language` is that of headings."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    know_fonts()
    # Without a first font of ours the file would name one that it does not have.
    first = f"{template.family}-Regular"
    canvas = Canvas(out, pagesize=paper, invariant=1, pageCompression=1, initialFontName=first)
    canvas.setTitle(title)
    canvas.setCreator("SkillSync")
    canvas.setProducer("SkillSync")
    page = _Pages(canvas, template, paper)
    for i, block in enumerate(blocks):
        page.put(block, blocks[i - 1] if i else None, blocks[i + 1 : i + 1 + KEPT_LINES])
    canvas.showPage()
    page.tags.close(language)
    canvas.save()
    return out.getvalue()


class _Pages:
    """Puts blocks below each other. `y` is measured from the foot of the page, as PDF does."""

    def __init__(self, canvas: Any, template: Template, paper: tuple[float, float]) -> None:
        self.canvas, self.template, self.paper = canvas, template, paper
        self.tags = Tags(canvas)
        self.tags.open_page()
        self.y = self.top
        self.list = 0

    @property
    def top(self) -> float:
        return self.paper[1] - self.template.margin

    @property
    def most(self) -> float:
        return self.paper[0] - 2 * self.template.margin

    def put(self, block: Block, before: Block | None, following: Sequence[Block]) -> None:
        look = self.template.looks[block.kind]
        font, left = self._font(look), self.template.indent if block.kind is Kind.ITEM else 0.0
        right = width(block.right, self._font(look, plain=True), look.size) + GUTTER if block.right else 0.0
        room = self.most - left
        texts = _texts(block, font, look.size, room - right, room)
        self.y -= self._space(block, before)
        kept = self._kept(block, following)
        if block.kind is not Kind.ITEM:
            self.list += 1
        part = self.tags.part(_TAGS.get(block.kind, "P"), f"list {self.list}" if block.kind is Kind.ITEM else "")
        for i, text in enumerate(texts):
            height = look.size * look.leading
            if self.y - height - (kept if i == 0 else 0) < self.template.margin:
                self._next_page()
            self.y -= height
            self.tags.begin(part)
            if block.kind is Kind.ITEM and i == 0:
                self._draw(BULLET, 0.0, look, font)
            indent = self._indented(text, left, font, look, block.kind)
            self._draw(text, indent, look, font)
            self._link(block, text, indent, look, font)
            if block.right and i == 0:
                self._draw_right(block.right, look)
            self.tags.end()
        if block.kind is Kind.HEADING:
            self._rule()
        self.y -= look.after

    def _space(self, block: Block, before: Block | None) -> float:
        if before is None or self.y == self.top:
            return 0.0
        look = self.template.looks[block.kind]
        gap = self.template.gap if block.begins and before.kind is not Kind.HEADING else 0.0
        return max(look.before, gap)

    def _kept(self, block: Block, following: Sequence[Block]) -> float:
        """Height of what must stand on the same page below a heading."""
        if block.kind not in (Kind.HEADING, Kind.ENTRY):
            return 0.0
        looks = [self.template.looks[one.kind] for one in following if one.kind is not Kind.HEADING]
        return sum(look.size * look.leading + look.after for look in looks)

    def _font(self, look: Look, plain: bool = False) -> str:
        return f"{self.template.family}-{'Bold' if look.bold and not plain else 'Regular'}"

    def _indented(self, text: str, left: float, font: str, look: Look, kind: Kind) -> float:
        if self.template.centred and kind in (Kind.NAME, Kind.HEADLINE, Kind.CONTACT):
            return (self.most - width(text, font, look.size)) / 2
        return left

    def _draw(self, text: str, left: float, look: Look, font: str, colour: Colour | None = None) -> None:
        x, y = self.template.margin + left, self.y + look.size * (look.leading - 1) * 0.5 + look.size * 0.2
        self.canvas.setFillColorRGB(*(part / 255 for part in colour or look.colour))
        for run in runs(text, font):
            self.canvas.setFont(run.font, look.size)
            self.canvas.drawString(x, y, run.text)
            x += self.canvas.stringWidth(run.text, run.font, look.size)

    def _draw_right(self, text: str, look: Look) -> None:
        font = self._font(look, plain=True)
        colour = self.template.looks[Kind.HEADLINE].colour
        self._draw(text, self.most - width(text, font, look.size), look, font, colour)

    def _link(self, block: Block, text: str, left: float, look: Look, font: str) -> None:
        """Addresses can be clicked, where they stand in one line."""
        for shown, url in block.links:
            before, found, _ = text.partition(shown)
            if found:
                x = self.template.margin + left + width(before, font, look.size)
                box = (x, self.y, x + width(shown, font, look.size), self.y + look.size * look.leading)
                self.canvas.linkURL(url, box, relative=0)

    def _rule(self) -> None:
        if self.template.rule is None:
            return
        self.tags.decorate()
        self.canvas.setStrokeColorRGB(*(part / 255 for part in self.template.rule))
        self.canvas.setLineWidth(0.6)
        self.canvas.line(self.template.margin, self.y, self.paper[0] - self.template.margin, self.y)
        self.tags.end()

    def _next_page(self) -> None:
        self.canvas.showPage()
        self.tags.open_page()
        self.y = self.top


def _texts(block: Block, font: str, size: float, first: float, most: float) -> list[str]:
    """The lines of a block. Ways to reach somebody are not torn apart, and no line ends with a border."""
    if block.kind is not Kind.CONTACT:
        return list(lines(block.text, font, size, first, most)) or [""]
    texts = [""]
    for way in block.text.split(BORDER):
        longer = f"{texts[-1]}{BORDER}{way}" if texts[-1] else way
        if texts[-1] and width(longer, font, size) > most:
            texts.append(way)
        else:
            texts[-1] = longer
    return [line for text in texts for line in lines(text, font, size, most, most)]

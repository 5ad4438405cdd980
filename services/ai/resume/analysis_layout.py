"""Where things stand on the pages of a document: margins, columns, pages without text."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from services.ai.documents.document import Box, Document
from services.ai.resume.analysis_records import Region

# In points from the upper and lower edge: where word processors put headers and footers.
MARGIN = 40.0
# Blocks that share less height than this, in points, do not stand side by side.
LEAST_SHARED_HEIGHT = 10.0


def without_text(document: Document) -> Iterator[Region]:
    """Pages on which no line stands, where others have some. Nothing for a document that was recognised from pictures."""
    written = {line.page for line in document.lines}
    for page, (width, height) in enumerate(document.page_sizes, 1):
        if page not in written and not document.recognised:
            yield Region(page, (0.0, 0.0, width, height))


def in_margins(document: Document, regions: Iterable[Region]) -> Iterator[Region]:
    """Those that stand where headers and footers do."""
    for region in regions:
        if region.box is None or not 0 < region.page <= len(document.page_sizes):
            continue
        height = document.page_sizes[region.page - 1][1]
        if region.box[3] <= MARGIN or region.box[1] >= height - MARGIN:
            yield region


def beside_each_other(document: Document) -> Iterator[Region]:
    """Blocks with another one at their left, at the same height."""
    for _, blocks in groupby(_blocks(document), key=lambda block: block.page):
        on_page = list(blocks)
        for block in on_page:
            if any(_left_of(other.box, block.box) for other in on_page if other.box and block.box):
                yield block


def _blocks(document: Document) -> Iterator[Region]:
    """The box around the lines of each block on a page, in order of the text."""
    placed = (line for line in document.lines if line.page and any(line.box))
    for (page, _), lines in groupby(placed, key=lambda line: (line.page, line.block)):
        boxes = [line.box for line in lines]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        yield Region(page, (min(lefts), min(tops), max(rights), max(bottoms)))


def _left_of(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return one[2] <= other[0] and shared >= LEAST_SHARED_HEIGHT

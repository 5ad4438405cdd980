"""Where in a text a value stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a document's text: characters `start` to `end` (exclusive), on `page` (1-based, 0 = unknown).

    `text` repeats the characters, so that an explanation can be shown without the document.
    """

    start: int
    end: int
    page: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span {self.start}..{self.end} is not a range")

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


def span_of(text: str, start: int, end: int, page: int = 0) -> Span:
    """The span of `text[start:end]` without the blanks at its edges."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end, page, text[start:end])

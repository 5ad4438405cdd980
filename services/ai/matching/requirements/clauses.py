"""A position's text → clauses: pieces that ask for something in one way. Linear in the length of the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ai.matching.requirements import cues
from services.ai.matching.requirements.sections import Section, named_section, section_of

# A piece longer than this is cut: no sentence that asks for something is, and patterns stay cheap.
MOST_LETTERS = 1000
# A line at least this long that ends within a sentence goes on in the next.
FULL_LINE = 45
# Points of a list are shorter, or say what they ask for within so many letters.
PARAGRAPH = 160
_BULLET = re.compile(r"^\s*(?:[•·▪●◦‣*–—-]|\d{1,2}[.)]|o )\s*")
_ENDS = re.compile(r"[.:;!?]\s*$")
# The ends of sentences, and bullets that were run together into one line.
_CUT = re.compile(
    r"(?<=[.!?])\s+(?=[A-ZÀ-Ý•*\d-])|\s+[•·▪●*]\s+|(?<=\S)\s+[-–]\s+(?=[A-Z])|;\s+|(?<=[a-z)])(?=\s*[•▪●])"
)
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|etc|Sr|Jr|Dr|St|Inc|Ltd|No|approx|incl|min|max|z\.B|Ph\.?D|M\.?Sc|B\.?Sc|bzw|ca|p\.ej|[A-Z]|(?:[A-Z]\.)+[A-Z])\.$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*(?:[•·▪●◦*–—-]\s*)?([A-Za-zÀ-ÿ][\w’'/& -]{1,48}?)\s*[:–-]\s+(?=\S)")
# Headings within a line that holds a whole description.
_INLINE = re.compile(
    r"(?<![\w/])((?:(?:Minimum|Required|Preferred|Basic|Desired|Additional|Essential|Key|Job|Key"
    r"|Other) )?(?:Skills?|Qualifications?|Requirements?|Experience|Responsibilities|Duties|Competencies)"
    r"(?: (?:and|&) (?:Skills|Competencies|Experience|Responsibilities|Qualifications))?"
    r"|What You(?:'ll| Will)? (?:Need|Be Doing|Do|Bring)(?: for this Position)?|Nice[- ]To[- ]Haves?"
    r"|Must[- ][Hh]aves?|MUST HAVE|What's [Ii]n [Ii]t [Ff]or You|Benefits|About (?:Us|You)"
    r"|Skills required for the position"
    r"|(?:Requirements|Responsibilities|Qualifications) of the [A-Z]\w+(?: [A-Z]\w+)?|Top Reasons to Work with Us"
    r"|Optional \(not required\)|Job Description|Education|Perks)(?=\s*(?::|\s[-–]\s"
    r"|\s[A-Z]))(?:\s*:|\s[-–](?=\s))?"
)
_RUN_ON = 300
# Sentences within such a line that no mark parts.
_BEGINS = re.compile(
    r"(?<=[a-z),+#\d]) (?=(?:Experience|Ability|Able|Knowledge|Knowledgeable|Strong|Proficien\w+|Must|Excellent"
    r"|Familiar\w*|Bachelor|Minimum|At least"
    r"|Demonstrated|Comprehension|Solid|Hands[- ]on|Proven|Understanding|Expert|Good|Willingness|Degree|Superior"
    r"|Responsible|Keywords|Job ID|About [A-Z]"
    r"|Develop|Design|Create|Provide|Build|Maintain|Work|Analysis skills|Benefits|Our|We|You|The)\b)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Characters `start` to `end` of the text, in a section; `must`: what it says of that itself, None when it does not."""

    start: int
    end: int
    section: Section
    must: bool | None
    asks: bool

    @property
    def wanted(self) -> bool:
        """Whether what is named here must be there."""
        if self.must is not None:
            return self.must
        return self.section is Section.MUST or (self.section is not Section.NICE and self.asks)


def find_clauses(text: str) -> Iterator[Clause]:
    """Every piece but headings, in order; what is about the organization or the offer is in section ASIDE."""
    section = Section.OPEN
    for start, end in _blocks(text):
        opened = section_of(text[start:end])
        if opened is not None:
            section = _after(section, opened, text[start:end])
            if not _says_more(text[start:end]):
                continue
        elif _is_paragraph(text[start:end], section):
            section = Section.OPEN
        for piece_start, piece_end, own in _parts(text, start, end, section):
            section = own if own is not section and end - start > _RUN_ON else section
            yield from _clauses(text, piece_start, piece_end, own)


def _after(section: Section, opened: Section, heading: str) -> Section:
    """A short heading of unknown words within requirements parts them, and does not end them."""
    inside = section in (Section.MUST, Section.NICE)
    if opened is Section.OPEN and inside and len(heading.split()) <= 3:
        return section
    return opened


def _is_paragraph(block: str, section: Section) -> bool:
    """Prose that asks for nothing ends a list of requirements that no other heading ends."""
    listed = section not in (Section.MUST, Section.NICE) or len(block) < PARAGRAPH or _BULLET.match(block) is not None
    return not listed and cues.ASKS.search(block[:PARAGRAPH]) is None and cues.MUST.search(block[:PARAGRAPH]) is None


def _says_more(heading: str) -> bool:
    """`Masters required, Ph.D. preferred in following fields:` asks for something itself."""
    return "," in heading or len(heading.split()) > 5


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Lines, those together that a break in the middle of a sentence parts."""
    start: int | None = None
    end = 0
    for match in re.finditer(r"[^\n]+", text):
        line = match[0]
        if not line.strip():
            continue
        if start is not None and _goes_on(
            text[max(start, end - 200) : end], line, match.start() - end, match.end() - start
        ):
            end = match.end()
            continue
        if start is not None:
            yield start, end
        start, end = match.span()
    if start is not None:
        yield start, end


def _goes_on(before: str, line: str, gap: int, length: int) -> bool:
    last = before.rsplit("\n", 1)[-1]
    return (
        gap == 1
        and length <= MOST_LETTERS
        and (len(last) >= FULL_LINE or len(last.split()) <= 2)
        and line[:1].islower()
        and (not _ENDS.search(last[-3:]) or _ABBREVIATED.search(last) is not None)
        and section_of(last) is None
    )


def _parts(text: str, start: int, end: int, section: Section) -> Iterator[tuple[int, int, Section]]:
    """A line by the headings within it: `Must have - Python Nice To Haves - Docker`, `Essential: Python`."""
    if end - start <= _RUN_ON:
        label = _LABEL.match(text[start : min(end, start + 60)])
        own = named_section(label[1]) if label else None
        yield (start + label.end() if label and own else start), end, own or section
        return
    at = start
    for match in _INLINE.finditer(text, start, end):
        yield at, match.start(), section
        section = section_of(match[1].rstrip(" :-–") + ":") or section
        at = match.end()
    yield at, end, section


def _clauses(text: str, start: int, end: int, section: Section) -> Iterator[Clause]:
    for first, last in _sentences(text, start, end):
        words = text[first:last]
        if not words.strip():
            continue
        own = Section.ASIDE if _is_aside(words, section) else section
        opens = cues.OPENS_ASKING.match(words[:160]) is not None
        asks = opens or (own is Section.OPEN and cues.ASKS.search(words) is not None)
        for piece_start, piece_end, must in _stances(words):
            yield Clause(first + piece_start, first + piece_end, own, must, asks)


def _is_aside(words: str, section: Section) -> bool:
    if section is Section.ASIDE or cues.ASIDE.search(words):
        return True
    return cues.OF_US.match(words) is not None and not cues.SEEKS.search(words)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _cuts(text, start, end):
        if _ABBREVIATED.search(text[max(at, match.start() - 8) : match.start()]):
            continue
        yield from _bounded(at, match.start())
        at = max(at, match.end())
    yield from _bounded(at, end)


def _cuts(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    if end - start <= _RUN_ON:
        return _CUT.finditer(text, start, end)
    both = (*_CUT.finditer(text, start, end), *_BEGINS.finditer(text, start, end))
    return iter(sorted(both, key=lambda match: match.start()))


def _bounded(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, MOST_LETTERS):
        yield at, min(end, at + MOST_LETTERS)


_PIECE = re.compile(r"[();]|,(?!\d)|(?:[^(),;]|,(?=\d))+")


def _stances(words: str) -> Iterator[tuple[int, int, bool | None]]:
    """Pieces of a sentence with what each says: `Python required, Docker a plus`, `a degree, preferably in physics`."""
    ahead = cues.NICE_AHEAD.search(words)
    if ahead and ahead.start() > 3:
        yield from _ahead(words, ahead.start())
        return
    nice, asked = cues.NICE.search(words), cues.MUST.search(words)
    if nice is None and (asked is None or words.find("(", 0, asked.start()) < 0):
        yield 0, len(words), (True if asked else None)
    elif nice and asked is None and words.count("(", 0, nice.start()) <= words.count(")", 0, nice.start()):
        yield from _liked(words, nice)
    else:
        yield from _mixed(words)


def _ahead(words: str, start: int) -> Iterator[tuple[int, int, bool | None]]:
    """`preferably` reaches to the end, or to that of its bracket."""
    inside = words.count("(", 0, start) > words.count(")", 0, start)
    end = words.find(")", start) if inside else len(words)
    end = end if end > 0 else len(words)
    yield from _stances(words[:start])
    yield start, end, False
    for first, last, must in _stances(words[end:]) if end < len(words) else ():
        yield end + first, end + last, must


_BREAK = re.compile(
    r"(?:,|\band)\s+(?=(?:experience|knowledge|familiarity|understanding|proficiency"
    r"|[\w+#.-]+(?: [\w+#.-]+){0,2} (?:is |are |would be )?(?:an? )?(?:\w+ )?(?:plus|bonus|asset|advantage"
    r"|preferred|desirable))\b)",
    re.I,
)


def _liked(words: str, nice: re.Match[str]) -> Iterator[tuple[int, int, bool | None]]:
    """One word of liking holds for the sentence, or from the last break before it that begins anew."""
    begins = max((match.end() for match in _BREAK.finditer(words, 0, nice.start())), default=0)
    if begins and cues.ASKS.search(words[:begins]):
        yield 0, begins, None
        yield begins, len(words), False
        return
    yield 0, len(words), False


def _mixed(words: str) -> Iterator[tuple[int, int, bool | None]]:
    """Both: each piece between commas or in brackets by its own word, else by the next word that comes, else by the last."""
    pieces = [match.span() for match in _PIECE.finditer(words)]
    said = [_said(words[start:end]) for start, end in pieces]
    inside = _depths(words[start] for start, _ in pieces)
    following = _carried(said[::-1], inside[::-1])[::-1]
    preceding = _carried(said, inside)
    for (start, end), own, later, earlier in zip(pieces, said, following, preceding, strict=True):
        other = later if later is not None else earlier
        yield start, end, own if own is not None else other


def _depths(firsts: Iterator[str]) -> list[int]:
    """For each piece the number of the bracket it stands in, 0 outside."""
    found, bracket, opened = [], 0, 0
    for first in firsts:
        if first == "(":
            opened += 1
            bracket = opened
        found.append(bracket)
        if first == ")":
            bracket = 0
    return found


def _carried(said: Sequence[bool | None], inside: Sequence[int]) -> list[bool | None]:
    """For each piece what the last one before it says, in the same bracket or, outside of all, outside of all."""
    found: list[bool | None] = []
    last: dict[int, bool] = {}
    for own, bracket in zip(said, inside, strict=True):
        found.append(last.get(bracket))
        if own is not None:
            last[bracket] = own
    return found


def _said(piece: str) -> bool | None:
    if cues.NICE.search(piece):
        return False
    return True if cues.MUST.search(piece) else None

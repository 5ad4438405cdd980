"""What an analysis says about a resume. Spans count in the text of the document; boxes are in points from a page's upper left corner."""

from dataclasses import dataclass
from enum import Enum

from services.ai.documents.document import Box
from services.ai.months import YearMonth
from services.ai.spans import Span


@dataclass(frozen=True, slots=True)
class Part:
    """Points that one side of the resume brings."""

    name: str
    points: int
    max_points: int
    why: str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page; `span` is None where no text stands, `box` where the file has no pages."""

    page: int
    box: Box | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that applicant tracking systems stumble over, and where."""

    name: str
    passed: bool
    detail: str
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do, and the points of strength that it brings when it is done to all of `spans`, which are empty for what is missing."""

    text: str
    max_gain: int
    topic: str = ""
    part: str = ""
    spans: tuple[Span, ...] = ()


class BulletIssue(Enum):
    """Names are those of `skillsync.careerforge.v1.BulletIssue`."""

    NO_ACTION_VERB = "NO_ACTION_VERB"
    NO_QUANTITY = "NO_QUANTITY"
    VAGUE = "VAGUE"
    FIRST_PERSON = "FIRST_PERSON"
    TOO_LONG = "TOO_LONG"
    TOO_SHORT = "TOO_SHORT"


@dataclass(frozen=True, slots=True)
class Bullet:
    """One line on a role. `impact` is 0 to 100."""

    span: Span
    impact: int
    quantities: tuple[Span, ...]
    issues: tuple[BulletIssue, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Months `start` to `end`, both counted, without role or study; `after` is None when it lasts until now."""

    start: YearMonth
    end: YearMonth
    months: int
    before: Span
    after: Span | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Months `start` to `end`, both counted, in which two roles were held."""

    start: YearMonth
    end: YearMonth
    months: int
    first: Span
    second: Span


@dataclass(frozen=True, slots=True)
class Analysis:
    """`strength` is the sum of the parts, 0 to 100. `career_stage` is ENTRY, MID, SENIOR or EXPERT."""

    strength: int
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    suggestions: tuple[Suggestion, ...]
    career_stage: str
    career_stage_why: str = ""
    industry_focus: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    bullets: tuple[Bullet, ...] = ()
    missing_sections: tuple[str, ...] = ()

"""What our parser finds, named and cut as the annotators of three sets of resumes did. None of it is trained on them.

Adapters between styles, chosen on the development halves: `dataturks` marks a city without its state, the first address of the profile
page as `Email Address`, a section of skills as one, a degree together with its subject, and every mention of a name or an employer;
`dotin` calls the dates of a job `Years of Experience`. Labels that the parser has no value for are never answered and count as missed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.ai.resume import Education, ParsedResume, Value
from services.ai.skills import Mention, Skill
from services.ai.spans import Span

Labelled = tuple[int, int, str]
"""First character, last (exclusive) and label."""

_WORD = re.compile(r"\w+(?:[.'’+#&/@:-]+\w+)*[+#]*")
_BLANKS = re.compile(r"[ \t]{2,}")
_SPELT_BYTES = re.compile(r"(?:\\x[0-9a-f]{2})+")
# An address of a mail or of a page of the one site, whose line may be broken.
_PROFILE = re.compile(r"[\w.+-]+@[\w.-]+\w|indeed\.com/r/[\w-]+\n?[\w-]*/?\n?[0-9a-f]*\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = r"(?:[A-Z][a-z]{2,8}\.?,? |\d\d?/)?(?:19|20)\d\d"
_RANGE = re.compile(
    rf"{_DATE}\s*(?:[-–]|to)?\s*(?:{_DATE}|[Pp]resent|[Cc]urrent|[Nn]ow|[Tt]ill [Dd]ate)|{_DATE} onwards"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What our engine says of one text; spans are places in `text`."""

    text: str
    resume: ParsedResume
    mentions: tuple[Mention, ...]
    skills: Mapping[str, Skill]


def dataturks(found: Found) -> Iterator[Labelled]:
    """Labels of the DataTurks set."""
    resume = found.resume
    contact = resume.contact
    jobs, schools = resume.experiences, resume.educations
    yield from _everywhere(found.text, [contact.name], "Name")
    yield from _spans([job.title for job in jobs], "Designation")
    yield from _everywhere(found.text, [job.employer for job in jobs], "Companies worked at")
    yield from _everywhere(
        found.text, map(_first_part, [contact.location, *(job.location for job in jobs)]), "Location"
    )
    firsts = {match[0]: match for match in reversed(list(_PROFILE.finditer(found.text)))}
    yield from ((match.start(), match.end(), "Email Address") for match in firsts.values())
    yield from _spans([school.institution for school in schools], "College Name")
    yield from (_course(found.text, school) for school in schools if school.degree)
    yield from _inside(found.text, [school.span for school in schools], _YEAR, "Graduation Year")
    yield from _sections(found, "skill", "Skills")


def dotin(found: Found) -> Iterator[Labelled]:
    """Labels of the dotin set. Its soft skills are among our skills and not told apart."""
    resume = found.resume
    contact = resume.contact
    jobs, schools = resume.experiences, resume.educations
    yield from _everywhere(found.text, [contact.name], "Name")
    yield from _spans([job.title for job in jobs], "Designation")
    yield from _spans([job.employer for job in jobs], "Companies worked at")
    yield from _spans([contact.location, *(job.location for job in jobs)], "Location")
    yield from _spans(contact.emails, "Email Address")
    yield from _spans([school.institution for school in schools], "College Name")
    yield from (_course(found.text, school) for school in schools if school.degree)
    yield from _inside(
        found.text,
        [school.span for school in schools],
        re.compile(rf"{_RANGE.pattern}|{_YEAR.pattern}"),
        "Graduation Year",
    )
    yield from _inside(found.text, [job.span for job in jobs], _RANGE, "Years of Experience")
    for mention in found.mentions:
        if not mention.implied:
            technology = found.skills[mention.skill_id].technology
            yield mention.span.start, mention.span.end, "Tech Tools" if technology else "Job Specific Skills"


def resume_corpus(found: Found) -> Iterator[Labelled]:
    """The four labels of the noisy set that its README calls usable."""
    resume = found.resume
    yield from _spans([job.title for job in resume.experiences], "designation")
    yield from _spans([job.employer for job in resume.experiences], "company_name")
    yield from _spans([school.degree for school in resume.educations], "higher_education")
    yield from ((m.span.start, m.span.end, "technical_skills") for m in found.mentions if not m.implied)


Style = Callable[[Found], Iterable[Labelled]]


def _spans(values: Iterable[Value | None], label: str) -> Iterator[Labelled]:
    for value in values:
        if value and value.span.end > value.span.start:
            yield value.span.start, value.span.end, label


def _everywhere(text: str, values: Iterable[Value | None], label: str) -> Iterator[Labelled]:
    """Every place where the words of a value stand, as annotators mark each mention."""
    for words in {value.span.text for value in values if value and value.span.text}:
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            yield match.start(), match.end(), label


def _first_part(value: Value | None) -> Value | None:
    """A city without its state."""
    if value is None:
        return None
    city = value.span.text.split(",")[0]
    return Value(city, Span(value.span.start, value.span.start + len(city), value.span.page, city), value.confidence)


def _sections(found: Found, word: str, label: str) -> Iterator[Labelled]:
    """What stands under each heading with that word, up to the next heading."""
    headings = sorted(heading.span for heading in found.resume.sections)
    ends = [*(span.start for span in headings[1:]), len(found.text)]
    for heading, end in zip(headings, ends, strict=True):
        if word in heading.text.lower() and found.text[heading.end : end].strip():
            yield heading.end, end, label


def _course(text: str, school: Education) -> Labelled:
    """Degree and subject when one follows the other on a line."""
    assert school.degree
    start, end = school.degree.span.start, school.degree.span.end
    if school.field and end <= school.field.span.start and "\n" not in text[end : school.field.span.start]:
        end = school.field.span.end
    return start, end, "Degree"


def _inside(text: str, spans: Iterable[Span], pattern: re.Pattern[str], label: str) -> Iterator[Labelled]:
    for span in spans:
        for match in pattern.finditer(text, span.start, span.end):
            yield match.start(), match.end(), label


def with_lines(text: str) -> str:
    """`dotin` has most resumes on one line, two blanks or more where a line ended and bytes of bullets spelt out: lines as they were."""
    if text.count("\n") > len(text) / 500:
        return text
    return _BLANKS.sub("\n", _SPELT_BYTES.sub("  ", text))


def moved(said: set[Labelled], ours: str, theirs: str) -> set[Labelled]:
    """Spans in words of our reading of a text as spans in words of the text itself; a reader may leave out or mend some words."""
    here, there = _WORD.findall(ours), _WORD.findall(theirs)
    if here == there:
        return said
    blocks = SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks()
    place = {block.a + i: block.b + i for block in blocks for i in range(block.size)}
    inside = [(place.get(start), place.get(end - 1), label) for start, end, label in said]
    return {(start, last + 1, label) for start, last, label in inside if start is not None and last is not None}


def words(text: str, labelled: Iterable[Labelled]) -> set[Labelled]:
    """The same spans counted in words: numbers of the first word and of the word after the last. Marks at the edges do not count."""
    places = [match.span() for match in _WORD.finditer(text)]
    found = set()
    for start, end, label in labelled:
        inside = [i for i, (first, last) in enumerate(places) if first < end and last > start]
        if inside:
            found.add((inside[0], inside[-1] + 1, label))
    return found

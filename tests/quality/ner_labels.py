"""What our parser finds, named and cut as the annotators of three sets of resumes did. None of it is trained on them.

Adapters between styles, chosen on the development halves: `dataturks` marks a city without its state, the first address of the profile
page as `Email Address`, a section of skills as one, a degree together with its subject, and every mention of a name, a title or an
employer; `dotin` calls periods of work and durations `Years of Experience`, parts tools (with their versions) from what is done with
them and from what anybody may be good at (closed lists of words, as our skills do not tell these apart) and marks titles that stand
alone. Labels that the parser has no value for are never answered and count as missed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.ai.credentials import EducationLevel
from services.ai.resume import Education, ParsedResume, Value
from services.ai.resume.headings import exact_kind, likely_kind
from services.ai.resume.hints import employer_score, title_score
from services.ai.resume.places import place_score
from services.ai.skills import Mention, Skill
from services.ai.spans import Span

Labelled = tuple[int, int, str]
"""First character, last (exclusive) and label."""

_WORD = re.compile(r"\w+(?:[.'’+#&/@:-]+\w+)*[+#]*")
# An address of a mail or of a page of the one site, whose line may be broken.
_PROFILE = re.compile(r"[\w.+-]+@[\w.-]+\w|indeed\.com/r/[\w-]+\n?[\w-]*/?\n?[0-9a-f]*\b")
# The year of a period's end, or a year alone.
_LAST_YEAR = re.compile(
    r"\b(?:19|20)\d\d\b(?!\s*(?:[-–]|to)\s*(?:[A-Z][a-z]{2,8}\.?,? |\d\d?/)?(?:(?:19|20)\d\d|[Pp]resent))"
)
_DATE = r"(?:[A-Z][a-z]{2,8}\.?,? |\d\d?/)?(?:19|20)\d\d"
_RANGE = re.compile(
    rf"{_DATE}\s*(?:[-–]|to)?\s*(?:{_DATE}|[Pp]resent|[Cc]urrent|[Nn]ow|[Tt]ill [Dd]ate)|{_DATE} onwards"
)
_ANY_DATE = re.compile(rf"{_RANGE.pattern}|{_DATE}")
# What annotators call years of experience: a period, or how long.
_WORKED = re.compile(rf"{_RANGE.pattern}|\b\d{{1,2}}(?:\.\d)?\+? years(?: of experience)?", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# A town before a state or a country.
_TOWN = re.compile(r"[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,2},\s{1,2}[A-Z][\w.]*(?: [A-Z]\w+){0,2}")
SURE_PLACE = 0.95
_LINE = re.compile(r"[^\n\t|•]+")
SURE_TITLE, MOST_TITLE_WORDS = 3.0, 6
_VERSION = re.compile(r"\s{1,2}v?\d+(?:\.[\dx]+)*(?: R2| SP\d)?(?![\w%+/]| years?| months?)")
_OF_TITLE = re.compile(
    r"\s{1,2}(?:and \w+ )?(?:developer|engineer|programmer|consultant|architect|analyst|administrator|admin|manager|lead|specialist|"
    r"trainer|tester|designer|expert)s?\b",
    re.IGNORECASE,
)
# What is done with tools is none.
_METHOD = re.compile(
    r"\b(?:testing|development|design|analysis|engineering|management|support|methodolog(?:y|ies)|agile|scrum|life ?cycle|systems?|"
    r"security|programming|administration|architecture|structures|modell?ing|uat|sdlc|automation|integration)$",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"\b(?:communicat\w+|interpersonal|leadership|team ?(?:work|player|building|leadership)|problem[- ]solving|creativ\w+|motivat\w+|"
    r"analytical|time management|presentation|listening|adaptab\w+|flexib\w+|negotiat\w+|organi[sz]ational|decision[- ]making|"
    r"multi-?tasking|english|spanish|french|german|hindi|tamil|telugu|italian|mandarin|arabic)\b",
    re.IGNORECASE,
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
    yield from _everywhere(found.text, [job.title for job in jobs], "Designation")
    yield from _everywhere(found.text, [job.employer for job in jobs], "Companies worked at")
    yield from _everywhere(
        found.text, map(_first_part, [contact.location, *(job.location for job in jobs)]), "Location"
    )
    firsts = {match[0]: match for match in reversed(list(_PROFILE.finditer(found.text)))}
    yield from ((match.start(), match.end(), "Email Address") for match in firsts.values())
    yield from _spans([school.institution for school in schools], "College Name")
    yield from (_course(found.text, school) for school in schools if school.degree)
    yield from _inside(found.text, [school.span for school in schools], _LAST_YEAR, "Graduation Year")
    yield from _sections(found, "skill", "Skills")


def dotin(found: Found) -> Iterator[Labelled]:
    """Labels of the dotin set; languages are among its soft skills."""
    resume = found.resume
    contact = resume.contact
    jobs, schools = resume.experiences, resume.educations
    yield from _everywhere(found.text, [contact.name], "Name")
    yield from _spans([job.title for job in jobs], "Designation")
    yield from _titles(found)
    yield from _spans([job.employer for job in jobs], "Companies worked at")
    yield from _places(found, [contact.location, *(job.location for job in jobs)])
    yield from ((match.start(), match.end(), "Email Address") for match in _MAIL.finditer(found.text))
    yield from _spans([school.institution for school in schools], "College Name")
    yield from (_course(found.text, school) for school in schools if school.degree)
    yield from _inside(found.text, [school.span for school in schools], _ANY_DATE, "Graduation Year", once=True)
    for start, end in _parts(found, "head", "summary", "experience"):
        yield from ((m.start(), m.end(), "Years of Experience") for m in _WORKED.finditer(found.text, start, end))
    skilled = list(_parts(found, "head", "summary", "experience", "skills", "projects"))
    for mention in found.mentions:
        if not mention.implied and any(start <= mention.span.start < end for start, end in skilled):
            yield from _skill(found, mention)
    for start, end in skilled:
        yield from ((m.start(), m.end(), "Soft Skills") for m in _SOFT.finditer(found.text, start, end))
    yield from _spans([language.name for language in resume.languages], "Soft Skills")


def _skill(found: Found, mention: Mention) -> Iterator[Labelled]:
    """A tool with its version, what a trade asks, or what anybody may be good at; none within a job's title."""
    start, end = mention.span.start, mention.span.end
    if _OF_TITLE.match(found.text, end):
        return
    if _SOFT.search(mention.span.text):
        return
    if found.skills[mention.skill_id].technology and not _METHOD.search(mention.span.text):
        version = _VERSION.match(found.text, end)
        yield start, version.end() if version else end, "Tech Tools"
    else:
        yield start, end, "Job Specific Skills"


def resume_corpus(found: Found) -> Iterator[Labelled]:
    """The four labels of the noisy set that its README calls usable."""
    resume = found.resume
    yield from _spans([job.title for job in resume.experiences], "designation")
    yield from _spans([job.employer for job in resume.experiences], "company_name")
    yield from (
        (*_course(found.text, school)[:2], "higher_education")
        for school in resume.educations
        if school.degree and school.level >= EducationLevel.BACHELOR
    )
    claimed = list(_parts(found, "head", "summary", "skills"))
    for mention in found.mentions:
        start, end = mention.span.start, mention.span.end
        inside = any(a <= start < b for a, b in claimed)
        if inside and not mention.implied and not _OF_TITLE.match(found.text, end):
            yield start, end, "technical_skills"


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


def _titles(found: Found) -> Iterator[Labelled]:
    """Titles that stand alone on a line of the head or of the jobs."""
    for start, end in _parts(found, "head", "experience"):
        for line in _LINE.finditer(found.text, start, end):
            if (
                len(line[0].split()) <= MOST_TITLE_WORDS
                and title_score(line[0]) >= SURE_TITLE
                and employer_score(line[0]) < 1
            ):
                yield line.start(), line.end(), "Designation"


def _places(found: Found, values: Iterable[Value | None]) -> Iterator[Labelled]:
    """Where the person lives, worked and studied: places of values, and towns with a state or country that we know."""
    yield from _spans(values, "Location")
    for start, end in _parts(found, "head", "contact", "experience", "education"):
        for match in _TOWN.finditer(found.text, start, end):
            if place_score(" ".join(match[0].split())) >= SURE_PLACE:
                yield match.start(), match.end(), "Location"


def _parts(found: Found, *kinds: str) -> Iterator[tuple[int, int]]:
    """Where sections of some kinds begin and end; what stands before the first heading is the head."""
    headings = sorted(heading.span for heading in found.resume.sections)
    starts = [0, *(span.end for span in headings)]
    ends = [*(span.start for span in headings), len(found.text)]
    named = ["head", *(exact_kind(span.text) or likely_kind(span.text) for span in headings)]
    yield from ((start, end) for kind, start, end in zip(named, starts, ends, strict=True) if kind in kinds)


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


def _inside(
    text: str, spans: Iterable[Span], pattern: re.Pattern[str], label: str, once: bool = False
) -> Iterator[Labelled]:
    for span in spans:
        for match in pattern.finditer(text, span.start, span.end):
            yield match.start(), match.end(), label
            if once:
                break


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

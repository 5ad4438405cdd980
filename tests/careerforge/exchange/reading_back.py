"""How much of an exported profile our own parser reads back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from services.ai.documents import Kind
from services.ai.documents.readers import read
from services.ai.resume import ParsedResume, parse
from services.ai.resume.records import Education as ParsedEducation
from services.ai.resume.records import Experience as ParsedExperience
from services.careerforge.exchange.exporting import export_docx, export_pdf
from services.careerforge.exchange.profile import Education, Experience, Profile
from services.careerforge.exchange.templates import TEMPLATES
from tests.careerforge.exchange.people import person

AS_OF = date(2026, 11, 1)
EXPORTS = {"pdf": (export_pdf, Kind.PDF), "docx": (export_docx, Kind.DOCX)}
FIELDS = ("titles", "employers", "dates", "schools", "degrees", "skills", "subjects", "places", "names", "languages")
Shares = dict[str, float]


def shares(template: str, kind: str, people: Sequence[int], misses: list[Any] | None = None) -> Shares:
    """By field, the share of values that are read back as they were. `people` are seeds."""
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    export, document_kind = EXPORTS[kind]
    for seed in people:
        profile, language = person(seed)
        paper = "LETTER" if seed % 5 == 0 else "A4"
        found = parse(read(export(profile, template, language, paper), document_kind), AS_OF)
        for field, said, same in _compared(profile, found):
            all_[field] += 1
            right[field] += same
            if misses is not None and not same:
                misses.append((seed, language, field, said))
    return {field: right[field] / all_[field] for field in FIELDS}


def table(people: Sequence[int]) -> tuple[str, dict[tuple[str, str], Shares]]:
    """Every template and format, as lines to print and as figures."""
    found = {(template, kind): shares(template, kind, people) for template in TEMPLATES for kind in EXPORTS}
    rows = ["                " + "".join(f"{field:>11}" for field in FIELDS)]
    for (template, kind), row in found.items():
        rows.append(f"{template:>9} {kind:>5} " + "".join(f"{row[field]:>11.3f}" for field in FIELDS))
    return "\n".join(rows), found


def _compared(profile: Profile, found: ParsedResume) -> Iterator[tuple[str, Any, bool]]:
    yield "names", profile.name, found.contact.name is not None and found.contact.name.text == profile.name
    for one, read_back in _paired(profile.experiences, found.experiences, _role):
        for field, said, same in _role(one, read_back):
            yield field, (said, read_back and _shown(read_back)), same
    for study, parsed in _paired(profile.educations, found.educations, _study):
        for field, said, same in _study(study, parsed):
            yield field, (said, parsed and _shown(parsed)), same
    listed = {skill.text for skill in found.listed_skills}
    for skill in profile.skills:
        yield "skills", skill.name, skill.name in listed
    spoken = {(language.name.text, language.level) for language in found.languages}
    for language in profile.languages:
        yield "languages", (language.name, language.level, sorted(spoken)), (language.name, language.level) in spoken


def _shown(entry: Any) -> str:
    texts = {
        name: getattr(getattr(entry, name, None), "text", None)
        for name in ("title", "employer", "location", "institution", "degree", "field")
    }
    return f"{ {k: v for k, v in texts.items() if v} } {entry.start} {entry.end}"


def _paired(ours: Sequence[Any], found: Sequence[Any], fields: Any) -> Iterator[tuple[Any, Any]]:
    """Each with the one that is most like it, none twice."""
    left = list(found)
    for one in ours:
        best = max(left, key=lambda other: sum(same for _, _, same in fields(one, other)), default=None)
        if best is not None and any(same for _, _, same in fields(one, best)):
            left.remove(best)
            yield one, best
        else:
            yield one, None


def _role(one: Experience, found: ParsedExperience | None) -> Iterator[tuple[str, Any, bool]]:
    yield "titles", one.title, _is(one.title, found and found.title)
    yield "employers", one.employer, _is(one.employer, found and found.employer)
    dates = found and (found.start, found.end, found.current)
    yield "dates", (str(one.start), str(one.end), one.current), dates == (one.start, one.end, one.current)
    if one.location:
        yield "places", one.location, _is(one.location, found and found.location)


def _study(one: Education, found: ParsedEducation | None) -> Iterator[tuple[str, Any, bool]]:
    yield "schools", one.institution, _is(one.institution, found and found.institution)
    yield "degrees", one.degree, _is(one.degree, found and found.degree)
    yield "dates", (str(one.start), str(one.end)), (found and (found.start, found.end)) == (one.start, one.end)
    if one.field:
        yield "subjects", one.field, _is(one.field, found and found.field)


def _is(said: str, value: Any) -> bool:
    return value is not None and value.text == said

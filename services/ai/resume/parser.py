"""A document → ParsedResume. Rules over words and layout; what is not sure is left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from services.ai.documents import Document
from services.ai.months import union_years
from services.ai.resume.contact import find_contact
from services.ai.resume.educations import find_educations
from services.ai.resume.experiences import find_experiences
from services.ai.resume.hints import title_score
from services.ai.resume.lists import find_listed_skills, find_opening, find_spoken, find_summary, find_titles
from services.ai.resume.records import Experience, Language, ParsedResume, Value
from services.ai.resume.rows import Row, rows_of
from services.ai.resume.sections import Section, find_sections

ENGINE_VERSION = "resume-5"

T = TypeVar("T")


def parse(document: Document, as_of: date) -> ParsedResume:
    """Everything but skills, as of a day: "until now" ends there. Raises ValueError for a document without text."""
    if not document.text.strip():
        raise ValueError("there is no text to parse; a reader raises NO_TEXT before")
    rows = rows_of(document)
    sections = find_sections(document, rows)
    experiences = _experiences(document, sections)
    intervals = [e.months for e in experiences if e.months]
    return ParsedResume(
        contact=find_contact(document, rows, sections),
        summary=_summary(document, sections),
        experiences=experiences,
        educations=_each(document, sections, "education", find_educations),
        skills=(),
        languages=_languages(document, sections),
        certifications=_each(document, sections, "certifications", find_titles),
        sections=tuple(s.heading for s in sections if s.heading),
        years_of_experience=round(union_years(intervals, as_of), 2),
        as_of=as_of,
        projects=_each(document, sections, "projects", find_titles),
        publications=_each(document, sections, "publications", find_titles),
        awards=_each(document, sections, "awards", find_titles),
        listed_skills=_each(document, sections, "skills", find_listed_skills),
    )


def _each(
    document: Document,
    sections: Sequence[Section],
    kind: str,
    find: Callable[[Document, Sequence[Row]], Iterable[T]],
) -> tuple[T, ...]:
    return tuple(found for s in sections if s.kind == kind and s.rows for found in find(document, s.rows))


def _experiences(document: Document, sections: Sequence[Section]) -> tuple[Experience, ...]:
    """Of the sections of jobs; without any, dated entries elsewhere whose title is sure."""
    found = _each(document, sections, "experience", find_experiences)
    if found or any(s.kind == "experience" for s in sections):
        return found
    return tuple(e for e in _elsewhere(document, sections) if e.title and e.months and title_score(e.title.text) >= 2)


def _elsewhere(document: Document, sections: Sequence[Section]) -> Iterator[Experience]:
    for section in sections:
        if section.kind in ("head", "summary", "other"):
            yield from find_experiences(document, section.rows)


def _summary(document: Document, sections: Sequence[Section]) -> Value | None:
    stated = next((find_summary(document, s.rows) for s in sections if s.kind == "summary" and s.rows), None)
    return stated or next((find_opening(document, s.rows) for s in sections if s.kind == "head" and s.rows), None)


def _languages(document: Document, sections: Sequence[Section]) -> tuple[Language, ...]:
    """Each language once, of its own section or a labelled line among the skills."""
    found: dict[str, Language] = {}
    for section in sections:
        if section.kind in ("languages", "skills", "other", "contact"):
            for language in find_spoken(document, section.rows, strict=section.kind != "languages"):
                known = found.get(language.name.text.lower())
                if known is None or (language.level and not known.level):
                    found[language.name.text.lower()] = language
    return tuple(found.values())

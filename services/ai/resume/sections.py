"""Where the sections of a resume begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.credentials import find_languages
from services.ai.documents import Document
from services.ai.resume.records import Value

HEADINGS: dict[str, str] = {
    "summary": r"(professional |career |executive )?(summary|profile|objective)|about( me)?",
    "experience": r"((professional|work|employment|relevant|career) )*(experience|experiences|history|employment)"
    r"|berufserfahrung|expérience( professionnelle)?|experiencia( profesional| laboral)?",
    "education": r"education( and training| & training)?|academic (background|history)|qualifications|studies"
    r"|ausbildung|formation|educación",
    "skills": r"((technical|core|key|professional) )*(skills|competencies|technologies|expertise)|skills & technologies"
    r"|kenntnisse|compétences|habilidades",
    "languages": r"languages|sprachen|langues|idiomas",
    "certifications": r"certifications?|certificates|licen[cs]es( and certifications)?|courses",
    "projects": r"(notable |selected |personal |side |key )*projects|open[- ]source( projects)?",
    "publications": r"(selected )?publications( (and|&) talks)?|patents|invited talks|talks",
    "awards": r"(selected )?(awards|honou?rs)( (and|&) (awards|recognition))?|achievements",
    "other": r"community( involvement)?|references|interests|hobbies|volunteer(ing)?( experience)?|online presence"
    r"|additional information|personal details",
}
_HEADING = {kind: re.compile(rf"(?:{pattern})\s*:?", re.IGNORECASE) for kind, pattern in HEADINGS.items()}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text from after its heading up to the next; `kind` is a key of HEADINGS, or `head` before the first."""

    kind: str
    heading: Value | None
    start: int
    end: int


def find_sections(document: Document) -> list[Section]:
    marks = list(_headings(document))
    starts = [("head", None, 0), *[(kind, value, end) for kind, value, end in marks]]
    ends = [value.span.start for _, value, _ in marks] + [len(document.text)]
    return [Section(kind, value, start, end) for (kind, value, start), end in zip(starts, ends, strict=True)]


def _headings(document: Document) -> Iterator[tuple[str, Value, int]]:
    """Kind, heading, and where the section's text begins. A heading may stand left of its section's first line."""
    for line in document.lines:
        text = document.text[line.start : line.end]
        for kind, pattern in _HEADING.items():
            match = pattern.match(text.strip(" •|-–"))
            if match and _stands_alone(kind, text.strip(" •|-–"), match.end()):
                start = line.start + len(text) - len(text.lstrip(" •|-–"))
                end = start + match.end()
                yield kind, Value(match[0].strip(": ").lower(), document.span(start, end), 0.9), end
                break


def _stands_alone(kind: str, text: str, end: int) -> bool:
    """The whole line; or a title that goes on after a tab, as in a margin; or `Skills: Python, Go` on one line."""
    heading, rest = text[:end], text[end:]
    if not rest.strip(" :\t"):
        return True
    if heading.endswith(":"):
        return kind == "skills" or (kind == "languages" and any(find_languages(rest, 0, len(rest))))
    return rest.startswith("\t") and heading.istitle() and rest.strip()[:1].isupper()

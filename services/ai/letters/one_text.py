"""A profile that a person edited → one text that all its spans count in, with nothing that the person removed or replaced.

Letters rest on a text: an edited profile has only that of the resume it began with, which says more, and other things.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from services.ai.letters.records import Sentence
from services.ai.months import YearMonth
from services.ai.resume import Contact, Education, Experience, Language, ParsedResume, SkillUse, Value
from services.ai.spans import Span

_BULLET = "- "


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of the text, and the place in the resume that they were copied from; None for what a person wrote."""

    start: int
    end: int
    origin: Span | None


@dataclass(frozen=True, slots=True)
class OneText:
    """Spans of `resume` count in `text`."""

    text: str
    resume: ParsedResume
    pieces: tuple[Piece, ...]

    def back(self, sentence: Sentence) -> Sentence:
        """With spans that count in the resume; those of what a person wrote are no places of it, and hold the text alone."""
        return replace(sentence, resume_spans=tuple(dict.fromkeys(map(self._back, sentence.resume_spans))))

    def _back(self, span: Span) -> Span:
        for piece in self.pieces:
            if piece.start <= span.start and span.end <= piece.end and piece.origin:
                start = piece.origin.start + span.start - piece.start
                return Span(start, start + span.end - span.start, piece.origin.page, span.text)
        return Span(0, 0, 0, span.text)


def in_one_text(edited: ParsedResume, base: ParsedResume) -> OneText:
    """`edited` is what became of `base`: its spans count in the text of that resume, or are empty with the words that a person wrote."""
    sheet = _Sheet()
    contact = Contact(sheet.value(edited.contact.name), (), (), (), sheet.value(edited.contact.location))
    summary = sheet.value(edited.summary)
    roles = tuple(_role(sheet, one, base) for one in edited.experiences)
    studies = tuple(_study(sheet, one, base) for one in edited.educations)
    left = {use.skill_id for use in edited.skills}
    gone = [span for use in base.skills if use.skill_id not in left for span in use.spans]
    listed = [one for one in edited.listed_skills if not any(one.span.overlaps(span) for span in gone)]
    resume = replace(
        edited,
        contact=contact,
        summary=summary,
        experiences=roles,
        educations=studies,
        languages=tuple(sheet.language(one) for one in edited.languages),
        certifications=sheet.values(edited.certifications),
        projects=sheet.values(edited.projects),
        publications=sheet.values(edited.publications),
        awards=sheet.values(edited.awards),
        listed_skills=sheet.values(listed),
        sections=(),
    )
    skills = tuple(sheet.skill(use, roles) for use in edited.skills)
    return OneText("".join(sheet.parts), replace(resume, skills=skills), tuple(sheet.pieces))


class _Sheet:
    """A text that grows line by line."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.at = 0
        self.pieces: list[Piece] = []
        self.copied: list[tuple[Piece, Span]] = []

    def put(self, span: Span, lead: str = "", tail: str = "") -> Span:
        """A line with the words of a span; returns where they stand."""
        start = self.at + len(lead)
        placed = Span(start, start + len(span.text), 0, span.text)
        self.pieces.append(Piece(placed.start, placed.end, span if span.end > span.start else None))
        if span.end > span.start:
            self.copied.append((self.pieces[-1], span))
        self._add(f"{lead}{span.text}{tail}\n")
        return placed

    def line(self, text: str) -> None:
        self._add(f"{text}\n")

    def since(self, start: int) -> Span:
        """All that was added."""
        text = "".join(self.parts)[start:].rstrip("\n")
        return Span(start, start + len(text), 0, text)

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)

    def shifted(self, span: Span) -> Span | None:
        """Where what stood there stands now; None where it was not taken over."""
        for piece, origin in self.copied if span.end > span.start else ():
            if origin.start <= span.start and span.end <= origin.end:
                start = piece.start + span.start - origin.start
                return Span(start, start + span.end - span.start, 0, span.text)
        return None

    def value(self, value: Value | None, lead: str = "") -> Value | None:
        """On a line of its own, unless it stands there already."""
        if value is None:
            return None
        return replace(value, span=self.shifted(value.span) or self.put(_words(value), lead))

    def values(self, values: Iterable[Value]) -> tuple[Value, ...]:
        return tuple(placed for one in values if (placed := self.value(one)))

    def language(self, language: Language) -> Language:
        tail = f" ({language.level})" if language.level else ""
        return replace(language, name=replace(language.name, span=self.put(_words(language.name), tail=tail)))

    def skill(self, use: SkillUse, roles: Iterable[Experience]) -> SkillUse:
        places = [self.shifted(span) or self._found(span, use, roles) or self.put(span) for span in use.spans]
        return replace(use, spans=tuple(sorted(dict.fromkeys(places))))

    def _found(self, span: Span, use: SkillUse, roles: Iterable[Experience]) -> Span | None:
        """Of a skill that a person wrote of in a role."""
        for role in roles:
            at = role.span.text.casefold().find(span.text.casefold()) if use.skill_id in role.skill_ids else -1
            if at >= 0 and span.text and span.end == span.start:
                start = role.span.start + at
                return Span(start, start + len(span.text), 0, role.span.text[at : at + len(span.text)])
        return None


def _words(value: Value) -> Span:
    return value.span if value.span.text else Span(0, 0, 0, value.text)


def _role(sheet: _Sheet, role: Experience, base: ParsedResume) -> Experience:
    stood = (replace(one, skill_ids=role.skill_ids) for one in base.experiences)
    sheet.line("")
    start = sheet.at
    if role.span.text and role in stood:
        sheet.put(role.span)
        whole = sheet.since(start)
        title, employer, place = (sheet.value(one) for one in (role.title, role.employer, role.location))
    else:
        title, employer, place = (sheet.value(one) for one in (role.title, role.employer, role.location))
        sheet.line(_period(role.start, role.end, role.current))
        whole = None
    bullets = tuple(placed for one in role.bullets if (placed := sheet.value(one, _BULLET)))
    span = whole or sheet.since(start)
    return replace(role, title=title, employer=employer, location=place, bullets=bullets, span=span)


def _study(sheet: _Sheet, study: Education, base: ParsedResume) -> Education:
    sheet.line("")
    start = sheet.at
    as_it_stood = study.span.text and study in base.educations
    if as_it_stood:
        sheet.put(study.span)
    whole = sheet.since(start)
    degree, field, place = (sheet.value(one) for one in (study.degree, study.field, study.institution))
    if not as_it_stood:
        sheet.line(_period(study.start, study.end, False))
        whole = sheet.since(start)
    return replace(study, degree=degree, field=field, institution=place, span=whole)


def _period(start: YearMonth | None, end: YearMonth | None, current: bool) -> str:
    """`03/2019 - Present`, as every parser reads it."""
    return " - ".join(_months(start, end, current))


def _months(start: YearMonth | None, end: YearMonth | None, current: bool) -> Iterator[str]:
    for one in (start, end):
        if one:
            yield f"{one.month:02}/{one.year}" if one.month else str(one.year)
    if current and not end:
        yield "Present"

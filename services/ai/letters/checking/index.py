"""Everything that sentences of one letter may rest on, looked up once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from services.ai.credentials import EducationLevel, find_degrees, find_languages, language_level
from services.ai.languages import english_name
from services.ai.letters import wording
from services.ai.letters.checking.dates import find_moments
from services.ai.letters.checking.numbers import Number, find_numbers, without_addresses
from services.ai.letters.checking.text import Folded, folded
from services.ai.letters.records import LANGUAGES, Sources
from services.ai.letters.text_language import language_of
from services.ai.matching.requirements.licences import known_licences
from services.ai.months import YearMonth
from services.ai.resume import SkillEvidence, Value
from services.ai.skills.negation import is_denied

LEAST_NAME = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A role or a course of study: its names as folded, its own text, and its dates."""

    organisations: tuple[str, ...]
    titles: tuple[str, ...]
    text: Folded
    raw: str
    dates: frozenset[YearMonth]
    skill_ids: frozenset[str]
    current: bool
    job: bool


class Index:
    """Of one letter's sources."""

    def __init__(self, sources: Sources) -> None:
        resume, vacancy, wishes = sources.resume, sources.vacancy, sources.wishes
        self.sources = sources
        self.language = language_of(sources.resume_text)
        contact = resume.contact.name.text if resume.contact.name else ""
        self.resume = Folded.of(sources.resume_text, contact)
        wished = (*(place.city for place in wishes.places), *wishes.interests)
        self.wished = Folded.of(*wished)
        self.person = Folded.of(sources.signature)
        self.position = Folded.of(vacancy.title, vacancy.employer, vacancy.place, vacancy.text)

    @cached_property
    def organisations(self) -> Folded:
        """The resume without names of skills: who knows Google Ads need not have worked at Google."""
        text = list(self.sources.resume_text)
        employers = [job.employer.span for job in self.sources.resume.experiences if job.employer]
        for use in self.sources.resume.skills:
            for span in use.spans:
                if not any(span.overlaps(employer) for employer in employers):
                    text[span.start : span.end] = "-" * (span.end - span.start)
        return Folded.of("".join(text))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Roles first."""
        return (*self._jobs(), *self._studies())

    def _jobs(self) -> Iterator[Entry]:
        for job in self.sources.resume.experiences:
            raw = job.span.text
            yield Entry(
                _names(job.employer, wording.employer),
                _names(job.title, wording.title),
                Folded.of(raw, job.employer.text if job.employer else "", job.title.text if job.title else ""),
                raw,
                frozenset([*(d for d in (job.start, job.end) if d), *(m.when for m in find_moments(raw))]),
                frozenset(job.skill_ids),
                job.current,
                True,
            )

    def _studies(self) -> Iterator[Entry]:
        for study in self.sources.resume.educations:
            raw = study.span.text
            yield Entry(
                _names(study.institution, wording.school),
                (),
                Folded.of(raw),
                raw,
                frozenset([*(d for d in (study.start, study.end) if d), *(m.when for m in find_moments(raw))]),
                frozenset(),
                False,
                False,
            )

    @cached_property
    def dates(self) -> frozenset[YearMonth]:
        """Months and years that the resume names, and when the person can begin."""
        own = {date for entry in self.entries for date in entry.dates}
        own |= {moment.when for moment in find_moments(self.sources.resume_text)}
        begin = self.sources.wishes.available
        return frozenset(own | ({YearMonth(begin.year, begin.month)} if begin else set()))

    @cached_property
    def position_dates(self) -> frozenset[YearMonth]:
        """Those of the position's text."""
        return frozenset(moment.when for moment in find_moments(self.sources.vacancy.text))

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Of the resume, in the words of its own language and English."""
        return _numbers(without_addresses(self.sources.resume_text), self.language)

    @cached_property
    def position_numbers(self) -> frozenset[str]:
        """Of the position's text, whatever they count."""
        text = f"{self.sources.vacancy.title} {self.sources.vacancy.text}"
        return frozenset(number.value for language in LANGUAGES for number in find_numbers(text, language))

    @cached_property
    def skill_ids(self) -> frozenset[str]:
        """Skills that the resume names; what its work only implies is no source."""
        return frozenset(
            use.skill_id for use in self.sources.resume.skills if use.evidence is not SkillEvidence.IMPLIED
        )

    @cached_property
    def skill_labels(self) -> frozenset[str]:
        """Their labels in the ontology."""
        return frozenset(use.label for use in self.sources.resume.skills if use.evidence is not SkillEvidence.IMPLIED)

    def names_skill(self, name: str) -> bool:
        """Whether the resume has the words, in a place where it does not deny them."""
        text = self.sources.resume_text
        found = re.finditer(rf"(?<!\w){_loosely(name)}(?![\w+#])", text, re.IGNORECASE)
        return any(not is_denied(text, match.start(), match.end()) for match in found)

    @cached_property
    def levels(self) -> frozenset[EducationLevel]:
        """Of degrees that the resume names."""
        found = {degree.level for degree in find_degrees(self.sources.resume_text)}
        return frozenset(found | {entry.level for entry in self.sources.resume.educations})

    @cached_property
    def languages(self) -> dict[str, str]:
        """English names of languages that the resume names, each with the level that it states."""
        text = self.sources.resume_text
        found = {english_name(text[n.start : n.end]): n.level for n in find_languages(text, 0, len(text))}
        for entry in self.sources.resume.languages:
            level = language_level(entry.level)
            name = english_name(entry.name.text)
            found[name] = level or found.get(name, "")
        return found

    @cached_property
    def licences(self) -> frozenset[str]:
        """Licences that the resume names."""
        return known_licences(self.sources.resume_text)


def _names(value: Value | None, said: Callable[[str], str]) -> tuple[str, ...]:
    """As written and as letters write it, in the form for comparing."""
    names = (folded(value.text), folded(said(value.text))) if value else ()
    return tuple(dict.fromkeys(name for name in names if len(name.strip()) >= LEAST_NAME))


def _numbers(text: str, language: str) -> tuple[Number, ...]:
    found = list(find_numbers(text, language))
    if language != "en":
        known = {(number.start, number.end) for number in found}
        found += [number for number in find_numbers(text, "en") if (number.start, number.end) not in known]
    return tuple(found)


def _loosely(name: str) -> str:
    """Whatever blanks and apostrophes stand in it."""
    parts = [re.escape(part) for part in name.split()]
    return r"\s+".join(parts).replace("’", "['’]").replace("'", "['’]")

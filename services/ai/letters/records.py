"""What a letter is written from, and what it consists of. Every sentence points at the characters it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Protocol

from services.ai.matching import Requirement, Wishes
from services.ai.resume import ParsedResume
from services.ai.spans import Span

LANGUAGES = ("en", "de", "fr", "es")


class Tone(Enum):
    """Values are those of `WriteCoverLetterRequest.tone`."""

    PLAIN = "plain"
    WARM = "warm"
    FORMAL = "formal"


class Length(Enum):
    """Values are those of `WriteCoverLetterRequest.length`."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Options:
    """`language` is one of LANGUAGES. Raises ValueError for another."""

    tone: Tone = Tone.PLAIN
    length: Length = Length.MEDIUM
    language: str = "en"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"letters are written in {', '.join(LANGUAGES)}, not in {self.language!r}")


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A position as its text tells it. Spans of `requirements` point into `text`; `place` is as written, empty when unknown."""

    title: str
    employer: str
    text: str
    requirements: tuple[Requirement, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a letter may rest on. Spans of `resume` point into `resume_text`. `name` is the person's; empty: as the resume says."""

    resume: ParsedResume
    resume_text: str
    vacancy: Vacancy
    name: str = ""
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def signature(self) -> str:
        """The person's name; empty when nobody knows it."""
        if self.name.strip():
            return " ".join(self.name.split())
        return self.resume.contact.name.text if self.resume.contact.name else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`paragraph` counts from 0; the salutation and the signature are paragraphs of their own."""

    text: str
    paragraph: int = 0
    resume_spans: tuple[Span, ...] = ()
    position_spans: tuple[Span, ...] = ()


class Fault(Enum):
    """What a sentence says that nothing supports."""

    ENTITY = "ENTITY"
    NUMBER = "NUMBER"
    DATE = "DATE"
    SKILL = "SKILL"
    CREDENTIAL = "CREDENTIAL"
    DENIAL = "DENIAL"
    ASSIGNMENT = "ASSIGNMENT"
    CLAIM = "CLAIM"
    FORM = "FORM"


@dataclass(frozen=True, slots=True)
class Objection:
    """`words` are those of the sentence that are not supported."""

    fault: Fault
    words: str

    def __str__(self) -> str:
        return f"{_WHY[self.fault]}: {self.words}"


_WHY = {
    Fault.ENTITY: "a name that neither resume nor position knows",
    Fault.NUMBER: "a number that the resume does not state",
    Fault.DATE: "a date that the resume does not state",
    Fault.SKILL: "a skill that the resume does not show",
    Fault.CREDENTIAL: "a degree, language or licence that the resume does not show",
    Fault.DENIAL: "says of a skill that it is lacking or still to be learned",
    Fault.ASSIGNMENT: "belongs to another part of the resume than the one named beside it",
    Fault.FORM: "is no sentence of a letter",
    Fault.CLAIM: "claims experience or a role in words that the resume does not have",
}


@dataclass(frozen=True, slots=True)
class Deleted:
    """A sentence that was not let through, with every reason."""

    text: str
    objections: tuple[Objection, ...]


class Writer(Protocol):
    """Whatever writes; none is trusted: `letter` checks each sentence."""

    def write(self, sources: Sources, options: Options) -> Iterator[Sentence]:
        """Sentences in order, as they become ready."""
        ...


def text_of(sentences: list[Sentence]) -> str:
    """The letter with a blank line between paragraphs."""
    paragraphs: dict[int, list[str]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
    return "\n\n".join(" ".join(texts) for _, texts in sorted(paragraphs.items())) + "\n"


def available(wishes: Wishes, as_of: date) -> date | None:
    """When the person can begin, if that is still to come."""
    return wishes.available if wishes.available and wishes.available > as_of else None

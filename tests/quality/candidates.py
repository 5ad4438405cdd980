"""Texts → what the scorer sees, the way the services do it: for tables that start from resumes and postings as text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.ai.documents import Kind, extract
from services.ai.embedding import Encoder, Vector
from services.ai.embedding.sentences import SentenceEncoder
from services.ai.matching import (
    CandidateFeatures,
    Passage,
    PositionFeatures,
    Requirement,
    RequirementKind,
    find_requirements,
    pack,
    with_kin,
)
from services.ai.matching.features import Compact
from services.ai.matching.passages import position_passages
from services.ai.resume import parse, portrait, with_skills
from services.ai.resume.facts import features
from services.ai.resume.identity import neutral
from services.ai.resume.passages import passages
from services.ai.skills import Ontology, SkillLinker
from services.ai.spans import Span
from services.ai.titles import TitleEncoder


class Remembering:
    """The three encoders that the services use: of a text as a whole, of titles, of passages. Each text has its vector once: a resume that
    is changed in one line keeps nearly all of its texts.
    """

    def __init__(self, whole: Encoder) -> None:
        self._whole = whole
        self._short: dict[str, TitleEncoder | SentenceEncoder] = {
            "titles": TitleEncoder(),
            "passages": SentenceEncoder(),
        }
        self._wholes: dict[str, Vector] = {}
        self._packed: dict[tuple[str, str], Compact] = {}

    def encode(self, text: str) -> Vector:
        if text not in self._wholes:
            self._wholes[text] = self._whole.encode(text)
        return self._wholes[text]

    def pack(self, kind: str, texts: Sequence[str]) -> list[Compact]:
        """Of `titles` or `passages`, made neutral as the services make them."""
        told = [neutral(text) for text in texts]
        new = [text for text in dict.fromkeys(told) if (kind, text) not in self._packed]
        if new:
            self._packed |= {
                (kind, text): pack(row) for text, row in zip(new, self._short[kind].encode(new), strict=True)
            }
        return [self._packed[kind, text] for text in told]


def candidate(text: str, linker: SkillLinker, encoders: Remembering, as_of: date) -> CandidateFeatures:
    """Of a resume's text, as of a day. Spans point into the text as `extract` gives it."""
    document = extract(text.encode(), Kind.TEXT)
    resume = parse(document, as_of)
    resume = with_skills(resume, document, linker.link(document.text))
    found = features(resume, encoders.encode(portrait(document, resume)))
    titles = encoders.pack("titles", [role.title for role in found.roles])
    return replace(
        found,
        roles=tuple(replace(role, vector=vector) for role, vector in zip(found.roles, titles, strict=True)),
        passages=_passages(passages(resume), encoders),
    )


def position(title: str, text: str, linker: SkillLinker, encoders: Remembering, ontology: Ontology) -> PositionFeatures:
    """Of a posting's title and text."""
    asked, work = find_requirements(text, linker, title), encoders.pack("titles", [title])[0]
    return PositionFeatures(
        requirements=tuple(_of_work(with_kin(one, ontology), work) for one in asked),
        vector=encoders.encode(f"{title}\n{text}"),
        title=title,
        title_vector=work,
        passages=_passages(position_passages(text), encoders),
    )


def _of_work(requirement: Requirement, work: Compact) -> Requirement:
    """Years are asked of work like the position's."""
    return replace(requirement, work=work) if requirement.kind is RequirementKind.YEARS else requirement


def _passages(spans: Sequence[Span], encoders: Remembering) -> tuple[Passage, ...]:
    vectors = encoders.pack("passages", [span.text for span in spans])
    return tuple(Passage(span, vector) for span, vector in zip(spans, vectors, strict=True))

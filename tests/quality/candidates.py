"""Texts → what the scorer sees, the way the services do it: for tables that start from resumes and postings as text."""

from dataclasses import replace
from datetime import date
from functools import cache

from services.ai.documents import Kind, extract
from services.ai.embedding import Encoder, Vector
from services.ai.embedding.sentences import SentenceEncoder
from services.ai.matching import (
    CandidateFeatures,
    Passage,
    PositionFeatures,
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
from services.ai.titles import TitleEncoder


class Remembering:
    """An encoder that makes each text's vector once: a resume that is changed in one line keeps nearly all of its texts."""

    def __init__(self, encoder: Encoder) -> None:
        self.version = encoder.version
        self.load = encoder.load
        self._encoder = encoder
        self._known: dict[str, Vector] = {}

    def encode(self, text: str) -> Vector:
        if text not in self._known:
            self._known[text] = self._encoder.encode(text)
        return self._known[text]


def candidate(text: str, linker: SkillLinker, encoder: Encoder, as_of: date) -> CandidateFeatures:
    """Of a resume's text, as of a day. Spans point into `document.text` of the text."""
    document = extract(text.encode(), Kind.TEXT)
    resume = parse(document, as_of)
    resume = with_skills(resume, document, linker.link(document.text))
    found = features(resume, encoder.encode(portrait(document, resume)))
    return replace(
        found,
        roles=tuple(replace(role, vector=title_vector(role.title)) for role in found.roles),
        passages=tuple(Passage(span, passage_vector(span.text)) for span in passages(resume)),
    )


def position(title: str, text: str, linker: SkillLinker, encoder: Encoder, ontology: Ontology) -> PositionFeatures:
    """Of a posting's title and text."""
    asked = find_requirements(text, linker, title)
    return PositionFeatures(
        requirements=tuple(with_kin(one, ontology) for one in asked),
        vector=encoder.encode(f"{title}\n{text}"),
        title=title,
        title_vector=title_vector(title),
        passages=tuple(Passage(span, passage_vector(span.text)) for span in position_passages(text)),
    )


@cache
def title_vector(title: str) -> Compact:
    return pack(_titles().encode([neutral(title)])[0])


@cache
def passage_vector(text: str) -> Compact:
    return pack(_sentences().encode([neutral(text)])[0])


@cache
def _titles() -> TitleEncoder:
    return TitleEncoder()


@cache
def _sentences() -> SentenceEncoder:
    return SentenceEncoder()

"""Messages of other services → features. What the scorer must not see is dropped here."""

from collections.abc import Iterable

from skillsync.careerforge.v1.candidate_pb2 import Candidate
from skillsync.careerforge.v1.parsed_resume_pb2 import SKILL_EVIDENCE_USED_IN_ROLE, ParsedSkill
from skillsync.type.v1 import span_pb2

from services.ai.credentials import EducationLevel
from services.ai.embedding.minilm import DECIMALS
from services.ai.matching import CandidateFeatures, LanguageFact, SkillFact
from services.ai.months import YearMonth
from services.ai.spans import Span


def candidate_features(message: Candidate) -> CandidateFeatures:
    return CandidateFeatures(
        skills=tuple(_skill(s) for s in message.skills),
        years_of_experience=message.years_of_experience,
        roles=_spans(role.span for role in message.roles),
        education_level=EducationLevel(message.education_level),
        education=_span(message.education_span) if message.HasField("education_span") else None,
        languages=tuple(
            LanguageFact(entry.language.text.lower(), _span(entry.language.span)) for entry in message.languages
        ),
        # Floats of 32 bits on the wire: rounded again, they are the very numbers that the encoder gave.
        vector=tuple(round(x, DECIMALS) for x in message.vector),
    )


def _skill(message: ParsedSkill) -> SkillFact:
    last = message.last_used
    return SkillFact(
        message.skill_id,
        message.label,
        message.evidence == SKILL_EVIDENCE_USED_IN_ROLE,
        message.years,
        YearMonth(last.year, last.month) if message.HasField("last_used") else None,
        _spans(message.spans),
    )


def _spans(messages: Iterable[span_pb2.Span]) -> tuple[Span, ...]:
    return tuple(_span(message) for message in messages)


def _span(message: span_pb2.Span) -> Span:
    return Span(message.start, message.end, message.page, message.text)

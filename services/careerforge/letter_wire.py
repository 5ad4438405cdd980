"""Cover letters: rows ↔ messages."""

from uuid import UUID

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2

from services.ai.letters import Length, Options, Sentence, Tone
from services.careerforge import letters, parsed
from services.careerforge.letter_edits import Told, told
from services.careerforge.letter_writing import Asked, Restarted
from services.careerforge.letters import Change, Letter
from services.careerforge.tables import CoverLetter, CoverLetterVersion
from services.kit.masks import etag
from services.kit.times import timestamp


def asked(request: pb.WriteCoverLetterRequest) -> Asked:
    options = Options(
        tone=Tone(request.tone or Tone.PLAIN.value),
        length=Length(request.length or Length.MEDIUM.value),
        language=request.language_code or "en",
    )
    return Asked(UUID(request.position_id), options, _id(request.request_id), request.without_model)


def change(request: pb.UpdateCoverLetterRequest) -> Change:
    return Change(request.sentences, request.paragraphs, request.etag, _id(request.request_id))


def written(event: Sentence | Restarted) -> pb.WriteCoverLetterResponse:
    if isinstance(event, Restarted):
        return pb.WriteCoverLetterResponse(restarted=True)
    return pb.WriteCoverLetterResponse(sentence=sentence(told(event)))


def sentence(one: Told) -> growth_pb2.LetterSentence:
    return growth_pb2.LetterSentence(
        text=one.text,
        resume_spans=map(parsed.span, one.resume_spans),
        position_spans=map(parsed.span, one.position_spans),
        edited=one.edited,
        paragraph=one.paragraph,
    )


def letter(found: Letter) -> growth_pb2.CoverLetter:
    row, version = found
    message = overview(row)
    message.MergeFrom(
        growth_pb2.CoverLetter(
            sentences=map(sentence, letters.sentences_of(version)),
            version_number=version.number,
            update_time=timestamp(version.create_time),
        )
    )
    return message


def overview(row: CoverLetter) -> growth_pb2.CoverLetter:
    """Without sentences."""
    return growth_pb2.CoverLetter(
        id=str(row.id),
        position_id=str(row.position_id),
        language_code=row.language_code,
        version_number=row.version_number,
        create_time=timestamp(row.create_time),
        etag=etag(row.version_number),
        tone=row.tone,
        length=row.length,
        position_title=row.position_title,
        organization_name=row.organization_name,
        resume_id=str(row.resume_id or ""),
        model=row.model,
        update_time=timestamp(row.update_time),
    )


def version(row: CoverLetterVersion, sentence_count: int) -> growth_pb2.CoverLetterVersion:
    return growth_pb2.CoverLetterVersion(
        number=row.number, edited=row.edited, sentence_count=sentence_count, create_time=timestamp(row.create_time)
    )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None

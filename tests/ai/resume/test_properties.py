"""What holds for every text: spans point at what stands there, confidence is a probability, nothing raises."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai import codec
from services.ai.documents import Document
from services.ai.resume import ParsedResume, Value, parse
from services.ai.spans import Span
from tests.ai.resume.documents import AS_OF, document_of
from tests.ai.resume.test_locales import FRENCH, GERMAN, SPANISH
from tests.builders import RESUME

LINES = [line for text in (GERMAN, FRENCH, SPANISH, RESUME) for line in text.splitlines() if line]
shuffled = st.lists(st.sampled_from(LINES) | st.text(max_size=40), min_size=1, max_size=30).map("\n".join)


def parts(value: Any) -> Iterator[Any]:
    """A record and everything in it."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from parts(inner)


def check(document: Document, resume: ParsedResume) -> None:
    for part in parts(resume):
        if isinstance(part, Span):
            assert document.text[part.start : part.end] == part.text
        if isinstance(part, Value):
            assert 0 <= part.confidence <= 1
            assert part.text.strip()
    for job in resume.experiences:
        assert job.title or job.employer
        assert not (job.current and job.end)
    assert codec.from_json(ParsedResume, codec.to_json(resume)) == resume


@settings(max_examples=60)
@given(shuffled)
def test_every_value_points_at_the_characters_it_rests_on(text: str) -> None:
    if text.strip():
        try:
            document = document_of(text)
        except Exception:  # the reader's own tests say what it refuses
            return
        check(document, parse(document, AS_OF))


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH, RESUME])
def test_the_same_document_gives_the_same_records(text: str) -> None:
    once, again = (codec.to_json(parse(document_of(text), AS_OF)) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_a_document_without_text_is_an_error_and_no_record(text: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        parse(Document(text, (), 0), AS_OF)

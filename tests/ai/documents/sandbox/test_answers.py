"""A document survives the way out of a child; a forged one is sound or none."""

from contextlib import suppress
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.documents import Concealed, Concealment, Document, Line
from services.ai.documents.document import from_lines
from services.ai.documents.sandbox import answers

# Where jobs are worked on in this process too, their consumer draws from `random` in its own thread, and Hypothesis takes it for ours.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
boxes = st.tuples(finite, finite, finite, finite)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    lines = []
    for text in draw(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=20), max_size=6)):
        edges = draw(st.sampled_from([(), tuple(range(len(text) + 1))]))
        made = Line(
            0,
            0,
            draw(st.integers(0, 3)),
            draw(boxes),
            tuple(map(float, edges)),
            draw(finite),
            *draw(st.tuples(st.booleans(), st.booleans())),
        )
        lines.append(
            (
                text,
                replace(
                    made,
                    heading=draw(st.integers(0, 6)),
                    bullet=draw(st.booleans()),
                    block=draw(st.integers(0, 9)),
                    confidence=0.5,
                ),
            )
        )
    concealed = tuple(
        Concealed(text, draw(st.sampled_from(Concealment)), 1, draw(boxes))
        for text in draw(st.lists(st.text(st.characters(exclude_categories=("Cs",))), max_size=3))
    )
    return from_lines(
        lines,
        3,
        draw(st.sampled_from([(), ((612.0, 792.0),) * 3])),
        concealed,
        draw(st.booleans()),
        draw(st.integers(1, 4)),
    )


@given(documents())
def test_a_document_survives_the_way(document: Document) -> None:
    assert answers.unpack_document(answers.pack_document(document)) == document


def test_every_field_of_a_line_goes_the_way() -> None:
    line = Line(0, 3, 2, (1.0, 2.0, 3.0, 4.0), (1.0, 1.5, 2.0, 3.0), 12.0, True, True, 2, True, 7, 0.25)
    assert all(
        getattr(line, field.name) != field.default for field in fields(Line) if field.name not in ("start", "end")
    )
    concealed = (Concealed("x", Concealment.TINY, 1, (0.0, 1.0, 2.0, 3.0)),)
    document = Document("Ada\n", (line,), 2, ((612.0, 792.0),) * 2, concealed, True, 2, ((0, 3, "mailto:"),))
    assert all(getattr(document, field.name) != field.default for field in fields(Document))
    assert answers.unpack_document(answers.pack_document(document)) == document


WHOLE = answers.pack_document(
    from_lines([("Ada Example", Line(0, 0, 1, (1, 2, 3, 4), tuple(map(float, range(12)))))], 1, ((612.0, 792.0),))
)


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8), st.integers(0, len(WHOLE)))
def test_a_forged_answer_is_a_sound_document_or_none(place: int, piece: bytes, cut: int) -> None:
    for forged in (WHOLE[:place] + piece + WHOLE[place + len(piece) :], WHOLE[:cut]):
        try:
            document = answers.unpack_document(forged)
        except ValueError:
            continue
        assert all(
            0 <= line.start <= line.end <= len(document.text) and line.page <= document.page_count
            for line in document.lines
        )


@given(st.binary(max_size=200))
def test_forged_parts_and_errors_are_sound_or_none(forged: bytes) -> None:
    for unpack in (answers.unpack_parts, answers.unpack_error):
        with suppress(ValueError):
            unpack(forged)


@pytest.mark.parametrize(
    "lines",
    [
        (Line(0, 99),),
        (Line(2, 3), Line(0, 1)),
        (Line(0, 1, page=7),),
        (Line(0, 3, edges=(1.0,)),),
        (Line(0, 1, size=float("nan")),),
        (Line(0, 1, confidence=2.0),),
        (Line(0, 1, heading=9),),
    ],
)
def test_a_line_that_cannot_be_is_not_believed(lines: tuple[Line, ...]) -> None:
    with pytest.raises(ValueError, match="no document"):
        answers.unpack_document(answers.pack_document(Document("Ada\n", lines, 1)))

"""RTF: letters of every code page, looks, tables and fields; what is hidden or embedded reaches no text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.documents import Concealment, Document, DocumentError, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import kept_out, linked, texts

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Mincho;}}"
    r"{\colortbl ;\red255\green255\blue255;\red0\green0\blue128;}{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\*\cs2 Strong;}}"
    r"{\*\generator Writer 7;}"
)


def rtf(body: str) -> Document:
    return read((HEAD + body + "}").encode("latin-1"), Kind.RTF)


@pytest.mark.parametrize(
    ("name", "body", "text"),
    [
        ("Windows letters", r"Zo\'eb M\'fcller \'96 K\'f6ln", "Zoë Müller – Köln"),
        ("Unicode", r"caf\u233? \u8364?", "café €"),
        ("Unicode with two bytes instead", r"{\uc2 \u22823\'91\'e5}x", "大x"),
        ("Unicode without bytes instead", r"\uc0\u233 t\u233", "été"),
        ("a letter beyond the plane", r"\u-10179?\u-8704?", "😀"),
        ("Cyrillic by its font", r"\f1\'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        ("Japanese in two bytes", r"\f2\'93\'fa\'96\'7b", "日本"),
        ("signs", r"\ldblquote C++\rdblquote  \endash  \lquote a\rquote  \emdash  \bullet", "“C++” – ‘a’ — •"),
        ("escapes", r"\{a\\b\} x\~y non\_stop opt\-ional", r"{a\b} x y non-stop optional"),
        ("tab and line", r"Acme\tab Berlin\line 2019", "Acme\tBerlin\n2019"),
        ("line ends of the file", "Exam\r\nple", "Example"),
    ],
)
def test_letters_are_what_they_stand_for(name: str, body: str, text: str) -> None:
    assert rtf(body + r"\par").text == text + "\n", name


def test_looks_headings_and_items_are_known() -> None:
    document = rtf(
        r"\pard\plain\s1\b\fs32 Experience\par\pard\plain\fs22\i Acme\i0\par"
        r"{\listtext\'b7\tab}\pard\plain\fs20\ls1 Built\par{\pntext\'b7\tab}{\*\pn\pnlvlblt\pnindent0{\pntxtb\'b7}}Led\par\pard End\par"
    )
    looks = [(line.size, line.bold, line.italic, line.heading, line.bullet) for line in document.lines]
    assert texts(document) == ["Experience", "Acme", "Built", "Led", "End"]
    assert looks == [
        (16.0, True, False, 1, False),
        (11.0, False, True, 0, False),
        (10.0, False, False, 0, True),
        (10.0, False, False, 0, True),
        (10.0, False, False, 0, False),
    ]


def test_rows_of_tables_and_links_are_read() -> None:
    row = r"\trowd\cellx1000\cellx2000\pard\intbl {}\cell {}\cell\row "
    link = r'\pard See {\field{\*\fldinst{ HYPERLINK "https://example.org/ada" }}{\fldrslt{\ul my page}}}.\par'
    document = rtf(row.format("Python", "6 years") + row.format("Go", "2 years") + link)
    assert texts(document) == ["Python\t6 years", "Go\t2 years", "See my page."]
    assert linked(document) == [("my page", "https://example.org/ada")]


def test_headers_notes_and_frames_are_read_once_and_pictures_are_not() -> None:
    document = rtf(
        r"{\header\pard ada@example.org\par}{\footer\pard Page of Ada\par}Ada{\footnote with honours}\par"
        r"{\shp{\*\shpinst{\sp{\sn name}{\sv secret}}{\shptxt \pard In a box\par}}}{\*\unknown secret}{\pict\pngblip 89504e47}"
        r"{\pict\bin5 }}}}}}{\object{\*\objdata 0105}{\result shown}}\par"
    )
    assert texts(document) == ["ada@example.org", "Ada", "shown", "In a box", "with honours", "Page of Ada"]


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("hidden", r"{\v secret}", Concealment.INVISIBLE),
        ("white", r"{\cf1 secret}", Concealment.LOW_CONTRAST),
        ("blue on blue", r"{\cf2\highlight2 secret}", Concealment.LOW_CONTRAST),
        ("tiny", r"{\fs2 secret}", Concealment.TINY),
        ("squeezed", r"{\charscalex1 secret}", Concealment.TINY),
        ("deleted", r"{\deleted secret}", Concealment.HIDDEN_LAYER),
        ("far left", r"\pard\li-20000 secret\par", Concealment.OFF_PAGE),
        ("flat", r"\pard\sl-20 secret\par", Concealment.TINY),
        ("keywords", r"{\info{\keywords secret}}", Concealment.METADATA),
        ("comment", r"{\*\annotation secret}", Concealment.METADATA),
    ],
)
def test_what_nobody_sees_is_kept_out(name: str, body: str, reason: Concealment) -> None:
    document = rtf(r"\pard Ada\par " + body + r"\pard\plain Example\par")
    assert texts(document) == ["Ada", "Example"], name
    assert kept_out(document) == [("secret", reason)]


def test_white_letters_on_a_dark_ground_stay() -> None:
    assert texts(rtf(r"{\cf1\highlight2 Seen}\par\pard\cbpat2 {\cf1 too}\par")) == ["Seen", "too"]


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("FILE_UNREADABLE", b"no rich text"),
        ("FILE_UNREADABLE", (HEAD + "{" * 600).encode()),
        ("FILE_UNREADABLE", (HEAD + "word " * 41_000).encode()),
        ("NO_TEXT", (HEAD + r"{\v secret}\par}").encode()),
        ("NO_TEXT", b"{\\rtf"),
    ],
)
def test_what_cannot_be_read_says_why(reason: str, data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(data, Kind.RTF)
    assert caught.value.reason == reason


@given(
    st.lists(
        st.sampled_from(
            [*r"\{} '*-", "u", "uc", "bin", "f", "cell", "row", "intbl", "field", "9999999999", "-1", "é", "x"]
        ),
        max_size=60,
    )
)
def test_no_sequence_of_words_breaks_the_reader(words: list[str]) -> None:
    with suppress(DocumentError):
        assert rtf("Ada " + "".join(words)).text

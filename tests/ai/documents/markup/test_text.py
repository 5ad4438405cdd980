"""Plain text: in the encodings that people send, with its lines as they stand."""

import pytest

from services.ai.documents import Concealment, DocumentError, Kind
from services.ai.documents.document import Document
from services.ai.documents.readers import read
from tests.ai.documents.office import kept_out, texts

TEXT = "Zoë Müller – Köln\n“Python” & café: 3.000 €\n"


def plain(text: str) -> Document:
    return read(text.encode(), Kind.TEXT)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\0\0"),
        ("cp1252", b""),
        ("mac_roman", b""),
    ],
)
def test_text_is_read_in_the_encodings_that_people_send(encoding: str, mark: bytes) -> None:
    assert read(mark + TEXT.encode(encoding), Kind.TEXT).text == TEXT


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Инженер программист, Москва, опыт работы пять лет\n"),
        ("cp1250", "Wrocław, inżynier oprogramowania, znajomość języków: średnia\n"),
        ("cp850", "Geschäftsführer für Köln und Düsseldorf, Größe, Übung, später\n"),
    ],
)
def test_other_sets_are_known_by_their_letters(encoding: str, text: str) -> None:
    assert read(text.encode(encoding), Kind.TEXT).text == text


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    data = ("Müller und Söhne für Köln, Zürich, Düsseldorf, Münster, Nürnberg " * 2).encode() + b"\xff"
    assert read(data, Kind.TEXT).text.startswith("Müller und Söhne")


@pytest.mark.parametrize("data", [b"caf\xe9 \x81 Python", b"\xff\xfea\x00b", b"\xff\xfe\x00\xd8a\x00"])
def test_text_that_no_encoding_fits_is_read_as_far_as_it_goes(data: bytes) -> None:
    assert "\ufffd" in read(data, Kind.TEXT).text


def test_rules_go_and_wide_white_is_a_tab() -> None:
    document = plain(
        "Ada Example\n===========\n\n  Acme GmbH          Berlin\n* Python\n──────────\n- - -\n+----+\n-5 °C\n"
    )
    assert texts(document) == ["Ada Example", "Acme GmbH\tBerlin", "* Python", "-5 °C"]
    assert {line.heading for line in document.lines} == {0}


def test_form_feeds_part_pages() -> None:
    document = plain("Ada\fPython\nGo\f")
    assert (texts(document), [line.page for line in document.lines], document.page_count) == (
        ["Ada", "Python", "Go"],
        [1, 2, 2],
        2,
    )


@pytest.mark.parametrize(
    ("name", "text", "read_as", "hidden"),
    [
        ("a joiner in a word", "Py\u200bthon", "Python", "\u200b"),
        ("tag letters", "Ada\U000e0068\U000e0069", "Ada", "hi"),
        ("forced direction", "Ada \u202eavaJ\u202c", "Ada avaJ", "\u202e"),
        ("a long row", "Ada " + "\u200b\u200c" * 4, "Ada", "\u200b\u200c" * 4),
        ("a soft hyphen", "soft\u00adware", "software", ""),
        ("an emoji's joiner", "👩\u200d💻 Ada", "👩💻 Ada", ""),
        ("a mark beside a blank", "Ada \u200e", "Ada", ""),
        ("a control character", "A\x07da", "Ada", ""),
    ],
)
def test_letters_without_width_are_removed_and_told_when_they_were_meant(
    name: str, text: str, read_as: str, hidden: str
) -> None:
    document = plain(text)
    assert texts(document) == [read_as], name
    assert kept_out(document) == ([(hidden, Concealment.ZERO_WIDTH)] if hidden else [])


@pytest.mark.parametrize(
    ("reason", "data", "said"),
    [
        ("NO_TEXT", b"---\n \n", "no text"),
        ("FILE_UNREADABLE", b"word " * 41_000, "200,000 letters"),
        ("FILE_UNREADABLE", b"a" * 900_000, "200,000 letters"),
        ("FILE_UNREADABLE", b"a\f" * 51 + b"a", "at most 50"),
    ],
)
def test_what_is_too_much_or_nothing_says_so(reason: str, data: bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        read(data, Kind.TEXT)
    assert caught.value.reason == reason

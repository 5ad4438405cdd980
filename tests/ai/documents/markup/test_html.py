"""Pages: what a browser shows is read; what styles hide, and what is told to machines only, is kept out."""

from contextlib import suppress

import pytest

from services.ai.documents import Concealment, Document, DocumentError, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import kept_out, linked, texts


def page(body: str, css: str = "", head: str = "") -> Document:
    return read(
        f"<!DOCTYPE html><html><head>{head}<style>{css}</style></head><body>{body}</body></html>".encode(), Kind.HTML
    )


def test_blocks_are_lines_and_inline_elements_are_not() -> None:
    document = page(
        "<h1>Ada <em>Example</em></h1><div>C++ &amp; C# &lt;2 years&gt;,\n  Zo&euml;’s&nbsp;team<br>Berlin</div>text <b>bold</b> "
        "<span>more</span><p>Go</p>"
    )
    assert texts(document) == ["Ada Example", "C++ & C# <2 years>, Zoë’s team", "Berlin", "text bold more", "Go"]
    assert (document.lines[0].heading, document.lines[0].size, document.lines[0].bold) == (1, 24.0, True)


def test_items_tables_and_links_are_known() -> None:
    document = page(
        '<ul><li>Built <a href="https://example.org/ada">this</a><br>and that<ul><li>Nested</li></ul></li></ul>'
        "<table><thead><tr><th>Skill<th>Years</tr></thead><tr><td>Python<td>6</tr></table>"
        '<a href="javascript:alert(1)">no link</a>'
    )
    assert texts(document) == ["Built this", "and that", "Nested", "Skill\tYears", "Python\t6", "no link"]
    assert [line.bullet for line in document.lines] == [True, False, True, False, False, False]
    assert linked(document) == [("this", "https://example.org/ada")]


def test_boxes_side_by_side_are_one_line() -> None:
    document = page('<div class="row"><h3>Engineer, Acme</h3><span>2019 – 2021</span></div>', ".row { display: flex }")
    assert texts(document) == ["Engineer, Acme\t2019 – 2021"]
    assert document.lines[0].heading == 0


def test_kept_white_stays_and_other_white_does_not() -> None:
    assert texts(page("<pre>Acme      Berlin\n2019</pre><p>a\n   b</p>")) == ["Acme\tBerlin", "2019", "a b"]


@pytest.mark.parametrize(
    ("name", "body", "css", "reason"),
    [
        ("display", '<p style="display: none">secret</p>', "", Concealment.INVISIBLE),
        ("visibility", '<p style="visibility:hidden">secret</p>', "", Concealment.INVISIBLE),
        ("opacity", '<p style="opacity: 0.01">secret</p>', "", Concealment.INVISIBLE),
        (
            "opacity of both",
            '<div style="opacity:.3"><p style="opacity:.3">secret</p></div>',
            "",
            Concealment.INVISIBLE,
        ),
        ("the attribute", "<p hidden>secret</p>", "", Concealment.INVISIBLE),
        ("no size", '<p style="font-size:0">secret</p>', "", Concealment.TINY),
        ("tiny", '<p style="font-size:1px">secret</p>', "", Concealment.TINY),
        ("tiny by parts", '<p style="font-size:10%"><b style="font-size:.5em">secret</b></p>', "", Concealment.TINY),
        ("off the screen", '<p style="position:absolute;left:-9999px">secret</p>', "", Concealment.OFF_PAGE),
        ("indented away", '<p style="text-indent:-999em">secret</p>', "", Concealment.OFF_PAGE),
        ("moved", '<p style="transform: translateX(-5000px)">secret</p>', "", Concealment.OFF_PAGE),
        ("scaled", '<p style="transform: scale(0)">secret</p>', "", Concealment.TINY),
        ("clipped", '<p style="clip: rect(0,0,0,0)">secret</p>', "", Concealment.INVISIBLE),
        ("closed", '<p style="height:0;overflow:hidden">secret</p>', "", Concealment.INVISIBLE),
        ("white", '<p style="color:#fff">secret</p>', "", Concealment.LOW_CONTRAST),
        ("a white font", '<font color="white">secret</font>', "", Concealment.LOW_CONTRAST),
        ("clear", '<p style="color:transparent">secret</p>', "", Concealment.INVISIBLE),
        ("clear in part", '<p style="color:rgba(0,0,0,.02)">secret</p>', "", Concealment.INVISIBLE),
        (
            "dark on dark",
            '<div style="background:#222"><p style="color:#232323">secret</p></div>',
            "",
            Concealment.LOW_CONTRAST,
        ),
        ("a class", '<p class="a x">secret</p>', ".x{display:none}", Concealment.INVISIBLE),
        ("an id", '<p id="x">secret</p>', "p#x{color:white}", Concealment.LOW_CONTRAST),
        ("an element", "<p><u>secret</u></p>", "u{visibility:hidden}", Concealment.INVISIBLE),
        (
            "a descendant",
            '<div class="a"><p><i>secret</i></p></div>',
            "div.a > p i, .z {display:none}",
            Concealment.INVISIBLE,
        ),
        ("an attribute", '<p data-x="1">secret</p>', "[data-x='1']{display:none}", Concealment.INVISIBLE),
        (
            "a variable",
            "<p class=x>secret</p>",
            ":root{--ground:#fefefe} .x{color:var(--ground)}",
            Concealment.LOW_CONTRAST,
        ),
        ("a medium", "<p class=x>secret</p>", "@media screen { .x { display:none } }", Concealment.INVISIBLE),
        (
            "importance",
            '<p class=x style="display:block">secret</p>',
            ".x{display:none!important}",
            Concealment.INVISIBLE,
        ),
        ("screen readers", '<span class="sr-only">secret</span>', "", Concealment.INVISIBLE),
        ("no script", "<noscript>secret</noscript>", "", Concealment.INVISIBLE),
        ("comment", "<!-- secret -->", "", Concealment.METADATA),
        ("picture", '<img alt="secret">', "", Concealment.METADATA),
    ],
)
def test_what_nobody_sees_is_kept_out(name: str, body: str, css: str, reason: Concealment) -> None:
    document = page(f"<p>Ada</p>{body}<p>Example</p>", css)
    assert texts(document) == ["Ada", "Example"], name
    assert kept_out(document) == [("secret", reason)]


@pytest.mark.parametrize(
    ("name", "body", "css"),
    [
        ("white on dark", '<div style="background:#123"><p style="color:white">Seen</p></div>', ""),
        ("white on a picture", '<div style="background:url(x.png)"><p style="color:white">Seen</p></div>', ""),
        ("shown again", '<div style="visibility:hidden"><p style="visibility:visible">Seen</p></div>', ""),
        ("for print only", "<p class=x>Seen</p>", "@media print { .x { display:none } }"),
        ("another class", "<p class=y>Seen</p>", ".x{display:none}"),
        ("another parent", "<p><i>Seen</i></p>", "div i{display:none}"),
        ("when pointed at", "<p class=x>Seen</p>", ".x:hover{display:none}"),
        ("unknown to readers of screens", '<p aria-hidden="true">Seen</p>', ""),
        ("a little out", '<p style="margin-left:-20px">Seen</p>', ""),
        ("the stronger rule", "<p id=a class=x>Seen</p>", "#a{display:block} .x{display:none}"),
    ],
)
def test_what_can_be_seen_stays(name: str, body: str, css: str) -> None:
    document = page(body, css)
    assert (texts(document), kept_out(document)) == (["Seen"], []), name


def test_titles_and_words_for_search_engines_are_told_apart_and_scripts_are_nothing() -> None:
    document = page(
        "<p>Ada</p><script>var x = 'python'</script><style>p{}</style>",
        head='<title>CV</title><meta name="keywords" content="java">',
    )
    assert texts(document) == ["Ada"]
    assert kept_out(document) == [("CV", Concealment.METADATA), ("java", Concealment.METADATA)]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "utf-16"])
def test_a_page_is_read_in_its_encoding(charset: str) -> None:
    encoding = charset if charset != "utf-16" else "utf-8"
    data = f'<html><meta charset="{encoding}"><p>Zoë Müller, Köln</p></html>'.encode(charset)
    assert read(data, Kind.HTML).text == "Zoë Müller, Köln\n"


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("NO_TEXT", b"<html><p hidden>secret</p></html>"),
        ("NO_TEXT", b"<html>"),
        ("FILE_UNREADABLE", b"<p>" + b"word " * 41_000),
        ("FILE_UNREADABLE", b" " * (9 << 20)),
    ],
)
def test_what_cannot_be_read_says_why(reason: str, data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(data, Kind.HTML)
    assert caught.value.reason == reason


def test_entities_are_not_unfolded_and_nesting_breaks_nothing() -> None:
    bomb = b'<!DOCTYPE html [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><p>&b; Ada</p>'
    assert "haha" not in read(bomb, Kind.HTML).text
    with suppress(DocumentError):
        assert "Ada" in read(b"<div>" * 5000 + b"Ada" + b"</div>" * 5000, Kind.HTML).text

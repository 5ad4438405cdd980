"""Writer documents: read as they are printed; what Writer hides is kept out and named."""

import pytest

from services.ai.documents import Concealment, DocumentError, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import ODF_NAMESPACES, an_odt, kept_out, linked, odt, texts, zipped

VISIBLE = "<text:p>Ada Example</text:p>"


def style(name: str, family: str, properties: str = "", attributes: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {attributes}>{properties}</style:style>'


def text_style(name: str, said: str) -> str:
    return style(name, "text", f"<style:text-properties {said}/>")


def span(text: str, name: str = "X") -> str:
    return f'<text:span text:style-name="{name}">{text}</text:span>'


def test_paragraphs_headings_and_looks_are_read() -> None:
    styles = text_style("B", 'fo:font-weight="bold" fo:font-size="20pt"') + style(
        "P1", "paragraph", '<style:text-properties fo:font-style="italic"/>', 'style:default-outline-level="2"'
    )
    document = odt(
        f"<text:p>{span('Ada', 'B')}</text:p>",
        '<text:h text:outline-level="1">Experience</text:h>',
        '<text:p text:style-name="P1">Acme</text:p>',
        styles=styles,
    )
    assert texts(document) == ["Ada", "Experience", "Acme"]
    looks = [(line.size, line.bold, line.italic, line.heading) for line in document.lines]
    assert looks == [(20.0, True, False, 0), (12.0, False, False, 1), (12.0, False, True, 2)]


def test_tabs_blanks_and_breaks_part_words_and_line_feeds_of_the_file_do_not_part_lines() -> None:
    body = "<text:p>Acme<text:tab/>Berlin<text:line-break/>2019<text:s text:c='2'/>–\n<text:span>2021</text:span>\n</text:p>"
    assert odt(body).text == "Acme\tBerlin\n2019 – 2021\n"


def test_items_of_lists_are_marked() -> None:
    nested = "<text:list><text:list-item><text:p>Nested</text:p></text:list-item></text:list>"
    document = odt(f"<text:list><text:list-item><text:p>Built</text:p>{nested}</text:list-item></text:list>", VISIBLE)
    assert [(text, line.bullet) for text, line in zip(texts(document), document.lines, strict=True)] == [
        ("Built", True),
        ("Nested", True),
        ("Ada Example", False),
    ]


def test_tables_are_read_row_by_row() -> None:
    def row(*cells: str) -> str:
        filled = (f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{''.join(filled)}</table:table-row>"

    skills = "".join(f"<text:p>Skill {n}</text:p>" for n in range(6))
    jobs = "".join(f"<text:p>Job {n}</text:p>" for n in range(6))
    short = row("<text:p>Python</text:p>", "<text:p>6 years</text:p>")
    document = odt(
        f"<table:table><table:table-rows>{short}</table:table-rows></table:table>",
        f"<table:table>{row(skills, jobs)}</table:table>",
    )
    assert texts(document) == ["Python\t6 years", *(f"Skill {n}" for n in range(6)), *(f"Job {n}" for n in range(6))]
    assert document.columns == 2


def test_frames_notes_and_links_are_read_once() -> None:
    body = (
        '<text:p>See <text:a xlink:href="https://example.org/ada">my page</text:a><draw:frame><draw:text-box>'
        "<text:p>ada@example.org</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p>MSc<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>with honours</text:p></text:note-body></text:note></text:p>"
    )
    document = odt(body)
    assert texts(document) == ["See my page", "ada@example.org", "MSc", "with honours"]
    assert linked(document) == [("my page", "https://example.org/ada")]


def test_headers_and_footers_of_used_pages_are_read() -> None:
    def master(name: str, text: str) -> str:
        return (
            f'<style:master-page style:name="{name}"><style:header><text:p>{text}</text:p></style:header>'
            f"<style:footer><text:p>Page of {text}</text:p></style:footer></style:master-page>"
        )

    pages = master("Standard", "Ada") + master("Envelope", "secret")
    parts = {"styles.xml": f"<office:document-styles {ODF_NAMESPACES}>{pages}</office:document-styles>"}
    document = odt("<text:p>Engineer</text:p>", parts=parts)
    assert texts(document) == ["Ada", "Engineer", "Page of Ada"]
    assert kept_out(document) == [("secret", Concealment.INVISIBLE), ("Page of secret", Concealment.INVISIBLE)]


@pytest.mark.parametrize(
    ("name", "body", "said", "reason"),
    [
        ("hidden letters", f"<text:p>{span('secret')}</text:p>", 'text:display="none"', Concealment.INVISIBLE),
        ("white", f"<text:p>{span('secret')}</text:p>", 'fo:color="#ffffff"', Concealment.LOW_CONTRAST),
        ("tiny", f"<text:p>{span('secret')}</text:p>", 'fo:font-size="1pt"', Concealment.TINY),
        (
            "clear",
            f"<text:p>{span('secret')}</text:p>",
            'loext:opacity="0%" xmlns:loext="urn:l"',
            Concealment.INVISIBLE,
        ),
        (
            "section",
            '<text:section text:display="none"><text:p>secret</text:p></text:section>',
            "",
            Concealment.HIDDEN_LAYER,
        ),
        (
            "deletion",
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>secret</text:p></text:deletion></text:changed-region></text:tracked-changes>",
            "",
            Concealment.HIDDEN_LAYER,
        ),
        (
            "comment",
            "<text:p><office:annotation><text:p>secret</text:p></office:annotation></text:p>",
            "",
            Concealment.METADATA,
        ),
        (
            "hidden text",
            '<text:p><text:hidden-text text:string-value="secret"/></text:p>',
            "",
            Concealment.HIDDEN_LAYER,
        ),
        ("hidden paragraph", "<text:p><text:hidden-paragraph/>secret</text:p>", "", Concealment.HIDDEN_LAYER),
        (
            "collapsed row",
            '<table:table><table:table-row table:visibility="collapse"><table:table-cell>'
            "<text:p>secret</text:p></table:table-cell></table:table-row></table:table>",
            "",
            Concealment.HIDDEN_LAYER,
        ),
        (
            "far frame",
            '<text:p><draw:frame svg:x="-90cm" svg:width="5cm"><draw:text-box>'
            "<text:p>secret</text:p></draw:text-box></draw:frame></text:p>",
            "",
            Concealment.OFF_PAGE,
        ),
    ],
)
def test_what_nobody_sees_is_kept_out(name: str, body: str, said: str, reason: Concealment) -> None:
    document = odt(VISIBLE, body, styles=text_style("X", said))
    assert texts(document) == ["Ada Example"], name
    assert kept_out(document) == [("secret", reason)]


def test_white_on_a_dark_cell_stays() -> None:
    styles = text_style("X", 'fo:color="#ffffff"') + style(
        "D", "table-cell", '<style:table-cell-properties fo:background-color="#223344"/>'
    )
    cell = f'<table:table-cell table:style-name="D"><text:p>{span("Seen")}</text:p></table:table-cell>'
    document = odt(f"<table:table><table:table-row>{cell}</table:table-row></table:table>", styles=styles)
    assert (texts(document), kept_out(document)) == (["Seen"], [])


def test_properties_are_told_apart() -> None:
    meta = f"<office:document-meta {ODF_NAMESPACES}><office:meta><meta:keyword>python</meta:keyword></office:meta></office:document-meta>"
    assert kept_out(odt(VISIBLE, parts={"meta.xml": meta})) == [("python", Concealment.METADATA)]


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("FILE_UNREADABLE", zipped({"content.xml": "<office"})),
        ("FILE_UNREADABLE", zipped({"content.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})),
        ("FILE_UNREADABLE", zipped({"content.xml": "<a/>"})),
        ("FILE_UNREADABLE", zipped({"other.xml": "<a/>"})),
        ("FILE_UNREADABLE", b"PK\x03\x04"),
        ("FILE_UNREADABLE", an_odt("<text:p>" + "word " * 41_000 + "</text:p>")),
        ("NO_TEXT", an_odt("<text:p> </text:p>")),
        (
            "FILE_ENCRYPTED",
            an_odt(
                VISIBLE,
                parts={
                    "META-INF/manifest.xml": f"<manifest:manifest {ODF_NAMESPACES}><manifest:encryption-data/></manifest:manifest>"
                },
            ),
        ),
    ],
)
def test_what_cannot_be_read_says_why(reason: str, data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(data, Kind.ODT)
    assert caught.value.reason == reason

"""Word documents: what Word prints is read, in the order of a person; what it does not print is kept out and named."""

import io
import zipfile
from itertools import pairwise

import pytest

from services.ai.documents import Concealment, DocumentError, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import (
    NAMESPACES,
    STRICT,
    WORD,
    a_docx,
    docx,
    kept_out,
    linked,
    paragraph,
    run,
    section,
    table,
    texts,
    zipped,
)

BILLION_LAUGHS = "<!DOCTYPE w:document [{}]>".format(
    '<!ENTITY e0 "haha">' + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
)
WHITE = '<w:color w:val="FFFFFF"/>'
VISIBLE = "Ada Example"


def box(content: str, anchor: str = "", shape: str = "") -> str:
    """A text box as Word writes it: for new readers and, again, for old ones."""
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:anchor>{anchor}<wps:wsp>'
        f"<wps:spPr>{shape}</wps:spPr><wps:txbx>{inner}</wps:txbx></wps:wsp>"
        f"</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def style(key: str, name: str, properties: str = "", based_on: str = "", kind: str = "paragraph") -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{based}{properties}</w:style>'


def styled(text: str, key: str) -> str:
    return paragraph(text, properties=f'<w:pStyle w:val="{key}"/>')


def test_a_document_is_read_from_header_to_footer() -> None:
    document = docx(
        paragraph("Ada ", "Exam", "ple"),
        paragraph("C++ & C# <2 years>, Zoë’s team"),
        paragraph("Experience"),
        section("footer1", "header1"),
        parts={"header1": paragraph("ada@example.org"), "footer1": paragraph("References on request")},
    )
    assert texts(document) == [
        "ada@example.org",
        "Ada Example",
        "C++ & C# <2 years>, Zoë’s team",
        "Experience",
        "References on request",
    ]


def test_a_header_that_no_page_shows_is_kept_out() -> None:
    document = docx(
        paragraph(VISIBLE),
        section("header1:first", "header2"),
        parts={"header1": paragraph("first pages only"), "header2": paragraph("Berlin"), "footer1": paragraph("loose")},
    )
    assert texts(document) == ["Berlin", VISIBLE]
    assert kept_out(document) == [
        ("first pages only", Concealment.INVISIBLE),
        ("loose", Concealment.INVISIBLE),
    ]


def test_the_header_of_a_title_page_is_read() -> None:
    body = section("header1:first", properties="<w:titlePg/>")
    assert texts(docx(paragraph(VISIBLE), body, parts={"header1": paragraph("Berlin")})) == ["Berlin", VISIBLE]


def test_one_header_for_all_sections_is_read_once() -> None:
    parts = {"header1": paragraph("Page of Ada"), "header2": paragraph("Page of Ada")}
    assert texts(docx(paragraph(VISIBLE), section("header1", "header2"), parts=parts)) == ["Page of Ada", VISIBLE]


def test_tabs_breaks_and_symbols_are_what_they_look_like() -> None:
    body = (
        "<w:p><w:r><w:t>Acme</w:t><w:tab/><w:t>Berlin</w:t><w:br/><w:t>full</w:t><w:noBreakHyphen/><w:t>time</w:t>"
        '<w:softHyphen/><w:t>r </w:t><w:sym w:font="Wingdings" w:char="F0E0"/></w:r></w:p>'
    )
    assert docx(body).text == "Acme\tBerlin\nfull-timer →\n"


def test_headings_are_known_by_style_name_outline_and_descent() -> None:
    styles = (
        style("berschrift1", "heading 1")
        + style("Titre2", "Titre 2")
        + style("Mine", "Section", based_on="berschrift1")
        + style("Level", "Level", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("Title", "Title")
    )
    keys = ("berschrift1", "Titre2", "Mine", "Level", "Title", "None")
    document = docx(*(styled(key, key) for key in keys), styles=styles)
    assert [line.heading for line in document.lines] == [1, 2, 1, 3, 1, 0]


def test_looks_come_from_defaults_styles_and_runs() -> None:
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
        + style("Big", "Big", '<w:rPr><w:b/><w:sz w:val="40"/></w:rPr>')
        + style("Bigger", "Bigger", "<w:rPr><w:i/></w:rPr>", based_on="Big")
        + style("Strong", "Strong", "<w:rPr><w:b/></w:rPr>", kind="character")
    )
    document = docx(
        styled("Ada", "Bigger"),
        paragraph(run("Engineer", '<w:rStyle w:val="Strong"/>'), " x"),
        paragraph(run("plain", '<w:b w:val="0"/>'), properties='<w:pStyle w:val="Big"/>'),
        paragraph("body"),
        styles=styles,
    )
    looks = [(line.size, line.bold, line.italic) for line in document.lines]
    assert looks == [(20.0, True, True), (11.0, True, False), (20.0, False, False), (11.0, False, False)]


def test_items_of_lists_are_marked_and_headings_with_numbers_are_not() -> None:
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    styles = style("ListBullet", "List Bullet", f"<w:pPr>{listed}</w:pPr>") + style(
        "H", "heading 2", f"<w:pPr>{listed}</w:pPr>"
    )
    document = docx(
        paragraph("Built", properties=listed),
        styled("Led", "ListBullet"),
        styled("Experience", "H"),
        paragraph("text", properties='<w:numPr><w:numId w:val="0"/></w:numPr><w:pStyle w:val="ListBullet"/>'),
        styles=styles,
    )
    assert [line.bullet for line in document.lines] == [True, True, False, False]


def test_short_cells_stand_side_by_side() -> None:
    document = docx(paragraph("Skills"), table(("Python", "6 years"), ("Go", "", "2 years")), paragraph("End"))
    assert texts(document) == ["Skills", "Python\t6 years", "Go\t2 years", "End"]
    assert len({line.block for line in document.lines}) == 3


def test_a_sidebar_is_read_before_what_stands_beside_it() -> None:
    left = "".join(paragraph(f"Skill {n}") for n in range(6))
    right = "".join(paragraph(f"Job {n}") for n in range(6))
    document = docx(table((left, right)))
    assert texts(document) == [f"Skill {n}" for n in range(6)] + [f"Job {n}" for n in range(6)]
    assert [line.block for line in document.lines] == [0] * 6 + [1] * 6
    assert document.columns == 2


def test_a_date_stands_beside_the_first_line_of_its_job() -> None:
    job = paragraph("Engineer, Acme") + paragraph("Built an engine that reads everything and forgets nothing at all.")
    assert texts(docx(table(("2019 – 2021", job))))[0] == "2019 – 2021\tEngineer, Acme"


def test_a_text_box_is_read_once_in_a_block_of_its_own() -> None:
    document = docx(f"<w:p>{box(paragraph('ada@example.org'))}</w:p>", paragraph(VISIBLE))
    assert texts(document) == ["ada@example.org", VISIBLE]
    assert document.lines[0].block != document.lines[1].block


def test_links_keep_their_targets() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org/ada" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>my page</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    document = docx(
        f'<w:p>{run("See ")}<w:hyperlink r:id="l1">{run("Git")}{run("Hub")}</w:hyperlink></w:p>',
        f"<w:p>{field}{run(' end')}</w:p>",
        links={"l1": "https://github.com/ada"},
    )
    assert linked(document) == [("GitHub", "https://github.com/ada"), ("my page", "https://example.org/ada")]


def test_footnotes_follow_the_story() -> None:
    note = f'<w:footnote w:id="7">{paragraph("with honours")}</w:footnote><w:footnote w:id="8">{paragraph("unused")}</w:footnote>'
    body = '<w:p><w:r><w:t>MSc</w:t><w:footnoteReference w:id="7"/></w:r></w:p>'
    assert texts(docx(body, paragraph("End"), parts={"footnotes": note})) == ["MSc", "End", "with honours"]


def test_columns_of_a_section_are_counted() -> None:
    assert docx(paragraph(VISIBLE), section(properties='<w:cols w:num="2"/>')).columns == 2


@pytest.mark.parametrize(
    ("name", "hidden", "reason"),
    [
        ("vanished", paragraph(run("secret", "<w:vanish/>")), Concealment.INVISIBLE),
        ("white", paragraph(run("secret", WHITE)), Concealment.LOW_CONTRAST),
        ("nearly white", paragraph(run("secret", '<w:color w:val="FDFDFD"/>')), Concealment.LOW_CONTRAST),
        ("tiny", paragraph(run("secret", '<w:sz w:val="2"/>')), Concealment.TINY),
        ("squeezed", paragraph(run("secret", '<w:w w:val="1"/>')), Concealment.TINY),
        ("flat lines", paragraph("secret", properties='<w:spacing w:line="20" w:lineRule="exact"/>'), Concealment.TINY),
        ("far left", paragraph("secret", properties='<w:ind w:left="-20000"/>'), Concealment.OFF_PAGE),
        (
            "deleted",
            f"<w:p><w:del><w:r><w:delText>secret</w:delText></w:r></w:del>{run('')}</w:p>",
            Concealment.HIDDEN_LAYER,
        ),
        (
            "no fill",
            paragraph(run("secret", "<w14:textFill><w14:noFill/></w14:textFill>")),
            Concealment.INVISIBLE,
        ),
        (
            "dark on dark",
            table((paragraph(run("secret", '<w:color w:val="222222"/>')),), shade="202020"),
            Concealment.LOW_CONTRAST,
        ),
        (
            "a hidden row",
            f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph('secret')}</w:tc></w:tr></w:tbl>",
            Concealment.HIDDEN_LAYER,
        ),
        (
            "a box beside the page",
            f"<w:p>{box(paragraph('secret'), '<wp:positionH><wp:posOffset>-90000000</wp:posOffset></wp:positionH>')}</w:p>",
            Concealment.OFF_PAGE,
        ),
        (
            "a hidden box",
            "<w:p>" + box(paragraph("secret"), '<wp:docPr hidden="1"/>') + "</w:p>",
            Concealment.INVISIBLE,
        ),
        (
            "a described picture",
            '<w:p><w:r><w:drawing><wp:docPr descr="secret"/></w:drawing></w:r></w:p>',
            Concealment.METADATA,
        ),
    ],
)
def test_what_nobody_sees_is_kept_out(name: str, hidden: str, reason: Concealment) -> None:
    document = docx(paragraph(VISIBLE), hidden)
    assert texts(document) == [VISIBLE], name
    assert kept_out(document) == [("secret", reason)]


def test_a_style_hides_what_is_based_on_it() -> None:
    styles = style("Ghost", "Ghost", "<w:rPr><w:vanish/></w:rPr>") + style("Child", "Child", based_on="Ghost")
    document = docx(paragraph(VISIBLE), styled("secret", "Child"), styles=styles)
    assert (texts(document), kept_out(document)) == ([VISIBLE], [("secret", Concealment.INVISIBLE)])


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a dark cell", table((paragraph(run("Seen", WHITE)),), shade="1F3864")),
        ("a dark paragraph", paragraph(run("Seen", WHITE), properties='<w:shd w:val="clear" w:fill="333333"/>')),
        ("a marker", paragraph(run("Seen", WHITE + '<w:highlight w:val="darkBlue"/>'))),
        ("shaded letters", paragraph(run("Seen", WHITE + '<w:shd w:val="clear" w:fill="000000"/>'))),
        ("a table's dark style", table((paragraph(run("Seen", WHITE)),), style="Dark")),
        (
            "a dark box",
            "<w:p>"
            + box(paragraph(run("Seen", WHITE)), shape='<a:solidFill><a:srgbClr val="112233"/></a:solidFill>')
            + "</w:p>",
        ),
        ("grey", paragraph(run("Seen", '<w:color w:val="999999"/>'))),
        ("shown again", paragraph(run("Seen", '<w:vanish w:val="0"/>'))),
    ],
)
def test_what_can_be_seen_on_its_ground_stays(name: str, body: str) -> None:
    dark = '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="000000"/></w:tcPr></w:tblStylePr>'
    document = docx(body, styles=style("Dark", "Dark", dark, kind="table"))
    assert texts(document) == ["Seen"], name
    assert kept_out(document) == []


def test_a_dark_shape_behind_the_text_carries_as_many_white_letters_as_it_has_room_for() -> None:
    shape = (
        '<w:p><w:r><w:drawing><wp:anchor behindDoc="1"><wp:extent cx="1905000" cy="381000"/><wps:wsp><wps:spPr><a:solidFill>'
        '<a:srgbClr val="000000"/></a:solidFill></wps:spPr></wps:wsp></wp:anchor></w:drawing></w:r></w:p>'
    )
    document = docx(shape, paragraph(run("Ada Example", WHITE)), paragraph(run("python java " * 40, WHITE)))
    assert texts(document) == ["Ada Example"]
    assert [reason for _, reason in kept_out(document)] == [Concealment.LOW_CONTRAST]


def test_comments_and_properties_are_told_apart() -> None:
    data = a_docx(paragraph(VISIBLE), parts={"comments": f"<w:comment>{paragraph('hire her')}</w:comment>"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = (
        '<c:coreProperties xmlns:c="urn:c"><c:keywords>python, java</c:keywords></c:coreProperties>'
    )
    document = read(zipped(parts), Kind.DOCX)
    assert texts(document) == [VISIBLE]
    assert kept_out(document) == [("hire her", Concealment.METADATA), ("python, java", Concealment.METADATA)]


def test_letters_without_width_leave_the_word_whole() -> None:
    document = docx(paragraph("Py\u200bthon \U000e0068\U000e0069"))
    assert document.text == "Python\n"
    assert kept_out(document) == [("\u200bhi", Concealment.ZERO_WIDTH)]


def test_strict_files_are_read_too() -> None:
    strict = zipped(
        {
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{paragraph(VISIBLE)}</w:body></w:document>".replace(
                WORD, STRICT
            )
        }
    )
    assert texts(read(strict, Kind.DOCX)) == [VISIBLE]


def test_the_story_is_found_wherever_its_relation_says() -> None:
    parts: dict[str, str | bytes] = {
        "_rels/.rels": '<Relationships xmlns="x"><Relationship Id="a" Type="x/officeDocument" '
        'Target="word/document2.xml"/></Relationships>',
        "word/document2.xml": f"<w:document {NAMESPACES}><w:body>{paragraph(VISIBLE)}</w:body></w:document>",
    }
    assert texts(read(zipped(parts), Kind.DOCX)) == [VISIBLE]


def test_lines_stand_where_they_say() -> None:
    document = docx(paragraph("Ada"), paragraph(""), paragraph("Zoë 🚀"), paragraph("Python"))
    assert [document.text[line.start : line.end] for line in document.lines] == ["Ada", "Zoë 🚀", "Python"]
    assert all(before.end < line.start for before, line in pairwise(document.lines))
    assert (document.page_count, document.span(4, 9).page) == (0, 0)


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(data, Kind.DOCX)
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no XML", zipped({"word/document.xml": "not XML at all"})),
        ("cut XML", zipped({"word/document.xml": f"<w:document {NAMESPACES}><w:body>{paragraph('Ada')}"})),
        ("no story", zipped({"word/other.xml": "<a/>"})),
        ("broken part", a_docx(paragraph("Ada"), parts={"header1": "<w:p>"})),
        ("entities", a_docx(paragraph("Ada"), "&e9;", doctype=BILLION_LAUGHS)),
        ("a document type", a_docx(paragraph("Ada"), doctype="<!DOCTYPE w:document>")),
        ("no archive", b"PK\x03\x04 and no more"),
        ("too deep", a_docx("<w:sdt>" * 300 + paragraph("Ada") + "</w:sdt>" * 300)),
        ("too long", a_docx(paragraph("word " * 41_000))),
        ("too large", zipped({"word/document.xml": b" " * (25 << 20)})),
    ],
)
def test_what_is_damaged_or_made_to_break_readers_is_unreadable(name: str, data: bytes) -> None:
    assert refusal(data) == "FILE_UNREADABLE", name


def test_a_changed_byte_is_damage() -> None:
    data = bytearray(a_docx(paragraph("Ada Example"), paragraph("Python")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("word/document.xml")
    data[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    assert refusal(bytes(data)) == "FILE_UNREADABLE"


def test_a_password_is_named() -> None:
    assert (
        refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
        == "FILE_ENCRYPTED"
    )


def test_a_document_without_text_or_with_hidden_text_only_has_none() -> None:
    assert refusal(a_docx(paragraph(" "))) == "NO_TEXT"
    assert refusal(a_docx(paragraph(run("secret", "<w:vanish/>")))) == "NO_TEXT"

"""Word documents: what Word prints is read, in the order of a person."""

from itertools import pairwise

from services.ai.documents import Concealment, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import (
    NAMESPACES,
    STRICT,
    WORD,
    box,
    docx,
    kept_out,
    linked,
    paragraph,
    run,
    section,
    style,
    styled,
    table,
    texts,
    zipped,
)

VISIBLE = "Ada Example"


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

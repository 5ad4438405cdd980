"""What Word does not print is kept out and named."""

import io
import zipfile

import pytest

from services.ai.documents import Concealment, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import a_docx, box, docx, kept_out, paragraph, run, style, styled, table, texts, zipped

WHITE = '<w:color w:val="FFFFFF"/>'
VISIBLE = "Ada Example"


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

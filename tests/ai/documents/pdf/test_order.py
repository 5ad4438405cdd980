"""PDFs are read as a person reads them: columns one after the other, tables by their rows, headings before what they head."""

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.ai.documents.pdfs import HEIGHT, WIDTH, a_document, a_pdf, both, column, lines_of, text

LEFT = (
    "Experience",
    "Acme Ltd, accountant since",
    "the spring of 2019, with a",
    "team of five people",
    "Globex, clerk before that",
)
RIGHT = (
    "Education",
    "City College, where books",
    "were kept by hand and",
    "checked by machines",
    "Lakeside School, before",
)
PROSE = (
    "Led a team of five people and cut the time to close",
    "the books by a third within one year of starting there",
)


def test_columns_that_the_file_draws_line_across_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        for i, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            text(50, 100 + 14 * i, left)(canvas)
            text(320, 100 + 14 * i, right)(canvas)

    assert lines_of(draw) == [*LEFT, *RIGHT]


def test_a_heading_over_two_columns_comes_before_both_and_a_line_under_them_after() -> None:
    title = text(200, 60, "Ada Example", size=20)
    foot = text(
        50, 300, "References on request, from any of the people named in this document, without notice, by mail"
    )
    assert lines_of(both(foot, column(320, 100, *RIGHT), column(50, 103, *LEFT), title)) == [
        "Ada Example",
        *LEFT,
        *RIGHT,
        "References on request, from any of the people named in this document, without notice, by mail",
    ]


@pytest.mark.parametrize(("bar", "main"), [(40, 220), (440, 40)])
def test_a_sidebar_is_read_apart_from_the_text_beside_it(bar: float, main: float) -> None:
    side = ("Contact", "ada@example.org", "Berlin", "Skills", "Python", "Bookkeeping", "Excel")
    body = ("Profile", *PROSE, "Experience", *PROSE)
    document = a_document(both(column(main, 80, *body, leading=15), column(bar, 83, *side, leading=19)))
    found = document.text.splitlines()
    assert found == ([*side, *body] if bar < main else [*body, *side])
    assert document.columns == 2
    assert len({line.block for line in document.lines}) == 2


def test_a_date_at_the_right_edge_stands_behind_a_tab() -> None:
    def draw(canvas: Canvas) -> None:
        for i, (what, when) in enumerate(
            (("Acme Ltd", "2019 - 2022"), ("Globex", "2015 - 2019"), ("Initech", "2012 - 2015"))
        ):
            text(50, 100 + 40 * i, what)(canvas)
            canvas.drawRightString(WIDTH - 50, HEIGHT - 100 - 40 * i, when)
            text(50, 114 + 40 * i, PROSE[0])(canvas)

    assert lines_of(draw)[:2] == ["Acme Ltd\t2019 - 2022", PROSE[0]]


def test_rows_of_a_table_with_dates_at_the_left_stay_together() -> None:
    rows = (("2019 - 2022", ("Acme Ltd, accountant", *PROSE)), ("2015 - 2019", ("Globex, clerk", *PROSE)))
    drawn = []
    for i, (date, cell) in enumerate(rows):
        drawn += [text(50, 100 + 60 * i, date), column(150, 100 + 60 * i, *cell)]
    assert lines_of(both(*drawn)) == [
        "2019 - 2022\tAcme Ltd, accountant",
        *PROSE,
        "2015 - 2019\tGlobex, clerk",
        *PROSE,
    ]


def test_dates_beside_jobs_are_no_column_though_a_list_of_skills_follows_them() -> None:
    drawn = [text(50, 80, "EMPLOYMENT"), text(50, 280, "SKILLS")]
    jobs = [(f"May {year} — June {year + 2}", f"Clerk, Acme {year}") for year in (2018, 2014, 2010)]
    for i, (date, job) in enumerate(jobs):
        drawn += [text(50, 100 + 60 * i, date), column(175, 100 + 60 * i, job, *PROSE)]
    for i, (skill, level) in enumerate(
        (("Bookkeeping", "Expert"), ("Excel", "Good"), ("SAP", "Good"), ("Word", "Good"))
    ):
        drawn += [text(50, 300 + 18 * i, skill), text(250, 300 + 18 * i, level)]
    found = lines_of(both(*drawn))
    assert found[:10] == ["EMPLOYMENT", *(line for date, job in jobs for line in (f"{date}\t{job}", *PROSE))]


def test_a_ruled_table_is_read_row_by_row_and_cells_of_several_lines_are_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([50, 200, 350, 500], [HEIGHT - y for y in (100, 140, 180)])
        for i, row in enumerate((("Degree", "School", "Year"), ("Bachelor", "City College", "2011"))):
            for j, cell in enumerate(row):
                text(55 + 150 * j, 115 + 40 * i, cell)(canvas)
        text(55, 168, "of Arts")(canvas)

    assert lines_of(draw) == ["Degree\tSchool\tYear", "Bachelor of Arts\tCity College\t2011"]


def test_headings_in_a_margin_come_before_what_stands_beside_them() -> None:
    drawn = []
    for i, heading in enumerate(("Profile", "Experience", "Education")):
        drawn.append(text(40, 100 + 70 * i, heading, size=12, font="Helvetica-Bold"))
        drawn.append(column(150, 100 + 70 * i, *PROSE, *PROSE))
    found = lines_of(both(*drawn))
    assert found == ["Profile", *PROSE, *PROSE, "Experience", *PROSE, *PROSE, "Education", *PROSE, *PROSE]


def test_headers_and_footers_that_return_are_kept_once() -> None:
    def page(number: int) -> object:
        return both(
            text(50, 30, "Ada Example - Resume"),
            column(50, 200, f"Part {number} of my life", *PROSE),
            text(280, HEIGHT - 30, f"Page {number} of 3"),
        )

    found = lines_of(*(page(number) for number in (1, 2, 3)))  # type: ignore[arg-type]
    assert found.count("Ada Example - Resume") == 1
    assert [line for line in found if line.startswith("Page")] == ["Page 1 of 3"]
    assert [line for line in found if line.startswith("Part")] == [f"Part {n} of my life" for n in (1, 2, 3)]


def test_pages_are_read_in_their_order() -> None:
    document = a_document(text(50, 300, "First"), text(50, 100, "Second"))
    assert document.text == "First\nSecond\n"
    assert [line.page for line in document.lines] == [1, 2]
    assert (document.page_count, document.page_sizes) == (2, ((WIDTH, HEIGHT),) * 2)


def test_a_page_of_many_thousand_pieces_is_read_in_linear_time() -> None:
    """Wide blanks make a run of each letter; what is quadratic in runs would take minutes."""

    def draw(canvas: Canvas) -> None:
        line = canvas.beginText(0, 0)
        line.setFont("Helvetica", 1)
        for row in range(200):
            line.setTextOrigin(5, 5 + 3.8 * row)
            line.setFont("Helvetica", 3.1)
            line.textOut("a " * 100)
        canvas.drawText(line)

    assert a_document(draw).text.count("a") == 20_000


def test_more_letters_than_a_resume_has_are_refused_with_the_limit() -> None:
    from services.ai.documents import DocumentError
    from services.ai.documents.pdf import read

    many = a_pdf(*[column(5, 20, *["x" * 140] * 70, size=4, leading=10)] * 22)
    with pytest.raises(DocumentError, match="200,000") as caught:
        read(many)
    assert caught.value.reason == "FILE_UNREADABLE"


def test_what_stands_on_a_ground_of_its_own_is_a_column_however_near_the_other_is() -> None:
    link = "github.com/ada-example-accountant-of"

    def ground(canvas: Canvas) -> None:
        canvas.setFillGray(0.85)
        canvas.rect(0, 0, 200, HEIGHT, stroke=0, fill=1)
        canvas.setFillGray(0)

    left = 198 - stringWidth(link, "Helvetica", 10)
    bar = both(text(left, 60, "Ada Example"), text(left, 74, "Accountant"), text(left, 88, link))
    main = both(text(201, 60, "Acme Ltd"), text(201, 74, PROSE[0]), text(201, 88, PROSE[1]))
    assert lines_of(both(ground, main, bar)) == ["Ada Example", "Accountant", link, "Acme Ltd", *PROSE]


def test_dates_beside_entries_are_no_column_whatever_else_stands_at_the_left() -> None:
    drawn = [text(50, 80, "EMPLOYMENT HISTORY")]
    for i in range(4):
        top = 100 + 60 * i
        drawn += [text(50, top, f"May 201{i} - June 201{i}"), text(180, top, f"Clerk, Company {i}")]
        drawn += [text(190, top + 14, PROSE[0]), text(190, top + 28, PROSE[1])]
    names = ("SKILLS", "Double-entry bookkeeping", "Reconciliation of all", "Typewriting and filing", "Arithmetic")
    drawn += [column(50, 340, *names), column(180, 354, "Expert in all of its ways", "Expert", "Expert", "Expert")]
    found = lines_of(both(*drawn))
    assert [line for line in found if line.startswith("May")] == [
        f"May 201{i} - June 201{i}\tClerk, Company {i}" for i in range(4)
    ]


def test_small_lines_beside_a_large_name_are_lines_of_their_own() -> None:
    found = lines_of(
        both(text(50, 100, "Ada Example", size=30), text(400, 90, "Boston, MA, USA"), text(400, 101, "+1 312 555 0110"))
    )
    assert not any("USA" in line and "312" in line for line in found)

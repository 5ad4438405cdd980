"""Columns within a section end with it: grids of skills, places at the right, dates at the left."""

import io

from reportlab.pdfgen.canvas import Canvas

from services.ai.documents import extract, sniff

Letters = tuple[float, float, str, float, bool]
"""Left, top, text, size, bold."""


def lines_of(page: list[Letters]) -> list[str]:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    for left, top, text, size, bold in page:
        canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        canvas.drawString(left, 800 - top, text)
    canvas.save()
    document = extract(out.getvalue(), sniff(out.getvalue()))
    return [document.text[line.start : line.end] for line in document.lines]


def flush(right: float, top: float, text: str) -> Letters:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return right - stringWidth(text, "Helvetica", 10), top, text, 10, False


def test_a_grid_of_skills_ends_at_the_next_heading() -> None:
    page: list[Letters] = [(14, 302, "Technical Skills", 10.5, True)]
    for top, left, right in ((320, "Unity Engine", "Unreal Engine"), (386, "Programming Languages", "Game AI")):
        page += [(30, top, left, 10, False), (212, top, right, 10, False)]
        page += [(14, top + 18, "Expert", 10, False), (196, top + 18, "Advanced", 10, False)]
        page += [
            (14, top + 34, "C#, Python, HLSL/GLSL", 9, False),
            (196, top + 34, "Behavior Trees, Pathfinding,", 9, False),
        ]
    page += [(196, 435, "Navigation", 9, False), (14, 470, "Education", 10.5, True)]
    page += [(14, 488, "University of Bath", 10, False), flush(373, 488, "Bachelor of Science • 3.6 GPA")]
    page += [(14, 503, "Computer Science", 10, False), flush(373, 503, "Bath, UK • 2014 - 2018")]
    page += [(14, 524, "A concentration in game development with courses on engines, graphics and physics", 10, False)]
    found = lines_of(page)
    assert found.index("Navigation") < found.index("Education")


def test_places_and_dates_flush_right_stand_beside_their_lines() -> None:
    page: list[Letters] = [(260, 40, "Education", 13, True)]
    for top, left, right in (
        (60, "BATH LAW SCHOOL", "New York, NY"),
        (74, "Juris Doctor", "May 2014"),
        (88, "MARLOW COLLEGE", "Chestnut Hill, MA"),
        (102, "Bachelor of Arts in Politics", "May 2010"),
    ):
        page += [(50, top, left, 10, False), flush(550, top, right)]
    assert lines_of(page) == [
        "Education",
        "BATH LAW SCHOOL\tNew York, NY", "Juris Doctor\tMay 2014",
        "MARLOW COLLEGE\tChestnut Hill, MA", "Bachelor of Arts in Politics\tMay 2010",
    ]  # fmt: skip


def test_rows_of_a_table_with_dates_are_read_across_up_to_the_heading() -> None:
    rows = (
        ("Dates", "Employer", "Position"),
        ("Jan 2018 to date", "Kelleher Haulage Ltd, Athlone", "HGV Driver (Artic)"),
        ("05/2011 – 12/2017", "Corrib Dairies, Tuam", "Milk Collection Driver"),
        ("2006 – 2011", "Self-employed", "Taxi Driver"),
    )
    page: list[Letters] = [(50, 103, "WORK RECORD", 12, True)]
    for number, cells in enumerate(rows):
        page += [(left, 120 + 17.3 * number, text, 11, False) for left, text in zip((50, 170, 390), cells, strict=True)]
    page += [(50, 196, "LICENCES", 12, True), (50, 213, "CE driving licence, Driver CPC, ADR", 11, False)]
    page += [(50, 237, "SCHOOLING", 12, True), (50, 254, "Leaving Certificate, Garbally College, 2004", 11, False)]
    assert lines_of(page)[1:5] == ["\t".join(cells) for cells in rows]


def test_a_heading_between_labels_makes_no_column_of_them() -> None:
    page: list[Letters] = [(165, 69, "Universität Konstanz", 10, False)]
    page += [
        (50, 82, "1998 – 2007", 10, False),
        (165, 82, "Abitur", 10, True),
        (165, 95, "Keller-Gymnasium, Lauda", 10, False),
    ]
    page += [
        (50, 117, "Kenntnisse", 10, True),
        (50, 130, "Software", 10, False),
        (165, 130, "GeoGebra, Moodle, LaTeX", 10, False),
    ]
    page += [(50, 143, "Methoden", 10, False), (165, 143, "Projektunterricht, Differenzierung", 10, False)]
    found = lines_of(page)
    assert (
        found.index("1998 – 2007\tAbitur")
        < found.index("Kenntnisse")
        < found.index("Software\tGeoGebra, Moodle, LaTeX")
    )

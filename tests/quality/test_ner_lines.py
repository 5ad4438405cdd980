"""How texts without lines get them back before the parser reads them."""

from services.ai.documents import Kind, extract
from services.ai.resume import parse
from tests.ai.resume.documents import AS_OF
from tests.quality.ner_lines import with_lines


def test_bare_words_are_cut_at_headings_and_before_each_period() -> None:
    text = (
        "Trichur Kerala Willing to relocate Work Experience Network Engineer Brightwave Infotech Ltd  Pune Maharashtra June 2019 to Present"
        " looked after switches Desktop Support Engineer Larkfield Systems  Kochi Kerala May 2016 to May 2019 mended printers"
    )
    resume = parse(extract(with_lines(text).encode(), Kind.TEXT), AS_OF)
    assert [(e.title and e.title.text, e.employer and e.employer.text) for e in resume.experiences] == [
        ("Network Engineer", "Brightwave Infotech Ltd"),
        ("Desktop Support Engineer", "Larkfield Systems"),
    ]


def test_wide_blanks_and_spelt_bytes_were_ends_of_lines() -> None:
    assert with_lines("Jane Doe  Driver, Acme Inc. \\xef\\x82\\xb7 Drove.") == "Jane Doe\nDriver, Acme Inc.\nDrove."


def test_words_stay_the_same_and_lines_that_are_there_too() -> None:
    bare = "Education Bachelor of Arts Work Experience Driver Acme Ltd May 2016 to May 2019 drove"
    assert with_lines(bare).split() == bare.split()
    assert with_lines("a  b\nc\nd") == "a  b\nc\nd"

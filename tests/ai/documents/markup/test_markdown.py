"""Markdown: its marks become looks, and what a rendered page would hide is kept out."""

from contextlib import suppress

import pytest

from services.ai.documents import Concealment, DocumentError, Kind
from services.ai.documents.readers import read
from tests.ai.documents.office import kept_out, linked, texts

RESUME = """\
# Ada Example
ada@example.org | [GitHub](https://github.com/ada)
**Berlin**, *Germany*

Experience
----------
### Acme
- Built `C++` & C# things
  - with ~~care~~ joy
1. Led

| Skill | Years |
|:---|---:|
| Python | 6 |

<https://example.org>
"""


def test_marks_become_looks() -> None:
    document = read(RESUME.encode(), Kind.MARKDOWN)
    assert texts(document) == [
        "Ada Example",
        "ada@example.org | GitHub",
        "Berlin, Germany",
        "Experience",
        "Acme",
        "Built C++ & C# things",
        "with care joy",
        "Led",
        "Skill\tYears",
        "Python\t6",
        "https://example.org",
    ]
    assert [line.heading for line in document.lines][:5] == [1, 0, 0, 2, 3]
    assert [line.bullet for line in document.lines][5:8] == [True, True, True]
    assert linked(document) == [("GitHub", "https://github.com/ada"), ("https://example.org", "https://example.org")]


@pytest.mark.parametrize(
    ("hidden", "reason"),
    [
        ("<!-- secret -->", Concealment.METADATA),
        ('<span style="display:none">secret</span>', Concealment.INVISIBLE),
        ('<font color="#ffffff">secret</font>', Concealment.LOW_CONTRAST),
        ("![secret](x.png)", Concealment.METADATA),
    ],
)
def test_what_a_page_would_hide_is_kept_out(hidden: str, reason: Concealment) -> None:
    document = read(f"Ada\n\n{hidden}\n\nExample".encode(), Kind.MARKDOWN)
    assert texts(document) == ["Ada", "Example"]
    assert kept_out(document) == [("secret", reason)]


def test_settings_of_a_site_are_no_text() -> None:
    document = read(b"---\ntags: python\n---\nAda", Kind.MARKDOWN)
    assert (texts(document), kept_out(document)) == (["Ada"], [("tags: python", Concealment.METADATA)])


@pytest.mark.parametrize(
    "data", [b">" * 20_000 + b"Ada", b"[" * 5_000, b"*a " * 5_000, b"- " * 10_000 + b"Ada", b"word " * 41_000]
)
def test_marks_without_end_break_nothing(data: bytes) -> None:
    with suppress(DocumentError):
        assert read(data, Kind.MARKDOWN).text

"""The command that runs the accuracy tables, on data made here."""

import json
from pathlib import Path

import pytest
from rich.table import Table

from tests.quality import __main__ as command
from tests.quality import report

TEXT = "Ann Berg\nann@acme.com\n\nWORK EXPERIENCE\n\nSoftware Engineer\nAcme Ltd\nJanuary 2015 to March 2018\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One annotated resume."""
    start = TEXT.index("ann@")
    row = {"id": "1", "text": TEXT, "entities": [[0, 8, "Name"], [start, start + 12, "Email Address"]]}
    folder = tmp_path / "data" / "dotin_ner"
    folder.mkdir(parents=True)
    (folder / "resumes.jsonl").write_text(json.dumps(row) + "\n")
    return folder.parent


def test_a_table_is_shown_and_written(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    monkeypatch.setattr(report, "README", readme)
    assert command.show(["ner"], data, write=True) == 0
    assert "dotin_ner" in capsys.readouterr().out
    assert "| Email Address | 1.000 | 1.000 | 1.000 |" in readme.read_text()


def test_a_set_that_is_absent_is_said_and_is_no_failure(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.show(["ner", "resumes"], data, write=False) == 0
    assert "resumes: skipped: the data folder has no resume_files" in capsys.readouterr().out


def test_nothing_to_measure_is_a_failure(tmp_path: Path) -> None:
    assert command.show(["resumes", "ner"], tmp_path, write=False) == 1


def test_a_table_that_breaks_spares_the_others(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "vanetik_matching").mkdir()
    assert command.show(["matching", "ner"], data, write=False) == 1
    said = capsys.readouterr().out
    assert "matching: failed: FileNotFoundError" in said
    assert "dotin_ner" in said


def test_a_run_of_one_table_leaves_the_others_sections(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    for name, cell in (("peers", "old peers"), ("ner", "old ner"), ("ner", "new ner")):
        report.write([report.Part(name, (_table(cell),), "", 1.0)], readme)
    text = readme.read_text()
    assert "old peers" in text
    assert "new ner" in text
    assert "old ner" not in text
    assert text.index("## ner") < text.index("## peers")


def test_markdown_keeps_marks_of_cells(tmp_path: Path) -> None:
    assert "| a\\|b [x] |" in report.markdown(_table("a|b \\[x]"))


def _table(cell: str) -> Table:
    shown = Table(title="Title")
    shown.add_column("column")
    shown.add_row(cell)
    return shown

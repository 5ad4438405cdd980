"""Other parsers' processes: what one of them breaks on is said, and costs one file."""

from pathlib import Path

import pytest

from services.ai.months import YearMonth
from tests.quality.peers import environments, parsed, when
from tests.quality.peers.environments import PEERS, Peer, answers

DYING = """
import json, os, sys, time
for line in sys.stdin:
    path = line.strip()
    if "dies" in path:
        os._exit(1)
    if "hangs" in path:
        time.sleep(60)
    print(json.dumps({"file": path, "name": "Ann Berg"}), flush=True)
"""


@pytest.fixture
def dying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A peer that ends, or never comes back, when a file's name says so."""
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "run_dying.py").write_text(DYING)
    monkeypatch.setattr(environments, "HERE", tmp_path)
    monkeypatch.setattr(environments, "SECONDS_PER_FILE", 5)
    return Peer("dying", "Dying 1.0")


@pytest.mark.parametrize("bad", ["dies.pdf", "hangs.pdf"])
def test_a_file_that_stops_a_peer_costs_that_file_alone(dying: Peer, bad: str) -> None:
    found = answers(dying, [Path("a.pdf"), Path(bad), Path("b.pdf")])
    assert [("error" in answer) for answer in found.values()] == [False, True, False]


def test_a_file_that_a_peer_cannot_read_is_said(tmp_path: Path) -> None:
    junk = tmp_path / "junk.pdf"
    junk.write_bytes(b"%PDF-1.7 and no more")
    spacy = next(peer for peer in PEERS if peer.name == "spacy_ner")
    answer = answers(spacy, [junk])[junk]
    assert "PdfiumError" in answer["error"]
    assert parsed(answer) is None


def test_a_peers_answer_takes_the_shape_of_ours() -> None:
    job = {"title": "Cook", "employer": "Acme", "start": "March 2019", "end": "present"}
    resume = parsed({"file": "a.pdf", "name": "Ann Berg", "work": [job], "skills": ["Baking", ""]})
    assert resume
    assert resume.experiences[0].start == YearMonth(2019, 3)
    assert resume.experiences[0].current
    assert [value.text for value in resume.listed_skills] == ["Baking"]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("March 2022", YearMonth(2022, 3)),
        ("03/2022", YearMonth(2022, 3)),
        ("2022-03-01", YearMonth(2022, 3)),
        ("2022", YearMonth(2022)),
        ("soon", None),
    ],
)
def test_dates_of_peers_are_read_as_they_write_them(text: str, month: YearMonth | None) -> None:
    assert when(text) == month

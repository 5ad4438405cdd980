"""The check of letters that knows nothing of the checker."""

from pathlib import Path

import pytest

from services.ai.letters import DefaultWriter, Options, text_of
from services.ai.skills import load
from tests.ai.letters.examples import linker, sources
from tests.quality.letters_independent import unsupported
from tests.quality.letters_mutants import CLAIMS
from tests.quality.letters_sources import cases

LETTER = "At Northwind Freight Ltd I built pipelines in Python since March 2019."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LETTER, []),
        (LETTER.replace("March 2019", "April 2019"), [("date", "April 2019")]),
        (LETTER.replace("2019", "2011"), [("date", "March 2011")]),
        (LETTER.replace("Northwind", "Southwind"), [("name", "Southwind")]),
        (f"{LETTER} I trained 26 colleagues.", [("number", "26")]),
        (f"{LETTER} I trained eleven colleagues.", [("number", "eleven")]),
        (f"{LETTER} You want kubernetes.", [("skill", "Kubernetes")]),
        (f"{LETTER} I speak fluent finnish.", [("planted", "fluent Finnish")]),
    ],
)
def test_it_finds_what_no_source_has(text: str, found: list[tuple[str, str]]) -> None:
    assert list(unsupported(text, sources("en"), "en", ("fluent Finnish",))) == found


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_it_finds_nothing_in_true_letters(language: str) -> None:
    text = text_of(list(DefaultWriter(load()).write(sources(language), Options(language=language))))
    assert list(unsupported(text, sources(language), language, ())) == []


def test_positions_are_changed_so_that_nobody_can_meet_them(tmp_path: Path) -> None:
    folder = tmp_path / "dotin_ner"
    folder.mkdir()
    row = '{"text": "%s"}\n'
    (folder / "resumes.jsonl").write_text(row % sources("en").resume_text.replace("\n", "\\n"))
    (tmp_path / "postings_nhs").mkdir()
    import gzip

    posting = '{"title": "Clerk", "organisation": "Orbital", "text": "%s"}\n' % (
        "We need a clerk who keeps our files. " * 20
    )
    (tmp_path / "postings_nhs" / "postings.jsonl.gz").write_bytes(gzip.compress(posting.encode()))
    made = list(cases(tmp_path, 6, linker(), load()))
    changed = [case for case in made if case.planted]
    assert len(changed) == 2
    for case in changed:
        assert all(words in case.sources.vacancy.text for words in case.planted)
        assert not [words for words in case.planted if words.casefold() in case.sources.resume_text.casefold()]


def test_false_sentences_are_there_in_every_language() -> None:
    assert {len(ways) for ways in CLAIMS.values()} == {7}

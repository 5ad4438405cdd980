"""Cover letters: what they say that nothing supports, what the checker deletes, and what it lets through of sentences made false."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.markup import escape
from rich.progress import track
from rich.table import Table

from services.ai.letters import LANGUAGES, Checker, DefaultWriter, Deleted, Sentence, letter, text_of
from services.ai.skills import SkillLinker, load
from tests.quality.letters_independent import unsupported
from tests.quality.letters_judged import judgements
from tests.quality.letters_mutants import mutants
from tests.quality.letters_sources import Case, cases

NEEDS = "livecareer"
LETTERS = 1000
MUTATED = 300
"""Letters of which sentences are made false."""
MOST_SHOWN = 8


@dataclass(slots=True)
class Tally:
    """Of the letters of one language."""

    letters: int = 0
    changed: int = 0
    sentences: int = 0
    deleted: list[str] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    cited: int = 0
    body: int = 0


def table(data: Path) -> list[Table]:
    """Letters by language; what happens to false sentences; how fast."""
    ontology = load()
    linker, writer = SkillLinker(ontology), DefaultWriter(ontology)
    tallies = {language: Tally() for language in LANGUAGES}
    written: list[tuple[Case, list[Sentence]]] = []
    chosen = list(cases(data, LETTERS, linker, ontology))
    began = time.perf_counter()
    for case in track(chosen, "letters"):
        kept = list(letter(writer, case.sources, case.options, linker))
        _count(tallies[case.options.language], case, kept)
        written.append((case, [one for one in kept if isinstance(one, Sentence)]))
    checked = time.perf_counter() - began
    speed = LETTERS / checked, LETTERS / _writing(writer, chosen)
    judged = judgements([text_of(sentences) for _, sentences in written])
    return [_letters(tallies, speed), _mutants(written[:MUTATED], linker), *judged]


def _writing(writer: DefaultWriter, chosen: Sequence[Case]) -> float:
    began = time.perf_counter()
    for case in chosen:
        list(writer.write(case.sources, case.options))
    return time.perf_counter() - began


def _count(tally: Tally, case: Case, kept: Sequence[Sentence | Deleted]) -> None:
    sentences = [one for one in kept if isinstance(one, Sentence)]
    text = text_of(sentences)
    tally.letters += 1
    tally.changed += bool(case.planted)
    tally.sentences += len(kept)
    tally.deleted += [f"{one.text} ({'; '.join(map(str, one.objections))})" for one in kept if isinstance(one, Deleted)]
    tally.words.append(len(text.split()))
    tally.unsupported += [
        f"{kind}: {words}" for kind, words in unsupported(text, case.sources, case.options.language, case.planted)
    ]
    tally.body += len(sentences)
    tally.cited += sum(bool(one.resume_spans or one.position_spans) for one in sentences)


def _letters(tallies: dict[str, Tally], speed: tuple[float, float]) -> Table:
    shown = Table(title=f"Letters of the default writer: {LETTERS}, a third for positions that demand what nobody has")
    for column in (
        "language",
        "letters",
        "changed positions",
        "words, median",
        "unsupported",
        "goal",
        "deleted of sentences",
        "with spans",
    ):
        shown.add_column(column, justify="left" if column == "language" else "right")
    for language, tally in tallies.items():
        shown.add_row(
            language, str(tally.letters), str(tally.changed), f"{median(tally.words):.0f}", str(len(tally.unsupported)), "0",
            f"{len(tally.deleted)} of {tally.sentences}", f"{tally.cited / tally.body:.2f}",
        )  # fmt: skip
    seen = [one for tally in tallies.values() for one in tally.unsupported][:8]
    lost = [one for tally in tallies.values() for one in tally.deleted][:5]
    shown.caption = (
        f"Unsupported: names, numbers, dates and skills that neither resume nor the position's title and employer"
        f" have, by comparing strings apart from the "
        f"checker; {escape('; '.join(seen)) or 'none'}. Deleted: sentences that the checker took out though they"
        f" are right: {escape(' · '.join(lost)) or 'none'}. "
        f"{speed[0]:.0f} letters a second written and checked, {speed[1]:.0f} only written."
    )
    return shown


def _mutants(written: Sequence[tuple[Case, list[Sentence]]], linker: SkillLinker) -> Table:
    """Sentences that passed, with one thing changed into something that no source has."""
    made: Counter[tuple[str, str]] = Counter()
    caught: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    for case, sentences in track(written, "false sentences"):
        checker = Checker(case.sources, case.options.language, linker)
        for kind, text in mutants(case, sentences):
            key = (kind, case.options.language)
            made[key] += 1
            found = isinstance(checker.check(Sentence(text)), Deleted)
            caught[key] += found
            missed += [] if found else [f"{kind}: {text}"]
    return _caught(made, caught, missed)


def _caught(made: Counter[tuple[str, str]], caught: Counter[tuple[str, str]], missed: Sequence[str]) -> Table:
    shown = Table(title=f"Sentences made false: {sum(made.values())}, share that the checker deletes")
    shown.add_column("what was changed")
    for language in LANGUAGES:
        shown.add_column(language, justify="right")
    for kind in dict.fromkeys(kind for kind, _ in made):
        cells = (_share(caught[kind, language], made[kind, language]) for language in LANGUAGES)
        shown.add_row(kind, *cells)
    shown.caption = f"Let through: {' · '.join(escape(one) for one in missed[:MOST_SHOWN]) or 'none'}."
    return shown


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} of {whole}" if whole else "-"

"""Skill spans in job advertisements (SkillSpan, green jobs, Sayfullina), strict span F1, beside published systems.

Protocols are not mixed: SkillSpan's spans of both kinds together, and each kind alone, are different figures. What ships was trained on
SkillSpan's and green's own training parts; Sayfullina's data carry no licence, so nothing trained on them ships: its tagger is trained
inside this command when the folder, or the one that SKILLSYNC_TRAIN names, has a part `train`.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track
from rich.table import Table

from services.ai.skills.spans import SpanFinder
from services.ai.skills.spans.decode import spans
from tests.quality.soft_skills import SoftSkillTagger

NEEDS = "skillspan"
SETS = ("skillspan", "green", "sayfullina")
TRAINED_ON = "train"

# By set, protocol and system; over the authors' test parts, read at the places the data's README names.
PUBLISHED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("skillspan", "both kinds"): {"JobBERT": "0.613", "JobBERTa": "0.631"},
    ("skillspan", "skill"): {"CRF": "0.250", "XLM-R-large": "0.567", "ESCOXLM-R": "0.577"},
    ("skillspan", "knowledge"): {"CRF": "0.469", "XLM-R-large": "0.698", "ESCOXLM-R": "0.672"},
    ("green", "skill"): {"CRF": "0.253", "JobBERT": "0.491", "XLM-R-large": "0.493", "JobBERT + NN": "0.500"},
    ("sayfullina", "skill"): {"CRF": "0.818", "JobBERTa": "0.915", "XLM-R-large": "0.920", "ESCOXLM-R": "0.925"},
}
_TAGS = {"O": 0, "B": 1, "I": 2}

Found = frozenset[tuple[str, int, int]]
"""Kind, first word, the word after the last."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, the spans people marked, and the part of the set it belongs to."""

    tokens: tuple[str, ...]
    marked: Found
    part: str
    shown_in_linking: bool


def table(data: Path) -> list[Table]:
    """One table a set that is there; every part but the training part."""
    return [_table(name, data) for name in SETS if (data / name / "sentences.jsonl.gz").exists()]


def _table(name: str, data: Path) -> Table:
    shown = Table(title=f"Skill spans, {name}: strict span F1")
    for column in ("protocol", "system", "sentences", "precision", "recall", "F1"):
        shown.add_column(column, justify="left" if column in ("protocol", "system") else "right")
    sentences = read(data / name / "sentences.jsonl.gz")
    system = _soft_skills(data) if name == "sayfullina" else _shipped(name)
    for part in dict.fromkeys(sentence.part for sentence in sentences if sentence.part != TRAINED_ON):
        if system:
            _add_ours(shown, name, part, [s for s in sentences if s.part == part], system)
    for (of, protocol), systems in PUBLISHED.items():
        for published, value in systems.items() if of == name else ():
            shown.add_row(protocol, f"{published} (published, test)", "", "", "", value)
    return shown


def _add_ours(
    shown: Table, name: str, part: str, sentences: Sequence[Sentence], system: Callable[[Sequence[str]], Found]
) -> None:
    found = [system(sentence.tokens) for sentence in track(sentences, f"{name} {part}")]
    pairs = list(zip(sentences, found, strict=True))
    _add_rows(shown, name, f"SkillSync, {part}", pairs)
    if any(sentence.shown_in_linking for sentence in sentences):
        kept = [pair for pair in pairs if not pair[0].shown_in_linking]
        _add_rows(shown, name, f"SkillSync, {part} but what esco_linking shows", kept)


def _add_rows(shown: Table, name: str, system: str, pairs: Sequence[tuple[Sentence, Found]]) -> None:
    for protocol in [protocol for of, protocol in PUBLISHED if of == name]:
        marked = [_of(protocol, sentence.marked) for sentence, _ in pairs]
        shown.add_row(protocol, system, str(len(pairs)), *figures(marked, [_of(protocol, found) for _, found in pairs]))


def _of(protocol: str, found: Found) -> Found:
    return found if protocol == "both kinds" else frozenset(span for span in found if span[0] == protocol)


def figures(marked: Iterable[Found], found: Iterable[Found]) -> tuple[str, str, str]:
    """Precision, recall and F1 over all sentences; a span counts when kind, start and end agree."""
    right = said = meant = 0
    for truth, guess in zip(marked, found, strict=True):
        right, said, meant = right + len(truth & guess), said + len(guess), meant + len(truth)
    values = (right / said if said else 0.0, right / meant if meant else 0.0, 2 * right / max(1, said + meant))
    return tuple(f"{value:.3f}" for value in values)  # type: ignore[return-value]


def read(file: Path) -> list[Sentence]:
    """Sentences of any of the three sets."""
    with gzip.open(file, "rt") as lines:
        return [_sentence(json.loads(line)) for line in lines]


def _sentence(row: Mapping[str, list[str] | str | bool]) -> Sentence:
    columns = {"skill": "tags_skill", "knowledge": "tags_knowledge"} if "tags_skill" in row else {"skill": "tags"}
    marked = frozenset(
        (kind, *span) for kind, column in columns.items() for span in spans([_TAGS[t[0]] for t in row[column]])
    )
    return Sentence(tuple(row["tokens"]), marked, str(row.get("split", "test")), bool(row.get("in_dev_linking")))


def _shipped(name: str) -> Callable[[Sequence[str]], Found]:
    finder = SpanFinder()
    kinds = {"skill": "skill", "knowledge": "knowledge"} if name == "skillspan" else {"green": "skill"}

    def found(tokens: Sequence[str]) -> Found:
        tagged = finder.tagged(tokens)
        return frozenset((kind, a, b) for known, kind in kinds.items() for a, b, _ in tagged[known])

    return found


def _soft_skills(data: Path) -> Callable[[Sequence[str]], Found] | None:
    """A tagger trained here and now, where there is something to train it on."""
    for folder in filter(None, (str(data), os.environ.get("SKILLSYNC_TRAIN"))):
        file = Path(folder) / "sayfullina" / "sentences.jsonl.gz"
        train = [s for s in read(file) if s.part == TRAINED_ON] if file.exists() else []
        if train:
            tagger = SoftSkillTagger([(s.tokens, [(a, b) for _, a, b in s.marked]) for s in train])
            return lambda tokens: frozenset({("skill", *tagger.span(tokens))}) if tokens else frozenset()
    return None

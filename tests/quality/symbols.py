"""How safely skills are found on lines that were written to mislead: symbols, short names, everyday words, denials, employers.

The lines stand in `symbols.txt` beside this module, in parts. Parts after the first were scored once before a rule was changed by them, and
bear that score in their name; the last was never used to change one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from services.ai.skills import Mention, Ontology, SkillLinker, load

LINES = Path(__file__).parent / "symbols.txt"
# The lines are our own: they need nothing from the data folder.
NEEDS = "."


@dataclass(frozen=True, slots=True)
class TrickyLine:
    """A line, the names of the skills it claims, and the part of the set it belongs to."""

    text: str
    names: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Skill ids of one line; a substring error is a skill found in a piece of a word or of a longer name."""

    line: TrickyLine
    right: frozenset[str]
    wrong: frozenset[str]
    missed: frozenset[str]
    within_words: int


def read(path: Path = LINES) -> Iterator[TrickyLine]:
    """Lines `text => skill; skill`; `# part: name` begins a part, other `#` lines are comments."""
    part = ""
    for line in path.read_text().splitlines():
        if line.startswith("# part: "):
            part = line.removeprefix("# part: ")
        elif line and not line.startswith("# "):
            text, _, names = line.rpartition("=>")
            yield TrickyLine(text.strip(), tuple(n.strip() for n in names.split(";") if n.strip()), part)


def outcome(line: TrickyLine, linker: SkillLinker, ontology: Ontology) -> Outcome:
    """What was found on the line, against what it claims."""
    mentions = linker.link(line.text)
    expected = frozenset(skill.id if (skill := ontology.find(name)) else name for name in line.names)
    found = frozenset(mention.skill_id for mention in mentions)
    wrong = [mention for mention in mentions if mention.skill_id not in expected]
    within = sum(is_within(line, mention) for mention in wrong)
    return Outcome(line, found & expected, found - expected, expected - found, within)


def is_within(line: TrickyLine, mention: Mention) -> bool:
    """Whether it stands in a piece of a word, or in the name of a skill that the line claims."""
    start, end = mention.span.start, mention.span.end
    before, after, beyond = line.text[start - 1 : start], line.text[end : end + 1], line.text[end + 1 : end + 2]
    if before.isalnum() or after.isalnum() or (after and after in "+#") or (after == "." and beyond.isalpha()):
        return True
    places = ((line.text.casefold().find(name.casefold()), len(name)) for name in line.names)
    return any(place >= 0 and place <= start and end <= place + length for place, length in places)


def table(data: Path) -> Table:
    """Precision, recall and F1 over skills, and lines that are wholly right; by part."""
    ontology = load()
    linker = SkillLinker(ontology)
    outcomes = [outcome(line, linker, ontology) for line in read()]
    shown = Table(title=f"Symbol-safe skills, {len(outcomes)} tricky lines of our own (ontology {ontology.version})")
    for column in ("lines", "number", "precision", "recall", "F1", "all right", "substring errors"):
        shown.add_column(column, justify="left" if column == "lines" else "right")
    for part in dict.fromkeys(one.line.part for one in outcomes):
        shown.add_row(part, *_figures([one for one in outcomes if one.line.part == part]))
    shown.add_row("without any skill", *_figures([one for one in outcomes if not one.line.names]))
    shown.add_row("all", *_figures(outcomes))
    return shown


def _figures(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    right, wrong, missed = (sum(len(getattr(one, name)) for one in outcomes) for name in ("right", "wrong", "missed"))
    exact = sum(not one.wrong and not one.missed for one in outcomes)
    precision, recall = right / ((right + wrong) or 1), right / ((right + missed) or 1)
    rates = (precision, recall, f1(right, wrong, missed))
    shown = ("–",) * 3 if not right + missed else tuple(f"{rate:.3f}" for rate in rates)
    return str(len(outcomes)), *shown, f"{exact / len(outcomes):.3f}", str(sum(one.within_words for one in outcomes))


def f1(right: int, wrong: int, missed: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / ((2 * right + wrong + missed) or 1)

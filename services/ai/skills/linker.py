"""Finds the ontology's skills in a text: whole words, longest first, safe with symbols (C++, C#, .NET, Node.js, CI/CD, R, Go)."""

from collections.abc import Iterator
from dataclasses import dataclass

import ahocorasick

from services.ai.skills.grammar import Grammar
from services.ai.skills.ontology import Ontology, Skill
from services.ai.spans import Span

# Belong to the word they follow: `C` is not in `C++`, `.NET` is not `NET`.
JOINING_AFTER = frozenset("+#")
# What stands around an item of a list.
LIST_MARKS = frozenset(",;/|•·:()[]\n\t&–-")
# Names that are also everyday words, or so short that they may be anything: taken only as written, and in a list.
EVERYDAY = frozenset(
    [
        "access",
        "agile",
        "ant",
        "assembly",
        "basic",
        "c",
        "chef",
        "cocoa",
        "dart",
        "delphi",
        "excel",
        "express",
        "flask",
        "flex",
        "flow",
        "flutter",
        "go",
        "helm",
        "julia",
        "less",
        "make",
        "node",
        "oracle",
        "perl",
        "puppet",
        "r",
        "rails",
        "react",
        "ruby",
        "rust",
        "sage",
        "sap",
        "sass",
        "scheme",
        "scratch",
        "scala",
        "shell",
        "snowflake",
        "spark",
        "spring",
        "stata",
        "swift",
        "teams",
        "unity",
        "vault",
        "vim",
        "visio",
        "vue",
        "word",
    ]
)
# Everyday words that capitals are enough for.
CAPITALS_ARE_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill named in a text; `implied`: not named, but what the span says takes it."""

    skill_id: str
    label: str
    span: Span
    implied: bool = False
    confidence: float = 1.0


class SkillLinker:
    """Holds the automaton of an ontology; about a second to build, 2 ms a resume to use."""

    def __init__(self, ontology: Ontology, grammar: Grammar | None = None) -> None:
        self.version = ontology.version
        self._grammar = grammar or Grammar()
        self._automaton = ahocorasick.Automaton()
        for skill in ontology.skills.values():
            for name in (skill.label, *skill.aliases):
                self._automaton.add_word(name.lower(), (name, skill))
        self._automaton.make_automaton()

    def link(self, text: str) -> tuple[Mention, ...]:
        """Every mention, in order of the text, none within another."""
        found = sorted(self._candidates(text), key=lambda m: (m.span.start, -m.span.end))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.span.start >= kept[-1].span.end:
                kept.append(mention)
            elif mention.span.end - mention.span.start > kept[-1].span.end - kept[-1].span.start:
                kept[-1] = mention
        return tuple(kept)

    def _candidates(self, text: str) -> Iterator[Mention]:
        lower = text.lower()
        # A few letters change length in lower case; then positions would lie.
        searched = lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        for last, (name, skill) in self._automaton.iter(searched):
            start, end = last - len(name) + 1, last + 1
            if _is_word(text, start, end) and self._is_meant(text, start, end, name, skill):
                yield Mention(skill.id, skill.label, Span(start, end, 0, text[start:end]))

    def _is_meant(self, text: str, start: int, end: int, name: str, skill: Skill) -> bool:
        """Whether an ambiguous name stands as the name of the skill."""
        written = text[start:end]
        if len(name) > 2 and name.lower() not in EVERYDAY:
            return True
        if written != name and not (skill.technology and written == name.upper()):
            return False
        if _in_list(text, start, end):
            return True
        capital = len(name) >= CAPITALS_ARE_ENOUGH and written[0].isupper() and _in_sentence(text, start)
        return capital and self._grammar.is_noun(text, start, end)


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if after.isalnum() or (after in JOINING_AFTER and after):
        return False
    if before.isalnum() or before in ("_", "@") or (before == "." and text[start - 2 : start - 1].isalnum()):
        return False
    # `Node.js` is not `Node`, an address is not a skill: a dot or an at sign that goes on into a word.
    return not (after in (".", "@", "_") and after and text[end + 1 : end + 2].isalnum())


def _in_sentence(text: str, start: int) -> bool:
    """Whether the word before is on the same line and does not end a sentence: then a capital was chosen on purpose."""
    before = text[:start].rstrip(" ")
    return bool(before) and before[-1] not in ".!?\n•"


def _in_list(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(" "), text[end:].lstrip(" ")
    left = not before or before[-1] in LIST_MARKS or before.endswith((" and", " or", " in", " with", " using"))
    right = (
        not after
        or after[0] in LIST_MARKS
        or after[0] == "."
        or after.startswith(("and ", "or ", "programming", "developer"))
    )
    return left and right

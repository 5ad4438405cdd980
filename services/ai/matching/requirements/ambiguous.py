"""Skills with names that are words as well: technologies beside others that a sentence asks for, `Python, R or Spark`, and manners where it
asks for anything."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.ai.matching.requirements.clauses import Clause
from services.ai.matching.requirements.sections import Section
from services.ai.skills import SkillLinker
from services.ai.skills.linker import Mention
from services.ai.spans import Span

_NAME = re.compile(r"(?<![\w/.&’'-])[A-Z][A-Za-z+#]{0,14}(?![\w&’'-])")
# A name of two words is a name of something else.
_CAPITAL_BEFORE = re.compile(r"[A-Z][\w.-]*\s$")
_CAPITAL_AFTER = re.compile(r"\s[A-Z]")
# Not of a team, an office or a system that is called so; `initiatives` are no manner.
_MANNER = re.compile(
    r"(?<![\w-])(?:flexibility|confidentiality|empathy|integrity|teamwork|creativity|professionalism|resilience|collaboration|leadership"
    r"|communication|(?<=own )initiative|(?<=with )initiative|(?<=and )initiative|(?<=, )initiative|(?<=show )initiative"
    r"|(?<=use )initiative|(?<=demonstrated )initiative|(?<=your )initiative)(?![\w-])(?! (?:team|group|office|officer|department|systems?"
    r"|tools?|strateg|program|role|position|channels?|protocols?|technolog|equipment|network|of the)\w*)",
    re.IGNORECASE,
)
# So many different names of a text are looked up.
MOST_NAMES = 200
_HEADING = "Skills: "


def beside(text: str, clauses: Sequence[tuple[Clause, Sequence[Mention]]], linker: SkillLinker) -> dict[int, Mention]:
    """By where they start: names that the linker leaves alone in a sentence and takes in a list of skills."""
    asking = [(clause, mentions) for clause, mentions in clauses if _asks(clause)]
    places = [place for clause, mentions in asking if mentions for place in _names(text, clause, mentions)]
    places += [place for clause, mentions in asking for place in _manners(text, clause, mentions)]
    names = list(dict.fromkeys(text[start:end] for start, end in places))[:MOST_NAMES]
    taken = _taken(names, linker)
    return {
        start: replace(taken[name], span=Span(start, end, 0, name))
        for start, end in places
        if (name := text[start:end]) in taken
    }


def _asks(clause: Clause) -> bool:
    return clause.section in (Section.MUST, Section.NICE) or (clause.section is not Section.ASIDE and clause.wanted)


def _names(text: str, clause: Clause, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Not the first word: its capital says nothing."""
    lead = re.match(r"\W*\w*", text[clause.start : min(clause.end, clause.start + 40)])
    first = clause.start + (lead.end() if lead else 0)
    known = {position for mention in mentions for position in (mention.span.start, mention.span.end)}
    for match in _NAME.finditer(text, first, clause.end):
        alone = not _CAPITAL_BEFORE.search(text[max(first, match.start() - 20) : match.start()])
        if alone and not _CAPITAL_AFTER.match(text, match.end()) and not known & {match.start(), match.end()}:
            yield match.span()


def _manners(text: str, clause: Clause, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    for match in _MANNER.finditer(text, clause.start, clause.end):
        if not any(m.span.start < match.end() and match.start() < m.span.end for m in mentions):
            yield match.span()


def _taken(names: Sequence[str], linker: SkillLinker) -> dict[str, Mention]:
    lines = "\n".join(_HEADING + name for name in names)
    found = {mention.span.text: mention for mention in linker.link(lines)} if names else {}
    return {name: found[name] for name in names if name in found}

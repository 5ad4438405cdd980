"""The nearest things that a resume shows to what it does not prove, and an answer's outline made of them."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from services.ai.interviews.cues import tells_change
from services.ai.interviews.folding import stems, words
from services.ai.interviews.records import Asked, Outline
from services.ai.resume import Experience, ParsedResume, Value
from services.ai.skills import Ontology
from services.ai.spans import Span

MOST_EVIDENCE = 4
MOST_ACTIONS = 2
# Lines with fewer words that say something are rests of tables and the like.
LEAST_WORDS = 3
# What a line counts that the engine cites, that shows a tool where a tool is asked for, and that has a figure, beside the words it shares.
CITED, TOOL, FIGURE = 2.0, 0.5, 0.05
_FIGURE = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DUTY = re.compile(
    r"^\W*(?:responsible|in charge|tasked|accountable|duties|verantwortlich|zuständig|aufgabe|responsable|chargée?|encargad[oa])\b",
    re.IGNORECASE,
)


class Nearest:
    """Of one resume: its lines, ranked by the words that they share with what is asked for, those that few lines have counting more."""

    def __init__(self, resume: ParsedResume, ontology: Ontology) -> None:
        self._ontology, self._roles = ontology, resume.experiences
        lines = [(role, line, set(stems(words(line.text)))) for role in resume.experiences for line in role.bullets]
        self._lines = [one for one in lines if sum(len(word) > 2 for word in one[2]) >= LEAST_WORDS]
        counts = Counter(one for _, _, found in self._lines for one in found)
        self._telling: Mapping[str, float] = {s: math.log(1 + len(self._lines) / n) for s, n in counts.items()}
        tools = (use.spans for use in resume.skills if _is_tool(use.skill_id, ontology))
        self._tools = [span for spans in tools for span in spans]

    def evidence(self, asked: Asked) -> tuple[Span, ...]:
        """What the engine itself cites, then the nearest lines, of latest roles first where none is nearer. Empty without a line."""
        spans = (*asked.evidence, *(line.span for _, line in self._ranked(asked)))
        once = {span.text: span for span in reversed(spans)}
        return tuple(dict.fromkeys(once[span.text] for span in spans))[:MOST_EVIDENCE]

    def outline(self, asked: Asked) -> Outline | None:
        """Of the role with the nearest line; None without roles."""
        ranked = self._ranked(asked)
        role = ranked[0][0] if ranked else next(iter(self._roles), None)
        if role is None:
            return None
        own = [line for owner, line in ranked if owner is role]
        figures = [line for line in own if _has_figure(line.text)]
        result = next((line for line in figures if tells_change(line.text)), next(iter(figures), None))
        task = next((line for line in own if _DUTY.search(line.text) and line is not result), None)
        action = [line.span for line in own if line is not result and line is not task][:MOST_ACTIONS]
        # The one line of a role tells what was done, and what came of it.
        action = action or [line.span for line in own[:1]]
        return Outline(_situation(role), task.span if task else None, tuple(action), result.span if result else None)

    def _ranked(self, asked: Asked) -> list[tuple[Experience, Value]]:
        wanted, tool = set(stems(words(self._said_of(asked)))), _is_tool(asked.skill_id, self._ontology)
        nearness = [
            sum(self._telling[one] for one in sorted(found & wanted))
            + CITED * _is_cited(line, asked.evidence)
            + TOOL * (tool and _is_cited(line, self._tools))
            + FIGURE * _has_figure(line.text)
            for _, line, found in self._lines
        ]
        order = sorted(range(len(self._lines)), key=lambda i: (-round(nearness[i], 6), i))
        return [self._lines[i][:2] for i in order]

    def _said_of(self, asked: Asked) -> str:
        told = [asked.label, asked.name, asked.span.text if asked.span else ""]
        if skill := self._ontology.skills.get(asked.skill_id):
            told += [*skill.aliases, self._ontology.description(skill.id)]
        return " ".join(told)


def _is_tool(skill_id: str, ontology: Ontology) -> bool:
    found = ontology.skills.get(skill_id)
    return found is not None and found.technology


def _is_cited(line: Value, evidence: Sequence[Span]) -> bool:
    return any(_is_part(span, line.span) for span in evidence if span.text)


def _is_part(span: Span, line: Span) -> bool:
    """What a person wrote into the profile stands at no place, and is known by its words."""
    if not span.end:
        return span.text in line.text
    return line.page == span.page and line.overlaps(span)


def _situation(role: Experience) -> tuple[Span, ...]:
    return tuple(value.span for value in (role.title, role.employer) if value)


def _has_figure(text: str) -> bool:
    return bool(_FIGURE.search(_YEAR.sub("", text)))

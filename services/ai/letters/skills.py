"""Skills that position and resume share, in the words that a letter has for them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.ai.credentials import find_languages
from services.ai.letters.glossary import translated
from services.ai.letters.records import Sources
from services.ai.letters.verbs import gerund, verbs
from services.ai.letters.wording import tidy
from services.ai.letters.words import words
from services.ai.matching import Relation, Requirement, RequirementKind
from services.ai.resume import Experience, SkillEvidence, SkillUse
from services.ai.skills.manners import is_manner
from services.ai.spans import Span, span_of

SURE = 0.75
"""Least confidence of the parser that a skill is meant."""
MUST, NICE = 2.0, 1.0
MOST_LETTERS = 45
MOST_OTHERS = 3
BESIDE = 25
"""Characters between skills of one list."""

# First words of names that are nouns there, though they are verbs elsewhere.
_NOUNS = words(
    "market program account stock record test order contract research trade design report form purchase supply"
    " service contact claim project business product change support"
)
_OBJECT = re.compile(r"\s+(?:to|the|a|an|all|our|their|his|her|its|new|multiple|various|each)\b")
_PLAIN_ACRONYMS = words(
    "SQL PHP CSS XML ERP CRM SEO SEM AWS GCP SAP UML API OOP VBA SAS ETL KPI CNC PLC CPR EHR EMR GIT ITIL"
)
# A sentence rather than a name: `moderate a discussion`.
_PHRASE = re.compile(r"\s(?:a|an|the|to|your|others)(?:\s|$)")
_UPPER = re.compile(r"[A-ZÄÖÜÀ-Þ0-9&+#./-]{2,6}s?")


@dataclass(frozen=True, slots=True)
class Shared:
    """A skill asked for and shown. `tool`: a technology, called alike in all languages; `exact`: the very skill that is asked for."""

    name: str
    tool: bool
    exact: bool
    weight: float
    requirement: str
    skill_id: str
    use: Span
    asked: Span | None


@dataclass(frozen=True, slots=True)
class Tongue:
    """The letter's language, the resume's, which skills are technologies, and where the resume names any."""

    letter: str
    resume: str
    is_technology: Callable[[str], bool]
    resume_text: str
    skill_spans: frozenset[tuple[int, int]]

    @property
    def same(self) -> bool:
        """Whether the resume's own words go into the letter."""
        return self.letter == self.resume


def shared_in(sources: Sources, tongue: Tongue, role: Experience | None) -> Iterator[Shared]:
    """Of a role what its own lines name; without a role what the resume only lists. What is asked for first comes first."""
    uses = {use.skill_id: use for use in sources.resume.skills}
    for requirement in sources.vacancy.requirements:
        if requirement.kind is not RequirementKind.SKILL or requirement.manner or not requirement.skill_id:
            continue
        for skill_id, exact in _ways(requirement):
            use = uses.get(skill_id)
            shared = use and _shared(use, requirement, exact, tongue, role)
            if shared:
                yield shared
                break
    if tongue.resume != "en":
        yield from _named_alike(sources, tongue, role)


def others_in(sources: Sources, tongue: Tongue, role: Experience, told: Sequence[Shared]) -> Iterator[Shared]:
    """Skills that a role shows and nobody asks for, longest used first."""
    taken = {shared.skill_id for shared in told}
    uses = [use for use in sources.resume.skills if use.skill_id in role.skill_ids and use.skill_id not in taken]
    names = {shared.name.casefold() for shared in told}
    for use in sorted(uses, key=lambda use: (-use.years, use.spans[0])):
        asked = Requirement(use.skill_id, RequirementKind.SKILL, use.label, False, None, skill_id=use.skill_id)
        shared = None if is_manner(use.label) else _shared(use, asked, False, tongue, role)
        if shared and not any(shared.name.casefold() in name or name in shared.name.casefold() for name in names):
            names.add(shared.name.casefold())
            yield shared
        if len(names) - len(told) >= MOST_OTHERS:
            return


def is_meant(span: Span, text: str, skill_spans: frozenset[tuple[int, int]]) -> bool:
    """Not `catering to customers`; and three capitals that stand for many things only beside another skill."""
    if span.text.lower().endswith("ing") and " " not in span.text and _OBJECT.match(text, span.end):
        return False
    if not re.fullmatch(r"[A-Z]{2,3}", span.text) or span.text in _PLAIN_ACRONYMS:
        return True
    near = (span.start - BESIDE, span.end + BESIDE)
    return any(
        near[0] < end and start < near[1] and (start, end) != (span.start, span.end) for start, end in skill_spans
    )


def _ways(requirement: Requirement) -> Iterator[tuple[str, bool]]:
    yield requirement.skill_id, True
    for kin in requirement.kin:
        if kin.relation is Relation.NARROWER:
            yield kin.skill_id, False


def _shared(
    use: SkillUse, requirement: Requirement, exact: bool, tongue: Tongue, role: Experience | None
) -> Shared | None:
    if use.evidence is SkillEvidence.IMPLIED or use.confidence < SURE or is_spoken(use.label):
        return None
    inside = [s for s in use.spans if role is None or (role.span.start <= s.start and s.end <= role.span.end)]
    spans = [span for span in inside if is_meant(span, tongue.resume_text, tongue.skill_spans)]
    if not spans or (role and use.skill_id not in role.skill_ids):
        return None
    tool = tongue.is_technology(use.skill_id) and not _is_topic(use.label)
    name = _name(use.label, spans[0].text, tool, tongue)
    if not name or len(name) > MOST_LETTERS:
        return None
    weight = MUST if requirement.must else NICE
    return Shared(name, tool, exact, weight, requirement.id, use.skill_id, spans[0], requirement.span)


def _is_topic(label: str) -> bool:
    """`regression analysis` is among the technologies and yet no name."""
    return label == label.lower() and (" " in label or bool(translated(label, "de")))


def is_spoken(label: str) -> bool:
    """Whether a skill is a language: those are told with their level."""
    return any(found.end - found.start == len(label) for found in find_languages(label, 0, len(label)))


def _name(label: str, written: str, tool: bool, tongue: Tongue) -> str:
    written = tidy(written)
    if tool:
        if tongue.letter != "en" and written == written.lower() and " " in written:
            return ""
        return label if written.casefold() == label.casefold() else written
    if tongue.letter == "en" and tongue.resume == "en":
        return _topic(label, written)
    if tongue.letter == "en":
        return ""
    if tongue.same:
        return written
    return translated(label, tongue.letter)


def _topic(label: str, written: str) -> str:
    """`Managed Inventory` → `managing inventory`, `Team Building` → `team building`, `EHR` as it is."""
    if written.casefold() == label.casefold():
        written = label
    elif label == label.lower():
        written = " ".join(word if _UPPER.fullmatch(word) else word.lower() for word in written.split())
    first, _, rest = written.partition(" ")
    if written.endswith("skills") or _PHRASE.search(written):
        return ""
    if rest and first.endswith("ed") and first != label.split()[0]:
        return ""
    if (
        rest
        and first in verbs().base
        and first not in _NOUNS
        and label.startswith(f"{first} ")
        and not rest.endswith(("ing", "ment"))
    ):
        return f"{gerund(first)} {rest}"
    if first.lower() in verbs().past | frozenset(verbs().third) and first.lower() not in verbs().base | _NOUNS:
        return ""
    return "" if not rest and first in verbs().base - _NOUNS else written


def _named_alike(sources: Sources, tongue: Tongue, role: Experience | None) -> Iterator[Shared]:
    """Items of the resume's own list of skills that the position names in the same letters: the ontology reads English alone."""
    for item in sources.resume.listed_skills:
        name = tidy(item.text)
        if not 3 <= len(name) <= MOST_LETTERS or not (tongue.same or _looks_like_a_name(name)):
            continue
        asked = _whole(name, sources.vacancy.text)
        if not asked or any(item.span.overlaps(span) for use in sources.resume.skills for span in use.spans):
            continue
        start = role.span.start if role else 0
        where = _whole(name, role.span.text) if role else re.match("", "")
        if where:
            use = span_of(role.span.text, where.start(), where.end()) if role else item.span
            use = Span(start + use.start, start + use.end, role.span.page, use.text) if role else use
            at = span_of(sources.vacancy.text, asked.start(), asked.end())
            tool = _looks_like_a_name(name)
            yield Shared(name, tool, True, NICE, f"name:{name.casefold()}", f"name:{name.casefold()}", use, at)


def _looks_like_a_name(name: str) -> bool:
    """A mark, a digit or a capital within: `SAP`, `PostgreSQL`, `Node.js`."""
    return bool(re.search(r"[+#.\d/]|[^\W\d_][A-Z]", name))


def _whole(name: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)

"""Skills that a sentence names, by the ontology and by the glossary, and where resume and position have them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ai.letters.checking.denials import denials, is_denied, without_denials
from services.ai.letters.checking.draft import Draft
from services.ai.letters.checking.index import Index
from services.ai.letters.glossary import found as labels_of
from services.ai.letters.glossary import pattern
from services.ai.letters.records import Fault, Objection
from services.ai.letters.skills import is_spoken
from services.ai.skills import SkillLinker
from services.ai.spans import Span


@dataclass(frozen=True, slots=True)
class Named:
    """A skill at characters of the sentence; one name of the glossary may mean several."""

    start: int
    end: int
    words: str
    skill_ids: tuple[str, ...]
    labels: tuple[str, ...]


def mentions(draft: Draft, index: Index, linker: SkillLinker) -> list[Named]:
    """In the part that is the person's own. What is denied counts as named; languages are looked at among the credentials."""
    text = without_denials(draft.own, draft.language)
    linked = (m for m in linker.link(text) if not is_spoken(m.label))
    found = [Named(m.span.start, m.span.end, m.span.text, (m.skill_id,), (m.label,)) for m in linked]
    if draft.language != "en":
        for match in pattern(draft.language).finditer(draft.own.replace("'", "’")):
            if not any(one.start < match.end() and match.start() < one.end for one in found):
                labels = labels_of(match, draft.language)
                found.append(Named(match.start(), match.end(), draft.own[match.start() : match.end()], (), labels))
    return found


def object_to(draft: Draft, index: Index, found: Sequence[Named]) -> Iterator[Objection]:
    """A skill that the resume does not show; one that is said to be lacking; and every sentence on what is still to be learned."""
    for one in found:
        if not is_shown(one, index):
            yield Objection(Fault.SKILL, one.words)
        elif is_denied(draft.own, one.start, one.end, draft.language) and not _is_quoted(draft, one, index):
            yield Objection(Fault.DENIAL, one.words)


def is_shown(one: Named, index: Index) -> bool:
    """Whether the resume shows it: by the skill, or in the very words."""
    if any(skill_id in index.skill_ids for skill_id in one.skill_ids):
        return True
    if any(label in index.skill_labels for label in one.labels):
        return True
    return index.names_skill(one.words)


def _is_quoted(draft: Draft, one: Named, index: Index) -> bool:
    """Whether the resume itself says it in these words: `closed audits without a finding`."""
    around = [(a, b) for a, b in denials(draft.own, draft.language)]
    return any(index.resume.names(draft.own[min(a, one.start) : max(b, one.end)]) for a, b in around)


def spans(draft: Draft, index: Index, linker: SkillLinker) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where resume and position have what the sentence names: skills, and the employers and titles of roles."""
    resume, vacancy = index.sources.resume, index.sources.vacancy
    own: list[Span] = []
    asked: list[Span] = []
    for one in mentions(draft, index, linker):
        own += [
            use.spans[0]
            for use in resume.skills
            if use.spans and (use.skill_id in one.skill_ids or use.label in one.labels)
        ]
        asked += [r.span for r in vacancy.requirements if r.span and r.skill_id in one.skill_ids]
        own += _first(one.words, index.sources.resume_text) if not own else ()
    for value in [v for e in resume.experiences for v in (e.employer, e.title)] + [
        e.institution for e in resume.educations
    ]:
        if (
            value
            and len(value.text) > 2
            and re.search(rf"(?<!\w){re.escape(value.text)}(?!\w)", draft.own, re.IGNORECASE)
        ):
            own.append(value.span)
    if draft.own != draft.text:
        asked += [*_first(vacancy.title, vacancy.text), *_first(vacancy.employer, vacancy.text)]
    return tuple(sorted(dict.fromkeys(own))), tuple(sorted(dict.fromkeys(asked)))


def _first(name: str, text: str) -> list[Span]:
    match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) if name.strip() else None
    return [Span(match.start(), match.end(), 0, match[0])] if match else []

"""What a letter is written from: the profile as it is at this moment, and an open position."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.letters import OneText, Sentence, Sources, Vacancy, in_one_text
from services.ai.matching import Place, Requirement, RequirementKind, Wishes, WorkMode, find_requirements, with_kin
from services.ai.resume import ParsedResume
from services.ai.resume.standing.edited import as_edited
from services.ai.resume.standing.entries import Entries
from services.ai.skills import Mention, SkillLinker, load
from services.ai.spans import Span
from services.careerforge import filling, insights, letter_queries, queries
from services.careerforge.positions import OpenPosition
from services.kit.db import ReadSession
from services.kit.errors import WrongState

# A letter tells of four roles; somebody may have two hundred, with the text of a book.
MOST_ROLES = 50
# Characters of what a person wrote in which skills are looked for while the letter is waited for.
MOST_LINKED = 200_000


@dataclass(frozen=True, slots=True)
class Person:
    """`base` is the resume that speaks for them as it was read, `text` what its spans count in; `entries` are the profile's. `edited` is
    what a worker made of both, None where it has not seen the last edit.
    """

    base: ParsedResume
    text: str
    entries: Entries
    edited: ParsedResume | None
    resume_id: UUID | None
    name: str
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Material:
    """`one_text` is there where the profile differs from the resume."""

    sources: Sources
    one_text: OneText | None

    def back(self, sentence: Sentence) -> Sentence:
        """With spans that count in the resume."""
        return self.one_text.back(sentence) if self.one_text else sentence


async def read_person(session: ReadSession, user_id: UUID, today: date) -> Person:
    """For the platform: the person sees nothing of what was removed, which must not come back. Raises WrongState when nothing is said."""
    profile = await queries.find_profile(session, user_id)
    entries = await filling.entries_of(session, profile) if profile else Entries()
    anything = entries.roles or entries.studies or entries.spoken or entries.listed
    if profile is None or not (profile.parsed_resume or anything):
        raise WrongState("profile", "EMPTY", "one with a resume that was read, or with entries")
    base = codec.from_json(ParsedResume, profile.parsed_resume) if profile.parsed_resume else insights.nothing(today)
    text = await letter_queries.get_resume_text(session, user_id, profile.resume_id) if profile.resume_id else ""
    wishes = wishes_of(profile.preferences or {}, today)
    edited = insights.said(profile) if profile.told_entry_number == profile.entry_number else None
    return Person(base, text, entries, edited, profile.resume_id, profile.display_name, wishes)


def wishes_of(stored: Mapping[str, Any], today: date) -> Wishes:
    """Those that letters speak of, from preferences as they are stored."""
    places = tuple(
        Place(one.get("city", ""), one.get("region", ""), one.get("countryCode", ""))
        for one in stored.get("locations", ())
    )
    modes = (WorkMode.__members__.get(name.removeprefix("WORK_MODE_")) for name in stored.get("workModes", ()))
    begin = datetime.fromisoformat(stored["availableTime"]).date() if "availableTime" in stored else None
    return Wishes(
        places=places,
        modes=tuple(mode for mode in modes if mode),
        available=begin if begin and begin > today else None,
        interests=tuple(stored.get("interests", ())),
    )


def material(person: Person, position: OpenPosition, linker: SkillLinker) -> Material:
    """Takes tens of milliseconds of processor time, and the first time in a process the better part of a second."""
    resume = person.edited or as_edited(person.base, person.entries, _linked_by(linker))
    cut = replace(resume, experiences=resume.experiences[:MOST_ROLES])
    one = in_one_text(cut, person.base) if resume != person.base else None
    sources = Sources(
        resume=one.resume if one else resume,
        resume_text=one.text if one else person.text,
        vacancy=_vacancy(position, linker),
        name=person.name,
        wishes=person.wishes,
    )
    return Material(sources, one)


def _linked_by(linker: SkillLinker) -> Callable[[str, Sequence[Span]], Sequence[Mention]]:
    """What lines only imply is no source of a letter, and finding it takes a model."""
    left = MOST_LINKED

    def link(text: str, _: Sequence[Span]) -> Sequence[Mention]:
        nonlocal left
        left -= len(text)
        return linker.link(text) if left >= 0 else ()

    return link


def _vacancy(position: OpenPosition, linker: SkillLinker) -> Vacancy:
    read = _with_fields(find_requirements(position.text, linker, position.title), position)
    asked = tuple(with_kin(one, load()) for one in read)
    return Vacancy(position.title, position.organization_name, position.text, asked, position.city)


def _with_fields(read: Sequence[Requirement], position: OpenPosition) -> Sequence[Requirement]:
    """What a field says wins over what was read of its kind in the text."""
    if not position.work_mode:
        return read
    mode = RequirementKind.WORK_MODE
    stated = Requirement(mode.value, mode, position.work_mode.lower(), True, None, level=position.work_mode)
    return (*(one for one in read if one.kind is not mode), stated)

"""What letters are written from, without servers: bounded, and with what fields say."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.ai.letters import DefaultWriter, Deleted, Options, letter, text_of
from services.ai.matching import RequirementKind, Wishes
from services.ai.months import YearMonth
from services.ai.resume.standing.entries import Entries, Role
from services.ai.skills import SkillLinker, load
from services.careerforge import letter_sources
from services.careerforge.insights import nothing
from services.careerforge.letter_sources import MOST_LINKED, MOST_ROLES, Person, material
from services.careerforge.positions import OpenPosition
from tests.ai.letters.examples import linker, sources

TODAY = date(2026, 11, 1)
LINES = "\n".join(f"Built services in Python for {number} customers" for number in range(200))
POSITION = OpenPosition(UUID(int=1), "Python Developer", "We need Python. Work from home.", "Orbital", "Kiel")


class Counting(SkillLinker):
    letters = 0

    def link(self, text: str, *rest: Any, **more: Any) -> Any:
        self.letters += len(text)
        return super().link(text, *rest, **more)


def somebody(roles: int = 1, wishes: Wishes | None = None) -> Person:
    made = tuple(
        Role(f"Developer {n}", f"Employer {n}", start=YearMonth(2020), current=True, description=LINES)
        for n in range(roles)
    )
    return Person(nothing(TODAY), "", Entries(made), None, None, "Ada", wishes or Wishes())


def test_who_has_written_a_book_is_not_read_to_the_end() -> None:
    counting = Counting(load())
    found = material(somebody(roles=200), POSITION, counting)
    assert counting.letters <= MOST_LINKED + 3 * len(POSITION.text + POSITION.title)
    assert len(found.sources.resume.experiences) == MOST_ROLES
    assert len(found.sources.resume_text) < MOST_ROLES * (len(LINES) * 1.1 + 200)
    made = list(letter(DefaultWriter(load()), found.sources, Options(), linker()))
    assert [one for one in made if isinstance(one, Deleted)] == []


@pytest.mark.parametrize("mode", ["", "REMOTE", "HYBRID"])
def test_how_work_is_done_is_what_the_field_says(mode: str) -> None:
    position = OpenPosition(POSITION.id, POSITION.title, POSITION.text, "Orbital", "Kiel", mode)
    asked = material(somebody(), position, linker()).sources.vacancy.requirements
    found = [one.level for one in asked if one.kind is RequirementKind.WORK_MODE]
    assert found == ([mode] if mode else ["REMOTE"])


def test_wishes_are_those_of_the_preferences() -> None:
    stored = {
        "locations": [{"city": "Kiel", "countryCode": "DE"}],
        "workModes": ["WORK_MODE_REMOTE", "WORK_MODE_UNSPECIFIED"],
        "availableTime": "2027-02-01T00:00:00Z",
        "interests": ["logistics"],
    }
    wishes = letter_sources.wishes_of(stored, TODAY)
    assert (wishes.places[0].city, [mode.name for mode in wishes.modes]) == ("Kiel", ["REMOTE"])
    assert (wishes.available, wishes.interests) == (date(2027, 2, 1), ("logistics",))
    assert letter_sources.wishes_of(stored, date(2027, 3, 1)).available is None, "it is over"
    assert letter_sources.wishes_of({}, TODAY) == Wishes()


def test_what_the_person_wants_and_the_position_has_is_said() -> None:
    wishes = letter_sources.wishes_of({"locations": [{"city": "Kiel"}]}, TODAY)
    found = material(somebody(wishes=wishes), POSITION, linker()).sources
    text = text_of(list(DefaultWriter(load()).write(found, Options())))
    assert "Kiel" in text


def test_an_unedited_resume_is_the_text_itself() -> None:
    from_ = sources("en")
    person = Person(from_.resume, from_.resume_text, Entries(), from_.resume, None, "", Wishes())
    found = material(person, POSITION, linker())
    assert (found.sources.resume_text, found.one_text) == (from_.resume_text, None)

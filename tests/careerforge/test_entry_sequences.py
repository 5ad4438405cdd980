"""Random edits and readings, through the door, against a plain model: nothing is lost, resurrected or there twice."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.profile_pb2 import Experience

from tests.builders import a_job_seeker, an_analysis
from tests.careerforge.profiled import Own
from tests.harness import System

T = TypeVar("T")

# Each role in two wordings: title and employer, months.
ROLES = (
    (
        ("Senior Python Developer, Example Works", "May 2019 - present"),
        ("Sr. Python Developer, Example Works GmbH", "05/2019 - present"),
    ),
    (
        ("Python Developer, Sample Systems", "January 2016 - April 2019"),
        ("Python Developer, Sample Systems Inc.", "2016 - 2019"),
    ),
    (
        ("Data Analyst, Blue Research", "March 2012 - December 2015"),
        ("Data Analyst, Blue Research Ltd", "03/2012 - 12/2015"),
    ),
    (
        ("Warehouse Assistant, Northern Freight", "June 2009 - February 2012"),
        ("Warehouse Asst., Northern Freight", "June 2009 - February 2012"),
    ),
)
UPLOADS = 5


def resume_of(chosen: list[tuple[int, int]]) -> str:
    lines = ["Ada Example", "ada@example.org", "", "Experience"]
    for role, wording in sorted(chosen):
        head, dates = ROLES[role][wording]
        lines += [head, dates, f"- Did what role {role} asks, for 12 teams", ""]
    return "\n".join([*lines, "Skills", "Python, Docker", ""])


def role_of(entry: Experience) -> int:
    return int(entry.description.split("role ")[1][0])


async def test_sequences_of_edits_and_readings_lose_nothing(system: System) -> None:
    loop = asyncio.get_running_loop()

    def wait(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    class Sequences(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.own = Own(system, wait(a_job_seeker(system)))
            self.shown: dict[int, str] = {}
            self.removed: set[int] = set()
            self.edits = self.uploads = 0
            self.spoken = ""

        @rule(chosen=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=1, unique_by=lambda c: c[0]))
        def read(self, chosen: list[tuple[int, int]]) -> None:
            if self.uploads == UPLOADS:
                return
            self.uploads += 1
            self.spoken = wait(an_analysis(system, self.own.person, resume_of(chosen))).resume_id
            named = {role for role, _ in chosen}
            mine = {role: text for role, text in self.shown.items() if text.startswith("mine")}
            read = {role: "read" for role in named if role not in mine and role not in self.removed}
            self.shown = mine | read
            self.check()

        @rule(number=st.integers(0, 9))
        def edit(self, number: int) -> None:
            if entries := wait(self.own.experiences()):
                entry = entries[number % len(entries)]
                role = role_of(entry)
                self.edits += 1
                self.shown[role] = f"mine {self.edits} of role {role}"
                wait(self.own.update(entry.id, description=self.shown[role]))
                self.check()

        @rule(number=st.integers(0, 9))
        def remove(self, number: int) -> None:
            if entries := wait(self.own.experiences()):
                entry = entries[number % len(entries)]
                wait(self.own.remove(entry.id))
                self.removed.add(role_of(entry))
                del self.shown[role_of(entry)]
                self.check()

        @rule(role=st.integers(0, 3))
        def create(self, role: int) -> None:
            if role not in self.shown:
                self.edits += 1
                self.shown[role] = f"mine {self.edits} of role {role}"
                title, employer = ROLES[role][0][0].split(", ")
                start = ((2019, 5), (2016, 1), (2012, 3), (2009, 6))[role]
                wait(self.own.create(title, start, employer=employer, description=self.shown[role]))
                self.check()

        @rule()
        def delete_resume(self) -> None:
            if self.spoken:
                request = pb.DeleteResumeRequest(resume_id=self.spoken)
                wait(self.own.stub.DeleteResume(request, metadata=self.own.person.metadata))
                self.spoken = ""
                self.shown = {role: text for role, text in self.shown.items() if text != "read"}
                self.check()

        def check(self) -> None:
            entries = wait(self.own.experiences())
            found = sorted((role_of(e), e.description if e.description.startswith("mine") else "read") for e in entries)
            assert found == sorted(self.shown.items())

    few = settings(
        max_examples=4, stateful_step_count=10, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    await asyncio.to_thread(run_state_machine_as_test, Sequences, settings=few)

"""Entries of a profile and later readings: as a pure function, against a plain model."""

from dataclasses import dataclass, field
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.ai.months import YearMonth
from services.ai.resume.standing.assignment import assign
from services.ai.resume.standing.likeness import Key, key_of_role, key_of_study, likeness
from services.ai.resume.standing.reconciling import Known, Standing, reconcile, worded

# One role each, as different resumes and parsers word it: title, employer, first and last month.
ROLES = (
    (
        ("Senior Python Developer", "Example Works", (2019, 5), None),
        ("Sr. Python Dev", "Example Works GmbH", (2019, 5), None),
        ("Senior Python Developer", "Example Works, Berlin", (2019, 0), None),
        ("Lead Python Developer", "Example Works Ltd", (2019, 5), (2026, 3)),
    ),
    (
        ("Python Developer", "Sample Systems", (2016, 1), (2019, 4)),
        ("Python Dev", "Sample Systems Inc.", (2016, 1), (2019, 4)),
        ("Developer (Python)", "Sample Systems", (2016, 0), (2019, 0)),
        ("Python Developer", "", (2016, 1), (2019, 4)),
    ),
    (
        ("Python Developer", "Example Works", (2012, 3), (2015, 12)),
        ("Python developer", "EXAMPLE WORKS", (2012, 3), (2015, 11)),
        ("Python Developer", "Example Works", (2012, 0), (2015, 0)),
    ),
    (
        ("Barista", "Blue Cup", (2010, 6), (2011, 9)),
        ("Barista / Shift Leader", "Blue Cup Coffee", (2010, 6), (2011, 9)),
        ("Barista", "Blue Cup", (2010, 6), (2011, 8)),
    ),
    (
        ("Warehouse Assistant", "Northern Freight", (2008, 1), (2009, 6)),
        ("Warehouse Asst.", "Northern Freight Ltd.", (2008, 0), (2009, 0)),
    ),
    (
        ("Volunteer Teacher", "Open School", None, None),
        ("Volunteer teacher", "The Open School", None, None),
    ),
)


def key(wording: tuple) -> Key:
    title, employer, start, end = wording
    return key_of_role(title, employer, *(YearMonth(*m) if m else None for m in (start, end)), "")


KEYS = tuple(tuple(key(wording) for wording in role) for role in ROLES)


def test_all_wordings_of_a_role_are_alike_and_no_two_roles_are() -> None:
    for i, role in enumerate(KEYS):
        for one in role:
            assert all(likeness(one, other) for other in role), role
            for j, others in enumerate(KEYS):
                assert i == j or not any(likeness(one, other) for other in others), (one, others)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("TU Berlin", "M.Sc.", "Computer Science", 4), ("Technical University of Berlin", "Master", "Computer Science", 4), True),
        (("TU Berlin", "M.Sc.", "Computer Science", 4), ("TU Berlin", "B.Sc.", "Computer Science", 3), False),
        (("TU Berlin", "M.Sc.", "Computer Science", 4), ("TU Berlin", "M.Sc.", "Physics", 4), False),
        (("Open School", "Abitur", "", 1), ("Open School", "Abitur", "", 1), True),
        (("Open School", "", "", 0), ("Closed College", "", "", 0), False),
    ],
)  # fmt: skip
def test_courses_of_study_are_told_apart_by_level_and_subject(one: tuple, other: tuple, same: bool) -> None:
    first, second = (key_of_study(*values, None, None) for values in (one, other))
    assert bool(likeness(first, second)) is same


def test_the_same_course_in_other_years_is_another_one() -> None:
    words = ("TU Berlin", "M.Sc.", "Physics", 4)
    first = key_of_study(*words, YearMonth(2001, 10), YearMonth(2003, 9))
    assert likeness(first, key_of_study(*words, YearMonth(2001, 10), YearMonth(2003, 8)))
    assert not likeness(first, key_of_study(*words, YearMonth(2010, 10), YearMonth(2012, 9)))


months = st.none() | st.builds(lambda y, m: YearMonth(y, m), st.integers(1990, 2026), st.integers(0, 12))
names = st.sampled_from(["", "Developer", "Senior Developer", "Nurse", "Acme", "Acme GmbH", "Oracle"])
keys = st.builds(key_of_role, names, names, months, months, st.just(""))


@given(keys, keys)
@settings(max_examples=150)
def test_likeness_is_the_same_either_way_round_and_whole_with_oneself(one: Key, other: Key) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0 == likeness(one, one)


pairs = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20).map(lambda n: n / 20), max_size=14
)


@given(pairs)
@settings(max_examples=150)
def test_the_assignment_is_the_best_there_is(weights: dict[tuple[int, int], float]) -> None:
    found = assign(weights)
    assert len(set(found.values())) == len(found)
    best = max(
        sum(weights.get((row, column), 0.0) for row, column in enumerate(order)) for order in permutations(range(5))
    )
    assert sum(weights[pair] for pair in found.items()) == pytest.approx(best)


@dataclass
class Entry:
    """Of the profile under test. `text`: what the person sees; `stands_for`: the role it is of, for the model alone."""

    standing: Standing
    wordings: tuple[Key, ...]
    text: str
    visible: bool = True


@dataclass
class Model:
    """A plain one: by role, what is to be seen."""

    shown: dict[int, str] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)


class Sequences(RuleBasedStateMachine):
    """Readings in any wording, of any roles, between edits of any kind."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.model = Model()
        self.edits = 0

    def visible(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.visible]

    @rule(
        chosen=st.lists(
            st.tuples(st.integers(0, len(KEYS) - 1), st.integers(0, 3)), max_size=8, unique_by=lambda c: c[0]
        )
    )
    def read(self, chosen: list[tuple[int, int]]) -> None:
        found = [KEYS[role][wording % len(KEYS[role])] for role, wording in chosen]
        plan = reconcile([Known(entry.standing, entry.wordings) for entry in self.entries], found)
        for entry, place in zip(self.entries, plan.places, strict=True):
            if place is not None:
                entry.wordings = worded(entry.wordings, found[place])
                if entry.standing is Standing.RESUME:
                    entry.text = f"role {chosen[place][0]}"
        self.entries = [entry for row, entry in enumerate(self.entries) if row not in plan.gone]
        self.entries += [Entry(Standing.RESUME, (found[place],), f"role {chosen[place][0]}") for place in plan.new]
        named = {role for role, _ in chosen}
        kept = {role: text for role, text in self.model.shown.items() if text.startswith("mine") or role in named}
        new = {role: f"role {role}" for role in named if role not in kept and role not in self.model.removed}
        self.model.shown = kept | new

    @precondition(lambda self: self.visible())
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.visible()))
        role = self.role_of(entry)
        self.edits += 1
        entry.standing, entry.text = Standing.PERSON, f"mine {self.edits} of role {role}"
        self.model.shown[role] = entry.text

    @precondition(lambda self: self.visible())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.visible()))
        role = self.role_of(entry)
        entry.standing, entry.visible = Standing.REMOVED, False
        del self.model.shown[role]
        self.model.removed.add(role)

    @rule(role=st.integers(0, len(KEYS) - 1), wording=st.integers(0, 3))
    def create(self, role: int, wording: int) -> None:
        if role in self.model.shown:
            return
        self.edits += 1
        text = f"mine {self.edits} of role {role}"
        self.entries.append(Entry(Standing.PERSON, (KEYS[role][wording % len(KEYS[role])],), text))
        self.model.shown[role] = text

    @rule()
    def delete_resume(self) -> None:
        self.read([])

    def role_of(self, entry: Entry) -> int:
        return int(entry.text.split()[-1])

    @invariant()
    def what_is_shown_is_what_the_model_shows(self) -> None:
        assert sorted(entry.text for entry in self.visible()) == sorted(self.model.shown.values())


Sequences.TestCase.settings = settings(max_examples=100, stateful_step_count=15)
TestSequences = Sequences.TestCase

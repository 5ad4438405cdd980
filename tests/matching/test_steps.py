"""Ordered lists step by step: forwards and backwards, and what who sees only the first ranks is told."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.matching.steps import Order, Step, differences, done, undone

ids = st.integers(0, 12).map(lambda number: UUID(int=number))
changes = st.dictionaries(ids, st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=5)
histories = st.lists(changes, max_size=8)


def played(history: list[dict[UUID, float | None]]) -> list[tuple[list[UUID], list[Step]]]:
    """The list after each change, and the steps of it."""
    order, moments = Order(), [(list[UUID](), list[Step]())]
    for change in history:
        steps = order.change(change, "CANDIDATE")
        moments.append((order.item_ids, steps))
    return moments


@given(histories)
def test_a_list_is_always_in_order(history: list[dict[UUID, float | None]]) -> None:
    order, known = Order(), dict[UUID, float]()
    for change in history:
        order.change(change, "CANDIDATE")
        known = {i: s for i, s in (known | change).items() if s is not None}
        assert order.item_ids == sorted(known, key=lambda i: (-known[i], i))
        assert order.scores == [known[i] for i in order.item_ids]
        assert Order(order.item_ids, order.scores).item_ids == order.item_ids


@given(histories)
def test_any_earlier_moment_can_be_told(history: list[dict[UUID, float | None]]) -> None:
    moments = played(history)
    now = moments[-1][0]
    for number, (item_ids, _) in enumerate(moments):
        later = [step for _, steps in moments[number + 1 :] for step in steps]
        assert undone(now, later) == item_ids
        assert done(item_ids, later) == now


@given(histories, st.integers(0, 8), st.integers(1, 6))
def test_who_is_told_the_differences_has_the_first_ranks(
    history: list[dict[UUID, float | None]], since: int, limit: int
) -> None:
    """As the simplest client does it: each event in turn takes its item out, if it is there, and puts it in at its rank."""
    moments = played(history)
    since = min(since, len(moments) - 1)
    before, after = moments[since][0], moments[-1][0]
    steps = [step for _, steps in moments[since + 1 :] for step in steps]
    shown = before[:limit]
    found = differences(before, after, steps, limit)
    for one in found:
        assert one.old_rank == (shown.index(one.item_id) + 1 if one.item_id in shown else 0)
        shown = [item for item in shown if item != one.item_id]
        if one.new_rank:
            shown.insert(one.new_rank - 1, one.item_id)
        assert len(shown) <= limit
    touched = {one.item_id for one in found}
    assert shown == after[:limit]
    assert len(touched) == len(found), "nobody is named twice"
    assert all(one.rank == after.index(one.item_id) + 1 for one in found if one.new_rank)
    changed = {step.item_id for step in steps}
    assert changed & set(after[:limit]) <= touched, "everybody who changed is named"


def test_nothing_happened_is_told_by_nothing() -> None:
    order = Order([UUID(int=1)], [0.5])
    assert order.change({UUID(int=2): None}, "CANDIDATE") == []

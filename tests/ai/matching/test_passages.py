"""Which sentences of a position are compared with what people did."""

from services.ai.matching.passages import MOST_PASSAGES, position_passages

POSITION = """About us
We are a family of bakers that won many prizes in our town.

What you will do
- Plan the week's production with two colleagues
- Order flour, butter and eggs from our suppliers

Requirements
- Three years in a commercial bakery
- You can read a recipe and keep a kitchen clean

Benefits
- 30 days of paid holiday and bread for all the family
- Salary: £24,907 to £30,615 a year for everybody

How to apply
Please send your application by e-mail to jobs@example.org today.
"""


def test_duties_and_requirements_are_told_and_offers_are_not() -> None:
    told = [span.text for span in position_passages(POSITION)]
    assert told == [
        "Plan the week's production with two colleagues",
        "Order flour, butter and eggs from our suppliers",
        "Three years in a commercial bakery",
        "You can read a recipe and keep a kitchen clean",
    ]


def test_passages_stand_in_the_text() -> None:
    assert all(POSITION[span.start : span.end] == span.text for span in position_passages(POSITION))


def test_no_more_than_two_dozen_are_given_each_once() -> None:
    text = "Duties\n" + "\n".join(f"- Bake the bread of the day number {n % 40} with care" for n in range(400))
    told = [span.text for span in position_passages(text)]
    assert len(told) == len(set(told)) == MOST_PASSAGES
    assert position_passages("") == ()

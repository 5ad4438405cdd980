"""Titles that a table holds run together are parted where ESCO's own table parts them."""

from hypothesis import given
from hypothesis import strategies as st

from services.ai.skills.cuts import found, parted
from services.ai.skills.tables import Occupation

LABEL, ALIAS = "medical lab assistant", "assistant in biomedical laboratory"
TELLS = "Medical laboratory assistants work under the supervision of biomedical scientists."


def an_occupation(*aliases: str, label: str = LABEL, description: str = TELLS) -> Occupation:
    return Occupation("1", label, aliases, description)


def test_two_titles_and_a_description_are_parted() -> None:
    text = f"{LABEL} {ALIAS} {TELLS}"
    assert parted(text, found(text, an_occupation(ALIAS))) == ([LABEL, ALIAS], TELLS)


def test_a_title_of_two_others_is_one_if_that_leaves_fewer_words() -> None:
    text = f"nurse head nurse of the ward {TELLS}"
    occupation = an_occupation("head nurse", "head nurse of the ward", label="nurse")
    assert parted(text, found(text, occupation))[0] == ["nurse", "head nurse of the ward"]


def test_words_that_are_no_title_are_left_out() -> None:
    text = f"nurse somebody else head nurse {TELLS}"
    assert parted(text, found(text, an_occupation("head nurse", label="nurse"))) == (["nurse", "head nurse"], TELLS)


def test_another_occupations_text_has_no_titles() -> None:
    text = f"welder {TELLS}"
    assert found(text, an_occupation()) == []
    assert parted(text, []) == ([], text)


words = st.text("abc", min_size=1, max_size=2)
titles = st.lists(words, min_size=1, max_size=3).map(" ".join)


@given(titles, st.lists(titles, max_size=6))
def test_every_word_before_the_description_belongs_to_a_title_that_is_known(label: str, aliases: list[str]) -> None:
    text = " ".join([label, *aliases, TELLS])
    made, rest = parted(text, found(text, an_occupation(*aliases, label=label)))
    assert rest == TELLS
    assert set(made) <= {label, *aliases}
    assert " ".join([*made, rest]) == text

"""Words of texts and of queries, without an index."""

import pytest

from services.matching.search.parsing import Term, any_word, parse
from services.matching.search.tokens import tokens
from services.matching.search.typos import edits, edits_allowed


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("python", "python", 0),
        ("python", "pyhton", 1),
        ("python", "pythons", 1),
        ("python", "pythn", 1),
        ("python", "pythom", 1),
        ("python", "ptyhno", 2),
        ("python", "java", 3),
        ("abcdef", "fedcba", 3),
        ("", "a", 1),
    ],
)
def test_slips_are_counted_up_to_two(one: str, other: str, distance: int) -> None:
    assert edits(one, other, 2) == edits(other, one, 2) == distance


def test_long_words_may_have_more_slips() -> None:
    assert [edits_allowed(word) for word in ("go", "php", "scala", "python")] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Built C++, C# and F# on .NET", ["built", "cplusplus", "csharp", "and", "fsharp", "on", "dotnet"]),
        ("ASP.NET, c, abc#", ["asp", "dotnet", "c", "abc"]),
        ("Straße in Zürich", ["strasse", "in", "zurich"]),
        ("front-end_dev's", ["front", "end", "dev", "s"]),
        ("ﬁne 3D k8s", ["fine", "3d", "k8s"]),
        ("x" * 101, ["x" * 100]),
        ("\x00 🙂 !", []),
    ],
)
def test_a_text_has_these_words(text: str, words: list[str]) -> None:
    found = list(tokens(text))
    assert [token.word for token in found] == words
    assert all(0 <= token.start < token.end <= len(text) for token in found)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("a b", ((Term(("a",)), Term(("b",))),)),
        ("a or b c", ((Term(("a",)),), (Term(("b",)), Term(("c",))))),
        ('"a b" -c', ((Term(("a", "b")), Term(("c",), True)),)),
        ("front-end", ((Term(("front", "end")),),)),
        ('-"a b"', ((Term(("a", "b"), True),),)),
        ('"a b', ((Term(("a", "b")),),)),
        ("or - ! or", ()),
        ("-or", ((Term(("or",), True),),)),
    ],
)
def test_a_query_asks_for_these(query: str, asked: object) -> None:
    assert parse(query) == asked


def test_any_word_is_asked_for_once() -> None:
    assert any_word("B a-b or") == ((Term(("b",)),), (Term(("a",)),), (Term(("or",)),))

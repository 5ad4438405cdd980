"""Titles of one kind of work lie together, however they are worded; and find their occupation."""

import numpy as np
import pytest

from services.ai.embedding import DIMENSIONS
from services.ai.titles import Occupation, OccupationRanker, TitleEncoder, title_fit
from services.ai.titles.encoder import Matrix

OCCUPATIONS = [
    Occupation("1", "truck driver", ("lorry driver", "HGV driver")),
    Occupation("2", "software developer", ("programmer", "software engineer")),
    Occupation("3", "child day care worker", ("nanny", "nursery worker")),
    Occupation("4", "sales manager", ("head of sales",)),
    Occupation("5", "truck driving instructor", ("teacher of lorry drivers",)),
]


@pytest.fixture(scope="module")
def encoder() -> TitleEncoder:
    return TitleEncoder()


@pytest.fixture(scope="module")
def ranker(encoder: TitleEncoder) -> OccupationRanker:
    return OccupationRanker(OCCUPATIONS, encoder)


def fit(encoder: TitleEncoder, one: str, other: str) -> float:
    return title_fit(*encoder.encode([one, other]))


@pytest.mark.parametrize(
    ("title", "same", "other"),
    [
        ("Sr. Sales Mgr", "head of sales", "sales assistant"),
        ("Software Engineer (m/f/d)", "programmer", "mechanical engineer"),
        ("LORRY DRIVER - full time", "truck driver", "truck mechanic"),
        ("nanny", "babysitter", "registered nurse"),
    ],
)
def test_another_name_of_the_work_fits_better_than_other_work_of_like_name(
    encoder: TitleEncoder, title: str, same: str, other: str
) -> None:
    assert fit(encoder, title, same) > fit(encoder, title, other) + 0.2


def test_a_title_fits_itself_and_nothing_far_off(encoder: TitleEncoder) -> None:
    assert fit(encoder, "truck driver", "truck driver") > 0.95
    assert fit(encoder, "truck driver", "data scientist") < 0.1


def test_fit_is_the_same_both_ways(encoder: TitleEncoder) -> None:
    assert fit(encoder, "baker", "pastry cook") == fit(encoder, "pastry cook", "baker")


def test_a_vector_survives_lists_of_numbers(encoder: TitleEncoder) -> None:
    one, other = encoder.encode(["baker", "pastry cook"])
    assert title_fit(one.tolist(), other.tolist()) == title_fit(one, other)


def test_company_of_other_titles_changes_no_digit(encoder: TitleEncoder) -> None:
    titles = ["nurse", "registered nurse in intensive care", "cook", "nurse", "x", "welder"]
    together = encoder.encode(titles)
    assert all((together[i] == encoder.encode([title])[0]).all() for i, title in enumerate(titles))


def test_vectors_have_length_one(encoder: TitleEncoder) -> None:
    vectors = encoder.encode(["nurse", "Head of Sales, EMEA"])
    assert vectors.shape == (2, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_a_title_without_letters_fits_nothing(encoder: TitleEncoder) -> None:
    empty, nurse, _ = encoder.encode(["  ", "nurse", "--"])
    assert not empty.any()
    assert title_fit(empty, nurse) == title_fit(empty, empty) == 0.0


def test_a_very_long_title_is_read_to_the_limit(encoder: TitleEncoder) -> None:
    assert encoder.encode(["nurse " * 20_000]).shape == (1, DIMENSIONS)


def test_no_titles_give_no_vectors(encoder: TitleEncoder) -> None:
    vectors: Matrix = encoder.encode([])
    assert vectors.shape == (0, DIMENSIONS)


def test_the_version_tells_the_weights(encoder: TitleEncoder) -> None:
    assert encoder.version == TitleEncoder().version
    assert encoder.version.startswith("titles-")


@pytest.mark.parametrize(
    ("title", "occupation"),
    [("HGV Driver wanted", "1"), ("Backend Engineer", "2"), ("Childminder", "3"), ("VP Sales", "4")],
)
def test_a_title_finds_its_occupation(ranker: OccupationRanker, title: str, occupation: str) -> None:
    assert ranker.rank([title], 1)[0][0].id == occupation


def test_a_name_that_stands_there_whole_is_surest(ranker: OccupationRanker) -> None:
    (label,), (hint,) = ranker.rank(["software developer", "writes code for a living"], 1)
    assert label.confidence > hint.confidence
    assert label.label == "software developer"


def test_confidence_falls_from_first_to_last_and_is_a_chance(ranker: OccupationRanker) -> None:
    chances = [meant.confidence for meant in ranker.rank(["lorry driver"], 5)[0]]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    assert len(chances) == 5


def test_titles_without_letters_mean_nothing(ranker: OccupationRanker) -> None:
    assert ranker.rank(["", "lorry driver", "--"], 1)[::2] == [[], []]


def test_an_occupation_that_training_knew_is_remembered(encoder: TitleEncoder) -> None:
    known = encoder.remembered("00030d09-2b3a-4efd-87cc-c4ea39d27c34")
    assert known is not None
    assert known @ encoder.plain(["technical director"])[0] > known @ encoder.plain(["baker"])[0] + 0.3
    assert encoder.remembered("no id") is None


def test_a_title_that_names_no_manager_means_none(encoder: TitleEncoder) -> None:
    ranker = OccupationRanker([Occupation("1", "marketing manager", ()), Occupation("2", "marketer", ())], encoder)
    said, unsaid = ranker.rank(["Marketing Manager", "Marketing person"], 1)
    assert (said[0].id, unsaid[0].id) == ("1", "2")


HEADING, NARROWER = "31808988-fc0a-4bc3-9e47-27216d6759f5", "7e17f4ea-9565-41e0-b408-b52b5c9492a3"


def test_a_heading_is_meant_less_than_what_stands_below_it_unless_named(encoder: TitleEncoder) -> None:
    occupations = [Occupation(HEADING, "security guard", ()), Occupation(NARROWER, "door supervisor", ("bouncer",))]
    ranker = OccupationRanker(occupations, encoder)
    named, hinted = ranker.rank(["Security Guard", "nightclub security"], 1)
    assert (named[0].id, hinted[0].id) == (HEADING, NARROWER)
    assert encoder.narrower(HEADING) > encoder.narrower(NARROWER) == encoder.narrower("no id") == 0


def test_what_is_no_title_stays_where_the_model_puts_it(encoder: TitleEncoder) -> None:
    strange, known = "口腔外科の受付", "registered nurse"
    plain = encoder.plain([strange, known])
    moved = encoder.encode([strange, known])
    assert (plain * moved).sum(1)[0] > 0.9999
    assert (plain * moved).sum(1)[1] < 0.99

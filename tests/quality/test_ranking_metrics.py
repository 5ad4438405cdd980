"""The metrics against cases worked out by hand."""

import math

import numpy as np
import pytest

from tests.quality.ranking_metrics import (
    average_precision,
    bm25,
    fused,
    ndcg,
    paired_bootstrap,
    ranking,
    recall,
    reciprocal_rank,
)


def test_average_precision_is_the_mean_precision_at_each_relevant() -> None:
    assert average_precision("abcde", {"a", "c"}) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision("abcde", {"e"}) == pytest.approx(1 / 5)


def test_a_relevant_that_is_nowhere_costs_average_precision() -> None:
    assert average_precision("ab", {"a", "z"}) == pytest.approx(1 / 2)
    assert average_precision("ab", ()) == 0


def test_reciprocal_rank_looks_at_the_first_relevant() -> None:
    assert reciprocal_rank("abcde", {"c", "e"}) == pytest.approx(1 / 3)
    assert reciprocal_rank("abcde", {"z"}) == 0


def test_recall_counts_among_the_first_k() -> None:
    assert recall("abcde", {"a", "d"}, 3) == pytest.approx(1 / 2)
    assert recall("abcde", {"a", "d"}, 4) == 1


def test_ndcg_is_one_for_the_best_order_and_less_for_another() -> None:
    gains = {"a": 3.0, "b": 1.0}
    assert ndcg("abx", gains) == pytest.approx(1)
    worse = (1 / math.log2(2) + 3 / math.log2(3)) / (3 / math.log2(2) + 1 / math.log2(3))
    assert ndcg("bax", gains) == pytest.approx(worse)


def test_ndcg_at_k_compares_with_the_best_k() -> None:
    gains = {"a": 1.0, "b": 1.0, "c": 1.0}
    assert ndcg("axb", gains, 2) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert ndcg("xyz", {}, 2) == 0


def test_bm25_is_the_formula() -> None:
    scores = bm25(["red fish", "blue fish fish", "green bird"])("fish")
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 7 / 3
    assert scores[0] == pytest.approx(idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean)))
    assert scores[1] == pytest.approx(idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)))
    assert scores[2] == 0


def test_bm25_of_nothing_shared_is_nothing() -> None:
    assert bm25(["red fish", ""])("whale").tolist() == [0, 0]


def test_equal_scores_keep_their_order() -> None:
    assert ranking(np.array([1.0, 2.0, 1.0, 2.0])) == [1, 3, 0, 2]


def test_fusion_prefers_what_stands_high_in_both() -> None:
    assert ranking(fused(np.array([3.0, 2.0, 1.0]), np.array([1.0, 3.0, 2.0]))) == [1, 0, 2]
    assert fused(np.array([1.0, 0.0]))[0] == pytest.approx(1 / 61)


def test_a_constant_difference_has_no_width() -> None:
    difference = paired_bootstrap([0.5, 0.7, 0.9], [0.4, 0.6, 0.8])
    assert (difference.mean, difference.low, difference.high) == pytest.approx((0.1, 0.1, 0.1))


def test_the_interval_is_that_of_the_mean() -> None:
    dice = np.random.default_rng(3)
    ours = dice.normal(0.2, 1.0, 400)
    difference = paired_bootstrap(ours.tolist(), [0.0] * 400)
    half = 1.96 * ours.std() / math.sqrt(400)
    assert difference.low == pytest.approx(ours.mean() - half, abs=0.02)
    assert difference.high == pytest.approx(ours.mean() + half, abs=0.02)


def test_the_same_figures_give_the_same_interval() -> None:
    assert paired_bootstrap([0.1, 0.9, 0.4], [0.2, 0.1, 0.4]) == paired_bootstrap([0.1, 0.9, 0.4], [0.2, 0.1, 0.4])


def test_figures_that_cannot_be_paired_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 figures"):
        paired_bootstrap([0.1, 0.2], [0.1])
    with pytest.raises(ValueError, match="0 and 0 figures"):
        paired_bootstrap([], [])

"""The measures of the benchmark of recommendations, on rankings that can be reckoned by hand."""

import math

import numpy as np
import pytest
from benchmarks.measures import auc, interval, measure, ndcg

BEST = np.array([3.0, 2.0, 1.0, 0.0])


def test_the_best_ranking_has_all_and_the_worst_nothing():
    wanted = np.array([True, True, False, False])
    assert measure(BEST, wanted) == {
        "auc": 1.0,
        "ndcg@10": 1.0,
        "ndcg@100": 1.0,
        "recall@100": 1.0,
        "top5of300": 1.0,
    }
    assert auc(-BEST, wanted) == 0.0


def test_ties_count_half():
    assert auc(np.zeros(4), np.array([True, False, False, True])) == 0.5


def test_ndcg_of_the_second_and_third_place():
    found = (1 / math.log2(3) + 1 / math.log2(4)) / (1 + 1 / math.log2(3))
    assert ndcg(np.array([2, 3]), 10) == pytest.approx(found)
    assert ndcg(np.array([2, 30]), 10) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_the_top_of_a_day_is_that_of_days_drawn_at_random():
    chance = np.random.default_rng(1)
    scores = chance.random(2_000)
    wanted = np.zeros(2_000, bool)
    wanted[np.argsort(-scores)[[3, 20, 60]]] = True
    days = 4_000
    drawn = 0
    for place in np.flatnonzero(wanted):
        for _ in range(days):
            others = chance.choice(scores[~wanted], 299, replace=False)
            drawn += (others > scores[place]).sum() < 5
    assert measure(scores, wanted)["top5of300"] == pytest.approx(drawn / (3 * days), abs=0.01)


def test_an_interval_holds_the_mean_and_shrinks_with_more_users():
    few, many = (np.random.default_rng(2).random(n) for n in (10, 1_000))
    for values in (few, many):
        mean, low, high = interval(values)
        assert low <= mean <= high
    assert np.ptp(interval(many)[1:]) < np.ptp(interval(few)[1:]) / 5

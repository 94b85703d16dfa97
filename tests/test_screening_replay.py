"""The measures of replayed triage, on piles that can be reckoned by hand."""

import numpy as np
import pytest
from benchmarks.replays import brier, daily, measure, recall, reliability, replay, starts, wss

# 20 likes among 102; the start takes one of each kind.
WANTED = np.arange(102) < 20
START = (0, 101)


def test_the_best_order_saves_all_but_the_likes_themselves():
    triage = replay(WANTED, START, lambda _rows, _liked: WANTED.astype(float))
    assert triage.liked[:19].all()
    found = measure(triage)
    assert found["wss@95"] == pytest.approx(0.81 - 0.05)  # all 19 are needed for 95%
    assert found["recall@10%"] == pytest.approx(10 / 19)
    assert found["recall@25%"] == found["recall@50%"] == 1
    assert found["auc@10%"] == 1
    assert np.isnan(found["auc@25%"])  # no like is left to be ranked


def test_the_worst_order_saves_nothing():
    triage = replay(WANTED, START, lambda _rows, _liked: -WANTED.astype(float))
    found = measure(triage)
    assert found["wss@95"] == pytest.approx(-0.05)
    assert found["recall@10%"] == found["recall@50%"] == 0
    assert found["auc@10%"] == found["auc@50%"] == 0


def test_work_saved_and_recall_of_an_order_of_arrival():
    wanted = np.array([False, True, True, False, True, False])
    triage = replay(wanted, (2, 3), lambda _rows, _liked: -np.arange(6))
    assert triage.liked.tolist() == [False, True, True, False]
    assert wss(triage.liked) == pytest.approx(1 / 4 - 0.05)
    assert wss(triage.liked, 0.5) == pytest.approx(2 / 4 - 0.5)
    assert recall(triage.liked, 50) == 0.5


def test_equal_scores_are_not_shown_in_the_order_of_the_pile():
    triage = replay(WANTED, START, lambda _rows, _liked: np.zeros(102))
    assert 2 <= triage.liked[:50].sum() <= 17
    again = replay(WANTED, START, lambda _rows, _liked: np.zeros(102))
    assert (again.liked == triage.liked).all()


def test_each_answer_is_learnt_before_the_next_is_asked():
    seen = []

    def rank(rows, liked):
        seen.append((rows.tolist(), liked.tolist()))
        return np.arange(5, dtype=float)

    triage = replay(np.array([True, False, False, True, True]), (0, 1), rank)
    assert triage.liked.tolist() == [True, True, False]
    assert seen == [
        ([0, 1], [True, False]),
        ([0, 1, 4], [True, False, True]),
    ]  # the rest are no likes, and without probabilities nothing else is measured


def test_starts_are_one_of_each_kind_and_the_same_however_many_there_are():
    drawn = starts("a", WANTED, 10)
    assert all(WANTED[like] and not WANTED[dislike] for like, dislike in drawn)
    assert drawn[:3] == starts("a", WANTED, 3)
    assert len({*drawn, *starts("b", WANTED, 10)}) > 15


def test_probabilities_count_from_when_there_are_any():
    def calibrate(rows, liked):
        return (lambda scores: np.full(len(scores), 0.25)) if len(rows) >= 30 else None

    triage = replay(WANTED, START, lambda _rows, _liked: np.arange(102.0), calibrate)
    assert np.isnan(triage.stated[:30]).all()  # it is asked at every tenth answer
    assert (triage.stated[30:] == 0.25).all()
    found = measure(triage)
    assert np.isnan(found["brier@10%"])
    assert found["brier@50%"] == pytest.approx((19 * 0.75**2 + 31 * 0.25**2) / 50)
    assert found["share's brier@50%"] == pytest.approx((19 * (51 / 52) ** 2 + 31 / 52**2) / 50)


def test_picks_of_a_day_are_the_best_of_what_came_in_the_last_week():
    wanted = np.arange(402) < 200
    decisions = []

    def rank(rows, _liked):
        decisions.append(len(rows))
        return wanted.astype(float)

    picks = daily(wanted, (0, 401), rank, lambda _rows, _liked: lambda scores: scores * 0.9)
    assert decisions == list(range(2, 102, 5))  # 400 papers come in 20 days
    assert picks.liked.all()  # of 20 that come some ten are wanted, of which five are shown
    assert (picks.stated == 0.9).all()
    assert picks.ahead == {}


def test_picks_of_a_day_say_nothing_before_there_is_enough_to_tell():
    picks = daily(WANTED, START, lambda _rows, _liked: np.zeros(102), lambda _rows, _liked: None)
    assert len(picks.liked) == 25
    assert np.isnan(picks.stated).all()
    assert reliability(picks.stated, picks.liked) == []


def test_reliability_is_by_tenths_of_the_probability():
    stated = np.array([0.0, 0.05, 0.72, 0.78, 1.0])
    liked = np.array([False, True, True, True, False])
    assert reliability(stated, liked) == [
        (2, pytest.approx(0.025), 0.5),
        (2, pytest.approx(0.75), 1.0),
        (1, 1.0, 0.0),
    ]
    assert brier(stated, liked) == pytest.approx((0.95**2 + 0.28**2 + 0.22**2 + 1) / 5)

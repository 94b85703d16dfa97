from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recommend.toy import NOW

from readlist.models import Opinion, Status
from readlist.recommend.labels import labels


def weight(opinion, **kwargs):
    """The weight of the label of one opinion, negative for a dislike, 0 without a label."""
    found = labels([opinion], NOW, **kwargs)
    return float((found.y * found.weight).sum())


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("rating", [1, -1])
@pytest.mark.parametrize("ignored", [True, False])
def test_a_rating_counts_fully_whatever_the_status(status, rating, ignored):
    assert weight(Opinion(1, status, rating, NOW, ignored)) == rating


@pytest.mark.parametrize("status", [Status.LATER, Status.READING, Status.READ])
def test_what_was_kept_is_a_weak_like(status):
    assert 0 < weight(Opinion(1, status, None, NOW)) < 1


def test_a_skip_is_a_weak_dislike_and_an_ignored_pick_a_weaker_one():
    skipped = weight(Opinion(1, Status.SKIPPED, None, NOW))
    ignored = weight(Opinion(1, Status.NEW, None, None, ignored=True))
    assert -1 < skipped < ignored < 0


def test_what_was_put_forward_and_then_kept_is_not_ignored():
    assert weight(Opinion(1, Status.LATER, None, NOW, ignored=True)) > 0


def test_an_undecided_paper_has_no_label():
    assert labels([Opinion(1, Status.NEW)], NOW).paper_id.size == 0
    assert labels([], NOW).y.size == 0


def test_labels_are_in_the_order_of_the_papers_and_know_what_is_a_rating():
    found = labels(
        [
            Opinion(7, Status.SKIPPED, None, NOW),
            Opinion(3, Status.NEW, 1, NOW),
            Opinion(5, Status.NEW),
        ],
        NOW,
    )
    assert found.paper_id.tolist() == [3, 7]
    assert found.y.tolist() == [1, -1]
    assert found.rated.tolist() == [True, False]
    assert found.day.tolist() == [NOW.toordinal()] * 2


ages = st.floats(0, 1e5)


@given(ages, ages, st.floats(0, 1e4))
def test_an_older_act_never_weighs_more_and_never_nothing(a, b, half_life):
    newer, older = sorted((a, b))
    of = [
        weight(Opinion(1, Status.NEW, 1, NOW - timedelta(days=age)), half_life=half_life)
        for age in (newer, older)
    ]
    assert 1 >= of[0] >= of[1] >= 0.29


@pytest.mark.parametrize("half_life", [1, 70, 365.25])
def test_after_the_half_life_a_weight_is_halfway_to_its_floor(half_life):
    old = [
        Opinion(1, Status.NEW, 1, NOW - timedelta(days=times * half_life)) for times in (1, 2, 99)
    ]
    assert [weight(each, half_life=half_life) for each in old] == pytest.approx(
        [0.3 + 0.7 / 2, 0.3 + 0.7 / 4, 0.3]
    )


def test_without_a_half_life_age_does_not_matter():
    old = Opinion(1, Status.NEW, 1, NOW - timedelta(days=4000))
    assert weight(old, half_life=0) == 1
    assert weight(old) < 0.5


def test_interests_count_as_ratings_of_now_under_numbers_of_their_own():
    found = labels([Opinion(3, Status.NEW, -1, NOW)], NOW, interests=(1, -1))
    by_id = dict(zip(found.paper_id.tolist(), found.y.tolist(), strict=True))
    assert by_id == {-1: 1, -2: -1, 3: -1}
    assert found.weight.tolist() == [1, 1, 1]
    assert found.rated.tolist() == [False, False, True], "nobody rated a paper"
    assert sorted(by_id) == found.paper_id.tolist()


def test_an_act_from_a_clock_that_runs_ahead_counts_as_one_of_now():
    assert weight(Opinion(1, Status.NEW, 1, NOW + timedelta(days=9))) == 1

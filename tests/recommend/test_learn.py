from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import NOW, pool_of, ranked, rated, scored, text, world

from readlist.models import Opinion, Status
from readlist.recommend.calibration import calibrate
from readlist.recommend.features import Text
from readlist.recommend.labels import labels

STARS = range(1, 21)
CELLS = range(21, 41)
PRICES = range(41, 61)
WORLD = world(stars=20, cells=20, prices=20)


def test_after_one_like_the_papers_of_its_topic_come_first():
    assert set(ranked(WORLD, rated(likes=[1]))[:19]) == set(STARS) - {1}


def test_likes_of_two_topics_put_both_before_the_third():
    assert set(ranked(WORLD, rated(likes=[1, 21]))[:38]) == {*STARS, *CELLS} - {1, 21}


def test_after_dislikes_alone_the_papers_of_their_topic_come_last():
    assert set(ranked(WORLD, rated(dislikes=[21, 22]))[-18:]) == set(CELLS) - {21, 22}


def test_a_disliked_topic_comes_after_one_without_an_opinion():
    last = ranked(WORLD, rated(likes=[1, 2], dislikes=[41, 42]))[-18:]
    assert set(last) == set(PRICES) - {41, 42}


def test_hundreds_of_dislikes_do_not_drown_two_likes():
    texts = world(stars=20, cells=200, prices=200)
    first = ranked(texts, rated(likes=[1, 2], dislikes=range(25, 400)))[:18]
    assert set(first) == set(STARS) - {1, 2}


def test_a_few_skips_in_a_liked_topic_do_not_put_it_behind_the_others():
    skips = [Opinion(id, Status.SKIPPED, None, NOW) for id in (3, 4, 5)]
    assert set(ranked(WORLD, [*rated(likes=[1, 2]), *skips])[:15]) == set(range(6, 21))


def test_kept_papers_are_enough_to_learn_from():
    kept = [Opinion(id, Status.LATER, None, NOW) for id in (1, 2)]
    assert set(ranked(WORLD, kept)[:18]) == set(STARS) - {1, 2}


def test_what_the_owner_likes_now_comes_before_what_was_liked_years_ago():
    past = [Opinion(id, Status.READ, 1, NOW - timedelta(days=2000)) for id in (1, 2, 3)]
    first = ranked(WORLD, [*past, *rated(likes=[21, 22, 23])])[:34]
    assert not set(first) & set(PRICES)
    assert sum(first.index(id) for id in first if id in CELLS) < sum(
        first.index(id) for id in first if id in STARS
    )


def test_a_duplicate_of_a_liked_paper_comes_first():
    assert ranked(WORLD | {99: WORLD[1]}, rated(likes=[1]))[0] == 99
    assert ranked(WORLD | {99: WORLD[1]}, rated(likes=[1, 21], dislikes=[41]))[0] == 99


def test_a_duplicate_of_a_disliked_paper_comes_last():
    assert ranked(WORLD | {99: WORLD[45]}, rated(likes=[1], dislikes=[45]))[-1] == 99


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.integers(2, 60), max_size=4),
    st.sets(st.integers(2, 60), max_size=4),
    st.sampled_from([(-1, 0), (0, 1), (-1, 1)]),
)
def test_rating_a_paper_higher_never_lowers_its_near_duplicate(likes, dislikes, ratings):
    texts = WORLD | {99: Text(f"Towards {WORLD[1].title}", WORLD[1].abstract)}
    others = rated(likes - dislikes, dislikes - likes)

    def beaten_by(rating):
        found = ranked(
            texts, [*others, *(rated([1]) if rating > 0 else rated((), [1]))] if rating else others
        )
        return sum(id != 1 for id in found[: found.index(99)])

    lower, higher = ratings
    assert beaten_by(higher) <= beaten_by(lower)


def test_an_empty_paper_does_not_win_and_an_empty_abstract_does_not_hide_a_title():
    texts = WORLD | {98: Text("", ""), 99: Text(WORLD[5].title, "")}
    found = ranked(texts, rated(likes=[1, 2]))
    assert found.index(98) > 18
    assert found.index(99) < 19


def test_nothing_wins_by_being_empty_where_nothing_is_relevant():
    texts = world(stars=1, cells=20, prices=20) | {99: Text("", "")}
    assert ranked(texts, rated(likes=[1]))[0] != 99


@settings(max_examples=10, deadline=None)
@given(st.permutations(list(WORLD)))
def test_the_order_in_which_papers_stand_changes_nothing(order):
    opinions = rated(likes=[1, 2], dislikes=[45])
    shuffled = {id: WORLD[id] for id in order}
    assert scored(shuffled, reversed(opinions)) == scored(WORLD, opinions)


def test_unlabelled_papers_alone_leave_all_equal():
    assert len(set(scored(WORLD, []).values())) == 1


def test_papers_that_all_are_liked_leave_all_equal():
    assert len(set(scored(WORLD, rated(likes=WORLD)).values())) == 1


def test_labels_of_papers_that_are_not_in_the_pool_are_left_out():
    assert scored(WORLD, rated([1, 1000], [2000])) == scored(WORLD, rated([1]))


def test_an_empty_pool_learns_nothing():
    assert scored({}, rated(likes=[1])) == {}


def test_new_papers_hardly_change_the_picks_of_a_large_pool():
    texts = world(stars=300, cells=3000, prices=3000)
    more = texts | {id: text("prices", id) for id in range(10_000, 10_100)}
    opinions = rated(likes=range(1, 6), dislikes=range(400, 406))
    before, after = ranked(texts, opinions)[:50], ranked(more, opinions)[:50]
    assert len(set(before) & set(after)) >= 45


def session(number, day, likes, dislikes):
    """Ratings of stars liked and of cells disliked on one day."""
    at = NOW - timedelta(days=day)
    return [
        *(Opinion(1 + number * 10 + i, Status.READ, 1, at) for i in range(likes)),
        *(Opinion(201 + number * 10 + i, Status.READ, -1, at) for i in range(dislikes)),
    ]


def calibrated(opinions):
    return calibrate(pool_of(world(stars=200, cells=200)), labels(opinions, NOW))


@pytest.mark.parametrize("day", [0, 1], ids=["all on one day", "on eight days"])
def test_a_probability_tells_a_liked_topic_from_a_disliked_one(day):
    opinions = [o for number in range(8) for o in session(number, number * day, 3, 3)]
    texts = world(stars=200, cells=200)
    calibration, score = calibrated(opinions), scored(texts, opinions)
    assert calibration.probability(score[150]) > 0.8
    assert calibration.probability(score[350]) < 0.2


def test_there_is_no_probability_before_30_ratings_with_3_of_each_kind():
    assert calibrated(session(0, 0, 10, 10) + session(1, 1, 9, 0)) is None
    assert calibrated(session(0, 0, 10, 2) + session(1, 1, 10, 0) + session(2, 2, 9, 0)) is None
    assert calibrated(session(0, 0, 10, 3) + session(1, 1, 10, 0) + session(2, 2, 7, 0))


def test_weak_signs_are_not_ratings():
    kept = [Opinion(id, Status.LATER, None, NOW) for id in range(1, 30)]
    skipped = [Opinion(id, Status.SKIPPED, None, NOW) for id in range(201, 230)]
    assert calibrated([*kept, *skipped]) is None


def test_ratings_that_follow_no_rule_give_everyone_the_share_of_likes():
    at_random = [
        Opinion(id, Status.READ, 1 if id * 7 % 10 < 5 else -1, NOW - timedelta(days=id % 7))
        for id in range(1, 101)
    ]
    calibration = calibrated(at_random)
    assert calibration.slope >= 0
    assert calibration.probability(0) == pytest.approx(0.5, abs=0.15)


def test_ratings_that_contradict_each_other_never_make_a_higher_score_less_probable():
    texts = {id: text("stars", id % 20) for id in range(40)}  # each one twice
    opinions = [
        Opinion(id, Status.READ, 1 if id < 20 else -1, NOW - timedelta(days=id % 7)) for id in texts
    ]
    calibration = calibrate(pool_of(texts), labels(opinions, NOW))
    assert calibration.slope == 0
    assert calibration.probability(0) == pytest.approx(0.5)


# --- robust: what is not about a topic says little about it ----------------------------------------


def test_one_eccentric_like_among_twenty_hardly_changes_the_first_ten():
    texts = world(stars=60, cells=60, prices=60)
    stars = range(1, 21)
    before = ranked(texts, rated(likes=stars))[:10]
    after = ranked(texts, rated(likes=[*stars, 130]))[:10]
    assert len(set(before) & set(after)) >= 8
    assert set(after) <= set(range(1, 61))


def test_more_dislikes_of_a_topic_lower_it():
    texts = world(stars=20, cells=20, prices=20)
    few, more = (scored(texts, rated(likes=[1, 2], dislikes=CELLS[:number])) for number in (0, 5))
    for id in CELLS[5:]:
        others = [more[other] - few[other] for other in (*STARS[2:], *PRICES)]
        assert more[id] - few[id] < min(others)


def test_ten_times_more_papers_of_other_topics_do_not_push_liked_ones_down():
    opinions = rated(likes=[1, 2, 3])
    alone, crowded = world(stars=20, cells=20, prices=20), world(stars=20, cells=200, prices=200)
    for texts in (alone, crowded):
        assert set(ranked(texts, opinions)[:17]) == set(STARS) - {1, 2, 3}


# --- authors ------------------------------------------------------------------------------------


def test_of_twins_the_one_by_an_author_of_several_likes_comes_first():
    by = {id: WORLD[id]._replace(authors=(f"Author Number{id}",)) for id in WORLD}
    for id in (1, 2, 3, 99):
        by[id] = WORLD[min(id, 9)]._replace(authors=("Ann Ode", f"Second Author{id}"))
    by[98] = WORLD[9]._replace(authors=("Bo Li", "Cy Poe"))
    del by[9]
    found = ranked(by, rated(likes=[1, 2, 3]))
    assert found.index(99) < found.index(98)
    others = ranked(by, rated(dislikes=[1, 2, 3]))
    assert others.index(99) > others.index(98)

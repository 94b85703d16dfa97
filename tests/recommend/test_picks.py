import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import pool_of, world

from readlist.recommend.features import Text
from readlist.recommend.picks import diversify, explore


def thinned(texts, scores, n):
    """The ids that are put forward, of papers that are given best first."""
    vectors = pool_of(texts).vectors(np.arange(len(texts)))
    return [list(texts)[row] for row in diversify(vectors, np.array(scores), n)]


def test_the_best_comes_first_and_its_copy_last():
    texts = world(stars=3, cells=3)
    texts = {1: texts[1], 9: texts[1], 2: texts[2], 4: texts[4]}
    assert thinned(texts, [1.0, 0.99, 0.8, 0.1], 4) in ([1, 2, 4, 9], [1, 4, 2, 9])


def test_near_copies_do_not_fill_the_picks():
    best = world(stars=1)[1]
    near = {n: Text(f"{best.title} version{n}", best.abstract) for n in range(1, 6)}
    others = {id + 10: paper for id, paper in world(cells=10, prices=10).items()}
    scores = [*np.linspace(1, 0.96, 5), *np.linspace(0.8, 0, 20)]
    picks = thinned(near | others, scores, 5)
    assert picks[0] == 1
    assert sum(id < 6 for id in picks) == 1


def test_a_flood_of_one_topic_leaves_room_for_others():
    texts = world(stars=20, cells=4)
    scores = [*np.linspace(1, 0.9, 20), *np.linspace(0.6, 0.5, 4)]
    picks = thinned(texts, scores, 8)
    assert picks[0] == 1
    assert 1 <= sum(id > 20 for id in picks) <= 4


def test_papers_that_have_nothing_in_common_keep_their_order():
    words = ("star star", "cell", "bond", "weld")
    texts = {id: Text(word, "") for id, word in enumerate(words)}
    texts |= {id + 10: paper for id, paper in texts.items()}  # or every term is of one paper
    vectors = pool_of(texts).vectors(np.arange(4))
    assert diversify(vectors, np.array([4.0, 3.0, 2.0, 1.0]), 4) == [0, 1, 2, 3]


def test_what_is_merely_related_is_left_alone():
    """Papers that have the words of every paper in common."""
    texts = world(stars=1, cells=1, prices=1)
    assert thinned(texts, [1.0, 0.7, 0.0], 3) == [1, 2, 3]


def test_equal_scores_keep_their_order_where_nothing_repeats():
    texts = {
        id: Text(word, "") for id, word in ((1, "star"), (2, "cell"), (11, "star"), (12, "cell"))
    }
    assert thinned(texts, [0.0] * 4, 4) == [1, 2, 11, 12]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 40), unique=True, max_size=12), st.integers(0, 15))
def test_each_candidate_is_put_forward_once_until_there_are_enough(ids, n):
    all_papers = world(stars=20, cells=20)
    picks = thinned({id: all_papers[id] for id in ids}, np.linspace(1, 0, len(ids)), n)
    assert len(picks) == len(set(picks)) == min(n, len(ids))
    assert picks[:1] == ids[: min(n, 1)]


# --- exploring ----------------------------------------------------------------------------------

WORLD = world(stars=20, cells=20, prices=20)
VECTORS = pool_of(WORLD).vectors(np.arange(60))
STARS, CELLS, PRICES = range(20), range(20, 40), range(40, 60)  # rows


def explored(rated, n, *, taken=(), day=0):
    return explore(VECTORS, VECTORS[list(rated)], list(taken), n, day)


def test_what_is_unlike_all_that_was_rated_is_explored():
    assert set(explored([*STARS[:5], *CELLS[:5]], 1, day=3)) <= set(PRICES)


def test_two_explored_are_of_two_topics():
    first, second = explored(STARS[:5], 2)
    assert (first in CELLS) != (second in CELLS)
    assert not {first, second} & set(STARS)


def test_the_day_chooses_among_a_few():
    found = [explored(STARS[:5], 1, day=day)[0] for day in range(20)]
    assert 1 < len(set(found)) <= 5
    assert found[:5] == found[5:10] == [explored(STARS[:5], 1, day=day)[0] for day in range(5)]


def test_before_anything_was_rated_all_are_unlike_it():
    assert len(explored([], 3)) == 3


@settings(max_examples=30, deadline=None)
@given(
    st.sets(st.integers(0, 59), max_size=60),
    st.sets(st.integers(0, 59)),
    st.integers(0, 5),
    st.integers(0, 10**6),
)
def test_as_many_as_there_are_and_none_that_is_taken(taken, rated, n, day):
    found = explored(rated, n, taken=taken, day=day)
    assert len(found) == len(set(found)) == min(n, 60 - len(taken))
    assert not taken & set(found)

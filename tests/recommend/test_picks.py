import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import pool_of, world

from readlist.recommend.picks import diversify


def thinned(texts, scores, n):
    """The ids that are put forward, of papers that are given best first."""
    vectors = pool_of(texts).vectors(np.arange(len(texts)))
    return [list(texts)[row] for row in diversify(vectors, np.array(scores), n)]


def test_the_best_comes_first_and_its_copy_last():
    texts = world(stars=3, cells=3)
    texts = {1: texts[1], 9: texts[1], 2: texts[2], 4: texts[4]}
    assert thinned(texts, [1.0, 0.99, 0.8, 0.1], 4) in ([1, 2, 4, 9], [1, 4, 2, 9])


def test_a_flood_of_one_topic_leaves_room_for_others():
    texts = world(stars=20, cells=4)
    scores = [*np.linspace(1, 0.9, 20), *np.linspace(0.6, 0.5, 4)]
    picks = thinned(texts, scores, 8)
    assert picks[0] == 1
    assert 2 <= sum(id > 20 for id in picks) <= 4


def test_papers_that_have_nothing_in_common_keep_their_order():
    texts = {1: ("star star", ""), 2: ("cell", ""), 3: ("bond", ""), 4: ("weld", "")}
    texts |= {id + 10: paper for id, paper in texts.items()}  # or every term is of one paper
    vectors = pool_of(texts).vectors(np.arange(4))
    assert diversify(vectors, np.array([4.0, 3.0, 2.0, 1.0]), 4) == [0, 1, 2, 3]


def test_equal_scores_keep_their_order_where_nothing_repeats():
    texts = {1: ("star", ""), 2: ("cell", ""), 11: ("star", ""), 12: ("cell", "")}
    assert thinned(texts, [0.0] * 4, 4) == [1, 2, 11, 12]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 40), unique=True, max_size=12), st.integers(0, 15))
def test_each_candidate_is_put_forward_once_until_there_are_enough(ids, n):
    all_papers = world(stars=20, cells=20)
    picks = thinned({id: all_papers[id] for id in ids}, np.linspace(1, 0, len(ids)), n)
    assert len(picks) == len(set(picks)) == min(n, len(ids))
    assert picks[:1] == ids[: min(n, 1)]

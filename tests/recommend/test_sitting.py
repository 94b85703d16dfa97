"""What is learned during triage is what training would learn: only faster."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import NOW, pool_of, rated, world

from readlist.recommend import learn, sitting
from readlist.recommend.features import Text
from readlist.recommend.labels import labels
from readlist.recommend.learn import fit
from readlist.recommend.model import scores
from readlist.recommend.sitting import Sitting

WORLD = world(stars=20, cells=20, prices=20) | {61: Text("", "")}
POOL = pool_of(WORLD)


def trained(opinions, queue, lifts):
    """The score of each paper of a queue, by the way that training goes."""
    found = scores(POOL, fit(POOL, labels(opinions, NOW)))
    by_id = dict(zip(POOL.paper_ids.tolist(), found.tolist(), strict=True))
    return {id: by_id[id] + lifts.get(id, 0) for id in queue}


def assert_best_first(order, score):
    assert sorted(order) == sorted(score)
    found = [score[id] for id in order]
    assert found == pytest.approx(sorted(found, reverse=True), abs=1e-4)


papers = st.sets(st.integers(1, 61), max_size=8)


@settings(max_examples=30)
@given(papers, papers, st.permutations(range(1, 62)), st.integers(1, 61), st.integers(2, 70))
def test_the_order_is_that_of_training(likes, dislikes, queue, size, drawn):
    queue = queue[:size]
    opinions = rated(likes, dislikes - likes)
    begun = rated(likes - set(queue), dislikes - likes - set(queue))  # the rest is yet to be said
    lifts = {1: 1.0, 2: -10.0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learn, "BACKGROUND", drawn)
        patch.setattr(sitting, "BACKGROUND", drawn)
        ours = Sitting(POOL, queue, [each.paper_id for each in begun], lifts)
        order = ours.order(ours.scores(labels(opinions, NOW)))
        assert_best_first(order, trained(opinions, queue, lifts))


def test_papers_of_one_score_stay_as_they_stood():
    texts = WORLD | {70: WORLD[1], 71: WORLD[1], 72: WORLD[1]}
    ours = Sitting(pool_of(texts), [71, 70, 72], [1])
    assert ours.order(ours.scores(labels(rated(likes=[1]), NOW))) == [71, 70, 72]


def test_what_is_not_held_counts_for_nothing():
    ours = Sitting(POOL, [1, 2, 99], [21])
    first = ours.scores(labels(rated(likes=[21]), NOW))
    assert len(ours.order(first)) == 2
    assert np.array_equal(first, ours.scores(labels(rated(likes=[21, 98]), NOW)))


@pytest.mark.parametrize("likes", [[], [1, 2]])
def test_questions_are_of_what_is_undecided_in_the_queue(likes):
    queue = range(1, 41)
    ours = Sitting(POOL, queue, [])
    said = labels(rated(likes=likes), NOW)
    found = ours.questions(said, ours.scores(said) if likes else None, likes, 5)
    assert len(set(found)) == 5
    assert set(found) <= set(queue) - set(likes)

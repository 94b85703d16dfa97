"""Groups of likes: those of two subjects are two, and are named by their own words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import rated, trained, world

from readlist.recommend.topics import Like, topics

WORLD = world(stars=20, cells=20, prices=20)
STARS, CELLS, PRICES = range(1, 21), range(21, 41), range(41, 61)
STAR_WORDS = {"galaxy", "orbit", "telescope", "redshift", "nebula", "pulsar", "quasar", "comet"}


def found(likes, interests=(), weights=None):
    _, model = trained(WORLD, rated(likes))
    weights = weights or {}
    rest = [(id, paper) for id, paper in WORLD.items() if id not in likes]
    some = [Like(id, WORLD[id], weights.get(id, 1.0)) for id in likes]
    return topics(some, interests, rest, model)


def test_likes_of_two_subjects_are_never_in_one_group():
    for topic in found([*STARS[:6], *CELLS[:8]]):
        assert len({id in STARS for id in topic.members}) == 1


def test_every_like_is_in_one_group_and_the_heaviest_group_comes_first():
    likes = [*STARS[:6], *CELLS[:8]]
    told = found(likes)
    assert sorted(id for topic in told for id in topic.members) == likes
    sizes = [len(topic.members) for topic in told]
    assert sizes == sorted(sizes, reverse=True)
    strong = found(likes, weights=dict.fromkeys(CELLS, 0.1))
    assert set(strong[0].members) <= set(STARS)


def test_a_topic_is_named_by_words_of_its_own_and_shows_its_own_papers():
    for topic in found([*STARS[:6], *CELLS[:8]]):
        words = set(" ".join(topic.terms).split())
        assert 1 <= len(topic.terms) <= 5
        assert not words & {"study", "new", "method", "the"}
        assert set(topic.examples) <= set(topic.members)
        if set(topic.members) <= set(STARS):
            assert words & STAR_WORDS


def test_candidates_are_counted_where_they_are_nearest():
    told = found([*STARS[:6], *CELLS[:8]])
    stars = {id for topic in told if set(topic.members) <= set(STARS) for id in topic.near}
    cells = {id for topic in told if set(topic.members) <= set(CELLS) for id in topic.near}
    assert set(STARS) - set(STARS[:6]) <= stars
    assert set(CELLS) - set(CELLS[:8]) <= cells


def test_an_interest_that_no_group_is_about_is_a_topic_of_its_own():
    *rest, last = found(STARS[:6], [("inflation of the market", 1), ("tariff, bond", -1)])
    assert (last.interest, last.stance, last.members) == ("inflation of the market", 1, ())
    assert set(last.near) <= set(PRICES)
    assert all(topic.interest == "" for topic in rest)


@pytest.mark.parametrize("stance", [1, -1])
def test_what_the_owner_says_of_a_group_by_its_terms_is_told_with_the_group(stance):
    likes = [*STARS[:6], *CELLS[:8]]
    before = found(likes)
    after = found(likes, [(", ".join(before[0].terms), stance)])
    assert [topic.members for topic in after] == [topic.members for topic in before]
    assert [topic.stance for topic in after] == [stance, *(0 for _ in before[1:])]


@pytest.mark.parametrize("likes", [[], [1], [1, 21]])
def test_few_likes_are_one_topic_at_most(likes):
    assert len(found(likes)) == min(1, len(likes))
    assert len(found(likes, [("galaxy", 1)])) == min(1, len(likes)) + 1


def test_papers_that_say_nothing_are_no_reason_to_fail():
    _, model = trained(WORLD, rated([1]))
    empty = WORLD[1]._replace(title="", abstract="")
    [*_] = topics([Like(id, empty, 1.0) for id in (1, 2, 3, 4)], [("", 1)], [(5, empty)], model)


@settings(max_examples=15)
@given(st.permutations(range(14)))
def test_the_order_of_likes_changes_nothing(order):
    likes = [*STARS[:6], *CELLS[:8]]
    assert found([likes[n] for n in order]) == found(likes)

import numpy as np
import pytest
from recommend.toy import pool_of, world

from readlist.recommend.grouping import groups, interests_of
from readlist.recommend.picks import diversify

VECTORS = pool_of(world(stars=60, cells=60, prices=60)).vectors()
STARS, CELLS, PRICES = range(60), range(60, 120), range(120, 180)


def test_there_are_at_most_eight_groups_of_many_likes():
    group = groups(VECTORS)
    assert 3 <= len(set(group.tolist())) <= 8
    for first, last in ((0, 60), (60, 120), (120, 180)):
        assert not set(group[first:last]) & {*group[:first], *group[last:]}


@pytest.mark.parametrize("papers", [0, 1, 2])
def test_few_likes_are_one_group(papers: int):
    assert groups(VECTORS[:papers]).tolist() == [0] * papers


def test_copies_are_one_group():
    assert groups(VECTORS[[0] * 5]).tolist() == [0] * 5


def dealt(likes: list[int], best: list[int], number: int) -> list[int]:
    """What is put forward of the papers in `best`, whose scores fall evenly."""
    vectors = VECTORS[best]
    found = diversify(
        vectors, np.linspace(1, 0, len(best)), number, interests_of(VECTORS[likes], vectors)
    )
    return [best[row] for row in found]


def test_picks_are_dealt_out_by_what_was_liked():
    best = [*STARS[20:50], *CELLS[20:50], *PRICES[20:50]]
    even = dealt([*STARS[:8], *CELLS[:8]], best, 6)
    assert even[0] == STARS[20]
    assert len(set(even) & set(STARS)) == len(set(even) & set(CELLS)) == 3
    uneven = dealt([*STARS[:12], *CELLS[:3]], best, 6)
    assert len(set(uneven) & set(STARS)) == 5
    assert len(set(uneven) & set(CELLS)) == 1


@pytest.mark.parametrize("likes", [[], [0], [0, 1], [0] * 9])
def test_of_one_interest_nothing_is_dealt_out(likes: list[int]):
    best = [*STARS[20:40], *CELLS[20:30]]
    vectors = VECTORS[best]
    plain = diversify(vectors, np.linspace(1, 0, len(best)), 12)
    assert dealt(likes, best, 12) == [best[row] for row in plain]

"""Papers like others: near in their terms, without those asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recommend.toy import pool_of, text, world

from readlist.recommend.features import Text
from readlist.recommend.similar import asked, shared, similar

WORLD = world(stars=20, cells=20, prices=20)
STARS, CELLS = set(range(1, 21)), set(range(21, 41))
POOL = pool_of(WORLD)


def found(papers=(), texts=(), among=WORLD, number=10) -> list[int]:
    mean = asked(POOL, papers, texts)
    return [each.paper_id for each in similar(POOL, mean, among, number)]


def test_papers_of_the_topic_come_first_and_none_that_shares_no_term():
    assert set(found([1], number=20)) == STARS
    assert set(found(texts=["enzymes and a protein; a membrane"], number=60)) <= CELLS
    assert set(found([1])) <= set(found([1], number=60)) == set(WORLD), "all study with a method"
    assert found(texts=["something else entirely"]) == []


def test_several_are_taken_together():
    both = found([1, 21], number=6)
    assert set(both) & STARS
    assert set(both) & CELLS
    assert set(found([1], ["genome, ribosome, enzyme, kinase"], number=20)) & CELLS


@given(st.sets(st.sampled_from(sorted(WORLD)), min_size=1), st.integers(1, 60))
def test_only_what_is_asked_among_and_as_many_as_asked_for(among, number):
    near = found([1], among=among, number=number)
    assert len(near) == min(number, len(among))
    assert set(near) <= among


def test_similarity_is_the_cosine_and_falls():
    twice = pool_of(WORLD | {99: WORLD[1]})
    near = similar(twice, asked(twice, [1], []), [*WORLD, 99], 30)
    assert [each.paper_id for each in near[:2]] == [1, 99]
    assert near[1].similarity == pytest.approx(1, abs=1e-5)
    values = [each.similarity for each in near]
    assert values == sorted(values, reverse=True)
    assert all(0 < value < 1.0001 for value in values)


def test_terms_are_shared_ones_without_repetition():
    mean = asked(POOL, [1], [])
    for id in STARS - {1}:
        terms = shared(WORLD[id], mean, POOL)
        words = [word for term in terms for word in term.split()]
        assert 1 <= len(terms) <= 4
        assert len(words) == len(set(words))
        for paper in (1, id):
            assert set(words) <= {word.strip(",.") for word in " ".join(WORLD[paper][:2]).split()}


def test_a_pair_that_is_shared_is_said_as_one():
    texts = {
        **{
            id: Text(paper.title, f"{paper.abstract} Speculative decoding.")
            for id, paper in [(1, text("stars", 1)), (2, text("cells", 2))]
        },
        **{id: text("prices", id) for id in range(3, 20)},
    }
    pool = pool_of(texts)
    assert "speculative decoding" in shared(texts[2], asked(pool, [1], []), pool)

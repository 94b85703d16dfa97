"""What is asked about to learn a taste: of every topic at first, then what may be liked."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import pool_of, rated, trained, world

from readlist.recommend.asking import ask
from readlist.recommend.features import Text
from readlist.recommend.model import scores

WORLD = world(stars=20, cells=20, prices=20)
TOPICS = ["stars"] * 20 + ["cells"] * 20 + ["prices"] * 20  # by row
ALL = np.arange(60)
VECTORS = pool_of(WORLD).vectors(ALL)


def kinds(likes=(), dislikes=(), rows=60):
    kind = np.zeros(rows, np.int8)
    kind[list(likes)], kind[list(dislikes)] = 1, -1
    return kind


def asked(number, *, likes=(), dislikes=(), free=ALL):
    """The rows that are asked about, by a model of the likes and dislikes where there is a like."""
    said = rated([row + 1 for row in likes], [row + 1 for row in dislikes])
    pool, model = trained(WORLD, said)
    known = scores(pool, model) if likes else None
    return ask(VECTORS, kinds(likes, dislikes), known, np.array(free, np.intp), number)


def test_the_first_questions_are_of_one_topic_each():
    assert {TOPICS[row] for row in asked(3)} == {"stars", "cells", "prices"}


def test_after_dislikes_of_two_topics_the_third_is_asked_about():
    assert TOPICS[asked(1, dislikes=[0, 1, 2, 20, 21, 22])[0]] == "prices"


def test_what_is_typical_is_asked_about_before_what_nothing_is_like():
    odd = {id: Text(f"oddity{id} quirk{id} whim{id}", "") for id in range(100, 110)}
    vectors = pool_of(WORLD | odd).vectors(np.arange(70))
    assert max(ask(vectors, kinds(rows=70), None, np.arange(70), 6)) < 60


def test_what_cannot_be_told_is_asked_about_before_what_is_sure_to_be_disliked():
    """Stars are liked, cells are not; papers of both are what a model cannot tell."""
    both = {
        id: Text(f"{WORLD[id - 99].title} {WORLD[id - 79].title}", "") for id in range(100, 105)
    }
    texts = WORLD | both
    pool, model = trained(texts, rated(range(6, 16), range(26, 36)))
    kind = kinds(range(5, 15), range(25, 35), rows=65)
    known = scores(pool, model)
    cells = [35, 36, 37, 38, 39]
    free = np.array([*cells, *range(60, 65)])
    assert min(ask(pool.vectors(np.arange(65)), kind, known, free, 3)) >= 60


def test_copies_are_not_asked_about_one_after_another():
    texts = dict.fromkeys(range(100, 110), WORLD[1]) | WORLD
    vectors = pool_of(texts).vectors(np.arange(70))
    for known in (None, np.where(np.arange(70) < 10, 0, -0.5)):
        rows = ask(vectors, kinds(rows=70), known, np.arange(70), 6)
        assert sum(row < 10 or row == 10 for row in rows) <= 1


def test_a_copy_of_what_was_answered_is_not_asked_about():
    texts = WORLD | {100: WORLD[1]}
    vectors = pool_of(texts).vectors(np.arange(61))
    assert 60 not in ask(vectors, kinds(dislikes=[0], rows=61), None, np.arange(1, 61), 5)


def test_papers_without_words_are_asked_about_when_nothing_else_is_left():
    texts = {id: Text("", "") for id in range(100, 103)} | WORLD
    vectors = pool_of(texts).vectors(np.arange(63))
    for known in (None, np.full(63, -1.0)):
        rows = ask(vectors, kinds(rows=63), known, np.arange(63), 63)
        assert sorted(rows) == list(range(63))


def test_of_none_none():
    assert asked(5, free=[]) == asked(5, likes=[0], free=[]) == asked(0) == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_as_many_as_there_are_of_what_is_free_and_always_the_same(data):
    likes = data.draw(st.sets(st.integers(0, 59), max_size=5))
    dislikes = data.draw(st.sets(st.integers(0, 59), max_size=5)) - likes
    free = data.draw(st.lists(st.integers(0, 59), unique=True))
    number = data.draw(st.integers(0, 70))
    rows = asked(number, likes=likes, dislikes=dislikes, free=free)
    open_ = set(free) - likes - dislikes
    assert len(rows) == len(set(rows)) == min(number, len(open_))
    assert set(rows) <= open_
    assert rows == asked(number, likes=likes, dislikes=dislikes, free=free)


def test_many_papers_are_asked_about_once_each():
    texts = world(stars=600, cells=600)
    vectors = pool_of(texts).vectors(np.arange(1200))
    for number in (1, 1100, 2000):
        rows = ask(vectors, kinds(rows=1200), None, np.arange(1200), number)
        assert len(rows) == len(set(rows)) == min(number, 1200)

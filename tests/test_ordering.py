"""The order of a queue in the making: answers go in, what comes next comes out.

Whoever waits here waits for as long as it takes, so that what a test sees is no matter of time.
"""

import threading

import make
import pytest
from make import NOW
from recommend.toy import text

from readlist.cli.session import Session
from readlist.learning import Taste, train
from readlist.library import Filter, Library
from readlist.ordering import Ordering

TODAY = NOW.date()
UNDECIDED = Filter(undecided=True)
ALL = [*range(1, 21)]
STARS, CELLS = ALL[::2], ALL[1::2]


@pytest.fixture
def library(library: Library) -> Library:
    """Ten papers on stars and ten on cells, by turns, the newest first."""
    texts = [text(topic, number) for number in range(10) for topic in ("stars", "cells")]
    make.add(
        library,
        *(
            make.paper(each.title, abstract=each.abstract, date=f"20{99 - place}")
            for place, each in enumerate(texts)
        ),
    )
    assert library.queue(UNDECIDED) == ALL
    return library


@pytest.fixture
def ordering(library: Library):
    begun = []

    def begin(*, interests: tuple[str, ...] = (), wait: float = 60.0, questions: int = 0):
        taste = Taste(35, interests)
        begun.append(
            Ordering(library.path, today=TODAY, taste=taste, wait=wait, questions=questions)
        )
        return begun[-1]

    yield begin
    for each in begun:
        each.__exit__()


def begun(library: Library, ordering: Ordering) -> Session:
    """A session that has begun to learn, with the order that it would have waited for."""
    session = Session(library, UNDECIDED, lambda: NOW, ordering)
    session.learn()
    ordering.prepared()
    return session


def test_the_first_order_is_the_one_that_training_gives(library, ordering):
    make.rate(library, 15, 1)
    make.rate(library, 3, -1)
    library.lean("term", ["galaxy"], -1, what="muted", now=NOW)
    queue = library.queue(UNDECIDED)
    ours = ordering(interests=("the enzyme and its receptor",))
    ours.begin(queue)
    order = ours.prepared()
    train(library, today=TODAY, taste=Taste(35, ("the enzyme and its receptor",)))
    assert order.ids == library.queue(UNDECIDED) != queue


def test_an_answer_brings_what_is_like_it_and_undo_takes_that_back(library, ordering):
    session = begun(library, ordering())
    session.decide("l")
    assert set(session.queue[:10]) == {*STARS}
    assert session.entry.id in STARS
    session.undo()
    assert session.queue == ALL
    assert session.entry.id == 1
    session.decide("s")
    session.decide("a")
    assert session.queue[:2] == [1, 2]
    assert set(session.queue[2:11]) == {*CELLS} - {2}


def test_what_was_shown_never_moves(library, ordering):
    session = begun(library, ordering())
    session.decide("s")
    session.decide("s")
    make.rate(library, 18, 1)  # elsewhere, meanwhile
    session.tag(["x"])
    assert session.entry.id == 3
    session.decide("s")
    assert session.queue[:3] == [1, 2, 3]
    assert session.entry.id in CELLS
    session.undo()
    assert session.queue[:3] == [1, 2, 3]
    assert session.entry.id == 3


def test_without_a_like_or_an_interest_the_order_stays(library, ordering):
    session = begun(library, ordering())
    for key in "ddss":
        session.decide(key)
    assert session.queue == ALL
    session = begun(library, ordering(interests=("the enzyme and its receptor",)))
    session.decide("d")
    assert session.entry.id in CELLS


def test_skipping_all_and_back(library, ordering):
    make.rate(library, 20, 1)
    session = begun(library, ordering())
    session.skip_all()
    assert session.entry is None
    session.undo()
    assert session.entry.id == 1
    assert sorted(session.queue) == ALL[:-1]
    assert set(session.queue[1:10]) == {*CELLS} - {20}


def test_a_step_of_last_week_comes_back_at_once(library, ordering):
    make.rate(library, 20, 1)
    make.rate(library, 5, -1)
    session = begun(library, ordering())
    session.undo()
    assert session.entry.id == 5
    assert sorted(session.queue) == ALL[:-1]
    session.decide("s")
    assert session.entry.id in CELLS


def test_what_comes_in_meanwhile_changes_nothing(library, ordering):
    session = begun(library, ordering())
    make.add(library, make.paper("A New Paper on a New Topic"))
    make.rate(library, 21, 1)
    session.decide("l")
    assert sorted(session.queue) == ALL


def test_keys_do_not_wait_for_the_preparation(library, ordering):
    ours = ordering()
    session = Session(library, UNDECIDED, lambda: NOW, ours)
    session.decide("l")  # nothing has begun, and nothing ever comes
    assert session.entry.id == 2
    assert ours.answered() is None


def test_an_error_is_told_once_and_the_order_stays(library, ordering):
    ours = ordering()
    session = Session(library, UNDECIDED, lambda: NOW, ours)
    library.close()
    with open(library.path, "r+b") as file:
        file.write(b"no library at all")
    ours.begin(session.queue)
    assert ours.prepared() is None
    assert "is not a database; name another file with --library" in session.trouble()
    assert session.trouble() == ""
    assert ours.answered() is None


def test_nothing_is_left_running(library, ordering):
    with ordering() as ours:
        ours.begin(library.queue(UNDECIDED))  # ended while it prepares
    assert "ordering" not in [thread.name for thread in threading.enumerate()]
    with ordering() as ours:
        ours.begin(library.queue(UNDECIDED))
        ours.prepared()
    assert "ordering" not in [thread.name for thread in threading.enumerate()]


def test_questions_come_first_and_the_rest_by_score(library, ordering):
    make.rate(library, 20, 1)
    session = Session(library, UNDECIDED, lambda: NOW, ordering(questions=3))
    session.learn_first()
    plain = ordering()
    plain.begin(library.queue(UNDECIDED))
    rest = [id for id in plain.prepared().ids if id not in session.queue[:3]]
    assert session.queue[3:] == rest
    assert session.asked
    session.decide("d")
    assert session.asked


def test_questions_need_no_like(library, ordering):
    session = Session(library, UNDECIDED, lambda: NOW, ordering(questions=2))
    session.learn_first()
    asked = session.queue[:2]
    assert session.asked
    assert session.queue[2:] == [id for id in ALL if id not in asked]
    for _ in range(20):
        session.decide("d")
    assert session.entry is None
    assert library.count(UNDECIDED) == 0

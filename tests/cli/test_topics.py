"""`readlist topics`: interests as the model sees them, and what the owner says of them."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from make import NOW, add, paper, rate, status
from recommend.toy import text

from readlist.library import Library

Run = Callable[..., Result]
STARS, CELLS = range(1, 21), range(21, 41)


@pytest.fixture
def filled(library: Library) -> Library:
    """20 papers of each topic, in the order of the toy world; of stars and cells some are liked."""
    add(
        library,
        *(
            paper(
                f"{text(topic, n).title} {topic}{n}",
                abstract=text(topic, n).abstract,
                ids=f"doi:10.1000/{topic}-{n}",
            )
            for topic in ("stars", "cells", "prices")
            for n in range(20)
        ),
    )
    for id in (*STARS[:7], *CELLS[:4]):
        rate(library, id, 1)
    status(library, CELLS[4], "later")
    return library


def told(run: Run) -> list[dict]:
    done = run("topics", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def of(topics: list[dict], ids: range) -> list[int]:
    """The numbers of the topics whose examples are all of these."""
    return [n for n, t in enumerate(topics, 1) if {e["id"] for e in t["examples"]} <= set(ids)]


def test_two_interests_are_told_apart_with_terms_examples_and_numbers(run: Run, filled: Library):
    topics = told(run)
    assert sum(topic["likes"] for topic in topics) == 12
    assert len(of(topics, STARS)) + len(of(topics, CELLS)) == len(topics)
    assert sum(topic["near"] for topic in topics) <= 48
    done = run("topics")
    assert done.stdout.startswith(f"1  {topics[0]['terms'][0]}")
    assert "you liked or kept" in done.stdout
    assert "'readlist mute term WORDS' of a single term" in done.stderr


def test_a_muted_topic_is_an_interest_that_later_trainings_keep(run: Run, filled: Library):
    before = told(run)
    number = of(before, CELLS)[0]
    done = run("topics", "--mute", number)
    assert done.stdout == f"muted  interest {before[number - 1]['name']}\n"
    assert "'readlist undo' takes it back now" in done.stderr
    assert f"muted   interest {before[number - 1]['name']}" in run("profile").stdout
    rate(filled, 19, 1)  # and so there is another training
    after = told(run)
    muted = [topic for topic in after if topic["stance"] == -1]
    assert muted
    assert all(of([topic], CELLS) for topic in muted)
    run("undo")  # the like is another's step, so this takes it back
    run("undo")
    assert [topic["stance"] for topic in told(run)] == [0] * len(before)


def test_a_pinned_topic_is_marked_and_not_told_twice(run: Run, filled: Library):
    before = told(run)
    assert run("topics", "--pin", 1).stdout == f"pinned  interest {before[0]['name']}\n"
    after = told(run)
    assert [topic["likes"] for topic in after] == [topic["likes"] for topic in before]
    assert after[0]["stance"] == 1
    assert "pinned · " in run("topics").stdout
    assert run("topics", "--pin", 1).stdout.startswith("already pinned  interest ")


def test_interests_in_plain_words_are_topics(run: Run, filled: Library):
    filled.lean("interest", ["inflation and the market"], 1, what="pinned", now=NOW)
    last = told(run)[-1]
    assert (last["name"], last["stance"], last["likes"]) == ("inflation and the market", 1, 0)
    assert last["near"] > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mute", "40"], "there is no topic 40, but "),
        (["--mute", "0"], "'0' is not a whole number from 1 on"),
        (["--mute", "1", "--pin", "1"], "pin or mute, one at a time"),
        (["--pin", "1", "--json"], "there is no JSON of what --pin and --mute do"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, filled: Library, options: list[str], message: str):
    done = run("topics", *options)
    assert done.exit_code == 2
    assert message in done.stderr
    assert filled.leanings() == []


def test_before_the_first_like_there_are_none(run: Run, library: Library):
    add(library, paper("Rest Is All You Need"))
    done = run("topics")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("no topics yet")
    assert told(run) == []


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_lines_fit_the_terminal(run: Run, filled: Library, columns: int):
    assert all(len(line) <= columns for line in run("topics", columns=columns).stdout.splitlines())

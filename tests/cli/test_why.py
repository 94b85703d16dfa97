"""`readlist why`: the account of a score, as an owner reads it."""

import json
import re
from collections.abc import Callable

import pytest
from click.testing import Result
from make import NOW, add, note, paper, rate
from recommend.toy import text

from readlist.library import Library

Run = Callable[..., Result]


@pytest.fixture
def filled(library: Library) -> Library:
    """20 papers of each topic, in the order of the toy world; stars are liked, cells are not."""
    add(
        library,
        *(
            paper(
                f"{text(topic, n).title} {topic}{n}",
                abstract=text(topic, n).abstract,
                authors=(f"Author {topic.title()}{n}", "Ode, Ann"),
                categories=("cs.LG",),
                venue="Annals of Rest",
                ids=f"doi:10.1000/{topic}-{n}",
            )
            for topic in ("stars", "cells", "prices")
            for n in range(20)
        ),
    )
    for id in range(1, 6):
        rate(library, id, 1)
    for id in range(21, 24):
        rate(library, id, -1)
    return library


def record(run: Run, *handles: object) -> dict:
    done = run("why", *handles, "--json")
    assert done.exit_code == 0, done.output
    [found] = json.loads(done.stdout)
    return found


def test_all_shares_sum_to_the_score_that_the_library_has(run: Run, filled: Library):
    filled.lean("author", ["Ann Ode"], 1, what="pinned", now=NOW)
    for id in (1, 10, 30, 50):
        found = record(run, id)
        assert sum(share["amount"] for share in found["shares"]) == pytest.approx(found["score"])
        assert found["entry"]["score"] == pytest.approx(found["score"], abs=1e-5)
        assert ("pinned", "author Ann Ode") in [(s["kind"], s["name"]) for s in found["shares"]]


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
@pytest.mark.parametrize("id", [1, 10, 30, 50])
def test_what_is_shown_sums_to_the_score_that_is_shown(
    run: Run, filled: Library, id: int, columns: int
):
    page = run("why", id, columns=columns).stdout
    assert max(map(len, page.splitlines())) <= columns
    [score] = re.findall(r"score ([+-]\d+\.\d{3})", page)
    table = page.partition("\n\n")[2].partition("\n\n")[0]
    amounts = [round(float(each) * 1000) for each in re.findall(r"[+-]\d+\.\d{3}", table)]
    assert sum(amounts) == round(float(score) * 1000)
    assert len(amounts) <= 2 * 9 + 1


def test_a_liked_topic_is_explained_by_its_terms_and_neighbours(run: Run, filled: Library):
    found = record(run, 10)
    assert found["match"] > 50
    assert found["against"] == []
    assert {each["paper_id"] for each in found["near"] if each["kind"] == "liked"} < set(
        range(1, 6)
    )
    page = run("why", 10).stdout
    assert page.startswith(f"10  {text('stars', 9).title} stars9\n")
    assert "near liked" in page
    assert "to raise it" in page


def test_a_disliked_topic_says_why_not(run: Run, filled: Library):
    found = record(run, 30)
    assert found["match"] < 50
    said = " ".join(found["against"])
    assert "against it speak" in said
    assert "it is closer to what you disliked" in said


def test_what_is_muted_says_so_and_how_to_unmute_it(run: Run, filled: Library):
    filled.lean("author", ["Stars9"], -1, what="muted", now=NOW)
    found = record(run, 10)
    assert "author Stars9 is muted, and never put forward" in found["against"]
    assert {"act": "unmute", "kind": "author", "names": ["Stars9"]} in found["to_raise"]


def test_to_pin_whom_it_names_raises_the_score(run: Run, filled: Library):
    before = record(run, 50)
    [pin] = [step for step in before["to_raise"] if step["act"] == "pin"]
    assert run("pin", pin["kind"], *pin["names"]).exit_code == 0
    assert record(run, 50)["score"] > before["score"]


def test_a_decided_paper_has_an_account_and_nothing_to_raise(run: Run, filled: Library):
    found = record(run, 1)
    assert found["match"] == 100
    assert found["to_raise"] == []
    assert 1 not in {each["paper_id"] for each in found["near"]}


def test_a_new_like_counts_at_once_and_the_same_question_has_the_same_answer(
    run: Run, filled: Library
):
    before = record(run, 50)
    assert record(run, 50) == before
    rate(filled, 51, 1)
    assert record(run, 50)["score"] > before["score"]


def test_before_the_first_like_it_says_what_picks_say(run: Run, library: Library):
    add(library, paper("Rest Is All You Need"))
    page = run("why", 1)
    assert page.stdout.startswith("1  Rest Is All You Need\n")
    assert "you have not liked anything yet: the newest first" in page.stdout
    found = record(run, 1)
    assert (found["score"], found["match"], found["shares"]) == (None, None, [])
    assert found["fallback"].startswith("you have not liked anything yet")


def test_several_handles_and_one_that_fits_none(run: Run, filled: Library):
    done = run("why", 10, "77", "10.1000/cells-9", "--json")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: no paper '77'")
    assert [each["entry"]["id"] for each in json.loads(done.stdout)] == [10, 30]


def test_text_from_the_world_does_nothing_to_the_terminal(run: Run, filled: Library):
    bad = paper("A \x1b[31mRed Galaxy Orbit Title", authors=("A\x1b[2J Ode",), abstract="Galaxy.")
    [*_, id] = add(filled, bad)
    note(filled, id, "hostile")
    assert "\x1b[31m" not in run("why", id).stdout
    assert "\x1b[2J" not in run("why", id).stdout

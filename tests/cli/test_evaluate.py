"""`readlist evaluate`: on a history of real acts, in words that can be believed."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import make
import pytest
from click.testing import Result
from make import add, paper
from recommend.past import STARS, WORLD

from readlist.library import Library
from readlist.models import Change, Sighting

Run = Callable[..., Result]

BEGIN = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture
def world(library: Library) -> Library:
    """The papers of two topics, each with the number that it has in the toy world."""
    papers = [
        paper(
            f"{text.title} {number}",
            abstract=text.abstract,
            ids=f"doi:10.1000/{number}",
            date=f"{number % 28:04}",
        )
        for number, text in WORLD.items()
    ]
    add(library, *papers, now=BEGIN - timedelta(days=2))
    return library


def decide(library: Library, rate: Callable[[int], int | None], days: int, each: int) -> None:
    left = random.Random(0).sample(list(WORLD), days * each)
    for number, id in enumerate(left):
        if said := rate(id):
            make.rate(library, id, said, BEGIN + timedelta(days=number // each))


def topic(id: int) -> int:
    return 1 if id in STARS else -1


def told(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_a_taste_that_is_known_is_told_in_a_sentence(run: Run, world: Library):
    decide(world, topic, 5, 10)
    done = run("evaluate", columns=100)
    head, ours, newest = done.stdout.splitlines()[:3]
    assert head.split() == ["AUC", "nDCG@10", "10", "picks"]
    assert ours.startswith("readlist      100% (100–100)")
    assert newest.startswith("newest first ")
    assert (
        "\nreadlist ranks a paper you like above one you don't 100% of the time; newest-first "
        in done.stdout
    )
    assert "Tested on 21 papers liked and 19 disliked or skipped on 4 days, 2026-10-02 to" in told(
        done
    )


def test_random_labels_are_no_better_than_chance(run: Run, world: Library):
    chance = random.Random(1)
    decide(world, lambda _id: chance.choice([1, -1]), 6, 12)
    said = told(run("evaluate"))
    assert "readlist is no better than chance, as far as 5 days can tell: it ranks" in said
    assert json.loads(run("evaluate", "--json").stdout)["better_than_chance"] is False


def test_one_who_never_says_no_is_told_what_likes_are_compared_with(run: Run, world: Library):
    decide(world, lambda id: 1 if id in STARS else None, 8, 12)
    said = told(run("evaluate"))
    assert "ranks a paper you like above one you passed over" in said
    assert "whatever was left undecided on the day stands for it" in said


def test_too_little_to_tell_says_what_is_lacking(run: Run, world: Library):
    assert told(run("evaluate")).startswith(
        "Too little to tell yet: 11 more likes on 4 more days will do. No day could be tested"
    )
    make.rate(world, 1, 1, BEGIN)
    assert "Too little to tell yet: 10 more likes on 3 more days will do." in told(run("evaluate"))
    for id in range(2, 30):
        make.rate(world, id, 1, BEGIN + timedelta(days=1))
    assert "a like on each of 2 more days will do." in told(run("evaluate"))
    found = json.loads(run("evaluate", "--json").stdout)
    assert found["measures"] == {}
    assert found["better_than_chance"] is None
    assert found["missing"] == {"likes": 0, "days": 2}


def test_an_empty_library_has_too_little(run: Run):
    assert told(run("evaluate")).startswith("Too little to tell yet")


def test_json_has_everything(run: Run, world: Library):
    decide(world, topic, 5, 10)
    add(
        world,
        *(
            paper(f"{WORLD[id].title} {id}", ids=f"doi:10.1000/{id}", sightings=(seen(id),))
            for id in WORLD
        ),
    )
    found = json.loads(run("evaluate", "--json").stdout)
    assert list(found["measures"]) == ["readlist", "newest_first", "most_upvoted"]
    assert found["measures"]["readlist"]["auc"] == {"mean": 1, "low": 1, "high": 1}
    assert found["compared_with"] == "disliked"
    assert found["picks"] == 10
    assert "; newest-first " in found["sentence"]
    assert ", most-upvoted " in found["sentence"]
    days = found["days"]
    assert [day["day"] for day in days] == [f"2026-10-0{n}" for n in range(2, 6)]
    assert {*days[0]} == {"day", "likes", "dislikes", "candidates", "measures"}
    assert days[0]["candidates"] == len(WORLD) - 10
    assert days[0]["measures"]["readlist"]["auc"] == 1


def seen(id: int) -> Sighting:
    return Sighting(source="hf", at="2026-09-30", upvotes=id % 9)


def test_what_was_undone_never_was(run: Run, world: Library):
    decide(world, topic, 5, 10)
    before = run("evaluate", "--json").stdout
    for id in (id for id in WORLD if not world.get(id).decided):
        wrong = [Change(paper_id=id, field="rating", value=str(-topic(id)))]
        acts = world.act(wrong, what="x", now=BEGIN + timedelta(days=3))
        world.undo(now=BEGIN + timedelta(days=30), step=acts[0].step)
    assert run("evaluate", "--json").stdout == before


def test_an_import_is_learned_from_and_not_tested(run: Run, world: Library):
    titles = [
        f"@misc{{k{id}, title={{{WORLD[id].title} {id}}}, doi={{10.1000/{id}}}}}" for id in STARS
    ]
    run("import", "-", "--like", stdin="\n".join(titles[:20]))
    found = json.loads(run("evaluate", "--json").stdout)
    assert found["days"] == []
    assert found["missing"] == {"likes": 10, "days": 3}


def test_days_end_at_the_owners_midnight(run: Run, world: Library, monkeypatch):
    import time

    for number in range(8):  # an hour before and after midnight in New York
        at = datetime(2026, 10, 1 + number // 2, 3 + number % 2 * 2, tzinfo=UTC)
        make.rate(world, number + 1, 1, at)
    assert len(json.loads(run("evaluate", "--json").stdout)["days"]) == 3
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    days = [day["day"] for day in json.loads(run("evaluate", "--json").stdout)["days"]]
    assert days == ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"]


def test_evaluating_changes_nothing(run: Run, world: Library):
    decide(world, topic, 5, 10)
    state = world.state()
    run("evaluate")
    assert world.state() == state
    assert world.model() is None
    assert run("evaluate").stdout == run("evaluate").stdout


@pytest.mark.parametrize("columns", [30, 45, 60, 100])
def test_lines_fit_the_terminal(run: Run, world: Library, columns: int):
    decide(world, topic, 5, 10)
    lines = run("evaluate", columns=columns).stdout.splitlines()
    assert all(len(line) <= max(columns, 40) for line in lines)
    assert ("(" in lines[1]) == (columns > 50)

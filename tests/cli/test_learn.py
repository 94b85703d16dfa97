"""What the settings say reaches the model and the picks; scores of yesterday are told as such."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from make import NOW, add, paper, rate, sighting
from recommend.toy import text

from readlist.library import Library

Run = Callable[..., Result]


@pytest.fixture
def world(library: Library) -> Library:
    """20 papers of each of two topics, and a twin of the last with upvotes."""
    said = [(topic, n, text(topic, n)) for topic in ("stars", "cells") for n in range(20)]
    add(
        library,
        *(
            paper(
                f"{about.title} {topic}{n}", abstract=about.abstract, ids=f"doi:10.1000/{topic}{n}"
            )
            for topic, n, about in said
        ),
        *(
            paper(
                f"Twin{name} of a Quasar",
                abstract=text("stars", 50).abstract,
                ids=f"doi:10.1000/{name}",
                sightings=(sighting(upvotes=votes),),
            )
            for name, votes in (("ab", 0), ("cd", 1_234))
        ),
    )
    return library


def settings(folder: Path, lines: str) -> Path:
    file = folder / "config.toml"
    file.write_text(f"{lines}\n", encoding="utf-8")
    return file


def picked(run: Run, *arguments: object) -> list[dict[str, Any]]:
    return json.loads(run(*arguments, "picks", "-n", 30, "--json").stdout)


def kinds(found: list[dict[str, Any]]) -> set[str]:
    return {reason["kind"] for pick in found for reason in pick["reasons"]}


@pytest.mark.parametrize(("share", "exploring"), [(0, 0), (0.1, 3), (1, 30)])
def test_the_share_that_explores_is_a_setting(
    run: Run, world: Library, tmp_path: Path, share: float, exploring: int
):
    rate(world, 1, 1)
    found = picked(run, "--config", settings(tmp_path, f"[picks]\nexplore = {share}"))
    assert [pick["reasons"][0]["kind"] for pick in found].count("explore") == exploring


@pytest.mark.parametrize("counts", [True, False])
def test_whether_upvotes_decide_is_a_setting(
    run: Run, world: Library, tmp_path: Path, *, counts: bool
):
    for id in range(1, 6):
        rate(world, id, 1)
    file = settings(tmp_path, f"[picks]\npopular = {str(counts).lower()}")
    assert ("popular" in kinds(picked(run, "--config", file))) is counts


def test_the_half_life_is_a_setting(run: Run, world: Library, tmp_path: Path):
    rate(world, 1, 1, NOW - timedelta(days=300))
    rate(world, 21, 1, NOW)
    lead = {}
    for days in (0, 10):
        file = settings(tmp_path, f"[recommend]\nhalf_life = {days}")
        assert run("--config", file, "train").exit_code == 0
        lead[days] = world.get(21).score - world.get(1).score
    assert lead[0] < lead[10]


def test_an_order_by_scores_of_before_says_so(run: Run, world: Library):
    for command in (("list",), ("search", "quasar")):
        said = run(*command, "-n", 0, "--sort", "score")
        assert "there are no scores yet; 'readlist train' makes them" in said.stderr
    run("like", 1)
    run("train")
    assert run("list", "-n", 0, "--sort", "score").stderr == ""
    run("like", 2)
    for command in (("list",), ("search", "quasar")):
        said = run(*command, "-n", 0, "--sort", "score")
        assert said.stdout
        assert said.stderr == (
            "scored before the last of what you did; 'readlist train' learns that, too\n"
        )
        assert run(*command, "-n", 0, "--sort", "date").stderr == ""


@pytest.mark.parametrize("columns", [30, 50, 80, 100])
def test_the_reasons_of_a_pick_fit_a_line_or_have_one_for_the_nearest(
    run: Run, world: Library, columns: int
):
    rate(world, 41, 1)
    shown = run("picks", "-n", 1, columns=columns).stdout.splitlines()
    assert max(map(len, shown)) <= columns
    *_, last = shown
    assert last.endswith("(41)"), "the number of the twin, which is nearest"
    if columns >= 80:
        assert last.strip().startswith("for ")
        assert "; like Twinab of a Quasar (41)" in last

"""Entries that look alike are found, made one, and taken apart again."""

import json
from collections.abc import Callable

import make
import pytest
from click.testing import Result
from make import add, everything, paper, published

from readlist.library import Library

Run = Callable[..., Result]

REST = paper("Rest Is All You Need", ids="arxiv:1706.03762", authors=("Ann Ode",), date="2017")
LATE = published("Rest Is All You Need", ids="doi:10.1000/a", authors=("Ann Ode",), date="2024")
BRIDGE = paper("", ids="arxiv:1706.03762 doi:10.1000/a")


@pytest.fixture
def twice(library: Library) -> Library:
    """A library with a paper that may be there twice, and another one."""
    add(library, REST, LATE, paper("A Dull but Sufficient Title", date="2020"))
    return library


def test_duplicates_are_listed_with_what_to_type(run: Run, twice: Library):
    result = run("duplicates")
    assert result.stdout == (
        "1  2017        Rest Is All You Need  Ode\n"
        "2  2024        Rest Is All You Need  Ode\n"
        "the same title, years apart: readlist merge 1 2\n"
        "\n"
    )
    assert result.exit_code == 0


def test_duplicates_as_json(run: Run, twice: Library):
    [group] = json.loads(run("duplicates", "--json").stdout)
    assert group == {"ids": [1, 2], "why": "the same title, years apart"}


def test_only_some_groups_are_shown_and_how_to_see_more(run: Run, twice: Library):
    add(twice, paper("Deep Sleep for Sheep Now"), paper("Deep Sleep for the Sheep Now"))
    result = run("duplicates", "-n", 1)
    assert "1 2" in result.stdout
    assert "Sheep" not in result.stdout
    assert result.stderr == "the first 1 of 2 groups; -n 0 shows all\n"
    assert "Sheep" in run("duplicates", "-n", 0).stdout


def test_nothing_alike_is_said(run: Run, library: Library):
    result = run("duplicates")
    assert (result.stdout, result.stderr) == ("", "no entries look alike\n")
    assert json.loads(run("duplicates", "--json").stdout) == []


def test_different_papers_are_not_listed_again_until_undone(run: Run, twice: Library):
    assert run("duplicates", "--different", 1, "10.1000/a").stdout == (
        "different  1  Rest Is All You Need\ndifferent  2  Rest Is All You Need\n"
    )
    assert run("duplicates").stdout == ""
    assert run("duplicates", "--different", 1, 2).stdout.startswith("already different  1")
    add(twice, BRIDGE)
    assert twice.count() == 3
    run("undo")
    assert twice.count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["duplicates", 1], "handles go with --different"),
        (["duplicates", "--different"], "no paper is named"),
        (["duplicates", "--different", 1], "these are all paper 1"),
        (["merge", 1, "1706.03762"], "these are all paper 1"),
        (["split", 3, 2], "paper 3 is a single record"),
    ],
)
def test_what_cannot_be_met_is_said(run: Run, twice: Library, arguments: list, message: str):
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert twice.history() == []


def test_merged_and_undone(run: Run, twice: Library):
    run("like", 2)
    run("note", 1, "One.")
    run("note", 2, "Two.")
    assert run("merge", "ode2024rest", 1).exit_code == 1  # no key yet: nothing is guessed
    assert run("merge", 1, "10.1000/a").stdout == "merged 2 into  1  Rest Is All You Need\n"
    assert [entry.rating for entry in everything(twice)] == [1, None]
    assert "merged 2 into it" in run("history").stdout
    assert run("undo").stdout.startswith("undid: merged")
    assert [entry.rating for entry in everything(twice)] == [None, 1, None]
    assert "undo: merged 2 into it" in run("history").stdout


def test_what_was_merged_is_split_as_it_was(run: Run, twice: Library):
    run("merge", 1, 2)
    assert run("split", 1).stdout == "split off 1  4  Rest Is All You Need\n"
    assert twice.find("10.1000/a") == 4
    assert run("duplicates").stdout == ""


def test_two_records_are_split_without_more_ado(run: Run, library: Library):
    add(library, REST, BRIDGE)
    assert run("split", 1).exit_code == 0
    assert library.count() == 2


def test_of_more_records_the_owner_chooses(run: Run, library: Library):
    add(library, REST, BRIDGE, LATE)
    result = run("split", 1)
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: paper 1 is made of these records; name those of another paper by number:\n"
        "  1  2017 · Rest Is All You Need · Ode · arxiv:1706.03762\n"
        "  2  arxiv:1706.03762 doi:10.1000/a\n"
        "  3  2024 · Rest Is All You Need · Ode · doi:10.1000/a\n"
    )
    assert run("split", 1, 4).stderr == "Error: there is no record 4; the last is 3\n"
    assert "one record must stay" in run("split", 1, 1, 2, 3).stderr
    assert run("split", 1, 3).stdout.startswith("split off 1  ")
    assert [e.paper.date for e in everything(library)] == ["2017", "2024"]
    assert "split off" in run("history").stdout


def test_enriching_is_in_the_history_and_undone(run: Run, library: Library):
    add(library, REST)
    library.enrich([(1, paper("", ids="s2:x", abstract="Found."), "abstract")], now=make.NOW)
    assert "filled in: abstract" in run("history").stdout
    assert run("undo").stdout.startswith("undid: enriched")
    assert library.get(1).paper.abstract == ""

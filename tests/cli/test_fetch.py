"""Feeds are fetched side by side, each from where it was left; one that fails costs only its own."""

import json
import os
import signal
import tomllib
from collections.abc import Callable
from pathlib import Path

import httpx
import make
import pytest
from answers import GOATS, SHEEP, atom
from click.testing import Result
from server import Routed, Service

from readlist import sources
from readlist.library import Library
from readlist.sources.client import Client

Run = Callable[..., Result]

FEEDS = """\
[feeds.sheep]
source = "arxiv-query"
query = "all:sheep"
tags = ["meadow"]
status = "later"

[feeds.goats]
source = "arxiv-query"
query = "all:goats"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(FEEDS)
    monkeypatch.setenv("READLIST_CONFIG", str(file))
    return file


@pytest.fixture
def meadow(service: Service, config: Path) -> Service:
    """The service that knows of sheep and goats."""
    service.answer("query=.*sheep", atom(SHEEP))
    service.answer("query=.*goats", atom(GOATS))
    return service


def test_what_is_new_comes_in_once(run: Run, library: Library, meadow: Service):
    done = run("fetch", client=meadow.client)
    assert done.exit_code == 0, done.output
    assert sorted(done.stdout.splitlines()) == ["goats  1 added", "sheep  1 added"]
    told = {e.paper.title.split()[1]: (e.status, e.tags) for e in make.everything(library)}
    assert told == {"Sheep": ("later", ("meadow",)), "Goats": ("new", ())}
    again = run("fetch", client=meadow.client)
    assert sorted(again.stdout.splitlines()) == ["goats  1 unchanged", "sheep  1 unchanged"]
    assert library.count() == 2


def test_tags_and_status_of_a_feed_are_for_papers_that_are_new_here(
    run: Run, library: Library, meadow: Service
):
    run("fetch", client=meadow.client)
    id = library.find("1706.03762")
    run("read", id)
    run("untag", "meadow", id)
    run("fetch", client=meadow.client)
    assert (library.get(id).status, library.get(id).tags) == ("read", ())


def test_a_feed_by_its_name(run: Run, library: Library, meadow: Service):
    assert run("fetch", "goats", client=meadow.client).stdout == "goats  1 added\n"
    assert library.count() == 1
    done = run("fetch", "cows", client=meadow.client)
    assert done.exit_code == 2
    assert done.stderr == "Error: no feed 'cows'; there are sheep, goats\n"


def test_a_feed_that_fails_does_not_keep_the_others_from_being_saved(
    run: Run, library: Library, meadow: Service
):
    meadow.answer("query=.*goats", 400)
    done = run("fetch", client=meadow.client)
    assert done.exit_code == 1
    assert done.stdout == "sheep  1 added\n"
    assert done.stderr.startswith("Error: goats: export.arxiv.org answered 400 Bad Request")
    assert library.count() == 1
    lines = run("feeds").stdout.splitlines()
    assert lines[:3] == [
        "feed   source       last fetched      new  ever",
        "sheep  arxiv-query  2026-11-23 09:30    1     1",
        "goats  arxiv-query  never",
    ]
    assert lines[3].startswith("    failed 2026-11-23 09:30: export.arxiv.org answered 400")
    meadow.answer("query=.*goats", atom(GOATS))
    run("fetch", client=meadow.client)
    sheep, goats = json.loads(run("feeds", "--json").stdout)
    assert (sheep["new"], sheep["total"]) == (0, 1)
    assert (goats["new"], goats["total"], goats["error"], goats["failed"]) == (1, 1, "", None)


def test_a_dry_run_changes_nothing(run: Run, library: Library, meadow: Service):
    done = run("fetch", "--dry-run", "sheep", client=meadow.client)
    assert done.stdout == "sheep  would be 1 added\n"
    assert library.count() == 0
    assert library.followed() == {}


def test_results_as_json(run: Run, library: Library, meadow: Service):
    [told] = json.loads(run("fetch", "--json", "sheep", client=meadow.client).stdout)
    assert told == {
        "feed": "sheep",
        "error": "",
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "folded": 0,
        "problems": [],
    }


def test_another_request_under_the_same_name_begins_anew(
    run: Run, library: Library, meadow: Service, config: Path
):
    run("fetch", "sheep", client=meadow.client)
    config.write_text(FEEDS.replace("all:sheep", "all:goats"))
    run("fetch", "sheep", client=meadow.client)
    assert library.count() == 2
    assert library.followed()["sheep"].total == 1


def test_ctrl_c_ends_it_and_the_next_time_brings_the_rest(
    run: Run, library: Library, meadow: Service
):
    class Impatient(Routed):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            os.kill(os.getpid(), signal.SIGINT)
            return super().handle_request(request)

    def client() -> Client:
        return Client(
            cache_folder=None,
            keys=lambda _: "",
            clock=meadow.clock,
            transport=Impatient(meadow.clock, meadow.port),
        )

    done = run("fetch", client=client)
    assert done.exit_code == 130
    assert done.stderr == "interrupted\n"
    assert library.count() <= 1
    run("fetch", client=meadow.client)
    assert library.count() == 2


def test_offline_each_feed_says_so(run: Run, library: Library, meadow: Service):
    done = run("fetch", client=lambda: meadow.client(offline=True))
    assert done.exit_code == 1
    assert sorted(done.stderr.splitlines()) == [
        "Error: goats: offline: export.arxiv.org was not asked",
        "Error: sheep: offline: export.arxiv.org was not asked",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Error: there are no feeds; "),
        ('[feeds.x]\nsource = "foo"', "feeds.x.source: expected one of hf, arxiv,"),
        (
            '[feeds.x]\nsource = "arxiv-query"\nquery = 3\nquiry = "x"',
            "feeds.x.quiry: no such option of arxiv-query; it has query",
        ),
        ('[feeds.x]\nsource = "arxiv-query"\nquery = 3', "feeds.x.query: expected a text, got 3"),
        (
            '[feeds.x]\nsource = "arxiv"\ncategories = []\n[feeds.y]\nsource = "feed"',
            'feeds.x.categories: expected, as in categories = ["cs.LG"]\n',
        ),
        (
            '[feeds.x]\nsource = "hf"\n[feeds.y]\nsource = "dblp"\nvenue = ""',
            "feeds.y.author or venue: expected, as in author = ",
        ),
    ],
)
def test_feeds_that_are_not_right_are_told(
    run: Run, library: Library, config: Path, service: Service, text: str, said: str
):
    config.write_text(text)
    done = run("fetch", client=service.client)
    assert done.exit_code == 2
    assert said in done.stderr


def test_feeds_that_are_not_right_are_listed_as_such(run: Run, library: Library, config: Path):
    config.write_text(
        '[feeds.none]\nsource = "arxiv"\n[feeds.odd]\nsource = "foo"\n[feeds.daily]\nsource = "hf"'
    )
    lines = run("feeds").stdout.splitlines()
    assert [line[:5] for line in lines] == ["feed ", "none ", "    c", "odd  ", "    s", "daily"]
    assert lines[2] == '    categories: expected, as in categories = ["cs.LG"]'
    assert lines[4].startswith("    source: expected one of hf, arxiv,")
    told = json.loads(run("feeds", "--json").stdout)
    assert [feed["error"] for feed in told] == [lines[2].strip(), lines[4].strip(), ""]


@pytest.mark.parametrize("source", sources.FEEDS)
def test_what_a_feed_is_told_to_say_is_taken(source: str):
    for said in sources.lacking(source, {}):
        options = tomllib.loads(said.partition("as in ")[2])
        assert sources.wrong_options(source, options) == []

"""Papers are added by whatever names them."""

from collections.abc import Callable
from pathlib import Path

import make
import pytest
from answers import GOATS, SHEEP, atom
from click.testing import Result
from server import Service

from readlist.library import Library

Run = Callable[..., Result]

NOTHING = '{"data": [], "message": {"items": []}, "result": {"hits": {}}, "results": []}'


def test_by_id_url_and_list_in_one_request(run: Run, library: Library, service: Service):
    service.answer("/api/query", atom(SHEEP, GOATS))
    done = run(
        *("add", "1706.03762v3", "-", "--tag", "meadow", "--like"),
        stdin="https://arxiv.org/abs/1706.03763\n\narXiv:1706.03762\n",
        client=service.client,
    )
    assert done.exit_code == 0
    assert done.stdout == (
        "added  1  Counting Sheep Is All You Need\nadded  2  Counting Goats Is All You Need\n"
    )
    assert [request.query["id_list"] for request in service.requests] == ["1706.03762,1706.03763"]
    assert [(e.rating, e.tags) for e in make.everything(library)] == [(1, ("meadow",))] * 2
    again = run("add", "1706.03762", client=service.client)
    assert again.stdout.splitlines()[0] == "already here  1  Counting Sheep Is All You Need"
    run("undo")
    assert [(e.rating, e.tags) for e in make.everything(library)] == [(None, ())] * 2


def test_by_its_title(run: Run, library: Library, service: Service):
    service.answer("/api/query", atom(SHEEP, GOATS))
    done = run("add", "counting sheep is all you need (2017)", client=service.client)
    assert done.stdout == "added  1  Counting Sheep Is All You Need\n"
    assert library.count() == 1


def test_a_title_that_only_comes_close_shows_what_there_is(
    run: Run, library: Library, service: Service
):
    service.answer(".", NOTHING)
    service.answer("/api/query", atom(SHEEP, GOATS))
    done = run("add", "Counting Cows Is All You Need", client=service.client)
    assert done.exit_code == 1
    assert done.stderr == (
        "problem: Counting Cows Is All You Need: no paper has this title; close are:\n"
        "  arxiv:1706.03762  2017  Counting Sheep Is All You Need\n"
        "  arxiv:1706.03763  2017  Counting Goats Is All You Need\n"
    )
    assert library.count() == 0


def test_what_is_unknown_is_a_problem_and_the_rest_is_added(
    run: Run, library: Library, service: Service
):
    service.answer("/api/query", atom(SHEEP))
    done = run("add", "1706.03762", "1706.09999", "x", client=service.client)
    assert done.exit_code == 1
    assert done.stderr == (
        "problem: x: is no id, URL or file, and too short for a title\n"
        "problem: arxiv:1706.09999: unknown to arxiv\n"
    )
    assert library.count() == 1


def test_a_paper_whose_service_is_down_is_added_as_it_is(
    run: Run, library: Library, service: Service
):
    service.answer(".", 503)
    done = run("add", "1706.03762", client=service.client)
    assert done.exit_code == 1
    assert done.stdout == "added  1  arxiv:1706.03762\n"
    assert "oaipmh.arxiv.org answered 503 Service Unavailable 3 times" in done.stderr
    assert "; added as it is" in done.stderr
    service.answer("/api/query", atom(SHEEP))
    assert run("add", "1706.03762", client=service.client).exit_code == 0
    assert library.get(1).paper.title == "Counting Sheep Is All You Need"


def test_offline_nobody_is_asked(run: Run, library: Library, service: Service):
    done = run("add", "1706.03762", client=lambda: service.client(offline=True))
    assert done.exit_code == 1
    assert "offline: export.arxiv.org was not asked; added as it is" in done.stderr
    assert library.get(1).paper.identifier("arxiv") == "1706.03762"
    assert service.requests == []


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("https://example.com/blog", "is a URL that names no paper"),
        ("notes.txt", "is not a PDF"),
        ("broken.pdf", "cannot be read as a PDF"),
    ],
)
def test_what_names_no_paper(
    run: Run,
    library: Library,
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ref: str,
    said: str,
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("1706.03762")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\n" + b"\xff" * 100)
    done = run("add", ref, client=service.client)
    assert done.exit_code == 1
    assert said in done.stderr
    assert library.count() == 0

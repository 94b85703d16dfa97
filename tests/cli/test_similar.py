"""`readlist similar`: papers like papers and texts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from make import add, paper, rate

from readlist.library import Library

Run = Callable[..., Result]

SAMPLE = Path(__file__).parents[2] / "readlist" / "demo"


@pytest.fixture
def filled(library: Library) -> Library:
    about = {
        "Drafting Tokens for Speculative Decoding": "A small model drafts tokens, a large verifies.",
        "Speculative Decoding with Many Drafts": "Drafts of tokens are verified in a tree.",
        "Lossless Speculative Sampling": "A draft model proposes tokens.",
        "Galaxies as Seen by a New Telescope": "Spectra of quasars and of pulsars.",
        "Pulsars in Distant Galaxies": "We time pulsars with a telescope.",
    }
    add(
        library,
        *(paper(t, abstract=a, ids=f"doi:10.1000/{n}") for n, (t, a) in enumerate(about.items())),
    )
    return library


def ids(done: Result) -> list[int]:
    assert done.exit_code == 0, done.output
    return [each["entry"]["id"] for each in json.loads(done.stdout)]


def test_papers_like_one_and_what_they_share(run: Run, filled: Library):
    done = run("similar", 1, "-n", 2)
    assert done.stderr == ""
    said = done.stdout
    assert "Drafting Tokens" not in said
    assert said.index("Many Drafts") < said.index("Lossless")
    assert "      shares speculative decoding, drafts, tokens" in said
    assert ids(run("similar", 5, "--json"))[0] == 4


def test_no_like_is_needed_and_none_is_taken_into_account(run: Run, filled: Library):
    before = run("similar", 1, "--json").stdout
    rate(filled, 5, 1)
    after = run("similar", 1, "--json").stdout
    assert ids(run("similar", 1, "--json"))[:2] == [2, 3]
    assert [e["similarity"] for e in json.loads(before)] == [
        e["similarity"] for e in json.loads(after)
    ]
    assert filled.model() is None


def test_text_and_papers_together(run: Run, filled: Library):
    assert ids(run("similar", "quasars and telescopes near a telescope", "--json"))[0] == 4
    mixed = ids(run("similar", "10.1000/0", "the pulsars of galaxies", "-n", 3, "--json"))
    assert 1 not in mixed
    assert 2 in mixed
    assert {4, 5} & set(mixed)


def test_words_of_one_title_are_that_paper_and_words_of_several_are_text(run: Run, filled: Library):
    assert 3 not in ids(run("similar", "lossless", "--json"))
    assert set(ids(run("similar", "speculative decoding", "--json"))) >= {1, 2}


def test_what_names_a_paper_that_is_not_here_is_an_error(run: Run, filled: Library):
    for handle in ("77", "1706.03762", "https://doi.org/10.1000/77"):
        done = run("similar", handle)
        assert done.exit_code == 1
        assert done.stderr.startswith(f"Error: no paper {handle!r}")
        assert done.stdout == ""


def test_filters_choose_among_the_papers(run: Run, filled: Library):
    rate(filled, 3, 1)
    assert ids(run("similar", 1, "--rating", "like", "--json")) == [3]
    assert ids(run("similar", 3, "--rating", "like", "--json")) == []


def test_nothing_in_common_is_said(run: Run, filled: Library):
    for nothing in ("bibliography", "", "\udcff"):
        done = run("similar", nothing)
        assert (done.exit_code, done.stdout) == (0, "")
        assert "nothing that fits has a term in common" in done.stderr


def test_where_output_is_no_terminal_lines_are_those_of_list(run: Run, filled: Library):
    lines = run("similar", 1, columns=None).stdout
    assert lines.startswith("2\t\tSpeculative Decoding with Many Drafts\t")
    assert ids(run("similar", "-", "--json", stdin=lines))[0] == 1


@pytest.mark.parametrize("columns", [30, 60, 80, 100])
def test_lines_fit_the_terminal(run: Run, columns: int):
    run("import", SAMPLE / "page.txt")
    lines = run("similar", 1, columns=columns).stdout.splitlines()
    assert len(lines) > 30
    assert all(len(line) <= columns for line in lines)


def test_new_papers_are_read_at_once(run: Run, filled: Library):
    ids(run("similar", 1, "--json"))
    add(filled, paper("Drafting Tokens Again and Again", abstract="A small model drafts tokens."))
    assert ids(run("similar", 1, "--json"))[0] == 6

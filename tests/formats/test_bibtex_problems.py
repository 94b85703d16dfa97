"""BibTeX that is broken: what can be read is read, and each fault is told with its line."""

import logging
import re
from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from make import NOW
from strategies import hostile

from readlist.formats import bibtex, bibtex_blocks
from readlist.merge import normal
from readlist.models import Entry, Identifier, Paper, Problem

GOOD = "@misc{good,\n  title = {A Good One}\n}\n"


def load(text: str) -> tuple[list[Paper], list[Problem]]:
    items = list(bibtex.load(StringIO(text), make.origin("refs.bib")))
    papers = [item for item in items if isinstance(item, Paper)]
    return papers, [item for item in items if isinstance(item, Problem)]


def one(text: str) -> tuple[Paper, str]:
    """The paper between two good ones, and its one problem, which starts in line 4."""
    (before, paper, after), (problem,) = load(GOOD + text + "\n" + GOOD.replace("good", "last"))
    assert (before.key, after.key) == ("good", "last")
    assert problem.where == "refs.bib line 4"
    assert problem.raw == text.strip()
    return paper, problem.what


def test_repeated_key():
    first = "@article{Same,\n title = {One}\n}\n"
    (a, b, c), (problem, _) = load(first + "\n" + first.replace("One", "Two") + first.lower())
    assert (a.key, a.title) == ("Same", "One")
    # BibTeX does not tell keys by their case.
    assert (b.key, b.title, c.key) == ("", "Two", "")
    assert problem == Problem(
        where="refs.bib line 5",
        what="Same: its key is that of line 1 already, so it gets another",
        raw="@article{Same,\n title = {Two}\n}",
    )


def test_keys_can_be_missing_but_not_be_unfit_to_cite():
    papers, problems = load("@book{,title={A}}\n@book{,title={B}}\n@book{a b\\c~d, title={C}}")
    assert [paper.key for paper in papers] == ["", "", "abcd"]
    assert problems == []


def test_repeated_field():
    paper, what = one("@misc{k,\n title = {},\n Title = {One},\n TITLE = {Two},\n year = 2001}")
    assert (paper.title, paper.date) == ("One", "2001")
    assert what == "k: `title` is there twice and the first one is kept"
    papers, problems = load("@misc{k, title = {One}, title = {One}}")
    assert (len(papers), problems) == (1, [])


def test_missing_key():
    paper, what = one("@article{\n  title = {No Key},\n  year = 2001\n}")
    assert (paper.key, paper.title, paper.date) == ("", "No Key", "2001")
    assert what == "article: no key"


@pytest.mark.parametrize("between", [" ", "\n  "])
def test_missing_comma_after_the_key(between: str):
    paper, what = one(f"@article{{k{between}title = {{A Title}},\n  year = 2001\n}}")
    assert (paper.key, paper.title, paper.date) == ("k", "A Title", "2001")
    assert what == "k: no comma after the key"


@pytest.mark.parametrize("value", ["{A Title}", '"A Title"', "2001", "{A} # { Title}"])
def test_missing_comma_between_fields(value: str):
    paper, what = one(f"@article{{k,\n  note = {value}\n  title = {{T}} year = 2002,\n}}")
    assert (paper.title, paper.date) == ("T", "2002")
    assert what == "k: no comma before `title`; no comma before `year`"
    assert paper.versions[0].fields["note"] in ("A Title", "2001")


@pytest.mark.parametrize(
    "title",
    [
        "{A {Title}",
        '"A {Title}',
        '{A Title"',
        "{A Title}}",
        '"A "Title""',
        '"A Title}',
        "{A {{T}itle}",
    ],
)
def test_unbalanced_value(title: str):
    paper, what = one(
        f"@article{{k,\n  year = 2001,\n  title = {title},\n  doi = {{10.1000/a}}\n}}"
    )
    assert paper.title.replace('"', "") == "A Title"
    assert paper.date == "2001"
    assert paper.identifiers == (Identifier("doi", "10.1000/a"),)
    assert what.startswith("k: `title` is not") or "a closing brace before the end" in what


def test_unbalanced_value_on_one_line():
    paper, what = one("@misc{k, title = {A {Title, year = {2001}, doi = {10.1000/a}}")
    assert (paper.title, paper.date) == ("A Title", "2001")
    assert paper.identifiers == (Identifier("doi", "10.1000/a"),)
    assert "`title` is not properly enclosed" in what


def test_backslash_before_the_closing_brace():
    # BibTeX counts this brace, bibtexparser does not.
    (paper,), problems = load("@misc{k,\n file = {C:\\dir\\},\n title = {A Title}\n}")
    assert (paper.title, paper.versions[0].fields["file"]) == ("A Title", "C:\\dir\\")
    assert problems == []


def test_entry_that_is_not_closed():
    paper, what = one("@article{k,\n  title = {A Title},\n  year = 2001")
    assert (paper.title, paper.date) == ("A Title", "2001")
    assert what == "k: the entry is not closed"


def test_entry_that_is_closed_too_early():
    paper, what = one("@article{k,\n  title = {A Title}},\n  year = 2001,\n  doi = {10.1000/a}\n}")
    assert (paper.title, paper.date) == ("A Title", "2001")
    assert what == "k: a closing brace before the end"


def test_field_without_a_value():
    paper, what = one("@article{k,\n  month,\n  title = {A Title}\n}")
    assert paper.title == "A Title"
    assert what == "k: no value for `month`"


def test_text_that_is_not_a_field():
    paper, what = one("@article{k,\n  = some {words}\n  title = {A Title}\n}")
    assert paper.title == "A Title"
    assert what == "k: text that is not a field"


def test_entry_without_title():
    papers, (problem,) = load(GOOD + "@misc{k,\n author = {Ada Lovelace}}")
    assert len(papers) == 1
    assert problem.where == "refs.bib line 4"
    assert problem.what == "k: no title and no identifier, so it is not saved"
    assert problem.raw == "@misc{k,\n author = {Ada Lovelace}}"
    (paper,), problems = load("@misc{k, doi = {10.1000/a}}")
    assert (paper.title, problems) == ("", [])


def test_text_outside_of_entries():
    lost = 'ARTICLE{k,\n  title = {Somebody deleted its at sign},\n  year = "2001"\n}'
    papers, (problem,) = load(f"{GOOD}\n\n{lost}\n")
    assert len(papers) == 1
    assert problem == Problem(
        where="refs.bib line 6", what="text outside of any entry, not saved", raw=lost
    )


def test_entry_of_which_only_the_head_is_commented_out():
    papers, (problem,) = load("%@misc{k,\n  title = {Gone or not?}\n}\n" + GOOD)
    assert [paper.key for paper in papers] == ["good"]
    assert (problem.where, problem.raw) == ("refs.bib line 2", "title = {Gone or not?}\n}")


def test_several_entries_on_one_line():
    papers, problems = load("@misc{a, title={A}} @misc{b, title={B} year=1} @misc{c, title={C}}\n")
    assert [paper.title for paper in papers] == ["A", "B", "C"]
    assert [problem.where for problem in problems] == ["refs.bib line 1"]


def test_types_that_begin_like_comments():
    (paper,), problems = load("@commentary{k, title = {Is a Type}}")
    assert (paper.type, problems) == ("commentary", [])


def test_lines_are_counted_over_all_of_a_long_file():
    filler = "".join(f"@misc{{k{n},\n  title = {{{'x' * 300}}}\n}}\n" for n in range(3000))
    papers, problems = load(filler + "@misc{k5, title = {Again}}\n\n@misc{last,\n title = {A}")
    assert len(papers) == 3002
    assert [problem.where for problem in problems] == ["refs.bib line 9001", "refs.bib line 9003"]


def test_lines_that_end_with_a_backslash_are_lines():
    # bibtexparser does not count them.
    text = "@misc{a,\n title = {A\\\n\\\nB}\n}\n@misc{b, title = {C}}\n@misc{c, title = {D}"
    papers, (problem,) = load(text)
    assert [paper.key for paper in papers] == ["a", "b", "c"]
    assert problem.where == "refs.bib line 7"


@pytest.mark.parametrize("size", [1, 10, 100])
def test_where_the_file_is_cut_into_pieces_does_not_matter(
    size: int, monkeypatch: pytest.MonkeyPatch
):
    text = (Path(__file__).parent / "data" / "habits.bib").read_text() + "@misc{a,title={x\\\n}}"
    text = f"{text}\n{text}\n@misc{{last,"
    whole = load(text)
    monkeypatch.setattr(bibtex_blocks, "_CHUNK", size)
    assert load(text) == whole
    assert len(whole[1]) == 16


def test_an_entry_too_long_to_read_ends_there_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bibtex_blocks, "LIMIT", 10_000)
    monkeypatch.setattr(bibtex_blocks, "_CHUNK", 1_000)
    for abstract in ("x " * 50_000, "{" * 50_000, "x\n" * 50_000):
        text = f"{GOOD}@misc{{long,\n title = {{A Long One}},\n abstract = {{{abstract}}}\n}}\n"
        papers, problems = load(text + GOOD.replace("good", "last"))
        assert [paper.key for paper in papers] == ["good", "long", "last"]
        assert papers[1].title == "A Long One"
        assert problems[0].where == "refs.bib line 4"
        assert "not properly enclosed" in problems[0].what


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        load("@misc{a, title = {x\n@misc{b, title = {\\foo{ \\begin{x}}\n@comment{")
    assert caplog.records == []


# What BibTeX is made of, in any order.
soup = st.lists(
    st.sampled_from(
        [
            *("@article{", "@book(", "@misc{k1,\n", "@string{", "@comment{", "@ Misc {", "@", "%"),
            *("{", "}", "(", ")", ",", "=", '"', "#", "\n", " ", "\\", "\\{", "\\}", "$", "~"),
            *("title = {", 'author = "', "},\n", '",\n', "\n}\n", "year = 2017,\n", "month = jan"),
            *("a", "key", "Ada Lovelace", " and ", "others", "doi = {10.1/x}", "\r", "é", "\x00"),
            *(
                r"\"o",
                r"\'{e}",
                r"\foo{",
                "$x$",
                "--",
                "https://x.org/a_b",
                "eprint = {1706.03762}",
            ),
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=500)
@given(soup | hostile)
@example("@article{title = {}\\'{e}")
def test_any_text_can_be_read_and_what_is_read_written(text: str):
    papers, _ = load(text)
    for paper in papers:
        assert paper.title or paper.identifiers
        assert "\n" not in paper.title
    entries = [Entry(id=1, paper=p, added=NOW, key=f"k{n:02}") for n, p in enumerate(papers)]
    again, problems = load(bibtex.dumps(entries, bibtex.Style(abstract=True)))
    assert problems == []
    assert [normal(p).title for p in again] == [normal(p).title for p in papers]
    assert [p.identifiers for p in again] == [p.identifiers for p in papers]


heads = st.sampled_from(["@misc{a,", "@Book(b,", "@article{", "  @online{c"])
bodies = st.sampled_from(
    [
        *("title={T}}", "title={T}", 'title="T"}', "title={T", "title T}", "author={A}}", "}", ""),
        *("title={T} year=1}", "title={T}},year={1}}", "%x\n title={T}}", "doi={10.1/x})", "x=#}"),
    ]
)


@given(st.lists(st.tuples(heads, bodies), max_size=8))
def test_each_head_is_a_paper_or_a_problem(entries: list[tuple[str, str]]):
    papers, problems = load("\n".join(head + body for head, body in entries))
    unsaved = sum("not saved" in problem.what for problem in problems)
    assert len(papers) + unsaved == len(entries)
    lines = [int(re.search(r"\d+$", problem.where)[0]) for problem in problems]
    assert lines == sorted(lines)

"""Real and torture files of others, where they are at hand: about 700 in `../shared/bibtex`."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import make
import pytest
from make import NOW

from readlist.formats import bibtex
from readlist.models import Entry, Paper, Problem

CORPUS = Path(__file__).parents[3] / "shared" / "bibtex"
FILES = sorted(path for path in CORPUS.glob("*/**/*.bi*") if path.is_file())
PARTS = 8
LARGE = 300_000

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")

HEAD = re.compile(r"^[ \t]*@\s*(\w+)\s*[{(]", re.MULTILINE)
NO_PAPERS = ("string", "comment", "preamble")


def texts(part: int) -> Iterator[tuple[str, str]]:
    for path in FILES[part::PARTS]:
        yield path.name, path.read_text("utf-8-sig", "replace")[:LARGE]


def load(text: str) -> tuple[list[Paper], list[Problem]]:
    items = list(bibtex.load(StringIO(text), make.origin("x")))
    papers = [item for item in items if isinstance(item, Paper)]
    return papers, [item for item in items if isinstance(item, Problem)]


def facts(paper: Paper) -> tuple[object, ...]:
    return (paper.title, paper.authors, set(paper.identifiers))


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost(part: int):
    for name, text in texts(part):
        heads = [head for head in HEAD.findall(text) if head.lower() not in NO_PAPERS]
        papers, problems = load(text)
        unsaved = sum("not saved" in problem.what for problem in problems)
        assert len(papers) + unsaved >= len(heads), name
        # Each problem is where it says.
        lines = text.split("\n")
        for problem in problems:
            line = int(problem.where.removeprefix("x line "))
            assert problem.raw.split("\n")[0].strip()[:50] in lines[line - 1], (name, problem)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_written_is_what_was_read(part: int):
    for name, text in texts(part):
        papers, _ = load(text)
        entries = {
            key: Entry(id=n, paper=paper, added=NOW, key=key)
            for n, paper in enumerate(papers)
            if (key := paper.key or f"none{n}")
        }
        written = bibtex.dumps(entries.values())
        again, problems = load(written)
        assert not problems, name
        assert len(again) == len(papers), name
        for paper in again:
            assert facts(paper) == facts(entries[paper.key].paper), name
        second = [replace(entries[paper.key], paper=paper) for paper in again]
        assert bibtex.dumps(second) == written, name


def test_hardly_anything_is_a_problem_in_real_files():
    count = Counter[str]()
    for path in sorted(CORPUS.glob("real/*.bib")):
        papers, problems = load(path.read_text("utf-8-sig", "replace")[:LARGE])
        # Cut off in the middle, a file has one more.
        count.update(papers=len(papers), problems=len(problems) - (path.stat().st_size > LARGE))
    assert count["papers"] > 5_000
    assert count["problems"] < count["papers"] / 100

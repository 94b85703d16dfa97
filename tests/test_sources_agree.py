"""Whatever comes first: the page, the API, BibTeX and arXiv make the same library of the same papers."""

import io
import json
import random
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import make

from readlist import formats
from readlist.formats import bibtex
from readlist.library import Library
from readlist.models import Entry, Paper, Problem
from readlist.sources import arxiv
from readlist.sources.client import Answer, xml_of

ORDERS = 50


def read(content: bytes, name: str) -> list[Paper]:
    items = list(formats.read(io.BytesIO(content), make.origin(name)).items)
    assert not [item for item in items if isinstance(item, Problem)]
    return [item for item in items if isinstance(item, Paper)]


def as_bibtex(papers: Iterable[Paper]) -> list[Paper]:
    """What comes in from a bibliography of the papers."""
    entries = [
        Entry(id=n, paper=paper, added=make.NOW, key=f"key{n}") for n, paper in enumerate(papers)
    ]
    return read(bibtex.dumps(entries).encode(), "refs.bib")


def as_arxiv(records: Iterable[dict[str, Any]]) -> list[Paper]:
    """What arXiv's API answers for the papers of API items."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{paper['id']}v2</id>"
        f"<title>{escape(paper['title'])}</title><summary>{escape(paper['summary'])}</summary>"
        f"<published>{paper['publishedAt'][:10]}T17:57:34Z</published>"
        + "".join(f"<author><name>{escape(a['name'])}</name></author>" for a in paper["authors"])
        + "</entry>"
        for paper in records
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'
    found = arxiv.parse(xml_of(Answer(arxiv.URL, 200, {}, feed.encode())))
    return [item for item in found if isinstance(item, Paper)]


def contents(batches: Iterable[list[Paper]]) -> set[str]:
    """What is in a library once the batches came in, but for numbers and keys."""
    with Library(":memory:") as library:
        for batch in batches:
            library.add_all(batch, now=make.NOW)
        return {repr(entry.paper) for entry in library.entries()}


def agree(batches: list[list[Paper]], orders: int, chance: random.Random) -> set[str]:
    first = contents(batches)
    for _ in range(orders):
        shuffled = [chance.sample(batch, len(batch)) for batch in batches]
        chance.shuffle(shuffled)
        assert contents(shuffled) == first
    return first


def test_papers_of_a_sample_are_the_same_in_any_order():
    page = (Path(formats.__file__).parents[1] / "demo" / "page.txt").read_bytes()
    records = (Path(formats.__file__).parents[1] / "demo" / "records.jsonl").read_bytes()
    listed, known = read(page, "page.txt"), read(records, "records.jsonl")
    found = agree([listed, known, as_bibtex(known)], 10, random.Random(0))
    assert len(found) == len(listed) == 60


def test_the_real_page_and_answers_make_one_library_in_any_order(shared: Path):
    page = read((shared / "daily-papers-page.txt").read_bytes(), "page.txt")
    answers = sorted((shared / "fixtures" / "hf_daily_papers").glob("daily_2*.json"))[-6:]
    batches, records = [], []
    for file in answers:
        batches.append(read(file.read_bytes(), file.name))
        records += [item["paper"] for item in json.loads(file.read_bytes())]
    papers = [paper for batch in batches for paper in batch]
    batches += [page, as_bibtex(papers), as_arxiv(records)]
    found = agree(batches, ORDERS, random.Random(1))
    ids = {paper.identifier("arxiv") for paper in papers}
    titled = contents([papers, page])
    assert len(ids) <= len(found) == len(titled)

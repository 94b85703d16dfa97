"""Records of the arXiv snapshot."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import make
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import arxiv_snapshot, json_stream
from readlist.formats.json_stream import Value
from readlist.models import Paper, Problem

RECORD = {
    "id": "0704.0001",
    "submitter": "Pavel Nadolsky",
    "authors": "C. Bal\\'azs, E. L. Berger (1), C.-P. Yuan",
    "title": "Calculation of prompt diphoton production cross sections at Tevatron and\n  LHC energies",
    "comments": "37 pages, 15 figures; published version",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009",
    "report-no": None,
    "categories": "hep-ph hep-ex",
    "license": None,
    "abstract": "  We compute\nphotons.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [
        ["Balázs", "C.", ""],
        ["Berger", "E. L.", "", "(1)"],
        ["Yuan", "C. -P.", ""],
    ],
}


def load(*records: Any) -> list[Paper | Problem]:
    values = [Value(line, record) for line, record in enumerate(records, start=1)]
    return list(arxiv_snapshot.load(values, make.origin("snapshot.json")))


def one(**changed: Any) -> Paper:
    [paper] = load({**RECORD, **changed})
    assert isinstance(paper, Paper)
    return paper


def test_a_record_is_read():
    paper = one()
    assert paper.title == (
        "Calculation of prompt diphoton production cross sections at Tevatron and LHC energies"
    )
    assert paper.authors == ("Balázs, C.", "Berger, E. L.", "Yuan, C.-P.")
    assert paper.abstract == "We compute photons."
    assert paper.date == "2007-04-02"  # the first version's
    assert paper.categories == ("hep-ph", "hep-ex")
    assert [":".join(i) for i in paper.identifiers] == [
        "arxiv:0704.0001",
        "doi:10.1103/physrevd.76.013009",
    ]
    assert paper.extra == {
        "comments": "37 pages, 15 figures; published version",
        "journal_ref": "Phys.Rev.D76:013009,2007",
    }
    assert (paper.venue, paper.retractions) == ("", ())
    assert paper.sightings == (make.sighting("arxiv", at="2026-11-23", place="snapshot.json"),)


def test_authors_that_were_not_parsed_are_taken_as_typed():
    assert one(authors_parsed=None).authors == ("C. Balázs", "E. L. Berger", "C.-P. Yuan")
    assert one(authors_parsed=[], authors="A. Ode and B. Li").authors == ("A. Ode", "B. Li")
    assert one(authors_parsed=None, authors=None).authors == ()


def test_a_snapshot_is_known_by_its_records():
    assert arxiv_snapshot.recognises(RECORD)
    assert not arxiv_snapshot.recognises({"id": "0704.0001", "title": "T", "categories": []})
    assert not arxiv_snapshot.recognises([RECORD])


def test_what_is_no_record_is_a_problem_and_the_next_one_is_read():
    broken, nothing, paper = load("x", {"id": None, "title": " "}, RECORD)
    assert str(broken) == "snapshot.json line 1: not a record"
    assert str(nothing) == "snapshot.json line 2: no title and no arXiv id"
    assert isinstance(paper, Paper)


def test_a_line_that_is_no_json_is_passed_on():
    lines = json.dumps(RECORD) + "\n{broken}\n" + json.dumps(RECORD) + "\n"
    values = json_stream.values(StringIO(lines), "snapshot.json")
    items = list(arxiv_snapshot.load(values, make.origin("snapshot.json")))
    assert [type(item) for item in items] == [Paper, Problem, Paper]


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(RECORD)), odd))
def test_no_record_is_too_odd(changed: dict[str, Any]):
    [item] = load({**RECORD, **changed})
    assert isinstance(item, Paper | Problem)


def test_the_recorded_part_of_the_snapshot_is_read_whole(shared: Path):
    [file] = (shared / "fixtures/arxiv_snapshot").glob("*.json")
    with file.open(encoding="utf-8") as lines:
        values = json_stream.values(lines, file.name)
        items = list(arxiv_snapshot.load(values, make.origin(file.name)))
    papers = [item for item in items if isinstance(item, Paper)]
    assert (len(items), len(papers)) == (200, 200)
    assert all(p.title and p.authors and p.abstract and len(p.date) == 10 for p in papers)
    assert sum(p.identifier("doi") != "" for p in papers) == 117
    assert sum(p.retractions != () for p in papers) == 1

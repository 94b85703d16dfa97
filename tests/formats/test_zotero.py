"""Zotero's items, from its API and from Better BibTeX."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import json_stream, zotero
from readlist.models import Link, Paper, Problem, Standing

ARTICLE = {
    "key": "ABCD2345",
    "version": 7,
    "itemType": "journalArticle",
    "title": "A <i>Mathematical</i> Theory of Communication",
    "creators": [
        {"creatorType": "author", "firstName": "Claude E.", "lastName": "Shannon"},
        {"creatorType": "author", "name": "Bell Labs"},
        {"creatorType": "translator", "firstName": "Ann", "lastName": "Ode"},
    ],
    "abstractNote": "The engineering problem.",
    "publicationTitle": "Bell System Technical Journal",
    "journalAbbreviation": "Bell Syst. Tech. J.",
    "volume": "27",
    "issue": "3",
    "pages": "379–423",
    "date": "July 1948",
    "DOI": "10.1002/j.1538-7305.1948.tb01338.x",
    "ISSN": "0005-8580",
    "url": "https://ieeexplore.ieee.org/document/6773024",
    "accessDate": "2021-06-16T05:19:37Z",
    "libraryCatalog": "IEEE Xplore",
    "extra": "Citation Key: shannon1948\nPMID: 20664272\nread twice",
    "dateAdded": "2021-06-16T05:19:37Z",
    "dateModified": "2021-06-17T05:19:37Z",
    "tags": [{"tag": "entropy", "type": 1}, {"tag": "channels"}],
    "collections": ["KIMI8BSG"],
    "relations": {},
}


def api(data: dict[str, Any], **meta: Any) -> dict[str, Any]:
    return {"key": "ABCD2345", "version": 7, "library": {}, "meta": meta, "data": data}


def bbt(*items: Any) -> dict[str, Any]:
    return {"config": {"label": "BetterBibTeX JSON"}, "items": list(items)}


def load(*values: Any) -> list[Paper | Problem]:
    text = "".join(f"{json.dumps(value)}\n" for value in values)
    return list(zotero.load(json_stream.values(StringIO(text), "z.json"), make.origin("z.json")))


def one(**said: Any) -> Paper:
    [paper] = load({"itemType": "journalArticle", "title": "Rest", **said})
    assert isinstance(paper, Paper), paper
    return paper


def test_an_item_is_read():
    [paper] = load(api(ARTICLE))
    assert isinstance(paper, Paper)
    assert paper.versions == (
        make.version(
            "A Mathematical Theory of Communication",
            standing=Standing.PUBLISHED,
            venue="Bell System Technical Journal",
            date="1948-07",
            type="article",
            fields={
                "issn": "0005-8580",
                "pages": "379--423",
                "urldate": "2021-06-16",
                "volume": "27",
                "number": "3",
                "shortjournal": "Bell Syst. Tech. J.",
            },
        ),
    )
    assert paper.authors == ("Shannon, Claude E.", "Bell Labs")
    assert paper.abstract == "The engineering problem."
    assert [":".join(i) for i in paper.identifiers] == [
        "doi:10.1002/j.1538-7305.1948.tb01338.x",
        "pmid:20664272",
    ]
    assert paper.links == (Link("page", "https://ieeexplore.ieee.org/document/6773024"),)
    assert paper.key == "shannon1948"
    assert paper.extra == {
        "keywords": "entropy, channels",
        "extra": "read twice",
        "translator": "Ode, Ann",
        "libraryCatalog": "IEEE Xplore",
    }
    assert paper.sightings == (make.sighting("zotero", at="2021-06-16", place="z.json"),)


def test_the_api_and_better_bibtex_say_the_same():
    assert load(api(ARTICLE)) == load(bbt(ARTICLE)) == load(ARTICLE)


def test_an_array_of_the_api_is_read():
    values = json_stream.values(StringIO(json.dumps([api(ARTICLE), api(ARTICLE)])), "z.json")
    assert len(list(zotero.load(values, make.origin()))) == 2


def test_notes_and_attachments_are_no_papers_and_no_problems():
    others = [{"itemType": type, "title": "x"} for type in ("note", "attachment", "annotation")]
    assert len(load(bbt(*others, ARTICLE))) == 1
    assert load(*map(api, others)) == []


def test_notes_and_pdfs_of_an_item_are_kept():
    paper = one(
        notes=["plain", {"note": "<p>with <b>markup</b></p>"}],
        attachments=[
            {"title": "PDF", "url": "https://example.org/full", "contentType": "application/pdf"},
            {"title": "Page", "url": "https://example.org/x", "mimeType": "text/html"},
            {"title": "Mine", "path": "/home/ann/a.pdf"},
        ],
    )
    assert paper.extra == {"note": "plain\n\nwith markup"}
    assert paper.links == (Link("pdf", "https://example.org/full"),)


@pytest.mark.parametrize(
    "said",
    [
        {"itemType": "preprint", "repository": "arXiv", "archiveID": "arXiv:2104.12255"},
        {"itemType": "report", "institution": "arXiv", "reportNumber": "arXiv:2104.12255"},
        {"publicationTitle": "arXiv:2104.12255 [cs.CL]"},
        {"archive": "arXiv.org", "archiveLocation": "2104.12255v2"},
        {"extra": "arXiv:2104.12255 [cs.CL]"},
        {"extra": ["arXiv: 2104.12255"]},
        {"extra": "tex.eprint: 2104.12255\ncitation key: ode2021"},
        {"itemType": "preprint", "DOI": "10.48550/arXiv.2104.12255"},
        {"url": "http://arxiv.org/abs/2104.12255"},
    ],
)
def test_papers_in_arxiv(said: dict[str, Any]):
    paper = one(**said)
    assert [":".join(i) for i in paper.identifiers] == ["arxiv:2104.12255"]
    assert (paper.standing, paper.venue, paper.links) == (Standing.PREPRINT, "", ())
    assert not paper.extra.keys() - {"archive"}
    assert paper.categories == (("cs.CL",) if "[cs.CL]" in str(said) else ())


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("DOI: 10.1000/a", ""),
        ("doi:10.1000/a", ""),
        ("Citation Key: ode2019", ""),
        ("bibtex: ode2019", ""),
        ("_eprint: https://example.org/a.pdf", ""),
        ("PMID: none", "PMID: none"),
        ("tex.referencetype= mvbook", "tex.referencetype= mvbook"),
        ("Citation Key: two words", "Citation Key: two words"),
        ("ZSCC: 0000012", "ZSCC: 0000012"),
        ("free text", "free text"),
    ],
)
def test_lines_of_extra(line: str, kept: str):
    paper = one(extra=f"\n{line}\n")
    assert paper.extra.get("extra", "") == kept
    assert bool(paper.identifiers or paper.key or paper.links) is (kept == "")


@pytest.mark.parametrize(
    ("said", "type", "venue"),
    [
        ({"itemType": "conferencePaper", "proceedingsTitle": "P"}, "inproceedings", "P"),
        ({"itemType": "conferencePaper", "conferenceName": "C"}, "inproceedings", "C"),
        ({"itemType": "bookSection", "bookTitle": "B"}, "incollection", "B"),
        ({"itemType": "book", "publisher": "P"}, "book", "P"),
        ({"itemType": "thesis", "university": "U"}, "phdthesis", "U"),
        ({"itemType": "thesis", "university": "U", "thesisType": "MSc"}, "mastersthesis", "U"),
        ({"itemType": "report", "institution": "I"}, "techreport", "I"),
        ({"itemType": "webpage", "websiteTitle": "W"}, "misc", "W"),
    ],
)
def test_types(said: dict[str, Any], type: str, venue: str):
    paper = one(**said)
    assert (paper.type, paper.venue) == (type, venue)
    assert paper.standing is (Standing.PREPRINT if type == "misc" else Standing.PUBLISHED)
    assert paper.extra == ({"type": "webpage"} if type == "misc" else {})


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ({"firstName": "Martin Luther, Jr.", "lastName": "King"}, "King, Jr., Martin Luther"),
        ({"firstName": "Ludwig", "lastName": "van Beethoven"}, "van Beethoven, Ludwig"),
        ({"firstName": "Dick", "lastName": '"Van Dyke"'}, "Van Dyke, Dick"),
        ({"firstName": "", "lastName": "R. Creighton Buck"}, "R. Creighton Buck"),
        ({"lastName": "ANZ Group", "fieldMode": 1}, "ANZ Group"),
        ({"name": "U.S. Bureau of the Census"}, "U.S. Bureau of the Census"),
    ],
)
def test_names(creator: dict[str, Any], name: str):
    assert one(creators=[creator]).authors == (name,)


def test_editors_are_none_of_the_authors():
    editor = {"creatorType": "editor", "firstName": "Ann", "lastName": "Ode"}
    paper = one(itemType="book", creators=[editor])
    assert (paper.authors, paper.versions[0].fields) == ((), {"editor": "Ode, Ann"})


def test_other_creators_are_the_authors_where_there_are_none():
    director = {"creatorType": "director", "name": "Ann Ode"}
    assert one(itemType="film", creators=[director]).authors == ("Ann Ode",)


def test_the_date_is_as_precise_as_it_is_known():
    [paper] = load(api({**ARTICLE, "date": "summer 1948"}, parsedDate="1948-07-00"))
    assert paper.date == "1948-07"


def test_what_is_no_item_is_a_problem_and_the_next_one_is_read():
    broken, odd, nothing, paper = load(bbt("x", {"itemType": 3}, {"itemType": "book"}, ARTICLE))
    assert str(broken) == "z.json line 1 item 1: not an item of Zotero"
    assert str(odd) == "z.json line 1 item 2: not an item of Zotero"
    assert str(nothing) == "z.json line 1 item 3: no title and no identifier"
    assert nothing.raw == "{'itemType': 'book'}"
    assert isinstance(paper, Paper)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        3,
        {"items": []},
        {"items": ["x"]},
        {"title": "T", "authors": []},
        {"type": "article-journal", "title": "T"},
        {"items": [{"type": "book", "title": "T"}]},
        {"key": "KIMI8BSG", "data": {"name": "a collection"}},
        {"config": {}, "items": []},
    ],
)
def test_other_json_is_not_of_zotero(value: Any):
    assert not zotero.recognises(value)


def test_items_are_recognised():
    assert all(zotero.recognises(value) for value in (ARTICLE, api(ARTICLE), bbt(ARTICLE), bbt()))


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=2),
    max_leaves=6,
)
names = st.sampled_from([*ARTICLE, "notes", "attachments", "ISBN", "archiveID", "items", "data"])


@given(st.dictionaries(names, odd), odd)
def test_no_item_is_too_odd(changed: dict[str, Any], other: Any):
    for value in ({**ARTICLE, **changed}, api({**ARTICLE, **changed}), bbt(other), other):
        zotero.recognises(value)
        item = json_stream.Value(1, value)
        found = list(zotero.load([item], make.origin()))
        assert all(isinstance(each, Paper | Problem) for each in found)


def test_every_recorded_file_is_read_whole(shared: Path):
    counts: Counter[str] = Counter()
    for file in sorted((shared / "fixtures/zotero").glob("*.json")):
        with file.open(encoding="utf-8") as lines:
            values = list(json_stream.values(lines, file.name))
        assert all(isinstance(value, json_stream.Value) for value in values)
        if zotero.recognises(values[0].value):
            items = list(zotero.load(values, make.origin(file.name)))
            assert all(isinstance(item, Paper) and item.title for item in items)
            counts.update({file.stem.partition("_")[0]: len(items)})
    assert counts == {"bbtjson": 82, "webapi": 21}

"""Exports of read-later services: CSV by its header, JSON by its names."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist.formats import json_stream, read_later
from readlist.models import Paper, Problem

URL = "https://arxiv.org/abs/1706.03762"
TITLE = "Attention Is All You Need"
DAY = "2023-11-14"


def load(text: str) -> tuple[str, list[Paper | Problem]]:
    passed, items = read_later.load(io.StringIO(text), make.origin("a.csv"))
    return str(passed), list(items)


def load_json(text: str) -> tuple[str, list[Paper | Problem]]:
    values = json_stream.values(io.StringIO(text), "a.json")
    passed, items = read_later.load_json(values, make.origin("a.json"))
    return str(passed), list(items)


def table(**row: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([row.keys(), row.values()])
    return out.getvalue()


# --- CSV ----------------------------------------------------------------------------------------

TABLES = {
    "Pocket": table(title=TITLE, url=URL, time_added="1700000000", tags="a|b", status="unread"),
    "Instapaper": table(
        URL=URL, Title=TITLE, Selection="", Folder="a", Timestamp="1700000000", Tags='["b"]'
    ),
    "Raindrop": table(
        id="1", title=TITLE, note="", excerpt="", url=f"{URL}?utm_source=x#y", folder="a",
        tags="b, b", created="2023-11-14T22:13:20.123Z", cover="", highlights="", favorite="true",
    ),
    "Reader": table(
        **{"Title": TITLE, "URL": URL, "ID": "1", "Document tags": "['a', 'b']"},
        **{"Saved date": "2023-11-14 22:13:20+00:00", "Location": "later", "Seen": "True"},
    ),
    "mymind": table(
        id="1", type="WebPage", title=TITLE, url=URL, content="", note="", tags="a,b",
        created="2023-11-14T22:13:20Z",
    ),
    "Matter": table(
        Title=TITLE, Author="", Publisher="", URL=URL, Tags="a;b",
        **{"Word Count": "1", "Last Interaction Date": DAY},
    ),
}  # fmt: skip


@pytest.mark.parametrize("service", TABLES)
def test_a_table_is_known_by_its_header(service: str):
    text = TABLES[service]
    assert read_later.recognises(text)
    note, [paper] = load(text)
    assert note == ""
    assert paper.title == TITLE
    assert paper.identifier("arxiv") == "1706.03762"
    assert paper.extra == {"keywords": "a, b"}
    assert paper.sightings == (make.sighting("read-later", DAY, place="a.csv"),)


def test_a_table_has_rows_of_several_lines_and_links_to_other_things():
    text = f'url,title,note\n{URL},"On\nRest","two\nlines"\nhttps://a.org,A Post,\n\n,,\n'
    note, [paper] = load(text)
    assert paper.title == "On Rest"
    assert paper.extra == {"note": "two\nlines"}
    assert note == "with 1 link that names no paper"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_can_have_other_separators(separator: str):
    assert read_later.recognises(f"title{separator}url\n")
    _, [paper] = load(f"title{separator}url\n{TITLE}{separator}{URL}\n")
    assert paper.title == TITLE


def test_a_row_that_is_too_long_costs_only_itself():
    text = f'url,title\n{URL},"{"x" * 200_000}"\n{URL},{TITLE}\n'
    _, [problem, paper] = load(text)
    assert isinstance(problem, Problem)
    assert problem.where == "a.csv line 2"
    assert paper.title == TITLE


@pytest.mark.parametrize(
    "text",
    [
        *("", "url", "title,tags\n", "a,b\n1,2\n", "Please see the url, title and tags.\n"),
        "Key,Item Type,Publication Year,Author,Title,DOI,Url\n",  # Zotero's
        "@article{a, url = {x}, title = {y}}",
    ],
)
def test_other_tables_are_not_known(text: str):
    assert not read_later.recognises(text)


@given(st.lists(st.sampled_from(["url", "title", ",", "\n", '"', URL, "x", "\x00", "tags"])))
def test_no_table_raises(pieces: list[str]):
    read_later.recognises("".join(pieces))
    load("url,title,tags\n" + "".join(pieces))


def test_no_table_takes_long():
    for row in ('"', ",", "\n", '"a""', "a,"):
        load("url,title\n" + row * 100_000)


# --- JSON ---------------------------------------------------------------------------------------

RECORDS: dict[str, Any] = {
    "Pinboard": [
        {"href": URL, "description": TITLE, "extended": "", "meta": "x", "hash": "y"}
        | {"time": "2023-11-14T22:13:20Z", "shared": "no", "toread": "yes", "tags": "a b"}
    ],
    "Delicious": [{"title": TITLE, "tags": ["a", "b", ""], "url": URL, "created": "1700000000"}],
    "Omnivore": [
        {"id": "x", "slug": "y", "title": TITLE, "author": "Ann Ode", "url": URL, "state": "Active"}
        | {"labels": ["a", "b"], "savedAt": "2023-11-14T22:13:20Z", "publishedAt": None}
    ],
    "wallabag": [
        {"is_archived": 0, "tags": ["a", "b"], "title": TITLE, "url": URL, "content": "<p>x</p>"}
        | {"created_at": "2023-11-14T22:13:20+0000"}
    ],
    "Raindrop": {
        "items": [
            {"_id": 1, "link": URL, "title": TITLE, "excerpt": "x", "tags": ["a", "b"]}
            | {"created": "2023-11-14T22:13:20.123Z"}
        ]
    },
    "linkding": {
        "results": [
            {
                "url": URL,
                "title": TITLE,
                "tag_names": ["a", "b"],
                "date_added": "2023-11-14T22:13:20Z",
            }
        ]
    },
    "Linkwarden": {
        "collections": [
            {"id": 1, "name": "a", "links": []}
            | {"links": [{"name": TITLE, "url": URL, "tags": [{"name": "b"}], "createdAt": DAY}]}
        ]
    },
    "Karakeep": {
        "bookmarks": [
            {"createdAt": 1_700_000_000, "title": TITLE, "tags": ["a", "b"]}
            | {"content": {"type": "link", "url": URL}},
            {"createdAt": 1, "title": "", "tags": [], "content": {"type": "text", "text": "x"}},
        ]
    },
    "Firefox": {
        "guid": "root________",
        "title": "",
        "children": [
            {"title": "toolbar", "children": [{"title": "a", "children": []}]},
            {"title": "a", "children": []}
            | {
                "children": [
                    {"title": TITLE, "uri": URL, "dateAdded": 1_700_000_000_123_456, "tags": "b"}
                ]
            },
        ],
    },
    "Chrome": {
        "checksum": "x",
        "roots": {
            "bookmark_bar": {
                "name": "Bookmarks bar",
                "children": [
                    {"name": "a", "children": []}
                    | {
                        "children": [
                            {"name": "b", "children": []}
                            | {
                                "children": [
                                    {"date_added": "13344473600000000", "name": TITLE, "url": URL}
                                ]
                            }
                        ]
                    }
                ],
            }
        },
        "version": 1,
    },
}


@pytest.mark.parametrize("service", RECORDS)
def test_records_are_known_by_their_names(service: str):
    text = json.dumps(RECORDS[service])
    first = next(json_stream.values(io.StringIO(text), "a.json"))
    assert isinstance(first, json_stream.Value)
    assert read_later.recognises_json(first.value)
    _, [paper] = load_json(text)
    assert paper.title == TITLE
    assert paper.identifier("arxiv") == "1706.03762"
    assert paper.extra == {"keywords": "a, b"}
    assert paper.sightings == (make.sighting("read-later", DAY, place="a.json"),)


def test_readability_keeps_its_articles_in_a_list():
    articles = [
        {"article__url": URL, "article__title": TITLE, "date_added": f"{DAY}T22:13:20"},
        {"article__url": "https://a.org", "article__title": "A Post", "date_added": DAY},
    ]
    note, [paper] = load_json(json.dumps({"bookmarks": articles, "recommendations": []}))
    assert paper.sightings[0].at == DAY
    assert note == "with 1 link that names no paper"


def test_a_record_without_a_link_is_a_problem():
    _, [problem] = load_json('[{"title": "x"}]')
    assert isinstance(problem, Problem)
    assert str(problem) == "a.json line 1: no link in it"


@pytest.mark.parametrize(
    "value",
    [
        *({}, [], "x", None, 1, {"url": URL}, {"title": TITLE, "url": URL}),
        {"title": TITLE, "url": URL, "authors": ["Ann Ode"], "tags": ["a"]},
        {"title": TITLE, "url": URL, "tags": ["a"], "year": 2017},
        {
            "key": "x",
            "data": {"itemType": "book", "url": URL, "tags": []},
            "links": {"a": {"href": "b"}},
        },
        {"readlist": 1, "links": [{"kind": "page", "url": URL}], "tags": []},
    ],
)
def test_records_of_papers_are_not_taken(value: Any):
    assert not read_later.recognises_json(value)


names = st.sampled_from(["url", "title", "tags", "content", "created", "children", "name", "x"])
leaves = st.sampled_from([None, True, 0, -1, 1e300, float("nan"), 10**400, "", URL, "x", "a,b"])
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)
)


@given(values)
def test_no_value_raises(value: Any):
    read_later.recognises_json(value)
    passed, items = read_later.load_json([json_stream.Value(1, value)], make.origin())
    assert len(list(items)) + passed.count >= 1 or value


def test_deep_records_are_read():
    value: Any = {"url": URL}
    for _ in range(50_000):
        value = {"name": "x", "children": [value]}
    _, items = read_later.load_json([json_stream.Value(1, value)], make.origin())
    assert len(list(items)) == 1


# --- recorded -----------------------------------------------------------------------------------

RECORDED = {
    "karakeep_linkwarden-export.json": 6,
    "kipclip_instapaper.csv": 5,
    "raindrop_shape.csv": 3,
    "shiori_pocket-new.csv": 1,
    "shiori_pocket-old.csv": 1,
    "wallabag_delicious_export.2021.02.06_21.10.json": 3,
    "wallabag_elcurator.json": 1,
    "wallabag_firefox-bookmarks.json": 2,
    "wallabag_instapaper-export.csv": 4,
    "wallabag_omnivore.json": 20,
    "wallabag_pocket.csv": 7,
    "wallabag_readability-read.json": 2,
    "wallabag_readability.json": 3,
}


def test_recorded_exports_are_known_and_read(shared: Path):
    """None of their links is to a paper, so each is counted; and no other file is claimed."""
    counts = {}
    for file in sorted(shared.rglob("*")):
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        if read_later.recognises(text[:65_536]):
            passed, items = read_later.load(io.StringIO(text), make.origin())
        elif text.lstrip()[:1] in ("{", "[") and _is_read_later(text):
            found = json_stream.values(io.StringIO(text), file.name)
            passed, items = read_later.load_json(found, make.origin())
        else:
            continue
        assert list(items) == []
        counts[file.name] = passed.count
    assert counts == RECORDED


def _is_read_later(text: str) -> bool:
    found = json_stream.values(io.StringIO(text), "x")
    first = next((item for item in found if isinstance(item, json_stream.Value)), None)
    return first is not None and read_later.recognises_json(first.value)

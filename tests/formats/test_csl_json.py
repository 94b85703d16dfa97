"""Files of CSL-JSON."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from make import origin

from readlist.formats import csl_json, json_stream
from readlist.models import Paper, Problem

ITEM = {"id": "ode2017", "type": "article-journal", "title": "Counting Sheep"}
OTHER = {"id": "li2018", "type": "webpage", "title": "Counting Goats"}


def read(text: str) -> list[Paper | Problem]:
    values = json_stream.values(io.StringIO(text), "refs.json")
    return list(csl_json.load(values, origin("refs.json")))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ITEM, OTHER]),
        json.dumps([ITEM, OTHER], indent=2),
        json.dumps({"items": [ITEM, OTHER]}),
        f"{json.dumps(ITEM)}\n{json.dumps(OTHER)}\n",
    ],
)
def test_an_array_an_object_or_items_in_a_row(text: str):
    papers = read(text)
    assert [paper.title for paper in papers] == ["Counting Sheep", "Counting Goats"]
    assert [paper.key for paper in papers] == ["ode2017", "li2018"]
    [seen] = papers[0].sightings
    assert (seen.source, seen.place, seen.at) == ("csl", "refs.json", "2026-11-23")


def test_one_item():
    assert [paper.title for paper in read(json.dumps(ITEM, indent=1))] == ["Counting Sheep"]


def test_what_is_wrong_is_said_with_its_place_and_the_rest_is_read():
    found = read(json.dumps({"items": [{}, ITEM, "x"]}))
    assert [isinstance(item, Problem) for item in found] == [True, False, True]
    assert found[0].where == "refs.json line 1 item 1"
    found = read('[\n{"id": "a"},\n{"title": "Cut off')
    assert [item.where for item in found] == ["refs.json line 2", "refs.json line 3"]


@pytest.mark.parametrize(
    "value",
    [
        ITEM,
        {"id": 7, "type": "post-weblog", "title": "T"},
        OTHER | {"author": [{"literal": "Ode"}]},
        {"type": "book", "title": "T", "issued": {"date-parts": [[2017]]}},
        {"items": [ITEM]},
    ],
)
def test_items_are_recognised(value: Any):
    assert csl_json.recognises(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"items": []},
        {"items": {"type": "object"}},
        {"title": "T", "authors": ["Ann Ode"]},
        {"title": "T", "type": "article", "author": "Ode, Ann", "journal": "J"},
        {"itemType": "book", "title": "T"},
        {"items": [{"itemType": "journalArticle", "title": "T"}]},
        {"type": "array", "items": {"type": "object"}},
        {"type": ["book"], "issued": {}},
        {"id": "https://openalex.org/W1", "type": "book-chapter", "title": "T"},
    ],
)
def test_other_records_are_not(value: Any):
    assert not csl_json.recognises(value)


def test_the_real_files_are_read(shared: Path):
    counts: Counter[str] = Counter()
    unknown = []
    for file in sorted((shared / "fixtures/csl_json").glob("*.json")):
        text = file.read_text(encoding="utf-8")
        value = json.loads(text)
        first = value[0] if isinstance(value, list) else value
        if not csl_json.recognises(first):
            unknown.append(file.name)
        for item in read(text):
            counts[type(item).__name__] += 1
            if isinstance(item, Paper):
                counts["dated"] += bool(item.date)
                counts["with authors"] += bool(item.authors)
                counts["identified"] += bool(item.identifiers)
                counts["published"] += item.standing == 2
    assert unknown == ["manubot_empty-csl.json", "schema_csl-data.json"]
    assert counts == {
        "Paper": 149,
        "Problem": 4,
        "dated": 137,
        "with authors": 126,
        "identified": 66,
        "published": 92,
    }

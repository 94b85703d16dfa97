"""Saved pages of Hugging Face, whose data is in attributes of their HTML."""

import html
import json
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist import records
from readlist.formats import daily_papers_html
from readlist.models import Paper, Problem

ITEM = {
    "paper": {
        "id": "2412.00001",
        "authors": [{"name": "Carl Friis"}],
        "publishedAt": "2024-12-01T18:00:00.000Z",
        "submittedOnDailyAt": "2024-12-03T00:00:00.000Z",
        "title": 'Counting "Sheep" & <Lambs>\n  with Drones',
        "summary": "It's counted: 1 < 2 &amp; so on.",
        "upvotes": 17,
    },
    "publishedAt": "2024-12-01T13:00:00.000Z",
    "title": "Counting Sheep with Drones",
    "numComments": 2,
}
OTHER = {"paper": {**ITEM["paper"], "id": "2412.00002", "title": "A Second Paper on Sheep"}}


def part(target: str, props: Any, quote: str = '"') -> str:
    data = props if isinstance(props, str) else json.dumps(props)
    data = data.replace("&", "&amp;").replace("<", "&lt;")
    data = data.replace('"', "&quot;") if quote == '"' else data.replace("'", "&#x27;")
    attributes = f'class="SVELTE_HYDRATER contents" data-target="{target}"'
    return f"<div {attributes} data-props={quote}{data}{quote}><p>5 < 6</p></div>"


def page(*parts: str) -> str:
    nav = part("MainHeader", {"isWide": False, "user": "a > b"})
    return f"<!doctype html>\n<html><head><title>x</title></head><body>{nav}{''.join(parts)}</body>"


def load(text: str) -> list[Paper | Problem]:
    assert daily_papers_html.recognises(text[:65536])
    return list(daily_papers_html.load(text, make.origin("page.html")))


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("period", ["day", "week", "month", "trending"])
def test_a_page_has_the_items_of_the_api(period: str, quote: str):
    props = {"periodType": period, "dailyPapers": [ITEM, OTHER], "dateString": "2024-12-03"}
    found = load(page(part("DailyPapers", props, quote)))
    assert found == [records.paper(item, make.origin(), "") for item in (ITEM, OTHER)]
    assert found[0].title == 'Counting "Sheep" & <Lambs>\n  with Drones'
    assert found[0].abstract == "It's counted: 1 < 2 &amp; so on."
    [seen] = found[0].sightings
    assert (seen.place, seen.at, seen.upvotes, seen.comments) == ("daily", "2024-12-03", 17, 2)


def test_the_page_of_one_paper():
    props = {"paper": ITEM["paper"], "comments": [{"id": "1"}], "upvoted": False}
    content = page(part("PaperContent", props), part("PaperAside", {"paper": {"id": "2412.00001"}}))
    [found] = load(content)
    assert found == records.paper(ITEM["paper"], make.origin(), "")


def test_parts_of_a_page_may_share_their_data():
    props = {"dailyPapers": [ITEM, OTHER]}
    assert len(load(page(part("DailyPapers", props), part("DailyPapersAgain", props)))) == 2


def test_a_page_is_known_by_its_data_or_its_address():
    for address in (
        "<!-- saved from url=(0034)https://huggingface.co/papers -->",
        '<meta property="og:url" content="https://huggingface.co/papers/2412.00001">',
        '<link rel="canonical" href="https://huggingface.co/papers/date/2026-08-21"/>',
    ):
        [problem] = load(f"<html><head>{address}</head><body>Daily Papers</body></html>")
        assert "no data of papers" in problem.what
        assert "select all" in problem.what
    for other in (
        '<html><body><a href="https://huggingface.co/papers/2412.00001">A paper</a></body></html>',
        "Daily Papers\n\nhttps://huggingface.co/papers",
        "",
    ):
        assert not daily_papers_html.recognises(other)


def test_damaged_data_is_a_problem():
    whole = json.dumps({"dailyPapers": [ITEM]})
    [problem] = load(page(part("DailyPapers", whole[:-20])))
    assert problem.where == "page.html"
    assert "damaged" in problem.what
    [problem] = load(page(part("DailyPapers", {"dailyPapers": ["x"]})))
    assert problem.where == "page.html item 1"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | hostile,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["dailyPapers", "paper", "title", "id", "authors", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
    hostile,
)
def test_no_page_is_too_odd(props: Any, rest: str):
    for item in load(rest + page(part("DailyPapers", props), rest, part("PaperContent", rest))):
        assert isinstance(item, Paper | Problem)


def test_every_recorded_day_as_a_page_gives_the_same_papers(shared: Path):
    files = sorted((shared / "fixtures" / "hf_daily_papers").glob("daily_2*.json"))
    pages = 0
    for file in files:
        values = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(values, dict):
            continue  # kept by its collector in a form of its own
        data = html.escape(json.dumps({"dailyPapers": values}, ensure_ascii=False))
        div = f'<div class="SVELTE_HYDRATER" data-target="DailyPapers" data-props="{data}"></div>'
        assert load(page(div)) == [records.paper(value, make.origin(), "") for value in values]
        pages += 1
    assert pages == 20

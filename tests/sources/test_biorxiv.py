"""bioRxiv and medRxiv, followed over twelve days: late papers, revisions, pages of any size."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Service
from strategies import hostile

from readlist.errors import SourceError
from readlist.library import Library
from readlist.models import Identifier, Link, Paper, Problem, Sighting, Standing
from readlist.sources import biorxiv
from readlist.sources.client import Answer

FIRST = date(2026, 11, 9)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def noon(number: int) -> datetime:
    return datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=12)


def record(number: int = 1, version: int = 1, posted: date = FIRST, **more: Any) -> dict[str, Any]:
    return {
        "title": "Sleep of <i>Ovis aries</i>",
        "authors": "Ode, A. M.; Li, B.; Sheep Consortium;",
        "author_corresponding": "Ann M. Ode",
        "author_corresponding_institution": "Institute of Rest &amp; Sleep",
        "doi": f"10.64898/2026.11.05.{number:06}",
        "date": posted.isoformat(),
        "version": str(version),
        "type": "new results",
        "license": "cc_by",
        "category": "neuroscience",
        "jatsxml": "https://www.biorxiv.org/content/early/x.source.xml",
        "abstract": "Sheep sleep.",
        "published": "NA",
        "server": "bioRxiv",
        **more,
    }


def answer(records: list[Any], total: int | None = None, cursor: int = 0) -> dict[str, Any]:
    message = {"status": "ok", "cursor": cursor, "count": len(records)}
    if total is not None:
        message["total"] = str(total)
    if not records:
        message = {"status": "no articles found for 2026-11-09"}
    return {"messages": [message], "collection": records}


def one(*records: Any, server: str = "biorxiv", **about: Any) -> Paper:
    [paper] = biorxiv.parse(records, server, **about)
    assert isinstance(paper, Paper)
    return paper


def follow(
    client: Any, state: Mapping[str, Any], at: int, since: date | None = None, **options: Any
) -> tuple[list[Any], dict[str, Any]]:
    items: list[Any] = []
    for page in biorxiv.follow(client, options, state, noon(at), since):
        items += page.items
        state = page.state
    return items, dict(state)


# --- twelve days --------------------------------------------------------------------------------


@dataclass
class World:
    """What the service answers on a day at noon. `posted` are (number, version, day, day on which
    the service knows of it), a page has as many as `full` says, and `broken` says which request of
    a day fails.
    """

    posted: list[tuple[int, int, int, int]]
    full: int = 30
    says_total: bool = True
    today: int = 0
    broken: Mapping[int, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, **_: Any) -> Answer:
        if self.broken.get(self.today) == len(self.asked):
            raise SourceError("broken")
        self.asked.append(url.removeprefix(biorxiv.URL))
        _, server, begin, end, cursor, form = url.removeprefix(biorxiv.URL).split("/")
        assert (server, form) == ("biorxiv", "json")
        found = [
            record(number, version, day(posted))
            for number, version, posted, known in self.posted
            if known <= self.today and begin <= day(posted).isoformat() <= end
        ]
        page = found[int(cursor) :][: self.full]
        body = answer(page, len(found) if self.says_total else None, int(cursor))
        return Answer(url, 200, {}, json.dumps(body).encode())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    posted = []
    versions = st.tuples(st.integers(1, 4), st.integers(1, 3))
    for number, version in draw(st.sets(versions, min_size=1)):
        on = draw(st.integers(-9, 12))
        posted.append((number, version, on, on + draw(st.integers(0, 2))))
    return World(posted, full=draw(st.integers(1, 3)), says_total=draw(st.booleans()))


@given(worlds(), st.sets(st.integers(1, 11)) | st.just(set(range(1, 12))), st.data())
def test_whenever_it_is_fetched_it_gives_what_was_posted(
    world: World, days: set[int], data: st.DataObject
):
    state: dict[str, Any] = {}
    pdfs: set[str] = set()
    for world.today in sorted({0, 12} | days):
        world.asked = []
        if world.today in days:
            world.broken = {world.today: data.draw(st.integers(0, 6))}
        try:
            for page in biorxiv.follow(world, {}, state, noon(world.today), None):
                pdfs |= {paper.links[0].url for paper in page.items}
                state = page.state
        except SourceError:
            assert world.today in world.broken
    latest: dict[int, int] = {}
    for number, version, posted, known in world.posted:
        if posted >= -7 and known <= 12:
            latest[number] = max(version, latest.get(number, 0))
    wanted = {one(record(n, v)).links[0].url for n, v in latest.items()}
    assert wanted <= pdfs
    assert pdfs <= {one(record(n, v)).links[0].url for n, v, *_ in world.posted}


@given(worlds(), st.integers(0, 12))
def test_fetching_again_adds_nothing(world: World, at: int):
    world.today = at
    items, state = follow(world, {}, at)
    with Library(":memory:") as library:
        library.add_all(items, now=noon(at))
        items, again = follow(world, state, at)
        report = library.add_all(items, now=noon(at))
    assert (report.added, report.updated, again) == (0, 0, state)


def test_it_is_read_by_weeks_from_three_days_before_the_last():
    world = World([])
    _, state = follow(world, {}, 0)
    assert world.asked == [
        f"/biorxiv/{day(-7)}/{day(-1)}/0/json",
        f"/biorxiv/{FIRST}/{FIRST}/0/json",
    ]
    assert state == {"day": "2026-11-09"}
    world.asked = []
    follow(world, state, 2)
    assert world.asked == [f"/biorxiv/{day(-3)}/{day(2)}/0/json"]
    world.asked = []
    follow(world, state, 2, since=day(-20))
    assert world.asked[0] == f"/biorxiv/{day(-20)}/{day(-14)}/0/json"
    world.asked, world.today, world.broken = [], 0, {0: 1}
    with pytest.raises(SourceError, match="broken"):
        follow(world, {}, 0, since=date(1999, 1, 1))
    assert world.asked == ["/biorxiv/2013-11-07/2013-11-13/0/json"]


# --- over a connection --------------------------------------------------------------------------


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def test_the_cursor_goes_on_by_as_many_as_came(service: Service, client: Any):
    records = [record(n) for n in range(35)]
    service.answer("/0/json", answer(records[:30], 35))
    service.answer("/30/json", answer(records[30:], 35, 30))
    items, _ = follow(client, {}, 0, since=FIRST)
    assert [paper.identifier("doi")[-2:] for paper in items] == [f"{n:02}" for n in range(35)]
    assert [r.url.partition("biorxiv.org")[2] for r in service.requests] == [
        f"/details/biorxiv/2026-11-09/2026-11-09/{cursor}/json" for cursor in (0, 30)
    ]
    assert service.clock.pauses == [1.0]


def test_an_empty_page_in_the_midst_is_asked_for_once_more(service: Service, client: Any):
    service.answer("/0/json", answer([record(1)], 2))
    late = {"messages": [{"status": "ok", "total": "2"}], "collection": []}
    service.answer("/1/json", late, answer([record(2)], 2))
    items, _ = follow(client, {}, 0, since=FIRST)
    assert len(items) == 2
    service.answer("/1/json", late)
    pages = []
    with pytest.raises(SourceError, match="an empty page; try again later"):
        pages.extend(biorxiv.follow(client, {}, {}, noon(0), FIRST))
    assert [len(page.items) for page in pages] == [1]
    assert pages[0].state == {}


def test_a_page_that_comes_again_and_again_is_an_end(service: Service, client: Any):
    service.answer("/details/", answer([record(1)]))
    with pytest.raises(SourceError, match="the same page twice"):
        follow(client, {}, 0, since=FIRST)
    assert len(service.requests) == 2


def test_categories_of_medrxiv(service: Service, client: Any):
    cells = record(1, category="Cell Biology", server="medRxiv")
    service.answer("category=cell_biology", answer([cells, record(2)], 900))
    service.answer("/2/json.category=cell_biology", answer([]))
    service.answer("category=zoology", answer([]))
    options = {"server": "medrxiv", "categories": ["cell biology", "Zoology"]}
    [paper], _ = follow(client, {}, 0, since=FIRST, **options)
    assert paper.categories == ("Cell Biology",)
    assert paper.sightings == (Sighting(source="biorxiv", place="medrxiv", at="2026-11-09"),)
    assert [request.query["category"] for request in service.requests] == [
        "cell_biology",
        "cell_biology",
        "zoology",
    ]
    assert all(
        r.url.startswith("https://api.biorxiv.org/details/medrxiv/") for r in service.requests
    )


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ("<html>Just a moment</html>", "a web page instead of JSON"),
        (b"Error : (2002) Connection refused", "damaged JSON"),
        ([], "something else than a list"),
        ({"messages": [{"status": "Error: no such server"}]}, "answered with Error: no such"),
        (404, "something else than a list"),
    ],
)
def test_what_is_no_answer_is_told(service: Service, client: Any, reply: Any, message: str):
    service.answer("/details/", reply)
    with pytest.raises(SourceError, match=message):
        follow(client, {}, 0)


def test_papers_are_looked_up_by_doi_on_both_servers(service: Service, client: Any):
    versions = [record(1, 2, title="Revised"), record(1, 1)]
    service.answer("/biorxiv/10.64898/2026.11.05.000001/na/json", answer(versions))
    service.answer("/biorxiv/10.1101/2020.09.09.20191205/na/json", answer([]))
    old = record(doi="10.1101/2020.09.09.20191205", server="medRxiv")
    service.answer("/medrxiv/10.1101/2020.09.09.20191205/na/json", answer([old]))
    service.answer("/10.1101/0", 404)
    dois = ("10.64898/2026.11.05.000001", "10.1000/x", "10.1101/2020.09.09.20191205", "10.1101/0")
    identifiers = [Identifier("doi", doi) for doi in dois]
    papers = list(biorxiv.lookup(client, identifiers, FIRST))
    assert [paper.identifier("doi") for paper in papers] == [dois[0], dois[2]]
    assert papers[0].title == "Revised"
    assert papers[0].sightings == ()
    assert len(service.requests) == 5


# --- records ------------------------------------------------------------------------------------


def test_a_record_is_read():
    paper = one(record(published="10.1000/J.1"))
    assert paper.title == "Sleep of Ovis aries"
    assert (paper.date, paper.standing, paper.venue) == ("2026-11-09", Standing.PREPRINT, "")
    assert paper.authors == ("Ode, A. M.", "Li, B.", "Sheep Consortium")
    assert paper.organization == "Institute of Rest & Sleep"
    assert [i.value for i in paper.identifiers] == ["10.64898/2026.11.05.000001", "10.1000/j.1"]
    assert paper.categories == ("neuroscience",)
    assert paper.extra == {"license": "cc_by"}
    assert paper.links == (
        Link("pdf", "https://www.biorxiv.org/content/10.64898/2026.11.05.000001v1.full.pdf"),
    )
    assert (paper.abstract, paper.retractions, paper.sightings) == ("Sheep sleep.", (), ())


def test_of_several_versions_the_latest_is_kept_with_the_first_date():
    versions = [record(1, v, day(v), title=f"Version {v}") for v in (2, 10, 1)]
    paper = one(*versions)
    assert (paper.title, paper.date) == ("Version 10", "2026-11-10")


@pytest.mark.parametrize(
    ("doi", "posted"),
    [
        ("10.1101/2020.09.09.20191205", "2020-09"),
        ("10.64898/2026.01.31.728868", "2026-01"),
        ("10.1101/123456", ""),
        ("10.1101/2020.19.09.000001", "2020"),
    ],
)
def test_the_date_of_a_revision_is_not_that_of_the_preprint(doi: str, posted: str):
    assert one(record(doi=doi, version=2)).date == posted
    assert one(record(doi=doi, version=1)).date == "2026-11-09"


def test_what_was_withdrawn_is_known():
    for withdrawn in ({"type": "withdrawn"}, {"title": "WITHDRAWN: Sleep of Ovis aries"}):
        paper = one(record(server="medRxiv", **withdrawn))
        assert paper.title == "Sleep of Ovis aries"
        assert paper.retractions == ("withdrawn (medrxiv)",)


def test_a_record_needs_a_title_or_a_doi():
    assert one(record(doi="NA")).title == "Sleep of Ovis aries"
    assert one(record(title=None)).identifier("doi")
    [first, *others] = biorxiv.parse([{**record(doi=None), "title": ""}, None, "x"], "biorxiv")
    for problem in (first, *others):
        assert isinstance(problem, Problem)
        assert problem.where == "biorxiv"


@given(st.lists(st.data(), min_size=1, max_size=2), st.booleans())
def test_no_record_is_too_odd(several: list[st.DataObject], nothing: bool):
    odd = st.none() | hostile | st.integers() | st.floats() | st.just([]) | st.just({"a": 1})
    records: list[Any] = [record(n) for n, _ in enumerate(several)]
    for value, data in zip(records, several, strict=True):
        for name in data.draw(st.sets(st.sampled_from(list(value)), max_size=4)):
            value[name] = data.draw(odd)
    found = biorxiv.parse([*records, *([None] if nothing else [])], "biorxiv")
    assert all(isinstance(item, Paper | Problem) for item in found)
    with Library(":memory:") as library:
        library.add_all(found, now=noon(0))


def test_every_recorded_answer_is_read(shared: Path):
    folder = shared / "fixtures/biorxiv"
    records = json.loads((folder / "paperclaw_biorxiv.json").read_text(encoding="utf-8"))
    papers = biorxiv.parse(records["collection"], "biorxiv")
    lines = (folder / "paperscraper_test_dump.jsonl").read_text(encoding="utf-8").splitlines()
    dump = biorxiv.parse([json.loads(line) for line in lines], "biorxiv")
    assert (len(papers), len(dump)) == (2, 3)
    for paper in (*papers, *dump):
        assert isinstance(paper, Paper)
        assert paper.title
        assert paper.abstract
        assert paper.authors
        assert paper.date
        assert paper.identifier("doi").startswith("10.1101/")

"""arXiv's query API: papers by id, by title, and by query as they appear."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Service

from readlist.errors import SourceError
from readlist.ids import parse as identifier
from readlist.models import Paper, Problem, Standing
from readlist.sources import arxiv
from readlist.sources.client import Answer, xml_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
CAPTCHA = "<!doctype html><html><body>Are you a robot?</body></html>"


def entry(
    id: str = "1706.03762v5", published: str = "2017-06-12T17:57:34Z", title: str = "A Title"
) -> str:
    return f"""<entry><id>http://arxiv.org/abs/{id}</id><title>{title}</title>
    <updated>2023-08-02T00:41:18Z</updated><summary>  We
      do.</summary><category term="cs.CL" scheme="x"/><category term="cs.LG"/>
    <category term="68T07"/><published>{published}</published>
    <arxiv:comment>15 pages,
      5 figures</arxiv:comment><arxiv:primary_category term="cs.LG"/>
    <arxiv:journal_ref>NIPS 30 (2017)</arxiv:journal_ref>
    <author><name>Ashish Vaswani</name><arxiv:affiliation>Here</arxiv:affiliation></author>
    <author><name>:</name></author><author><name>Noam Shazeer</name></author>
    <arxiv:doi>10.1000/A</arxiv:doi><link title="pdf" href="https://arxiv.org/pdf/{id}"/></entry>"""


def feed(*entries: str, total: int | None = None, query: str = "all:x") -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<title>arXiv Query: search_query={query}&amp;id_list=&amp;start=0</title>
<opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>
{"".join(entries)}</feed>"""


ERROR = feed(
    "<entry><id>http://arxiv.org/api/errors#start</id><title>Error</title>"
    "<summary>start must be an integer</summary></entry>"
)


def parse(text: str) -> list[Paper | Problem]:
    return arxiv.parse(xml_of(Answer(arxiv.URL, 200, {}, text.encode())))


def ids(items: list[Any]) -> list[str]:
    return [found.identifier("arxiv") for found in items]


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


# --- what it answers ----------------------------------------------------------------------------


def test_an_entry_is_read():
    [paper] = parse(feed(entry()))
    assert (paper.title, paper.abstract) == ("A Title", "We do.")
    assert paper.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert paper.categories == ("cs.LG", "cs.CL")
    assert [i.value for i in paper.identifiers] == ["1706.03762", "10.1000/a"]
    assert paper.extra == {"comments": "15 pages, 5 figures", "journal_ref": "NIPS 30 (2017)"}
    assert (paper.standing, paper.date) == (Standing.PREPRINT, "2017-06-12")
    assert (paper.links, paper.sightings) == ((), ())


def test_an_error_among_the_entries_is_one():
    with pytest.raises(SourceError, match=r"export.arxiv.org answered: start must be an integer"):
        parse(ERROR)
    with pytest.raises(SourceError, match="something else than Atom"):
        parse("<rss/>")


def test_a_paper_named_error_is_none():
    assert [p.title for p in parse(feed(entry(title="Error")))] == ["Error"]


@given(
    st.sets(st.sampled_from(["id", "title", "summary", "published", "author", "name", "category"]))
)
def test_no_entry_is_too_odd(missing: set[str]):
    text = entry()
    for name in missing:
        text = text.replace(f"<{name}", "<odd").replace(f"</{name}>", "</odd>")
    [found] = parse(feed(text))
    assert isinstance(found, Problem) is ({"id", "title"} <= missing)


def test_every_recorded_answer_is_read(shared: Path):
    counts: dict[str, int | str] = {}
    for file in sorted((shared / "fixtures/arxiv_atom").glob("*.*")):
        if file.suffix == ".md":
            continue
        try:
            papers = arxiv.parse(xml_of(Answer(arxiv.URL, 200, {}, file.read_bytes())))
        except SourceError as failed:
            counts[file.name] = str(failed).partition("answered")[2].strip(": ")
            continue
        for paper in papers:
            assert isinstance(paper, Paper)
            assert paper.title
            assert paper.authors
            assert paper.abstract
            assert len(paper.date) == 10
        counts[file.name] = len(papers)
    failures = {name: what for name, what in counts.items() if isinstance(what, str)}
    assert failures == {
        "kdense_2026-07_arxiv_error.xml": "start must be an integer",
        "kdense_2026-07_arxiv_rate_limited.txt": "with damaged XML; try again later",
        "xiv_captcha.html": "with a web page instead of XML; it may be down or refuse scripts",
    }
    assert len(counts) == 26
    assert sum(n for n in counts.values() if isinstance(n, int)) == 151


# --- by id --------------------------------------------------------------------------------------


def wanted(*texts: str) -> list[Any]:
    return [identifier(text) for text in texts]


def test_papers_come_in_the_order_asked_and_unknown_ones_do_not(service: Service, client: Any):
    service.answer("/api/query", feed(entry("hep-th/9901001v2"), entry("1706.03762v5")))
    found = list(arxiv.lookup(client, wanted("1706.03762v1", "0704.0001", "hep-th/9901001"), TODAY))
    assert ids(found) == ["1706.03762", "hep-th/9901001"]
    assert service.requests[0].query == {
        "id_list": "1706.03762,0704.0001,hep-th/9901001",
        "max_results": "3",
    }


def test_many_ids_are_asked_for_in_few_requests(service: Service, client: Any):
    service.answer("/api/query", feed())
    many = wanted(*[f"2401.{n:05}" for n in range(1, 451)])
    assert list(arxiv.lookup(client, many, TODAY)) == []
    assert [r.query["max_results"] for r in service.requests] == ["200", "200", "50"]
    assert service.clock.pauses == [3.0, 3.0]


@pytest.mark.parametrize("refusal", [CAPTCHA, "Rate exceeded.", ERROR, 400, 429])
def test_where_the_api_refuses_the_harvest_is_asked(service: Service, client: Any, refusal: Any):
    service.answer("/api/query", refusal)
    service.answer(
        "verb=GetRecord",
        """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>
        <arXiv><id>1706.03762</id><title>A Title</title><created>2017-06-12</created></arXiv>
        </metadata></record></GetRecord></OAI-PMH>""",
    )
    assert ids(list(arxiv.lookup(client, wanted("1706.03762"), TODAY))) == ["1706.03762"]


def test_the_harvest_is_not_asked_for_many(service: Service, client: Any):
    service.answer("/api/query", CAPTCHA)
    many = wanted(*[f"2401.{n:05}" for n in range(1, 40)])
    with pytest.raises(SourceError, match="a web page instead of XML"):
        list(arxiv.lookup(client, many, TODAY))
    assert len(service.requests) == 1


# --- by title -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Attention Is All You Need", 'ti:"Attention Is All You Need"'),
        ('BERT: Pre-training, "deep"!', 'ti:"BERT Pre training deep"'),
        ("On $L^2$ theory of the thing", 'ti:"theory of the thing"'),
        ("Über Größe", 'ti:"Über Größe"'),
    ],
)
def test_a_title_is_looked_for(service: Service, client: Any, title: str, query: str):
    service.answer("/api/query", feed(entry()))
    assert ids(arxiv.search(client, title, TODAY)) == ["1706.03762"]
    assert service.requests[0].query == {"search_query": query, "max_results": "10"}


def test_nothing_is_not_looked_for(service: Service, client: Any):
    assert arxiv.search(client, " $x$ …", TODAY) == []
    assert service.requests == []


# --- by query -----------------------------------------------------------------------------------

OPTIONS = {"query": "au:Ode AND cat:cs.LG"}


@dataclass
class World:
    """Papers, by the days on which they were submitted and announced, and a service that gives two
    at once. Which requests of a day give an empty page or fail is in `empty` and `broken`.
    """

    papers: list[tuple[str, int, int]]
    day: int = 0
    empty: set[int] = field(default_factory=set)
    broken: int = -1
    asked: int = 0

    def get(self, url: str, *, params: Mapping[str, Any], fresh: bool = False) -> Answer:
        self.asked += 1
        if self.asked == self.broken:
            raise SourceError("broken")
        query, _, span = params["search_query"].partition(" AND submittedDate:")
        assert query == f"({OPTIONS['query']})"
        start, end = span.strip("[]").split(" TO ")
        known = sorted(
            (submitted, id)
            for id, submitted, announced in self.papers
            if announced <= self.day and start <= minute(submitted) <= end
        )
        page = known[params["start"] :][:2]
        if self.asked in self.empty and not fresh:
            page = []
        entries = [
            entry(f"{id}v1", f"{NOW + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}") for day, id in page
        ]
        return Answer(url, 200, {}, feed(*entries, total=len(known)).encode())


def minute(day: int) -> str:
    return (NOW + timedelta(days=day)).strftime("%Y%m%d%H%M")


def fetch(world: Any, state: Mapping[str, Any], since: date | None = None) -> tuple[list[str], Any]:
    found: list[str] = []
    now = NOW + timedelta(days=world.day)
    for page in arxiv.follow(world, OPTIONS, state, now, since):
        found += ids(page.items)
        state = page.state
    return found, state


held = st.sampled_from([0, 0, 1, 3, 80])
papers = st.lists(st.tuples(st.integers(-9, 12), held), max_size=9).map(
    lambda some: [(f"2611.{n:05}", day, day + lag) for n, (day, lag) in enumerate(some, start=1)]
)


@given(papers, st.sets(st.integers(1, 99)), st.data())
def test_whenever_it_is_fetched_it_gives_what_was_submitted(
    known: list[tuple[str, int, int]], days: set[int], data: st.DataObject
):
    world, state, library = World(known), {}, []
    for world.day in sorted({0, 100} | days):
        world.asked = 0
        world.empty = data.draw(st.sets(st.integers(1, 4)))
        world.broken = data.draw(st.integers(1, 5)) if world.day in days else -1
        try:
            for page in arxiv.follow(world, OPTIONS, state, NOW + timedelta(days=world.day), None):
                library += ids(page.items)
                state = page.state
        except SourceError:
            assert world.day in days
    assert set(library) == {id for id, submitted, _ in known if submitted >= -7}


@given(papers)
def test_fetching_twice_gives_nothing_new(known: list[tuple[str, int, int]]):
    world = World(known)
    first, state = fetch(world, {})
    second, again = fetch(world, state)
    assert set(second) == set(first)
    assert again == state


def test_a_long_list_is_read_from_the_last_time_on(service: Service, client: Any):
    service.answer(r"start=0", feed(entry("1706.00001v1"), entry("1706.00002v1"), total=3))
    service.answer(
        "20170612175",
        feed(entry("1706.00002v1"), entry("1706.00003v1"), total=2),
    )
    pages = list(arxiv.follow(client, OPTIONS, {}, NOW, date(2017, 6, 1)))
    assert [ids(page.items) for page in pages] == [
        ["1706.00001", "1706.00002"],
        ["1706.00002", "1706.00003"],
    ]
    assert [request.query["search_query"] for request in service.requests] == [
        "(au:Ode AND cat:cs.LG) AND submittedDate:[201706010000 TO 202611230930]",
        "(au:Ode AND cat:cs.LG) AND submittedDate:[201706121757 TO 202611230930]",
    ]
    assert pages[0].state == {
        "begin": "201706010000",
        "at": "201706121757",
        "skip": 0,
        "begun": "202611230930",
    }
    assert pages[1].state == {"begin": "201706010000", "read": "202611230930"}
    [seen] = pages[0].items[0].sightings
    assert (seen.source, seen.place, seen.at) == ("arxiv", OPTIONS["query"], "2026-11-23")


def test_papers_of_one_minute_may_fill_a_page_and_a_reading_goes_on(service: Service, client: Any):
    service.answer("start=0", feed(entry("1706.00001v1"), total=2), feed())
    service.answer("start=1", feed(entry("1706.00002v1"), total=2))
    state = {"begin": "201701010000", "at": "201706121757", "skip": 0, "begun": "202611220930"}
    pages = list(arxiv.follow(client, OPTIONS, state, NOW, None))
    assert [ids(page.items) for page in pages] == [["1706.00001"], ["1706.00002"], []]
    assert pages[0].state == {**state, "skip": 1}
    assert pages[1].state == {"begin": "201701010000", "read": "202611220930"}
    # What was announced since that reading began may be up to 90 days old.
    assert "submittedDate:[202608240930 TO" in service.requests[-1].query["search_query"]


def test_an_empty_page_is_asked_for_again_and_then_not_believed(service: Service, client: Any):
    service.answer("/api/query", feed(total=5), feed(entry()))
    [page] = arxiv.follow(client, OPTIONS, {}, NOW, None)
    assert ids(page.items) == ["1706.03762"]
    assert service.clock.pauses == [3.0]
    service.answer("/api/query", feed(total=5))
    with pytest.raises(SourceError, match="an empty page; try again later"):
        list(arxiv.follow(client, OPTIONS, {}, NOW, None))


def test_a_field_that_arxiv_does_not_know_is_said(service: Service, client: Any):
    service.answer("/api/query", feed(query="(all:author:Ode AND cat:cs.LG)"))
    with pytest.raises(SourceError, match=r"export.arxiv.org knows no field 'author'"):
        list(arxiv.follow(client, {"query": "author:Ode AND cat:cs.LG"}, {}, NOW, None))
    service.answer("/api/query", feed(query="(all:x AND cat:cs.LG)"))
    assert len(list(arxiv.follow(client, {"query": "all:x AND cat:cs.LG"}, {}, NOW, None))) == 1

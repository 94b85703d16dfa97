"""A category of arXiv, followed over twelve days in which everything happens that may."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from server import Reply, Service

from readlist.errors import SourceError
from readlist.models import Paper, Problem, Standing
from readlist.sources import arxiv_rss
from readlist.sources.client import Answer, xml_of

FIRST = date(2026, 11, 9)  # a Monday
HOLIDAY, LATE = 3, 9  # Thursday without announcements; Wednesday with late ones
CATEGORIES = {"categories": ["cs.LG"]}


def noon(day: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(days=day, hours=12)


def item(
    id: str = "2611.00001v1",
    kind: str = "new",
    title: str = "A Paper",
    more: str = "",
    authors: str = "Ann Ode (Here, There), Bo Li",
) -> str:
    return f"""<item>
      <title>{title}</title>
      <link>https://arxiv.org/abs/{id[:-2]}</link>
      <description>arXiv:{id} Announce Type: {kind} \nAbstract: We do.</description>
      <guid isPermaLink="false">oai:arXiv.org:{id}</guid>
      <category>cs.LG</category><category>stat.ML</category>
      <pubDate>Mon, 09 Nov 2026 00:00:00 -0500</pubDate>
      <arxiv:announce_type>{kind}</arxiv:announce_type>
      <dc:rights>https://a.org/license</dc:rights>{more}
      <dc:creator>{authors}</dc:creator>
    </item>"""


def feed(*items: str, day: date = FIRST, built: str = "05:00:11 +0000") -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel><title>cs.LG updates on arXiv.org</title>
<description>cs.LG updates on the arXiv.org e-print archive.</description>
<lastBuildDate>{day:%a, %d %b %Y} {built}</lastBuildDate>
<pubDate>{day:%a, %d %b %Y} 00:00:00 -0500</pubDate>
<skipDays><day>Saturday</day><day>Sunday</day></skipDays>{"".join(items)}</channel></rss>"""


def harvest(*records: str, token: str = "", day: date = FIRST) -> str:
    end = f"<resumptionToken expires='x'>{token}</resumptionToken>" if token else ""
    return f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>{day}T12:00:00Z</responseDate><ListRecords>{"".join(records)}{end}</ListRecords>
</OAI-PMH>"""


def record(id: str, created: date | str = FIRST, stamp: date | str = FIRST) -> str:
    return f"""<record><header><identifier>oai:arXiv.org:{id}</identifier>
<datestamp>{stamp}</datestamp></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">
<id>{id}</id><created>{created}</created>
<authors><author><keyname>Ode</keyname><forenames>Ann</forenames></author></authors>
<title>A Paper</title><categories>cs.LG stat.ML</categories></arXiv></metadata></record>"""


NOTHING = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{}T12:00:00Z</responseDate><error code="noRecordsMatch"/></OAI-PMH>'


def follow(
    client: Any, state: Mapping[str, Any], day: int, since: date | None = None
) -> tuple[list[Any], dict[str, Any]]:
    items: list[Any] = []
    for page in arxiv_rss.follow(client, CATEGORIES, state, noon(day), since):
        items += page.items
        state = page.state
    return items, dict(state)


def ids(items: list[Any]) -> list[str]:
    return [found.identifier("arxiv") for found in items]


# --- twelve days --------------------------------------------------------------------------------


@dataclass
class Event:
    """Days are counted from the first one; those before it are negative."""

    id: str
    submitted: int
    announced: int
    listed: int  # in this category; later than announced for a late cross-list
    touched: list[int]  # replaced or corrected


@dataclass
class World:
    """What arXiv answers on a day at noon; `broken` says which request of a day fails, `behind`
    whether datestamps are a day behind, as those of another time zone are, `lasting` whether tokens
    are good for more than a day.
    """

    papers: list[Event]
    behind: int = 0
    lasting: bool = False
    today: int = 0
    broken: Mapping[int, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, *, params: Mapping[str, Any] | None = None, **_: Any) -> Answer:
        if self.broken.get(self.today) == len(self.asked):
            raise SourceError("broken")
        self.asked.append(url)
        body = self.harvested(params) if params else self.announced()
        return Answer(url, 200, {}, body.encode())

    def is_silent(self, day: int) -> bool:
        return (FIRST + timedelta(days=day)).weekday() > 4 or day == HOLIDAY

    def announced(self) -> str:
        items = []
        for paper in [] if self.today == LATE else self.papers:
            if paper.listed == self.today:
                kind = "new" if paper.announced == paper.listed else "cross"
                items.append(item(f"{paper.id}v1", kind))
            elif self.today in paper.touched and paper.listed < self.today:
                items.append(item(f"{paper.id}v2", "replace"))
        return feed(*items, day=FIRST + timedelta(days=self.today))

    def harvested(self, params: Mapping[str, Any]) -> str:
        """Two records a page, of the day when the list began; late announcements come a day late."""
        day = FIRST + timedelta(days=self.today)
        if "resumptionToken" in params:
            issued, start, skip = params["resumptionToken"].split()
            if int(issued) != self.today and not self.lasting:
                return harvest().replace(
                    "<ListRecords></ListRecords>", '<error code="badResumptionToken"/>'
                )
        else:
            assert (params["set"], params["metadataPrefix"]) == ("cs:cs:LG", "arXiv")
            issued, start, skip = str(self.today), params["from"], "0"
        records = []
        for paper in self.papers:
            changed = [paper.announced, paper.listed, *paper.touched]
            known = [d for d in changed if d <= int(issued) and not d == LATE == int(issued)]
            if paper.listed in known and paper.announced in known:
                stamp = FIRST + timedelta(days=max(known) - self.behind)
                created = FIRST + timedelta(days=paper.submitted)
                if stamp.isoformat() >= start:
                    records.append(record(paper.id, created, stamp))
        if not records:
            return NOTHING.format(day)
        first = int(skip)
        token = f"{issued} {start} {first + 2}" if first + 2 < len(records) else ""
        return harvest(*records[first : first + 2], token=token, day=day)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    days = [d for d in range(-12, 13) if not World([]).is_silent(d)]
    papers = []
    for number in range(draw(st.integers(1, 10))):
        announced = draw(st.sampled_from(days))
        submitted = announced - draw(st.sampled_from([1, 2, 3, 30]))
        later = [d for d in days if d >= announced]
        # What cannot be told from a correction: a late cross-list of a paper older than the feed.
        older = submitted < -7 and announced <= 0
        listed = announced if older else draw(st.sampled_from(later))
        touched = draw(st.lists(st.sampled_from(later), max_size=2))
        # Ids are given in the order of announcements.
        id = f"2611.{(announced + 20) * 100 + number:05}"
        papers.append(Event(id, submitted, announced, listed, touched))
    # Whatever else: the category was not silent when the feed began.
    papers.append(Event("2611.02099", -1, 0, 0, []))
    return World(papers, behind=draw(st.integers(0, 1)), lasting=draw(st.booleans()))


def wanted(world: World) -> set[str]:
    """What was listed in the twelve days, and in the week before if it was submitted in it."""
    return {p.id for p in world.papers if p.listed <= 12 and (p.listed >= 0 or p.submitted >= -7)}


@settings(max_examples=200)
@given(worlds(), st.sets(st.integers(1, 11)) | st.just(set(range(1, 12))), st.data())
def test_whenever_it_is_fetched_it_gives_what_was_announced(
    world: World, days: set[int], data: st.DataObject
):
    state: dict[str, Any] = {}
    library: list[str] = []
    for world.today in sorted({0, 12} | days):
        world.asked = []
        if world.today in days:
            world.broken = {world.today: data.draw(st.integers(0, 4))}
        try:
            for page in arxiv_rss.follow(world, CATEGORIES, state, noon(world.today), None):
                library += ids(page.items)
                state = page.state
        except SourceError:
            assert world.today in world.broken
    assert set(library) == wanted(world)


@given(worlds())
def test_fetching_again_adds_nothing_and_asks_for_the_feed_only(world: World):
    _, state = follow(world, {}, 0)
    world.asked = []
    items, again = follow(world, state, 0)
    assert (items, again, world.asked) == ([], state, [arxiv_rss.URL + "cs.LG"])


def test_a_working_week_needs_no_harvest_but_the_first():
    world = World([Event(f"2611.0{d + 20}00", d - 1, d, d, []) for d in (0, 1, 2)])
    state: dict[str, Any] = {}
    for world.today in (0, 1, 2):
        items, state = follow(world, state, world.today)
        assert f"2611.0{world.today + 20}00" in ids(items)
    assert [url.split("/")[2] for url in world.asked] == [
        "rss.arxiv.org",
        "oaipmh.arxiv.org",
        "rss.arxiv.org",
        "rss.arxiv.org",
    ]


def test_a_silent_working_day_is_looked_into_the_next_time():
    late = Event("2611.02900", LATE - 1, LATE, LATE, [])
    world, state = World([Event("2611.02099", -1, 0, 0, []), late]), {}
    found = {}
    for world.today in (0, LATE - 1, LATE, LATE + 1):
        items, state = follow(world, state, world.today)
        found[world.today] = ids(items)
    assert found[LATE] == []
    assert found[LATE + 1] == ["2611.02900"]


def test_what_a_feed_has_lost_comes_within_a_week():
    daily = [Event(f"2611.0{d + 20}00", d - 1, d, d, []) for d in (10, 11, 14, 15, 16, 17, 18)]
    world, state, found = World(daily), {}, []
    for world.today in range(10, 20):
        if world.today == 12:
            world.papers.append(Event("2611.03101", 10, 11, 11, []))
        items, state = follow(world, state, world.today)
        found += [world.today] * ("2611.03101" in ids(items))
    assert found == [17]


def test_an_older_paper_is_cross_listed_on_the_day_it_is_seen():
    old = Event("1911.00001", -2000, -1990, 2, [])
    new = Event("2611.02099", -1, 0, 0, [])
    for days, found in (((0, 1, 2), True), ((0, 12), False)):
        world, state, library = World([old, new]), {}, []
        for world.today in days:
            items, state = follow(world, state, world.today)
            library += ids(items)
        assert ("1911.00001" in library) is found


def test_since_goes_back_further():
    old = Event("2610.00001", -30, -29, -29, [])
    world = World([old, Event("2611.02099", -1, 0, 0, [])])
    items, state = follow(world, {}, 0)
    assert ids(items).count("2610.00001") == 0
    items, state = follow(world, state, 0, since=FIRST - timedelta(days=40))
    assert "2610.00001" in ids(items)
    assert state["begin"] == "2026-09-30"


# --- what the feed says -------------------------------------------------------------------------


def parsed(text: str) -> arxiv_rss.Announcements:
    return arxiv_rss.parse(
        xml_of(Answer("https://rss.arxiv.org/", 200, {}, text.encode())), "cs.LG", FIRST
    )


def test_an_announcement_is_read():
    more = "<arxiv:DOI>10.1000/A</arxiv:DOI><arxiv:journal_reference>J. 1</arxiv:journal_reference>"
    announced = parsed(feed(item(more=more)))
    assert (announced.day, announced.total) == (FIRST, 1)
    [paper] = announced.items
    assert [i.value for i in paper.identifiers] == ["2611.00001", "10.1000/a"]
    assert (paper.title, paper.abstract) == ("A Paper", "We do.")
    assert paper.authors == ("Ann Ode", "Bo Li")
    assert paper.categories == ("cs.LG", "stat.ML")
    assert paper.extra == {"journal_ref": "J. 1", "license": "https://a.org/license"}
    # Announced on that day; submitted on one before.
    assert (paper.standing, paper.date) == (Standing.LISTED, "2026-11-09")
    [seen] = paper.sightings
    assert (seen.source, seen.place, seen.at) == ("arxiv", "cs.LG", "2026-11-09")


def test_cross_lists_come_in_with_their_month_and_replaced_papers_do_not():
    announced = parsed(
        feed(
            item("1911.00001v1", "cross"),
            item("hep-th/9901001v1", "cross"),
            item("2611.00002v2", "replace"),
            item("2611.00003v2", "replace-cross"),
        )
    )
    assert [(i, p.date) for i, p in zip(ids(announced.items), announced.items, strict=True)] == [
        ("1911.00001", "2019-11"),
        ("hep-th/9901001", "2026-11-09"),
    ]
    assert announced.total == 4


def test_a_feed_that_is_none_is_an_error():
    with pytest.raises(SourceError, match="something else than RSS"):
        parsed("<feed/>")
    refused = feed().replace("cs.LG updates on arXiv.org<", "Feed error for query: xx<", 1)
    refused = re.sub("<description>.*?<", "<description>Bad archive 'xx'<", refused)
    with pytest.raises(SourceError, match="Bad archive 'xx'"):
        parsed(refused)


@given(st.sets(st.sampled_from(["title", "link", "description", "category", "pubDate", "guid"])))
def test_no_item_is_too_odd(missing: set[str]):
    text = feed(item(), item("1v1"), item("", "", ""))
    for name in missing:
        text = re.sub(rf"<{name}.*?>(.*?)</{name}>", r"<odd>\1</odd>", text, flags=re.DOTALL)
    announced = parsed(text)
    assert announced.total == len(announced.items) == 3
    assert all(isinstance(found, Paper | Problem) for found in announced.items)


def test_the_recorded_feed_is_read(shared: Path):
    text = (shared / "fixtures/arxiv_rss/synthetic_arxiv_rss.xml").read_text(encoding="utf-8")
    announced = parsed(text)
    assert ids(announced.items) == ["2607.01234"]
    assert announced.items[0].authors == ("Ada Example",)


# --- over a connection --------------------------------------------------------------------------


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def test_requests_to_arxiv_keep_three_seconds_apart(service: Service, client: Any):
    service.answer("rss.arxiv.org/rss/cs.LG", feed(item()))
    service.answer("verb=ListRecords", harvest(record("2611.00001"), token="t"))
    service.answer("resumptionToken=t", harvest(record("2611.00002")))
    items, _ = follow(client, {}, 0)
    assert ids(items) == ["2611.00001", "2611.00001", "2611.00002"]
    assert service.requests[1].query == {
        "verb": "ListRecords",
        "metadataPrefix": "arXiv",
        "set": "cs:cs:LG",
        "from": "2026-11-02",
    }
    assert service.requests[2].query == {"verb": "ListRecords", "resumptionToken": "t"}
    assert service.clock.pauses == [3.0, 3.0]


def test_a_full_feed_is_not_believed(service: Service, client: Any):
    service.answer("verb=ListRecords", harvest(record("2611.00001")))
    service.answer("rss.arxiv.org/rss/cs.LG", feed(item()))
    _, state = follow(client, {}, 0)
    full = [item(f"2611.{n:05}v1", "new") for n in range(2000)]
    service.answer("rss.arxiv.org/rss/cs.LG", feed(*full, day=FIRST + timedelta(days=1)))
    service.answer("verb=ListRecords", harvest(record("2611.02001"), day=FIRST + timedelta(days=1)))
    items, state = follow(client, state, 1)
    assert "2611.02001" in ids(items)
    asked = len(service.requests)
    assert follow(client, state, 1)[0] == []
    assert len(service.requests) == asked + 1


def test_what_came_before_a_failure_is_kept(service: Service, client: Any):
    service.answer("rss.arxiv.org/rss/cs.LG", feed(item()))
    service.answer("verb=ListRecords", harvest(record("2611.00001"), token="t"))
    service.answer("resumptionToken=t", Reply(status=503, headers={"Retry-After": "7"}))
    pages: list[Any] = []
    with pytest.raises(SourceError, match=r"oaipmh.arxiv.org answered 503"):
        pages.extend(arxiv_rss.follow(client, CATEGORIES, {}, noon(0), None))
    assert [ids(page.items) for page in pages] == [["2611.00001"], ["2611.00001"]]
    service.answer("resumptionToken=t", harvest(record("2611.00002")))
    service.clock.time += timedelta(minutes=10)
    items, _ = follow(client, pages[-1].state, 0)
    assert ids(items) == ["2611.00002", "2611.00001", "2611.00002"]  # and what changed since


def test_several_categories_are_one_feed_and_a_harvest_each(service: Service, client: Any):
    service.answer("rss.arxiv.org/rss/cs.LG.hep-th", feed(item()))
    service.answer("set=cs", harvest(record("2611.00001")))
    service.answer("set=physics", harvest(record("2611.00002")))
    options = {"categories": ["cs.LG", "hep-th"]}
    pages = list(arxiv_rss.follow(client, options, {}, noon(0), None))
    assert [ids(page.items) for page in pages] == [["2611.00001"], ["2611.00001"], ["2611.00002"]]
    assert [r.query.get("set") for r in service.requests] == [None, "cs:cs:LG", "physics:hep-th"]
    assert pages[-2].state["harvest"]["left"] == ["physics:hep-th"]
    resumed = list(arxiv_rss.follow(client, options, pages[-2].state, noon(0), None))
    assert [ids(page.items) for page in resumed[:2]] == [[], ["2611.00002"]]
    assert {seen.place for page in pages for p in page.items for seen in p.sightings} == {
        "cs.LG hep-th"
    }

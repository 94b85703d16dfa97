"""Daily Papers, followed over twelve days: weekends, lists that grow, counts that rise, failures."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service
from strategies import hostile

from readlist import records
from readlist.errors import SourceError
from readlist.library import Library
from readlist.models import Identifier, Link, Paper, Problem
from readlist.sources import huggingface
from readlist.sources.client import Answer

FIRST = date(2026, 11, 9)  # a Monday
DAILY = huggingface.DAILY


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def noon(number: int) -> datetime:
    return datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=12)


def item(
    id: str = "2611.00001", featured: date = FIRST, upvotes: int = 3, **more: Any
) -> dict[str, Any]:
    return {
        "paper": {
            "id": id,
            "title": "Counting\n  Sheep",
            "authors": [{"name": "Ann Ode"}],
            "publishedAt": "2026-11-06T12:00:00.000Z",
            "submittedOnDailyAt": f"{featured}T00:00:00.000Z",
            "upvotes": upvotes,
            **more,
        },
        "publishedAt": "2026-11-06T07:00:00.000Z",
        "numComments": 1,
    }


def follow(
    client: Any,
    state: Mapping[str, Any],
    at: int,
    since: date | None = None,
    **options: str,
) -> tuple[list[Any], dict[str, Any]]:
    items: list[Any] = []
    for page in huggingface.follow(client, options, state, noon(at), since):
        items += page.items
        state = page.state
    return items, dict(state)


def ids(items: list[Any]) -> list[str]:
    return [found.identifier("arxiv") for found in items]


# --- twelve days --------------------------------------------------------------------------------


@dataclass
class World:
    """What the service answers on a day at noon. `papers` are (id, day featured, day added), a page
    has as many as `full` says, `weekend` is the status for a day without a list, and `broken` says
    which request of a day fails.
    """

    papers: list[tuple[str, int, int]]
    full: int = 100
    weekend: int = 200
    today: int = 0
    broken: Mapping[int, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def key(self, _: str) -> str:
        return ""

    def get(self, url: str, *, params: Mapping[str, Any] | None = None, **_: Any) -> Answer:
        if self.broken.get(self.today) == len(self.asked):
            raise SourceError("broken")
        asked = " ".join(f"{n}={v}" for n, v in params.items()) if params else url.partition("?")[2]
        self.asked.append(asked.removesuffix(" limit=100"))
        skip = 0
        if params is None:
            asked, skip = asked.split("&")[0], int(asked.split("=")[-1])
        name, _, of = asked.split()[0].partition("=")
        days = [n for n in range(-400, self.today + 1) if self.covers(name, of, day(n))]
        if not days or (self.weekend != 200 and name == "date" and day(days[0]).weekday() > 4):
            raise SourceError("huggingface.co answered 400 Bad Request", self.weekend)
        listed = [p for p in self.papers if p[1] in days and p[2] <= self.today]
        values = [item(id, day(of), self.votes(of)) for id, of, _ in listed]
        more = skip + self.full < len(values)
        link = f'<{DAILY}?{name}={of}&p={skip + self.full}>; rel="next"' if more else ""
        body = json.dumps(values[skip : skip + self.full]).encode()
        return Answer(f"{DAILY}?{asked}", 200, {"link": link}, body)

    def votes(self, featured: int) -> int:
        return 10 * (self.today - featured)

    def covers(self, name: str, of: str, day: date) -> bool:
        year, week, _ = day.isocalendar()
        forms = {
            "date": day.isoformat(),
            "week": f"{year}-W{week:02}",
            "month": day.isoformat()[:7],
        }
        return forms[name] == of


@st.composite
def worlds(draw: st.DrawFn) -> World:
    papers = []
    for number in range(draw(st.integers(1, 12))):
        featured = draw(st.sampled_from([n for n in range(-9, 13) if day(n).weekday() < 5]))
        papers.append((f"2611.{number:05}", featured, featured + draw(st.integers(0, 1))))
    return World(papers, full=draw(st.integers(1, 3)), weekend=draw(st.sampled_from([200, 400])))


@given(
    worlds(),
    st.sets(st.integers(1, 11)) | st.just(set(range(1, 12))),
    st.sampled_from(["day", "week", "month"]),
    st.data(),
)
def test_whenever_it_is_fetched_it_gives_what_was_featured(
    world: World, days: set[int], period: str, data: st.DataObject
):
    state: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    for world.today in sorted({0, 12} | days):
        world.asked = []
        if world.today in days:
            world.broken = {world.today: data.draw(st.integers(0, 6))}
        options = {"period": period}
        try:
            for page in huggingface.follow(world, options, state, noon(world.today), None):
                for paper in page.items:
                    seen[paper.identifier("arxiv")] = paper.sightings[0]
                state = page.state
        except SourceError:
            assert world.today in world.broken
    wanted = {id for id, featured, added in world.papers if featured >= -7 and added <= 12}
    assert wanted <= seen.keys()
    assert seen.keys() <= {id for id, featured, added in world.papers if added <= 12}
    for id, featured, _ in world.papers:
        if id in wanted:
            assert (seen[id].at, seen[id].place) == (day(featured).isoformat(), "daily")
        if id in wanted and featured >= 8:
            assert seen[id].upvotes == world.votes(featured)  # as on the last day


@given(worlds(), st.integers(0, 12), st.sampled_from(["day", "week", "month"]))
def test_fetching_again_reads_the_last_days_and_adds_nothing(world: World, at: int, period: str):
    world.today = at
    _, state = follow(world, {}, at, period=period)
    with Library(":memory:") as library:
        for expected in (None, 0):
            items, again = follow(world, {} if expected is None else state, at, period=period)
            report = library.add_all(items, now=noon(at))
            assert expected is None or report.added == expected
    assert again == state


def test_the_first_fetch_is_of_a_week_and_the_next_of_four_days_more():
    world = World([])
    follow(world, {}, 0)
    assert world.asked == [f"date={day(n)}" for n in range(-7, 1)]
    world.asked = []
    world.today = 2
    follow(world, {"day": day(0).isoformat()}, 2)
    assert world.asked == [f"date={day(n)}" for n in range(-4, 3)]


def test_since_goes_back_to_a_day_but_not_before_the_first_list():
    world = World([])
    _, state = follow(world, {"day": day(0).isoformat()}, 0, since=day(-20))
    assert world.asked[0] == f"date={day(-20)}"
    assert state == {"day": day(0).isoformat()}
    spans = list(huggingface.spans("day", date(2023, 5, 4), date(2023, 5, 6)))
    assert [span.params["date"] for span in spans] == ["2023-05-04", "2023-05-05", "2023-05-06"]
    asked: list[Any] = []

    class Old(World):
        def get(self, *_: Any, params: Any = None, **__: Any) -> Answer:
            asked.append(params)
            raise SourceError("enough")

    with pytest.raises(SourceError, match="enough"):
        follow(Old([]), {}, 0, since=date(1999, 1, 1))
    assert asked[0]["date"] == "2023-05-04"


def test_weeks_and_months_are_lists_of_their_own():
    def asked(period: str, start: date, today: date) -> list[tuple[str, date]]:
        spans = huggingface.spans(period, start, today)
        return [("".join(f"{n}={v}" for n, v in s.params.items()), s.last) for s in spans]

    assert asked("week", date(2026, 11, 12), date(2026, 11, 18)) == [
        ("week=2026-W46", date(2026, 11, 15)),
        ("week=2026-W47", date(2026, 11, 18)),
    ]
    assert asked("month", date(2026, 1, 31), date(2026, 3, 1)) == [
        ("month=2026-01", date(2026, 1, 31)),
        ("month=2026-02", date(2026, 2, 28)),
        ("month=2026-03", date(2026, 3, 1)),
    ]
    # The service has weeks up to 52 only.
    new_year = asked("week", date(2026, 12, 24), date(2027, 1, 4))
    assert [name for name, _ in new_year] == [
        "week=2026-W52",
        *(f"date=2026-12-{n}" for n in range(28, 32)),
        *(f"date=2027-01-0{n}" for n in range(1, 4)),
        "week=2027-W01",
    ]


def test_a_day_that_has_not_begun_is_asked_for_again():
    class Early(World):
        def get(self, url: str, *, params: Any = None, **more: Any) -> Answer:
            if params["date"] == day(2).isoformat() and not self.full:
                raise SourceError("answered 400 Bad Request", 400)
            return super().get(url, params=params, **more)

    world = Early([("2611.00001", 2, 2)], full=0, today=2)
    items, state = follow(world, {"day": day(1).isoformat()}, 2)
    assert (items, state) == ([], {"day": day(1).isoformat()})
    world.full = 100
    items, state = follow(world, state, 2)
    assert (ids(items), state) == (["2611.00001"], {"day": day(2).isoformat()})


def test_where_no_list_is_there_something_is_wrong():
    class Gone(World):
        def get(self, *_: Any, **__: Any) -> Answer:
            return Answer(DAILY, 404, {}, b"not here")

    with pytest.raises(SourceError, match=r"nothing at https://huggingface.co/api/daily_papers"):
        follow(Gone([]), {}, 0)


# --- over a connection --------------------------------------------------------------------------


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def test_a_big_day_is_read_to_its_end(service: Service, client: Any):
    pages = [[item(f"2611.{100 * p + n:05}") for n in range(100)] for p in range(2)]
    links = [f'<{DAILY}?date=x&limit=100&p=1>; rel="next"', '</api/daily_papers?p=2>; rel="next"']
    for number, (values, link) in enumerate(zip(pages, links, strict=True)):
        service.answer(
            rf"daily_papers\?.*{f'p={number}' if number else 'date'}",
            Reply(values, headers={"Link": link}),
        )
    service.answer(r"daily_papers\?p=2", [item("2611.09999")])
    items, state = follow(client, {}, 0, since=FIRST)
    assert len(set(ids(items))) == len(items) == 201
    assert state == {"day": "2026-11-09"}
    assert service.requests[0].query == {"date": "2026-11-09", "limit": "100"}
    assert len(service.requests) == 3
    assert service.clock.pauses == [0.6, 0.6]


@pytest.mark.parametrize("link", ["https://evil.example/api", "http://huggingface.co/x", "//[::1"])
def test_the_key_goes_to_hugging_face_only(service: Service, link: str):
    service.answer("daily_papers", Reply([item()], headers={"Link": f'<{link}>; rel="next"'}))
    refused = pytest.raises(SourceError, match="at another address")
    with service.client(keys={"hf": "hf_secret"}) as client, refused:
        follow(client, {}, 0, since=FIRST)
    [request] = service.requests
    assert request.headers["authorization"] == "Bearer hf_secret"


def test_a_list_that_leads_to_itself_ends(service: Service, client: Any):
    link = {"Link": f'<{DAILY}?p=1>; rel="next"'}
    service.answer("daily_papers", Reply([item()], headers=link))
    items, _ = follow(client, {}, 0, since=FIRST)
    assert len(items) == len(service.requests) == 2


def test_what_trends_is_one_list(service: Service, client: Any):
    link = {"Link": f'<{DAILY}?p=1>; rel="next"'}
    service.answer("sort=trending", Reply([item(featured=day(-300))], headers=link))
    [paper], state = follow(client, {}, 0, period="trending")
    assert (state, paper.sightings[0].at) == ({}, day(-300).isoformat())
    [request] = service.requests
    assert request.query == {"sort": "trending", "limit": "100"}


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply("<html>Sorry</html>"), "a web page instead of JSON"),
        ({"error": "no"}, "something else than a list"),
        (b'[{"paper"', "damaged JSON"),
    ],
)
def test_what_is_no_list_is_told(service: Service, client: Any, reply: Any, message: str):
    service.answer("daily_papers", reply)
    with pytest.raises(SourceError, match=message):
        follow(client, {}, 0)


# --- papers -------------------------------------------------------------------------------------


def test_an_item_is_the_same_fetched_or_imported():
    for value in (item(), item(organization={"name": "o"}), {}, "x", {"paper": {}}):
        [fetched] = huggingface.parse([value], day(0))
        imported = records.paper(value, make.origin(today=day(0)), "hf item 1")
        if isinstance(imported, Problem):
            assert isinstance(fetched, Problem)
            assert fetched.where == "hf item 1"
        else:
            assert fetched == imported


def test_papers_are_looked_up_by_their_ids(service: Service, client: Any):
    alone = item(githubRepo="https://github.com/a/b", githubStars=7)["paper"]
    service.answer("api/papers/2611.00001", {**alone, "linkedModels": [{"id": "m"}]})
    service.answer("api/papers/2611.00002", 404)
    service.answer("api/papers/2611.00003", alone)
    wanted = ["2611.00001", "math/0309136", "2611.00002", "2611.00003"]
    identifiers = [Identifier("arxiv", value) for value in wanted]
    [paper, problem] = huggingface.lookup(client, identifiers, day(0))
    assert paper.identifiers == (Identifier("arxiv", "2611.00001"),)
    assert paper.links == (Link("code", "https://github.com/a/b"),)
    assert paper.extra == {}
    [seen] = paper.sightings
    assert (seen.upvotes, seen.stars, seen.at) == (3, 7, "2026-11-09")
    assert problem.where == "hf 2611.00003"
    assert len(service.requests) == 3


def test_a_paper_is_found_by_its_title(service: Service, client: Any):
    found = {**item(), "highlightedTitle": [{"type": "text", "text": "Counting"}]}
    del found["paper"]["submittedOnDailyAt"]
    service.answer("api/papers/search", [found, "x", *([found] * 20)])
    papers = huggingface.search(client, "Counting Sheep " * 50, day(0))
    assert [paper.title for paper in papers] == ["Counting\n  Sheep"] * 9
    assert papers[0].sightings[0].place == ""  # nobody featured it
    assert len(service.requests[0].query["q"]) == 250


@given(st.data())
def test_no_item_is_too_odd(data: st.DataObject):
    value = item(githubRepo="https://github.com/a/b", organization={"name": "o"}, ai_keywords=[])
    odd = (
        st.none() | hostile | st.integers() | st.floats() | st.just([]) | st.just([1]) | st.just({})
    )
    for part in (value, value["paper"]):
        for name in data.draw(st.sets(st.sampled_from(list(part)), max_size=3)):
            part[name] = data.draw(odd)
    [found] = huggingface.parse([value], day(0))
    assert isinstance(found, Paper | Problem)
    with Library(":memory:") as library:
        library.add_all([found], now=noon(0))


def test_every_recorded_answer_is_read(shared: Path):
    papers = 0
    for file in sorted((shared / "fixtures/hf_daily_papers").glob("daily_2*.json")):
        values = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(values, dict):
            continue  # kept by its collector in a form of its own, which import reads
        for paper in huggingface.parse(values, day(0)):
            assert isinstance(paper, Paper)
            assert paper.title
            assert paper.authors
            assert paper.abstract
            assert paper.date < "2026-08-22"
            assert paper.identifier("arxiv")
            assert paper.sightings[0].upvotes is not None
            papers += 1
    assert papers == 440

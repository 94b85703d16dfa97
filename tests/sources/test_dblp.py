"""DBLP: records by key, by title, and those of an author or a venue."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service

from readlist import ids
from readlist.errors import SourceError
from readlist.models import Paper, Problem, Standing
from readlist.sources import dblp
from readlist.sources.client import Answer, json_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
WALL = "<!doctype html><html><head><title>Making sure you're not a bot!</title></head></html>"
KEY = "conf/cvpr/HeZRS16"
RECORD = {
    "title": "Deep Residual Learning for Image Recognition.",
    "type": "http://purl.org/net/nknouf/ns/bibtex#Inproceedings",
    "year": "2016",
    "venue": "CVPR",
    "book": "2016 IEEE Conference on Computer Vision and Pattern Recognition, CVPR 2016.",
    "pages": "770-778",
    "publisher": "IEEE Computer Society",
    "doi": "https://doi.org/10.1109/CVPR.2016.90",
}


def row(key: str, **values: Any) -> dict[str, Any]:
    named = {"pub": f"https://dblp.org/rec/{key}", **values}
    return {name: {"type": "literal", "value": value} for name, value in named.items()}


def rows(key: str = KEY, *names: str, **changed: str) -> list[dict[str, Any]]:
    values = {name: value for name, value in {**RECORD, **changed}.items() if value}
    names = names or ("Kaiming He", "Xiangyu Zhang 0005")
    return [row(key, **values, ordinal=str(n), name=name) for n, name in enumerate(names, 1)]


def results(*some: dict[str, Any]) -> dict[str, Any]:
    return {"head": {"vars": ["pub"]}, "results": {"bindings": list(some)}}


def read(key: str = KEY, **changed: str) -> Paper:
    [paper] = dblp.parse(rows(key, **changed))
    assert isinstance(paper, Paper)
    return paper


def keys(items: list[Any]) -> list[str]:
    return [item.identifier("dblp") for item in items]


def named(paper: Paper) -> list[str]:
    return [ids.format(identifier) for identifier in paper.identifiers]


# --- what it answers ----------------------------------------------------------------------------


def test_a_conference_paper_is_read():
    paper = read(ee="https://doi.org/10.1109/CVPR.2016.90")
    assert paper.title == "Deep Residual Learning for Image Recognition"
    assert paper.authors == ("Kaiming He", "Xiangyu Zhang")
    assert paper.venue == (
        "2016 IEEE Conference on Computer Vision and Pattern Recognition, CVPR 2016"
    )
    assert (paper.date, paper.type, paper.standing) == (
        "2016",
        "inproceedings",
        Standing.PUBLISHED,
    )
    assert paper.versions[0].fields == {"pages": "770--778", "publisher": "IEEE Computer Society"}
    assert named(paper) == [f"dblp:{KEY}", "doi:10.1109/cvpr.2016.90"]
    assert (paper.links, paper.sightings) == ((), ())


def test_a_journal_is_named_in_full():
    paper = read(
        "journals/jmlr/BleiNJ03",
        type="http://purl.org/net/nknouf/ns/bibtex#Article",
        venue="J. Mach. Learn. Res.",
        journal="Journal of Machine Learning Research",
        volume="3",
        number="4-5",
        year="2003",
        month="--05",
        book="",
    )
    assert (paper.venue, paper.type) == ("Journal of Machine Learning Research", "article")
    assert paper.date == "2003-05"
    assert paper.versions[0].fields["volume"] == "3"
    assert paper.versions[0].fields["number"] == "4-5"


def test_a_record_of_corr_is_a_preprint():
    paper = read(
        "journals/corr/abs-1706-03762",
        venue="CoRR",
        journal="Computing Research Repository (CoRR)",
        volume="abs/1706.03762",
        year="2017",
        doi="",
    )
    assert (paper.standing, paper.venue, paper.date) == (Standing.PREPRINT, "", "2017")
    assert named(paper) == ["dblp:journals/corr/abs-1706-03762", "arxiv:1706.03762"]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"venue": "CoRR", "doi": "https://doi.org/10.48550/ARXIV.2211.12320"}, "arxiv:2211.12320"),
        ({"venue": "CoRR", "ee": "http://arxiv.org/abs/1512.03385"}, "arxiv:1512.03385"),
        ({"ee": "https://openreview.net/forum?id=rJXMpikCZ"}, "openreview:rJXMpikCZ"),
        ({"ee": "https://aclanthology.org/N18-2074/"}, "acl:N18-2074"),
    ],
)
def test_what_its_links_name(changed: dict[str, str], name: str):
    paper = read(**{"doi": "", **changed})
    assert named(paper) == [f"dblp:{KEY}", name]
    assert paper.links == ()


def test_other_links_are_kept():
    pages = ["https://proceedings.example/a.html", "https://proceedings.example/a.pdf"]
    both = [one for page in pages for one in rows(ee=page)]
    [paper] = dblp.parse(both)
    assert isinstance(paper, Paper)
    assert paper.links == (("page", pages[0]), ("pdf", pages[1]))
    assert paper.authors == ("Kaiming He", "Xiangyu Zhang")


@pytest.mark.parametrize(
    ("key", "changed", "expected"),
    [
        ("phd/dnb/Ode17", {"type": "", "school": "MIT"}, ("phdthesis", "MIT")),
        ("books/sp/Ode17", {"type": "", "publisher": "Springer"}, ("book", "Springer")),
        ("conf/x/Ode17", {"type": "", "book": ""}, ("inproceedings", "CVPR")),
        (
            "series/lncs/Ode17",
            {"type": "x#Incollection", "book": "A Book."},
            ("incollection", "A Book"),
        ),
        ("data/x/Ode17", {"type": "x#Misc", "book": "", "venue": ""}, ("misc", "")),
    ],
)
def test_types(key: str, changed: dict[str, str], expected: tuple[str, str]):
    paper = read(key, **changed)
    assert (paper.type, paper.venue) == expected
    assert paper.standing is (Standing.PUBLISHED if expected[1] else Standing.PREPRINT)


def test_the_isbn_of_a_book_names_it():
    book = read("books/sp/Ode17", type="x#Book", isbn="urn:isbn:9780134685991")
    assert "isbn:9780134685991" in named(book)
    assert "isbn:9780134685991" not in named(read(isbn="urn:isbn:9780134685991"))


def test_many_authors_come_in_their_order():
    some = rows(KEY, *[f"Ann Ode {n:04}" for n in range(12)])
    [paper] = dblp.parse([some[11], *some[:11]])
    assert isinstance(paper, Paper)
    assert len(paper.authors) == 12
    assert set(paper.authors) == {"Ann Ode"}
    [paper] = dblp.parse(rows(KEY, *"ABCDEFGHIJKL")[::-1])
    assert isinstance(paper, Paper)
    assert "".join(paper.authors) == "ABCDEFGHIJKL"


odd = st.sampled_from([None, "", "x", {}, {"value": None}, {"value": 7}, {"value": ""}, []])


@given(st.dictionaries(st.sampled_from(["pub", *RECORD, "ordinal", "name", "ee"]), odd, max_size=6))
def test_no_row_is_too_odd(changed: dict[str, Any]):
    for item in dblp.parse([{**rows()[0], **changed}, None, "x", *rows()]):
        assert isinstance(item, Paper | Problem)


@pytest.mark.parametrize("said", [None, [], {}, {"results": {}}, {"exception": "x"}])
def test_another_answer_is_an_error(said: Any):
    with pytest.raises(SourceError, match=r"sparql.dblp.org answered with something else"):
        dblp.rows_of(said)


def test_the_recorded_answer_is_read(shared: Path):
    body = (shared / "fixtures/dblp/2026_sparql.json").read_bytes()
    papers = dblp.parse(dblp.rows_of(json_of(Answer(dblp.URL, 200, {}, body))))
    assert [(named(p), p.standing, len(p.authors)) for p in papers if isinstance(p, Paper)] == [
        ([f"dblp:{KEY}", "doi:10.1109/cvpr.2016.90"], Standing.PUBLISHED, 4),
        (["dblp:journals/corr/HeZRS15"], Standing.PREPRINT, 4),
        (
            ["dblp:journals/corr/abs-2211-12320", "arxiv:2211.12320"],
            Standing.PREPRINT,
            3,
        ),
    ]


# --- by key and by title ------------------------------------------------------------------------


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def asked(service: Service) -> list[str]:
    return [request.query["query"] for request in service.requests]


def test_records_come_in_the_order_asked_and_unknown_ones_do_not(service: Service, client: Any):
    service.answer("sparql", results(*rows("conf/x/B"), *rows("conf/x/A")))
    wanted = [ids.parse(f"dblp:conf/x/{name}") for name in ("A", "Unknown", "B", "A")]
    assert keys(list(dblp.lookup(client, wanted, TODAY))) == ["conf/x/A", "conf/x/B"]
    [query] = asked(service)
    assert "VALUES ?pub { <https://dblp.org/rec/conf/x/A> <https://dblp.org/rec/conf/x/U" in query
    assert service.requests[0].headers["accept"] == "application/sparql-results+json"


def test_many_records_are_asked_for_in_few_requests(service: Service, client: Any):
    service.answer("sparql", results())
    wanted = [ids.parse(f"dblp:conf/x/Ode{number}") for number in range(120)]
    assert list(dblp.lookup(client, wanted, TODAY)) == []
    assert len(service.requests) == 3
    assert max(len(request.url) for request in service.requests) < 8000
    assert service.clock.pauses == [2.0, 2.0]


def test_nothing_is_put_into_a_query_that_is_no_key(client: Any):
    wanted = [ids.parse("dblp:conf/x/a>}UNION{?s")]
    assert list(dblp.lookup(client, wanted, TODAY)) == []


def test_the_wall_before_a_browser_is_seen(service: Service, client: Any):
    service.answer("sparql", WALL)
    wanted = [ids.parse(f"dblp:{KEY}")]
    with pytest.raises(SourceError, match="a web page instead of JSON; it may be down or refuse"):
        list(dblp.lookup(client, wanted, TODAY))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Attention Is All You Need", "attention all you need"),
        ('BERT: Pre-training "of" {Deep}', "bert pre training deep"),
        ("To be", "to be"),
    ],
)
def test_a_title_is_looked_for_by_its_words(service: Service, client: Any, title: str, words: str):
    service.answer("sparql", results(*rows("conf/x/A"), *rows("conf/x/B")))
    assert keys(dblp.search(client, title, TODAY)) == ["conf/x/A", "conf/x/B"]
    assert f'ql:contains-word "{words}"' in asked(service)[0]


def test_nothing_is_not_looked_for(service: Service, client: Any):
    assert dblp.search(client, " … ", TODAY) == []
    assert service.requests == []


# --- those of an author or a venue --------------------------------------------------------------

VENUE = {"venue": "conf/nips"}


@dataclass
class World:
    """Records by key, with their year and the day on which they were added; which request of a day
    fails is in `broken`.
    """

    records: list[tuple[str, int, int]]
    day: int = 0
    broken: int = -1
    asked: int = 0

    def get(self, url: str, *, params: Mapping[str, Any], **_: Any) -> Answer:
        self.asked += 1
        if self.asked == self.broken:
            raise SourceError("broken")
        known = {key: year for key, year, added in self.records if added <= self.day}
        wanted = re.findall(r"rec/([^>]+)>", params["query"])
        if wanted:
            found = [one for key in wanted for one in rows(key, year=str(known[key]))]
        else:
            years = map(int, re.findall(r'"(\d+)"\^\^', params["query"]))
            inside = set(years)
            found = [row(key) for key, year in known.items() if year in inside]
        return Answer(url, 200, {}, json.dumps(results(*found)).encode())


def fetch(world: Any, state: Mapping[str, Any], since: date | None = None) -> tuple[list[str], Any]:
    found: list[str] = []
    for page in dblp.follow(world, VENUE, state, NOW + timedelta(days=world.day), since):
        found += keys(page.items)
        state = page.state
    return found, state


records = st.lists(
    st.tuples(st.integers(2023, 2028), st.sampled_from([0, 0, 1, 50, 300])), max_size=9
).map(lambda some: [(f"conf/nips/Ode{n}", year, day) for n, (year, day) in enumerate(some)])


@given(records, st.sets(st.integers(1, 399)), st.data())
def test_whenever_it_is_fetched_each_record_is_read_once(
    known: list[tuple[str, int, int]], days: set[int], data: st.DataObject
):
    world, state, found = World(known), {}, []
    for world.day in sorted({0, 400} | days):
        world.asked = 0
        world.broken = data.draw(st.integers(1, 3)) if world.day in days else -1
        try:
            for page in dblp.follow(world, VENUE, state, NOW + timedelta(days=world.day), None):
                found += keys(page.items)
                state = page.state
        except SourceError:
            assert world.day in days
    assert sorted(found) == sorted(key for key, year, _ in known if year >= 2026)


def test_a_long_list_is_read_in_pieces_each_of_which_is_remembered():
    world = World([(f"conf/nips/Ode{n:03}", 2026, 0) for n in range(120)], broken=3)
    reading = dblp.follow(world, VENUE, {}, NOW, None)
    first = next(reading)
    assert len(first.items) == 50
    with pytest.raises(SourceError):
        next(reading)
    world.broken = -1
    found, state = fetch(world, first.state)
    assert (len(found), found[0]) == (70, "conf/nips/Ode050")
    assert state == {"begin": 2026, "known": [key for key, _, _ in world.records]}
    world.asked = 0
    assert fetch(world, state) == ([], state)
    assert world.asked == 1


def test_it_begins_with_this_year_and_in_its_first_half_with_the_last(
    service: Service, client: Any
):
    service.answer("sparql", results())
    for now in (NOW, NOW - timedelta(days=200)):
        list(dblp.follow(client, VENUE, {}, now, None))
    years = [re.findall(r'"(\d+)"', query) for query in asked(service)]
    assert years == [["2026", "2027"], ["2025", "2026", "2027"]]


def test_records_that_come_late_are_read_and_old_years_are_left_alone():
    world = World([("conf/nips/A", 2024, 0), ("conf/nips/B", 2021, 0)])
    known = {"begin": 2020, "known": ["conf/nips/Gone"]}
    found, state = fetch(world, known)
    assert found == ["conf/nips/A"]
    assert state == {"begin": 2020, "known": ["conf/nips/A"]}


def test_since_reads_again_from_a_year_on_and_is_not_forgotten_when_it_fails():
    world = World([("conf/nips/A", 2020, 0), ("conf/nips/B", 2026, 0)])
    state = {"begin": 2026, "known": ["conf/nips/B"]}
    found, after = fetch(world, state, date(2019, 5, 1))
    assert found == ["conf/nips/A", "conf/nips/B"]
    assert after == {"begin": 2019, "known": ["conf/nips/A", "conf/nips/B"]}

    world = World([(f"conf/nips/Ode{n:03}", 2020, 0) for n in range(60)], broken=3)
    reading = dblp.follow(world, VENUE, state, NOW, date(2019, 5, 1))
    first = next(reading)
    with pytest.raises(SourceError):
        next(reading)
    world.broken = -1
    found, after = fetch(world, first.state)
    assert len(found) == 10
    assert after["begin"] == 2019


@pytest.mark.parametrize(
    ("options", "pattern"),
    [
        (
            {"author": "h/GeoffreyEHinton"},
            "dblp:authoredBy <https://dblp.org/pid/h/GeoffreyEHinton>",
        ),
        ({"author": "https://dblp.org/pid/10/3248.html"}, "<https://dblp.org/pid/10/3248>"),
        ({"author": "https://dblp.org/pid/161/1261-9"}, "<https://dblp.org/pid/161/1261-9>"),
        ({"venue": "conf/nips"}, "dblp:publishedInStream <https://dblp.org/streams/conf/nips>"),
        ({"venue": "https://dblp.org/db/journals/jmlr/index.html"}, "/streams/journals/jmlr>"),
        ({"venue": "https://dblp.org/db/conf/nips/nips2024.html"}, "/streams/conf/nips>"),
        ({"venue": "https://dblp.uni-trier.de/streams/conf/icml"}, "/streams/conf/icml>"),
    ],
)
def test_authors_and_venues(service: Service, client: Any, options: dict[str, str], pattern: str):
    service.answer("sparql", results(row("conf/x/A")), results(*rows("conf/x/A")))
    page, _ = dblp.follow(client, options, {}, NOW, None)
    assert pattern in asked(service)[0]
    [paper] = page.items
    assert isinstance(paper, Paper)
    [seen] = paper.sightings
    assert (seen.source, seen.at) == ("dblp", "2026-11-23")
    assert seen.place in pattern


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"author": "Geoffrey Hinton"}, "'Geoffrey Hinton' is no author of DBLP"),
        ({"venue": "NeurIPS"}, "'NeurIPS' is no venue of DBLP"),
        ({"venue": "conf/x> . ?s ?p <y"}, "is no venue of DBLP"),
    ],
)
def test_what_is_not_to_be_followed_is_said(client: Any, options: dict[str, str], message: str):
    with pytest.raises(SourceError, match=message):
        list(dblp.follow(client, options, {}, NOW, None))


def test_too_many_questions_are_waited_for(service: Service, client: Any):
    busy = Reply(status=429, headers={"Retry-After": "7"})
    service.answer("sparql", busy, results(*rows()))
    assert keys(list(dblp.lookup(client, [ids.parse(f"dblp:{KEY}")], TODAY))) == [KEY]
    assert service.clock.pauses == [7.0]

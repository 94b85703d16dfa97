"""Feeds of strangers: RSS 0.9 to 2.0, Atom, JSON Feed, well-formed or not."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service
from strategies import hostile

from readlist.errors import SourceError
from readlist.library import Library
from readlist.models import Link, Paper, Problem, Sighting, Standing
from readlist.sources import feed
from readlist.sources.client import Answer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
URL = "https://example.org/papers.xml"
SEEN = (Sighting(source="rss", place="example.org/papers.xml", at="2026-11-23"),)

JOURNAL = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<channel rdf:about="https://example.org/rss"><title>Annals of Rest</title></channel>
<item rdf:about="https://example.org/articles/7">
  <title><![CDATA[Sleep of <i>Ovis aries</i> at AT&amp;T]]></title>
  <link>https://example.org/articles/7</link>
  <description><![CDATA[<p>Sheep sleep.</p><p>A lot.</p>]]></description>
  <dc:creator>Ann Ode</dc:creator><dc:creator>Bo Li</dc:creator>
  <dc:identifier>doi:10.1000/Rest.7</dc:identifier><dc:date>2026-11-20</dc:date>
  <dc:subject>Zoology</dc:subject>
  <prism:publicationName>Annals of Rest &amp; Sleep</prism:publicationName>
  <prism:doi>10.1000/rest.7</prism:doi><prism:issn>1234-5678</prism:issn>
  <prism:volume>3</prism:volume><prism:number>2</prism:number>
  <prism:startingPage>12</prism:startingPage><prism:endingPage>19</prism:endingPage>
  <prism:publicationDate>2026-11-01</prism:publicationDate>
</item></rdf:RDF>"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xml:base="https://example.org/blog/"><title>Blog</title><link rel="next" href="?page=2"/>
<entry><id>http://arxiv.org/abs/2104.12255v2</id>
  <title type="html">Sheep &lt;b&gt;and&lt;/b&gt; &amp;lt;Lambs&amp;gt;</title>
  <link href="posts/1"/><link rel="related" href="https://doi.org/10.1000/another"/>
  <published>2026-11-20T23:30:00-05:00</published><updated>2026-11-22T00:00:00Z</updated>
  <author><name>Ann Ode</name></author><author><name>Bo Li</name><email>b@example.org</email></author>
  <summary type="html">&lt;p&gt;One&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</summary>
  <category term="cs.LG"/><category term="stat.ML"/><arxiv:doi>10.1000/x</arxiv:doi>
</entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Papers",
    "next_url": "/feed.json?page=2",
    "items": [
        {
            "id": "1",
            "url": "https://example.org/1",
            "external_url": "https://doi.org/10.1000/rest.7",
            "title": "Sheep &amp; Lambs",
            "content_html": "<p>One</p>",
            "date_published": "2026-11-20T08:00:00+01:00",
            "authors": [{"name": "Ann Ode"}],
            "tags": ["sheep"],
        },
        {"id": "2", "title": "Second", "content_text": "Two", "author": {"name": "Bo Li"}},
    ],
}


def rss(*items: str, title: str = "Papers") -> str:
    channel = f"<title>{title}</title><link>https://example.org</link>{''.join(items)}"
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{channel}</channel></rss>'


def item(title: str = "Counting Sheep", link: str = "https://example.org/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def parse(body: str | bytes, url: str = URL, **headers: str) -> list[Any]:
    content = body.encode() if isinstance(body, str) else body
    return feed.parse(Answer(url, 200, headers, content), SEEN)


def one(body: str | bytes) -> Paper:
    [paper] = parse(body)
    assert isinstance(paper, Paper), paper
    return paper


def identifiers(paper: Paper) -> list[str]:
    return [f"{i.scheme}:{i.value}" for i in paper.identifiers]


# --- formats ------------------------------------------------------------------------------------


def test_an_article_of_a_journal_is_a_publication():
    paper = one(JOURNAL)
    [version] = paper.versions
    assert version.title == "Sleep of Ovis aries at AT&T"
    assert (version.standing, version.venue) == (Standing.PUBLISHED, "Annals of Rest & Sleep")
    assert (version.date, version.type) == ("2026-11-01", "article")
    assert dict(version.fields) == {
        "volume": "3",
        "number": "2",
        "pages": "12--19",
        "issn": "1234-5678",
    }
    assert identifiers(paper) == ["doi:10.1000/rest.7"]
    assert paper.authors == ("Ann Ode", "Bo Li")
    assert paper.abstract == "Sheep sleep.\n\nA lot."
    assert paper.categories == ("Zoology",)
    assert paper.links == (Link("page", "https://example.org/articles/7"),)
    assert paper.sightings == SEEN


def test_a_journal_of_preprints_is_none():
    paper = one(JOURNAL.replace("Annals of Rest &amp; Sleep", "bioRxiv"))
    [version] = paper.versions
    assert (version.standing, version.venue, version.date) == (Standing.LISTED, "", "2026-11-20")


def test_an_entry_of_atom():
    paper = one(ATOM)
    [version] = paper.versions
    assert (version.title, version.date) == ("Sheep and <Lambs>", "2026-11-21")
    assert version.standing is Standing.LISTED  # the day of the entry is not that of the paper
    assert identifiers(paper) == ["doi:10.1000/x", "arxiv:2104.12255"]
    assert paper.links == (Link("page", "https://example.org/blog/posts/1"),)
    assert paper.authors == ("Ann Ode", "Bo Li")
    assert paper.abstract == "One"
    assert paper.categories == ("cs.LG", "stat.ML")


def test_a_json_feed():
    first, second = parse(json.dumps(JSON_FEED))
    assert (first.title, first.abstract, first.date) == ("Sheep & Lambs", "One", "2026-11-20")
    assert identifiers(first) == ["doi:10.1000/rest.7"]
    assert (first.authors, first.categories, first.links) == (("Ann Ode",), ("sheep",), ())
    assert (second.title, second.abstract, second.authors) == ("Second", "Two", ("Bo Li",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings(encoding: str):
    text = rss(item("Schlaf der Schäfchen")).replace("?>", f' encoding="{encoding}"?>', 1)
    assert one(text.encode(encoding)).title == "Schlaf der Schäfchen"
    assert one(b"\xef\xbb\xbf" + rss(item("Schäfchen")).encode()).title == "Schäfchen"
    mislabelled = rss(item("Schäfchen")).replace("?>", ' encoding="us-ascii"?>', 1)
    assert one(mislabelled.encode()).title == "Schäfchen"
    assert parse(rss(item("Schäfchen")), **{"content-type": "text/xml"})[0].title == "Schäfchen"


def test_what_is_not_well_formed_is_read_as_far_as_it_goes():
    text = rss(item("Sheep & Lambs &nbsp; <3"), item("Second", "https://example.org/?a=1&b=2"))
    assert [paper.title for paper in parse(text)] == ["Sheep & Lambs <3", "Second"]
    cut = rss(item(), item("Second"))
    first, second = parse(cut[: cut.index("Second") + 3])
    assert first.title == "Counting Sheep"
    assert isinstance(second, Problem)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "example.org answered with nothing instead of a feed"),
        (b"<!doctype html><html><body>Sorry</body></html>", "a web page instead of a feed"),
        (b"Sorry", "something else instead of a feed"),
        (b"<rss version='2.0'><channel><ti", "something else instead of a feed"),
        (b'{"error": 1}', "JSON that is not a JSON Feed"),
        (b"[1]", "JSON that is not a JSON Feed"),
        (b'{"items": [', "damaged JSON"),
    ],
)
def test_what_is_no_feed_is_told(body: bytes, message: str):
    with pytest.raises(SourceError, match=message):
        parse(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str):
    entities = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///x">]>'
    text = rss(item("&b;&f;")).replace("?>", f"?>{entities}", 1)
    with pytest.raises(SourceError, match="declares entities"):
        parse(text.encode(encoding))


def test_an_error_of_arxiv_is_one():
    text = ATOM.replace("posts/1", "http://arxiv.org/api/errors#incorrect_id")
    with pytest.raises(SourceError, match=r"example.org answered: One"):
        parse(text)


def test_an_empty_feed_is_one():
    assert parse(rss()) == []


# --- items --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (item(link="https://arxiv.org/abs/2104.12255v2"), "arxiv:2104.12255"),
        (item(link="https://huggingface.co/papers/2104.12255"), "arxiv:2104.12255"),
        (item(link="https://www.nature.com/articles/s41586-024-1"), "doi:10.1038/s41586-024-1"),
        (item("[2104.12255] Counting Sheep"), "arxiv:2104.12255"),
        (item("[arXiv:2104.12255v1] Counting Sheep"), "arxiv:2104.12255"),
        (item("Counting Sheep (arXiv:2104.12255v1 [cs.LG] UPDATED)"), "arxiv:2104.12255"),
        (item(more="<guid>oai:arXiv.org:2104.12255v1</guid>"), "arxiv:2104.12255"),
        (item(more="<guid>pubmed:33782455</guid>"), "pmid:33782455"),
        (item(more="<guid>doi:10.1000/X</guid>"), "doi:10.1000/x"),
        (item(more="<dc:identifier>info:doi/10.1000/x</dc:identifier>"), "doi:10.1000/x"),
        (item(link="https://openreview.net/forum?id=abcDEF1234"), "openreview:abcDEF1234"),
    ],
)
def test_identifiers_are_found_where_they_are(given: str, found: str):
    paper = one(rss(given))
    assert paper.title == "Counting Sheep"
    assert identifiers(paper) == [found]
    assert len(paper.links) == ("https://example.org/1" in given)


@pytest.mark.parametrize(
    "title", ["[1] Counting Sheep", "[cs.LG] Sheep", "Sheep (2021)", "[Sheep]"]
)
def test_titles_are_left_alone_otherwise(title: str):
    paper = one(rss(item(title)))
    assert (paper.title, paper.identifiers) == (title, ())
    assert paper.links == (Link("page", "https://example.org/1"),)


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        ("Ann Ode (MIT, USA), Bo Li", ("Ann Ode", "Bo Li")),
        ("Ann Ode and Bo Li", ("Ann Ode", "Bo Li")),
        ("Ode, Ann", ("Ode, Ann",)),
        ("Ode, A. M., Li, B.", ("Ode, A. M.", "Li, B.")),
        ("Ode, A., Li, B., ", ("Ode, A.", "Li, B.")),
        ("Ode, Ann; Li, Bo", ("Ode, Ann", "Li, Bo")),
        ("admin", ()),
    ],
)
def test_authors(creator: str, authors: tuple[str, ...]):
    assert one(rss(item(more=f"<dc:creator>{creator}</dc:creator>"))).authors == authors
    both = f"<dc:creator>{creator}</dc:creator><author>a@example.org (Ann Ode)</author>"
    assert set(one(rss(item(more=both))).authors) == {*authors, "Ann Ode"}


@pytest.mark.parametrize(
    ("text", "abstract"),
    [
        ("We count.", "We count."),
        ("arXiv:2104.12255v1 Announce Type: new \nAbstract: We count.", "We count."),
        ("<p>Authors: A, B</p><p>Upvotes: 3</p><p>Summary: We count.</p>", "We count."),
        ("Background: Sheep. Summary: We count.", "Background: Sheep. Summary: We count."),
        ("A long story. " * 500, ""),
    ],
)
def test_the_abstract(text: str, abstract: str):
    description = f"<description><![CDATA[{text}]]></description>"
    assert one(rss(item(more=description))).abstract == abstract


def test_what_a_copy_says_of_a_paper_of_arxiv_is_not_its_categories():
    tags = "<category>Sheep, Lambs</category><category>cs.LG</category>"
    paper = one(rss(item(link="https://arxiv.org/abs/2104.12255", more=tags)))
    assert (paper.categories, paper.extra) == ((), {"keywords": "Sheep, Lambs, cs.LG"})


def test_an_item_without_title_and_identifier_is_a_problem():
    [problem] = parse(rss(item("", "https://example.org/1")))
    assert isinstance(problem, Problem)
    assert (problem.where, problem.raw) == ("rss example.org/papers.xml", "https://example.org/1")


def test_a_place_has_no_secrets():
    assert feed.place("https://me:pw@Example.org:8080/a/feed/?token=1#x") == "example.org/a/feed"


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["title", "link", "guid", "description", "pubDate", "author", "category", "x"]
            ),
            hostile,
            max_size=5,
        ),
        max_size=3,
    ),
    hostile,
)
def test_no_feed_is_too_odd(items: list[dict[str, str]], rest: str):
    elements = [
        f"<item>{''.join(f'<{name}>{text}</{name}>' for name, text in each.items())}</item>"
        for each in items
    ]
    body = (rss(*elements) + rest).encode("utf-8", "replace")
    try:
        found = parse(body)
    except SourceError:
        return
    with Library(":memory:") as library:
        library.add_all(found, now=NOW)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | hostile,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*JSON_FEED["items"][0], "items"]), inner, max_size=5)
        ),
        max_leaves=12,
    )
)
def test_no_json_feed_is_too_odd(value: Any):
    found = parse(json.dumps({"items": [value, {"title": value, "authors": value, "tags": value}]}))
    assert all(isinstance(each, Paper | Problem) for each in found)
    with Library(":memory:") as library:
        library.add_all(found, now=NOW)


# --- following ----------------------------------------------------------------------------------


def follow(
    client: Any, state: Mapping[str, Any], since: date | None = None, now: datetime = NOW
) -> tuple[list[Any], dict[str, Any]]:
    items: list[Any] = []
    for page in feed.follow(client, {"url": URL}, state, now, since):
        items += page.items
        state = page.state
    return items, dict(state)


@dataclass
class World:
    """A feed that shows its latest `shown` items, the older ones on further pages if it has
    `pages`. `items` are the days on which each was added.
    """

    items: list[int]
    shown: int
    pages: bool
    today: int = 0
    broken: Mapping[int, int] = field(default_factory=dict)
    asked: int = 0

    def get(self, url: str, **_: Any) -> Answer:
        if self.broken.get(self.today) == self.asked:
            raise SourceError("broken")
        self.asked += 1
        skip = int(url.partition("?p=")[2] or 0)
        added = [(on, f"Paper Number {n} of Day {on}") for n, on in enumerate(self.items)]
        known = sorted((pair for pair in added if pair[0] <= self.today), reverse=True)
        body: dict[str, Any] = {
            "items": [
                {"title": title, "date_published": (date(2026, 11, 1) + timedelta(on)).isoformat()}
                for on, title in known[skip : skip + self.shown]
            ]
        }
        if self.pages and len(known) > skip + self.shown:
            body["next_url"] = f"{URL}?p={skip + self.shown}"
        return Answer(url, 200, {}, json.dumps(body).encode())


@given(
    st.lists(st.integers(-3, 12), max_size=12),
    st.integers(1, 4),
    st.booleans(),
    st.sets(st.integers(1, 11)) | st.just(set(range(1, 12))),
    st.data(),
)
def test_whenever_it_is_fetched_nothing_that_was_shown_is_missed(
    items: list[int], shown: int, pages: bool, days: set[int], data: st.DataObject
):
    world = World(items, shown, pages)
    state: dict[str, Any] = {}
    found: set[str] = set()
    wanted: set[str] = set()
    for world.today in sorted({0, 12} | days):
        world.asked = 0
        wanted |= {paper.title for paper in feed.parse(world.get(URL))}
        world.asked = 0
        if world.today in days:
            world.broken = {world.today: data.draw(st.integers(0, 3))}
        before = set(wanted)
        try:
            for page in feed.follow(world, {"url": URL}, state, NOW, None):
                found |= {paper.title for paper in page.items}
                state = page.state
        except SourceError:
            assert world.today in world.broken
            wanted = before & found | wanted & found
    assert wanted <= found
    # With further pages, all that was added since the first time is there.
    if pages:
        assert {f"Paper Number {n} of Day {on}" for n, on in enumerate(items) if on > 0} <= found


@given(st.lists(st.integers(0, 3), max_size=6), st.integers(1, 4), st.booleans())
def test_fetching_again_gives_nothing(items: list[int], shown: int, pages: bool):
    world = World(items, shown, pages, today=3)
    _, state = follow(world, {})
    world.asked = 0
    again, after = follow(world, state)
    assert (again, after, world.asked) == ([], state, 1)


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def test_what_has_not_changed_is_not_sent_again(service: Service, tmp_path: Path):
    with service.client(cache_folder=str(tmp_path)) as client:
        service.answer("papers.xml", Reply(rss(item()), headers={"ETag": '"1"'}), 304)
        items, state = follow(client, {})
        assert [paper.title for paper in items] == ["Counting Sheep"]
        assert follow(client, state) == ([], state)
    assert service.requests[1].headers["if-none-match"] == '"1"'


def test_only_what_is_new_or_changed_is_given_again(service: Service, client: Any):
    service.answer("papers.xml", rss(item("One"), item("Two"), item("")))
    items, state = follow(client, {})
    assert len(items) == 3
    service.answer("papers.xml", rss(item("Three"), item("One, Revised"), item("Two"), item("")))
    items, _ = follow(client, state, now=NOW + timedelta(days=1))
    assert [paper.title for paper in items] == ["Three", "One, Revised"]
    assert items[0].sightings[0].at == "2026-11-24"


def test_since_reads_further_pages_and_leaves_out_what_is_older(service: Service, client: Any):
    def page(day: int, following: str) -> dict[str, Any]:
        when = f"2026-11-{day:02}T12:00:00Z"
        return {
            "items": [{"title": f"Day {day}", "date_published": when}, {"title": "Undated"}][
                : day % 2 + 1
            ],
            "next_url": following,
        }

    service.answer("papers.xml", page(20, "/2.json"))
    service.answer("2.json", page(18, "https://other.example/3.json"))
    service.answer("3.json", page(16, "/4.json"))
    items, state = follow(client, {"seen": ["x"]}, date(2026, 11, 17))
    assert [paper.title for paper in items] == ["Day 20", "Day 18"]
    assert [request.url for request in service.requests] == [
        URL,
        "https://example.org/2.json",
        "https://other.example/3.json",
    ]
    items, again = follow(client, state)
    assert (items, again) == ([], state)
    assert len(service.requests) == 4


def test_pages_without_end_are_not_read_without_end(service: Service, client: Any):
    service.answer("", {"items": [{"title": "A", "date_published": "2026-11-20"}], "next_url": URL})
    follow(client, {}, date(2026, 11, 1))
    assert len(service.requests) == 20


def test_a_feed_that_is_gone_is_told(service: Service, client: Any):
    service.answer("papers.xml", 410)
    with pytest.raises(SourceError, match=r"example.org has no feed at example.org/papers.xml"):
        follow(client, {})


def test_every_recorded_feed_is_read(shared: Path):
    counts = {}
    for folder in ("hf_daily_papers_rss", "arxiv_rss", "arxiv_atom"):
        for file in sorted((shared / "fixtures" / folder).glob("*.xml")):
            if "error" in file.name:
                with pytest.raises(SourceError, match="start must be an integer"):
                    parse(file.read_bytes())
                continue
            papers = parse(file.read_bytes())
            counts[file.name] = len(papers)
            for paper in papers:
                assert isinstance(paper, Paper)
                assert paper.title
                assert paper.date
                assert paper.abstract
                assert paper.identifier("arxiv") or file.name == "edge_ai_daily.xml"
                assert "Upvotes" not in paper.abstract
    feeds = ("feed.xml", "feed_weekly.xml", "edge_ai_daily.xml", "synthetic_arxiv_rss.xml")
    assert [counts[name] for name in feeds] == [30, 6, 10, 1]
    assert sum(counts.values()) == 115


def test_a_file_is_no_feed(client: Any):
    with pytest.raises(SourceError, match="not an http or https address"):
        list(feed.follow(client, {"url": "file:///etc/passwd"}, {}, NOW, None))

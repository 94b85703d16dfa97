"""OpenAlex: works by identifiers, by title, and those of an author or a venue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service
from strategies import hostile

from readlist import ids
from readlist.errors import SourceError
from readlist.models import Identifier, Link, Paper, Problem, Sighting, Standing
from readlist.sources import openalex
from readlist.sources.client import Answer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
AUTHOR = {"author": "A5023888391"}
NATURE = {
    "display_name": "Nature",
    "issn_l": "0028-0836",
    "host_organization_name": "Nature Portfolio",
    "type": "journal",
}
ARXIV = {"display_name": "arXiv (Cornell University)", "type": "repository"}
ALPHAFOLD = {
    "id": "https://openalex.org/W3177828909",
    "doi": "https://doi.org/10.1038/s41586-021-03819-2",
    "ids": {
        "openalex": "https://openalex.org/W3177828909",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/34265844",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/8371605",
        "mag": "3177828909",
    },
    "title": "Highly accurate protein structure prediction with AlphaFold",
    "type": "article",
    "publication_year": 2021,
    "publication_date": "2021-07-15",
    "primary_location": {"source": NATURE, "raw_type": "journal-article"},
    "locations": [{"landing_page_url": "https://doi.org/10.1038/s41586-021-03819-2"}, None],
    "best_oa_location": {"pdf_url": "https://www.nature.com/articles/s41586-021-03819-2.pdf"},
    "biblio": {"volume": "596", "issue": "7873", "first_page": "583", "last_page": "589"},
    "authorships": [
        {"author": {"display_name": "John Jumper"}, "raw_author_name": "Jumper, J."},
        {"author": None, "raw_author_name": "Richard Evans"},
        {"author": {}},
    ],
    "abstract_inverted_index": {"Proteins": [0, 3], "fold,": [1], "and": [2], "misfold.": [9]},
    "is_retracted": False,
    "cited_by_count": 30_000,
}
PREPRINT = {
    "id": "https://openalex.org/W4389761608",
    "doi": "https://doi.org/10.48550/arxiv.2312.07559",
    "title": "PaperQA: Retrieval-Augmented Generative Agent for Scientific Research",
    "type": "preprint",
    "publication_date": "2023-01-01",
    "primary_location": {"source": ARXIV},
    "locations": [{"landing_page_url": "https://arxiv.org/abs/2312.07559"}],
    "best_oa_location": {"pdf_url": "https://arxiv.org/pdf/2312.07559"},
}


def read(work: Mapping[str, Any] = ALPHAFOLD, **changed: Any) -> Paper:
    [paper] = openalex.parse({**work, **changed}, TODAY)
    assert isinstance(paper, Paper)
    return paper


def named(paper: Paper) -> list[str]:
    return [ids.format(identifier) for identifier in paper.identifiers]


def asked(*texts: str) -> list[Identifier]:
    return [found for text in texts if (found := ids.parse(text))]


# --- a work -------------------------------------------------------------------------------------


def test_an_article_is_read():
    paper = read()
    (version,) = paper.versions
    assert (version.standing, version.type) == (Standing.PUBLISHED, "article")
    assert (version.title, version.venue) == (ALPHAFOLD["title"], "Nature")
    assert version.date == "2021-07-15"
    assert version.fields == {
        "volume": "596",
        "number": "7873",
        "pages": "583--589",
        "publisher": "Nature Portfolio",
        "issn": "0028-0836",
    }
    assert paper.authors == ("John Jumper", "Richard Evans")
    assert paper.abstract == "Proteins fold, and Proteins misfold."
    assert named(paper) == [
        "openalex:W3177828909",
        "doi:10.1038/s41586-021-03819-2",
        "pmid:34265844",
        "pmcid:PMC8371605",
    ]
    assert paper.links == (Link("pdf", "https://www.nature.com/articles/s41586-021-03819-2.pdf"),)
    assert paper.sightings == (Sighting(source="openalex", at="2026-11-23", citations=30_000),)
    assert paper.retractions == ()


def test_a_preprint_is_known_by_where_it_is():
    paper = read(PREPRINT)
    (version,) = paper.versions
    assert (version.standing, version.venue, version.fields) == (Standing.PREPRINT, "", {})
    assert named(paper) == ["openalex:W4389761608", "arxiv:2312.07559"]
    assert (paper.links, paper.sightings) == ((), ())


def test_a_publication_says_which_preprint_it_was():
    paper = read(locations=[{"pdf_url": "http://arxiv.org/pdf/2111.07624v3"}])
    assert "arxiv:2111.07624" in named(paper)
    assert [version.standing for version in paper.versions] == [Standing.PUBLISHED]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("2018-01-01", "2018"), ("2018-06-01", "2018-06"), ("2018-06-12", "2018-06-12")],
)
def test_a_first_day_is_a_year_or_month(said: str, meant: str):
    assert read(publication_date=said).date == meant


def test_only_the_year_may_be_known():
    assert read(publication_date=None).date == "2021"
    assert read(publication_date="soon", publication_year=None).date == ""


@pytest.mark.parametrize(
    ("type", "location", "expected"),
    [
        (
            "article",
            {"source": {"display_name": "NeurIPS", "type": "conference"}},
            ("inproceedings", "NeurIPS", ""),
        ),
        (
            "article",
            {"raw_type": "proceedings-article", "raw_source_name": "Proceedings of CVPR"},
            ("inproceedings", "Proceedings of CVPR", ""),
        ),
        (
            "book-chapter",
            {
                "source": {"display_name": "IGI Global eBooks", "type": "ebook platform"},
                "raw_source_name": "Graph-Based Methods",
            },
            ("incollection", "Graph-Based Methods", ""),
        ),
        (
            "conference-paper",
            {
                "source": {"display_name": "Lecture Notes in Rest", "type": "book series"},
                "raw_source_name": "Sleep &amp; Dreams 2012",
            },
            ("inproceedings", "Sleep & Dreams 2012", "Lecture Notes in Rest"),
        ),
        (
            "conference-paper",
            {
                "source": {"display_name": "Lecture notes in rest", "type": "book series"},
                "raw_source_name": "Lecture Notes in Rest",
            },
            ("inproceedings", "Lecture notes in rest", ""),
        ),
        (
            "book",
            {
                "source": {
                    "display_name": "Rest Press eBooks",
                    "host_organization_name": "Rest Press",
                    "type": "ebook platform",
                }
            },
            ("book", "Rest Press", ""),
        ),
    ],
)
def test_where_works_appear(type: str, location: dict[str, Any], expected: tuple[str, str, str]):
    (version,) = read(type=type, primary_location=location).versions
    series = version.fields.get("series", "")
    assert (version.type, version.venue, series) == expected
    assert version.standing is Standing.PUBLISHED


@pytest.mark.parametrize(
    ("type", "location", "expected"),
    [
        ("dataset", {"raw_source_name": "Data Bank"}, ""),
        ("peer-review", {"source": NATURE}, ""),
        ("article", {"source": {"display_name": "HAL", "type": "repository"}}, ""),
        ("article", None, ""),
        ("dissertation", {"source": {"display_name": "A", "type": "repository"}}, "phdthesis"),
    ],
)
def test_what_was_not_published_has_no_venue(type: str, location: Any, expected: str):
    (version,) = read(type=type, primary_location=location).versions
    assert (version.standing, version.venue) == (Standing.PREPRINT, "")
    assert version.type == expected


def test_a_retracted_work_says_so_without_its_mark():
    paper = read(title="RETRACTED ARTICLE: Rest of sheep", is_retracted=True)
    assert (paper.title, paper.retractions) == ("Rest of sheep", ("retracted (openalex)",))


def test_a_notice_is_not_retracted():
    paper = read(title="Retraction: Rest of sheep", is_retracted=True, type="retraction")
    assert (paper.title, paper.retractions) == ("Retraction: Rest of sheep", ())


def test_markup_becomes_text():
    paper = read(
        title="Sleep of <i>Ovis\n aries</i> &amp; CO<sub>2</sub>",
        abstract_inverted_index={"Abstract": [0], "&lt;p&gt;Sheep": [1], "<b>sleep</b>.": [2]},
    )
    assert paper.title == "Sleep of Ovis aries & CO2"
    assert paper.abstract.endswith("Sheep sleep.")


def test_a_heading_is_no_part_of_an_abstract():
    assert read(abstract_inverted_index={"Abstract": [0], "Sheep": [1]}).abstract == "Sheep"
    abstract = read(abstract_inverted_index={"Abstract": [0], "algebra": [1]}).abstract
    assert abstract == "Abstract algebra"


@pytest.mark.parametrize(
    "index",
    [
        {"far": [10**12]},
        {"before": [-1]},
        {"true": [True], "text": ["0"], "half": [0.5], "none": None, "number": 3},
        [],
        "text",
    ],
)
def test_a_damaged_abstract_is_none(index: Any):
    assert read(abstract_inverted_index=index).abstract == ""


@pytest.mark.parametrize("work", [None, 3, {}, {"id": None}, {"id": "https://openalex.org/A1"}])
def test_what_names_nothing_is_a_problem(work: Any):
    (problem,) = openalex.parse({"results": [work]}, TODAY)
    assert isinstance(problem, Problem)
    assert problem.where.startswith("openalex")


@pytest.mark.parametrize("said", [None, [], {"error": "Invalid filter"}, {"results": 3}])
def test_other_answers_fail(said: Any):
    with pytest.raises(SourceError, match=r"api\.openalex\.org answered with something else"):
        openalex.parse(said, TODAY)


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile | st.just("2021-01-01"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["source", "type", "display_name", "pdf_url", "author", "pmid", "pmcid", "volume"]),
        inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(ALPHAFOLD)), odd))
def test_odd_works_are_papers_or_problems(changed: dict[str, Any]):
    items = openalex.parse({"results": [{**ALPHAFOLD, **changed}, changed]}, TODAY)
    assert len(items) == 2
    assert all(isinstance(item, Paper | Problem) for item in items)


def test_every_recorded_answer_is_read(shared: Path):
    papers: list[Paper] = []
    for file in sorted((shared / "fixtures" / "openalex").glob("*.json")):
        for item in openalex.parse(json.loads(file.read_bytes()), TODAY):
            assert isinstance(item, Paper)
            papers.append(item)
    published = [p for p in papers if p.standing is Standing.PUBLISHED]
    arxiv = [p for p in papers if p.identifier("arxiv")]
    abstracts = [p for p in papers if p.abstract]
    assert (len(papers), len(published), len(arxiv), len(abstracts)) == (42, 23, 3, 24)


# --- asking -------------------------------------------------------------------------------------


def test_many_are_asked_for_at_once_and_come_in_the_order_asked(service: Service):
    service.answer("/works", {"results": [ALPHAFOLD, PREPRINT]})
    other = "10.1000/unknown"
    wanted = asked("10.1038/s41586-021-03819-2", other, "pmid:34265844", "pmid:7")
    with service.client(keys={"openalex": "secret"}) as client:
        found = list(openalex.lookup(client, wanted, TODAY))
    assert [p.title for p in found if isinstance(p, Paper)] == [ALPHAFOLD["title"]] * 2
    filters = [request.query["filter"] for request in service.requests]
    assert filters == [f"doi:10.1038/s41586-021-03819-2|{other}", "ids.pmid:34265844|7"]
    assert {request.query["api_key"] for request in service.requests} == {"secret"}


def test_fifty_at_once(service: Service):
    service.answer("/works", {"results": []})
    with service.client() as client:
        list(openalex.lookup(client, asked(*(f"10.1000/{n}" for n in range(120))), TODAY))
    sizes = [len(request.query["filter"].split("|")) for request in service.requests]
    assert sizes == [50, 50, 20]
    assert "api_key" not in service.requests[0].query


def test_one_by_itself_is_asked_for_directly(service: Service):
    service.answer("/works/", {**ALPHAFOLD, "doi": None})
    doi = asked("10.1000/a(b)|c,d")
    with service.client() as client:
        (paper,) = openalex.lookup(client, doi, TODAY)
    assert isinstance(paper, Paper)
    assert doi[0] in paper.identifiers  # it knows the work by that, too
    assert service.requests[0].path.startswith("/works/doi:10.1000/a")
    assert "filter" not in service.requests[0].query


def test_a_merged_work_is_found_by_its_old_number(service: Service):
    service.answer("/works/W1001", Reply(status=301, headers={"Location": "/works/W3177828909"}))
    service.answer("/works/W3177828909", ALPHAFOLD)
    service.answer("/works/W1002", Reply("<html>Not found</html>", status=404))
    service.answer(r"/works\?", {"results": [PREPRINT]})
    wanted = asked("openalex:W1001", "openalex:W4389761608", "openalex:W1002")
    with service.client() as client:
        found = list(openalex.lookup(client, wanted, TODAY))
    assert [p.title for p in found if isinstance(p, Paper)] == [
        ALPHAFOLD["title"],
        PREPRINT["title"],
    ]
    assert isinstance(found[0], Paper)
    assert wanted[0] in found[0].identifiers


def test_a_title_is_searched_by_its_words(service: Service):
    service.answer("/works", {"results": [ALPHAFOLD, None]})
    with service.client() as client:
        found = openalex.search(client, "Don't: sleep OR wake, state-of-the-art | rest?", TODAY)
        assert [paper.title for paper in found] == [ALPHAFOLD["title"]]
        assert openalex.search(client, "?!", TODAY) == []
    (request,) = service.requests
    words = "don't sleep or wake state-of-the-art rest"
    assert request.query["filter"] == f"title.search:{words}"


# --- following ----------------------------------------------------------------------------------


@dataclass
class World:
    """OpenAlex with the works that it knows on a day: (number, published, known from), each as a
    day from `NOW` on. The `broken` request of a day fails.
    """

    works: list[tuple[int, int, int]]
    has_key: bool = False
    today: int = 0
    broken: int = -1
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def key(self, name: str) -> str:
        assert name == "openalex"
        return "secret" if self.has_key else ""

    def get(self, url: str, *, params: Mapping[str, Any]) -> Answer:
        if len(self.asked) == self.broken:
            raise SourceError("broken")
        self.asked.append(params)
        assert url == openalex.URL
        assert ("api_key" in params) == self.has_key
        wanted = str(params["filter"])
        known = [
            {"id": f"https://openalex.org/W{number}", "publication_date": str(day(published))}
            for number, published, from_ in self.works
            if from_ <= self.today
        ]
        if wanted.startswith("openalex:"):
            numbers = wanted.removeprefix("openalex:").split("|")
            assert len(numbers) <= 50
            results = [work for work in known if work["id"].rpartition("/")[2] in numbers]
            return reply({"results": results})
        place, begin = wanted.split(",from_publication_date:")
        assert place == "authorships.author.id:A5023888391"
        found = [work for work in known if work["publication_date"] >= begin]
        number = int(str(params["cursor"]).replace("*", "1")) if self.has_key else params["page"]
        start = (number - 1) * openalex._PER_PAGE
        part = found[start : start + openalex._PER_PAGE]
        meta = {"count": len(found), "next_cursor": str(number + 1) if part else None}
        return reply({"meta": meta, "results": part})


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def reply(body: Any) -> Answer:
    return Answer(openalex.URL, 200, {}, json.dumps(body).encode())


def follow(
    world: World, state: Mapping[str, Any], at: int, since: date | None = None
) -> tuple[list[str], dict[str, Any]]:
    """The works that come in, and the state then."""
    world.today, world.asked = at, []
    found: list[str] = []
    known = dict(state)
    try:
        for page in openalex.follow(world, AUTHOR, state, NOW + timedelta(days=at), since):
            found += [item.identifier("openalex") for item in page.items]
            known = json.loads(json.dumps(page.state))
    except SourceError:
        assert world.broken >= 0
    return found, known


def test_the_first_time_it_has_the_last_month_and_later_what_is_new():
    world = World([(1001, -31, 0), (1002, -30, 0), (1003, 5, 0), (1004, -300, 2), (1005, 1, 2)])
    found, state = follow(world, {}, 0)
    assert found == ["W1002", "W1003"]
    assert follow(world, state, 1)[0] == []
    found, state = follow(world, state, 2)
    assert found == ["W1004", "W1005"]  # one came in late
    assert state == {"known": [f"W{number}" for number in range(1001, 1006)]}


def test_what_is_known_is_not_read_again():
    world = World([(1000 + n, -n, 0) for n in range(20)])
    _, state = follow(world, {}, 0)
    follow(world, state, 1)
    (listing,) = world.asked
    assert listing["select"] == "id,publication_date"


def test_since_goes_back_further():
    world = World([(1001, -4000, 0), (1002, -1, 0), (1003, -5000, 0)])
    found, state = follow(world, {}, 0, since=day(-4000))
    assert found == ["W1001", "W1002"]
    assert follow(world, state, 1)[0] == []
    assert follow(world, state, 1, since=day(-1))[0] == ["W1002"]


def test_a_reading_from_long_ago_goes_on_where_it_broke_off():
    world = World([(1000 + n, -3000 - n, 0) for n in range(120)], broken=4)
    first, state = follow(world, {}, 0, since=day(-4000))
    assert len(first) == 100
    world.broken = -1
    rest, state = follow(world, state, 1, since=day(-1))
    assert sorted(first + rest) == [f"W{1000 + n}" for n in range(120)]
    assert "from" not in state


@pytest.mark.parametrize("has_key", [True, False])
def test_long_lists_are_read_page_by_page(has_key: bool):
    world = World([(1000 + n, 0, 0) for n in range(230)], has_key=has_key)
    found, _ = follow(world, {}, 0)
    assert sorted(found) == [f"W{1000 + n}" for n in range(230)]
    name = "cursor" if has_key else "page"
    places = [params[name] for params in world.asked if name in params]
    assert places == (["*", "2", "3"] if has_key else [1, 2, 3])


def test_without_a_key_there_is_an_end_to_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openalex, "_PAGES", 2)
    world = World([(1000 + n, 0, 0) for n in range(230)])
    with pytest.raises(SourceError, match=r"no more than 200 without a key; .*OPENALEX_KEY$"):
        list(openalex.follow(world, AUTHOR, {}, NOW, None))


worlds = st.lists(
    st.tuples(st.integers(1001, 1006), st.integers(-29, 12), st.integers(0, 12)),
    unique_by=lambda work: work[0],
    max_size=6,
)


@given(worlds, st.sets(st.integers(1, 11)), st.data())
def test_whenever_it_is_fetched_nothing_is_missed_or_repeated(
    works: list[tuple[int, int, int]], days: set[int], data: st.DataObject
):
    world = World(works, has_key=data.draw(st.booleans()))
    state: dict[str, Any] = {}
    found: list[str] = []
    for at in sorted({0, 12} | days):
        world.broken = data.draw(st.integers(-1, 2)) if at in days else -1
        more, state = follow(world, state, at)
        found += more
    assert sorted(found) == sorted(f"W{number}" for number, *_ in works)


@pytest.mark.parametrize(
    ("options", "place", "wanted"),
    [
        ({"author": "https://openalex.org/authors/a50"}, "A50", "authorships.author.id:A50"),
        (
            {"author": "https://orcid.org/0000-0003-1613-598x"},
            "0000-0003-1613-598X",
            "authorships.author.orcid:0000-0003-1613-598X",
        ),
        ({"venue": "S137773608"}, "S137773608", "primary_location.source.id:S137773608"),
        (
            {"venue": "0028-0836", "author": "A50"},
            "A50 0028-0836",
            "authorships.author.id:A50,primary_location.source.issn:0028-0836",
        ),
    ],
)
def test_who_is_followed(service: Service, options: Any, place: str, wanted: str):
    service.answer("/works", {"meta": {"count": 1}, "results": [
        {"id": "https://openalex.org/W1001", "publication_date": "2026-11-20"}]})  # fmt: skip
    with service.client() as client:
        items = [i for page in openalex.follow(client, options, {}, NOW, None) for i in page.items]
    assert [item.sightings[0].place for item in items if isinstance(item, Paper)] == [place]
    listing = service.requests[0].query["filter"]
    assert listing == f"{wanted},from_publication_date:2025-01-01"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "no author or venue"),
        ({"author": "Albert Einstein"}, "is no author of OpenAlex"),
        ({"venue": "Nature"}, "is no venue of OpenAlex"),
        ({"venue": "A50"}, "is no venue of OpenAlex"),
    ],
)
def test_who_is_not_named_is_not_followed(service: Service, options: Any, said: str):
    with service.client() as client, pytest.raises(SourceError, match=said):
        list(openalex.follow(client, options, {}, NOW, None))

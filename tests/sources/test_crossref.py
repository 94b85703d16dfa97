"""Crossref: works by DOI and by title."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service

from readlist import ids
from readlist.errors import SourceError
from readlist.models import Paper, Problem, Standing
from readlist.sources import crossref
from readlist.sources.client import Answer, json_of

TODAY = date(2026, 11, 23)
WORK: dict[str, Any] = {
    "DOI": "10.1038/S41586-021-03819-2",
    "type": "journal-article",
    "title": ["Highly accurate protein structure prediction with <i>AlphaFold</i>"],
    "container-title": ["Nature"],
    "author": [{"given": "John", "family": "Jumper", "sequence": "first", "affiliation": []}],
    "issued": {"date-parts": [[2021, 7, 15]]},
    "created": {"date-parts": [[2021, 7, 1]]},
    "volume": "596",
    "issue": "7873",
    "page": "583-589",
    "is-referenced-by-count": 20000,
    "URL": "https://doi.org/10.1038/s41586-021-03819-2",
}


def work(doi: str = "", **fields: Any) -> dict[str, Any]:
    fields = {name.replace("_", "-"): value for name, value in fields.items()}
    return {**WORK, **({"DOI": doi} if doi else {}), **fields}


def one(message: Any) -> dict[str, Any]:
    return {"status": "ok", "message-type": "work", "message": message}


def many(*works: Any) -> dict[str, Any]:
    message = {"total-results": len(works), "items": list(works), "items-per-page": 20}
    return {"status": "ok", "message-type": "work-list", "message": message}


def read(**fields: Any) -> Paper:
    [paper] = crossref.parse(one(work(**fields)), TODAY)
    assert isinstance(paper, Paper)
    return paper


def named(paper: Paper) -> list[str]:
    return [ids.format(identifier) for identifier in paper.identifiers]


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


# --- what it answers ----------------------------------------------------------------------------


def test_a_work_is_read():
    paper = read()
    assert paper.title == "Highly accurate protein structure prediction with AlphaFold"
    assert paper.authors == ("Jumper, John",)
    assert (paper.venue, paper.date, paper.type) == ("Nature", "2021-07-15", "article")
    assert paper.versions[0].fields == {"volume": "596", "number": "7873", "pages": "583--589"}
    assert named(paper) == ["doi:10.1038/s41586-021-03819-2"]
    assert (paper.links, paper.retractions, paper.key) == ((), (), "")
    [seen] = paper.sightings
    assert (seen.source, seen.place, seen.at) == ("crossref", "", "2026-11-23")
    assert seen.citations == 20000


def test_what_is_posted_is_a_preprint_and_names_its_publication():
    posted = {
        "type": "posted-content",
        "container_title": [],
        "posted": {"date-parts": [[2020, 11, 2]]},
        "issued": {"date-parts": [[2020, 11, 2]]},
        "relation": {
            "is-preprint-of": [{"id-type": "doi", "id": "10.1000/PUB", "asserted-by": "subject"}]
        },
    }
    paper = read(doi="10.1101/2020.11.01.363705", **posted)
    assert (paper.standing, paper.venue, paper.date) == (Standing.PREPRINT, "", "2020-11-02")
    assert named(paper) == ["doi:10.1101/2020.11.01.363705", "doi:10.1000/pub"]


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ({"id-type": "doi", "id": "10.48550/arXiv.1706.03762"}, "arxiv:1706.03762"),
        ({"id-type": "arxiv", "id": "1706.03762"}, "arxiv:1706.03762"),
        ({"id-type": "uri", "id": "https://arxiv.org/abs/1706.03762"}, "arxiv:1706.03762"),
        ({"id-type": "uri", "id": "https://x.example/"}, ""),
        ({"id-type": "doi", "id": None}, ""),
        ("10.1000/b", ""),
    ],
)
def test_a_publication_names_its_preprint(other: Any, name: str):
    related = named(read(relation={"has-preprint": [other], "has-review": [{"id": "10.1/x"}]}))[1:]
    assert related == ([name] if name else [])


@pytest.mark.parametrize("count", [-1, None, True, "7", 2**60, 1.5])
def test_what_is_no_count_is_none(count: Any):
    assert read(is_referenced_by_count=count).sightings == ()


# --- retractions --------------------------------------------------------------------------------


def update(type: str, doi: str = "10.1000/notice", *parts: int) -> dict[str, Any]:
    return {"DOI": doi, "type": type, "label": type, "updated": {"date-parts": [list(parts)]}}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("retraction", ("retracted 2021-03-04 (crossref)",)),
        ("withdrawal", ("withdrawn 2021-03-04 (crossref)",)),
        ("expression_of_concern", ("expression of concern 2021-03-04 (crossref)",)),
        ("partial-retraction", ("retracted in part 2021-03-04 (crossref)",)),
        ("correction", ()),
    ],
)
def test_what_a_notice_says_of_the_work(kind: str, text: tuple[str, ...]):
    assert read(updated_by=[update(kind, "10.1000/notice", 2021, 3, 4)]).retractions == text


def test_a_notice_is_not_retracted_itself():
    paper = read(
        doi="10.1000/notice",
        title=["Retracted: Counting Sheep"],
        update_to=[update("retraction", "10.1000/work", 2021)],
    )
    assert (paper.title, paper.retractions) == ("Retracted: Counting Sheep", ())


def test_a_work_may_be_its_own_notice():
    paper = read(update_to=[update("retraction", WORK["DOI"].lower(), 2021, 3)])
    assert paper.retractions == ("retracted 2021-03 (crossref)",)


@pytest.mark.parametrize(
    ("title", "rest", "text"),
    [
        ("RETRACTED: Counting Sheep", "Counting Sheep", "retracted (crossref)"),
        ("RETRACTED ARTICLE: Counting Sheep", "Counting Sheep", "retracted (crossref)"),
        ("[Retracted] Counting Sheep", "Counting Sheep", "retracted (crossref)"),
        ("WITHDRAWN: Counting Sheep", "Counting Sheep", "withdrawn (crossref)"),
        ("Retracted paper: Counting Sheep", "Counting Sheep", "retracted (crossref)"),
        ("Withdrawn: A Life", "Withdrawn: A Life", ""),
        ("Retraction: Counting Sheep", "Retraction: Counting Sheep", ""),
        ("Retracted papers are read", "Retracted papers are read", ""),
    ],
)
def test_a_title_may_say_it(title: str, rest: str, text: str):
    paper = read(title=[title])
    assert (paper.title, paper.retractions) == (rest, (text,) if text else ())


def test_the_date_of_a_retraction_is_not_lost_to_the_title():
    paper = read(title=["RETRACTED: Sheep"], updated_by=[update("retraction", "10.1/n", 2021)])
    assert paper.retractions == ("retracted 2021 (crossref)",)


# --- nothing is too odd -------------------------------------------------------------------------

odd = st.recursive(
    st.sampled_from([None, True, 0, 10**20, 1.5, "", "x", "RETRACTED: x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["DOI", "id", "type", "updated", "has-preprint", "name"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
FIELDS = (*WORK, "relation", "update-to", "updated-by", "subtitle", "editor", "event", "abstract")


@given(st.dictionaries(st.sampled_from(FIELDS), odd, max_size=5))
def test_no_work_is_too_odd(changed: dict[str, Any]):
    [found] = crossref.parse(one({**WORK, **changed}), TODAY)
    assert isinstance(found, Paper | Problem)


@pytest.mark.parametrize("work", [None, "x", [], {}, {"title": []}])
def test_what_is_no_work_is_a_problem(work: Any):
    good, problem = crossref.parse(many(WORK, work), TODAY)
    assert isinstance(good, Paper)
    assert isinstance(problem, Problem)
    assert problem.where == "crossref"


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        one(None),
        {"message-type": "work-agency", "message": {"DOI": "10.1/x", "agency": {}}},
        {"status": "failed", "message-type": "validation-failure", "message": [{}]},
        {"message-type": "work-list", "message": {"items": None}},
    ],
)
def test_another_answer_is_an_error(said: Any):
    with pytest.raises(SourceError, match=r"api.crossref.org answered with something else"):
        crossref.parse(said, TODAY)


def test_every_recorded_answer_is_read(shared: Path):
    counts: Counter[str] = Counter()
    for file in sorted((shared / "fixtures/crossref").glob("*.*")):
        if file.suffix == ".md":
            continue
        try:
            found = crossref.parse(json_of(Answer(crossref.URL, 200, {}, file.read_bytes())), TODAY)
        except SourceError as failed:
            counts[str(failed).partition("answered with ")[2]] += 1
            continue
        for paper in found:
            assert isinstance(paper, Paper)
            assert paper.identifiers
            counts["papers"] += 1
            counts["dated"] += bool(paper.date)
            counts["published"] += paper.standing is Standing.PUBLISHED
            counts["cited"] += bool(paper.sightings)
            assert not paper.retractions
    assert counts == {
        "papers": 254,
        "dated": 216,
        "published": 202,
        "cited": 222,
        "something else than works": 20,
        "damaged JSON; try again later": 27,
        "XML instead of JSON": 2,
    }


# --- by DOI -------------------------------------------------------------------------------------


def wanted(*dois: str) -> list[Any]:
    return [ids.parse(doi) for doi in dois]


def look_up(client: Any, *dois: str) -> list[Any]:
    return list(crossref.lookup(client, wanted(*dois), TODAY))


def test_works_come_in_the_order_asked_and_unknown_ones_do_not(service: Service, client: Any):
    service.answer("filter=", many(work("10.1000/B"), work("10.1000/a")))
    found = look_up(client, "10.1000/unknown", "10.1000/a", "10.1000/b", "10.1000/a")
    assert [paper.identifiers[0].value for paper in found] == ["10.1000/a", "10.1000/b"]


def test_a_doi_with_odd_characters_is_asked_for_by_itself(service: Service, client: Any):
    sici = "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"
    service.answer("filter=", many(work("10.1000/b"), work("10.1000/a")))
    service.answer("works/10.1002", one(work(sici.upper())))
    found = look_up(client, "10.1000/a", sici, "10.1000/b")
    assert [paper.identifiers[0].value for paper in found] == ["10.1000/a", sici, "10.1000/b"]
    assert [request.url.rpartition("/works")[2] for request in service.requests] == [
        "?filter=doi%3A10.1000%2Fa%2Cdoi%3A10.1000%2Fb&rows=2",
        "/10.1002%2F%28sici%291097-4571%28199806%2949%3A8%3C693%3A%3Aaid-asi4%3E3.0.co%3B2-o",
    ]


def test_one_doi_is_asked_for_by_itself(service: Service, client: Any):
    service.answer("works/", one(work("10.1000/a")))
    assert len(look_up(client, "10.1000/a")) == 1
    assert service.requests[0].query == {}


def test_many_are_asked_for_in_few_requests(service: Service, client: Any):
    service.answer("filter=", many())
    assert look_up(client, *[f"10.1000/{number}" for number in range(120)]) == []
    assert [request.query["rows"] for request in service.requests] == ["50", "50", "20"]
    assert service.clock.pauses == [0.25, 0.25]


def test_an_older_name_of_a_work_is_kept(service: Service, client: Any):
    service.answer("works/", one(work("10.1000/new")))
    [paper] = look_up(client, "10.1000/old")
    assert named(paper) == ["doi:10.1000/new", "doi:10.1000/old"]


def test_an_unknown_doi_has_no_paper(service: Service, client: Any):
    service.answer("works/", Reply(b"Resource not found.", status=404))
    assert look_up(client, "10.1000/a") == []


def test_a_web_page_is_no_answer(service: Service, client: Any):
    service.answer("works", "<!doctype html><html><body>Maintenance</body></html>")
    with pytest.raises(SourceError, match=r"api.crossref.org answered with a web page"):
        look_up(client, "10.1000/a")


def test_problems_come_beside_papers(service: Service, client: Any):
    service.answer("filter=", many(work("10.1000/a"), {"title": []}))
    paper, problem = look_up(client, "10.1000/a", "10.1000/b")
    assert isinstance(paper, Paper)
    assert isinstance(problem, Problem)


# --- by title -----------------------------------------------------------------------------------


def test_a_title_is_looked_for(service: Service, client: Any):
    service.answer("works", many(work("10.1000/a"), {}, work("10.1000/b")))
    found = crossref.search(client, "Counting Sheep & Goats", TODAY)
    assert [paper.identifiers[0].value for paper in found] == ["10.1000/a", "10.1000/b"]
    assert service.requests[0].query == {
        "query.bibliographic": "Counting Sheep & Goats",
        "rows": "10",
    }

"""Semantic Scholar: papers by their ids, by title, and as it recommends them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service

from readlist import ids, sources
from readlist.errors import SourceError
from readlist.models import Identifier, Link, Paper, Problem, Sighting, Standing
from readlist.sources import semantic_scholar as s2

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
SHA = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"
ATTENTION = {
    "paperId": SHA,
    "externalIds": {
        "ArXiv": "1706.03762",
        "DBLP": "conf/nips/VaswaniSPUJGKP17",
        "CorpusId": 13756489,
        "PubMedCentral": "1234567",
        "MAG": "2963403868",
    },
    "title": "Attention is All you Need",
    "abstract": None,
    "venue": "Neural Information Processing Systems",
    "publicationVenue": {"name": "Neural Information Processing Systems", "type": "conference"},
    "year": 2017,
    "publicationDate": "2017-06-12",
    "journal": {"name": "ArXiv", "volume": "abs/1706.03762", "pages": "5998 - 6008"},
    "publicationTypes": ["JournalArticle", "Conference"],
    "authors": [{"authorId": "1", "name": "Ashish Vaswani"}, {"authorId": None, "name": None}],
    "citationCount": 100_000,
    "openAccessPdf": {"url": "", "status": "CLOSED"},
}
PREPRINT = {
    "paperId": "a" * 40,
    "externalIds": {"ArXiv": "2401.00001", "DOI": "10.48550/arXiv.2401.00001"},
    "title": "A Preprint of Five Words",
    "venue": "arXiv.org",
    "year": 2024,
    "publicationDate": "2024-01-02",
    "openAccessPdf": {"url": "https://example.org/a.pdf"},
}


def one(value: dict[str, Any]) -> Paper:
    (paper,) = s2.parse(value, TODAY)
    assert isinstance(paper, Paper)
    return paper


def test_a_publication_has_its_venue_and_year():
    paper = one(ATTENTION)
    (version,) = paper.versions
    assert (version.standing, version.type) == (Standing.PUBLISHED, "inproceedings")
    assert (version.venue, version.date) == ("Neural Information Processing Systems", "2017")
    assert version.fields == {"pages": "5998--6008"}
    assert paper.authors == ("Ashish Vaswani",)
    assert {ids.format(i) for i in paper.identifiers} == {
        *(f"s2:{SHA}", "corpusid:13756489", "arxiv:1706.03762", "pmcid:PMC1234567"),
        "dblp:conf/nips/VaswaniSPUJGKP17",
    }
    assert paper.links == ()
    assert paper.sightings == (Sighting(source="s2", at="2026-11-23", citations=100_000),)


def test_a_preprint_has_its_day_and_no_venue():
    paper = one(PREPRINT)
    (version,) = paper.versions
    assert (version.standing, version.venue, version.date) == (Standing.PREPRINT, "", "2024-01-02")
    assert paper.links == (Link("pdf", "https://example.org/a.pdf"),)
    assert paper.sightings == ()  # without a signal a lookup is no meeting


def asked(*texts: str) -> list[Identifier]:
    return [found for text in texts if (found := ids.parse(text))]


def test_many_are_asked_for_at_once_and_the_unknown_are_left_out(service: Service):
    service.answer("/paper/batch", [ATTENTION, None, PREPRINT])
    wanted = asked("1706.03762", "10.1000/unknown", "pmid:123", "isbn:0-306-40615-2")
    with service.client(keys={"s2": "secret"}) as client:
        found = list(s2.lookup(client, wanted, TODAY))
    assert [paper.title for paper in found] == [ATTENTION["title"], PREPRINT["title"]]
    assert wanted[2] in found[1].identifiers  # it knows the paper by that, too
    (request,) = service.requests
    assert request.json == {"ids": ["ARXIV:1706.03762", "DOI:10.1000/unknown", "PMID:123"]}
    assert request.headers["x-api-key"] == "secret"


def test_a_paper_is_found_by_the_number_that_it_has_there(service: Service):
    service.answer("/paper/batch", [ATTENTION])
    wanted = asked("https://api.semanticscholar.org/CorpusID:13756489")
    with service.client() as client:
        (found,) = sources.lookup(client, wanted, TODAY)
    assert isinstance(found, Paper)
    assert found.title == ATTENTION["title"]
    assert service.requests[0].json == {"ids": ["CorpusId:13756489"]}


def test_the_number_is_taken_from_wherever_it_stands():
    assert one({"paperId": SHA, "corpusId": 13756489}).identifier("corpusid") == "13756489"


def test_none_of_them_known_is_no_failure(service: Service):
    service.answer("/batch", Reply({"error": "No valid paper ids given"}, status=400))
    with service.client() as client:
        assert list(s2.lookup(client, asked("10.1000/unknown"), TODAY)) == []


def test_other_errors_and_other_answers_are(service: Service):
    with service.client() as client:
        for reply in (Reply({"error": "Unsupported fields"}, status=400), {"data": []}, [1, 2]):
            service.answer("/batch", reply)
            with pytest.raises(SourceError, match=r"api\.semanticscholar\.org answered"):
                list(s2.lookup(client, asked("10.1000/a"), TODAY))


def test_a_title_is_matched_or_searched_for(service: Service):
    service.answer("/search/match", {"data": [{**ATTENTION, "matchScore": 200.1}]})
    with service.client() as client:
        (paper,) = s2.search(client, "Attention is all-you need?", TODAY)
        assert paper.title == ATTENTION["title"]
        assert service.requests[0].query["query"] == "Attention is all you need"
        service.answer("/search/match", Reply({"error": "Title match not found"}, status=404))
        service.answer(r"/search\?", {"total": 1, "data": [PREPRINT]}, {"total": 0, "offset": 0})
        assert [p.title for p in s2.search(client, "A preprint", TODAY)] == [PREPRINT["title"]]
        assert s2.search(client, "Nothing", TODAY) == []
        assert s2.search(client, "???", TODAY) == []


def follow(service: Service, since: date | None = None, **taste: Any) -> list[Paper | Problem]:
    with service.client() as client:
        return [i for page in s2.follow(client, taste, {}, NOW, since) for i in page.items]


def test_recommendations_go_by_likes_and_dislikes(service: Service):
    service.answer("/recommendations/", {"recommendedPapers": [ATTENTION, PREPRINT]})
    liked = [tuple(asked("10.1000/a", "1706.03762")), tuple(asked("isbn:0-306-40615-2"))]
    found = follow(service, _likes=liked, _dislikes=[tuple(asked("acl:P18-1001"))])
    assert [p.sightings[0].place for p in found] == ["recommended"] * 2
    assert service.requests[0].json == {
        "positivePaperIds": ["ARXIV:1706.03762"],
        "negativePaperIds": ["ACL:P18-1001"],
    }
    since = follow(service, date(2024, 1, 1), _likes=liked, _dislikes=[])
    assert [p.title for p in since] == [PREPRINT["title"]]


def test_without_likes_there_is_nothing_to_recommend_by(service: Service):
    with pytest.raises(SourceError, match="like a paper"):
        follow(service, _likes=[], _dislikes=[])


@pytest.mark.parametrize("value", [{"paperId": None}, {"paperId": 3, "title": ""}])
def test_what_names_nothing_is_a_problem(value: Any):
    assert isinstance(s2.parse(value, TODAY)[0], Problem)


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a1 /", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["name", "url", "ArXiv", "DOI", "type", "volume"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(ATTENTION)), odd), st.sampled_from(["", "x"]))
def test_odd_records_are_papers_or_problems(changed: dict[str, Any], place: str):
    for value in ({**ATTENTION, **changed}, [changed], {"data": [changed, None]}):
        try:
            items = s2.parse(value, TODAY, place)
        except SourceError:
            continue
        assert all(isinstance(item, Paper | Problem) for item in items)


def test_every_recorded_answer_is_read(shared: Path):
    papers = problems = others = 0
    for file in sorted((shared / "fixtures" / "semantic_scholar").glob("*.json")):
        try:
            items = s2.parse(json.loads(file.read_bytes()), TODAY)
        except SourceError:
            others += 1  # of authors, data sets and errors
            continue
        papers += sum(isinstance(item, Paper) for item in items)
        problems += sum(isinstance(item, Problem) for item in items)
    # Problems are citations, authors and snippets, which are no papers.
    assert (papers, problems, others) == (9898, 141, 11)

"""Unpaywall: open PDFs by DOI."""

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
from readlist.sources import unpaywall
from readlist.sources.client import Answer, json_of

TODAY = date(2026, 11, 23)
PDF = "https://www.pnas.org/content/pnas/111/45/E4832.full.pdf"
WORK: dict[str, Any] = {
    "doi": "10.1073/pnas.1414271111",
    "title": "Developing Musculoskeletal Tissues",
    "genre": "journal-article",
    "published_date": "2014-10-01",
    "year": 2014,
    "journal_name": "PNAS",
    "publisher": "NAS",
    "best_oa_location": {"url": PDF, "url_for_pdf": PDF},
    "oa_locations": [],
    "z_authors": [{"raw_author_name": "Ann Ode"}, {"given": "Bo", "family": "Li"}],
}


def read(**fields: Any) -> Paper:
    paper = unpaywall.parse({**WORK, **fields})
    assert isinstance(paper, Paper)
    return paper


def test_a_work_with_an_open_pdf():
    paper = read()
    assert paper.links == (("pdf", PDF),)
    assert [ids.format(i) for i in paper.identifiers] == ["doi:10.1073/pnas.1414271111"]
    assert (paper.title, paper.venue) == ("Developing Musculoskeletal Tissues", "PNAS")
    assert (paper.standing, paper.type, paper.date) == (Standing.PUBLISHED, "article", "2014")
    assert paper.authors == ("Ann Ode", "Li, Bo")
    assert paper.sightings == ()


@pytest.mark.parametrize(
    ("best", "others", "url"),
    [
        (None, [], ""),
        ({"url_for_pdf": None}, [{"url_for_pdf": None}, {"url_for_pdf": PDF}], PDF),
        ({"url_for_pdf": "ftp://x/y.pdf"}, None, ""),
        ({"url": PDF}, [], ""),
    ],
)
def test_the_best_pdf_is_taken(best: Any, others: Any, url: str):
    paper = read(best_oa_location=best, oa_locations=others)
    assert [link.url for link in paper.links] == ([url] if url else [])


def test_a_preprint_has_no_venue():
    assert read(genre="posted-content", journal_name=None).standing is Standing.PREPRINT


@given(
    st.dictionaries(
        st.sampled_from(list(WORK)),
        st.sampled_from([None, 0, 1.5, "", "x", [], [None], ["x"], {}, [{}], {"url_for_pdf": [1]}]),
        max_size=5,
    )
)
def test_no_work_is_too_odd(changed: dict[str, Any]):
    try:
        assert isinstance(unpaywall.parse({**WORK, **changed}), Paper | Problem)
    except SourceError:
        assert "doi" in changed


@pytest.mark.parametrize("said", [None, [], {}, {"error": True, "message": "no"}, {"results": []}])
def test_another_answer_is_an_error(said: Any):
    with pytest.raises(SourceError, match=r"api.unpaywall.org answered with something else"):
        unpaywall.parse(said)


def test_every_recorded_answer_is_read(shared: Path):
    papers, with_pdf = 0, 0
    for file in sorted((shared / "fixtures/unpaywall").glob("*.json")):
        said = json_of(Answer(unpaywall.URL, 200, {}, file.read_bytes()))
        # Its search, which is not asked, wraps works.
        for work in [hit["response"] for hit in said["results"]] if "results" in said else [said]:
            paper = unpaywall.parse(work)
            assert isinstance(paper, Paper)
            assert paper.title
            assert paper.venue
            assert paper.date
            papers += 1
            with_pdf += bool(paper.links)
    assert (papers, with_pdf) == (6, 1)


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client(contact="ann@ode.example") as opened:
        yield opened


def test_works_are_asked_for_one_by_one_with_the_owners_address(service: Service, client: Any):
    service.answer("unknown", Reply({"error": True, "HTTP_status_code": 404}, status=404))
    service.answer("pnas", WORK)
    wanted = [ids.parse("10.1000/unknown"), ids.parse("10.1073/pnas.1414271111")]
    [paper] = unpaywall.lookup(client, wanted, TODAY)
    assert paper.links == (("pdf", PDF),)
    assert [request.path for request in service.requests] == [
        "/v2/10.1000%2Funknown",
        "/v2/10.1073%2Fpnas.1414271111",
    ]
    assert service.requests[0].query == {"email": "ann@ode.example"}


def test_without_an_address_nothing_is_asked(service: Service):
    wanted = [ids.parse("10.1000/a")]
    with (
        service.client() as client,
        pytest.raises(SourceError, match=r"api.unpaywall.org wants your e-mail address; set conta"),
    ):
        list(unpaywall.lookup(client, wanted, TODAY))
    assert service.requests == []


def test_an_address_that_is_refused_is_said_but_not_shown(service: Service, client: Any):
    said = {"error": True, "message": "Please use your own email, not ann@ode.example"}
    service.answer("unpaywall", Reply(said, status=422))
    with pytest.raises(SourceError, match="422") as failed:
        list(unpaywall.lookup(client, [ids.parse("10.1000/a")], TODAY))
    assert "ann@" not in str(failed.value)

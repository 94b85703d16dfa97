"""DataCite: works by DOI."""

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
from readlist.sources import datacite
from readlist.sources.client import Answer, json_of

TODAY = date(2026, 11, 23)
WORK: dict[str, Any] = {
    "doi": "10.5281/zenodo.48440",
    "identifiers": [],
    "creators": [
        {"name": "Garza, Kristian", "givenName": "Kristian", "familyName": "Garza"},
        {"name": "Ode, Ann"},
        {"name": "CERN, Geneva", "nameType": "Organizational", "familyName": "x"},
    ],
    "titles": [{"title": "Analysis Tools", "lang": "en"}, {"title": "T", "titleType": "Subtitle"}],
    "publisher": "Zenodo",
    "container": {},
    "publicationYear": 2016,
    "subjects": [{"subject": "hci"}, {"subject": "FOS: Computer science"}, {"subject": "hci"}],
    "dates": [{"date": "2016-03-27", "dateType": "Issued"}],
    "types": {"bibtex": "misc", "citeproc": "article", "resourceTypeGeneral": "Software"},
    "relatedIdentifiers": [],
    "descriptions": [{"description": "<p>We <b>do</b>.</p>", "descriptionType": "Abstract"}],
    "citationCount": 0,
    "url": "https://zenodo.org/record/48440",
}


def answer(**fields: Any) -> dict[str, Any]:
    return {"data": {"id": "x", "type": "dois", "attributes": {**WORK, **fields}}}


def read(**fields: Any) -> Paper:
    paper = datacite.parse(answer(**fields), TODAY)
    assert isinstance(paper, Paper)
    return paper


def named(paper: Paper) -> list[str]:
    return [ids.format(identifier) for identifier in paper.identifiers]


def test_software_is_read():
    paper = read()
    assert paper.title == "Analysis Tools: T"
    assert paper.authors == ("Garza, Kristian", "Ode, Ann", "CERN, Geneva")
    assert (paper.standing, paper.type, paper.date) == (Standing.PREPRINT, "misc", "2016-03-27")
    assert paper.versions[0].fields == {"publisher": "Zenodo"}
    assert named(paper) == ["doi:10.5281/zenodo.48440"]
    assert (paper.abstract, paper.extra) == ("We do.", {"keywords": "hci"})
    assert (paper.links, paper.sightings) == ((), ())


def test_a_preprint_is_dated_by_its_first_version_and_known_by_its_arxiv_id():
    paper = read(
        doi="10.48550/arxiv.1706.03762",
        identifiers=[{"identifier": "1706.03762", "identifierType": "arXiv"}],
        types={"bibtex": "misc", "resourceTypeGeneral": "Preprint"},
        publisher="arXiv",
        dates=[
            {"date": "2023-08-02T00:41:18Z", "dateType": "Submitted", "dateInformation": "v7"},
            {"date": "2017-06-12T17:57:34Z", "dateType": "Submitted", "dateInformation": "v1"},
            {"date": "2017-06", "dateType": "Issued"},
        ],
        relatedIdentifiers=[
            {
                "relationType": "IsVersionOf",
                "relatedIdentifier": "10.1000/PUB",
                "relatedIdentifierType": "DOI",
            },
            {
                "relationType": "References",
                "relatedIdentifier": "10.1000/other",
                "relatedIdentifierType": "DOI",
            },
        ],
        url="https://arxiv.org/abs/1706.03762",
    )
    assert (paper.standing, paper.date, paper.venue) == (Standing.PREPRINT, "2017-06-12", "")
    assert named(paper) == ["arxiv:1706.03762", "doi:10.1000/pub"]


def test_a_conference_paper_has_its_volume_pages_and_editors():
    paper = read(
        types={"bibtex": "inproceedings", "resourceTypeGeneral": "ConferencePaper"},
        container={
            "type": "Series",
            "title": "LIPIcs, Volume 22, TQC 2013",
            "volume": "22",
            "firstPage": "93",
            "lastPage": "105",
        },
        contributors=[
            {"familyName": "Li", "givenName": "Bo", "contributorType": "Editor"},
            {"familyName": "Ode", "givenName": "Ann", "contributorType": "Sponsor"},
        ],
        publisher={"name": "Dagstuhl"},
    )
    assert (paper.standing, paper.venue) == (Standing.PUBLISHED, "LIPIcs, Volume 22, TQC 2013")
    assert paper.type == "inproceedings"
    assert paper.versions[0].fields == {
        "volume": "22",
        "pages": "93--105",
        "publisher": "Dagstuhl",
        "editor": "Li, Bo",
    }


@pytest.mark.parametrize(
    ("types", "container", "type"),
    [
        ({"resourceTypeGeneral": "Text", "bibtex": "phdthesis"}, {}, "phdthesis"),
        ({"resourceTypeGeneral": "Dissertation"}, {}, "phdthesis"),
        ({"resourceTypeGeneral": "Text", "bibtex": "article"}, {"title": "J"}, "article"),
        ({"resourceTypeGeneral": "Text", "bibtex": "article"}, {}, ""),
        ({"resourceTypeGeneral": "Report"}, {}, "techreport"),
        ({"resourceTypeGeneral": "Dataset", "bibtex": "article"}, {"title": "J"}, "misc"),
        (None, {}, ""),
    ],
)
def test_types(types: Any, container: Any, type: str):
    assert read(types=types, container=container, publisher="MIT").type == type


def test_citations_are_a_signal_where_they_are_counted():
    [seen] = read(citationCount=3).sightings
    assert (seen.source, seen.citations) == ("datacite", 3)
    assert read(citationCount="3").sightings == ()


def test_the_year_stands_in_for_a_date():
    assert read(dates=[{"date": "soon", "dateType": "Issued"}]).date == "2016"
    assert read(dates={"date": "2016-03", "dateType": "Available"}).date == "2016-03"


odd = st.recursive(
    st.sampled_from([None, True, 0, 1.5, "", "x", "2017"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["title", "name", "date", "dateType", "familyName", "bibtex"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(WORK)), odd, max_size=5))
def test_no_work_is_too_odd(changed: dict[str, Any]):
    assert isinstance(datacite.parse(answer(**changed), TODAY), Paper | Problem)


@pytest.mark.parametrize("said", [None, [], {}, {"data": []}, {"errors": [{"status": "404"}]}])
def test_another_answer_is_an_error(said: Any):
    with pytest.raises(SourceError, match=r"api.datacite.org answered with something else"):
        datacite.parse(said, TODAY)


def test_every_recorded_answer_is_read(shared: Path):
    counts: Counter[str] = Counter()
    for file in sorted((shared / "fixtures/datacite").glob("*.json")):
        said = json_of(Answer(datacite.URL, 200, {}, file.read_bytes()))
        if isinstance(said, list):  # which agency a DOI is of
            counts["agency"] += 1
        elif "creators" in said:  # as content negotiation gives it
            assert isinstance(datacite.paper(said, TODAY), Paper)
            counts["negotiated"] += 1
        elif "data" in said:
            paper = datacite.parse(said, TODAY)
            assert isinstance(paper, Paper)
            assert paper.title
            assert paper.authors
            assert paper.date
            assert paper.abstract
            assert paper.identifiers
            counts["papers"] += 1
    assert counts == {"agency": 5, "negotiated": 2, "papers": 5}


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with service.client() as opened:
        yield opened


def test_works_are_asked_for_one_by_one(service: Service, client: Any):
    service.answer("unknown", Reply({"errors": [{"status": "404"}]}, status=404))
    service.answer("zenodo", answer())
    wanted = [ids.parse("10.5061/unknown"), ids.parse("10.5281/zenodo.48440")]
    [paper] = datacite.lookup(client, wanted, TODAY)
    assert paper.title == "Analysis Tools: T"
    assert [request.url for request in service.requests] == [
        "https://api.datacite.org/dois/10.5061%2Funknown",
        "https://api.datacite.org/dois/10.5281%2Fzenodo.48440",
    ]

"""What papers lack is filled in, when it agrees with what is known."""

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from answers import SHEEP, atom
from click.testing import Result
from server import Reply, Service

from readlist.library import Library
from readlist.models import Standing

Run = Callable[..., Result]
TITLE = "Counting Sheep Is All You Need"
KNOWN = {
    "paperId": "a" * 40,
    "externalIds": {"ArXiv": "1706.03762", "DOI": "10.1000/sheep"},
    "title": TITLE,
    "abstract": "We count them.",
    "venue": "Journal of Rest",
    "publicationVenue": {"name": "Journal of Rest", "type": "journal"},
    "year": 2018,
    "authors": [{"name": "Ann Ode"}],
    "citationCount": 7,
    "openAccessPdf": {"url": "https://example.org/sheep.pdf"},
}


@pytest.fixture
def services(service: Service) -> Service:
    """Services that know of nothing, and one that knows of sheep."""
    service.answer(".", Reply({"error": "not found"}, status=404))
    service.answer("/works", {"message-type": "work-list", "message": {"items": []}})
    service.answer("api.openalex.org", {"results": [], "meta": {"count": 0}})
    service.answer("sparql", {"head": {"vars": []}, "results": {"bindings": []}})
    service.answer("/api/query", atom())
    service.answer("/paper/batch", [KNOWN])
    return service


def only(library: Library) -> Any:
    (entry,) = make.everything(library)
    return entry.paper


def test_a_bare_id_gets_everything(run: Run, library: Library, services: Service):
    make.add(library, make.paper("", ids="arxiv:1706.03762"))
    done = run("enrich", "--only", "abstract,authors,published,pdf", client=services.client)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"abstract, authors, published  1  {TITLE}\n"
    paper = only(library)
    assert (paper.title, paper.abstract, paper.venue) == (
        TITLE,
        "We count them.",
        "Journal of Rest",
    )
    assert paper.standing is Standing.PUBLISHED
    assert paper.identifier("doi") == "10.1000/sheep"
    assert paper.sightings[-1].citations == 7
    assert len(services.requests) == 1


def test_a_bare_title_gets_its_id_and_what_follows(run: Run, library: Library, services: Service):
    make.add(library, make.paper(TITLE))
    services.answer("/api/query", atom(SHEEP))
    done = run("enrich", "--only", "abstract,authors", client=services.client)
    assert done.stdout == f"identifier, abstract, authors, pdf  1  {TITLE}\n"
    assert only(library).identifier("arxiv") == "1706.03762"


@pytest.mark.parametrize(
    "changed", [{"title": "Counting Goats Is All You Need"}, {"title": "Something Else Entirely"}]
)
def test_what_is_of_another_title_is_not_taken(
    run: Run, library: Library, services: Service, changed: dict[str, Any]
):
    make.add(library, make.paper(TITLE, ids="arxiv:1706.03762"))
    services.answer("/paper/batch", [{**KNOWN, **changed}])
    done = run("enrich", "--only", "published", client=services.client)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert only(library).venue == ""


def test_what_nobody_knows_is_asked_for_once(run: Run, library: Library, services: Service):
    make.add(library, make.paper(TITLE, ids="arxiv:1706.03762"))
    services.answer("/paper/batch", [None])
    run("enrich", "--only", "published", client=services.client)
    asked = len(services.requests)
    assert asked
    run("enrich", "--only", "published", client=services.client)
    assert len(services.requests) == asked


def test_what_a_service_that_failed_might_know_is_asked_for_again(
    run: Run, library: Library, services: Service
):
    make.add(library, make.paper(TITLE, ids="arxiv:1706.03762"))
    services.answer("/paper/batch", 403)
    done = run("enrich", "--only", "published", client=services.client)
    assert done.exit_code == 1
    assert "problem: semantic_scholar: api.semanticscholar.org answered 403" in done.stderr
    services.answer("/paper/batch", [KNOWN])
    done = run("enrich", "--only", "published", client=services.client)
    assert done.stdout == f"abstract, authors, published  1  {TITLE}\n"


def test_filters_choose_and_json_tells(run: Run, library: Library, services: Service):
    make.add(library, make.paper(TITLE, ids="arxiv:1706.03762"), *make.distinct(2))
    make.rate(library, 1, 1)
    done = run("enrich", "--rating", "like", "--json", client=services.client)
    told = json.loads(done.stdout)
    assert {item["id"] for item in told} == {1}
    asked = [r.json["ids"] for r in services.requests if r.path.endswith("/batch")]
    assert asked[0] == ["ARXIV:1706.03762"]


def test_a_part_that_there_is_not(run: Run, library: Library, services: Service):
    done = run("enrich", "--only", "abstract,colour", client=services.client)
    assert done.exit_code == 2
    assert "no part 'colour'; there are abstract, authors, published, pdf, code" in done.stderr

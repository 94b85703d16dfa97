"""Semantic Scholar's Academic Graph and Recommendations (https://api.semanticscholar.org/api-docs):
hundreds of papers by their ids in one request, papers by title, and what it recommends for the
owner's likes and dislikes.

It merges a preprint with its publication and gives one date, which is often that of the preprint:
a publication gets its year only. A title that it is asked for with hyphens it does not find.

A feed has no options. It asks anew each time, and remembers nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from .. import csl, ids, venues
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..text import bibtex_source, page_range
from . import Page
from .client import Client, json_of

GRAPH = "https://api.semanticscholar.org/graph/v1/paper"
RECOMMENDATIONS = "https://api.semanticscholar.org/recommendations/v1/papers/"
OPTIONS: Mapping[str, Any] = {}

# How each scheme is spelled to it, and what it calls them in answers.
_PREFIXES = {
    "s2": "",
    "corpusid": "CorpusId:",
    "arxiv": "ARXIV:",
    "doi": "DOI:",
    "pmid": "PMID:",
    "pmcid": "PMCID:",
    "acl": "ACL:",
    "dblp": "DBLP:",
}
SCHEMES = tuple(_PREFIXES)
_EXTERNAL = {
    "CorpusId": "corpusid",
    "ArXiv": "arxiv",
    "DOI": "doi",
    "PubMed": "pmid",
    "PubMedCentral": "pmcid",
    "ACL": "acl",
    "DBLP": "dblp",
}
_FIELDS = (
    "paperId,externalIds,title,abstract,venue,publicationVenue,year,publicationDate,journal,"
    "publicationTypes,authors,citationCount,openAccessPdf"
)
_AT_ONCE = 500
_LONGEST = 300  # characters of a search
_RECOMMENDED = 100
_TYPES = {"journal": "article", "conference": "inproceedings"}


def lookup(
    client: Client, identifiers: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem]:
    """The papers in the order asked; each has the identifier that it was asked by."""
    wanted = [i for i in dict.fromkeys(identifiers) if i.scheme in _PREFIXES]
    for start in range(0, len(wanted), _AT_ONCE):
        asked = wanted[start : start + _AT_ONCE]
        try:
            answer = client.post(
                f"{GRAPH}/batch",
                json={"ids": [_spelled(identifier) for identifier in asked]},
                params={"fields": _FIELDS},
                headers=_headers(client),
            )
        except SourceError as error:
            if error.status == 400 and "valid paper ids" in str(error):
                continue  # it knows none of them
            raise
        said = json_of(answer)
        if not isinstance(said, list) or len(said) != len(asked):
            raise SourceError("api.semanticscholar.org answered with something else than papers")
        for identifier, value in zip(asked, said, strict=True):
            if value is not None:
                yield _with(identifier, _paper(value, today))


def search(client: Client, title: str, today: date) -> list[Paper]:
    """The paper that it takes for the one with this title, or else those that are most like it."""
    query = " ".join(re.findall(r"[^\W_]+", title))[:_LONGEST]
    if not query:
        return []
    for path, limit in (("search/match", {}), ("search", {"limit": 10})):
        answer = client.get(
            f"{GRAPH}/{path}",
            params={"query": query, "fields": _FIELDS, **limit},
            headers=_headers(client),
        )
        found = [] if answer.status == 404 else parse(json_of(answer), today)
        if papers := [item for item in found if isinstance(item, Paper)]:
            return papers
    return []


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],  # noqa: ARG001 - as every feed
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """What it recommends for the `_likes` and `_dislikes` in the options, each paper by its
    identifiers; published since a day, if one is given.
    """
    liked, disliked = (_known(options.get(name, ())) for name in ("_likes", "_dislikes"))
    if not liked:
        raise SourceError("Semantic Scholar recommends for likes, and there are none; like a paper")
    answer = client.post(
        RECOMMENDATIONS,
        json={"positivePaperIds": liked, "negativePaperIds": disliked},
        params={"fields": _FIELDS, "limit": _RECOMMENDED},
        headers=_headers(client),
    )
    items = parse(json_of(answer), now.date(), place="recommended")
    new = [item for item in items if isinstance(item, Problem) or _is_since(item, since)]
    yield Page(new, {})


def _known(papers: Iterable[Iterable[Identifier]]) -> list[str]:
    """Each paper by one identifier that it takes."""
    found = []
    for identifiers in papers:
        by_scheme = {i.scheme: i for i in identifiers if i.scheme in _PREFIXES}
        found += [_spelled(by_scheme[name]) for name in _PREFIXES if name in by_scheme][:1]
    return found


def _is_since(paper: Paper, since: date | None) -> bool:
    return since is None or paper.date >= since.isoformat()[: len(paper.date)]


def parse(said: Any, today: date, place: str = "") -> list[Paper | Problem]:
    """The papers of an answer; those that it does not know are null, and left out.

    :raises SourceError: it is not about papers.
    """
    if isinstance(said, dict) and "paperId" in said:
        said = [said]
    elif isinstance(said, dict):
        # A search that finds nothing has no data at all.
        said = said.get("recommendedPapers", said.get("data", [] if "total" in said else None))
    if not isinstance(said, list):
        raise SourceError("api.semanticscholar.org answered with something else than papers")
    return [_paper(value, today, place) for value in said if value is not None]


def _paper(value: Any, today: date, place: str = "") -> Paper | Problem:
    if not isinstance(value, dict):
        return Problem(where="semantic scholar", what="not a record", raw=str(value)[:200])
    identifiers = tuple(_identifiers(value))
    title = csl.text(value.get("title"))
    if not title and not identifiers:
        what = "no title and no identifier"
        return Problem(where="semantic scholar", what=what, raw=str(value)[:200])
    cited = csl.count(value.get("citationCount"))
    seen = Sighting(source="s2", place=place, at=today.isoformat(), citations=cited)
    pdf = value.get("openAccessPdf")
    url = csl.text(pdf.get("url")) if isinstance(pdf, dict) else ""
    return Paper(
        versions=(_version(value, title),),
        authors=tuple(
            filter(None, (csl.text(a.get("name")) for a in csl.records(value.get("authors"))))
        ),
        abstract=csl.text(value.get("abstract")),
        identifiers=identifiers,
        links=(Link("pdf", url),) if url.startswith("http") else (),
        sightings=(seen,) if place or cited is not None else (),
    )


def _version(value: Mapping[str, Any], title: str) -> Version:
    place = value.get("publicationVenue")
    place = place if isinstance(place, dict) else {}
    venue = csl.text(place.get("name")) or csl.text(value.get("venue"))
    year = csl.count(value.get("year"))
    if not venue or venues.is_preprint_server(venue):
        day = csl.text(value.get("publicationDate"))[:10] or str(year or "")
        return Version(standing=Standing.PREPRINT, title=title, date=day)
    journal = value.get("journal")
    journal = journal if isinstance(journal, dict) else {}
    fields = {
        "volume": bibtex_source(csl.text(journal.get("volume"))),
        "pages": page_range(bibtex_source(csl.text(journal.get("pages")))),
    }
    # It puts the number of an arXiv paper there, as DBLP does.
    fields = {name: text for name, text in fields.items() if text and "abs/" not in text}
    kinds = str(value.get("publicationTypes"))
    type = _TYPES.get(csl.text(place.get("type")))
    return Version(
        standing=Standing.PUBLISHED,
        title=title,
        venue=venue,
        date=str(year or ""),
        type=type or ("inproceedings" if "Conference" in kinds else "article"),
        fields=fields,
    )


def _identifiers(value: Mapping[str, Any]) -> Iterator[Identifier]:
    external = value.get("externalIds")
    external = external if isinstance(external, dict) else {}
    spelled = [
        f"s2:{csl.text(value.get('paperId'))}",
        f"corpusid:{csl.text(value.get('corpusId'))}",
    ]
    for name, scheme in _EXTERNAL.items():
        spelled += [f"{scheme}:{number}" for number in [csl.text(external.get(name))] if number]
    for text in spelled:
        text = re.sub(r"^pmcid:(?=\d)", "pmcid:PMC", text)  # noqa: PLW2901
        if found := ids.parse(text):
            yield found


def _with(identifier: Identifier, paper: Paper | Problem) -> Paper | Problem:
    if isinstance(paper, Problem) or identifier in paper.identifiers:
        return paper
    return replace(paper, identifiers=(*paper.identifiers, identifier))


def _spelled(identifier: Identifier) -> str:
    return _PREFIXES[identifier.scheme] + identifier.value


def _headers(client: Client) -> dict[str, str]:
    key = client.key("s2")
    return {"x-api-key": key} if key else {}

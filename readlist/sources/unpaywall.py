"""Unpaywall (https://unpaywall.org/products/api): where a work may be read for free, by DOI.

It asks who asks: without the owner's e-mail address it does not answer. It knows the DOIs of
Crossref only, of which it repeats the facts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from .. import csl
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem
from .client import Client, json_of

URL = "https://api.unpaywall.org/v2"
SCHEMES = ("doi",)


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The works of DOIs with a link to an open PDF if there is one, by a request each.

    :raises SourceError: also if the owner's address is not known.
    """
    if identifiers and not client.contact:
        raise SourceError(
            "api.unpaywall.org wants your e-mail address; set contact in the settings file"
        )
    for doi in identifiers:
        url = f"{URL}/{quote(doi.value, safe='')}"
        answer = client.get(url, params={"email": client.contact})
        if answer.status not in (404, 410):
            yield parse(json_of(answer))


def parse(work: Any) -> Paper | Problem:
    """The work of an answer.

    :raises SourceError: it is not about one.
    """
    if not isinstance(work, dict) or not csl.text(work.get("doi")):
        raise SourceError("api.unpaywall.org answered with something else than a work")
    item = {
        "type": work.get("genre"),
        "title": work.get("title"),
        "author": [_name(person) for person in csl.records(work.get("z_authors"))],
        "issued": work.get("year"),  # its dates have a day also where Crossref knows none
        "container-title": work.get("journal_name"),
        "publisher": work.get("publisher"),
        "DOI": work["doi"],
    }
    found = csl.paper(item, f"unpaywall {csl.text(work['doi'])}")
    pdf = _pdf(work)
    return replace(found, links=(Link("pdf", pdf),)) if isinstance(found, Paper) and pdf else found


def _pdf(work: Mapping[str, Any]) -> str:
    """The best open PDF, or `""`."""
    places = [*csl.records(work.get("best_oa_location")), *csl.records(work.get("oa_locations"))]
    urls = [csl.text(place.get("url_for_pdf")) for place in places]
    return next((url for url in urls if url.startswith(("https://", "http://"))), "")


def _name(person: Mapping[str, Any]) -> dict[str, Any]:
    """A name; until 2025 it was in parts."""
    return {"literal": person.get("raw_author_name"), **person}

"""Crossref's REST API (https://api.crossref.org/swagger-ui/index.html): works by DOI and by title.

It takes many DOIs in one filter, which separates them by commas and does not find those with
characters that others escape: such DOIs are asked for one by one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from .. import csl, ids
from ..errors import SourceError
from ..models import Identifier, Paper, Problem, Sighting
from .client import Client, json_of

URL = "https://api.crossref.org/works"
SCHEMES = ("doi",)

_AT_ONCE = 50
_PLAIN = re.compile(r"[a-z0-9./_-]+")
_LONGEST = 500  # characters of a search
# How the preprint and the publication of one work name each other.
_SAME_WORK = ("is-preprint-of", "has-preprint")
_UPDATES = {
    "retraction": "retracted",
    "partial retraction": "retracted in part",
    "withdrawal": "withdrawn",
    "removal": "removed",
    "expression of concern": "expression of concern",
}
# Publishers mark a title so; a title may also begin with such a word.
_MARK = re.compile(
    r"(RETRACTED|WITHDRAWN)\s*[:–-]\s*"
    r"|(?i:(retracted|withdrawn)\s+(?:article|chapter|paper)\s*[:–-]\s*)"
    r"|(?i:[\[(]\s*(retracted|withdrawn)(?:\s+(?:article|chapter|paper))?\s*[\])]\s*[:.–-]?\s*)"
)


def lookup(
    client: Client, identifiers: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem]:
    """The works of DOIs, in the order asked."""
    for start in range(0, len(identifiers), _AT_ONCE):
        wanted = list(dict.fromkeys(identifiers[start : start + _AT_ONCE]))
        together = [doi for doi in wanted if _PLAIN.fullmatch(doi.value)]
        if len(together) == 1:
            together = []
        found: dict[Identifier, Paper] = {}
        problems: list[Problem] = []
        if together:
            dois = ",".join(f"doi:{doi.value}" for doi in together)
            answer = client.get(URL, params={"filter": dois, "rows": len(together)})
            for item in parse(json_of(answer), today):
                if isinstance(item, Paper):
                    found |= dict.fromkeys(item.identifiers[:1], item)
                else:
                    problems.append(item)
        for doi in wanted:
            if doi not in together:
                yield from _single(client, doi, today)
            elif doi in found:
                yield found[doi]
        yield from problems


def _single(client: Client, doi: Identifier, today: date) -> Iterator[Paper | Problem]:
    answer = client.get(f"{URL}/{quote(doi.value, safe='')}")
    if answer.status in (404, 410):
        return
    for item in parse(json_of(answer), today):
        if isinstance(item, Paper) and doi not in item.identifiers:
            # It is an older name of the work.
            item = replace(item, identifiers=(*item.identifiers, doi))  # noqa: PLW2901
        yield item


def search(client: Client, title: str, today: date) -> list[Paper]:
    """The works whose title, authors and venue are most like `title`, the best first."""
    params: dict[str, str | int] = {"query.bibliographic": title[:_LONGEST], "rows": 10}
    items = parse(json_of(client.get(URL, params=params)), today)
    return [item for item in items if isinstance(item, Paper)]


def parse(said: Any, today: date) -> list[Paper | Problem]:
    """The works of an answer. The first identifier of each is its own DOI.

    :raises SourceError: it is not about works.
    """
    message = said.get("message") if isinstance(said, dict) else None
    kind = said.get("message-type") if isinstance(said, dict) else ""
    if kind == "work" and isinstance(message, dict):
        return [_paper(message, today)]
    works = message.get("items") if kind == "work-list" and isinstance(message, dict) else None
    if not isinstance(works, list):
        raise SourceError("api.crossref.org answered with something else than works")
    return [_paper(work, today) for work in works]


def _paper(work: Any, today: date) -> Paper | Problem:
    doi = csl.text(work.get("DOI")) if isinstance(work, dict) else ""
    found = csl.paper(work, f"crossref {doi}".rstrip())
    if isinstance(found, Problem):
        return found
    version, retractions = found.versions[0], _retractions(work, doi)
    mark = _MARK.match(version.title)
    if mark and not _is_notice(work, doi):
        version = replace(version, title=version.title[mark.end() :])
        retractions = retractions or (f"{mark[mark.lastindex or 0].lower()} (crossref)",)
    cited = csl.count(work.get("is-referenced-by-count"))
    seen = Sighting(source="crossref", at=today.isoformat(), citations=cited)
    return replace(
        found,
        versions=(version,),
        identifiers=tuple(dict.fromkeys([*found.identifiers, *_related(work.get("relation"))])),
        retractions=retractions,
        sightings=() if cited is None else (seen,),
    )


def _related(relation: Any) -> Iterator[Identifier]:
    for name in _SAME_WORK if isinstance(relation, dict) else ():
        for other in csl.records(relation.get(name)):
            id = csl.text(other.get("id"))
            if found := ids.parse(f"{csl.text(other.get('id-type'))}:{id}") or ids.parse(id):
                yield found


def _retractions(work: Mapping[str, Any], doi: str) -> tuple[str, ...]:
    """What was said of the work later; a few records say it of themselves."""
    updates = [u for u in csl.records(work.get("update-to")) if _is_same(u.get("DOI"), doi)]
    found = []
    for update in [*csl.records(work.get("updated-by")), *updates]:
        kind = re.sub(r"[^a-z]+", " ", csl.text(update.get("type")).lower())
        if kind in _UPDATES:
            when = csl.date(update.get("updated"))
            found.append(" ".join(filter(None, [_UPDATES[kind], when, "(crossref)"])))
    return tuple(dict.fromkeys(found))


def _is_notice(work: Mapping[str, Any], doi: str) -> bool:
    """Whether the work tells of another one: notices, too, are titled `Retracted: …`."""
    return any(not _is_same(u.get("DOI"), doi) for u in csl.records(work.get("update-to")))


def _is_same(one: Any, other: str) -> bool:
    return csl.text(one).lower() == other.lower()

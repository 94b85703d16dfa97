"""arXiv's OAI-PMH service (https://info.arxiv.org/help/oa/), for copies of its metadata that stay
up to date: it tells which records of a set have changed since a day.

A record's datestamp moves when a paper is announced, replaced, listed in a further category, or
corrected, so asking from the day of the last answer misses nothing. It answers an hour or more
after the nightly announcements, sometimes with the rest of a night on the day after: one day more
is asked for again. Its lists come in pages, each with a token for the next one that holds until
the next night; a list that was broken off is continued with the token, or begun anew without.

Options of a feed: `set`, as in `cs`, `cs:cs:LG` or `physics:hep-th`. It begins with what changed
in the last seven days. All that changed comes in, replaced and corrected papers, too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from .. import arxiv, dates
from ..errors import SourceError
from ..models import Identifier, Paper, Problem, Sighting
from . import Page
from .client import Client, xml_of

URL = "https://oaipmh.arxiv.org/oai"
OPTIONS: Mapping[str, Any] = {"set": str}

START = timedelta(days=7)
_OVERLAP = timedelta(days=1)
# The archives of the group physics; the other groups have one archive, of the same name.
_PHYSICS = (
    "astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nlin|nucl-(?:ex|th)|physics|quant-ph"
)


def set_of(category: str) -> str:
    """The set of a category or archive: group, archive and category.

    >>> set_of("cs.LG"), set_of("hep-th"), set_of("math")
    ('cs:cs:LG', 'physics:hep-th', 'math')
    """
    archive, dot, name = category.partition(".")
    if re.fullmatch(_PHYSICS, archive):
        archive = f"physics:{archive}"
    elif dot:
        archive = f"{archive}:{archive}"
    return f"{archive}:{name}" if dot else archive


def get(client: Client, identifiers: Sequence[Identifier]) -> Iterator[Paper | Problem]:
    """Each paper by a request of its own, for when the API cannot be asked for them in one."""
    for identifier in identifiers:
        params = {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{identifier.value}",
            "metadataPrefix": "arXiv",
        }
        root = xml_of(client.get(URL, params=params))
        if _error(root) != "idDoesNotExist":
            yield from parse(root)


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    seen = (Sighting(source="arxiv", place=options["set"], at=now.date().isoformat()),)
    yield from harvest(client, [options["set"]], begin(state, now, since), now, seen)


def begin(state: Mapping[str, Any], now: datetime, since: date | None) -> dict[str, Any]:
    """Where a harvest starts: at a day that is asked for, where it stood, or a week ago."""
    if since:
        return {"from": since.isoformat()}
    return dict(state) or {"from": (now.date() - START).isoformat()}


def harvest(
    client: Client,
    sets: Sequence[str],
    state: Mapping[str, Any],
    now: datetime,
    seen: tuple[Sighting, ...],
) -> Iterator[Page]:
    """What has changed in some sets since the day `state["from"]`.

    In the midst of it the state also has the day it began (`begun`), the sets that are left
    (`left`) and the `token` for the next page of the first of them. One that was broken off is
    brought to its end, and what has changed since it began follows.
    """
    start, begun, token = state["from"], state.get("begun", ""), state.get("token", "")
    goes_on = "left" in state
    left = [name for name in state.get("left", sets) if name in sets]
    while left:
        root = _list(client, left[0], start, token)
        if token and _error(root) == "badResumptionToken":
            token = ""
            continue
        items = parse(root, seen)
        begun = begun or dates.iso(root.findtext("{*}responseDate")) or now.date().isoformat()
        token = (root.findtext("{*}ListRecords/{*}resumptionToken") or "").strip()
        if not token:
            left = left[1:]
        if goes_on and not left:
            start, begun, left, goes_on = _before(begun), "", list(sets), False
        rest = {"from": start, "begun": begun, "left": left, "token": token}
        yield Page(items, rest if left else {"from": _before(begun)})


def _list(client: Client, name: str, start: str, token: str) -> Element:
    params = (
        {"verb": "ListRecords", "resumptionToken": token}
        if token
        else {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": name, "from": start}
    )
    return xml_of(client.get(URL, params=params))


def _before(day: str) -> str:
    return (date.fromisoformat(day) - _OVERLAP).isoformat()


def _error(root: Element) -> str:
    error = root.find("{*}error")
    return "" if error is None else error.get("code", "")


def parse(root: Element, seen: tuple[Sighting, ...] = ()) -> list[Paper | Problem]:
    """The records of an answer in arXiv's own format (`metadataPrefix=arXiv`).

    :raises SourceError: the service says that it was asked wrongly, or it is none.
    """
    if not root.tag.endswith("}OAI-PMH"):
        raise SourceError("oaipmh.arxiv.org answered with something else than OAI-PMH")
    code = _error(root)
    if code and code != "noRecordsMatch":
        said = arxiv.fold(root.findtext("{*}error"))
        raise SourceError(f"oaipmh.arxiv.org answered: {code} {said}".rstrip())
    found = []
    for record in root.iterfind("*/{*}record"):
        header = record.find("{*}header")
        if header is None or header.get("status") != "deleted":
            found.append(_paper(record, seen))
    return found


def _paper(record: Element, seen: tuple[Sighting, ...]) -> Paper | Problem:
    id = arxiv.fold(record.findtext("{*}header/{*}identifier"))
    metadata = record.find("{*}metadata/{*}arXiv")
    if metadata is None:
        return Problem(where=id or "arxiv", what="a record without arXiv's metadata")
    said = {child.tag.rpartition("}")[2]: child.text for child in metadata}
    said.setdefault("id", id)
    authors = []
    for author in metadata.iterfind("{*}authors/{*}author"):
        parts = [
            arxiv.fold(author.findtext(f"{{*}}{n}")) for n in ("keyname", "forenames", "suffix")
        ]
        authors.append(arxiv.name(*parts))
    return arxiv.paper(
        said,
        where=f"arxiv {said['id']}",
        authors=tuple(filter(None, authors)),
        date=dates.iso(said.get("created")),
        sightings=seen,
    )

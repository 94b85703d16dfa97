"""bioRxiv and medRxiv (https://api.biorxiv.org/), which share a service that knows papers by the day
on which each of their versions was posted, and by DOI. It cannot search.

A day may get some of its papers late: each fetch begins three days before the last day that was
read. Revised and withdrawn papers come in, too, with their latest version.

Options of a feed: `server`, `biorxiv` or `medrxiv` (without: `biorxiv`); `categories`, a list as in
`["neuroscience", "cell biology"]` (without: all). It begins with the last seven days.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from .. import dates, ids, plain
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Sighting, Version
from . import Page
from .client import Answer, Client, json_of

URL = "https://api.biorxiv.org/details"  # for both: api.medrxiv.org often does not answer
SCHEMES = ("doi",)
SERVERS = ("biorxiv", "medrxiv")
OPTIONS: Mapping[str, Any] = {"server": SERVERS, "categories": list}

_START = timedelta(days=7)
_LATE = timedelta(days=3)
_AT_ONCE = timedelta(days=6)
_FIRST = date(2013, 11, 7)  # bioRxiv's first paper
_PREFIXES = ("10.1101/", "10.64898/")  # the latter since December 2025
_WITHDRAWN = re.compile(r"(?i)(?:withdrawn|retracted)\s*:\s*")
_SUBMITTED = re.compile(r"/(20[0-9]{2})\.([0-9]{2})\.[0-9]{2}\.")


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """The state has the `day` up to which everything was read."""
    server, categories = options.get("server", "biorxiv"), options.get("categories", [""])
    today = now.date()
    start = since or today - _START
    if not since and "day" in state:
        start = min(date.fromisoformat(state["day"]), today) - _LATE
    start = max(start, _FIRST)
    seen = (Sighting(source="biorxiv", place=server, at=today.isoformat()),)
    known = dict(state)
    while start <= today:
        end = min(start + _AT_ONCE, today)
        for category in categories:
            for records in _posted(client, f"{server}/{start}/{end}", category):
                yield Page(parse(records, server, seen), dict(known))
        known = {"day": end.isoformat()}
        yield Page([], dict(known))
        start = end + timedelta(days=1)


def _posted(client: Client, span: str, category: str) -> Iterator[list[Any]]:
    """The pages of what was posted in a span of days.

    :raises SourceError: there were said to be more records, and twice none came, or the same.
    """
    params = {"category": _folded(category).replace(" ", "_")} if category else {}
    cursor, again = 0, False
    records: list[Any] = []
    while True:
        before = records
        url = f"{URL}/{span}/{cursor}/json"
        records, total = _records(client.get(url, params=params, fresh=again))
        cursor += len(records)
        if records and records == before:
            raise SourceError("api.biorxiv.org answered with the same page twice; try again later")
        if records:
            yield [record for record in records if _is_of(record, category)]
        # Whether the total is that of the category is not said.
        if cursor >= total > 0 or (not records and (category or not total)):
            return
        if again and not records:
            raise SourceError("api.biorxiv.org answered with an empty page; try again later")
        again = not records


def _records(answer: Answer) -> tuple[list[Any], int]:
    """The records of a page, and how many all pages have, 0 if that is not said.

    :raises SourceError: it is no answer of the service.
    """
    said = json_of(answer) if answer.status < 400 else None
    messages = said.get("messages") if isinstance(said, dict) else None
    message = messages[0] if isinstance(messages, list) and messages else None
    about = message if isinstance(message, dict) else {}
    records = said.get("collection") if isinstance(said, dict) else None
    if not isinstance(records, list):
        what = _text(about.get("status")) or "something else than a list of papers"
        raise SourceError(f"api.biorxiv.org answered with {what}", answer.status)
    total = str(about.get("total"))
    return records, int(total) if re.fullmatch(r"[0-9]{1,9}", total) else 0


def _is_of(record: Any, category: str) -> bool:
    of = record.get("category") if isinstance(record, dict) else ""
    return not category or not of or _folded(of) == _folded(category)


def _folded(category: Any) -> str:
    return " ".join(str(category).lower().replace("_", " ").split())


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as of every source
) -> Iterator[Paper | Problem]:
    """The papers of DOIs, by a request or two each: a DOI does not say of which server it is."""
    for identifier in identifiers:
        if not identifier.value.startswith(_PREFIXES):
            continue
        for server in SERVERS:
            url = f"{URL}/{server}/{quote(identifier.value)}/na/json"
            answer = client.get(url)
            records = [] if answer.status >= 400 else _records(answer)[0]
            found = parse(records, server)
            yield from found
            if found:
                break


def parse(
    records: Sequence[Any], server: str, seen: tuple[Sighting, ...] = ()
) -> list[Paper | Problem]:
    """The papers of records, which are of one version each."""
    versions: dict[object, list[Mapping[str, Any]]] = {}
    found: list[Paper | Problem] = []
    for number, record in enumerate(records):
        doi = ids.parse(_text(record.get("doi"))) if isinstance(record, dict) else None
        if doi or (isinstance(record, dict) and _text(record.get("title"))):
            versions.setdefault(doi or number, []).append(record)
        else:
            what = "a record without title and DOI"
            found.append(Problem(where=server, what=what, raw=str(record)[:200]))
    for of_one in versions.values():
        found.append(_paper(sorted(of_one, key=_number), server, seen))
    return found


def _number(record: Mapping[str, Any]) -> int:
    version = str(record.get("version", ""))
    return int(version) if re.fullmatch(r"[0-9]{1,4}", version) else 1


def _paper(versions: Sequence[Mapping[str, Any]], server: str, seen: tuple[Sighting, ...]) -> Paper:
    """The paper of some of its versions, in their order."""
    first, latest = versions[0], versions[-1]
    if latest.get("server") in ("bioRxiv", "medRxiv"):
        server = latest["server"].lower()
    doi = ids.parse(_text(latest.get("doi")))
    published = ids.parse(_text(latest.get("published")))
    title = plain.text(_text(latest.get("title")))
    is_withdrawn = _text(latest.get("type")).lower() == "withdrawn" or _WITHDRAWN.match(title)
    posted = dates.iso(_text(first.get("date")))
    if _number(first) > 1:
        # When the first version was posted is not said, but about when it was submitted is.
        submitted = _SUBMITTED.search(doi.value) if doi else None
        posted = dates.build(submitted[1], submitted[2]) if submitted else ""
    pdf = f"https://www.{server}.org/content/{doi.value}v{_number(latest)}.full.pdf" if doi else ""
    terms = _text(latest.get("license"))
    return Paper(
        versions=(Version(title=_WITHDRAWN.sub("", title, count=1), date=posted),),
        authors=_authors(_text(latest.get("authors"))),
        abstract=plain.text(_text(latest.get("abstract"))),
        identifiers=tuple(filter(None, [doi, published])),
        links=(Link("pdf", pdf),) if pdf else (),
        categories=tuple(filter(None, [_text(latest.get("category"))])),
        organization=plain.text(_text(latest.get("author_corresponding_institution"))),
        extra={"license": terms} if terms else {},
        retractions=(f"withdrawn ({server})",) if is_withdrawn else (),
        sightings=seen,
    )


def _authors(names: str) -> tuple[str, ...]:
    """The names in `Ode, A.; Li, B.;`."""
    return tuple(filter(None, (plain.text(name) for name in names.split(";"))))


def _text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if text == "NA" else text

"""DBLP, by its SPARQL service (https://github.com/dblp/kg/wiki/dblp-KG-Tutorial): records by key, by
title, and those of an author or a venue. Its site and its search are closed to programs since
September 2026: they answer with a web page that wants to see a browser.

A record has a year, hardly ever a month, and does not say when it was added; proceedings are added
up to a year after the conference. So each fetch asks which records there are of this year and the
two before it, as far as the feed goes back, and reads those that it has not read yet.

Options of a feed, one of which is needed:

- `author`: the author's number or the address of their page, as in `h/GeoffreyEHinton` or
  `https://dblp.org/pid/10/3248.html`.
- `venue`: the key or the address of a conference or journal, as in `conf/nips` or
  `https://dblp.org/db/journals/jmlr/`.

It begins with the records of this year, in its first half with those of the last year, too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from .. import dates, ids, venues
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..text import bibtex_source, page_range
from . import Page
from .client import Client, json_of

URL = "https://sparql.dblp.org/sparql"
SCHEMES = ("dblp",)
OPTIONS: Mapping[str, Any] = {"author": str, "venue": str}

_AT_ONCE = 50  # records; their URL has about 5,000 characters
_START = timedelta(days=183)
_BACK = 2  # years in which there may be new records
_RECORD = "https://dblp.org/rec/"
_KEY = re.compile(r"[A-Za-z0-9/_.:+-]+")
_AUTHOR = re.compile(r"(?:https?://[^/]+/pid/)?([a-z0-9]+/[A-Za-z0-9-]+)(?:\.[a-z]+)?/?")
_VENUE = re.compile(
    r"(?:https?://[^/]+/(?:db|streams)/)?((?:conf|journals|series|books)/[a-z0-9._-]+?)"
    r"(?:/[^/]*)?(?:\.html)?"
)
_FOLLOWED = {
    "author": (_AUTHOR, "?pub dblp:authoredBy <https://dblp.org/pid/{}>", "h/GeoffreyEHinton"),
    "venue": (_VENUE, "?pub dblp:publishedInStream <https://dblp.org/streams/{}>", "conf/nips"),
}
_PREFIXES = """PREFIX dblp: <https://dblp.org/rdf/schema#>
PREFIX ql: <http://qlever.cs.uni-freiburg.de/builtin-functions/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_FACTS = {
    "type": "bibtexType",
    "year": "yearOfPublication",
    "month": "monthOfPublication",
    "venue": "publishedIn",
    "volume": "publishedInJournalVolume",
    "number": "publishedInJournalVolumeIssue",
    "series": "publishedInSeries",
    "pages": "pagination",
    "publisher": "publishedBy",
    "school": "thesisAcceptedBySchool",
    "doi": "doi",
    "isbn": "isbn",
    "ee": "documentPage",
}
_COLUMNS = " ".join(
    f"?{name}" for name in ("pub", "title", "book", "journal", "ordinal", "name", *_FACTS)
)
# One row for each author and page of a record.
_DETAILS = f"""
  ?pub dblp:title ?title .
  {" ".join(f"OPTIONAL {{ ?pub dblp:{fact} ?{name} }}" for name, fact in _FACTS.items())}
  OPTIONAL {{ ?pub dblp:publishedAsPartOf ?part . ?part dblp:title ?book }}
  OPTIONAL {{ ?pub dblp:publishedInStream ?stream . ?stream dblp:primaryStreamTitle ?journal }}
  OPTIONAL {{ ?pub dblp:hasSignature ?signature . ?signature a dblp:AuthorSignature ;
    dblp:signatureOrdinal ?ordinal ; dblp:signatureDblpName ?name }}
"""
# BibTeX types by how the keys of records begin.
_KEYS = {
    "conf": "inproceedings",
    "journals": "article",
    "books": "book",
    "series": "incollection",
    "reference": "incollection",
    "phd": "phdthesis",
    "ms": "mastersthesis",
}
_TYPES = frozenset([*_KEYS.values(), "proceedings", "techreport"])


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The records of keys, in the order asked."""
    keys = [i.value for i in dict.fromkeys(identifiers) if _KEY.fullmatch(i.value)]
    for start in range(0, len(keys), _AT_ONCE):
        yield from _read(client, keys[start : start + _AT_ONCE], ())


def search(
    client: Client,
    title: str,
    today: date,  # noqa: ARG001 - as every source
) -> list[Paper]:
    """The records whose titles have all words of this one, the shortest titles first."""
    every = re.findall(r"[^\W_]+", title.lower())
    words = [word for word in every if len(word) > 2] or every
    if not words:
        return []
    found = f"""SELECT ?pub ?title WHERE {{ ?pub dblp:title ?title .
      ?text ql:contains-entity ?title . ?text ql:contains-word "{" ".join(words)}" }}
      ORDER BY STRLEN(?title) LIMIT 10"""
    query = f"""SELECT {_COLUMNS} WHERE {{ {{ {found} }} {_DETAILS} }}
      ORDER BY STRLEN(?title) ?pub"""
    rows = _ask(client, query)
    return [item for item in parse(rows) if isinstance(item, Paper)]


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """In the state are the earliest year of the feed (`begin`) and the keys that were read of those
    that are asked for (`known`); while a reading is not at its end, the year it is from (`from`).
    """
    place, pattern = _place(options)
    known = set(state.get("known", []))
    begin = state.get("begin", (now - _START).year)
    first = since.year if since else state.get("from", max(begin, now.year - _BACK))
    begin = min(begin, first)
    listed = _keys(client, pattern, range(first, now.year + 2))
    new = [key for key in listed if since or key not in known]
    if not since:
        known &= set(listed)
    seen = (Sighting(source="dblp", place=place, at=now.date().isoformat()),)
    for start in range(0, len(new), _AT_ONCE):
        keys = new[start : start + _AT_ONCE]
        items = list(_read(client, keys, seen))
        known |= set(keys)
        yield Page(items, {"begin": begin, "from": first, "known": sorted(known)})
    yield Page([], {"begin": begin, "known": sorted(known)})


def _place(options: Mapping[str, Any]) -> tuple[str, str]:
    """What is followed, and how its records are found.

    :raises SourceError: it is not what DBLP calls so.
    """
    option = "author" if options.get("author") else "venue"
    stated, (pattern, found, example) = options[option], _FOLLOWED[option]
    match = pattern.fullmatch(stated.strip())
    if match is None:
        raise SourceError(
            f"{stated!r} is no {option} of DBLP; give what its page has in its address,"
            f' as in {option} = "{example}"'
        )
    return match[1], found.format(match[1])


def _keys(client: Client, pattern: str, years: range) -> list[str]:
    """The keys of the records of some years, in order."""
    values = " ".join(f'"{year}"^^xsd:gYear' for year in years)
    query = f"SELECT DISTINCT ?pub WHERE {{ VALUES ?year {{ {values} }} {pattern} ; "
    rows = _ask(client, f"{query} dblp:yearOfPublication ?year }}")
    keys = {_value(row, "pub").removeprefix(_RECORD) for row in rows}
    return sorted(key for key in keys if _KEY.fullmatch(key))


def _read(client: Client, keys: Sequence[str], seen: tuple[Sighting, ...]) -> list[Paper | Problem]:
    values = " ".join(f"<{_RECORD}{key}>" for key in keys)
    rows = _ask(client, f"SELECT {_COLUMNS} WHERE {{ VALUES ?pub {{ {values} }} {_DETAILS} }}")
    order = {f"{_RECORD}{key}": number for number, key in enumerate(keys)}
    return parse(sorted(rows, key=lambda row: order.get(_value(row, "pub"), len(keys))), seen)


def _ask(client: Client, query: str) -> list[Any]:
    """The rows of an answer.

    :raises SourceError: it is none, as when even this service wants to see a browser.
    """
    accept = {"Accept": "application/sparql-results+json"}
    query = " ".join(f"{_PREFIXES}{query}".split())
    return rows_of(json_of(client.get(URL, params={"query": query}, headers=accept)))


def rows_of(said: Any) -> list[Any]:
    """The rows of an answer (https://www.w3.org/TR/sparql11-results-json/).

    :raises SourceError: it is none.
    """
    results = said.get("results") if isinstance(said, dict) else None
    rows = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(rows, list):
        raise SourceError("sparql.dblp.org answered with something else than results")
    return rows


def _value(row: Any, name: str) -> str:
    cell = row.get(name) if isinstance(row, dict) else None
    value = cell.get("value") if isinstance(cell, dict) else ""
    return value.strip() if isinstance(value, str) else ""


def parse(rows: Sequence[Any], seen: tuple[Sighting, ...] = ()) -> list[Paper | Problem]:
    """The records of rows, in the order of their first rows."""
    records: dict[str, list[Any]] = {}
    for row in rows:
        records.setdefault(_value(row, "pub"), []).append(row)
    return [_paper(key.removeprefix(_RECORD), of_one, seen) for key, of_one in records.items()]


def _paper(key: str, rows: Sequence[Any], seen: tuple[Sighting, ...]) -> Paper | Problem:
    said = {
        name: next(filter(None, (_value(row, name) for row in rows)), "")
        for name in ("title", "book", "journal", *_FACTS)
    }
    title = said["title"].removesuffix(".")
    if not title:
        return Problem(where=f"dblp {key}".rstrip(), what="a record without a title", raw=key)
    version = _version(key, title, said)
    pages = list(dict.fromkeys(filter(None, (_value(row, "ee") for row in rows))))
    named = [f"dblp:{key}", said["doi"], said["volume"].removeprefix("abs/"), *pages]
    if version.type in ("book", "proceedings"):
        named.append(f"isbn:{said['isbn'].rpartition(':')[2].rpartition('/')[2]}")
    found = [ids.parse(each) for each in named]
    links = [url for url in pages if ids.parse(url) is None]
    return Paper(
        versions=(version,),
        authors=_authors(rows),
        identifiers=tuple(dict.fromkeys(filter(None, found))),
        links=tuple(Link("pdf" if url.endswith(".pdf") else "page", url) for url in links),
        sightings=seen,
    )


def _version(key: str, title: str, said: Mapping[str, str]) -> Version:
    when = dates.iso("-".join(filter(None, [said["year"], said["month"].lstrip("-")])))
    if venues.is_preprint_server(said["venue"]) or said["volume"].startswith("abs/"):
        return Version(standing=Standing.PREPRINT, title=title, date=when)
    type = said["type"].rpartition("#")[2].lower()
    type = type if type in _TYPES else _KEYS.get(key.partition("/")[0], "misc")
    venue = _venue(type, said)
    names = ("volume", "number", "pages", "series", "publisher")
    fields = {name: said[name] for name in names if said[name] not in ("", venue)}
    if "pages" in fields:
        fields["pages"] = page_range(fields["pages"])
    return Version(
        standing=Standing.PUBLISHED if venue else Standing.PREPRINT,
        title=title,
        venue=venue,
        date=when,
        type=type,
        fields={name: bibtex_source(value) for name, value in fields.items()},
    )


def _venue(type: str, said: Mapping[str, str]) -> str:
    """The name of the venue, in full where it is known."""
    full = {
        "article": said["journal"],
        "book": said["publisher"],
        "proceedings": said["publisher"],
        "phdthesis": said["school"],
        "mastersthesis": said["school"],
    }
    return full.get(type, said["book"].removesuffix(".")) or said["venue"]


def _authors(rows: Sequence[Any]) -> tuple[str, ...]:
    """The names in their order, without the numbers that tell namesakes apart."""
    names: dict[int, str] = {}
    for row in rows:
        ordinal, name = _value(row, "ordinal"), _value(row, "name")
        if name and re.fullmatch(r"[0-9]{1,6}", ordinal):
            names[int(ordinal)] = re.sub(r"\s+[0-9]{4}$", "", name)
    return tuple(names[ordinal] for ordinal in sorted(names))

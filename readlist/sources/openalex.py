"""OpenAlex (https://developers.openalex.org/): works by DOI, PubMed id or its own id, by title, and
those of an author or a venue.

It finds works by when they were published, which is often only a year to it, and gets to know of
many of them late; when it did is told to paying customers only. So each fetch asks which works
there are since the beginning of last year, and reads those that were not there before.

Without a key (free, `openalex`) it answers about a thousand requests a day, and no more than the
first 10,000 works of a venue.

Options of a feed, one of which is needed; with both it has the author's works in the venue:

- `author`: the author's id or ORCID, as in `A5023888391` or `0000-0003-1613-5981`.
- `venue`: the id of a journal or conference, or its ISSN, as in `S137773608` or `0028-0836`.

It begins with the works of the last 30 days; works that come in late are in it from then on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

from .. import csl, dates, ids, plain, venues
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..text import bibtex_source, one_line
from . import Page
from .client import Client, json_of

URL = "https://api.openalex.org/works"
SCHEMES = ("doi", "pmid", "openalex")
OPTIONS: Mapping[str, Any] = {"author": str, "venue": str}

_FILTERS = {"doi": "doi", "pmid": "ids.pmid", "openalex": "openalex"}
_AT_ONCE = 50
_PER_PAGE = 100
_PAGES = 100  # that are there without a key
_START = timedelta(days=30)
_LONGEST = 500  # characters of a search
_PLAIN = re.compile(r"[A-Za-z0-9./_-]+")  # a filter separates by commas and bars
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SELECT = (
    "id,doi,ids,title,type,publication_year,publication_date,primary_location,locations,"
    "best_oa_location,biblio,authorships,abstract_inverted_index,is_retracted,cited_by_count"
)
# What each option may be, itself or at the end of its address, and the filter for it.
_PLACES = {
    "author": (
        (r"(?:https?://\S+/)?([Aa][0-9]+)", "authorships.author.id"),
        (r"(?:https?://\S+/)?((?:[0-9]{4}-){3}[0-9]{3}[0-9Xx])", "authorships.author.orcid"),
    ),
    "venue": (
        (r"(?:https?://\S+/)?([Ss][0-9]+)", "primary_location.source.id"),
        (r"([0-9]{4}-[0-9]{3}[0-9Xx])", "primary_location.source.issn"),
    ),
}
_EXAMPLES = {"author": "A5023888391", "venue": "S137773608"}

_TYPES = {
    name: type
    for type, names in {
        "article": "article review letter editorial erratum retraction",
        "inproceedings": "conference-paper",
        "incollection": "book-chapter reference-entry",
        "book": "book",
        "phdthesis": "dissertation",
        "techreport": "report standard",
    }.items()
    for name in names.split()
}
_VENUES = ("journal", "conference", "book series", "ebook platform")
_BOOKS = ("book series", "ebook platform")  # of which a chapter's book is one
_NOTICES = ("erratum", "retraction")
_MARK = re.compile(
    r"^[\[(]?(?:retracted|withdrawn)(?:\s+(?:article|chapter|paper))?[\])]?\s*[:.–-]\s*",
    re.IGNORECASE,
)
_LAST_WORD = 20_000
_HEADING = re.compile(r"^(?:Abstract|ABSTRACT)\s*[.:]?\s+(?=[A-Z])")


def lookup(
    client: Client, identifiers: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem]:
    """The works of identifiers, those of one scheme in the order asked."""
    for scheme, name in _FILTERS.items():
        of_one = list(dict.fromkeys(i for i in identifiers if i.scheme == scheme))
        for start in range(0, len(of_one), _AT_ONCE):
            yield from _together(client, name, of_one[start : start + _AT_ONCE], today)


def _together(
    client: Client, name: str, wanted: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem]:
    together = [each for each in wanted if _PLAIN.fullmatch(each.value)]
    if len(together) == 1:
        together = []  # one by itself costs nothing
    found: dict[Identifier, Paper] = {}
    if together:
        values = "|".join(each.value for each in together)
        for item in parse(_filtered(client, f"{name}:{values}"), today):
            if isinstance(item, Paper):
                found = dict.fromkeys(item.identifiers, item) | found
            else:
                yield item
    for each in wanted:
        if each in found:
            yield found[each]
        elif each not in together or each.scheme == "openalex":
            yield from _single(client, each, today)


def _single(client: Client, asked: Identifier, today: date) -> Iterator[Paper | Problem]:
    """The work of an identifier, which may be that of a work merged into it."""
    prefix = "" if asked.scheme == "openalex" else f"{asked.scheme}:"
    url = f"{URL}/{prefix}{quote(asked.value)}"
    answer = client.get(url, params={"select": _SELECT, **_key(client)})
    if answer.status in (404, 410):
        return
    for item in parse(json_of(answer), today):
        if isinstance(item, Paper) and asked not in item.identifiers:
            item = replace(item, identifiers=(*item.identifiers, asked))  # noqa: PLW2901
        yield item


def search(client: Client, title: str, today: date) -> list[Paper]:
    """The works with the words of a title in theirs, the best first."""
    # In capitals, `OR` and `NOT` are operators; so are most signs.
    words = " ".join(_WORD.findall(title.lower()))[:_LONGEST]
    if not words:
        return []
    found = parse(_filtered(client, f"title.search:{words}", 10), today)
    return [item for item in found if isinstance(item, Paper)]


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """In the state are the works that were there and need not be read (`known`); while a reading
    is not at its end, the day it is from (`from`).
    """
    today = now.date()
    place, wanted = _place(options)
    window = date(today.year - 1, 1, 1).isoformat()
    start = (since or today - _START).isoformat()
    again = since or "known" not in state
    begin = min(window, state.get("from", window), start)
    listed = _listed(client, f"{wanted},from_publication_date:{begin}")
    # What was published before the beginning and is there already is not read, only known.
    known = set(state.get("known", listed))
    new = [work for work, day in listed.items() if work not in known or (again and day >= start)]
    known = set(listed) - set(new)
    for first in range(0, len(new), _AT_ONCE):
        values = "|".join(new[first : first + _AT_ONCE])
        items = parse(_filtered(client, f"openalex:{values}"), today, place)
        known |= {item.identifier("openalex") for item in items if isinstance(item, Paper)}
        yield Page(items, {"from": begin, "known": sorted(known)})
    yield Page([], {"known": sorted(known)})


def _place(options: Mapping[str, Any]) -> tuple[str, str]:
    """What is followed, and the filter for its works.

    :raises SourceError: nothing, or not what OpenAlex calls so.
    """
    places, filters = [], []
    for option, patterns in _PLACES.items():
        stated = options.get(option, "").strip()
        for pattern, name in patterns:
            if match := re.fullmatch(pattern, stated):
                places.append(match[1].upper())
                filters.append(f"{name}:{match[1].upper()}")
                break
        else:
            if stated:
                raise SourceError(
                    f"{stated!r} is no {option} of OpenAlex; give what its page has in its"
                    f' address, as in {option} = "{_EXAMPLES[option]}"'
                )
    if not filters:
        example = _EXAMPLES["author"]
        raise SourceError(
            f'the feed has no author or venue; give it one, as in author = "{example}"'
        )
    return " ".join(places), ",".join(filters)


def _listed(client: Client, wanted: str) -> dict[str, str]:
    """The ids of all works that a filter finds, with the days on which they were published.

    :raises SourceError: there are more than it tells without a key.
    """
    found: dict[str, str] = {}
    params: dict[str, str | int] = {
        "filter": wanted,
        "select": "id,publication_date",
        "sort": "publication_date:desc",
        "per_page": _PER_PAGE,
    }
    has_key = bool(client.key("openalex"))
    params |= {"cursor": "*"} if has_key else {"page": 1}
    for page in count(1):
        said = _ask(client, params)
        meta = said.get("meta") if isinstance(said, dict) else None
        about = meta if isinstance(meta, dict) else {}
        before = len(found)
        for work in csl.records(_works(said)):
            if known := ids.parse(csl.text(work.get("id"))):
                found[known.value] = csl.text(work.get("publication_date"))[:10]
        total, cursor = csl.count(about.get("count")), csl.text(about.get("next_cursor"))
        at_end = total is not None and page * _PER_PAGE >= total
        if at_end or len(found) == before or (has_key and not cursor):
            break
        if not has_key and page == _PAGES:
            raise SourceError(
                f"api.openalex.org has {total or 'more'} works and tells no more than"
                f" {_PAGES * _PER_PAGE} without a key; put a free one into READLIST_OPENALEX_KEY"
            )
        params |= {"cursor": cursor} if has_key else {"page": page + 1}
    return found


def _filtered(client: Client, wanted: str, most: int = _PER_PAGE) -> Any:
    return _ask(client, {"filter": wanted, "per_page": most, "select": _SELECT})


def _ask(client: Client, params: Mapping[str, str | int]) -> Any:
    return json_of(client.get(URL, params={**params, **_key(client)}))


def _key(client: Client) -> dict[str, str | int]:
    key = client.key("openalex")
    return {"api_key": key} if key else {}


def parse(said: Any, today: date, place: str = "") -> list[Paper | Problem]:
    """The works of an answer.

    :raises SourceError: it is not about works.
    """
    return [_paper(work, today, place) for work in _works(said)]


def _works(said: Any) -> list[Any]:
    if isinstance(said, dict) and ("id" in said or "doi" in said):
        return [said]
    works = said.get("results") if isinstance(said, dict) else None
    if not isinstance(works, list):
        raise SourceError("api.openalex.org answered with something else than works")
    return works


# --- a work -------------------------------------------------------------------------------------


def _paper(work: Any, today: date, place: str) -> Paper | Problem:
    if not isinstance(work, dict):
        return Problem(where="openalex", what="not a record", raw=str(work)[:200])
    identifiers = tuple(dict.fromkeys(_identifiers(work)))
    title = _line(work.get("title"))
    if not title and not identifiers:
        where = f"openalex {csl.text(work.get('id'))}".rstrip()
        return Problem(where=where, what="no title and no identifier", raw=str(work)[:200])
    # A notice of retraction is no retracted paper, though it is often said to be one.
    is_retracted = work.get("is_retracted") is True and work.get("type") not in _NOTICES
    if is_retracted:
        title = _MARK.sub("", title, count=1)
    cited = csl.count(work.get("cited_by_count"))
    seen = Sighting(source="openalex", place=place, at=today.isoformat(), citations=cited)
    return Paper(
        versions=(_version(work, title),),
        authors=tuple(filter(None, map(_author, csl.records(work.get("authorships"))))),
        abstract=_abstract(work.get("abstract_inverted_index")),
        identifiers=identifiers,
        links=_links(_record(work.get("best_oa_location"))),
        retractions=("retracted (openalex)",) if is_retracted else (),
        sightings=(seen,) if place or cited is not None else (),
    )


def _version(work: Mapping[str, Any], title: str) -> Version:
    location = _record(work.get("primary_location"))
    source = _record(location.get("source"))
    when, stated = _date(work), csl.text(work.get("type"))
    type = _type(stated, csl.text(location.get("raw_type")) or csl.text(work.get("type_crossref")))
    if type == "article" and source.get("type") == "conference":
        type = "inproceedings"
    venue, series = _venue(location, source, type)
    if not venue or stated == "preprint" or type == "misc" or venues.is_preprint_server(venue):
        thesis = type if type == "phdthesis" else ""
        return Version(standing=Standing.PREPRINT, title=title, date=when, type=thesis)
    biblio = _record(work.get("biblio"))
    pages = [csl.text(biblio.get(name)) for name in ("first_page", "last_page")]
    publisher = _line(source.get("host_organization_name"))
    fields = {
        "volume": csl.text(biblio.get("volume")),
        "number": csl.text(biblio.get("issue")),
        "pages": "--".join(dict.fromkeys(filter(None, pages))),
        "publisher": publisher if publisher != venue else "",
        "series": series,
        "issn": csl.text(source.get("issn_l")),
    }
    return Version(
        standing=Standing.PUBLISHED,
        title=title,
        venue=venue,
        date=when,
        type=type,
        fields={name: bibtex_source(value) for name, value in fields.items() if value},
    )


def _type(stated: str, raw: str) -> str:
    """The type for BibTeX; `raw` is that of the service where OpenAlex has the work from."""
    if raw == "proceedings-article":
        return "inproceedings"
    return _TYPES.get(stated, "misc" if stated else "article")


def _venue(location: Mapping[str, Any], source: Mapping[str, Any], type: str) -> tuple[str, str]:
    """The venue, and the series if it is a book of one."""
    kind = csl.text(source.get("type"))
    if kind and kind not in _VENUES:
        return "", ""  # a repository holds a copy
    name, stated = _line(source.get("display_name")), _line(location.get("raw_source_name"))
    if type == "book":
        return _line(source.get("host_organization_name")), name if kind == "book series" else ""
    if type not in ("incollection", "inproceedings") or (kind and kind not in _BOOKS):
        return name, ""
    series = name if kind == "book series" else ""
    if stated and stated.lower() != series.lower():
        return stated, series
    return series, ""


def _date(work: Mapping[str, Any]) -> str:
    """When it was published. What is known by its year or month only, it has on the first day."""
    day = dates.iso(csl.text(work.get("publication_date"))[:10])
    return re.sub(r"(?:-01)?-01$", "", day) or dates.iso(csl.text(work.get("publication_year")))


def _author(authorship: Mapping[str, Any]) -> str:
    author = _record(authorship.get("author"))
    return _line(author.get("display_name")) or _line(authorship.get("raw_author_name"))


def _abstract(index: Any) -> str:
    """The text of a word's places for each word."""
    words: dict[int, str] = {}
    for word, places in index.items() if isinstance(index, dict) else ():
        for place in places if isinstance(places, list) else ():
            at = csl.count(place)
            if at is not None and at <= _LAST_WORD:
                words[at] = word
    text = " ".join(words[at] for at in sorted(words))
    return _HEADING.sub("", plain.text(plain.text(text)))  # some of it is escaped twice


def _identifiers(work: Mapping[str, Any]) -> Iterator[Identifier]:
    """Its identifiers; those of other versions, as on arXiv, are in where these are."""
    known = _record(work.get("ids"))
    pmc = re.search(r"[0-9]+", csl.text(known.get("pmcid")))
    pmid = csl.text(known.get("pmid"))
    stated = [
        csl.text(work.get("id")),
        csl.text(work.get("doi")),
        *(csl.text(known.get(name)) for name in ("openalex", "doi")),
        pmid if "/" in pmid else f"pmid:{pmid}",
        f"pmcid:PMC{pmc[0]}" if pmc else "",
    ]
    yield from filter(None, map(ids.parse, stated))
    for location in csl.records(work.get("locations")):
        for name in ("landing_page_url", "pdf_url"):
            found = ids.parse(csl.text(location.get(name)))
            if found and found.scheme != "doi":  # a DOI may be that of a supplement
                yield found


def _links(location: Mapping[str, Any]) -> tuple[Link, ...]:
    url = csl.text(location.get("pdf_url"))
    known = ids.parse(url)
    is_new = url.startswith(("https://", "http://")) and not (known and known.scheme == "arxiv")
    return (Link("pdf", url),) if is_new else ()


def _record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _line(value: Any) -> str:
    return one_line(plain.text(csl.text(value)))

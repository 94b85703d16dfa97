"""CSL-JSON items as papers (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html). Pure.

The works of Crossref's API are nearly CSL (https://api.crossref.org/swagger-ui/index.html#/Works):
their types have other names and many texts are lists. Other services are read by way of it, too.

Of the dates of a work `issued` is taken, the earliest on which it was published; where that is
unknown, the first known one of those in `_DATES`. When a record was made says nothing of the work.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import dates, ids, venues
from .models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from .plain import text as plain
from .text import bibtex_source, one_line, page_range

_PREPRINT = "preprint"
# BibTeX types, by the types of CSL and then of Crossref.
_TYPES = {
    name: type
    for type, names in {
        "article": "article-journal article-magazine article-newspaper review review-book"
        " journal-article",
        "inproceedings": "paper-conference proceedings-article",
        "incollection": "chapter entry entry-dictionary entry-encyclopedia"
        " book-chapter book-section book-part reference-entry",
        "book": "book classic pamphlet monograph edited-book reference-book book-set book-series",
        "proceedings": "proceedings proceedings-series",
        "phdthesis": "thesis dissertation",
        "techreport": "report standard report-component",
        _PREPRINT: "article posted-content",
    }.items()
    for name in names.split()
}
# Where a work of each type appeared.
_CONTAINER = ("container-title", "event-title", "event")
_VENUES = {
    "book": ("publisher",),
    "proceedings": ("publisher",),
    "phdthesis": ("institution", "publisher"),
    "techreport": ("institution", "publisher", "container-title"),
}
_FIELDS = (
    ("volume", "volume"),
    ("issue", "number"),
    ("number", "number"),
    ("collection-number", "number"),
    ("page", "pages"),
    ("article-number", "pages"),
    ("publisher", "publisher"),
    ("publisher-place", "address"),
    ("publisher-location", "address"),
    ("collection-title", "series"),
    ("edition", "edition"),
    ("edition-number", "edition"),
    ("chapter-number", "chapter"),
    ("ISSN", "issn"),
    ("ISBN", "isbn"),
)
_DATES = ("issued", "published", "published-print", "published-online", "posted", "approved")
_IDENTIFIERS = (
    ("DOI", "doi:"),
    ("PMID", "pmid:"),
    ("PMCID", "pmcid:"),
    ("number", ""),
    ("archive_location", ""),
    ("id", ""),
)
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
# Zotero puts what CSL has no field for into the note, on a line each.
_NOTED = re.compile(r"(?:arxiv|doi|pmid|pmcid)\s*:", re.IGNORECASE)
_KEY = re.compile(r"(?=\S*[^\W\d_])[^\s,\"{}\\%#~=()/]+")
_ABSTRACT = re.compile(r"abstract\s*[:.]?\s*\n+", re.IGNORECASE)
_WITHIN_BRACKETS = re.compile(r"(?<=[(\[])\s+|\s+(?=[)\]])")  # as of "( <i>in vivo</i> )"


def paper(item: Any, where: str, sightings: tuple[Sighting, ...] = ()) -> Paper | Problem:
    """The paper of an item; a problem where it has neither title nor identifier."""
    if not isinstance(item, dict):
        return Problem(where=where, what="not a record", raw=str(item)[:200])
    title = _title(item)
    version = _version(item, title)
    identifiers = dict.fromkeys(_identifiers(item, version.type))
    links = _links(text(item.get("URL")), identifiers)
    if not title and not identifiers:
        return Problem(where=where, what="no title and no identifier", raw=str(item)[:200])
    extra = {
        "keywords": text(item.get("keyword")) or ", ".join(_texts(item.get("categories"))),
        "note": text(item.get("note")),
    }
    return Paper(
        versions=(version,),
        authors=tuple(name for name, _ in _names(item.get("author"))),
        abstract=_ABSTRACT.sub("", plain(text(item.get("abstract"))), count=1),
        identifiers=tuple(identifiers),
        links=links,
        extra={name: said for name, said in extra.items() if said},
        key=_key(item),
        sightings=sightings,
    )


def text(value: Any) -> str:
    """The text of a value, of a list its first; `""` for what has none."""
    return next(iter(_texts(value)), "")


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [
            each for part in value[:1000] if not isinstance(part, list) for each in _texts(part)
        ]
    if isinstance(value, dict):
        return _texts(value.get("name")) if isinstance(value.get("name"), str) else []
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and abs(value) < 1e15:
        return [f"{value:.15g}"]
    said = value.strip() if isinstance(value, str) else ""
    return [said] if said else []


def records(value: Any) -> list[Mapping[str, Any]]:
    """The records of a list; one that stands for a list is its only one."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


def count(value: Any) -> int | None:
    """A number of things, or None for what is none."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return value if is_count else None


# --- the work -----------------------------------------------------------------------------------


def _title(item: Mapping[str, Any]) -> str:
    """The title with its subtitle; of titles in several languages the first."""
    title, subtitle = (
        _WITHIN_BRACKETS.sub("", one_line(plain(text(item.get(name)))))
        for name in ("title", "subtitle")
    )
    words, more = (" ".join(ids.words(each)) for each in (title, subtitle))
    if not title or not more or f" {more} " in f" {words} ":
        return title or subtitle or one_line(plain(text(item.get("original-title"))))
    return f"{title}{' ' if title[-1] in ':?!' else ': '}{subtitle}"


def _version(item: Mapping[str, Any], title: str) -> Version:
    stated = text(item.get("type"))
    type = _TYPES.get(stated, "misc" if stated else "")
    venue, series = _venue(item, type)
    if type == _PREPRINT and stated == "article" and venue and not venues.is_preprint_server(venue):
        type = "article"  # until 2020 CSL had no preprints, and `article` was any article
    date = _date(item)
    if type == _PREPRINT or venues.is_preprint_server(venue):
        return Version(standing=Standing.PREPRINT, title=title, date=date)
    if type == "phdthesis" and venues.is_masters(
        f"{text(item.get('genre'))} {text(item.get('degree'))}"
    ):
        type = "mastersthesis"
    is_published = venue and type != "misc"
    return Version(
        standing=Standing.PUBLISHED if is_published else Standing.PREPRINT,
        title=title,
        venue=venue,
        date=date,
        type=type,
        fields=_fields(item, venue, series),
    )


def _venue(item: Mapping[str, Any], type: str) -> tuple[str, str]:
    """The venue and the series. A work in a book of a series has both as containers."""
    for name in _VENUES.get(type, _CONTAINER):
        named = [one_line(plain(each)) for each in _texts(item.get(name))]
        if len(named) > 1 and type in ("inproceedings", "incollection"):
            return named[-1], named[0]
        if named:
            return named[0], ""
    return "", ""


def _fields(item: Mapping[str, Any], venue: str, series: str) -> dict[str, str]:
    found = {"series": bibtex_source(series)} if series else {}
    for name, field in _FIELDS:
        said = one_line(plain(text(item.get(name))))
        again = said == venue or field in found or (name == "number" and ids.parse(said))
        if again or said in ("", "null"):
            continue
        if field == "isbn":
            said = ", ".join(dict.fromkeys(ids.isbns(" ".join(_texts(item.get(name))))))
        found[field] = bibtex_source(page_range(said) if field == "pages" else said)
    editors = " and ".join(
        bibtex_source(name) if is_person else f"{{{bibtex_source(name)}}}"
        for name, is_person in _names(item.get("editor"))
    )
    return {name: said for name, said in {**found, "editor": editors}.items() if said}


# --- names --------------------------------------------------------------------------------------


def _names(people: Any) -> Iterator[tuple[str, bool]]:
    """Names, and whether each is known to be that of a person."""
    for person in people if isinstance(people, list) else [people]:
        if not isinstance(person, dict):
            names = _texts(person)
            yield from [(one_line(plain(name)), False) for name in names]
            continue
        parts = ("dropping-particle", "non-dropping-particle", "family", "given", "suffix")
        dropping, particle, family, given, suffix = (
            name if re.search(r"\w", name) else ""  # for want of one some write a dash
            for name in (one_line(plain(text(person.get(part)))) for part in parts)
        )
        family = " ".join(filter(None, [dropping, particle, family]))
        if family or given:
            named = [family, suffix, given] if family and given else [f"{family or given} {suffix}"]
            yield ", ".join(filter(None, map(str.strip, named))), True
        elif name := one_line(plain(text(person.get("literal")) or text(person.get("name")))):
            yield name, False


# --- when ---------------------------------------------------------------------------------------


def _date(item: Mapping[str, Any]) -> str:
    return next((found for name in _DATES if (found := date(item.get(name)))), "")


def date(value: Any) -> str:
    """A date of CSL, or the first of a range, in ISO form as precise as it is known, or `""`.

    >>> date({"date-parts": [["2017", 6, 12]]}), date({"raw": "June 2017"}), date({"season": 1})
    ('2017-06-12', '2017-06', '')
    """
    if not isinstance(value, dict):
        return _typed(value)
    parts = value.get("date-parts")
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    numbers = [*_numbers(parts), None, None, None][:3] if isinstance(parts, list) else [None]
    if numbers[0] and 1000 <= numbers[0] <= 9999:
        year, month, day = (str(number) if number else None for number in numbers)
        return dates.build(year or "", month, day)
    return _typed(value.get("raw")) or _typed(value.get("literal"))


def _numbers(parts: list[Any]) -> Iterator[int]:
    for part in parts[:3]:
        said = text(part)
        if not re.fullmatch(r"[0-9]{1,4}", said):
            return
        yield int(said)


def _typed(value: Any) -> str:
    said = text(value)
    year = _YEAR.search(said)
    return dates.iso(said) or (year[1] if year else "")


# --- what it is known by ------------------------------------------------------------------------


def _identifiers(item: Mapping[str, Any], type: str) -> Iterator[Identifier]:
    for name, prefix in _IDENTIFIERS:
        said = item.get(name)
        if not isinstance(said, str | int) or isinstance(said, bool):
            continue
        said = text(said)
        if found := ids.parse(said) or (ids.parse(prefix + said) if prefix else None):
            yield found
    for line in text(item.get("note")).splitlines():
        if _NOTED.match(line) and (found := ids.parse(line)):
            yield found
    if type in ("book", "proceedings"):
        for number in ids.isbns(" ".join(_texts(item.get("ISBN")))):
            if found := ids.isbn(number):
                yield found


def _links(url: str, identifiers: dict[Identifier, None]) -> tuple[Link, ...]:
    """The link that is not just another spelling of an identifier; new ones in it are added."""
    found = ids.parse(url)
    # The way to a DOI in an address is guessed: what the record states is more certain.
    if found and found.scheme not in {identifier.scheme for identifier in identifiers}:
        identifiers[found] = None
    if found in identifiers or not url.startswith(("https://", "http://")):
        return ()
    return (Link("pdf" if url.lower().endswith(".pdf") else "page", url),)


def _key(item: Mapping[str, Any]) -> str:
    """The citation key: `citation-key`, or an `id` that is neither number nor name of the work."""
    if key := text(item.get("citation-key")):
        return key
    said = item.get("id")
    key = said.strip() if isinstance(said, str) else ""
    return key if _KEY.fullmatch(key) and not ids.parse(key) else ""

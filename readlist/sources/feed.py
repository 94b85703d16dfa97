"""Any RSS, Atom or JSON feed: of a journal, a blog, a search, or a copy of another service.

Items become papers by the identifiers in their links and names, and else by their titles. A feed
has its latest items only. Those that it had the last time as they are now are left out; where all
of its items are new, some may have been missed, and the pages that it names as its next (RFC 5005,
JSON Feed) are read, too.

Options of a feed: `url`.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from .. import arxiv, dates, ids, plain, venues
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..text import bibtex_source, one_line
from . import Page
from .client import Answer, Client, json_of

OPTIONS: Mapping[str, Any] = {"url": str}

_LIMIT = 20_000_000  # bytes; large feeds have two million
_PAGES = 20
_ARTICLE = 5_000  # characters; what is longer is not an abstract

# "[2104.12255] Title" and "Title (arXiv:2104.12255v1 [cs.LG])"
_ID_FIRST = re.compile(r"\[(?:arxiv:)?([^\]\s]{5,40})\]\s+(.*)", re.IGNORECASE)
_ID_LAST = re.compile(r"(.*\S)\s+\((arxiv:\S{5,40})(?:\s[^()]*)?\)", re.IGNORECASE)
_PREFIXES = ("info:doi/", "oai:arXiv.org:", "urn:doi:")
# As of arXiv and of those who copy Daily Papers: fields first, and then the abstract.
_FIELDS_FIRST = re.compile(r"(?s)(?:arXiv:|Authors?:).{1,20000}?\b(?:Abstract|Summary):\s+(?=\S)")


class Item(NamedTuple):
    """What an item of a feed says. Titles and texts are HTML; `names` may be identifiers.

    `prism` has what journals say by the names of PRISM (Publishing Requirements for Industry
    Standard Metadata), in lower case.
    """

    title: str
    text: str
    link: str
    names: tuple[str, ...]
    authors: tuple[str, ...]
    day: str
    categories: tuple[str, ...]
    prism: Mapping[str, str]


class Document(NamedTuple):
    """The items of a feed, and the URL of the page with the next older ones, or `""`."""

    items: list[Item]
    next: str


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """The state has digests of the items that the feed had the last time (`seen`).

    :raises SourceError: also if what comes is no feed.
    """
    url = options["url"]
    seen = (Sighting(source="rss", place=place(url), at=now.date().isoformat()),)
    known = set() if since else set(state.get("seen", []))
    begin = since.isoformat() if since else ""
    newest: list[str] = []
    for number in range(1, _PAGES + 1):
        items, url = read(client.get(url, limit=_LIMIT))
        fresh = [item for item in items if digest(item) not in known]
        newest = newest or [digest(item) for item in items]
        if since:
            goes_on = bool(items) and begin <= min(item.day for item in items)
        else:
            goes_on = bool(items) and fresh == items and "seen" in state
        goes_on = goes_on and url != "" and number < _PAGES
        papers = [paper(item, seen) for item in fresh if not item.day or item.day >= begin]
        # A fetch that is broken off is to begin anew: what it has not read would look as if known.
        yield Page(papers, dict(state) if goes_on else {"seen": newest})
        if not goes_on:
            return


def place(url: str) -> str:
    """Where a feed is, without what may be secret in its URL.

    >>> place("https://me:secret@example.org/papers.xml?token=secret")
    'example.org/papers.xml'
    """
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.hostname}{parts.path.rstrip('/')}"
    return ""


def digest(item: Item) -> str:
    return blake2b(repr(item).encode("utf-8", "replace"), digest_size=8).hexdigest()


def parse(answer: Answer, seen: tuple[Sighting, ...] = ()) -> list[Paper | Problem]:
    """The papers of a feed.

    :raises SourceError: it is none.
    """
    return [paper(item, seen) for item in read(answer).items]


# --- documents ----------------------------------------------------------------------------------


def read(answer: Answer) -> Document:
    """:raises SourceError: it is no feed, or declares entities."""
    if answer.status >= 400:
        what = f"{answer.host} has no feed at {place(answer.url)} any more; is there a new address?"
        raise SourceError(what, answer.status)
    if answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json_feed(json_of(answer), answer)
    return _xml_feed(answer)


def _xml_feed(answer: Answer) -> Document:
    import feedparser

    prolog = re.split(rb"<\w", answer.body.replace(b"\0", b""), maxsplit=1)[0]
    if b"<!ENTITY" in prolog:
        raise SourceError(f"{answer.host} answered with XML that declares entities; it is not read")
    headers = {
        "content-type": answer.headers.get("content-type", ""),
        "content-location": answer.url,
    }
    try:
        # A stream, or it would take the text for a URL or a file to open.
        found = feedparser.parse(
            io.BytesIO(answer.body),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # whatever it may stumble over
        raise SourceError(f"{answer.host} answered with a feed that cannot be read") from error
    is_damaged = type(found.get("bozo_exception")).__name__ == "SAXParseException"
    if not found.entries and (is_damaged or not found.get("version")):
        is_page = b"<html" in answer.body[:1000].lower()
        what = "a web page" if is_page else "something else" if answer.body.strip() else "nothing"
        raise SourceError(f"{answer.host} answered with {what} instead of a feed")
    links = found.feed.get("links", [])
    following = next((link.get("href") for link in links if link.get("rel") == "next"), "")
    items = [_entry(entry) for entry in found.entries]
    for item in items:
        if "arxiv.org/api/errors" in item.link:  # how arXiv's API says what is wrong
            raise SourceError(f"{answer.host} answered: {one_line(plain.text(item.text))}")
    return Document(items, following or "")


def _entry(entry: dict[str, Any]) -> Item:
    prism = {name[6:]: str(entry[name]) for name in entry if name.startswith("prism_")}
    names = ("dc_identifier", "arxiv_doi", "feedburner_origlink", "link", "id")
    # Not entry.get, which warns where only one of them is.
    when = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    contents = [entry.get("summary"), *(part.get("value") for part in entry.get("content", []))]
    return Item(
        title=_text(entry.get("title")),
        text=next(filter(None, map(_text, contents)), ""),
        link=_text(entry.get("link")),
        names=tuple(filter(None, [prism.get("doi", ""), *(_text(entry.get(n)) for n in names)])),
        authors=tuple(_text(author.get("name")) for author in entry.get("authors", [])),
        day=f"{when[0]:04}-{when[1]:02}-{when[2]:02}" if when else "",
        categories=tuple(_text(tag.get("term")) for tag in entry.get("tags", [])),
        prism=prism,
    )


def _json_feed(value: Any, answer: Answer) -> Document:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise SourceError(f"{answer.host} answered with JSON that is not a JSON Feed")
    following = ""
    with suppress(ValueError):
        following = urljoin(answer.url, url) if (url := _text(value.get("next_url"))) else ""
    return Document([_json_item(item) for item in items if isinstance(item, dict)], following)


def _json_item(item: Mapping[str, Any]) -> Item:
    texts = [_text(item.get(name)) for name in ("summary", "content_html", "content_text")]
    urls = [_text(item.get(name)) for name in ("external_url", "url", "id")]
    authors = item.get("authors") or [item.get("author")]  # the latter of version 1.0
    tags = item.get("tags")
    return Item(
        title=_text(item.get("title")),
        text=next(filter(None, texts), ""),
        link=urls[0] or urls[1],
        names=tuple(filter(None, urls)),
        authors=tuple(
            _text(author.get("name"))
            for author in (authors if isinstance(authors, list) else [])
            if isinstance(author, dict)
        ),
        day=dates.iso(_text(item.get("date_published")) or _text(item.get("date_modified"))),
        categories=tuple(map(_text, tags)) if isinstance(tags, list) else (),
        prism={},
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


# --- papers -------------------------------------------------------------------------------------


def paper(item: Item, seen: tuple[Sighting, ...]) -> Paper | Problem:
    title, named = _title(item.title)
    found = dict.fromkeys(filter(None, map(_identifier, [*item.names, named])))
    if not title and not found:
        where = f"rss {seen[0].place if seen else ''}".strip()
        raw = item.link or item.text[:200]
        return Problem(where=where, what="an item without title and identifier", raw=raw)
    keywords = [one_line(plain.text(name)) for name in item.categories]
    categories = arxiv.categories(" ".join(keywords))
    is_arxiv = any(identifier.scheme == "arxiv" for identifier in found)
    if not is_arxiv:
        categories = tuple(filter(None, keywords))
    # What a copy says of a paper of arXiv is not to be taken for arXiv's own categories.
    tags = ", ".join(keywords) if is_arxiv and len(categories) < len(keywords) else ""
    is_web = item.link.startswith(("https://", "http://")) and _identifier(item.link) is None
    return Paper(
        versions=(_version(item, title),),
        authors=_authors(item.authors),
        abstract=_abstract(item.text),
        identifiers=tuple(found),
        links=(Link("page", item.link),) if is_web else (),
        categories=() if tags else categories,
        extra={"keywords": tags} if tags else {},
        sightings=seen,
    )


def _title(markup: str) -> tuple[str, str]:
    """A title, and what may be an identifier in it."""
    title = one_line(plain.text(markup))
    if (first := _ID_FIRST.fullmatch(title)) and _identifier(first[1]):
        return first[2], first[1]
    if last := _ID_LAST.fullmatch(title):
        return last[1], last[2]
    return title, ""


def _identifier(name: str) -> Identifier | None:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return ids.parse(name.replace("pubmed:", "pmid:"))


def _abstract(markup: str) -> str:
    text = plain.text(markup)
    if fields := _FIELDS_FIRST.match(text):
        text = text[fields.end() :]
    return text if len(text) <= _ARTICLE else ""


def _version(item: Item, title: str) -> Version:
    """The publication, if the feed is of a journal; else the paper as it is listed there: the day
    is that of the item.
    """
    said = item.prism
    venue = one_line(plain.text(said.get("publicationname", "")))
    if not venue or venues.is_preprint_server(venue):
        return Version(standing=Standing.LISTED, title=title, date=item.day)
    pages = [said.get("startingpage", ""), said.get("endingpage", "")]
    fields = {
        "volume": said.get("volume", ""),
        "number": said.get("number", ""),
        "pages": "--".join(filter(None, pages)),
        "publisher": said.get("publisher", ""),
        "issn": said.get("issn", ""),
    }
    stated = dates.iso(said.get("publicationdate")) or dates.iso(said.get("coverdate"))
    return Version(
        standing=Standing.PUBLISHED,
        title=title,
        venue=venue,
        date=stated or item.day,
        type="article",
        fields={name: bibtex_source(value) for name, value in fields.items() if value},
    )


def _authors(names: Sequence[str]) -> tuple[str, ...]:
    """Names in one or several texts. Those of a single word are of users, not of authors."""
    found = [name for text in names for name in _names(one_line(plain.text(text)))]
    return tuple(dict.fromkeys(name for name in found if " " in name))


def _names(text: str) -> Sequence[str]:
    """The names in `Ann Ode (Here), Bo Li`, `Ode, Ann`, `Ode, A., Li, B.` or `Ode, A.; Li, B.`"""
    if ";" in text:
        return [name.strip() for name in text.split(";")]
    parts = [part for name in re.sub(r"\([^()]*\)", "", text).split(",") if (part := name.strip())]
    if len(parts) == 2 and not all(" " in part for part in parts):
        return [", ".join(parts)]
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [", ".join(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
    return arxiv.authors(text)


_INITIALS = re.compile(r"(?:[A-ZÀ-ÖØ-ÞŁŚŽŠČ]\.?[\s-]?){1,4}")

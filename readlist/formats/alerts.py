"""Alerts by e-mail: of Google Scholar, arXiv, Semantic Scholar and whoever else links to papers.

Scholar documents no format. Since 2018 a paper is `<h3>` with a link of class `gse_alrt_title`, a
line `A Ode, B Li… - Journal of Rest…, 2026` below, and in `gse_alrt_sni` some words of the text;
programs that forward mails keep little of that but the link, which leads over `scholar_url?url=`.
In text alone the same three follow each other. Ellipses stand where Scholar cuts off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from itertools import chain, takewhile
from typing import TextIO

from .. import ids
from ..models import Identifier, Paper, Problem, Sighting, Standing, Version
from ..origin import Origin
from ..text import one_line
from . import arxiv_listing, links, mail, markdown, markup
from .markdown_links import pieces, plain

_HEAD = 65_536
_LIMIT = 10_000_000  # characters of a line, and of a text that is no mail
_PASTED = re.compile(
    r"oi=scholaralrt|gse_alrt_title|scholaralerts-noreply@google\.com|google scholar alert"
    r"|sent by google scholar|google scholar is a service",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:^|[\s,])((?:19|20)\d\d)$")
_PIECE = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_URL_LINE = re.compile(r"<?(https?://\S+?)>?")
_NO_VENUE = re.compile(
    r".*(?:…|\.\.\.).*|\S+\.[a-z]{2,6}|.*(?:rxiv|ssrn|preprint|researchgate|authorea|\bthesis).*",
    re.IGNORECASE,
)
_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})(?!\d)", re.IGNORECASE)
_CUT = ("…", "...")
_LONG = 500  # characters of a byline
_LINES = 6  # of a title or some words of a text
_PIECES = 200  # of a text, which only markup of its own cuts up
_BLOCKS = ("div", "p", "td", "tr", "table", "h1", "h2", "h3", "li", "font", "br")
_SOURCES = (
    ("semanticscholar.org", "s2"),
    ("arxiv.org", "arxiv"),
    ("ncbi.nlm.nih.gov", "pubmed"),
    ("openreview.net", "openreview"),
    ("biorxiv.org", "biorxiv"),
)


def recognises(head: str) -> bool:
    """Whether a text is of e-mails, or what a reader copied out of one of Google Scholar's."""
    if mail.recognises(head):
        return True
    if not _PASTED.search(head):
        return False
    return "gse_alrt_title" in head or any(_bylines(head.split("\n")))


def load(file: TextIO, origin: Origin) -> tuple[links.Passed, Iterator[Paper | Problem]]:
    """How many messages name no paper, to be asked afterwards, and the papers of the others."""
    passed = links.Passed("message")
    return passed, _items(file, origin, passed)


def _items(file: TextIO, origin: Origin, passed: links.Passed) -> Iterator[Paper | Problem]:
    for message in _messages(file, origin):
        if isinstance(message, Problem):
            yield message
            continue
        found = False
        for item in _of_message(message, origin):
            found = True
            yield item
        passed.count += not found


def _messages(file: TextIO, origin: Origin) -> Iterator[mail.Message | Problem]:
    start = file.read(_HEAD) + file.readline(_LIMIT)
    if mail.recognises(start):
        rest = iter(lambda: file.readline(_LIMIT), "")
        yield from mail.messages(chain(StringIO(start), rest), origin)
        return
    text = start + file.read(_LIMIT)
    html, words = ([text], []) if text.lstrip().startswith("<") else ([], [text])
    yield mail.Message(1, "", "", "", html, words)


def _of_message(message: mail.Message, origin: Origin) -> Iterator[Paper | Problem]:
    day = message.day or origin.today.isoformat()
    where = f"{origin.name} line {message.line}"
    for text in message.plain:
        if arxiv_listing.recognises(text):
            at = date.fromisoformat(day) if len(day) == len("2017-06-12") else None
            yield from arxiv_listing.load(text, replace(origin, name=where, page_date=at))[1]
            return
    source = next((name for host, name in _SOURCES if host in message.sender.lower()), "mail")
    seen = Sighting(source=source, place=message.subject[:200] or origin.place, at=day)
    results = [result for text in message.html for result in _in_html(text)]
    results = results or [
        result for text in message.plain if _PASTED.search(text) for result in _in_text(text)
    ]
    if results:
        # Whoever sent it on.
        yield from (_paper(result, replace(seen, source="scholar")) for result in results)
        return
    found = [item for text in message.html for item in _linked(text, where, seen)]
    for text in [] if found else message.plain:
        listed = markdown.load(StringIO(text), replace(origin, name=where))[1]
        found += [replace(i, sightings=(seen,)) if isinstance(i, Paper) else i for i in listed]
    yield from found


# --- Google Scholar -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Result:
    """A paper in an alert, as it is read."""

    url: str
    title: str = ""
    byline: str = ""
    snippet: str = ""


def _in_html(text: str) -> list[_Result]:
    results: list[_Result] = []
    inside = ""  # what we read: title, byline or snippet
    said: list[str] = []
    for token in markup.tokens(StringIO(text)):
        if isinstance(token, str):
            if inside and len(said) < _PIECES:
                said.append(token)
            continue
        name, closes = token.name, token.closes
        if inside == "title" and name != "a":
            said.append(" " if name == "br" else "")
            continue
        if inside == "title":
            results[-1].title, inside, said = links.title(_text(said)), "byline", []
        attributes = token.attributes() if name in ("a", "div") and not closes else {}
        classes = attributes.get("class", "")
        if name in _BLOCKS and inside:
            value = _text(said)
            if name == "br":
                said.append(" ")
            elif inside == "snippet":
                results[-1].snippet, inside, said = value, "", []
            elif _is_byline(value):
                results[-1].byline, inside, said = value, "", []
            else:
                said = []
        if name == "a" and (
            "gse_alrt_title" in classes or "scholar_url" in attributes.get("href", "")
        ):
            results.append(_Result(attributes.get("href", "")))
            inside, said = "title", []
        elif "gse_alrt_sni" in classes and results:
            inside, said = "snippet", []
    return [result for result in results if result.title]


def _text(said: list[str]) -> str:
    return one_line(markup.unescape("".join(said)))


def _is_byline(text: str) -> bool:
    return len(text) < _LONG and (" - " in text or _YEAR.search(text) is not None)


def _bylines(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines that are of names, a venue perhaps, and a year."""
    for number, line in enumerate(lines):
        people, dash, rest = one_line(line[:_LONG]).partition(" - ")
        if dash and people[:1].isalpha() and not re.search(r"\d", people) and _YEAR.search(rest):
            yield number


def _is_snippet(line: str) -> bool:
    return bool(line) and not line.startswith("Cites:")


def _in_text(text: str) -> list[_Result]:
    """The papers in the text of an alert: where there is a byline, there is one around it."""
    lines = [line.strip() for line in text.split("\n")]
    results = []
    done = 0
    for at in _bylines(lines):
        result = _Result("", byline=one_line(lines[at]))
        above = at - 1
        while above >= done and (not lines[above] or _URL_LINE.fullmatch(lines[above])):
            result.url = result.url or lines[above].strip("<>")
            above -= 1
        first = above
        while first > done and lines[first - 1] and at - first < _LINES:
            first -= 1
        title = " ".join(lines[first : above + 1])
        for piece in pieces(title, {}):
            result.url = result.url or piece.url
        result.title = links.title(plain(_PIECE.sub(r"\1", title)))
        done = at + 1
        while done < len(lines) and done - at <= _LINES and _is_snippet(lines[done]):
            done += 1
        result.snippet = one_line(" ".join(lines[at + 1 : done]))
        if result.title:
            results.append(result)
    return results


def _paper(result: _Result, seen: Sighting) -> Paper:
    people, _, rest = result.byline.partition(" - ")
    if not rest:
        people, rest = "", result.byline
    year = _YEAR.search(rest)
    venue = rest[: year.start()].strip(" ,") if year else rest
    url = links.web(result.url)
    found = [links.identifier(url)] if url else []
    if preprint := _ARXIV.search(venue):
        found.append(ids.parse(preprint[0]))
    identifiers = tuple(dict.fromkeys(identifier for identifier in found if identifier))
    of_scholar = "//scholar.google." in url  # its own page of a citation
    return Paper(
        versions=(
            Version(
                standing=Standing.LISTED,
                title=result.title,
                venue="" if _NO_VENUE.fullmatch(venue) else venue,
                date=year[1] if year else "",
            ),
        ),
        authors=_authors(people),
        identifiers=identifiers,
        links=() if of_scholar else links.links(url, next(iter(identifiers), None)),
        extra={"snippet": result.snippet} if result.snippet else {},
        sightings=(seen,),
    )


def _authors(people: str) -> tuple[str, ...]:
    """The names in a byline up to where some are left out or one is cut off."""
    names = [name.strip() for name in people.split(",")]
    whole = takewhile(lambda name: not name.startswith(_CUT) and not name.endswith(_CUT), names)
    return tuple(filter(None, whole))


# --- others -------------------------------------------------------------------------------------


def _linked(text: str, where: str, seen: Sighting) -> list[Paper | Problem]:
    """The papers to which the links of an HTML mail lead, each once."""
    found: dict[Identifier | str, Paper] = {}
    url, said = "", [""]
    for token in markup.tokens(StringIO(text)):
        if isinstance(token, str):
            if url and len(said) < _PIECES:
                said.append(token)
        elif token.name == "a":
            paper = links.paper(url, _text(said), where=where, seen=seen) if url else None
            if isinstance(paper, Paper):
                key = paper.identifiers[0] if paper.identifiers else paper.title
                if not found.get(key, paper).title or key not in found:  # the first was a picture
                    found[key] = paper
            url, said = ("" if token.closes else token.attributes().get("href", "")), []
    return links.doubt(found.values())

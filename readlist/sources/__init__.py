"""Services that papers come from over the network: each is a module of two halves, `parse` of what
a service answers (pure) and what asks for it (with the `Client` it is given).

The tables below are all that the rest of readlist knows of a service. A module has what it is
listed for: `lookup`, `search`, or `follow` with its `OPTIONS`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import SourceError, StoppedError
from ..models import Identifier, Paper, Problem

if TYPE_CHECKING:
    from .client import Client

# The `source` of a feed: its module.
FEEDS = {
    "hf": "huggingface",
    "arxiv": "arxiv_rss",
    "arxiv-query": "arxiv",
    "arxiv-oai": "arxiv_oai",
    "biorxiv": "biorxiv",
    "dblp": "dblp",
    "feed": "feed",
    "openalex": "openalex",
    "openreview": "openreview",
    "s2": "semantic_scholar",
}
# Of these options a feed needs one, as in the example.
_NEEDED = {
    "arxiv": {"categories": '["cs.LG"]'},
    "arxiv-query": {"query": '"au:Hinton"'},
    "arxiv-oai": {"set": '"cs:cs:LG"'},
    "dblp": {"author": '"h/GeoffreyEHinton"', "venue": '"conf/nips"'},
    "feed": {"url": '"https://example.org/papers.xml"'},
    "openalex": {"author": '"A5023888391"', "venue": '"S137773608"'},
    "openreview": {"venue": '"ICLR.cc/2025/Conference"'},
}
# Who is asked for the papers of a scheme, one after the other until one knows them.
LOOKUPS = {
    "arxiv": ("arxiv",),
    "doi": ("crossref", "datacite", "openalex"),
    "acl": ("acl", "semantic_scholar"),
    "dblp": ("dblp",),
    "isbn": ("openlibrary",),
    "openalex": ("openalex",),
    "openreview": ("openreview",),
    "pmcid": ("pubmed", "semantic_scholar"),
    "pmid": ("pubmed", "semantic_scholar"),
    "s2": ("semantic_scholar",),
    "corpusid": ("semantic_scholar",),
}
# Who is asked for a title, until one knows it.
SEARCHES = ("arxiv", "semantic_scholar", "crossref", "dblp", "openalex")


class Page(NamedTuple):
    """One page of a feed: its items, and what to remember once they are saved (JSON values).

    Following the feed again from `state` continues behind this page: nothing is missed and
    nothing already read is asked for again.
    """

    items: list[Paper | Problem]
    state: dict[str, Any]


def module(name: str) -> Any:
    """The module of a service; it is loaded when it is first asked for."""
    return import_module(f".{name}", __package__)


def lacking(source: str, options: Mapping[str, Any]) -> list[str]:
    """What a feed has to say and does not, each as a line; its source is not loaded for that."""
    if source not in FEEDS:
        return [f"source: expected one of {', '.join(FEEDS)}, got {source!r}"]
    needed = _NEEDED.get(source, {})
    if not needed or any(options.get(name) for name in needed):
        return []
    name, example = next(iter(needed.items()))
    return [f"{' or '.join(needed)}: expected, as in {name} = {example}"]


def wrong_options(source: str, options: Mapping[str, Any]) -> list[str]:
    """What is wrong with the source and the options of a feed, each as a line."""
    found = lacking(source, options)
    if source not in FEEDS:
        return found
    known: Mapping[str, Any] = module(FEEDS[source]).OPTIONS
    found += [
        f"{name}: no such option of {source}; it has {', '.join(known) or 'none'}"
        for name in options
        if name not in known
    ]
    for name, value in options.items():
        kind = known.get(name)
        if kind is list and not (
            isinstance(value, list) and value and all(isinstance(v, str) for v in value)
        ):
            found.append(f"{name}: expected a list of texts, got {value!r}")
        elif kind in (str, int) and type(value) is not kind:
            found.append(f"{name}: expected {_KINDS[kind]}, got {value!r}")
        elif isinstance(kind, tuple) and value not in kind:
            found.append(f"{name}: expected one of {', '.join(kind)}, got {value!r}")
    return found


_KINDS = {str: "a text", int: "a whole number"}


class Missing(NamedTuple):
    """An identifier without a paper: unknown to all who were asked, or not all of them answered."""

    identifier: Identifier
    why: str
    unknown: bool


def lookup(
    client: "Client", identifiers: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem | Missing]:
    """The papers of identifiers, of whichever service knows them.

    :raises StoppedError: the client was stopped.
    """
    for scheme in dict.fromkeys(identifier.scheme for identifier in identifiers):
        left = dict.fromkeys(i for i in identifiers if i.scheme == scheme)
        services = LOOKUPS[scheme]
        failed = ""
        for name in services:
            try:
                for item in module(name).lookup(client, list(left), today):
                    if isinstance(item, Paper):
                        for identifier in item.identifiers:
                            left.pop(identifier, None)
                    yield item
            except StoppedError:
                raise
            except SourceError as error:
                failed = failed or str(error)
            if not left:
                break
        for identifier in left:
            yield Missing(identifier, failed or f"unknown to {' and '.join(services)}", not failed)


def search(client: "Client", title: str, today: date) -> Iterator[list[Paper]]:
    """What each service finds for a title, one service after the other.

    :raises SourceError: none of them answered, or the client was stopped.
    """
    failed: SourceError | None = None
    answered = False
    for name in SEARCHES:
        try:
            found = module(name).search(client, title, today)
        except StoppedError:
            raise
        except SourceError as error:
            failed = failed or error
            continue
        answered = True
        yield found
    if failed and not answered:
        raise failed

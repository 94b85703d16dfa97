"""Carries papers from sources to the library, which do not know each other.

Feeds are read side by side, each in a thread of its own; the client lets one at a time ask a host.
What arrives is saved at once by the one thread that writes, and only then does a feed remember
how far it was read: so nothing is missed, whatever happens in between.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from . import sources
from .errors import ReadlistError
from .library import Filter, Library, Report, Sort
from .models import Followed

if TYPE_CHECKING:
    from .config import Feed
    from .sources.client import Client

_AHEAD = 8  # pages that may wait to be saved
_PATIENCE = 0.5  # seconds in which threads that are stopped must end
_KNOWN = 100  # the latest likes and dislikes that recommendations of a service begin from


class Fetched(NamedTuple):
    """What became of one feed; `error` is `""` where all of it was read."""

    feed: "Feed"
    report: Report
    error: str


def request(feed: "Feed") -> str:
    """What a feed asks for: another request begins anew."""
    return json.dumps([feed.source, dict(feed.options)], sort_keys=True)


def fetch(
    library: Library,
    client: "Client",
    feeds: Sequence["Feed"],
    *,
    now: datetime,
    since: date | None = None,
    progress: Callable[[str, int], None] = lambda _name, _papers: None,
) -> Iterator[Fetched]:
    """Read the feeds from where each was left, or from a day on; each result when it is there.
    `progress` is told the name of a feed and how many papers it has given, page by page.

    When this is closed or interrupted, what has arrived is saved.
    """
    known = library.followed()
    inbox: Queue[tuple[str, Any]] = Queue(_AHEAD)
    reading: dict[str, _Reading] = {}
    threads = []
    try:
        for feed in feeds:
            followed = known.get(feed.name)
            if followed is None or followed.request != request(feed):
                followed = Followed(name=feed.name, request=request(feed))
            reading[feed.name] = _Reading(feed, followed, Report())
            options = {**feed.options, **_taste(library, feed)}
            arguments = (client, feed, options, followed.state, now, since, inbox)
            thread = Thread(target=_follow, args=arguments, daemon=True)
            thread.start()
            threads.append(thread)
        while reading:
            name, item = inbox.get()
            reading[name] = _save(library, reading[name], item, now)
            if isinstance(item, sources.Page):
                said = reading[name].report
                progress(name, said.added + said.updated + said.unchanged)
            else:
                done = reading.pop(name)
                yield Fetched(done.feed, done.report, done.followed.error)
    finally:
        if reading:
            client.stop()
            _save_the_rest(library, reading, inbox, now)  # which makes room for what is left
            for thread in threads:
                thread.join(_PATIENCE / len(threads))
            _save_the_rest(library, reading, inbox, now)


def _save_the_rest(
    library: Library,
    reading: "dict[str, _Reading]",
    inbox: "Queue[tuple[str, Any]]",
    now: datetime,
) -> None:
    with suppress(Empty):
        while True:
            name, item = inbox.get_nowait()
            if isinstance(item, sources.Page):
                reading[name] = _save(library, reading[name], item, now)


class _Reading(NamedTuple):
    feed: "Feed"
    followed: Followed
    report: Report


def _follow(
    client: "Client",
    feed: "Feed",
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
    inbox: "Queue[tuple[str, Any]]",
) -> None:
    """Put the pages of a feed into the inbox, then an error or, where all went well, `""`."""
    error = ""
    try:
        follow = sources.module(sources.FEEDS[feed.source]).follow
        for page in follow(client, options, state, now, since):
            inbox.put((feed.name, page))
    except ReadlistError as failed:
        error = str(failed)
    except Exception as bug:  # noqa: BLE001 - the other feeds go on
        error = f"{type(bug).__name__}: {bug}; this is a bug in readlist, please report it"
    inbox.put((feed.name, error))


def _save(library: Library, read: _Reading, item: "sources.Page | str", now: datetime) -> _Reading:
    """Save a page, or how the feed ended, and then how far it was read."""
    feed, followed, report = read
    if isinstance(item, sources.Page):
        marks = [("tag", tag) for tag in feed.tags]
        marks += [("status", feed.status)] if feed.status else []
        before = report.added
        library.add_all(
            item.items,
            now=now,
            marks=marks,
            mark_all=False,
            what=f"fetch {feed.name}",
            report=report,
        )
        total = followed.total + report.added - before
        followed = replace(followed, state=item.state, total=total)
    elif item:
        followed = replace(followed, failed=now, error=item)
    else:
        followed = replace(followed, succeeded=now, new=report.added, failed=None, error="")
    library.save_followed(followed)
    return _Reading(feed, followed, report)


def _taste(library: Library, feed: "Feed") -> dict[str, Any]:
    """What a service that recommends papers is told: identifiers of what the owner rated."""
    if feed.source != "s2":
        return {}
    return {
        name: [
            entry.paper.identifiers
            for entry in library.entries(Filter(ratings=(rating,)), Sort.ADDED, _KNOWN)
        ]
        for name, rating in (("_likes", 1), ("_dislikes", -1))
    }

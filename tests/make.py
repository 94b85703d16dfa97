"""Plain factories with dull defaults: a test says only what it is about."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from readlist.library import Filter, Library, Sort
from readlist.models import (
    Change,
    Entry,
    Identifier,
    Link,
    Paper,
    Saved,
    Sighting,
    Standing,
    Version,
)
from readlist.origin import Origin

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TITLE = "A Dull but Sufficient Title"


def at(minute: int) -> datetime:
    """So many minutes after `NOW`."""
    return NOW + timedelta(minutes=minute)


def version(
    title: str = TITLE,
    *,
    standing: Standing = Standing.PREPRINT,
    venue: str = "",
    date: str = "",
    type: str = "",
    fields: Mapping[str, str] | None = None,
) -> Version:
    return Version(
        standing=standing, title=title, venue=venue, date=date, type=type, fields=fields or {}
    )


def paper(
    title: str = TITLE,
    *,
    ids: str = "",
    authors: tuple[str, ...] = (),
    links: Iterable[tuple[str, str]] = (),
    versions: tuple[Version, ...] = (),
    **rest: Any,
) -> Paper:
    """A record with one version; `ids` as in `"arxiv:1706.03762 doi:10.1/a"`."""
    about = {
        name: rest.pop(name)
        for name in ("standing", "venue", "date", "type", "fields")
        if name in rest
    }
    return Paper(
        versions=versions or (version(title, **about),),
        authors=authors,
        identifiers=tuple(Identifier(*text.split(":", 1)) for text in ids.split()),
        links=tuple(Link(*link) for link in links),
        **rest,
    )


def published(title: str = TITLE, **rest: Any) -> Paper:
    return paper(title, standing=Standing.PUBLISHED, **rest)


def sighting(source: str = "hf", at: str = "2026-11-20", **rest: Any) -> Sighting:
    return Sighting(source=source, at=at, **rest)


def origin(name: str = "file.json", **rest: Any) -> Origin:
    return Origin(**{"name": name, "place": name, "today": date(2026, 11, 23), **rest})


# --- what an owner does -------------------------------------------------------------------------


def add(library: Library, *papers: Paper | Saved, now: datetime = NOW, **options: Any) -> list[int]:
    """Take papers in; the numbers of all that is in the library then."""
    report = library.add_all(papers, now=now, **options)
    assert not report.problems
    return library.ids(Filter(), Sort.ADDED)[::-1]


def distinct(count: int, **rest: Any) -> list[Paper]:
    """Papers that nobody can take for one another."""
    return [
        paper(f"The Dull Paper Called Number{n}", ids=f"arxiv:2401.{n:05}", **rest)
        for n in range(1, count + 1)
    ]


def rate(library: Library, id: int, rating: int | None, now: datetime = NOW) -> None:
    value = None if rating is None else str(rating)
    what = {1: "liked", -1: "disliked", None: "cleared"}[rating]
    library.act([Change(paper_id=id, field="rating", value=value)], what=what, now=now)


def status(library: Library, id: int, value: str, now: datetime = NOW) -> None:
    library.act([Change(paper_id=id, field="status", value=value)], what=value, now=now)


def tag(library: Library, id: int, value: str, now: datetime = NOW, *, on: bool = True) -> None:
    what = f"{'tagged' if on else 'untagged'} #{value}"
    library.act([Change(paper_id=id, field="tag", value=value, on=on)], what=what, now=now)


def note(library: Library, id: int, text: str, now: datetime = NOW) -> None:
    library.act([Change(paper_id=id, field="note", value=text)], what="noted", now=now)


def everything(library: Library) -> list[Entry]:
    return list(library.entries(Filter(), Sort.ADDED))[::-1]

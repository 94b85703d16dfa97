"""Fills in what papers lack, asking services for it: ids and authors of what is known by its title
only, abstracts, the venue where a preprint was published, open PDFs, code.

What a service says of an identifier is taken when the titles agree; what is found by a title, when
the first author and the year do, too. Nothing is asked for twice within `_AGAIN`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from . import ids, sources
from .errors import NotFoundError, SourceError, StoppedError
from .library import Filter, Library, Sort
from .merge import join
from .models import Entry, Identifier, Paper, Problem, Standing
from .sources import titles

if TYPE_CHECKING:
    from .sources.client import Client

# Each part, and who is asked for it by identifier, one after the other while it is lacking.
PARTS: Mapping[str, tuple[str, ...]] = {
    "abstract": ("semantic_scholar", "arxiv", "crossref", "pubmed", "openalex"),
    "authors": ("semantic_scholar", "arxiv", "crossref", "pubmed", "openalex"),
    "published": ("semantic_scholar", "crossref"),
    "pdf": ("semantic_scholar", "unpaywall", "openalex"),
    "code": ("huggingface",),
}
# Who knows by its title where a paper was published. That is a request for each paper, and made
# for those only that the owner decided on.
_PUBLISHED = ("dblp", "crossref")
_FILLED = ("identifier", *PARTS)
_BATCH = 500  # papers that one service is asked for at a time
_AGAIN = timedelta(days=60)
_YEARS = 3  # between a preprint and its publication


class Enriched(NamedTuple):
    """An entry as it is now, and what was filled in: parts, or `identifier`."""

    entry: Entry
    gained: tuple[str, ...]


def enrich(
    library: Library,
    client: "Client",
    filter: Filter,
    parts: Sequence[str],
    *,
    now: datetime,
) -> Iterator[Enriched | Problem]:
    """Fill in the parts that entries of a filter lack; a problem for each service that failed.

    All is done in one step. What was filled in when this is closed or interrupted stays.
    """
    run = _Run(library, client, now)
    yield from run.name(library.ids(_lacking(filter, "identifier"), Sort.ADDED))
    for part in parts:
        known = library.asked(part, now - _AGAIN)
        pending = [id for id in library.ids(_lacking(filter, part), Sort.ADDED) if id not in known]
        for start in range(0, len(pending), _BATCH):
            yield from run.fill(part, pending[start : start + _BATCH])


def _lacking(filter: Filter, part: str) -> Filter:
    return replace(filter, lacks=(*filter.lacks, part))


def agrees(paper: Paper, found: Paper, *, by_title: bool) -> bool:
    """Whether what was found is about the paper."""
    named = [titles.Meant(version.title, 0) for version in paper.versions if version.title]
    if named and found.title and not any(title.fits(found) for title in named):
        return False
    years = [int(each.date[:4]) for each in (paper, found) if each.date]
    near = len(years) < 2 or abs(years[0] - years[1]) <= _YEARS
    firsts = [ids.family_key(each.authors[0]) for each in (paper, found) if each.authors]
    return not by_title or (near and (len(firsts) < 2 or firsts[0] == firsts[1]))


def lacks(paper: Paper, part: str) -> bool:
    if part == "identifier":
        return not paper.identifiers
    if part == "published":
        return paper.standing is not Standing.PUBLISHED
    if part in ("pdf", "code"):
        return not any(link.kind == part for link in ids.links(paper))
    return not getattr(paper, part)


class _Run:
    """One run; `failed` are services that are not asked any more."""

    def __init__(self, library: Library, client: "Client", now: datetime) -> None:
        self._library = library
        self._client = client
        self._now = now
        self._today = now.astimezone().date()
        self._failed: set[str] = set()
        self._step: int | None = None

    def name(self, papers: Iterable[int]) -> Iterator[Enriched | Problem]:
        """Find papers of which only the title is known."""
        known = self._library.asked("identifier", self._now - _AGAIN)
        for id in papers:
            if id not in known:
                yield from self._search(id, sources.SEARCHES, "identifier")

    def fill(self, part: str, papers: Sequence[int]) -> Iterator[Enriched | Problem]:
        """Ask for one part of some papers, which is then remembered to be asked for."""
        left = [id for id in papers if self._still_lacks(id, part)]
        for service in PARTS[part]:
            yield from self._look_up(service, left)
            left = [id for id in left if self._still_lacks(id, part)]
        if part == "published":
            for id in left:
                entry = self._entry(id)
                if entry and entry.decided:
                    yield from self._search(id, _PUBLISHED, part)
            left = [id for id in left if self._still_lacks(id, part)]
        if not self._failed.intersection((*PARTS[part], *_PUBLISHED * (part == "published"))):
            self._library.remember_asked(part, left, self._now)

    def _still_lacks(self, id: int, part: str) -> bool:
        entry = self._entry(id)
        return entry is not None and lacks(entry.paper, part)

    def _entry(self, id: int) -> Entry | None:
        """None when what was found out of another one has shown that it is the same paper."""
        with suppress(NotFoundError):
            return self._library.get(id)
        return None

    def _look_up(self, service: str, papers: Sequence[int]) -> Iterator[Enriched | Problem]:
        module = sources.module(service)
        wanted: dict[Identifier, int] = {}
        for id in papers:
            identifiers = self._library.get(id).paper.identifiers
            scheme = next((i for i in identifiers if i.scheme in module.SCHEMES), None)
            if scheme:
                wanted[scheme] = id
        if not wanted or service in self._failed:
            return
        found: list[tuple[int, Paper]] = []
        try:
            for item in module.lookup(self._client, list(wanted), self._today):
                if isinstance(item, Paper):
                    found += [(wanted[i], item) for i in item.identifiers if i in wanted]
        except StoppedError:
            raise
        except SourceError as error:
            self._failed.add(service)
            yield Problem(where=service, what=str(error))
        finally:
            gained = self._save(found, by_title=False)
        yield from gained

    def _search(self, id: int, services: Sequence[str], part: str) -> Iterator[Enriched | Problem]:
        """Ask one service after the other for a title, until one has the part for it."""
        entry = self._entry(id)
        paper = entry.paper if entry else None
        for service in services:
            if service in self._failed or not paper or not paper.title:
                continue
            try:
                found = sources.module(service).search(self._client, paper.title, self._today)
            except StoppedError:
                raise
            except SourceError as error:
                self._failed.add(service)
                yield Problem(where=service, what=str(error))
                continue
            fitting = [p for p in found if not lacks(p, part) and agrees(paper, p, by_title=True)]
            if fitting:
                yield from self._save([(id, fitting[0])], by_title=True)
                return
        if not self._failed.intersection(services):
            self._library.remember_asked(part, [id], self._now)

    def _save(self, found: Sequence[tuple[int, Paper]], *, by_title: bool) -> list[Enriched]:
        known = {id: entry.paper for id, _ in found if (entry := self._entry(id))}
        agreed: dict[int, Paper] = {}
        for id, paper in found:
            if id in known and agrees(known[id], paper, by_title=by_title):
                agreed[id] = join(agreed[id], paper) if id in agreed else paper
        gained = {
            id: [p for p in _FILLED if lacks(known[id], p) and not lacks(paper, p)]
            for id, paper in agreed.items()
        }
        self._step = self._library.enrich(
            [(id, paper, ", ".join(gained[id]) or "details") for id, paper in agreed.items()],
            now=self._now,
            step=self._step,
        )
        enriched = [(self._entry(id), tuple(parts)) for id, parts in gained.items() if parts]
        return [Enriched(entry, parts) for entry, parts in enriched if entry]

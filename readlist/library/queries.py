"""What is in the library: find, list, search, count."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from .. import ids as identity
from ..errors import AmbiguousError, NotFoundError
from ..models import Entry, Identifier, Sighting, Status
from ..text import clean
from .caches import Caches
from .filters import NEWEST_UPVOTED, Filter, Sort, match, one_name, order, tables, where
from .rows import PAPER_COLUMNS, SIGHTING_COLUMNS, from_sighting, from_time, to_paper

_CHUNK = 500


class Queries(Caches):
    def ids(
        self, filter: Filter = Filter(), sort: Sort | None = Sort.DATE, limit: int | None = None
    ) -> list[int]:
        """The ids of the entries that a filter finds; `sort` None needs `filter.words`."""
        scores = sort is Sort.SCORE and self._open_cache()
        if scores and limit and not filter.words:
            # The best ones by the index of scores alone, if there are as many with a score.
            best = self._ids(filter, "s.score DESC, s.paper_id DESC", limit, scored_only=True)
            if len(best) == limit:
                return best
        by = order(Sort.DATE if sort is Sort.SCORE and not scores else sort)
        return self._ids(filter, by, limit, scores=scores)

    def _ids(
        self,
        filter: Filter,
        by: str,
        limit: int | None = None,
        *,
        scores: bool = False,
        scored_only: bool = False,
    ) -> list[int]:
        if filter.author:
            self._db.create_function("one_name", 2, one_name, deterministic=True)
        condition, values = where(filter)
        from_ = tables(filter, scores=scores, scored_only=scored_only)
        sql = f"SELECT p.id FROM {from_} {condition} ORDER BY {by} LIMIT ?"
        return self._column(sql, *values, -1 if limit is None else limit)

    def entries(
        self, filter: Filter = Filter(), sort: Sort | None = Sort.DATE, limit: int | None = None
    ) -> Iterator[Entry]:
        """The entries that a filter finds, read in chunks."""
        yield from self._entries(self.ids(filter, sort, limit))

    def queue(self, filter: Filter) -> list[int]:
        """The ids of what is to be decided, best first: by score, else newest and most upvoted."""
        scores = self._open_cache()
        by = ("s.score IS NULL, s.score DESC, " if scores else "") + NEWEST_UPVOTED
        return self._ids(filter, by, scores=scores)

    def get(self, id: int) -> Entry:
        """:raises NotFoundError: there is no such paper."""
        entry = next(self._entries([id]), None)
        if entry is None:
            raise NotFoundError(f"no paper {id}; 'readlist list' shows what there is")
        return entry

    def find(self, handle: str) -> int:
        """The id of the paper that a handle means: its id, citation key, an identifier or URL
        of it, or words of its title.

        :raises NotFoundError: it fits none.
        :raises AmbiguousError: it fits several.
        """
        handle = clean(handle)
        found = self._find_exact(handle)
        if not found and not handle.isdecimal():  # a number that is gone is not words of a title
            found = self._find_title(handle)
        if not found:
            raise NotFoundError(f"no paper {handle!r}; try 'readlist search' with words of it")
        if len(found) > 1:
            candidates = [f"{e.id}  {e.paper.title}" for e in self._entries(found[:10])]
            raise AmbiguousError(f"{handle!r} fits several papers; give the number:", candidates)
        return found[0]

    def _find_exact(self, handle: str) -> list[int]:
        if re.fullmatch(r"[0-9]{1,18}", handle):
            sql = "SELECT id FROM papers WHERE id = ?1 UNION SELECT paper_id FROM folded WHERE id = ?1"
            return self._column(sql, int(handle))
        if keyed := self._column("SELECT paper_id FROM citation_keys WHERE key = ?", handle):
            return keyed
        identifier = identity.parse(handle)
        return self._column(
            "SELECT paper_id FROM identifiers WHERE scheme = ? AND value = ?",
            *(identifier or ("", "")),
        )

    def _find_title(self, handle: str) -> list[int]:
        """The papers whose titles fit best: as a whole, in these very words, or in forms of them."""
        found = self._column(
            "SELECT rowid FROM papers_text WHERE title MATCH ? ORDER BY rank LIMIT 50",
            match(handle.replace('"', " ").replace("*", " ")),
        )
        asked = identity.words(handle)
        titles = {entry.id: identity.words(entry.paper.title) for entry in self._entries(found)}
        whole = [id for id, words in titles.items() if words == asked]
        literal = [id for id, words in titles.items() if set(asked) <= set(words)]
        return whole or literal or found

    def _column(self, sql: str, *values: Any) -> list[Any]:
        return [row[0] for row in self._db.execute(sql, values)]

    def complete(self, prefix: str, limit: int = 50) -> list[tuple[str, str]]:
        """Citation keys and ids that begin with `prefix`, each with its paper's title."""
        pattern = re.sub(r"([*?\[])", r"[\1]", clean(prefix)) + "*"
        keys = self._db.execute(
            "SELECT key, title FROM citation_keys JOIN papers ON papers.id = paper_id"
            " WHERE key GLOB ? ORDER BY key LIMIT ?",
            (pattern, limit),
        ).fetchall()
        if not prefix.isdigit():
            return keys
        numbers = self._db.execute(
            "SELECT CAST(id AS TEXT), title FROM papers WHERE CAST(id AS TEXT) GLOB ? LIMIT ?",
            (pattern, limit),
        ).fetchall()
        return numbers + keys

    def looks(self) -> Iterator[tuple[int, str, str, str, str]]:
        """(id, title, first author, date, abstract) of each paper."""
        yield from self._db.execute(
            "SELECT id, title, coalesce(authors ->> 0, ''), date, abstract FROM papers"
        )

    def arrivals(self) -> Iterator[tuple[int, datetime, str, int | None]]:
        """(id, when it was added, date, most upvotes) of each paper."""
        for id, added, date, upvotes in self._db.execute(
            "SELECT id, added, date, upvotes FROM papers LEFT JOIN"
            " (SELECT paper_id, max(upvotes) AS upvotes FROM sightings GROUP BY 1)"
            " ON paper_id = papers.id"
        ):
            moment = from_time(added)
            assert moment is not None
            yield id, moment, date, upvotes

    def tags(self) -> dict[str, int]:
        """Each tag with the number of papers that have it, by name."""
        return dict(self._db.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag"))

    def sources(self) -> dict[str, int]:
        """Each source with the number of papers met there, by name."""
        return dict(
            self._db.execute(
                "SELECT source, count(DISTINCT paper_id) FROM sightings GROUP BY source ORDER BY 1"
            )
        )

    def categories(self) -> dict[str, int]:
        """Each category with the number of papers that are of it, by name."""
        return dict(
            self._db.execute(
                "SELECT value, count(*) FROM papers, json_each(categories) GROUP BY value ORDER BY 1"
            )
        )

    def venues(self) -> dict[str, int]:
        """Each venue with the number of papers that it has, by name."""
        return dict(
            self._db.execute(
                "SELECT venue, count(*) FROM papers WHERE venue <> '' GROUP BY venue ORDER BY 1"
            )
        )

    def count(self, filter: Filter = Filter()) -> int:
        condition, values = where(filter)
        sql = f"SELECT count(*) FROM {tables(filter)} {condition}"
        return int(self._column(sql, *values)[0])

    def counts(self, column: str) -> dict[str, int]:
        """How many entries there are of each `status`, `rating` (1, -1) or `venue`."""
        sql = {
            "status": "SELECT coalesce(status, 'new'), count(*) FROM papers"
            " LEFT JOIN entries ON paper_id = papers.id GROUP BY 1",
            "rating": "SELECT CAST(rating AS TEXT), count(*) FROM entries"
            " WHERE rating IS NOT NULL GROUP BY 1",
            "venue": "SELECT venue, count(*) FROM papers WHERE venue <> '' GROUP BY 1"
            " ORDER BY 2 DESC, 1 LIMIT 10",
        }[column]
        return dict(self._db.execute(sql))

    # --- rows to entries ---------------------------------------------------------------------

    def _entries(self, ids: Iterable[int]) -> Iterator[Entry]:
        """The entries of `ids` in their order; ids that are gone are left out."""
        pending = iter(ids)
        while chunk := list(islice(pending, _CHUNK)):
            yield from self._entries_of(chunk)

    def _entries_of(self, ids: Sequence[int]) -> Iterator[Entry]:
        asked = json.dumps(ids)
        identifiers, sightings = self._identifiers(asked), self._sightings(asked)
        tags, keys, aliases = defaultdict(list), {}, defaultdict(list)
        for id, tag in self._of("paper_id, tag FROM tags", asked, "ORDER BY tag"):
            tags[id].append(tag)
        for id, key, current in self._of(
            "paper_id, key, current FROM citation_keys", asked, "ORDER BY key"
        ):
            if current:
                keys[id] = key
            else:
                aliases[id].append(key)
        scores = (
            dict(self._of("paper_id, score FROM cache.scores", asked)) if self._open_cache() else {}
        )
        rows = {
            row[0]: row[1:]
            for row in self._db.execute(
                f"SELECT papers.id, added, status, status_at, rating, rated_at, note, noted_at,"
                f" {PAPER_COLUMNS} FROM papers LEFT JOIN entries ON paper_id = papers.id"
                " WHERE papers.id IN (SELECT value FROM json_each(?))",
                (asked,),
            )
        }
        for id in ids:
            if id not in rows:
                continue
            added, status, status_at, rating, rated_at, note, noted_at, *paper = rows[id]
            moment = from_time(added)
            assert moment is not None
            yield Entry(
                id=id,
                paper=to_paper(tuple(paper), identifiers.get(id, ()), sightings.get(id, ())),
                added=moment,
                key=keys.get(id, ""),
                aliases=tuple(aliases.get(id, ())),
                status=Status(status or "new"),
                status_at=from_time(status_at),
                rating=rating,
                rated_at=from_time(rated_at),
                tags=tuple(tags.get(id, ())),
                note=note or "",
                noted_at=from_time(noted_at),
                score=scores.get(id),
            )

    def _of(self, columns_from: str, asked: str, tail: str = "") -> list[tuple[Any, ...]]:
        return self._db.execute(
            f"SELECT {columns_from} WHERE paper_id IN (SELECT value FROM json_each(?)) {tail}",
            (asked,),
        ).fetchall()

    def _identifiers(self, asked: str) -> dict[int, tuple[Identifier, ...]]:
        found: dict[int, list[Identifier]] = defaultdict(list)
        for id, scheme, value in self._of(
            "paper_id, scheme, value FROM identifiers", asked, "ORDER BY scheme, value"
        ):
            found[id].append(Identifier(scheme, value))
        return {id: tuple(values) for id, values in found.items()}

    def _sightings(self, asked: str) -> dict[int, tuple[Sighting, ...]]:
        found: dict[int, list[Sighting]] = defaultdict(list)
        for id, *values in self._of(
            f"paper_id, {SIGHTING_COLUMNS} FROM sightings", asked, "ORDER BY at, source, place"
        ):
            found[id].append(from_sighting(*values))
        return {id: tuple(values) for id, values in found.items()}

"""What is computed from a library and can be computed again: features, model, scores, picks.

It lives in a second database beside the library's, `library.db-cache`, which may be deleted at
any time. Arrays are kept as bytes; what is in them is `recommend`'s business.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from ..models import Opinion, Status
from .rows import from_time
from .store import PASSING, Store

_VERSION = 1
_TABLES = """
CREATE TABLE cache.features (
  block INTEGER PRIMARY KEY,
  version TEXT NOT NULL,   -- of the mapping from text to features
  revision INTEGER NOT NULL,  -- the last of papers.revision that is in
  size INTEGER NOT NULL,   -- papers in this block; a later block replaces an earlier one's
  ids BLOB NOT NULL,       -- int64
  arrays BLOB NOT NULL
) STRICT
;;
CREATE TABLE cache.model (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL,
  arrays BLOB NOT NULL) STRICT
;;
CREATE TABLE cache.scores (paper_id INTEGER PRIMARY KEY, score REAL NOT NULL) STRICT
;;
CREATE INDEX cache.scores_score ON scores (score)
;;
CREATE TABLE cache.picks (request TEXT PRIMARY KEY, picks TEXT NOT NULL) STRICT
"""

# A step that was not undone, which none that undid another ever is. With a plus, because nearly all
# steps undo nothing, so that the index of those that do is no way to them.
STANDS = "+s.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"


class Block(NamedTuple):
    """Features of so many papers: their ids (int64) and what `recommend` made of them."""

    size: int
    ids: bytes
    arrays: bytes


class Said(NamedTuple):
    """What a paper says about itself, for features."""

    revision: int
    paper_id: int
    title: str
    abstract: str
    authors: list[str]
    categories: list[str]
    venue: str


class Caches(Store):
    _cache = ""  # "", "attached" or "none"

    def _open_cache(self, *, create: bool = False) -> bool:
        """Attach the cache; without `create` only where there is one already."""
        if self._cache == "attached" or (self._cache == "none" and not create):
            return self._cache == "attached"
        path = self._cache_path()
        if path != ":memory:" and not os.path.exists(path) and not create:
            self._cache = "none"
            return False
        try:
            self._attach(path, create=create)
        except sqlite3.DatabaseError as error:
            self._detach()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            ):
                raise
            for end in ("", "-wal", "-shm"):
                if os.path.exists(path + end):
                    os.remove(path + end)
            self._attach(path, create=True)
        return self._cache == "attached"

    def _cache_path(self) -> str:
        if self.path in PASSING or not os.access(
            os.path.dirname(os.path.abspath(self.path)), os.W_OK
        ):
            return ":memory:"
        return f"{self.path}-cache"

    def _attach(self, path: str, *, create: bool) -> None:
        self._db.execute("ATTACH ? AS cache", (path,))
        version = self._db.execute("PRAGMA cache.user_version").fetchone()[0]
        if version != _VERSION and not create:
            self._detach()
            self._cache = "none"
            return
        if version != _VERSION:
            self._make_cache()
        self._cache = "attached"

    def _make_cache(self) -> None:
        self._db.execute("PRAGMA cache.journal_mode = wal")
        self._db.execute("BEGIN")
        self._db.execute("PRAGMA cache.application_id = 0")  # takes the cache's write lock
        # Another process may have made it meanwhile.
        if self._db.execute("PRAGMA cache.user_version").fetchone()[0] != _VERSION:
            for (name,) in self._db.execute(
                "SELECT name FROM cache.sqlite_schema WHERE type = 'table'"
            ).fetchall():
                self._db.execute(f'DROP TABLE cache."{name}"')
            for statement in _TABLES.split(";;"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA cache.user_version = {_VERSION}")
        self._db.execute("COMMIT")

    def _detach(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        if any(name == "cache" for _, name, _ in self._db.execute("PRAGMA database_list")):
            self._db.execute("DETACH cache")

    @contextmanager
    def _cache_write(self) -> Iterator[None]:
        self._open_cache(create=True)
        self._db.execute("BEGIN")  # takes no lock on the library itself
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    # --- state -------------------------------------------------------------------------------

    def state(self) -> tuple[int, int, int]:
        """(the last revision of any paper, the last act, the last step): equal means nothing has
        changed.
        """
        papers, acts, steps = (
            "SELECT revision FROM internals",
            "SELECT coalesce(max(id), 0) FROM acts",
            "SELECT coalesce(max(id), 0) FROM steps",
        )
        sql = f"SELECT ({papers}), ({acts}), ({steps})"
        revision, act, step = self._db.execute(sql).fetchone()
        return revision, act, step

    def opinions(self, today: date) -> list[Opinion]:
        """All that the owner did or left undone since the last reset, by paper, up to the start of
        `today`'s picks.
        """
        at, step = self._last_reset()
        rows = self._db.execute(
            "SELECT paper_id, status, rating, max(coalesce(status_at, ''), coalesce(rated_at, ''))"
            " FROM entries e WHERE (status <> 'new' OR rating IS NOT NULL)"
            # Not by the times above: undoing what came after a reset brings back what was before.
            " AND (?2 = '' OR EXISTS (SELECT 1 FROM acts a JOIN steps s ON s.id = a.step"
            "  WHERE a.paper_id = e.paper_id AND field IN ('status', 'rating')"
            f"  AND {STANDS} AND (s.at, s.id) > (?2, ?3)))"
            " UNION ALL"
            " SELECT paper_id, 'new', NULL, NULL FROM shown LEFT JOIN entries USING (paper_id)"
            " WHERE coalesce(status, 'new') = 'new' AND rating IS NULL AND day > substr(?2, 1, 10)"
            " GROUP BY paper_id HAVING min(day) < ?1 ORDER BY 1",
            (today.isoformat(), at, step),
        )
        return [
            Opinion(id, Status(status), rating, from_time(at), ignored=at is None)
            for id, status, rating, at in rows
        ]

    def first_shown(self) -> dict[int, date]:
        """The day on which each paper was first put forward as a pick."""
        rows = self._db.execute("SELECT paper_id, min(day) FROM shown GROUP BY paper_id")
        return {id: date.fromisoformat(day) for id, day in rows}

    def _last_reset(self) -> tuple[str, int]:
        """The time and the step of the last reset that still stands, before all others if none."""
        row: tuple[str, int] | None = self._db.execute(
            "SELECT s.at, s.id FROM leanings l CROSS JOIN steps s ON s.id = l.step"
            f" WHERE l.kind = 'reset' AND {STANDS} ORDER BY s.at DESC, s.id DESC LIMIT 1"
        ).fetchone()
        return row or ("", 0)

    def mark_shown(self, ids: Iterable[int], day: date) -> None:
        """Remember that papers were put forward as picks."""
        known = self._db.execute("SELECT paper_id FROM shown WHERE day = ?", (day.isoformat(),))
        new = set(ids).difference(id for (id,) in known)
        if new:  # else nobody who is writing is waited for
            with self._write():
                self._db.executemany(
                    "INSERT OR IGNORE INTO shown VALUES (?, ?)",
                    [(id, day.isoformat()) for id in sorted(new)],
                )

    # --- features ----------------------------------------------------------------------------

    def features_revision(self, version: str) -> int:
        """Up to which revision features are cached; 0 for none of that version."""
        if not self._open_cache():
            return 0
        sql = "SELECT coalesce(max(revision), 0) FROM cache.features WHERE version = ?"
        return int(self._db.execute(sql, (version,)).fetchone()[0])

    def texts(self, after: int, limit: int) -> list[Said]:
        """What is said of the first papers changed after a revision."""
        return [
            Said(revision, id, title, abstract, json.loads(authors), json.loads(categories), venue)
            for revision, id, title, abstract, authors, categories, venue in self._db.execute(
                "SELECT revision, id, title, abstract, authors, categories, venue FROM papers"
                " WHERE revision > ? ORDER BY revision LIMIT ?",
                (after, limit),
            )
        ]

    def add_features(self, version: str, revision: int, block: Block) -> None:
        """Keep the features of papers up to `revision`; those of other versions go."""
        with self._cache_write():
            self._db.execute("DELETE FROM cache.features WHERE version <> ?", (version,))
            self._db.execute(
                "INSERT INTO cache.features (version, revision, size, ids, arrays)"
                " VALUES (?, ?, ?, ?, ?)",
                (version, revision, *block),
            )

    def features(self, version: str) -> list[Block]:
        """The cached blocks, oldest first."""
        if not self._open_cache():
            return []
        return [
            Block(*row)
            for row in self._db.execute(
                "SELECT size, ids, arrays FROM cache.features WHERE version = ? ORDER BY block",
                (version,),
            )
        ]

    # --- model, scores and picks ---------------------------------------------------------------

    def model(self) -> tuple[str, bytes] | None:
        """The cached model with the state it was trained on."""
        if not self._open_cache():
            return None
        row: tuple[str, bytes] | None = self._db.execute(
            "SELECT state, arrays FROM cache.model"
        ).fetchone()
        return row

    def save_model(self, state: str, arrays: bytes, scores: Iterable[tuple[int, float]]) -> None:
        """Replace model and scores, and forget the picks made with the ones before."""
        with self._cache_write():
            self._db.execute("INSERT OR REPLACE INTO cache.model VALUES (1, ?, ?)", (state, arrays))
            self._db.execute("DELETE FROM cache.picks")
            self._db.execute("DELETE FROM cache.scores")
            self._db.execute("DROP INDEX cache.scores_score")
            self._db.executemany("INSERT INTO cache.scores VALUES (?, ?)", scores)
            self._db.execute("CREATE INDEX cache.scores_score ON scores (score)")

    def drop_model(self) -> None:
        """Forget model, scores and picks."""
        with self._cache_write():
            for table in ("model", "scores", "picks"):
                self._db.execute(f"DELETE FROM cache.{table}")

    def saved_picks(self, request: str) -> str | None:
        """What was picked for the same request in the same state."""
        if not self._open_cache():
            return None
        row = self._db.execute(
            "SELECT picks FROM cache.picks WHERE request = ?", (request,)
        ).fetchone()
        return row[0] if row else None

    def save_picks(self, request: str, picks: str) -> None:
        with self._cache_write():
            self._db.execute("INSERT OR REPLACE INTO cache.picks VALUES (?, ?)", (request, picks))

    def undecided_scores(self) -> list[float]:
        """The scores of all undecided papers, lowest first."""
        if not self._open_cache():
            return []
        return [
            score
            for (score,) in self._db.execute(
                "SELECT score FROM cache.scores s JOIN papers p ON p.id = s.paper_id"
                " LEFT JOIN entries e ON e.paper_id = p.id"
                " WHERE coalesce(e.status, 'new') = 'new' AND e.rating IS NULL ORDER BY score"
            )
        ]

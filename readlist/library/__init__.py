"""The library: the only code that speaks SQL.

`Library` is one class over one file, written subject by subject: `store` opens it and
translates failures, `caches` keeps what can be computed again, `queries` finds, `owner` acts,
`leanings` has what is said of authors, terms and the like, and the history, `folding` makes two
entries one, `records` knows what papers are made of, `undoing` takes steps back, `restoring` reads
backups, `incoming` takes papers in (`batch` says which are one), `feeds` remembers how far. What
goes in and comes out are models, never rows.

Reading goes through the standard library's sqlite3: loading sqlite-utils costs more than all of
`readlist list`. sqlite-utils runs the migrations.
"""

from .batch import Report
from .caches import Block
from .feeds import Feeds
from .filters import PARTS, Filter, Sort
from .store import translating

__all__ = ["PARTS", "Block", "Filter", "Library", "Report", "Sort"]


@translating
class Library(Feeds):
    """One library file, open."""

    def scratch(self) -> "Library":
        """A copy to try something on; it is gone when closed."""
        copy = Library("")  # SQLite's name for a database that is on disk only where it is large
        self._copy_to(copy)
        return copy

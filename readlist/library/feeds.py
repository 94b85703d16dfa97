"""How far feeds were read, and what services were asked for in vain."""

import json
from collections.abc import Iterable
from datetime import datetime

from ..models import Followed
from .incoming import Incoming
from .rows import from_time, to_time


class Feeds(Incoming):
    def followed(self) -> dict[str, Followed]:
        """What is known of each feed that was ever read, by its name."""
        return {
            name: Followed(
                name=name,
                request=request,
                state=json.loads(state),
                succeeded=from_time(succeeded),
                new=new,
                total=total,
                failed=from_time(failed),
                error=error,
            )
            for name, request, state, succeeded, new, total, failed, error in self._db.execute(
                "SELECT name, request, state, succeeded, new, total, failed, error FROM feeds"
            )
        }

    def save_followed(self, feed: Followed) -> None:
        times = (feed.succeeded and to_time(feed.succeeded), feed.failed and to_time(feed.failed))
        with self._write():
            self._db.execute(
                "INSERT OR REPLACE INTO feeds"
                " (name, request, state, succeeded, failed, new, total, error)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(feed.name, feed.request, json.dumps(dict(feed.state)), *times),
                    *(feed.new, feed.total, feed.error),
                ),
            )

    def asked(self, part: str, since: datetime) -> set[int]:
        """The papers for which a part was asked for in vain since then."""
        sql = "SELECT paper_id FROM asked WHERE part = ? AND at >= ?"
        return {id for (id,) in self._db.execute(sql, (part, to_time(since)))}

    def remember_asked(self, part: str, ids: Iterable[int], now: datetime) -> None:
        with self._write():
            self._db.executemany(
                "INSERT OR REPLACE INTO asked SELECT id, ?, ? FROM papers WHERE id = ?",
                [(part, to_time(now), id) for id in ids],
            )

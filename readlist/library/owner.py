"""What the owner does: acts, in steps, and citation keys."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..errors import NotFoundError
from ..models import Act, Change, Entry, Status
from ..text import clean, one_line
from .queries import Queries
from .rows import from_time, moment, to_time

_ACT_COLUMNS = (
    "a.step, s.at, s.what, a.paper_id, a.field, a.before, a.after, s.undoes,"
    " EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"
)


class Owner(Queries):
    def act(self, changes: Iterable[Change], *, what: str, now: datetime) -> list[Act]:
        """Do what the owner says as one step; what is so already is not done again.

        Returns the acts that were done. They are on the disk when this returns.
        """
        with self._write():
            step = self._act(changes, what=what, now=now)
        return self._acts("WHERE a.step = ? ORDER BY a.id", step)

    def _act(
        self, changes: Iterable[Change], *, what: str, now: datetime, step: int | None = None
    ) -> int | None:
        """Inside a write: perform the changes; the step, made when there is anything to do."""
        now = self._not_before(now)
        step = self._still(step)
        for change in changes:
            self._must_exist(change.paper_id)
            if self._is_so(change):
                continue
            if step is None:
                step = self._new_step(what, now)
            self._perform(step, change, now)
        return step

    def _still(self, step: int | None) -> int | None:
        """The step, unless it has been undone."""
        return None if self._column("SELECT 1 FROM steps WHERE undoes = ?", step) else step

    def _exists(self, paper_id: int) -> bool:
        return bool(self._column("SELECT 1 FROM papers WHERE id = ?", paper_id))

    def _must_exist(self, paper_id: int) -> None:
        if not self._exists(paper_id):
            raise NotFoundError(f"no paper {paper_id}; it may be another one now")

    def _not_before(self, now: datetime) -> datetime:
        """`now`, or the time of the last step where the clock went back since, so that steps are
        in the order of their times; what is far in the future came from a wrong clock.
        """
        (last,) = self._db.execute(
            "SELECT max(at) FROM steps WHERE at < ?", (to_time(now + timedelta(days=1)),)
        ).fetchone()
        return max(now, from_time(last) or now)

    def _new_step(self, what: str, now: datetime, undoes: int | None = None) -> int:
        cursor = self._db.execute(
            "INSERT INTO steps (at, what, undoes) VALUES (?, ?, ?)",
            (to_time(now), one_line(what), undoes),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _is_so(self, change: Change) -> bool:
        if change.field == "tag":
            tag = _tag(change.value)
            tagged = self._column(
                "SELECT 1 FROM tags WHERE paper_id = ? AND tag = ?", change.paper_id, tag
            )
            return not tag or bool(tagged) == change.on
        return self._value(change.paper_id, change.field) == _text(change)

    def _value(self, paper_id: int, field: str) -> str | None:
        """The field's value as an act says it: None for unrated, new, or no note."""
        column = _COLUMNS[field][0]
        row = self._db.execute(
            f"SELECT {column} FROM entries WHERE paper_id = ?", (paper_id,)
        ).fetchone()
        return None if row is None or row[0] in (None, "new", "") else str(row[0])

    def _perform(self, step: int, change: Change, now: datetime) -> None:
        before, after = self._put(change, now)
        self._note_act(step, change.paper_id, change.field, before, after)

    def _note_act(
        self, step: int, paper_id: int, field: str, before: str | None, after: str | None
    ) -> int:
        cursor = self._db.execute(
            "INSERT INTO acts (step, paper_id, field, before, after, origin)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?2)",
            (step, paper_id, field, before, after),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _put(self, change: Change, now: datetime) -> tuple[str | None, str | None]:
        """Set what a change says; the values before and after as an act has them."""
        id = change.paper_id
        if change.field == "tag":
            tag = _tag(change.value)
            before, after = (None, tag) if change.on else (tag, None)
            sql = (
                "INSERT OR IGNORE INTO tags VALUES (?, ?)"
                if change.on
                else "DELETE FROM tags WHERE paper_id = ? AND tag = ?"
            )
            self._db.execute(sql, (id, tag))
            return before, after
        before, after = self._value(id, change.field), _text(change)
        column, moment, none = _COLUMNS[change.field]
        stored = none if after is None else int(after) if change.field == "rating" else after
        self._db.execute(
            f"INSERT INTO entries (paper_id, {column}, {moment}) VALUES (?, ?, ?)"
            f" ON CONFLICT (paper_id) DO UPDATE SET {column} = excluded.{column},"
            f" {moment} = excluded.{moment}",
            (id, stored, to_time(now)),
        )
        return before, after

    def _acts(self, tail: str, *values: Any) -> list[Act]:
        return [
            Act(
                step=step,
                at=moment(at),
                what=what,
                paper_id=paper_id,
                field=field,
                before=before,
                after=after,
                undoes=undoes,
                undone=bool(undone),
            )
            for step, at, what, paper_id, field, before, after, undoes, undone in self._db.execute(
                f"SELECT {_ACT_COLUMNS} FROM acts a JOIN steps s ON s.id = a.step {tail}", values
            )
        ]

    # --- citation keys -------------------------------------------------------------------------

    def give_keys(self, ids: Sequence[int], propose: Callable[[Entry], Iterable[str]]) -> None:
        """Give each entry without a citation key the first proposed one that is free.

        Keys are compared without regard to case, as BibTeX does.
        """
        lacking = set(ids) - {id for id, _ in self._keys(ids)}
        if not lacking:
            return
        entries = list(self._entries(sorted(lacking)))
        with self._write():
            for entry in entries:
                for key in propose(entry):
                    if self._take_key(entry.id, key):
                        break

    def _keys(self, ids: Sequence[int]) -> list[tuple[int, str]]:
        return self._db.execute(
            "SELECT paper_id, key FROM citation_keys WHERE current"
            " AND paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        ).fetchall()

    def _take_key(self, paper_id: int, key: str) -> bool:
        """Inside a write: make `key` the paper's, an alias if it has one; False if it is taken."""
        row = self._db.execute(
            "SELECT paper_id FROM citation_keys WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            self._db.execute(
                "INSERT INTO citation_keys SELECT ?, ?, NOT EXISTS"
                " (SELECT 1 FROM citation_keys WHERE paper_id = ? AND current)",
                (key, paper_id, paper_id),
            )
        return row is None or row[0] == paper_id


_COLUMNS = {  # field: column, time, what stands for none
    "status": ("status", "status_at", str(Status.NEW)),
    "rating": ("rating", "rated_at", None),
    "note": ("note", "noted_at", ""),
}


def _text(change: Change) -> str | None:
    text = clean(change.value or "")
    return None if text in ("", Status.NEW) else text


def _tag(tag: str | None) -> str:
    return one_line(tag or "")

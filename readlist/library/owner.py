"""What the owner does: acts, in steps that can be undone, and citation keys."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..errors import NotFoundError
from ..models import Act, Change, Entry, Saved, Status
from ..text import clean, one_line
from .queries import Queries
from .rows import from_time, to_time

_ACT_COLUMNS = (
    "a.step, s.at, s.what, a.paper_id, a.field, a.before, a.after, s.undoes,"
    " EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"
)


# The same in every library that an act is taken to.
_NEWEST = "ORDER BY s.at DESC, a.step DESC, a.paper_id, a.id DESC"


class Owner(Queries):
    def act(self, changes: Iterable[Change], *, what: str, now: datetime) -> list[Act]:
        """Do what the owner says as one step; what is so already is not done again.

        Returns the acts that were done. They are on the disk when this returns.
        """
        with self._write():
            step = self._act(changes, what=what, now=now)
        return self._acts("WHERE a.step = ? ORDER BY a.id", step)

    def undo(self, *, now: datetime, step: int | None = None) -> list[Act]:
        """Take back a step, by default the last that still stands; the acts that were taken back.

        What a later step that still stands has changed again is left as it is.
        """
        with self._write():
            now = self._not_before(now)
            if step is None:
                step = self._last_step()
            acts = self._acts("WHERE a.step = ? ORDER BY a.id DESC", step)
            if not acts or acts[0].undone or acts[0].undoes is not None:
                return []
            # Not what the act says was before: since then an entry with acts of its own may
            # have been folded into this one.
            others = [(act, *self._newest_other(act)) for act in acts]
            done = [
                (act, standing)
                for act, when, standing in others
                if when < (to_time(act.at), act.step)
            ]
            undo = self._new_step(f"undo {acts[0].what}", now, undoes=step) if done else 0
            for act, standing in done:
                value = standing if act.field != "tag" else act.after or act.before
                on = act.field == "tag" and standing is not None
                change = Change(paper_id=act.paper_id, field=act.field, value=value, on=on)
                self._perform(undo, change, now)
        return [act for act, _ in reversed(done)]

    def _newest_other(self, act: Act) -> tuple[tuple[str, int], str | None]:
        """The newest act on the same field, or tag, of another step that still stands: when
        (time and step) and what it says; before all times and None where there is none.
        """
        tag = (act.after or act.before) if act.field == "tag" else None
        row = self._db.execute(
            "SELECT s.at, s.id, a.after FROM acts a JOIN steps s ON s.id = a.step"
            " WHERE a.paper_id = ? AND a.field = ? AND a.step <> ?"
            " AND (? IS NULL OR coalesce(a.after, a.before) = ?) AND s.undoes IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"
            " ORDER BY s.at DESC, s.id DESC, a.id DESC LIMIT 1",
            (act.paper_id, act.field, act.step, tag, tag),
        ).fetchone()
        return ((row[0], row[1]), row[2]) if row else (("", 0), None)

    def history(self, paper_id: int | None = None, limit: int | None = None) -> list[Act]:
        """What the owner did, to one paper or to all, the newest first."""
        count = -1 if limit is None else limit
        if paper_id is None:
            return self._acts(f"{_NEWEST} LIMIT ?", count)
        return self._acts(f"WHERE a.paper_id = ? {_NEWEST} LIMIT ?", paper_id, count)

    def _act(
        self, changes: Iterable[Change], *, what: str, now: datetime, step: int | None = None
    ) -> int | None:
        """Inside a write: perform the changes; the step, made when there is anything to do."""
        now = self._not_before(now)
        for change in changes:
            if not self._column("SELECT 1 FROM papers WHERE id = ?", change.paper_id):
                raise NotFoundError(f"no paper {change.paper_id}; it may be another one now")
            if self._is_so(change):
                continue
            if step is None:
                step = self._new_step(what, now)
            self._perform(step, change, now)
        return step

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

    def _last_step(self) -> int | None:
        row = self._db.execute(
            "SELECT id FROM steps s WHERE undoes IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"
            " AND EXISTS (SELECT 1 FROM acts WHERE step = s.id) ORDER BY at DESC, id DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else None

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
        id, at = change.paper_id, to_time(now)
        if change.field == "tag":
            tag = _tag(change.value)
            before, after = (None, tag) if change.on else (tag, None)
            sql = (
                "INSERT OR IGNORE INTO tags VALUES (?, ?)"
                if change.on
                else "DELETE FROM tags WHERE paper_id = ? AND tag = ?"
            )
            self._db.execute(sql, (id, tag))
        else:
            before, after = self._value(id, change.field), _text(change)
            column, moment, none = _COLUMNS[change.field]
            stored = none if after is None else int(after) if change.field == "rating" else after
            self._db.execute(
                f"INSERT INTO entries (paper_id, {column}, {moment}) VALUES (?, ?, ?)"
                f" ON CONFLICT (paper_id) DO UPDATE SET {column} = excluded.{column},"
                f" {moment} = excluded.{moment}",
                (id, stored, at),
            )
        self._db.execute(
            "INSERT INTO acts (step, paper_id, field, before, after) VALUES (?, ?, ?, ?, ?)",
            (step, id, change.field, before, after),
        )

    def _acts(self, tail: str, *values: Any) -> list[Act]:
        return [
            Act(
                step=step,
                at=_moment(at),
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

    # --- two entries become one ----------------------------------------------------------------

    def _fold(self, young: int, old: int) -> None:
        """Inside a write: all that was `young`'s becomes `old`'s.

        The newest act of each field holds, tags are joined, both notes are kept. What the world
        says of `young` is in the joined paper already.
        """
        self._db.execute(
            "UPDATE citation_keys SET current = 0 WHERE paper_id = ?"
            " AND EXISTS (SELECT 1 FROM citation_keys WHERE paper_id = ? AND current)",
            (young, old),
        )
        for table in (
            "identifiers",
            "fingerprints",
            "citation_keys",
            "acts",
            "tags",
            "shown",
        ):
            self._db.execute(
                f"UPDATE OR IGNORE {table} SET paper_id = ? WHERE paper_id = ?", (old, young)
            )
        row = self._db.execute(
            "SELECT status, status_at, rating, rated_at, note, noted_at FROM entries"
            " WHERE paper_id = ?",
            (young,),
        ).fetchone()
        if row:
            self._fold_entry(old, *row)
        self._db.execute("DELETE FROM papers WHERE id = ?", (young,))

    def _fold_entry(
        self,
        id: int,
        status: str,
        status_at: str | None,
        rating: int | None,
        rated_at: str | None,
        note: str,
        noted_at: str | None,
    ) -> None:
        self._db.execute("INSERT OR IGNORE INTO entries (paper_id) VALUES (?)", (id,))
        self._db.execute(
            "UPDATE entries SET status = ?, status_at = ? WHERE paper_id = ?"
            " AND coalesce(status_at, '') < ?",
            (status, status_at, id, status_at or ""),
        )
        self._db.execute(
            "UPDATE entries SET rating = ?, rated_at = ? WHERE paper_id = ?"
            " AND coalesce(rated_at, '') < ?",
            (rating, rated_at, id, rated_at or ""),
        )
        mine, mine_at = self._db.execute(
            "SELECT note, noted_at FROM entries WHERE paper_id = ?", (id,)
        ).fetchone()
        notes = sorted({(mine_at or "", mine), (noted_at or "", note)})
        texts = list(dict.fromkeys(text for _, text in notes if text))
        if len(texts) == 2 and (texts[0] in texts[1] or texts[1] in texts[0]):
            texts = [max(texts, key=len)]
        self._db.execute(
            "UPDATE entries SET note = ?, noted_at = ? WHERE paper_id = ?",
            ("\n\n".join(texts), max(mine_at or "", noted_at or "") or None, id),
        )

    # --- from a backup -------------------------------------------------------------------------

    def _restore(self, id: int, saved: Saved, steps: dict[int, int]) -> list[str]:
        """Inside a write: what the owner said of a paper in another library, the newest act
        of each field holding; acts that are here already are not repeated.

        `steps` grows by the numbers of steps there and here. Returns the citation keys that
        other papers have here.
        """
        entry = saved.entry
        keys = [key for key in (entry.key, *entry.aliases) if key]
        taken = [key for key in keys if not self._take_key(id, key)]
        self._db.executemany(
            "INSERT OR IGNORE INTO shown VALUES (?, ?)", [(id, day) for day in saved.shown]
        )
        if saved.acts and not self._restore_acts(id, saved.acts, steps):
            return taken  # an older state of what is here
        if entry.status_at or entry.rated_at or entry.noted_at:
            self._fold_entry(
                id,
                entry.status,
                _time(entry.status_at),
                entry.rating,
                _time(entry.rated_at),
                entry.note,
                _time(entry.noted_at),
            )
        self._db.executemany(
            "INSERT OR IGNORE INTO tags VALUES (?, ?)", [(id, tag) for tag in entry.tags]
        )
        return taken

    def _restore_acts(self, id: int, acts: Sequence[Act], steps: dict[int, int]) -> int:
        """Inside a write: how many of the acts were not here."""
        found, seen = 0, Counter[tuple[Any, ...]]()
        for act in acts:
            if act.step not in steps:
                steps[act.step] = self._same_step(act, steps)
            values = (steps[act.step], id, act.field, act.before, act.after)
            seen[values] += 1  # one step may do the same twice, and take it back between
            found += self._db.execute(
                "INSERT INTO acts (step, paper_id, field, before, after) SELECT ?1, ?2, ?3, ?4, ?5"
                " WHERE (SELECT count(*) FROM acts WHERE step = ?1 AND paper_id = ?2"
                " AND field = ?3 AND before IS ?4 AND after IS ?5) < ?6",
                (*values, seen[values]),
            ).rowcount
        return found

    def _restore_undos(self, saved: Iterable[Saved], steps: dict[int, int]) -> None:
        """Inside a write: which step took back which, once both are here."""
        for undo, undone in {(a.step, a.undoes) for s in saved for a in s.acts if a.undoes}:
            if undone in steps:
                self._db.execute(
                    "UPDATE OR IGNORE steps SET undoes = ? WHERE id = ?",
                    (steps[undone], steps[undo]),
                )

    def _same_step(self, act: Act, steps: dict[int, int]) -> int:
        """The step of an act from another library, under its number there if that is free."""
        at = to_time(act.at)
        same = self._column(
            "SELECT id FROM steps WHERE at = ? AND what = ? ORDER BY id = ? DESC, id",
            *(at, act.what, act.step),
        )
        for known in same:
            if known not in steps.values():
                return known
        taken = self._column("SELECT 1 FROM steps WHERE id = ?", act.step)
        cursor = self._db.execute(
            "INSERT INTO steps (id, at, what) VALUES (?, ?, ?)",
            (None if taken else act.step, at, act.what),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


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


def _time(moment: datetime | None) -> str | None:
    return to_time(moment) if moment else None


def _moment(text: str) -> datetime:
    moment = from_time(text)
    assert moment is not None
    return moment

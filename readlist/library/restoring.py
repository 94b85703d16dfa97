"""Entries and leanings as a backup has them, and back from one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ..models import Act, Fingerprint, Leant, Record, Saved
from .batch import Part, add_part
from .leanings import NEWEST
from .rows import to_time
from .undoing import Undoing


class Restoring(Undoing):
    def saved(self, ids: Sequence[int]) -> Iterable[Saved]:
        """Entries with all that belongs to them, to be kept outside and taken in again."""
        for entry in self._entries(ids):
            values = (entry.id,)
            prints = self._db.execute(
                "SELECT value, author, year FROM fingerprints WHERE paper_id = ?"
                " ORDER BY value, author, year",
                values,
            )
            shown = self._db.execute(
                "SELECT day FROM shown WHERE paper_id = ? ORDER BY day", values
            )
            yield Saved(
                entry=entry,
                acts=tuple(self._acts(f"WHERE a.paper_id = ? {NEWEST}", entry.id)[::-1]),
                fingerprints=tuple(Fingerprint(*row) for row in prints),
                records=self._saved_records(entry.id),
                apart=tuple(sorted(self._apart_from(entry.id))),
                shown=tuple(day for (day,) in shown),
            )

    def _saved_records(self, id: int) -> tuple[Record, ...]:
        """One for each evidence: what can be undone here cannot be elsewhere."""
        parts: list[Part] = []
        if self._column("SELECT 1 FROM records WHERE paper_id = ? LIMIT 1", id):
            for part in self._parts([id])[id]:
                add_part(parts, Part(part.paper, part.prints))
        if len(parts) < 2:
            return ()
        return tuple(Record(part.paper, tuple(sorted(part.prints))) for part in parts)

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
                "INSERT INTO acts (step, paper_id, field, before, after, origin)"
                " SELECT ?1, ?2, ?3, ?4, ?5, ?2"
                " WHERE (SELECT count(*) FROM acts WHERE step = ?1 AND paper_id = ?2"
                " AND field = ?3 AND before IS ?4 AND after IS ?5) < ?6",
                (*values, seen[values]),
            ).rowcount
        return found

    def _restore_leant(self, leant: Iterable[Leant], steps: dict[int, int]) -> int:
        """Inside a write: how many of the leanings and resets were not here."""
        found = 0
        for each in leant:
            if each.step not in steps:
                steps[each.step] = self._same_step(each, steps)
            if not each.undoes:
                found += self._db.execute(
                    "INSERT INTO leanings (step, kind, name, stance) SELECT ?1, ?2, ?3, ?4"
                    " WHERE NOT EXISTS (SELECT 1 FROM leanings"
                    "  WHERE step = ?1 AND kind = ?2 AND name = ?3)",
                    (steps[each.step], each.kind, each.name, each.stance),
                ).rowcount
        return found

    def _restore_undos(self, acts: Iterable[Act | Leant], steps: dict[int, int]) -> None:
        """Inside a write: which step took back which, once both are here."""
        for undo, undone in {(act.step, act.undoes) for act in acts if act.undoes}:
            if undone in steps:
                self._db.execute(
                    "UPDATE OR IGNORE steps SET undoes = ? WHERE id = ?",
                    (steps[undone], steps[undo]),
                )

    def _same_step(self, act: Act | Leant, steps: dict[int, int]) -> int:
        """The step of an act from another library, under its number there if that is free."""
        at = to_time(act.at)
        same = self._column(
            "SELECT id FROM steps WHERE at = ? AND what = ? ORDER BY id = ? DESC, id",
            *(at, act.what, act.step),
        )
        for known in same:
            if known not in steps.values():
                return int(known)
        taken = self._column("SELECT 1 FROM steps WHERE id = ?", act.step)
        cursor = self._db.execute(
            "INSERT INTO steps (id, at, what) VALUES (?, ?, ?)",
            (None if taken else act.step, at, act.what),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def _time(moment: datetime | None) -> str | None:
    return to_time(moment) if moment else None

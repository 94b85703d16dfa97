"""Steps are taken back."""

import json
from datetime import datetime
from typing import Any

from ..models import Act, Change
from .batch import Part
from .records import Records
from .rows import to_time

# Steps that still stand and can be taken back: what is in `moves` is not in a backup.
_STANDING = """
SELECT id FROM steps s WHERE undoes IS NULL
AND NOT EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)
AND EXISTS (SELECT 1 FROM acts a WHERE step = s.id
  AND (field IN ('status', 'rating', 'tag', 'note') OR a.id IN (SELECT act FROM moves)))
ORDER BY at DESC, id DESC LIMIT 1
"""


class Undoing(Records):
    def undo(self, *, now: datetime, step: int | None = None) -> list[Act]:
        """Take back a step, by default the last that still stands; the acts that were taken back.

        What a later step that still stands has changed again is left as it is.
        """
        with self._write():
            now = self._not_before(now)
            if step is None:
                step = next(iter(self._column(_STANDING)), None)
            acts = self._acts("WHERE a.step = ? ORDER BY a.id DESC", step)
            if not acts or acts[0].undone or acts[0].undoes is not None:
                return []
            # Not what the act says was before: since then an entry with acts of its own may
            # have been folded into this one.
            plain = [act for act in acts if act.field in ("status", "rating", "tag", "note")]
            others = [(act, *self._newest_other(act)) for act in plain]
            done = [
                (act, standing)
                for act, when, standing in others
                if when < (to_time(act.at), act.step)
            ]
            moved = self._undo_moves(acts[0])
            if not done and not moved:
                return []
            undo = self._new_step(f"undo {acts[0].what}", now, undoes=step)
            for act, standing in done:
                self._perform(undo, _restoring(act, standing), now)
            for act in moved:
                self._note_act(undo, act.paper_id, act.field, act.after, None)
        return [*reversed(moved), *(act for act, _ in reversed(done))]

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

    # --- acts that changed which records are a paper ----------------------------------------------

    def _undo_moves(self, step: Act) -> list[Act]:
        """Inside a write: the acts of a step that were taken back, the newest first."""
        done = []
        for id, was in self._db.execute(
            "SELECT act, was FROM moves JOIN acts ON acts.id = act WHERE step = ? ORDER BY act DESC",
            (step.step,),
        ).fetchall():
            (act,) = self._acts("WHERE a.id = ?", id)
            if not self._moved_again(id, act):
                self._db.execute("DELETE FROM moves WHERE act = ?", (id,))
                if self._undo_move(id, act, json.loads(was)):
                    done.append(id)
        return [act for id in done for act in self._acts("WHERE a.id = ?", id)]

    def _moved_again(self, id: int, act: Act) -> bool:
        return bool(
            self._column(
                "SELECT 1 FROM moves JOIN acts a ON a.id = act WHERE a.id > ?1 AND a.step <> ?2"
                " AND (a.paper_id = ?3 OR (a.field <> 'record' AND a.after = CAST(?3 AS TEXT)))",
                *(id, act.step, act.paper_id),
            )
        )

    def _undo_move(self, id: int, act: Act, was: dict[str, Any]) -> bool:
        match act.field:
            case "merge":
                return self._unmerge(id, act, was)
            case "split":
                return self._unsplit(act.paper_id, was)
            case "apart":
                return self._unapart(act.paper_id, int(act.after or 0))
            case _:
                return self._unrecord(was)

    def _unmerge(self, id: int, act: Act, was: dict[str, Any]) -> bool:
        kept, gone = act.paper_id, int(act.after or 0)
        ours, theirs = _divided(self._parts([kept])[kept], was)
        if not ours or not theirs:
            return False
        others = self._apart_from(kept)
        self._make(theirs, id=gone, added=was["added"])
        self._make(ours, id=kept)
        self._give_back(gone, kept, was["gone"])
        if kept == was["kept_id"]:
            self._take_back(kept, was, id)
        # What came in since makes neither the two one again, nor one of them and another that
        # they were apart from together.
        parts = self._parts([kept, gone, *others])
        pairs = [(kept, gone), *((one, other) for one in (kept, gone) for other in others)]
        self._keep_apart(pair for pair in pairs if _share(*map(parts.__getitem__, pair)))
        self._undo_again(gone, id)
        return True

    def _undo_again(self, paper_id: int, since: int) -> None:
        """What was undone of a paper's acts since an act is not so again."""
        for act in self._acts(
            "WHERE a.paper_id = ? AND a.field IN ('status', 'rating', 'tag', 'note')"
            " AND EXISTS (SELECT 1 FROM steps u JOIN acts b ON b.step = u.id"
            " WHERE u.undoes = a.step AND b.id > ?)",
            *(paper_id, since),
        ):
            _, standing = self._newest_other(act)
            self._put(_restoring(act, standing), act.at)

    def _unsplit(self, kept: int, was: dict[str, Any]) -> bool:
        holders = self._column(
            "SELECT DISTINCT paper_id FROM records WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(was["records"]),
        )
        return self._join({*holders, kept})

    def _unapart(self, one: int, other: int) -> bool:
        if not self._exists(other):
            return False
        self._not_apart([(one, other)])
        parts = self._parts([one, other])
        if _share(parts[one], parts[other]):  # which nothing but this has kept from being one
            self._join([one, other])
        return True

    def _unrecord(self, was: dict[str, Any]) -> bool:
        done = False
        for id in self._column(
            "SELECT DISTINCT paper_id FROM records WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(was["records"]),
        ):
            rest = [part for part in self._parts([id])[id] if part.id not in was["records"]]
            if rest:  # else it was split off, and is the paper
                self._db.execute(
                    "DELETE FROM records WHERE paper_id = ?"
                    " AND id IN (SELECT value FROM json_each(?))",
                    (id, json.dumps(was["records"])),
                )
                self._make(rest, id=id)
                done = True
        return done


def _divided(parts: list[Part], was: dict[str, Any]) -> tuple[list[Part], list[Part]]:
    """The records of the paper that was kept and of the one that is gone; those that came in
    since are of the one that they share something with, or of the first.
    """
    ours = [p for p in parts if p.id not in was["records"] and (p.id or 0) <= was["last"]]
    theirs = [part for part in parts if part.id in was["records"]]
    for part in parts:
        if part not in ours and part not in theirs:
            of_gone = any(map(part.shares, theirs)) and not any(map(part.shares, ours))
            (theirs if of_gone else ours).append(part)
    return ours, theirs


def _share(ours: list[Part], theirs: list[Part]) -> bool:
    return any(one.shares(other) for one in ours for other in theirs)


def _restoring(act: Act, standing: str | None) -> Change:
    """What sets the field, or tag, of an act to what stands without it."""
    value = standing if act.field != "tag" else act.after or act.before
    on = act.field == "tag" and standing is not None
    return Change(paper_id=act.paper_id, field=act.field, value=value, on=on)

"""Steps are taken back."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..models import Act, Change, Leant
from .batch import Part, divided
from .caches import STANDS
from .leanings import NEWEST_LEANT
from .records import Records

# The last steps that still stand and can be taken back: what is in `moves` is not in a backup.
_STANDING = f"""
SELECT id FROM steps s WHERE {STANDS}
AND (EXISTS (SELECT 1 FROM acts a WHERE step = s.id
    AND (field IN ('status', 'rating', 'tag', 'note') OR a.id IN (SELECT act FROM moves)))
  OR EXISTS (SELECT 1 FROM leanings WHERE step = s.id))
ORDER BY at DESC, id DESC LIMIT 100
"""
_PLAIN = ("status", "rating", "tag", "note")


class Undoing(Records):
    def undo(self, *, now: datetime, step: int | None = None) -> list[Act | Leant]:
        """Take back a step, by default the last that still stands; the acts that were taken back.

        What a later step that still stands has changed again is left as it is. After undoing a
        merge papers are as they would be had there been none; only notes that were joined by what
        came in since may stay so.
        """
        with self._write():
            now = self._not_before(now)
            for each in self._column(_STANDING) if step is None else [step]:
                if acts := self._undo(each, now):
                    return acts
        return []

    def _undo(self, step: int, now: datetime) -> list[Act | Leant]:
        acts = self._acts("WHERE a.step = ? ORDER BY a.id DESC", step)
        leant = self._leant(f"WHERE s.id = ? {NEWEST_LEANT}", step)
        both: list[Act | Leant] = [*acts, *leant]
        if not both or both[0].undone or both[0].undoes is not None:
            return []
        undo = self._new_step(f"undo {both[0].what}", now, undoes=step)
        moved = self._undo_moves(step)
        for act in moved:
            self._note_act(undo, act.paper_id, act.field, act.after, None)
        # What a merge said of notes goes with the merge.
        plain = all(act.field in _PLAIN for act in acts)
        done = [act for act in acts if plain and not self._said_again(act)]
        for act in done:
            # Not what the act says was before: since then an entry with acts of its own may
            # have been folded into this one.
            tag = (act.after or act.before) if act.field == "tag" else None
            newest = self._newest_act(act.paper_id, act.field, tag, but=step)
            standing = newest.after if newest else None
            change = Change(
                paper_id=act.paper_id,
                field=act.field,
                value=tag or standing,
                on=tag is not None and standing is not None,
            )
            self._perform(undo, change, now)
        if not moved and not done and not leant:
            self._db.execute("DELETE FROM steps WHERE id = ?", (undo,))
        return [*reversed(moved), *reversed(done), *leant]

    def _said_again(self, act: Act) -> bool:
        """Whether a later step that still stands is about the same field, or tag."""
        tag = (act.after or act.before) if act.field == "tag" else None
        newest = self._newest_act(act.paper_id, act.field, tag, but=act.step)
        return newest is not None and (newest.at, newest.step) > (act.at, act.step)

    # --- acts that changed which records are a paper ----------------------------------------------

    def _undo_moves(self, step: int) -> list[Act]:
        """Inside a write: the acts of a step that were taken back, the newest first."""
        done = []
        for id, was in self._db.execute(
            "SELECT act, was FROM moves JOIN acts ON acts.id = act WHERE step = ? ORDER BY act DESC",
            (step,),
        ).fetchall():
            (act,) = self._acts("WHERE a.id = ?", id)
            if not self._moved_again(id, act) and self._undo_move(act, json.loads(was)):
                self._db.execute("DELETE FROM moves WHERE act = ?", (id,))
                done.append(id)
        return [act for id in done for act in self._acts("WHERE a.id = ?", id)]

    def _moved_again(self, id: int, act: Act) -> bool:
        """Whether a later step merged, split or set apart the same papers."""
        if act.field == "record":
            return False
        papers = [act.paper_id, int(act.after or 0), self._now(int(act.after or 0))]
        return bool(
            self._column(
                "SELECT 1 FROM moves JOIN acts a ON a.id = act, json_each(?3) p"
                " WHERE a.id > ?1 AND a.step <> ?2 AND a.field <> 'record'"
                " AND (a.paper_id = p.value OR a.after = CAST(p.value AS TEXT))",
                *(id, act.step, json.dumps(papers)),
            )
        )

    def _undo_move(self, act: Act, was: dict[str, Any]) -> bool:
        match act.field:
            case "merge":
                return self._unmerge(act.paper_id, int(act.after or 0), was)
            case "split":
                return self._unsplit(act.paper_id, was)
            case "apart":
                return self._unapart(act.paper_id, self._now(int(act.after or 0)))
            case _:
                return self._unrecord(was)

    def _unmerge(self, kept: int, gone: int, was: dict[str, Any]) -> bool:
        parts = self._parts([kept])[kept]
        ours = [part for part in parts if part.id in was["kept_records"]]
        theirs = [part for part in parts if part.id in was["records"]]
        later = [part for part in parts if part not in ours and part not in theirs]
        if not ours or not theirs:
            return False
        groups = divided([ours, theirs], later)
        one = theirs[0] in groups[0]
        if not one:
            theirs = groups[1]
        # What was asked for the paper shares nothing with either.
        ours = [part for part in parts if part not in theirs]
        others = self._apart_from(kept)
        self._db.execute("DELETE FROM folded WHERE id = ?", (gone,))
        self._make(theirs, id=gone, added=was["added"])
        self._make(ours, id=kept)
        origins = {gone, *(part.origin or 0 for part in theirs)}
        self._give_back(kept, gone, was, origins.difference(part.origin or 0 for part in ours))
        self._separate(kept, gone, was, others)
        if one:  # as what came in since would have shown
            self._join({self._number(kept), self._number(gone)})
        return True

    def _separate(self, kept: int, gone: int, was: dict[str, Any], others: list[int]) -> None:
        """What the two of a merge were apart from, each has for itself again; and what nothing but
        that kept from being one, is one.
        """
        known = {
            id: {self._now(other) for other in was[name]["apart"]}
            for id, name in ((kept, "kept"), (gone, "gone"))
        }
        since = set(others).difference(known[kept], known[gone])
        for id in (kept, gone):
            self._not_apart((id, other) for other in others)
            self._keep_apart((id, o) for o in known[id] | since if o is not None and o != id)
        for id in (kept, gone):
            here = self._number(id)
            left = {self._number(other) for other in set(others).difference(known[id], since)}
            self._join_if_shared(here, left - {here})

    def _number(self, id: int) -> int:
        """The number, now, of a paper that is there or was folded into another one."""
        now = self._now(id)
        assert now is not None
        return now

    def _join_if_shared(self, id: int, others: Iterable[int]) -> None:
        parts = self._parts([id, *others])
        one = [id]
        for other in others:
            if any(a.shares(b) for a in parts[id] for b in parts[other]):
                one.append(other)
        if len(one) > 1:
            self._join(one)

    def _unsplit(self, kept: int, was: dict[str, Any]) -> bool:
        holders = self._column(
            "SELECT DISTINCT paper_id FROM records WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(was["records"]),
        )
        return self._join({*holders, kept})

    def _unapart(self, one: int, other: int | None) -> bool:
        if other is None or one == other:
            return False
        self._not_apart([(one, other)])
        self._join_if_shared(one, [other])
        return True

    def _unrecord(self, was: dict[str, Any]) -> bool:
        """Take a record out of its paper, and what came in since and is of the paper by it only."""
        for paper_id in self._column("SELECT paper_id FROM records WHERE id = ?", was["record"]):
            parts = [p for p in self._parts([paper_id])[paper_id] if p.id != was["record"]]
            known = {*was["before"], *(id for group in self.merged(paper_id) for id in group)}
            origins = {part.origin for part in parts if part.id in known}
            # What was asked for the paper is of it even where nothing shows that.
            base = [p for p in parts if p.id in known or (p.step and p.origin in origins)]
            if not base:
                return False  # it was split off, and is the paper
            rest, *alone = divided([base], [part for part in parts if part not in base])
            self._db.execute("DELETE FROM records WHERE id = ?", (was["record"],))
            self._make(rest, id=paper_id)
            for group in alone:
                self._make_again(group, paper_id, {part.origin for part in rest})
            return True
        return False

    def _make_again(self, parts: list[Part], of: int, origins: set[int | None]) -> None:
        """Inside a write: make records a paper of their own, under the number that they had before
        they became a part of this one, with what the owner said then.
        """
        numbers = {part.origin for part in parts if part.origin and part.origin not in origins}
        free = [n for n in sorted(numbers) if self._now(n) == of != n]
        self._db.execute("DELETE FROM folded WHERE id = ?", (free[0] if free else None,))
        added = self._column("SELECT added FROM papers WHERE id = ?", of)[0]
        self._hand_over(of, self._make(parts, id=free[0] if free else None, added=added), numbers)

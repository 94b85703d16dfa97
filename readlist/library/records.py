"""Papers and the records that they are made of.

A paper is the join of its records. Those of a paper that is made of several of different
evidence are rows, so that it can be taken apart again; a paper without such rows is itself
the one record of it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from ..errors import NotFoundError
from ..merge import join, same
from ..models import Act, Fingerprint, Identifier, Paper, Record
from .batch import Arrival, Batch, Known, Part, arrival, made_of
from .folding import Folding
from .rows import (
    PAPER_COLUMNS,
    RECORD_COLUMNS,
    to_paper,
    to_parts,
    to_record,
    to_row,
    to_sighting,
)


class Records(Folding):
    def records(self, paper_id: int) -> list[Record]:
        """What a paper is made of, the oldest first.

        :raises NotFoundError: there is no such paper.
        """
        self._must_exist(paper_id)
        return [
            Record(part.paper, tuple(sorted(part.prints)), part.id)
            for part in self._parts([paper_id])[paper_id]
        ]

    def merged(self, paper_id: int) -> list[list[int]]:
        """The records of a paper that became parts of it by `merge`, in groups as they came."""
        here = {part.id for part in self._parts([paper_id])[paper_id]}
        groups = []
        for (was,) in self._db.execute(
            "SELECT was FROM moves JOIN acts ON acts.id = act WHERE paper_id = ?"
            " AND field = 'merge' ORDER BY act",
            (paper_id,),
        ):
            groups.append([id for id in json.loads(was)["records"] if id in here])
        return [group for group in groups if group]

    def merge(self, kept: int, gone: Sequence[int], *, now: datetime) -> list[Act]:
        """Make papers parts of the one that is kept, in one step; its acts, one a paper.

        :raises NotFoundError: one of them is not there.
        """
        with self._write():
            for id in (kept, *gone):
                self._must_exist(id)
            step = None
            for id in dict.fromkeys(gone):
                if id != kept:
                    step = step or self._new_step("merged", self._not_before(now))
                    self._merge(step, kept, id)
        return self._acts("WHERE a.step = ? AND a.field = 'merge' ORDER BY a.id", step)

    def split(self, paper_id: int, groups: Sequence[Sequence[int]], *, now: datetime) -> list[Act]:
        """Make each group of records, one or more ids, a paper of its own, in one step; what was done.

        What the owner said stays with the paper that is split. It and the new ones are apart, from
        each other and from what it was: nothing that comes in makes them one again.

        :raises NotFoundError: the paper or one of the records is not there, or none would stay.
        """
        with self._write():
            self._must_exist(paper_id)
            parts = self._parts([paper_id])[paper_id]
            left = {part.id: part for part in parts if part.id is not None}
            split_off = []
            for group in groups:
                try:
                    split_off.append([left.pop(id) for id in group])
                except KeyError as error:
                    what = f"no record {error} in paper {paper_id}; it has changed meanwhile"
                    raise NotFoundError(what) from error
            if not left:
                raise NotFoundError(f"a record must stay in paper {paper_id}")
            step = self._new_step("split", self._not_before(now))
            added = self._column("SELECT added FROM papers WHERE id = ?", paper_id)[0]
            for group_of_parts in split_off:
                id = self._make(group_of_parts, added=added)
                self._db.execute("UPDATE records SET origin = ?1 WHERE paper_id = ?1", (id,))
                self._keep_apart((id, other) for other in (paper_id, *self._apart_from(paper_id)))
                was = {"records": [part.id for part in group_of_parts]}
                self._note_move(step, paper_id, "split", str(id), was)
            self._make([*left.values()], id=paper_id)
        return self._acts("WHERE a.step = ? ORDER BY a.id", step)

    def set_apart(self, ids: Sequence[int], *, now: datetime) -> list[Act]:
        """Say that all of these are different papers, in one step; what was not known already.

        :raises NotFoundError: one of them is not there.
        """
        with self._write():
            for id in ids:
                self._must_exist(id)
            known = self.apart()
            step = None
            for one, other in combinations(sorted(set(ids)), 2):
                if (one, other) not in known:
                    step = step or self._new_step("set apart", self._not_before(now))
                    self._keep_apart([(one, other)])
                    self._note_move(step, one, "apart", str(other), {})
        return self._acts("WHERE a.step = ? ORDER BY a.id", step)

    def enrich(
        self, found: Iterable[tuple[int, Paper, str]], *, now: datetime, step: int | None = None
    ) -> int | None:
        """Take in what was found out about papers: the paper, the record, and in words what it fills.

        The record is the paper's even where nothing but the caller's word says so; what else it
        matches is merged with it. All is done in `step`, or a new one if there is anything to do,
        whose number this returns.
        """
        with self._write():
            now, step = self._not_before(now), self._still(step)
            for asked, record, what in found:
                id = self._now(asked)
                if id is None:
                    continue
                arrived = arrival(record)
                batch = Batch(self._known([arrived], also=[id]))
                kept, *others = batch.matches(arrived, of=id)
                if not others and _adds_nothing(arrived.paper, batch.papers[kept]):
                    continue
                step = step or self._new_step("enriched", now)
                for other in others:
                    self._merge(step, kept, other)
                new = Part(arrived.paper, arrived.prints, origin=kept, step=step)
                parts = [*self._parts([kept])[kept], new]
                self._make(parts, id=kept)
                was = {"record": new.id, "before": [part.id for part in parts if part is not new]}
                self._note_move(step, kept, "record", what, was)
        return step

    # --- inside a write -------------------------------------------------------------------------

    def _merge(self, step: int, kept: int, gone: int) -> None:
        parts = self._parts([kept, gone])
        for id in (kept, gone):
            self._write_parts(id, parts[id])
        was = {
            "step": step,
            "kept": self._belongings(kept),
            "gone": self._belongings(gone),
            "added": self._column("SELECT added FROM papers WHERE id = ?", gone)[0],
            "kept_records": [part.id for part in parts[kept]],
            "records": [part.id for part in parts[gone]],
        }
        self._fold(gone, kept, step)
        was["folded"] = self._entry(kept)
        self._make([*parts[kept], *parts[gone]], id=kept)
        self._note_move(step, kept, "merge", str(gone), was)

    def _join(self, ids: Iterable[int]) -> bool:
        """Inside a write: make one paper of all, the oldest; whether there were several."""
        old, *young = sorted(ids)
        for id, parts in self._parts([old, *young]).items():
            self._write_parts(id, parts)
        for id in young:
            self._fold(id, old)
        self._make(self._parts([old])[old], id=old)
        return bool(young)

    def _note_move(self, step: int, id: int, field: str, after: str, was: dict[str, Any]) -> None:
        act = self._note_act(step, id, field, None, after)
        self._db.execute("INSERT INTO moves VALUES (?, ?)", (act, json.dumps(was)))

    def _make(self, parts: Sequence[Part], *, id: int | None = None, added: str = "") -> int:
        """Write the paper that records make together, a new one if it is told when it was
        `added`; its number.
        """
        paper = made_of(parts)
        (revision,) = self._column(
            "UPDATE internals SET revision = revision + 1 RETURNING revision"
        )
        if added:
            cursor = self._db.execute(
                f"INSERT INTO papers (id, {PAPER_COLUMNS}, added, revision)"
                f" VALUES ({', '.join('?' * 18)})",
                (id, *to_row(paper), added, revision),
            )
            id = cursor.lastrowid
        else:
            columns = PAPER_COLUMNS.replace(",", " = ?,")
            self._db.execute(
                f"UPDATE papers SET {columns} = ?, revision = ? WHERE id = ?",
                (*to_row(paper), revision, id),
            )
            for table in ("identifiers", "fingerprints", "sightings"):
                self._db.execute(f"DELETE FROM {table} WHERE paper_id = ?", (id,))
        assert id is not None
        self._db.executemany(
            "INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)",
            [(*each, id) for each in paper.identifiers],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO fingerprints VALUES (?, ?, ?, ?)",
            [(*print, id) for part in parts for print in part.prints],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(id, *to_sighting(seen)) for seen in paper.sightings],
        )
        self._db.executemany(
            "UPDATE records SET paper_id = ? WHERE id = ?", [(id, part.id) for part in parts]
        )
        self._write_parts(id, parts)
        return id

    def _write_parts(self, id: int, parts: Iterable[Part]) -> None:
        """Make rows of the records of a paper that have none yet or have changed."""
        columns = RECORD_COLUMNS.replace(",", " = ?,")
        for part in parts:
            if part.id is None:
                part.id = self._db.execute(
                    f"INSERT INTO records (paper_id, origin, step, {RECORD_COLUMNS})"
                    f" VALUES ({', '.join('?' * 21)})",
                    (id, part.origin, part.step, *to_record(part.paper, part.prints)),
                ).lastrowid
            elif part.changed:
                self._db.execute(
                    f"UPDATE records SET {columns} = ? WHERE id = ?",
                    (*to_record(part.paper, part.prints), part.id),
                )

    # --- what is known ----------------------------------------------------------------------------

    def _parts(self, ids: Iterable[int]) -> dict[int, list[Part]]:
        ids = list(ids)
        return self._parts_of(ids, self._papers(ids))

    def _parts_of(self, ids: Iterable[int], papers: dict[int, Paper]) -> dict[int, list[Part]]:
        """The records of papers, the oldest first."""
        found: dict[int, list[Part]] = {}
        for paper_id, id, origin, step, *row in self._of(
            f"paper_id, id, origin, step, {RECORD_COLUMNS} FROM records",
            json.dumps(list(ids)),
            "ORDER BY id",
        ):
            part = Part(*to_parts(tuple(row)), id=id, origin=origin, step=step)
            found.setdefault(paper_id, []).append(part)
        alone = [id for id in papers if id not in found]
        prints: dict[int, list[Fingerprint]] = defaultdict(list)
        for id, *print in self._of(
            "paper_id, value, author, year FROM fingerprints", json.dumps(alone)
        ):
            prints[id].append(Fingerprint(*print))
        return found | {id: [Part(papers[id], frozenset(prints[id]), origin=id)] for id in alone}

    def _papers(self, ids: Iterable[int]) -> dict[int, Paper]:
        asked = json.dumps(list(ids))
        identifiers, sightings = self._identifiers(asked), self._sightings(asked)
        return {
            id: to_paper(tuple(row), identifiers.get(id, ()), sightings.get(id, ()))
            for id, *row in self._db.execute(
                f"SELECT id, {PAPER_COLUMNS} FROM papers"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (asked,),
            )
        }

    def _known(self, arrived: Iterable[Arrival], also: Iterable[int] = ()) -> Known:
        """What the library knows of records, and of further papers."""
        arrived = list(arrived)
        identifiers = [[i.scheme, i.value] for each in arrived for i in each.paper.identifiers]
        owners: dict[Identifier, list[int]] = {}
        for scheme, value, id in self._db.execute(
            "SELECT i.scheme, i.value, i.paper_id FROM json_each(?) j JOIN identifiers i"
            " ON i.scheme = j.value ->> 0 AND i.value = j.value ->> 1",
            (json.dumps(identifiers),),
        ):
            owners.setdefault(Identifier(scheme, value), []).append(id)
        values = [print.value for each in arrived for print in each.prints]
        prints: dict[int, set[tuple[Fingerprint, int]]] = {}
        for value, author, year, id in self._db.execute(
            "SELECT f.value, f.author, f.year, f.paper_id FROM json_each(?) j"
            " JOIN fingerprints f ON f.value = j.value",
            (json.dumps(values),),
        ):
            prints.setdefault(value, set()).add((Fingerprint(value, author, year), id))
        ids = {id for known in owners.values() for id in known}
        ids.update(id for known in prints.values() for _, id in known)
        papers = self._papers(ids.union(also))
        apart: dict[int, set[int]] = {}
        for one, other in self._db.execute("SELECT one, other FROM apart"):
            apart.setdefault(one, set()).add(other)
            apart.setdefault(other, set()).add(one)
        return Known(owners, prints, papers, self._parts_of(papers, papers), apart)


def _adds_nothing(record: Paper, paper: Paper) -> bool:
    return same(join(paper, record), paper)

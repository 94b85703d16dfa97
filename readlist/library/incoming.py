"""Papers come in: which ones we know, what they add, what is written."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

from .. import ids as identity
from ..merge import join, normal, same
from ..models import Change, Fingerprint, Identifier, Paper, Problem, Saved
from .owner import Owner
from .rows import PAPER_COLUMNS, to_paper, to_row, to_time

T = TypeVar("T")

# While a batch is written another process waits: a fifth of a second is little for a person
# and long enough to make a commit cheap.
_BATCH = 2_000
_BULK = 50  # from so many new papers on, indexing them together is faster


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did, in records. `folded` counts entries found to be another one."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    folded: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        self.added += other.added
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.folded += other.folded
        self.problems += other.problems


class Incoming(Owner):
    def add_all(
        self,
        items: Iterable[Paper | Saved | Problem],
        *,
        now: datetime,
        marks: Sequence[tuple[str, str]] = (),
        mark_all: bool = True,
        what: str = "import",
        report: Report | None = None,
    ) -> Report:
        """Take in what a format or a source gives; its problems are passed on in the report.

        Each batch is one transaction, so what was taken in stays whatever comes after; `report`
        tells it from then on, also when the items or this raise. `marks` are (field, value) pairs as of
        `Change`, which the owner puts on all of the papers, or only on those that are new here,
        in one step named `what`.
        """
        report = report or Report()
        step: int | None = None
        steps: dict[int, int] = {}
        for batch in _batches(items):
            done = Report(problems=[item for item in batch if isinstance(item, Problem)])
            records = [_record(item) for item in batch if not isinstance(item, Problem)]
            with self._write():
                taken, added = self._take(records, now, done)
                saved = [(id, r.saved) for id, r in zip(taken, records, strict=True) if r.saved]
                for id, item in saved:
                    for key in self._restore(id, item, steps):
                        done.problems.append(_taken(key, item.entry.paper.title))
                self._restore_undos([item for _, item in saved], steps)
                changes = [
                    Change(paper_id=id, field=name, value=value)
                    for id in dict.fromkeys(taken if mark_all else added)
                    for name, value in marks
                ]
                step = self._act(changes, what=what, now=now, step=step)
            report.add(done)
        return report

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
                acts=tuple(self.history(entry.id)[::-1]),
                fingerprints=tuple(Fingerprint(*row) for row in prints),
                shown=tuple(day for (day,) in shown),
            )

    def _take(
        self, records: list["_Record"], now: datetime, report: Report
    ) -> tuple[list[int], list[int]]:
        """Inside a write: the id of each record's paper, all of it written; and those new here."""
        batch = self._known(records)
        next_id, revision = self._db.execute(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'papers'), 0) + 1,"
            " (SELECT revision FROM internals)"
        ).fetchone()
        added: dict[int, str] = {}
        moment = to_time(now)
        taken = []
        for record in records:
            paper, saved = record.paper, record.saved
            ids = batch.matches(paper.identifiers, record.prints)
            if ids:
                id = batch.meet(ids, paper, report)
            else:
                # A number from another library is kept where it is still free here.
                id = max(saved.entry.id, next_id) if saved else next_id
                next_id = id + 1
                batch.papers[id] = paper
                added[id] = to_time(saved.entry.added) if saved else moment
                report.added += 1
            batch.learn(id, paper.identifiers, record.prints)
            taken.append(id)
        self._write_batch(batch, added, revision)
        taken = [batch.root(id) for id in taken]
        for id, record in zip(taken, records, strict=True):
            if record.key and not self._take_key(id, record.key) and not self._keys([id]):
                report.problems.append(_taken(record.key, record.paper.title))
        return taken, [id for id in added if id not in batch.into]

    def _known(self, records: list["_Record"]) -> "_Batch":
        """What the library knows of the papers in a batch."""
        identifiers = [[i.scheme, i.value] for r in records for i in r.paper.identifiers]
        owners = {
            Identifier(scheme, value): id
            for scheme, value, id in self._db.execute(
                "SELECT i.scheme, i.value, i.paper_id FROM json_each(?) j JOIN identifiers i"
                " ON i.scheme = j.value ->> 0 AND i.value = j.value ->> 1",
                (json.dumps(identifiers),),
            )
        }
        values = [print.value for record in records for print in record.prints]
        prints: dict[int, dict[Fingerprint, int]] = defaultdict(dict)
        for value, author, year, id in self._db.execute(
            "SELECT f.value, f.author, f.year, f.paper_id FROM json_each(?) j"
            " JOIN fingerprints f ON f.value = j.value",
            (json.dumps(values),),
        ):
            prints[value][Fingerprint(value, author, year)] = id
        ids = {*owners.values(), *(id for known in prints.values() for id in known.values())}
        return _Batch(owners, prints, self._papers(ids))

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

    def _write_batch(self, batch: "_Batch", added: dict[int, str], revision: int) -> None:
        new = [id for id in added if id not in batch.into]
        changed = [
            id for id, paper in batch.stored.items() if not same(batch.papers.get(id, paper), paper)
        ]
        revisions = {id: revision + n for n, id in enumerate(new + changed, start=1)}
        if len(new) >= _BULK:
            self._db.execute("UPDATE internals SET defer_text = 1")
        self._db.executemany(
            f"INSERT INTO papers (id, {PAPER_COLUMNS}, added, revision)"
            f" VALUES ({', '.join('?' * 18)})",
            [(id, *to_row(batch.papers[id]), added[id], revisions[id]) for id in new],
        )
        if len(new) >= _BULK:
            self._db.execute(
                "INSERT INTO papers_text (rowid, title, abstract, authors)"
                " SELECT id, title, abstract, authors FROM papers WHERE revision > ?",
                (revision,),
            )
            self._db.execute("UPDATE internals SET defer_text = 0")
        for young in batch.into:
            if young in batch.stored:
                self._fold(young, batch.root(young))
        columns = PAPER_COLUMNS.replace(",", " = ?,")
        self._db.executemany(
            f"UPDATE papers SET {columns} = ?, revision = ? WHERE id = ?",
            [(*to_row(batch.papers[id]), revisions[id], id) for id in changed],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)",
            [(*identifier, batch.root(id)) for identifier, id in batch.new_owners.items()],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO fingerprints VALUES (?, ?, ?, ?)",
            [(*print, batch.root(id)) for print, id in batch.new_prints],
        )
        self._write_sightings(batch, new + changed)
        if revisions or batch.into:
            # A folded paper is gone without a revision of its own, but not without a trace.
            last = revision + len(revisions) + len(batch.into)
            self._db.execute("UPDATE internals SET revision = ?", (last,))

    def _write_sightings(self, batch: "_Batch", ids: Iterable[int]) -> None:
        gone, come = [], []
        for id in ids:
            before = batch.stored[id].sightings if id in batch.stored else ()
            after = batch.papers[id].sightings
            if before != after:
                gone += [(id, s.source, s.place, s.at) for s in before if s not in after]
                come += [
                    (id, s.source, s.place, s.at, s.upvotes, s.comments, s.stars, s.citations)
                    for s in after
                    if s not in before
                ]
        self._db.executemany(
            "DELETE FROM sightings WHERE paper_id = ? AND source = ? AND place = ? AND at = ?", gone
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", come
        )


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of `_BATCH`; those before a failure are in one, and then it is raised."""
    batch: list[T] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except (Exception, KeyboardInterrupt):
        yield batch
        raise
    if batch:
        yield batch


def _taken(key: str, title: str) -> Problem:
    return Problem(where=key, what=f"citation key of another paper, so {title!r} gets another one")


class _Record(NamedTuple):
    """What came in: the paper as it is kept, what it is known by, its citation key."""

    paper: Paper
    prints: tuple[Fingerprint, ...]
    key: str
    saved: Saved | None


def _record(item: Paper | Saved) -> _Record:
    saved = item if isinstance(item, Saved) else None
    paper = normal(saved.entry.paper if saved else cast("Paper", item))
    # A saved paper is made of several records, whose fingerprints it brings.
    prints = (saved and saved.fingerprints) or identity.fingerprints(paper)
    return _Record(replace(paper, key="") if paper.key else paper, prints, paper.key, saved)


class _Batch:
    """The papers that a batch meets, as the library has them and as they become.

    A record that matches several papers folds them into the oldest, the one with the lowest
    number. Who matches is asked of records, never of what was made of them, so that their
    order does not matter.
    """

    def __init__(
        self,
        owners: dict[Identifier, int],
        prints: dict[int, dict[Fingerprint, int]],
        stored: dict[int, Paper],
    ) -> None:
        self.stored = stored
        self.papers = dict(stored)
        self.into: dict[int, int] = {}  # a folded paper: the one it became
        self.new_owners: dict[Identifier, int] = {}
        self.new_prints: list[tuple[Fingerprint, int]] = []
        self._owners = owners
        self._prints = prints

    def root(self, id: int) -> int:
        while id in self.into:
            id = self.into[id]
        return id

    def matches(self, identifiers: Iterable[Identifier], prints: Iterable[Fingerprint]) -> set[int]:
        found = {self._owners[i] for i in identifiers if i in self._owners}
        for print in prints:
            for known, id in self._prints.get(print.value, {}).items():
                if identity.compatible(print, known):
                    found.add(id)
        return {self.root(id) for id in found}

    def meet(self, ids: set[int], record: Paper, report: Report) -> int:
        """Join a record to the papers it matches; the id of what they become."""
        oldest, *younger = sorted(ids)
        before = merged = self.papers[oldest]
        for id in younger:
            merged = join(merged, self.papers.pop(id))
            self.into[id] = oldest
        report.folded += len(younger)
        merged = join(merged, record)
        self.papers[oldest] = merged
        if younger or not same(merged, before):
            report.updated += 1
        else:
            report.unchanged += 1
        return oldest

    def learn(
        self, id: int, identifiers: Iterable[Identifier], prints: Iterable[Fingerprint]
    ) -> None:
        """Remember by what a record of this paper is known."""
        for identifier in identifiers:
            if identifier not in self._owners:
                self._owners[identifier] = self.new_owners[identifier] = id
        for print in prints:
            known = self._prints.setdefault(print.value, {})
            if print not in known:
                known[print] = id
                self.new_prints.append((print, id))

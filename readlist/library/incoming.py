"""Papers come in: which ones we know, what they add, what is written."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from ..merge import same
from ..models import Change, Leant, Paper, Problem, Saved
from .batch import Arrival, Batch, Report, arrival
from .restoring import Restoring
from .rows import PAPER_COLUMNS, to_row, to_sighting, to_time

T = TypeVar("T")

# While a batch is written another process waits: a fifth of a second is little for a person
# and long enough to make a commit cheap.
_BATCH = 2_000
_BULK = 50  # from so many new papers on, indexing them together is faster


class Restored(NamedTuple):
    """The entries of a backup: their numbers there and here; and those here that came with it."""

    here: dict[int, int]
    new: set[int]


class Incoming(Restoring):
    def add_all(
        self,
        items: Iterable[Paper | Saved | Leant | Problem],
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
        in one step named `what`, or in that of the `report`.
        """
        report = report or Report()
        steps: dict[int, int] = {}
        restored = Restored({}, set())
        for batch in _batches(items):
            done = Report(problems=[item for item in batch if isinstance(item, Problem)])
            leant = [item for item in batch if isinstance(item, Leant)]
            arrived = [arrival(item) for item in batch if isinstance(item, Paper | Saved)]
            with self._write():
                taken, added = self._take(arrived, now, done, restored)
                saved = [(id, r.saved) for id, r in zip(taken, arrived, strict=True) if r.saved]
                for id, item in saved:
                    for key in self._restore(id, item, steps):
                        done.problems.append(_taken(key, item.entry.paper.title))
                done.leanings = self._restore_leant(leant, steps)
                acts = [act for _, item in saved for act in item.acts]
                self._restore_undos([*acts, *leant], steps)
                changes = [
                    Change(paper_id=id, field=name, value=value)
                    for id in dict.fromkeys(taken if mark_all else added)
                    for name, value in marks
                ]
                step = self._act(changes, what=what, now=now, step=report.step)
            report.add(done)
            report.step = step
        return report

    def _take(
        self, arrived: list[Arrival], now: datetime, report: Report, restored: "Restored"
    ) -> tuple[list[int], list[int]]:
        """Inside a write: the id of each record's paper, all of it written; and those new here.

        `restored` grows by the entries from a backup.
        """
        batch = Batch(self._known(arrived))
        next_id, revision = self._db.execute(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'papers'), 0) + 1,"
            " (SELECT revision FROM internals)"
        ).fetchone()
        added: dict[int, str] = {}
        moment = to_time(now)
        taken = []
        for each in arrived:
            saved = each.saved
            others = {batch.root(restored.here[n]) for n in each.apart if n in restored.here}
            first = None
            for piece in batch.pieces(each, others & restored.new):
                ids = batch.matches(piece, others & restored.new)
                if ids:
                    id = batch.meet(ids, piece, report)
                else:
                    # A number from another library is kept where it is still free here.
                    id = max(saved.entry.id, next_id) if saved else next_id
                    next_id = id + 1
                    batch.begin(id, piece)
                    added[id] = to_time(saved.entry.added) if saved else moment
                    report.added += 1
                    if saved:
                        restored.new.add(id)
                batch.learn(id, piece)
                first = first or id
            assert first is not None
            if saved:
                restored.here[saved.entry.id] = first
                batch.set_apart(first, (other for other in others if other != first))
            taken.append(first)
        self._write_batch(batch, added, revision)
        taken = [batch.root(id) for id in taken]
        for there, id in restored.here.items():
            restored.here[there] = batch.root(id)
        for id, each in zip(taken, arrived, strict=True):
            if each.key and not self._take_key(id, each.key) and not self._keys([id]):
                report.problems.append(_taken(each.key, each.paper.title))
        return taken, [id for id in added if id not in batch.into]

    def _write_batch(self, batch: Batch, added: dict[int, str], revision: int) -> None:
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
            [(*identifier, batch.root(id)) for identifier, id in batch.new_owners],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO fingerprints VALUES (?, ?, ?, ?)",
            [(*print, batch.root(id)) for print, id in batch.new_prints],
        )
        self._write_sightings(batch, new + changed)
        for id, parts in batch.composed():
            self._write_parts(id, parts)
        apart = {(batch.root(one), batch.root(other)) for one, other in batch.new_apart}
        self._keep_apart(pair for pair in apart if pair[0] != pair[1])
        if revisions or batch.into:
            # A folded paper is gone without a revision of its own, but not without a trace.
            last = revision + len(revisions) + len(batch.into)
            self._db.execute("UPDATE internals SET revision = ?", (last,))

    def _write_sightings(self, batch: Batch, ids: Iterable[int]) -> None:
        gone, come = [], []
        for id in ids:
            before = batch.stored[id].sightings if id in batch.stored else ()
            after = batch.papers[id].sightings
            if before != after:
                gone += [(id, s.source, s.place, s.at) for s in before if s not in after]
                come += [(id, *to_sighting(s)) for s in after if s not in before]
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

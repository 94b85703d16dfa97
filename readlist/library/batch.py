"""Records that come in together: whose they are, and what papers they make. Values only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import NamedTuple

from .. import ids as identity
from ..merge import join, normal, same
from ..models import Fingerprint, Identifier, Paper, Problem, Saved


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did, in records. `folded` counts entries found to be another one, `leanings`
    those of a backup that were not here, `step` is that of the marks that were put on papers.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    folded: int = 0
    leanings: int = 0
    problems: list[Problem] = field(default_factory=list)
    step: int | None = None

    def add(self, other: "Report") -> None:
        self.added += other.added
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.folded += other.folded
        self.leanings += other.leanings
        self.problems += other.problems


@dataclass(slots=True)
class Part:
    """A record that a paper is made of: all that was said by the same identifiers and fingerprints.

    `id` is that of its row, if it has one, `origin` the paper that it came in for, `step` the step
    that takes it away when undone.
    """

    paper: Paper
    prints: frozenset[Fingerprint]
    id: int | None = None
    origin: int | None = None
    step: int | None = None
    changed: bool = False

    def is_like(self, other: "Part") -> bool:
        return self.paper.identifiers == other.paper.identifiers and self.prints == other.prints

    def shares(self, other: "Part") -> bool:
        """Whether the two are of one paper."""
        return not set(self.paper.identifiers).isdisjoint(other.paper.identifiers) or any(
            identity.compatible(a, b) for a in self.prints for b in other.prints
        )


def divided(bases: Sequence[Sequence[Part]], later: Iterable[Part]) -> list[list[Part]]:
    """Groups of records that are one paper each: those of each base are, and further ones are of
    what they share something with, which may make several bases one.

    The groups of the bases come first, in their order.
    """
    groups = [list(base) for base in bases]
    for part in later:
        mine = [group for group in groups if any(map(part.shares, group))] or [[]]
        for group in mine[1:]:
            mine[0].extend(group)
            groups.remove(group)
        if not mine[0]:
            groups.append(mine[0])
        mine[0].append(part)
    return groups


class Arrival(NamedTuple):
    """What came in: the paper as it is kept, its records, its citation key."""

    paper: Paper
    prints: frozenset[Fingerprint]
    parts: list[Part]
    key: str
    saved: Saved | None

    @property
    def apart(self) -> tuple[int, ...]:
        """Numbers in the backup that it is from of entries that it is apart from."""
        return self.saved.apart if self.saved else ()


def arrival(item: Paper | Saved) -> Arrival:
    if isinstance(item, Saved):
        return _restored(item)
    paper = normal(item)
    prints = frozenset(identity.fingerprints(paper))
    kept = replace(paper, key="") if paper.key else paper
    return Arrival(kept, prints, [Part(kept, prints)], paper.key, None)


def _restored(saved: Saved) -> Arrival:
    key = saved.entry.paper.key
    paper = replace(normal(saved.entry.paper), key="")
    prints = frozenset(saved.fingerprints or identity.fingerprints(saved.entry.paper))
    parts = [
        Part(replace(normal(record.paper), key=""), frozenset(record.fingerprints))
        for record in saved.records
    ]
    whole = made_of(parts) if parts else None
    if whole is None or not same(join(whole, paper), whole):
        parts.append(Part(paper, prints))
    return Arrival(
        made_of(parts), prints.union(*(part.prints for part in parts)), parts, key, saved
    )


def made_of(parts: Iterable[Part]) -> Paper:
    return reduce(join, (part.paper for part in parts))


class Known(NamedTuple):
    """What the library knows of the papers in a batch."""

    owners: dict[Identifier, list[int]]
    prints: dict[int, set[tuple[Fingerprint, int]]]  # by the hash of the title
    papers: dict[int, Paper]
    parts: dict[int, list[Part]]
    apart: dict[int, set[int]]


class Batch:
    """The papers that a batch meets, as the library has them and as they become.

    A record that matches several papers folds them into the oldest, the one with the lowest
    number. Who matches is asked of records, never of what was made of them, so that their
    order does not matter. Papers that the owner said to be different are never folded: what
    matches both goes to the one that knows it best, so that taking in again what was split
    changes nothing.
    """

    def __init__(self, known: Known) -> None:
        self.stored = known.papers
        self.papers = dict(known.papers)
        self.parts = known.parts
        self.into: dict[int, int] = {}  # a folded paper: the one it became
        self.new_owners: list[tuple[Identifier, int]] = []
        self.new_prints: list[tuple[Fingerprint, int]] = []
        self.new_apart: list[tuple[int, int]] = []
        self._owners = known.owners
        self._prints = known.prints
        self._apart = known.apart

    def root(self, id: int) -> int:
        while id in self.into:
            id = self.into[id]
        return id

    def pieces(self, arrived: Arrival, others: set[int]) -> list[Arrival]:
        """What is to be taken in at once: all of it, or one record after the other where the
        owner said that they are of different papers. It is not of `others`.
        """
        ids = self._shared_with(arrived) - others
        torn = any(not self._apart.get(id, set()).isdisjoint(ids) for id in ids)
        if not torn or len(arrived.parts) == 1:
            return [arrived]
        return [
            Arrival(part.paper, part.prints, [part], "", arrived.saved) for part in arrived.parts
        ]

    def matches(
        self, arrived: Arrival, others: Iterable[int] = (), of: int | None = None
    ) -> list[int]:
        """The papers that a record is of, the oldest first; `of` is one that it is known to be of,
        `others` are some that it is not.
        """
        found = self._shared_with(arrived).difference(others)
        if of is not None:
            found.add(of)
        ids = sorted(found)
        return ids if len(ids) < 2 or not self._apart else self._agreeing(ids, arrived, of)

    def _shared_with(self, arrived: Arrival) -> set[int]:
        found = {id for i in arrived.paper.identifiers for id in self._owners.get(i, ())}
        for print in arrived.prints:
            for known, id in self._prints.get(print.value, ()):
                if identity.compatible(print, known):
                    found.add(id)
        return {self.root(id) for id in found}

    def _agreeing(self, ids: list[int], arrived: Arrival, of: int | None) -> list[int]:
        """Those that are not apart from the one that knows the record best, nor from each other."""
        identifiers = set(arrived.paper.identifiers)

        def strangeness(id: int) -> tuple[bool, bool, int, int, int]:
            parts = self.parts[id]
            known = identifiers.intersection(self.papers[id].identifiers)
            prints = {print for part in parts for print in part.prints & arrived.prints}
            very = any(part.is_like(new) for part in parts for new in arrived.parts)
            return id != of, not very, -len(known), -len(prints), id

        chosen = [min(ids, key=strangeness)]
        for id in ids:
            if id not in chosen and self._apart.get(id, set()).isdisjoint(chosen):
                chosen.append(id)
        return sorted(chosen)

    def begin(self, id: int, arrived: Arrival) -> None:
        """A paper that is new here."""
        self.papers[id] = arrived.paper
        self.parts[id] = arrived.parts
        for part in arrived.parts:
            part.origin = id

    def meet(self, ids: list[int], arrived: Arrival, report: Report) -> int:
        """Join a record to the papers it matches; the id of what they become."""
        oldest, *younger = ids
        before = merged = self.papers[oldest]
        for id in younger:
            merged = join(merged, self.papers.pop(id))
            self.parts[oldest] += self.parts.pop(id)
            self.into[id] = oldest
            for other in self._apart.pop(id, ()):
                self._apart[other].discard(id)
                self._apart[other].add(oldest)
                self._apart.setdefault(oldest, set()).add(other)
        report.folded += len(younger)
        merged = join(merged, arrived.paper)
        self.papers[oldest] = merged
        for new in arrived.parts:
            new.origin = oldest
            add_part(self.parts[oldest], new)
        if younger or not same(merged, before):
            report.updated += 1
        else:
            report.unchanged += 1
        return oldest

    def learn(self, id: int, arrived: Arrival) -> None:
        """Remember by what a record of this paper is known."""
        for identifier in arrived.paper.identifiers:
            owners = self._owners.setdefault(identifier, [])
            if id not in owners:
                owners.append(id)
                self.new_owners.append((identifier, id))
        for print in arrived.prints:
            known = self._prints.setdefault(print.value, set())
            if (print, id) not in known:
                known.add((print, id))
                self.new_prints.append((print, id))

    def set_apart(self, id: int, others: Iterable[int]) -> None:
        for other in others:
            self._apart.setdefault(id, set()).add(other)
            self._apart.setdefault(other, set()).add(id)
            self.new_apart.append((id, other))

    def composed(self) -> Iterator[tuple[int, list[Part]]]:
        """The papers whose records are rows, and those records."""
        for id, parts in self.parts.items():
            if len(parts) > 1 or parts[0].id is not None:
                yield id, parts


def add_part(parts: list[Part], new: Part) -> None:
    """Take a record among those of a paper: joined to the one like it, if there is one that is
    not to be undone by itself.
    """
    for part in parts:
        if part.step is None and part.is_like(new):
            joined = join(part.paper, new.paper)
            part.changed = part.changed or not same(joined, part.paper)
            part.paper = joined
            return
    parts.append(new)

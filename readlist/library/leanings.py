"""What the owner says of authors, categories, venues, terms and interests; and all that was done.

Rows are only added. What holds follows from those whose steps still stand, so undoing one adds
nothing but a step.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .. import ids
from ..models import LEANINGS, Act, Leaning, Leant
from ..text import one_line
from .caches import STANDS
from .filters import match, one_name
from .owner import Owner
from .rows import from_time, moment

# The same in every library that an act is taken to.
NEWEST = "ORDER BY s.at DESC, a.step DESC, a.paper_id, a.id DESC"
NEWEST_LEANT = "ORDER BY s.at DESC, s.id DESC, l.kind, l.name"


class Leanings(Owner):
    def lean(
        self, kind: str, names: Iterable[str], stance: int, *, what: str, now: datetime
    ) -> list[Leaning]:
        """Pin (1) or mute (-1) by name, or take that away (0), as one step; those that changed.

        A leaning that is taken away keeps the name that it had.
        """
        asked: dict[tuple[str, ...], str] = {}
        for name in filter(None, map(one_line, names)):
            asked.setdefault(_identity(kind, name), name)
        changed = []
        with self._write():
            now = self._not_before(now)
            held = self._held()
            for key, name in asked.items():
                was = held.get(key)
                if stance != (was.stance if was else 0):
                    kept = was.name if was and not stance else name
                    changed.append(Leaning(kind, kept, stance, now))
            if changed:
                self._say(changed, what, now)
        return changed

    def reset(self, *, now: datetime) -> None:
        """Let all leanings, and what was done with papers, count no longer. It stays as it is."""
        with self._write():
            now = self._not_before(now)
            self._say([Leaning("reset", "", 0, now)], "reset", now)

    def leanings(self) -> list[Leaning]:
        """What is pinned and muted, by kind and name."""
        return sorted(
            (leaning for leaning in self._held().values() if leaning.stance),
            key=lambda leaning: (LEANINGS.index(leaning.kind), leaning.name.casefold()),
        )

    def leaning(self, kind: str, name: str) -> Leaning | None:
        """What is said of a name, in whatever form it is written."""
        found = self._held().get(_identity(kind, one_line(name)))
        return found if found and found.stance else None

    def leant_papers(self) -> dict[int, list[Leaning]]:
        """The leanings that each paper fits, by its id: all of them but interests.

        An author has all words of the name; a category is the same or below it; a venue is the
        same in any case; a term is in title or abstract, in any form of its words.
        """
        self._db.create_function("one_name", 2, one_name, deterministic=True)
        # SQLite's own lower() knows ASCII only.
        self._db.create_function("casefold", 1, str.casefold, deterministic=True)
        found: dict[int, list[Leaning]] = {}
        for leaning in self.leanings():
            for id in self._column(_FITS.get(leaning.kind, _FITS_NONE), _asked(leaning)):
                found.setdefault(id, []).append(leaning)
        return found

    def last_reset(self) -> datetime | None:
        return from_time(self._last_reset()[0])

    def leant(self) -> list[Leant]:
        """All leanings and resets that ever were, and undos of them, the oldest first."""
        return self._leant(NEWEST_LEANT)[::-1]

    def history(self, paper_id: int | None = None, limit: int | None = None) -> list[Act | Leant]:
        """What the owner did, to one paper or at all, the newest first."""
        count = -1 if limit is None else limit
        if paper_id is not None:
            return [*self._acts(f"WHERE a.paper_id = ? {NEWEST} LIMIT ?", paper_id, count)]
        acts = self._acts(f"{NEWEST} LIMIT ?", count)
        leant = self._leant(f"{NEWEST_LEANT} LIMIT ?", count)
        both: list[Act | Leant] = [*acts, *leant]
        return sorted(both, key=lambda act: (act.at, act.step), reverse=True)[:limit]

    def _say(self, leanings: Iterable[Leaning], what: str, now: datetime) -> None:
        step = self._new_step(what, now)
        self._db.executemany(
            "INSERT INTO leanings (step, kind, name, stance) VALUES (?, ?, ?, ?)",
            [(step, leaning.kind, leaning.name, leaning.stance) for leaning in leanings],
        )

    def _held(self) -> dict[tuple[str, ...], Leaning]:
        """What was said last of each since the last reset, by what makes names the same."""
        said = self._leant(
            f"WHERE {STANDS} AND (s.at, s.id) > (?, ?) ORDER BY s.at, s.id, l.id",
            *self._last_reset(),
        )
        return {
            _identity(each.kind, each.name): Leaning(each.kind, each.name, each.stance, each.at)
            for each in said
        }

    def _leant(self, tail: str, *values: Any) -> list[Leant]:
        return [
            Leant(
                step=step,
                at=moment(at),
                what=what,
                kind=kind,
                name=name,
                stance=stance,
                undoes=undoes,
                undone=bool(undone),
            )
            for step, at, what, kind, name, stance, undoes, undone in self._db.execute(
                "SELECT s.id, s.at, s.what, l.kind, l.name, l.stance, s.undoes,"
                " EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"
                # CROSS: from the few leanings to their steps, however many of those there are.
                " FROM leanings l CROSS JOIN steps s ON s.id = l.step OR s.undoes = l.step"
                f" {tail}",
                values,
            )
        ]


# The papers that a leaning is about.
_FITS = {
    "author": "SELECT p.id FROM papers p WHERE one_name(p.authors, ?)",
    "category": "SELECT p.id FROM papers p WHERE EXISTS (SELECT 1 FROM json_each(p.categories) c"
    " WHERE casefold(c.value) = casefold(?1)"
    " OR substr(casefold(c.value), 1, length(casefold(?1)) + 1) = casefold(?1) || '.')",
    "venue": "SELECT p.id FROM papers p WHERE casefold(p.venue) = casefold(?)",
    "term": "SELECT rowid FROM papers_text WHERE papers_text MATCH ?",
}
_FITS_NONE = "SELECT id FROM papers WHERE ? IS NULL"


def _asked(leaning: Leaning) -> str:
    if leaning.kind != "term":
        return leaning.name
    words = leaning.name.replace('"', " ")
    return f"{{title abstract}} : {match(f'{chr(34)}{words}{chr(34)}')}"


def _identity(kind: str, name: str) -> tuple[str, ...]:
    """Equal for names that are one: an author's words in any order and spelling, else the text in
    whatever case.
    """
    words = sorted(set(ids.words(name))) if kind == "author" else []
    return (kind, *(words or [name.casefold()]))

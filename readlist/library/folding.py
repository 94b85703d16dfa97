"""Two entries become one, and what it takes to make them two again."""

import json
from collections.abc import Iterable
from typing import Any

from ..models import Act
from .leanings import Leanings
from .rows import to_time

_ENTRY = "status, status_at, rating, rated_at, note, noted_at"
_FIELDS = ((0, "status"), (2, "rating"), (4, "note"))  # with their places in it
_NOTHING = ["new", None, None, None, "", None]


class Folding(Leanings):
    def _fold(self, young: int, old: int, step: int | None = None) -> None:
        """Inside a write: all that was `young`'s becomes `old`'s.

        The newest act of each field holds, tags are joined, both notes are kept, which is an act
        of `step` or of that of the newer note. What the world says of `young` is for the caller to
        join.
        """
        self._db.execute(
            "UPDATE citation_keys SET current = 0 WHERE paper_id = ?"
            " AND EXISTS (SELECT 1 FROM citation_keys WHERE paper_id = ? AND current)",
            (young, old),
        )
        for table in (
            "identifiers",
            "fingerprints",
            "records",
            "citation_keys",
            "acts",
            "tags",
            "shown",
            "folded",
        ):
            self._db.execute(
                f"UPDATE OR IGNORE {table} SET paper_id = ? WHERE paper_id = ?", (old, young)
            )
        self._keep_apart((old, other) for other in self._apart_from(young) if other != old)
        if entry := self._entry(young):
            self._fold_entry(old, *entry, step=step)
        self._db.execute("DELETE FROM papers WHERE id = ?", (young,))
        self._db.execute("INSERT INTO folded VALUES (?, ?)", (young, old))

    def _fold_entry(
        self,
        id: int,
        status: str,
        status_at: str | None,
        rating: int | None,
        rated_at: str | None,
        note: str,
        noted_at: str | None,
        *,
        step: int | None = None,
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
        joined = "\n\n".join(texts)
        self._db.execute(
            "UPDATE entries SET note = ?, noted_at = ? WHERE paper_id = ?",
            (joined, max(mine_at or "", noted_at or "") or None, id),
        )
        newest = self._newest_act(id, "note")
        if newest and joined != (newest.after or ""):
            self._note_act(step or newest.step, id, "note", newest.after, joined)

    def _entry(self, id: int) -> list[Any] | None:
        row = self._db.execute(f"SELECT {_ENTRY} FROM entries WHERE paper_id = ?", (id,)).fetchone()
        return row and list(row)

    def _now(self, id: int) -> int | None:
        """The number of a paper as it is now; None if there is none."""
        if self._exists(id):
            return id
        return next(iter(self._column("SELECT paper_id FROM folded WHERE id = ?", id)), None)

    # --- what the owner said, as far as it still stands --------------------------------------------

    def _newest_act(
        self, paper_id: int, field: str, tag: str | None = None, *, but: int = 0
    ) -> Act | None:
        """The newest act on a field, or tag, that still stands, of another step than `but`."""
        found = self._acts(
            "WHERE a.paper_id = ? AND a.field = ? AND a.step <> ?"
            " AND (? IS NULL OR coalesce(a.after, a.before) = ?) AND s.undoes IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM steps u WHERE u.undoes = s.id)"
            " ORDER BY s.at DESC, s.id DESC, a.id DESC LIMIT 1",
            *(paper_id, field, but, tag, tag),
        )
        return found[0] if found else None

    def _settle(self, id: int, base: dict[str, Any], *, since: int) -> None:
        """Inside a write: set what the owner says of a paper to what acts of its own say; where
        none ever did, to the `base`. Acts from the step `since` on give their own times.
        """
        entry = list(base["entry"] or _NOTHING)
        for place, field in _FIELDS:
            if self._column("SELECT 1 FROM acts WHERE paper_id = ? AND field = ?", id, field):
                act = self._newest_act(id, field)
                value: Any = (act and act.after) or _NOTHING[place]
                value = int(value) if field == "rating" and value else value
                if value != entry[place] or (act and act.step >= since):
                    entry[place : place + 2] = [value, act and to_time(act.at)]
        self._db.execute(
            f"INSERT OR REPLACE INTO entries (paper_id, {_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (id, *entry),
        )
        tags = set(base["tags"])
        for tag in self._column(
            "SELECT DISTINCT coalesce(after, before) FROM acts"
            " WHERE paper_id = ? AND field = 'tag'",
            id,
        ):
            newest = self._newest_act(id, "tag", tag)
            (tags.add if newest and newest.after else tags.discard)(tag)
        self._db.execute("DELETE FROM tags WHERE paper_id = ?", (id,))
        self._db.executemany("INSERT INTO tags VALUES (?, ?)", [(id, tag) for tag in sorted(tags)])

    # --- apart: papers of which the owner said that they are different ---------------------------

    def apart(self) -> set[tuple[int, int]]:
        """The pairs of papers, the older first, of which the owner said that they are different."""
        return set(self._db.execute("SELECT one, other FROM apart"))

    def _apart_from(self, id: int) -> list[int]:
        return self._column(
            "SELECT other FROM apart WHERE one = ?1 UNION SELECT one FROM apart WHERE other = ?1",
            id,
        )

    def _keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO apart VALUES (min(?1, ?2), max(?1, ?2))", list(pairs)
        )

    def _not_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._db.executemany(
            "DELETE FROM apart WHERE one = min(?1, ?2) AND other = max(?1, ?2)", list(pairs)
        )

    # --- what is the owner's of a paper -----------------------------------------------------------

    def _belongings(self, id: int) -> dict[str, Any]:
        """As JSON values."""
        keys = self._db.execute("SELECT key, current FROM citation_keys WHERE paper_id = ?", (id,))
        return {
            "entry": self._entry(id),
            "tags": self._column("SELECT tag FROM tags WHERE paper_id = ?", id),
            "shown": self._column("SELECT day FROM shown WHERE paper_id = ?", id),
            "keys": [list(row) for row in keys],
            "apart": self._apart_from(id),
        }

    def _give_back(self, kept: int, gone: int, was: dict[str, Any], origins: set[int]) -> None:
        """Inside a write: to `gone`, a paper again, what was its own before it was folded into
        `kept`, and acts on papers of `origins`; from `kept` what it has only since then.
        """
        before, had = was["kept"], was["gone"]
        said = self._move_acts(kept, gone, origins)
        days = [(kept, day) for day in had["shown"] if day not in before["shown"]]
        self._db.executemany("DELETE FROM shown WHERE paper_id = ? AND day = ?", days)
        self._db.executemany("INSERT INTO shown VALUES (?, ?)", [(gone, d) for d in had["shown"]])
        self._db.executemany(
            "UPDATE citation_keys SET paper_id = ?, current = ? WHERE key = ? AND paper_id = ?",
            [(gone, current, key, kept) for key, current in had["keys"]],
        )
        self._db.execute(
            "UPDATE citation_keys SET current = 1 WHERE key = (SELECT min(key) FROM citation_keys"
            " WHERE paper_id = ? GROUP BY paper_id HAVING max(current) = 0)",
            (kept,),
        )
        entry, folded = self._entry(kept) or list(_NOTHING), was["folded"] or _NOTHING
        base = list(before["entry"] or _NOTHING)
        for at, field in _FIELDS:
            if entry[at] != folded[at] and field not in said:
                base[at : at + 2] = entry[at : at + 2]
        tags = set(self._column("SELECT tag FROM tags WHERE paper_id = ?", kept))
        tags -= {*had["tags"], *said}.difference(before["tags"])
        self._settle(kept, {"entry": base, "tags": tags}, since=was["step"])
        self._settle(gone, had, since=was["step"])

    def _hand_over(self, kept: int, made: int, origins: Iterable[int | None]) -> None:
        """Inside a write: to a paper that was made of one, what the owner said of papers that
        became parts of that one, by their `origins`.
        """
        said = self._move_acts(kept, made, origins)
        entry = self._entry(kept) or list(_NOTHING)
        for at, field in _FIELDS:
            if field in said:
                entry[at : at + 2] = _NOTHING[at : at + 2]
        tags = set(self._column("SELECT tag FROM tags WHERE paper_id = ?", kept)) - said
        self._settle(kept, {"entry": entry, "tags": tags}, since=0)
        self._settle(made, {"entry": None, "tags": ()}, since=0)

    def _move_acts(self, kept: int, to: int, origins: Iterable[int | None]) -> set[str]:
        """Inside a write: acts of some origins to another paper; the fields and tags they set."""
        asked = json.dumps([*origins])
        said = self._column(
            "SELECT DISTINCT CASE field WHEN 'tag' THEN coalesce(after, before) ELSE field END"
            " FROM acts WHERE paper_id = ? AND origin IN (SELECT value FROM json_each(?))",
            *(kept, asked),
        )
        for table, origin in (("acts", "origin"), ("folded", "id")):
            self._db.execute(
                f"UPDATE {table} SET paper_id = ? WHERE paper_id = ?"
                f" AND {origin} IN (SELECT value FROM json_each(?))",
                (to, kept, asked),
            )
        return set(said)

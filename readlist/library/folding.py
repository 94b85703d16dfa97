"""Two entries become one, and what it takes to make them two again."""

import json
from collections.abc import Iterable
from typing import Any

from .owner import Owner

_ENTRY = "status, status_at, rating, rated_at, note, noted_at"
_NOTHING = ["new", None, None, None, "", None]
_SETS = {"tags": "tag", "shown": "day"}  # tables of pairs of a paper and one value


class Folding(Owner):
    def _fold(self, young: int, old: int) -> None:
        """Inside a write: all that was `young`'s becomes `old`'s.

        The newest act of each field holds, tags are joined, both notes are kept. What the world
        says of `young` is for the caller to join.
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
        ):
            self._db.execute(
                f"UPDATE OR IGNORE {table} SET paper_id = ? WHERE paper_id = ?", (old, young)
            )
        self._keep_apart((old, other) for other in self._apart_from(young) if other != old)
        if entry := self._entry(young):
            self._fold_entry(old, *entry)
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

    def _entry(self, id: int) -> list[Any] | None:
        row = self._db.execute(f"SELECT {_ENTRY} FROM entries WHERE paper_id = ?", (id,)).fetchone()
        return row and list(row)

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
            **{
                table: self._column(f"SELECT {column} FROM {table} WHERE paper_id = ?", id)
                for table, column in _SETS.items()
            },
            "acts": self._column("SELECT id FROM acts WHERE paper_id = ?", id),
            "keys": [list(row) for row in keys],
            "apart": self._apart_from(id),
        }

    def _give_back(self, gone: int, kept: int, had: dict[str, Any]) -> None:
        """Inside a write: to `gone`, a paper again, what was its own when it was folded."""
        if had["entry"]:
            values = (gone, *had["entry"])
            self._db.execute(
                f"INSERT INTO entries (paper_id, {_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?)", values
            )
        for table, column in _SETS.items():
            self._db.executemany(
                f"INSERT INTO {table} (paper_id, {column}) VALUES (?, ?)",
                [(gone, value) for value in had[table]],
            )
        self._db.executemany(
            "UPDATE citation_keys SET paper_id = ?, current = ? WHERE key = ? AND paper_id = ?",
            [(gone, current, key, kept) for key, current in had["keys"]],
        )
        self._db.execute(
            "UPDATE acts SET paper_id = ? WHERE paper_id = ?"
            " AND id IN (SELECT value FROM json_each(?))",
            (gone, kept, json.dumps(had["acts"])),
        )
        self._keep_apart((gone, other) for other in had["apart"] if self._exists(other))

    def _take_back(self, kept: int, was: dict[str, Any], act: int) -> None:
        """Inside a write: from `kept` what it has only since another one was folded into it.

        What the owner changed after that act stays.
        """
        before, gone = was["kept"], was["gone"]
        entry, folded = self._entry(kept), was["folded"]
        if entry and folded:
            had = before["entry"] or _NOTHING
            for at in (0, 2, 4):
                field = slice(at, at + 2)
                if entry[field] == folded[field]:
                    entry[field] = had[field]
            self._db.execute(
                f"UPDATE entries SET ({_ENTRY}) = (?, ?, ?, ?, ?, ?) WHERE paper_id = ?",
                (*entry, kept),
            )
        self._db.executemany(
            "DELETE FROM tags WHERE paper_id = ?1 AND tag = ?2 AND NOT EXISTS (SELECT 1 FROM acts"
            " WHERE paper_id = ?1 AND field = 'tag' AND after = ?2 AND id > ?3)",
            [(kept, tag, act) for tag in gone["tags"] if tag not in before["tags"]],
        )
        self._db.executemany(
            "DELETE FROM shown WHERE paper_id = ? AND day = ?",
            [(kept, day) for day in gone["shown"] if day not in before["shown"]],
        )
        self._not_apart((kept, id) for id in gone["apart"] if id not in before["apart"])

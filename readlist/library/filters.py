"""Which entries: one value that says it, and the SQL that finds them."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .. import ids
from ..models import Status
from ..text import clean
from .rows import to_time


class Sort(StrEnum):
    DATE = "date"
    ADDED = "added"
    SCORE = "score"
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"
    CITATIONS = "citations"
    TITLE = "title"


# What sources say of a paper when it is met there.
SIGNALS = (Sort.UPVOTES, Sort.COMMENTS, Sort.STARS, Sort.CITATIONS)
_ORDERS = {
    Sort.DATE: "p.date DESC, p.id DESC",
    Sort.ADDED: "p.id DESC",
    Sort.SCORE: "s.score IS NULL, s.score DESC, p.date DESC, p.id",
    **{
        signal: f"(SELECT max({signal}) FROM sightings WHERE paper_id = p.id) DESC NULLS LAST,"
        " p.date DESC, p.id"
        for signal in SIGNALS
    },
    Sort.TITLE: "p.title COLLATE NOCASE, p.id",
}
NEWEST_UPVOTED = (
    "p.date DESC, (SELECT max(upvotes) FROM sightings WHERE paper_id = p.id) DESC NULLS LAST, p.id"
)

_PARTS = {
    "abstract": "p.abstract <> ''",
    "authors": "p.authors <> '[]'",
    "date": "p.date <> ''",
    "venue": "p.venue <> ''",
    "published": "p.standing = 2",
    "identifier": "EXISTS (SELECT 1 FROM identifiers WHERE paper_id = p.id)",
    "doi": "EXISTS (SELECT 1 FROM identifiers WHERE paper_id = p.id AND scheme = 'doi')",
    "arxiv": "EXISTS (SELECT 1 FROM identifiers WHERE paper_id = p.id AND scheme = 'arxiv')",
    "code": """p.links LIKE '%["code",%'""",
    "pdf": """p.links LIKE '%["pdf",%'""",
    "key": "EXISTS (SELECT 1 FROM citation_keys WHERE paper_id = p.id AND current)",
    "tags": "EXISTS (SELECT 1 FROM tags WHERE paper_id = p.id)",
    "note": "coalesce(e.note, '') <> ''",
}
PARTS = tuple(_PARTS)  # what an entry can have or lack


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All that is given must hold; within `statuses` and `ratings` any.

    `since` and `until` are on the paper's date, which is compared as precisely as it is known;
    `met_since` (aware) is on when a paper came in, and its date on the days of sightings. `words` is a full-text query,
    `author` words of one author's name, `venue` a part of the venue's name. `least` are signals
    with the numbers that they must have reached.
    """

    ids: tuple[int, ...] | None = None
    statuses: tuple[Status, ...] = ()
    ratings: tuple[int | None, ...] = ()
    tags: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    met_since: datetime | None = None
    source: str = ""
    author: str = ""
    venue: str = ""
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    least: tuple[tuple[Sort, int], ...] = ()
    words: str = ""
    undecided: bool = False


def tables(filter: Filter, *, scores: bool = False, scored_only: bool = False) -> str:
    """The FROM clause; `scores` joins the cached ones, `scored_only` goes through them in order."""
    joined = "papers p"
    if filter.words:
        joined = "papers_text JOIN papers p ON p.id = papers_text.rowid"
    elif scored_only:
        joined = "cache.scores s CROSS JOIN papers p ON p.id = s.paper_id"
    joined += " LEFT JOIN entries e ON e.paper_id = p.id"
    return f"{joined} LEFT JOIN cache.scores s ON s.paper_id = p.id" if scores else joined


def where(filter: Filter) -> tuple[str, list[Any]]:
    """The WHERE clause and its parameters."""
    terms: list[str] = []
    values: list[Any] = []

    def need(term: str, *parameters: Any) -> None:
        terms.append(term)
        # What is not UTF-8 on a command line becomes what SQLite does not take.
        values.extend(clean(p) if isinstance(p, str) else p for p in parameters)

    if filter.words:
        need("papers_text MATCH ?", match(filter.words))
        need("papers_text.rank MATCH 'bm25(4.0, 1.0, 2.0)'")
    if filter.ids is not None:
        need("p.id IN (SELECT value FROM json_each(?))", json.dumps(filter.ids))
    if filter.statuses:
        need(f"coalesce(e.status, 'new') IN ({_marks(filter.statuses)})", *filter.statuses)
    if filter.ratings:
        need(
            f"coalesce(e.rating, 0) IN ({_marks(filter.ratings)})",
            *(r or 0 for r in filter.ratings),
        )
    for tag in filter.tags:
        need("EXISTS (SELECT 1 FROM tags WHERE paper_id = p.id AND tag = ?)", tag)
    if filter.since:
        need("p.date <> '' AND p.date >= substr(?, 1, length(p.date))", filter.since)
    if filter.until:
        need("p.date <> '' AND substr(p.date, 1, length(?)) <= ?", filter.until, filter.until)
    if filter.met_since:
        need(
            "(p.added >= ? OR EXISTS (SELECT 1 FROM sightings WHERE paper_id = p.id AND at >= ?))",
            to_time(filter.met_since),
            filter.met_since.date().isoformat(),
        )
    for signal, number in filter.least:
        assert signal in SIGNALS
        need(f"EXISTS (SELECT 1 FROM sightings WHERE paper_id = p.id AND {signal} >= ?)", number)
    if filter.source:
        need("EXISTS (SELECT 1 FROM sightings WHERE paper_id = p.id AND source = ?)", filter.source)
    if filter.author:
        need("p.id IN (SELECT rowid FROM papers_text WHERE authors MATCH ?)", match(filter.author))
        if " " in filter.author.strip():
            need("one_name(p.authors, ?)", filter.author)
    if filter.venue:
        need("p.venue LIKE ? ESCAPE '\\'", f"%{_like(filter.venue)}%")
    terms += [_PARTS[part] for part in filter.has]
    terms += [f"NOT ({_PARTS[part]})" for part in filter.lacks]
    if filter.undecided:
        need("(e.paper_id IS NULL OR (e.status = 'new' AND e.rating IS NULL))")
    return (f"WHERE {' AND '.join(terms)}" if terms else ""), values


def order(sort: Sort | None) -> str:
    """What to order by; None is by relevance to the words searched for."""
    return _ORDERS[sort] if sort else "papers_text.rank, p.id"


def match(query: str) -> str:
    """A full-text query that SQLite accepts, whatever was typed.

    Words must all occur; `"a phrase"` occurs as it stands; `quant*` is a prefix.

    >>> match('"large language" quant* -- C++ (')
    '"large language" "quant"* "C++"'
    """
    parts = []
    for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', clean(query).replace("\0", " ")):
        text = phrase or word.rstrip("*")
        if any(character.isalnum() for character in text):
            parts.append(f'"{text}"' + ("*" if word.endswith("*") else ""))
    # An empty query would be an error; no paper holds this word.
    return " ".join(parts) or '"\ue000"'


def one_name(authors: str, name: str) -> bool:
    """Whether all words of a name are in one of the authors (JSON); SQL knows it by this name."""
    asked = set(ids.words(name))
    return bool(asked) and any(asked <= set(ids.words(author)) for author in json.loads(authors))


def _marks(values: tuple[Any, ...]) -> str:
    return ", ".join("?" * len(values))


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)

"""Plain JSON records of papers, by the field names that people and services commonly use, and
the wrapped ones of the Hugging Face API (`/api/daily_papers`).
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .. import ids
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from . import dates
from .json_stream import Value
from .origin import Origin


class _Field(NamedTuple):
    """What a field of a record is: its role, and which of several to take, the least first."""

    role: str
    rank: int = 0
    detail: str = ""  # the prefix of a bare identifier, the kind of a link, the name of a signal


_FIELDS = {
    "title": _Field("title"),
    "abstract": _Field("abstract"),
    "summary": _Field("abstract", 1),
    "authors": _Field("authors"),
    "author": _Field("authors", 1),
    "creators": _Field("authors", 2),
    "published": _Field("date"),
    "publishedAt": _Field("date", 1),
    "date": _Field("date", 2),
    "publication_date": _Field("date", 3),
    "year": _Field("date", 4),
    "venue": _Field("venue"),
    "journal": _Field("venue", 1),
    "booktitle": _Field("venue", 2),
    "conference": _Field("venue", 3),
    "container-title": _Field("venue", 4),
    "categories": _Field("categories"),
    "primary": _Field("primary"),
    "primary_category": _Field("primary", 1),
    "organization": _Field("organization"),
    "day": _Field("day"),
    "id": _Field("identifier"),
    "arxiv_id": _Field("identifier", 0, "arxiv:"),
    "arxivId": _Field("identifier", 0, "arxiv:"),
    "arxiv": _Field("identifier", 0, "arxiv:"),
    "eprint": _Field("identifier", 0, "arxiv:"),
    "doi": _Field("identifier", 0, "doi:"),
    "DOI": _Field("identifier", 0, "doi:"),
    "pmid": _Field("identifier", 0, "pmid:"),
    "openreview": _Field("identifier", 0, "openreview:"),
    "isbn": _Field("identifier", 0, "isbn:"),
    "url": _Field("link", 0, "page"),
    "link": _Field("link", 0, "page"),
    "page": _Field("link", 0, "page"),
    "pdf": _Field("link", 0, "pdf"),
    "pdf_url": _Field("link", 0, "pdf"),
    "code": _Field("link", 0, "code"),
    "github": _Field("link", 0, "code"),
    "githubRepo": _Field("link", 0, "code"),
    "project": _Field("link", 0, "project"),
    "projectPage": _Field("link", 0, "project"),
    "upvotes": _Field("signal", 0, "upvotes"),
    "stars": _Field("signal", 0, "stars"),
    "githubStars": _Field("signal", 0, "stars"),
    "comments": _Field("signal", 0, "comments"),
    "numComments": _Field("signal", 0, "comments"),
}
_EXTRA = _Field("extra")
_CONTAINERS = ("data", "papers", "results", "items", "records", "entries", "dailyPapers")
_QUOTED_LIMIT = 1_000_000
_PREPRINT_VENUE = re.compile(r"(arxiv|corr|biorxiv|medrxiv|preprint|ssrn)\b.*", re.IGNORECASE)


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Paper | Problem]:
    for item in values:
        if isinstance(item, Problem):
            yield item
            continue
        where = f"{origin.name} line {item.line}"
        records = _container(item.value)
        if records is None:
            yield paper(item.value, origin, where)
            continue
        for number, value in enumerate(records, start=1):
            yield paper(_unquoted(value), origin, f"{where} item {number}")


def _container(value: Any) -> list[Any] | None:
    """The records of an object that only wraps a list of them."""
    if not isinstance(value, dict) or "title" in value or "paper" in value:
        return None
    lists = (value[name] for name in _CONTAINERS if isinstance(value.get(name), list))
    return next(lists, None)


def _unquoted(value: Any) -> Any:
    """A record that was saved as the text of a Python value; else `value` as it is."""
    if isinstance(value, str) and value.startswith("{") and len(value) < _QUOTED_LIMIT:
        try:
            return ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return value
    return value


def paper(value: Any, origin: Origin, where: str) -> Paper | Problem:
    """The paper of one record; a problem where it names none."""
    if not isinstance(value, dict):
        return Problem(where=where, what="not a record", raw=str(value)[:200])
    if isinstance(value.get("paper"), dict):
        return _wrapped(value, origin, where)
    found = _plain(value, origin)
    if not found.title and not found.identifiers:
        what = "no title and no identifier"
        return Problem(where=where, what=what, raw=json.dumps(value)[:200])
    return found


def _plain(value: Mapping[str, Any], origin: Origin, source: str = "json") -> Paper:
    found: dict[str, tuple[int, str, Any]] = {}
    identifiers: dict[Identifier, None] = {}
    links: list[Link] = []
    signals: dict[str, int] = {}
    extra: dict[str, str] = {}
    for name, content in value.items():
        if not content and content != 0:
            continue
        role, rank, detail = _FIELDS.get(name, _EXTRA)
        if role == "identifier" and (identifier := _identifier(content, detail)):
            identifiers[identifier] = None
        elif role == "signal" and _is_count(content):
            signals[detail] = content
        elif role == "link" and _is_url(content):
            links.append(Link(detail, content))
            if detail != "code" and (identifier := ids.parse(content)):
                identifiers[identifier] = None
        elif role in ("identifier", "signal", "link", "extra"):
            extra[name] = content if isinstance(content, str) else _json(content)
        elif role not in found or rank < found[role][0]:
            found[role] = (rank, name, content)

    def get(role: str) -> Any:
        return found[role][2] if role in found else ""

    venue = _text(get("venue"))
    published = venue and not _PREPRINT_VENUE.fullmatch(venue)
    day = dates.iso(get("day"))
    return Paper(
        versions=(
            Version(
                standing=Standing.PUBLISHED if published else Standing.PREPRINT,
                title=_text(get("title")),
                venue=venue,
                date=dates.iso(get("date")),
            ),
        ),
        authors=_authors(get("authors")),
        abstract=_text(get("abstract")),
        identifiers=tuple(identifiers),
        links=tuple(links),
        categories=_categories(get("categories"), get("primary")),
        organization=_organization(get("organization")),
        extra=extra,
        sightings=(_sighting(source, origin.place, day or origin.today.isoformat(), signals),),
    )


def _wrapped(value: Mapping[str, Any], origin: Origin, where: str) -> Paper | Problem:
    """A Daily Papers item. Its own date is in New York time and not used; a paper's is arXiv's.

    It was featured on the day of `submittedOnDailyAt`, which items have since March 2025;
    until then the item's `publishedAt` was about that time.
    """
    inner = {k: v for k, v in value["paper"].items() if k in _HF_FIELDS}
    outer = {k: v for k, v in value.items() if k in ("numComments", "organization")}
    if "submitterOrganization" in value:  # its name in September 2025
        outer.setdefault("organization", value["submitterOrganization"])
    if not isinstance(inner.get("title"), str) or not isinstance(inner.get("id"), str):
        what = "a Daily Papers item without id or title"
        return Problem(where=where, what=what, raw=json.dumps(value)[:200])
    featured = dates.iso(value["paper"].get("submittedOnDailyAt") or value.get("publishedAt", ""))
    record = {**outer, **inner, "day": featured}
    if isinstance(record.get("ai_keywords"), list):
        record["keywords"] = ", ".join(map(str, record.pop("ai_keywords")))
    return _plain(record, Origin(name=origin.name, place="daily", today=origin.today), "hf")


_HF_FIELDS = frozenset(
    [
        "id",
        "authors",
        "publishedAt",
        "title",
        "summary",
        "upvotes",
        "githubRepo",
        "githubStars",
        "projectPage",
        "organization",
        "ai_keywords",
    ]
)


def _sighting(source: str, place: str, at: str, signals: dict[str, int]) -> Sighting:
    return (
        Sighting(source=source, place=place, at=at, **signals)
        if signals
        else _silent(source, place, at)
    )


@lru_cache(16)
def _silent(source: str, place: str, at: str) -> Sighting:
    return Sighting(source=source, place=place, at=at)


def _identifier(content: Any, prefix: str) -> Identifier | None:
    if not isinstance(content, str | int):
        return None
    text = str(content)
    return ids.parse(text) or (ids.parse(prefix + text) if prefix else None)


def _is_count(content: Any) -> bool:
    return isinstance(content, int) and not isinstance(content, bool) and 0 <= content < 2**53


def _is_url(content: Any) -> bool:
    return isinstance(content, str) and content.startswith(("https://", "http://"))


def _categories(value: Any, primary: Any) -> tuple[str, ...]:
    """ArXiv's categories, the primary one first."""
    names = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    if isinstance(primary, str) and primary in names[1:]:
        names = [primary, *(name for name in names if name != primary)]
    return tuple(names)


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        parts = re.split(r"\s+and\s+|;", value)
        if len(parts) == 1 and value.count(",") > 1:
            parts = value.split(",")
        return tuple(name for part in parts if (name := part.strip()))
    if not isinstance(value, list):
        return ()
    if all(type(author) is str for author in value):
        return tuple(value)
    return tuple(name for author in value if (name := _name(author)))


def _name(author: Any) -> str:
    if isinstance(author, str):
        return author.strip()
    if not isinstance(author, dict):
        return ""
    family = _text(author.get("family") or author.get("lastName"))
    given = _text(author.get("given") or author.get("firstName"))
    if family and given:
        return f"{family}, {given}"
    return family or _text(author.get("name") or author.get("literal") or author.get("fullname"))


def _organization(value: Any) -> str:
    if isinstance(value, dict):
        return _text(value.get("fullname") or value.get("name"))
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], str):
        return value[0]  # Crossref gives titles and venues as lists
    return value if isinstance(value, str) else ""


def _json(value: Any) -> str:
    return "" if value in (None, "", [], {}) else json.dumps(value, ensure_ascii=False)

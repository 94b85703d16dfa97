"""Plain JSON records of papers, by the field names that people and services commonly use, and those
of the Hugging Face API: the items of `/api/daily_papers` and the papers of `/api/papers/ID`. Pure.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from . import dates, ids, venues
from .models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
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


def paper(value: Any, origin: Origin, where: str) -> Paper | Problem:
    """The paper of one record; a problem where it names none."""
    if not isinstance(value, dict):
        return Problem(where=where, what="not a record", raw=str(value)[:200])
    if isinstance(value.get("paper"), dict):
        return _wrapped(value, origin, where)
    if "submittedOnDailyAt" in value or "discussionId" in value:
        return _wrapped({"paper": value}, origin, where)
    found = _plain(value, origin)
    if not found.title and not found.identifiers:
        what = "no title and no identifier"
        return Problem(where=where, what=what, raw=_json(value)[:200])
    return found


def _plain(value: Mapping[str, Any], origin: Origin, source: str = "json") -> Paper:
    found: dict[str, tuple[int, str, Any]] = {}
    identifiers: dict[Identifier, None] = {}
    links: list[Link] = []
    signals: dict[str, int] = {}
    extra: dict[str, str] = {}
    for name, content in value.items():
        if (not content and content != 0) or not isinstance(name, str):
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
    published = venue and not venues.is_preprint_server(venue)
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
    """A Daily Papers item. Its own date is in New York time and not used; a paper's is arXiv's."""
    inner = {k: v for k, v in value["paper"].items() if k in _HF_FIELDS}
    outer = {k: v for k, v in value.items() if k in ("numComments", "organization")}
    if "submitterOrganization" in value:  # its name in September 2025
        outer.setdefault("organization", value["submitterOrganization"])
    if not isinstance(inner.get("title"), str) or not isinstance(inner.get("id"), str):
        what = "a Daily Papers item without id or title"
        return Problem(where=where, what=what, raw=_json(value)[:200])
    featured = _featured(value)
    record = {**outer, **inner, "day": featured}
    if isinstance(record.get("ai_keywords"), list):
        record["keywords"] = ", ".join(map(str, record.pop("ai_keywords")))
    if "ai_summary" in record:
        record["tldr"] = record.pop("ai_summary")
    place = "daily" if featured else ""
    return _plain(record, Origin(name=origin.name, place=place, today=origin.today), "hf")


def _featured(value: Mapping[str, Any]) -> str:
    """The day on which an item was featured, `""` if it never was or does not say.

    Items say so in `submittedOnDailyAt` since March 2025. Until then their `publishedAt` was the
    time when they were submitted, at first in UTC, then in New York, where a day's list begins at
    half past nine in the evening before. Since then it is the paper's own, four or five hours less.
    """
    if stated := dates.iso(value["paper"].get("submittedOnDailyAt")):
        return stated
    submitted, published = value.get("publishedAt"), value["paper"].get("publishedAt")
    if isinstance(submitted, str) and isinstance(published, str) and submitted > published:
        with suppress(ValueError, OverflowError):
            return (datetime.fromisoformat(submitted) + _EVENING).date().isoformat()
    return ""


_EVENING = timedelta(hours=2, minutes=30)
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
        "ai_summary",
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
    """A value as JSON; those of Python literals may be what JSON has not."""
    if value in (None, "", [], {}):
        return ""
    return json.dumps(value, ensure_ascii=False, default=str, skipkeys=True)

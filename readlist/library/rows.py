"""Papers and entries as rows of the tables, and back."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..models import Fingerprint, Identifier, Link, Paper, Sighting, Standing, Version

PAPER_COLUMNS = (
    "title, venue, date, type, standing, fields, versions, authors, author_count, abstract,"
    " links, categories, organization, extra, retractions"
)
RECORD_COLUMNS = f"identifiers, fingerprints, sightings, {PAPER_COLUMNS}"
SIGHTING_COLUMNS = "source, place, at, upvotes, comments, stars, citations"


def to_row(paper: Paper) -> tuple[Any, ...]:
    """The values of PAPER_COLUMNS."""
    from orjson import dumps  # half of the time of a row with json's; reading has no need of it

    first, several = paper.versions[0], len(paper.versions) > 1
    return (
        paper.title,
        paper.venue,
        paper.date,
        paper.type,
        int(first.standing),
        dumps(dict(first.fields)).decode() if first.fields else "{}",
        dumps([_version_values(v) for v in paper.versions]).decode() if several else None,
        dumps(paper.authors).decode() if paper.authors else "[]",
        paper.author_count,
        paper.abstract,
        dumps([list(link) for link in paper.links]).decode() if paper.links else "[]",
        dumps(paper.categories).decode() if paper.categories else "[]",
        paper.organization,
        dumps(dict(paper.extra)).decode() if paper.extra else "{}",
        dumps(paper.retractions).decode() if paper.retractions else "[]",
    )


def to_paper(
    row: tuple[Any, ...],
    identifiers: tuple[Identifier, ...] = (),
    sightings: tuple[Sighting, ...] = (),
) -> Paper:
    """The paper of the values of PAPER_COLUMNS."""
    title, venue, date, type_, standing, fields, versions, authors, count, abstract = row[:10]
    links, categories, organization, extra, retractions = row[10:15]
    return Paper(
        versions=tuple(_version(*values) for values in json.loads(versions))
        if versions
        else (_version(standing, title, venue, date, type_, _mapping(fields)),),
        authors=_texts(authors),
        author_count=count,
        abstract=abstract,
        identifiers=identifiers,
        links=tuple(Link(*link) for link in json.loads(links)) if links != "[]" else (),
        categories=_texts(categories),
        organization=organization,
        extra=_mapping(extra),
        retractions=_texts(retractions),
        sightings=sightings,
    )


def to_record(paper: Paper, fingerprints: Iterable[Fingerprint]) -> tuple[Any, ...]:
    """The values of RECORD_COLUMNS."""
    from orjson import dumps

    lists = (paper.identifiers, sorted(fingerprints), map(to_sighting, paper.sightings))
    return (*(dumps([list(each) for each in values]).decode() for values in lists), *to_row(paper))


def to_parts(row: tuple[Any, ...]) -> tuple[Paper, frozenset[Fingerprint]]:
    """The record of the values of RECORD_COLUMNS, and its fingerprints."""
    identifiers, fingerprints, sightings = map(json.loads, row[:3])
    paper = to_paper(
        row[3:],
        tuple(Identifier(*each) for each in identifiers),
        tuple(from_sighting(*each) for each in sightings),
    )
    return paper, frozenset(Fingerprint(*each) for each in fingerprints)


def to_sighting(seen: Sighting) -> tuple[Any, ...]:
    """The values of SIGHTING_COLUMNS."""
    return (
        *(seen.source, seen.place, seen.at),
        *(seen.upvotes, seen.comments, seen.stars, seen.citations),
    )


def from_sighting(
    source: str,
    place: str,
    at: str,
    upvotes: int | None,
    comments: int | None,
    stars: int | None,
    citations: int | None,
) -> Sighting:
    return Sighting(
        source=source,
        place=place,
        at=at,
        upvotes=upvotes,
        comments=comments,
        stars=stars,
        citations=citations,
    )


def _version_values(version: Version) -> tuple[Any, ...]:
    return (
        int(version.standing),
        version.title,
        version.venue,
        version.date,
        version.type,
        dict(version.fields),
    )


def _version(
    standing: int, title: str, venue: str, date: str, type: str, fields: Mapping[str, str]
) -> Version:
    return Version(
        standing=Standing(standing), title=title, venue=venue, date=date, type=type, fields=fields
    )


def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text != "[]" else ()


def _mapping(text: str) -> Mapping[str, str]:
    return json.loads(text) if text != "{}" else {}


def to_time(moment: datetime) -> str:
    """UTC in ISO 8601 with microseconds, which sort as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def from_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

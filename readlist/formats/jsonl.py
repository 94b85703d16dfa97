"""readlist's own JSON lines: one entry a line with all that belongs to it, losslessly.

`record` is also what `--json` prints, without the history.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from .. import ids
from ..models import (
    Act,
    Entry,
    Fingerprint,
    Identifier,
    Link,
    Paper,
    Problem,
    Saved,
    Sighting,
    Standing,
    Status,
    Version,
)
from .json_stream import Value
from .origin import Origin

_VERSION = 1


def record(entry: Entry) -> dict[str, Any]:
    """An entry as JSON values; what is unknown is None, `""`, `[]` or `{}`."""
    paper = entry.paper
    return {
        "id": entry.id,
        "key": entry.key,
        "title": paper.title,
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "date": paper.date,
        "venue": paper.venue,
        "type": paper.type,
        "abstract": paper.abstract,
        "identifiers": [ids.format(i) for i in paper.identifiers],
        "links": [{"kind": link.kind, "url": link.url} for link in paper.links],
        "categories": list(paper.categories),
        "organization": paper.organization,
        "status": entry.status.value,
        "rating": entry.rating,
        "tags": list(entry.tags),
        "note": entry.note,
        "added": _time(entry.added),
        "status_at": _time(entry.status_at),
        "rated_at": _time(entry.rated_at),
        "noted_at": _time(entry.noted_at),
        "score": entry.score,
        "sightings": [_sighting(s) for s in paper.sightings],
    }


def dumps(saved: Iterable[Saved]) -> Iterator[str]:
    """Lines, in the order given; the same entries give the same bytes."""
    for item in saved:
        entry, paper = item.entry, item.entry.paper
        values = {
            "readlist": _VERSION,
            **{name: value for name, value in record(entry).items() if name != "score"},
            "aliases": list(entry.aliases),
            "versions": [_version(v) for v in paper.versions],
            "extra": dict(paper.extra),
            "acts": [_act(act) for act in item.acts],
            "fingerprints": [list(print) for print in item.fingerprints],
            "shown": list(item.shown),
        }
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("readlist"), int)


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Saved | Problem]:
    for item in values:
        if isinstance(item, Problem):
            yield item
            continue
        where = f"{origin.name} line {item.line}"
        try:
            yield _saved(item.value)
        except _NewerError:
            yield Problem(where=where, what="written by a newer readlist; upgrade to read it")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"a readlist record with a wrong or missing {error}"
            yield Problem(where=where, what=what, raw=json.dumps(item.value)[:200])


class _NewerError(Exception):
    pass


def _saved(value: Mapping[str, Any]) -> Saved:
    if value["readlist"] > _VERSION:
        raise _NewerError
    paper = Paper(
        versions=tuple(
            Version(**{**version, "standing": Standing[version["standing"].upper()]})
            for version in value["versions"]
        ),
        authors=tuple(map(str, value["authors"])),
        author_count=value["author_count"],
        abstract=value["abstract"],
        identifiers=tuple(_identifier(text) for text in value["identifiers"]),
        links=tuple(Link(link["kind"], link["url"]) for link in value["links"]),
        categories=tuple(map(str, value["categories"])),
        organization=value["organization"],
        extra=dict(value["extra"]),
        sightings=tuple(Sighting(**sighting) for sighting in value["sightings"]),
    )
    if not paper.versions:
        raise ValueError("versions")
    added = _moment(value["added"])
    if added is None:
        raise ValueError("added")
    entry = Entry(
        id=int(value["id"]),
        paper=paper,
        added=added,
        key=value["key"],
        aliases=tuple(value["aliases"]),
        status=Status(value["status"]),
        status_at=_moment(value["status_at"]),
        rating=value["rating"],
        rated_at=_moment(value["rated_at"]),
        tags=tuple(value["tags"]),
        note=value["note"],
        noted_at=_moment(value["noted_at"]),
    )
    acts = tuple(_read_act(act, entry.id) for act in value["acts"])
    prints = tuple(Fingerprint(int(v), str(a), int(y)) for v, a, y in value["fingerprints"])
    return Saved(entry=entry, acts=acts, fingerprints=prints, shown=tuple(value["shown"]))


def _identifier(text: str) -> Identifier:
    scheme, colon, value = text.partition(":")
    if not colon:
        raise ValueError("identifiers")
    return Identifier(scheme, value)


def _version(version: Version) -> dict[str, Any]:
    return {
        "standing": version.standing.name.lower(),
        "title": version.title,
        "venue": version.venue,
        "date": version.date,
        "type": version.type,
        "fields": dict(version.fields),
    }


def _sighting(sighting: Sighting) -> dict[str, Any]:
    return {
        "source": sighting.source,
        "place": sighting.place,
        "at": sighting.at,
        "upvotes": sighting.upvotes,
        "comments": sighting.comments,
        "stars": sighting.stars,
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        "step": act.step,
        "at": _time(act.at),
        "what": act.what,
        "field": act.field,
        "before": act.before,
        "after": act.after,
        "undoes": act.undoes,
    }


def _read_act(value: Mapping[str, Any], paper_id: int) -> Act:
    at = _moment(value["at"])
    if at is None:
        raise ValueError("at")
    return Act(
        step=int(value["step"]),
        at=at,
        what=value["what"],
        paper_id=paper_id,
        field=value["field"],
        before=value["before"],
        after=value["after"],
        undoes=value["undoes"],
    )


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

"""readlist's own JSON lines: one entry a line with all that belongs to it, losslessly, then one
leaning a line.

`record` is also what `--json` prints, without the history.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from .. import dates, ids
from ..models import (
    LEANINGS,
    Act,
    Entry,
    Fingerprint,
    Identifier,
    Leant,
    Link,
    Paper,
    Problem,
    Record,
    Saved,
    Sighting,
    Standing,
    Status,
    Version,
)
from ..origin import Origin
from ..text import clean, one_line
from .json_stream import Value

_VERSION = 3


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
        "links": [_link(link) for link in paper.links],
        "categories": list(paper.categories),
        "organization": paper.organization,
        "retractions": list(paper.retractions),
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


def dumps(saved: Iterable[Saved], leant: Iterable[Leant] = ()) -> Iterator[str]:
    """Lines, in the order given; the same entries and leanings give the same bytes."""
    for values in chain(map(_entry, saved), map(_leaning, leant)):
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _entry(item: Saved) -> dict[str, Any]:
    entry, paper = item.entry, item.entry.paper
    return {
        "readlist": _VERSION,
        **{name: value for name, value in record(entry).items() if name != "score"},
        "aliases": list(entry.aliases),
        "versions": [_version(v) for v in paper.versions],
        "extra": dict(paper.extra),
        "acts": [_act(act) for act in item.acts],
        "fingerprints": [list(print) for print in item.fingerprints],
        "records": [_part(part) for part in item.records],
        "apart": list(item.apart),
        "shown": list(item.shown),
    }


def _leaning(leant: Leant) -> dict[str, Any]:
    return {
        "readlist": _VERSION,
        "leaning": leant.kind,
        "name": leant.name,
        "stance": leant.stance,
        "step": leant.step,
        "at": _time(leant.at),
        "what": leant.what,
        "undoes": leant.undoes,
    }


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("readlist"), int)


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Saved | Leant | Problem]:
    for item in values:
        if isinstance(item, Problem):
            yield item
            continue
        where = f"{origin.name} line {item.line}"
        if recognises(item.value) and item.value["readlist"] > _VERSION:
            yield Problem(where=where, what="written by a newer readlist; upgrade to read it")
            continue
        try:
            fields = _Fields(item.value)
            yield _read_leaning(fields) if fields.has("leaning") else _saved(fields)
        except _WrongError as error:
            what = f"a readlist record whose {error} is missing or wrong"
            yield Problem(where=where, what=what, raw=json.dumps(item.value)[:200])


class _WrongError(Exception):
    """Names the field."""


class _Fields:
    """A JSON object of a stranger; each field is asked for with its type."""

    def __init__(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise _WrongError("shape")
        self._value = value

    def text(self, name: str) -> str:
        value = self._value.get(name)
        if not isinstance(value, str):
            raise _WrongError(name)
        return clean(value)

    def text_or_none(self, name: str) -> str | None:
        return None if self._value.get(name) is None else self.text(name)

    def number(self, name: str, least: int = 1, most: int = 2**53) -> int:
        value = self._value.get(name)
        if type(value) is not int or not least <= value <= most:
            raise _WrongError(name)
        return value

    def number_or_none(self, name: str, least: int = 0) -> int | None:
        return None if self._value.get(name) is None else self.number(name, least)

    def moment(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(name))
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError) as error:
            raise _WrongError(name) from error

    def moment_or_none(self, name: str) -> datetime | None:
        return None if self._value.get(name) is None else self.moment(name)

    def values(self, name: str) -> list[Any]:
        value = self._value.get(name)
        if not isinstance(value, list):
            raise _WrongError(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.values(name)
        if not all(isinstance(value, str) for value in values):
            raise _WrongError(name)
        return tuple(text for value in values if (text := clean(value)))

    def objects(self, name: str) -> list["_Fields"]:
        return [_Fields(value) for value in self.values(name)]

    def has(self, name: str) -> bool:
        """Whether it is there; what was written by an earlier readlist lacks some fields."""
        return name in self._value

    def numbers(self, name: str) -> tuple[int, ...]:
        values = self.values(name)
        if not all(type(value) is int and 0 < value < 2**53 for value in values):
            raise _WrongError(name)
        return tuple(values)

    def mapping(self, name: str) -> dict[str, str]:
        value = self._value.get(name)
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise _WrongError(name)
        return {clean(key): clean(text) for key, text in value.items()}

    def one_of(self, name: str, known: Iterable[str]) -> str:
        value = self.text(name)
        if value not in known:
            raise _WrongError(name)
        return value


def _saved(line: _Fields) -> Saved:
    line.number("readlist")
    paper = _paper(line)
    if not paper.title and not paper.identifiers:
        raise _WrongError("title")
    rating = line.number_or_none("rating", least=-1)
    if rating not in (1, -1, None):
        raise _WrongError("rating")
    entry = Entry(
        id=line.number("id"),
        paper=paper,
        added=line.moment("added"),
        key=line.text("key"),
        aliases=line.texts("aliases"),
        status=Status(line.one_of("status", list(Status))),
        status_at=line.moment_or_none("status_at"),
        rating=rating,
        rated_at=line.moment_or_none("rated_at"),
        tags=line.texts("tags"),
        note=line.text("note"),
        noted_at=line.moment_or_none("noted_at"),
    )
    return Saved(
        entry=entry,
        acts=tuple(_read_act(act, entry.id) for act in line.objects("acts")),
        fingerprints=tuple(map(_fingerprint, line.values("fingerprints"))),
        records=tuple(map(_record, line.objects("records"))) if line.has("records") else (),
        apart=line.numbers("apart") if line.has("apart") else (),
        shown=tuple(day for day in line.texts("shown") if dates.iso(day) == day),
    )


def _read_leaning(line: _Fields) -> Leant:
    line.number("readlist")
    kind = line.one_of("leaning", ("reset", *LEANINGS))
    name = one_line(line.text("name"))
    if bool(name) == (kind == "reset"):
        raise _WrongError("name")
    return Leant(
        step=line.number("step"),
        at=line.moment("at"),
        what=line.text("what"),
        kind=kind,
        name=name,
        stance=line.number("stance", least=-1, most=1),
        undoes=line.number_or_none("undoes", least=1),
    )


def _paper(value: _Fields) -> Paper:
    if not value.values("versions"):
        raise _WrongError("versions")
    return Paper(
        versions=tuple(map(_read_version, value.objects("versions"))),
        authors=value.texts("authors"),
        author_count=value.number_or_none("author_count"),
        abstract=value.text("abstract"),
        identifiers=tuple(map(_identifier, value.texts("identifiers"))),
        links=tuple(Link(link.text("kind"), link.text("url")) for link in value.objects("links")),
        categories=value.texts("categories"),
        organization=value.text("organization"),
        extra=value.mapping("extra"),
        retractions=value.texts("retractions") if value.has("retractions") else (),
        sightings=tuple(map(_read_sighting, value.objects("sightings"))),
    )


def _record(value: _Fields) -> Record:
    prints = tuple(map(_fingerprint, value.values("fingerprints")))
    return Record(_paper(value), prints)


def _identifier(text: str) -> Identifier:
    scheme, colon, value = text.partition(":")
    if not colon:
        raise _WrongError("identifiers")
    return Identifier(scheme, value)


def _fingerprint(value: Any) -> Fingerprint:
    match value:
        case [int(hash), str(author), int(year)] if -(2**63) <= hash < 2**63 and 0 <= year < 10_000:
            return Fingerprint(hash, clean(author), year)
    raise _WrongError("fingerprints")


def _read_version(value: _Fields) -> Version:
    standings = {standing.name.lower(): standing for standing in Standing}
    return Version(
        standing=standings[value.one_of("standing", standings)],
        title=value.text("title"),
        venue=value.text("venue"),
        date=value.text("date"),
        type=value.text("type"),
        fields=value.mapping("fields"),
    )


def _read_sighting(value: _Fields) -> Sighting:
    return Sighting(
        source=value.text("source"),
        place=value.text("place"),
        at=value.text("at"),
        upvotes=value.number_or_none("upvotes"),
        comments=value.number_or_none("comments"),
        stars=value.number_or_none("stars"),
        citations=value.number_or_none("citations"),
    )


_ACT_VALUES = {"status": tuple(Status), "rating": ("1", "-1")} | dict.fromkeys(
    ("note", "tag", "record", "merge", "split", "apart")
)


def _read_act(value: _Fields, paper_id: int) -> Act:
    field = value.one_of("field", _ACT_VALUES)
    before, after = value.text_or_none("before"), value.text_or_none("after")
    known = _ACT_VALUES[field]
    if known and not {before, after} <= {None, *known}:
        raise _WrongError("acts")
    return Act(
        step=value.number("step"),
        at=value.moment("at"),
        what=value.text("what"),
        paper_id=paper_id,
        field=field,
        before=before,
        after=after,
        undoes=value.number_or_none("undoes", least=1),
    )


def _part(record: Record) -> dict[str, Any]:
    paper = record.paper
    return {
        "versions": [_version(v) for v in paper.versions],
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "abstract": paper.abstract,
        "identifiers": [ids.format(i) for i in paper.identifiers],
        "links": [_link(link) for link in paper.links],
        "categories": list(paper.categories),
        "organization": paper.organization,
        "extra": dict(paper.extra),
        "retractions": list(paper.retractions),
        "sightings": [_sighting(s) for s in paper.sightings],
        "fingerprints": [list(print) for print in record.fingerprints],
    }


def _link(link: Link) -> dict[str, str]:
    return {"kind": link.kind, "url": link.url}


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
        "citations": sighting.citations,
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


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None

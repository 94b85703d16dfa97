"""What read-later and bookmark services export, as CSV by its header or as JSON by its names.

CSV: Pocket, Instapaper, Raindrop, Matter, mymind, Readwise Reader, and tables like theirs. JSON:
Pinboard, Delicious, Omnivore, wallabag, Readability, Raindrop, linkding, Shaarli, Karakeep,
Linkwarden, and the backups of Firefox and Chrome. They differ in what they call a few things.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from .bookmarks import is_root
from .json_stream import Value
from .links import Passed, day, doubt, paper

# What the services call things, folded; of several that say something the first one counts.
_URL = ("url", "href", "link", "uri", "articleurl", "sourceurl")
_TITLE = ("title", "name", "articletitle", "description")  # the last one is Pinboard's
_TIME = (
    *("timeadded", "timestamp", "created", "createdat", "dateadded", "savedat", "saveddate"),
    *("time", "savedon", "lastinteractiondate", "lastaccessed"),
)
_TAGS = ("tags", "labels", "documenttags", "tagnames")
_NOTE = ("note", "notes", "selection", "extended")
_FOLDER = ("folder", "collection")
# Names that only the records of such services have, and those that records of papers have.
_MARKS = {
    *("articleurl", "createdat", "dateadded", "documenttags", "extended", "folder", "isarchived"),
    *("issaved", "isstarred", "labels", "savedat", "saveddate", "selection", "shared", "tagnames"),
    *("tags", "timeadded", "toread", "favorited", "lastaccessed"),
}
_OF_PAPERS = {
    *("abstract", "arxivid", "authors", "citationkey", "creators", "doi", "externalids", "issn"),
    *("itemtype", "paper", "paperid", "journal", "publicationtitle", "readlist", "venue", "isbn"),
    *("arxiv", "booktitle", "categories", "conference", "date", "eprint", "pdf", "primarycategory"),
    *("published", "pmid", "summary", "upvotes", "year"),
}
_LINE = 1_000_000  # characters; a row may have many lines, and a field up to 131,072
_DEEP = 100  # folders in folders
_SEPARATORS = (",", ";", "\t")


class _Item(NamedTuple):
    record: Mapping[str, Any]  # by folded names
    folders: tuple[str, ...]


def _fold(name: Any) -> str:
    return re.sub(r"[^a-z]", "", str(name)[:100].lower())


# --- CSV ----------------------------------------------------------------------------------------


def recognises(head: str) -> bool:
    """Whether a text is a table with a column of URLs as such services export it."""
    names = set(_header(head.lstrip("\n").partition("\n")[0]))
    return (
        not names.isdisjoint(_URL)
        and not names.isdisjoint({*_TITLE, *_TAGS})
        and names.isdisjoint(_OF_PAPERS)
    )


def _header(line: str) -> list[str]:
    try:
        row = next(csv.reader([line[:_LINE]], delimiter=_separator(line)), [])
    except csv.Error:
        return []
    return [_fold(name) for name in row]


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


def load(file: TextIO, origin: Origin) -> tuple[Passed, Iterator[Paper | Problem]]:
    """How many links name no paper, and the papers of the others."""
    passed = Passed()
    return passed, iter(doubt(_table(file, origin, passed)))


def _table(file: TextIO, origin: Origin, passed: Passed) -> Iterator[Paper | Problem]:
    lines = iter(lambda: file.readline(_LINE), "")
    header = next((line for line in lines if line.strip()), "")
    names = _header(header)
    rows = csv.reader(lines, delimiter=_separator(header))
    while True:
        where = f"{origin.name} line {rows.line_num + 2}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(where=where, what=f"not a row of a table ({error})")
            continue
        if not any(row):
            continue
        record = dict(zip(names, row, strict=False))
        found = _paper(_Item(record, ()), origin, where, passed)
        if found:
            yield found


# --- JSON ---------------------------------------------------------------------------------------


def recognises_json(value: Any) -> bool:
    """Whether the first value of a file is a record of such a service, or holds some."""
    item = next(_items(value), None)
    return (
        item is not None
        and _of_papers(value).isdisjoint(_OF_PAPERS)
        and item.record.keys().isdisjoint(_OF_PAPERS)
        and not item.record.keys().isdisjoint(_MARKS)
    )


def _of_papers(value: Any) -> set[str]:
    return {_fold(name) for name in value} if isinstance(value, dict) else set()


def load_json(
    values: Iterable[Value | Problem], origin: Origin
) -> tuple[Passed, Iterator[Paper | Problem]]:
    """As `load`, of the values in a file."""
    passed = Passed()
    return passed, iter(doubt(_values(values, origin, passed)))


def _values(
    values: Iterable[Value | Problem], origin: Origin, passed: Passed
) -> Iterator[Paper | Problem]:
    for value in values:
        if isinstance(value, Problem):
            yield value
            continue
        where = f"{origin.name} line {value.line}"
        number = 0
        for number, item in enumerate(_items(value.value), start=1):
            place = f"{where} item {number}" if number > 1 else where
            if found := _paper(item, origin, place, passed):
                yield found
        if not number:
            yield Problem(where=where, what="no link in it", raw=json.dumps(value.value)[:200])


def _items(value: Any) -> Iterator[_Item]:
    """The records with a URL in a value, however deep, in their order; with names of folders."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while waiting:
        inner, folders = waiting.pop()
        if isinstance(inner, list):
            waiting += [(part, folders) for part in reversed(inner)]
        elif isinstance(inner, dict):
            record = {_fold(name): part for name, part in inner.items()}
            # Karakeep puts the URL into what it calls the content.
            content = record.get("content")
            if isinstance(content, dict):
                record |= {
                    "url": content.get("url"),
                    "title": record.get("title") or content.get("title"),
                }
            if _text(record, _URL):
                yield _Item(record, folders)
                continue
            name = _text(record, ("title", "name"))
            below = (*folders, name)[-_DEEP:] if name else folders
            parts = [part for part in inner.values() if isinstance(part, list | dict)]
            waiting += [(part, below) for part in reversed(parts)]


# --- both ---------------------------------------------------------------------------------------


def _paper(item: _Item, origin: Origin, where: str, passed: Passed) -> Paper | Problem | None:
    record = item.record
    folders = [*item.folders, *_text(record, _FOLDER).split("/")]
    at = next((at for name in _TIME if (at := day(record.get(name)))), origin.today.isoformat())
    found = paper(
        _text(record, _URL),
        _text(record, _TITLE),
        where=where,
        seen=Sighting(source="read-later", place=origin.place, at=at),
        keywords=[*(name for name in folders if not is_root(name.strip())), *_tags(record)],
        note=_text(record, _NOTE),
    )
    passed.count += found is None
    return found


def _text(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    values = (record.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _tags(record: Mapping[str, Any]) -> list[str]:
    """The tags of a record: in a list, of texts or of objects with a name, or in one text."""
    value = next((value for name in _TAGS if (value := record.get(name))), None)
    if isinstance(value, list):
        named = [tag.get("name") if isinstance(tag, dict) else tag for tag in value]
        return [tag for tag in named if isinstance(tag, str)]
    if not isinstance(value, str):
        return []
    # `a|b` in Pocket, `["a"]` in Instapaper, `['a']` in Reader, `a b` in Pinboard, else `a, b`.
    inner = value.strip().removeprefix("[").removesuffix("]")
    mark = next((mark for mark in ("|", ",", ";") if mark in inner), None)
    if mark is None and "shared" not in record:
        return [inner.strip(" '\"")]
    return [tag.strip(" '\"") for tag in inner.split(mark)]

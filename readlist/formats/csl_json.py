"""CSL-JSON, as Zotero, Mendeley, Pandoc and DOI services write it: an array of items, an object with
`items`, or one item (https://github.com/citation-style-language/schema).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from .. import csl
from ..models import Paper, Problem, Sighting
from ..origin import Origin
from .json_stream import Value

# Fields, types and parts of names that tell items from the records of others.
_OWN = frozenset(
    ["issued", "container-title", "citation-key", "publisher-place", "collection-title"]
)
_TYPES = frozenset(
    [
        *("article-journal", "article-magazine", "article-newspaper", "paper-conference"),
        *("entry-dictionary", "entry-encyclopedia", "post-weblog", "review-book"),
    ]
)
_NAMES = frozenset(["family", "given", "literal"])


def recognises(value: Any) -> bool:
    """Whether the first value of a file is an item, or an object with items."""
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        value = next(iter(value["items"]), None)
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    people = value.get("author")
    first = people[0] if isinstance(people, list) and people else None
    return (
        not _OWN.isdisjoint(value)
        or value["type"] in _TYPES
        or (isinstance(first, dict) and not _NAMES.isdisjoint(first))
    )


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Paper | Problem]:
    seen = (Sighting(source="csl", place=origin.place, at=origin.today.isoformat()),)
    for item in values:
        if isinstance(item, Problem):
            yield item
            continue
        where = f"{origin.name} line {item.line}"
        if isinstance(item.value, dict) and isinstance(item.value.get("items"), list):
            for number, each in enumerate(item.value["items"], start=1):
                yield csl.paper(each, f"{where} item {number}", seen)
        else:
            yield csl.paper(item.value, where, seen)

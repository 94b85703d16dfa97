"""Open Library (https://openlibrary.org/dev/docs/api/books): books by ISBN, many at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from .. import csl
from ..errors import SourceError
from ..models import Identifier, Paper, Problem
from .client import Client, json_of

URL = "https://openlibrary.org/api/books"
SCHEMES = ("isbn",)

_AT_ONCE = 50


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The books of ISBNs, in the order asked."""
    for start in range(0, len(identifiers), _AT_ONCE):
        wanted = identifiers[start : start + _AT_ONCE]
        keys = ",".join(f"ISBN:{isbn.value}" for isbn in wanted)
        answer = client.get(URL, params={"bibkeys": keys, "format": "json", "jscmd": "data"})
        yield from parse(json_of(answer), wanted)


def parse(said: Any, wanted: Sequence[Identifier]) -> list[Paper | Problem]:
    """The books of an answer that are wanted.

    :raises SourceError: it is not about books.
    """
    if not isinstance(said, dict):
        raise SourceError("openlibrary.org answered with something else than books")
    found: list[Paper | Problem] = []
    for isbn in dict.fromkeys(wanted):
        record = said.get(f"ISBN:{isbn.value}")
        if isinstance(record, dict):
            found.append(csl.paper(_item(record, isbn), f"openlibrary {isbn.value}"))
    return found


def _item(record: Mapping[str, Any], isbn: Identifier) -> dict[str, Any]:
    known = record.get("identifiers")
    numbers = known if isinstance(known, dict) else {}
    isbns = [numbers.get(name) for name in ("isbn_13", "isbn_10")]
    return {
        "type": "book",
        "title": record.get("title"),
        "subtitle": record.get("subtitle"),
        "author": record.get("authors"),
        "issued": record.get("publish_date"),
        "publisher": record.get("publishers"),
        "publisher-place": record.get("publish_places"),
        "ISBN": [isbn.value, *(each for some in isbns if isinstance(some, list) for each in some)],
        "URL": record.get("url"),
    }

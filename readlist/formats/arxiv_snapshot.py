"""The arXiv metadata snapshot (https://www.kaggle.com/datasets/Cornell-University/arxiv): one JSON
record a line, 2.7 million of them, so a record is read in few steps.

`authors_parsed` are `[family, given, suffix, affiliation…]`; `versions` have the dates, the first
of which is the paper's; `update_date` is that of the record and says nothing of the paper.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from .. import arxiv, dates
from ..models import Paper, Problem, Sighting
from ..origin import Origin
from .json_stream import Value


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and {"id", "categories", "versions"} <= value.keys()


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Paper | Problem]:
    seen = (Sighting(source="arxiv", place=origin.place, at=origin.today.isoformat()),)
    for item in values:
        if isinstance(item, Problem):
            yield item
            continue
        where = f"{origin.name} line {item.line}"
        if not isinstance(item.value, dict):
            yield Problem(where=where, what="not a record", raw=str(item.value)[:200])
            continue
        yield arxiv.paper(
            item.value,
            where=where,
            authors=_authors(item.value),
            date=_date(item.value.get("versions")),
            sightings=seen,
        )


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    parsed = record.get("authors_parsed")
    if isinstance(parsed, list) and parsed:
        return tuple([name for author in parsed if (name := _name(author))])
    typed = record.get("authors")
    if not isinstance(typed, str):
        return ()
    if "\\" in typed or "{" in typed:
        from . import latex

        return tuple(map(latex.decode, arxiv.authors(typed)))
    return arxiv.authors(typed)


def _name(author: Any) -> str:
    if isinstance(author, list) and len(author) >= 3:
        family, given, suffix = author[:3]
        if isinstance(family, str) and isinstance(given, str) and isinstance(suffix, str):
            return arxiv.name(family.strip(), given.strip(), suffix.strip())
    return ""


def _date(versions: Any) -> str:
    if isinstance(versions, list) and versions and isinstance(versions[0], dict):
        # Mon, 2 Apr 2007 19:18:42 GMT
        return _iso(str(versions[0].get("created"))[5:16])
    return ""


@lru_cache(16_384)  # the days of 45 years
def _iso(text: str) -> str:
    return dates.iso(text)

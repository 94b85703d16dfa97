"""Files of JSON records: one after the other, in an array, or in an object around them."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from .. import records
from ..models import Paper, Problem
from ..origin import Origin
from .json_stream import Value

_CONTAINERS = ("data", "papers", "results", "items", "records", "entries", "dailyPapers")
_QUOTED_LIMIT = 1_000_000


def recognises(_value: Any) -> bool:
    """Any value may hold records; each that does not is a problem."""
    return True


def recognises_daily(value: Any) -> bool:
    """Whether a value is an item of the Daily Papers."""
    return isinstance(value, dict) and isinstance(value.get("paper"), dict)


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Paper | Problem]:
    for item in values:
        if isinstance(item, Problem):
            yield item
            continue
        where = f"{origin.name} line {item.line}"
        found = _container(item.value)
        if found is None:
            yield records.paper(item.value, origin, where)
            continue
        for number, value in enumerate(found, start=1):
            yield records.paper(_unquoted(value), origin, f"{where} item {number}")


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

"""JSON values one after another: lines, an array, or objects in a row, in bounded memory."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from ..models import Problem

LIMIT = 10_000_000  # characters of one record; the longest met in the wild has 0.1 million
_READ = 65_536
_decoder = json.JSONDecoder()


class Value(NamedTuple):
    line: int  # where it begins, from 1
    value: Any


def values(file: TextIO, name: str) -> Iterator[Value | Problem]:
    """The values in a file; what is not JSON becomes a problem and reading goes on below it."""
    first = file.readline(LIMIT)
    number = 1
    while first and not first.strip():
        first, number = file.readline(LIMIT), number + 1
    if not first.lstrip().startswith("[") and _whole(first):
        yield from _lines(file, first, number, name)
    else:
        yield from _stream(file, first, number, name)


def _whole(line: str) -> bool:
    # A line that opens and closes an object, or is too long to see, is a record, right or wrong.
    return len(line) >= LIMIT or (
        line.rstrip().endswith(("}", "]")) and line.strip() not in ("{}", "[]")
    )


def _lines(file: TextIO, first: str, number: int, name: str) -> Iterator[Value | Problem]:
    line = first
    while line:
        if len(line) >= LIMIT and not line.endswith("\n"):
            yield _too_long(name, number, line)
            while line and not line.endswith("\n"):
                line = file.readline(LIMIT)
        elif not line.isspace():
            try:
                yield Value(number, json.loads(line))
            except (ValueError, RecursionError) as error:
                yield _not_json(name, number, line, error)
        line, number = file.readline(LIMIT), number + 1


def _stream(file: TextIO, text: str, number: int, name: str) -> Iterator[Value | Problem]:
    """Values that stretch over lines, in an array or not."""
    position, in_array, ended = 0, False, False
    while True:
        # Between two values: white space, commas, and the array's brackets.
        while position < len(text) and (text[position].isspace() or text[position] in ",[]"):
            if text[position] == "[":
                if in_array:
                    break
                in_array = True
            position += 1
        number += text.count("\n", 0, position)
        text, position = text[position:], 0
        if not text:
            text = file.read(_READ)
            if not text:
                return
            continue
        try:
            value, position = _decoder.raw_decode(text)
            yield Value(number, value)
        except (ValueError, RecursionError) as error:
            more = "" if ended else file.read(max(_READ, len(text)))
            ended = not more
            if more and len(text) < LIMIT:
                text += more
                continue
            if len(text) >= LIMIT:
                yield _too_long(name, number, text)
            else:
                yield _not_json(name, number, text, error)
            text, skipped = _next_record(text + more)
            number += skipped
            if not text:
                return


def _next_record(text: str) -> tuple[str, int]:
    """The text from the next line on that begins like a record, and how many lines that is."""
    at = min((i for i in (text.find("\n{"), text.find("\n  {")) if i >= 0), default=-1)
    return (text[at + 1 :], text.count("\n", 0, at + 1)) if at >= 0 else ("", 0)


def _too_long(name: str, number: int, text: str) -> Problem:
    what = f"a record of more than {LIMIT // 1_000_000} million characters; left out"
    return Problem(where=f"{name} line {number}", what=what, raw=text[:200])


def _not_json(name: str, number: int, text: str, error: Exception) -> Problem:
    reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or too large"
    return Problem(where=f"{name} line {number}", what=f"not JSON ({reason})", raw=text[:200])

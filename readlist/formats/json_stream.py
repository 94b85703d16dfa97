"""JSON values one after another: lines, an array, or objects in a row, in bounded memory."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

import orjson

from ..models import Problem

LIMIT = 10_000_000  # characters of one record; the longest met in the wild has 0.1 million
_READ = 65_536
_KEPT = 100  # characters in which what stands before a record may begin
_TOKEN = 12  # characters of the longest token that is no string: -Infinity, or \ud83d\ude00
_BETWEEN = re.compile(r"[\s,\[\]]*")
_IN_OBJECT = re.compile(r"[\s,\[\]}]*")  # the same in a list whose object was opened
_COMMA = re.compile(r"\s*,\s*")
_COLON = re.compile(r"\s*:\s*")
_LISTS = ("items", "data", "papers", "results", "records", "entries")
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
    listed = len(first) >= LIMIT and _list_in(first)  # a whole library on one line
    if not first.lstrip().startswith("[") and not listed and _is_record(first):
        yield from _lines(file, first, number, name)
    else:
        yield from _stream(file, first, number, name)


def _is_record(line: str) -> bool:
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
                yield Value(number, _loads(line))
            except (ValueError, RecursionError) as error:
                yield _not_json(name, number, line, error)
        line, number = file.readline(LIMIT), number + 1


def _loads(line: str) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        return json.loads(line)  # which takes NaN and half of a surrogate pair, too


def _stream(file: TextIO, text: str, number: int, name: str) -> Iterator[Value | Problem]:
    """Values that stretch over lines, in an array or not."""
    start = r"(?:\n\s*|\}\s*,\s*)"  # what stands before a record
    at = 0  # where in `text` the next value is looked for, on line `number`
    depth: int | None = 0  # of arrays; None once a record was broken
    between_values = _BETWEEN
    while True:
        between = between_values.match(text, at)
        assert between is not None
        number += between[0].count("\n")
        if depth is not None:
            depth += between[0].count("[") - between[0].count("]")
        if "\n" in between[0]:
            start = r"\n" + re.escape(between[0].rpartition("\n")[2].lstrip("["))
        at = between.end()
        if at == len(text):
            text, at = file.read(_READ), 0
            if not text:
                break
            continue
        try:
            value, end = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            cut = _is_cut(error, len(text))
            text, at = text[at:], 0
            if cut and len(text) < LIMIT and (more := file.read(max(_READ, len(text)))):
                text += more
                continue
            if cut and len(text) >= LIMIT and between_values is _BETWEEN and (at := _list_in(text)):
                number += text.count("\n", 0, at)
                between_values, depth = _IN_OBJECT, None
                continue
            whole = not cut or len(text) < LIMIT
            yield _not_json(name, number, text, error) if whole else _too_long(name, number, text)
            text, skipped = _next_record(file, text, start)
            number += skipped
            depth = None
        else:
            yield Value(number, value)
            number += text.count("\n", at, end)
            at = end
    if depth:
        what = "its [ and ] do not match, so it may be cut off"
        yield Problem(where=f"{name} line {number}", what=what)


def _list_in(text: str) -> int:
    """Where the records begin in an object around a list of them, 0 if there is none."""
    found = re.match(r"\s*\{\s*", text)
    try:
        while found:
            name, at = _decoder.raw_decode(text, found.end())
            colon = _COLON.match(text, at)
            if not colon:
                return 0
            if name in _LISTS and text.startswith("[", colon.end()):
                return colon.end() + 1
            _, at = _decoder.raw_decode(text, colon.end())
            found = _COMMA.match(text, at)
    except (ValueError, RecursionError):
        pass
    return 0


def _is_cut(error: Exception, end: int) -> bool:
    """Whether a value may be right but for its end, which is not read yet."""
    return isinstance(error, json.JSONDecodeError) and (
        error.msg.startswith("Unterminated string") or error.pos > end - _TOKEN
    )


def _next_record(file: TextIO, text: str, start: str) -> tuple[str, int]:
    """The text from where the next record seems to begin, and how many lines that is on."""
    skipped = 0
    while not (found := re.search(rf"{start}(?=\{{)", text)):
        skipped += text.count("\n", 0, max(0, len(text) - _KEPT))
        more = file.read(_READ)
        if not more:
            return "", skipped
        text = text[-_KEPT:] + more
    return text[found.end() :], skipped + text.count("\n", 0, found.end())


def _too_long(name: str, number: int, text: str) -> Problem:
    what = f"a record of more than {LIMIT // 1_000_000} million characters; left out"
    return Problem(where=f"{name} line {number}", what=what, raw=text[:200])


def _not_json(name: str, number: int, text: str, error: Exception) -> Problem:
    reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or too large"
    return Problem(where=f"{name} line {number}", what=f"not JSON ({reason})", raw=text[:200])

"""Records of lines that begin with a tag, as reference managers write them, in bounded memory.

A line without a tag goes on with the value before it, over blank lines, too. Lines outside of
records, as headings and numbers of results, say nothing.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

from ..models import Problem
from ..text import one_line

_LIMIT = 2_000_000  # characters of one record; the longest met in the wild has 0.1 million
_READ = 65_536
_RAW = 200

Fields = dict[str, list[str]]  # the values of each tag, their lines as they were broken


class Record(NamedTuple):
    where: str
    fields: Fields
    raw: str  # how it begins


class Form(NamedTuple):
    """How a format tells records apart."""

    split: Callable[[str], tuple[str, str] | None]  # the tag and the text of a line, if it has any
    # Whether a tag is of another record than that with such tags, perhaps after a blank line.
    begins: Callable[[str, Collection[str], bool], bool]
    end: str = ""  # the tag that ends a record


@dataclass(slots=True)
class _Open:
    """A record that is being read."""

    where: str
    raw: str = ""
    size: int = 0
    fields: dict[str, list[list[str]]] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)  # the lines of the value that is being read

    def add(self, tag: str, text: str) -> None:
        self.last = [text.strip()]
        self.fields.setdefault(tag, []).append(self.last)

    def more(self, text: str, *, same_line: bool) -> None:
        if same_line:
            self.last[-1] += text
        elif text.strip() or self.last[-1]:
            self.last.append(text.strip())

    def done(self) -> Record | Problem:
        if self.size > _LIMIT:
            what = f"a record of more than {_LIMIT // 1_000_000} million characters; left out"
            return Problem(where=self.where, what=what, raw=self.raw[:_RAW])
        fields = {
            tag: [text for lines in values if (text := "\n".join(lines).strip())]
            for tag, values in self.fields.items()
        }
        return Record(self.where, fields, self.raw[:_RAW])


def records(file: TextIO, name: str, form: Form) -> Iterator[Record | Problem]:
    """The records of a file; what is too long becomes a problem, and reading goes on below it."""
    record: _Open | None = None
    number, whole, blank, ended = 0, True, False, False
    while line := file.readline(_READ):
        starts, whole = whole, line.endswith("\n")
        number += starts
        found = form.split(line) if starts else None
        if found and found[0] == form.end:
            if record:
                yield record.done()
            record, ended = None, True
        elif found and (record is None or form.begins(found[0], record.fields, blank)):
            if record:
                yield record.done()
            record = _Open(f"{name} line {number}")
        if record:
            _read(record, line, found, starts=starts)
        blank = starts and line.isspace()
    if record:
        yield record.done()
        if ended:
            what = f"the last record has no {form.end}, so it may be cut off; saved what is there"
            yield Problem(where=record.where, what=what, raw=record.raw[:_RAW])


def _read(record: _Open, line: str, found: tuple[str, str] | None, *, starts: bool) -> None:
    # Blank lines at the end of a file do not make its last record long.
    record.size += 0 if starts and line.isspace() else len(line)
    if len(record.raw) < _RAW:
        record.raw += line
    if record.size > _LIMIT:
        record.last = []
        for values in record.fields.values():
            values.clear()
    elif found:
        record.add(*found)
    else:
        record.more(line, same_line=not starts)


def take(fields: Fields, *tags: str) -> list[str]:
    """All values of some tags; the fields are without them then."""
    return [text for tag in tags for text in fields.pop(tag, [])]


def first(fields: Fields, *tags: str) -> str:
    """The first value of the first tag that has any, or `""`; what differs from it stays."""
    found = next((text for tag in tags for text in fields.get(tag, [])), "")
    for tag in tags:
        if others := [text for text in fields.pop(tag, []) if one_line(text) != one_line(found)]:
            fields[tag] = others
    return found


def rest(fields: Fields) -> dict[str, str]:
    """What nobody has taken, by its tags."""
    return {tag: "; ".join(values) for tag, values in fields.items() if values}

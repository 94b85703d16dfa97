"""The blocks of a BibTeX file, read by bibtexparser in pieces of bounded size. Pure.

bibtexparser starts anew at each line that starts a block, `@word{`, whatever comes before it; so
a file can be cut there. Where it cannot read what is between two such lines, or would drop or
confuse a part of it, `bibtex_scan` reads that part again. An `@string` holds from where it is
defined to the end of the file, or until it is defined again, as in BibTeX.
"""

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TextIO

from bibtexparser import model
from bibtexparser.entrypoint import parse_string

from . import bibtex_scan
from .bibtex_scan import Block

# It logs what it cannot parse; we read that ourselves, and report what is wrong.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)

LIMIT = 10_000_000  # characters of an entry; the longest met in the wild has 0.1 million
_CHUNK = 1 << 17  # characters; a hundred entries with abstracts, or a few hundred without
# The macros that every bibliography style defines.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HEAD_LINE = re.compile(r"\n[^\S\n]*+@\w*+[ \t]*+[{(]")
_LONGEST_HEAD = 1_000  # characters from the start of its line on
_WORD = re.compile(bibtex_scan.NAME)
_DECLARATION = re.compile(r"@(?:comment|preamble|string)\s*[{(]", re.IGNORECASE)
_BRACE = re.compile(r"(?<!\\)[{}]")


def blocks(file: TextIO) -> Iterator[Block]:
    """The entries of a file in their order, and text in it that is lost; lines count from 1."""
    strings = {name[:3].lower(): name for name in _MONTHS}
    for text, line, heads in _chunks(file):
        yield from _parsed(text, line, heads, strings)


def _chunks(file: TextIO) -> Iterator[tuple[str, int, list[int]]]:
    """Pieces of the file, the number of their first line, and where in them block lines start.

    A piece ends before such a line, or at `LIMIT`: what is so long without one is no entry.
    """
    text, line = "\n" + file.read(_CHUNK).removeprefix("\ufeff"), 0
    heads = _heads(text, 0)
    while more := file.read(_CHUNK):
        searched = max(text.rfind("\n"), len(text) - _LONGEST_HEAD)
        text += more
        heads += [head for head in _heads(text, searched) if head > max(heads, default=0)]
        end = heads.pop() if heads and heads[-1] > 1 else len(text) if len(text) > LIMIT else 0
        if end:
            yield text[1:end], line + 1, [head - 1 for head in heads]
            line += text.count("\n", 1, end)
            text, heads = f"\n{text[end:]}", [1]
    yield text[1:], line + 1, [head - 1 for head in heads]


def _heads(text: str, begin: int) -> list[int]:
    """Where the lines start, from the line end at `begin` on, at which bibtexparser starts a
    block whatever comes before.
    """
    return [match.start() + 1 for match in _HEAD_LINE.finditer(text, begin)]


def _parsed(text: str, line: int, heads: list[int], strings: dict[str, str]) -> Iterator[Block]:
    parsed = parse_string(text, parse_stack=[]).blocks
    parts = list(_parts(text, heads))
    # It does not count a line end after a backslash; then it says the wrong lines from there on.
    trusted = {first for _, _, first, _ in parts[1:]} <= {block.start_line for block in parsed}
    done = 0
    for start, end, first, last in parts:
        upto = done
        while upto < len(parsed) and ((parsed[upto].start_line or 0) < last or end == len(text)):
            upto += 1
        found = None
        if trusted:
            found = _part(parsed[done:upto], line, strings, commented="%" in text[start:end])
        if found is None:
            yield from bibtex_scan.blocks(text[start:end], line + first, strings)
        else:
            yield from found
        done = upto


def _parts(text: str, heads: list[int]) -> Iterator[tuple[int, int, int, int]]:
    """The text before the first block line, and from each one to the next: where it starts and
    ends, the number of its first line, and that of the line after it.
    """
    first = 0
    for start, end in pairwise([0, *heads, len(text)]):
        last = first + text.count("\n", start, end)
        yield start, end, first, last
        first = last


def _part(
    parsed: list[model.Block], line: int, strings: dict[str, str], *, commented: bool
) -> list[Block] | None:
    """What is between two block lines; None if there is any doubt that it is read right."""
    found = []
    for place, parsed_block in enumerate(parsed):
        block: model.Block | None = parsed_block
        # Of an entry whose key or fields are repeated, all is there.
        if isinstance(parsed_block, model.ParsingFailedBlock):
            block = parsed_block.ignore_error_block
        if isinstance(block, model.Entry):
            # An entry that does not start the part may be commented out by a %.
            fields = None if commented and place else _fields(block, strings)
            if fields is None:
                return None
            # Prose may hold me@example (com).
            if fields or (block.entry_type and not place):
                at = line + (block.start_line or 0)
                type = block.entry_type or "misc"
                found.append(Block(at, type, block.key, fields, block.raw or ""))
        elif isinstance(block, model.ImplicitComment):
            if bibtex_scan.looks_lost(block.comment):
                return None
        elif block is None or not _DECLARATION.match(block.raw or ""):
            # It takes @commentary for a comment.
            return None
        elif isinstance(block, model.String):
            value = _value(block.value, strings)
            if value is None:
                return None
            bibtex_scan.define(block.key, value, strings)
    return found


def _fields(entry: model.Entry, strings: dict[str, str]) -> list[tuple[str, str]] | None:
    fields = []
    for field in entry.fields:
        name, source = field.key, field.value
        if source[:1] == "{" and source.find("}") == len(source) - 1:
            value: str | None = source[1:-1].strip()
        else:
            value = _value(source, strings)
        if value is None or not _is_name(name):
            return None
        fields.append((name, value))
    return fields


@lru_cache
def _is_name(text: str) -> bool:
    return _WORD.fullmatch(text) is not None


def _value(source: str, strings: dict[str, str]) -> str | None:
    """The text of a value; None if there is more than one value, or half of one."""
    last = len(source) - 1
    if source.startswith("{"):
        if _closes_at(last, source):
            return source[1:-1].strip()
    elif source.startswith('"'):
        if source.find('"', 1) == last:
            return source[1:-1].strip()
    elif _WORD.fullmatch(source):
        return strings.get(source.lower(), source)
    found = bibtex_scan.value(source, 0, strings, len(source))
    return found[0] if found and found[1] == len(source) else None


def _closes_at(last: int, source: str) -> bool:
    depth = 0
    for brace in _BRACE.finditer(source):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start() == last
    return False

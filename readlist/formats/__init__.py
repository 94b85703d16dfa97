"""File formats: what a file says becomes papers, entries become files.

A format is a module that can `load` and/or `dumps`; `read` tells by a file's content which one
it is. The name and the suffix of a file do not matter.
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from typing import Any, BinaryIO, NamedTuple, TextIO, cast

from ..errors import FormatError
from ..models import Leant, Paper, Problem, Saved
from ..origin import Origin

__all__ = ["Origin", "Reading", "read"]

_HEAD = 65_536
_WHOLE = 50_000_000  # characters; the saved page of a day has 0.1 million
KNOWN = (
    "BibTeX, RIS, EndNote, PubMed, CSL and Zotero files, JSON or JSON lines of papers, Daily Papers"
    " pages, arXiv listings, alert e-mails, bookmarks, and lists of links"
)


class Reading(NamedTuple):
    """What a file turned out to be: `format` in words, a note on how it was read (a text, once its
    items were), and those.
    """

    format: str
    note: object
    items: Iterator[Paper | Saved | Leant | Problem]


def read(stream: BinaryIO, origin: Origin) -> Reading:
    """Recognise a file by its content and read it as it is iterated, in bounded memory.

    :raises FormatError: it is empty, not text, or of no known format.
    """
    file = _Rejoined(b"", stream)
    head = file.look()
    if head[:2] == b"\x1f\x8b":
        file = _Rejoined(b"", cast("BinaryIO", gzip.GzipFile(fileobj=io.BufferedReader(file))))
        head = file.look()
    _refuse_binary(head, origin)
    encoding = _encoding(head)
    lines = io.TextIOWrapper(io.BufferedReader(file, _HEAD), encoding, "cp1252-here")
    text = codecs.getincrementaldecoder(encoding)("cp1252-here").decode(head).lstrip("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise FormatError(
            f"{origin.name} is damaged: {file.damage}"
            if file.damage
            else f"{origin.name} is empty; nothing was imported"
        )
    reading = _recognise(text, lines, origin)
    return reading._replace(items=_to_the_end(reading.items, file, origin))


class _Rejoined(io.RawIOBase):
    """A stream whose head can be looked at, and which ends where it is damaged."""

    damage: Exception | None = None

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def look(self) -> bytes:
        """The first `_HEAD` bytes, which are read again afterwards."""
        while len(self._head) < _HEAD and (more := self._read(_HEAD)):
            self._head += more
        return self._head[:_HEAD]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._head[: len(view)] or self._read(len(view))
        self._head = self._head[len(view) :]
        view[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            # Not read(): it would lose what came before the damage.
            return cast("io.BufferedReader", self._rest).read1(size)
        except (OSError, EOFError, zlib.error) as error:  # gzip raises all of them
            self.damage = error
            return b""


def _to_the_end(
    items: Iterable[Paper | Saved | Leant | Problem], file: _Rejoined, origin: Origin
) -> Iterator[Paper | Saved | Leant | Problem]:
    yield from items
    if file.damage:
        what = f"damaged or cut off ({file.damage}); what stood before is imported"
        yield Problem(where=origin.name, what=what)


class _Format(NamedTuple):
    """What a format is called, its module, and what to ask and call in that."""

    name: str
    module: str
    asked: str = "recognises"
    called: str = "load"
    whole: bool = False  # it takes a text, not a file

    def recognises(self, start: Any) -> bool:
        return bool(getattr(self._module(), self.asked)(start))

    def load(self, source: Any, origin: Origin) -> Reading:
        loaded = getattr(self._module(), self.called)(source, origin)
        # Some have to say how they were read, too.
        note, items = loaded if isinstance(loaded, tuple) else ("", loaded)
        return Reading(self.name, note, items)

    def _module(self) -> Any:
        return import_module(f".{self.module}", __name__)


# The first one that recognises a text by its head reads it.
_TEXTS = (
    _Format("e-mail", "alerts"),
    _Format("Daily Papers page", "daily_papers_html", whole=True),
    _Format("bookmarks", "bookmarks"),
    _Format("Daily Papers page", "daily_papers", whole=True),
    _Format("arXiv listing", "arxiv_listing", whole=True),
    _Format("RIS", "ris"),
    _Format("EndNote", "endnote"),
    _Format("PubMed", "nbib"),
    _Format("Web of Science", "wos"),
    _Format("saved links", "read_later"),
    _LIST := _Format("reading list", "markdown"),  # which may quote BibTeX
    _Format("BibTeX", "bibtex"),
)
# JSON is recognised by the first value in it.
_VALUES = (
    _Format("readlist JSON lines", "jsonl"),
    _Format("arXiv snapshot", "arxiv_snapshot"),
    _Format("Zotero JSON", "zotero"),
    _Format("CSL JSON", "csl_json"),
    _Format("saved links", "read_later", "recognises_json", "load_json"),
    _Format("Daily Papers JSON", "json_records", "recognises_daily"),
    _Format("JSON", "json_records"),
)


def _recognise(head: str, file: TextIO, origin: Origin) -> Reading:
    start = head.lstrip()[:1]
    if start == "{" or (start == "[" and not _LIST.recognises(head)):
        return _json(file, origin)
    for format in _TEXTS:
        if format.recognises(head):
            return format.load(_whole(file, origin) if format.whole else file, origin)
    if re.match(r"\s*(<!doctype html|<html|<\?xml|<opml)", head, re.IGNORECASE):
        from . import opml

        if opml.recognises(head):
            raise FormatError(
                f"{origin.name} lists feeds, not papers; 'readlist feeds --opml FILE' takes them"
            )
        raise FormatError(
            f"{origin.name} is HTML or XML, not text; select all of the page in the browser, copy,"
            " and save what you paste"
        )
    raise FormatError(f"{origin.name} is of no format that readlist knows; it reads {KNOWN}")


def _whole(file: TextIO, origin: Origin) -> str:
    text = file.read(_WHOLE)
    if file.read(1):
        raise FormatError(f"{origin.name} is longer than any such file; split it")
    return text


def _json(file: TextIO, origin: Origin) -> Reading:
    from . import json_stream

    values = json_stream.values(file, origin.name)
    seen: list[json_stream.Value | Problem] = []
    for item in values:
        seen.append(item)
        if isinstance(item, json_stream.Value):
            break
    every = chain(seen, values)
    last = seen[-1] if seen else None
    first = last.value if isinstance(last, json_stream.Value) else None
    return next(format for format in _VALUES if format.recognises(first)).load(every, origin)


def _refuse_binary(head: bytes, origin: Origin) -> None:
    for magic, what in (
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "a zip archive; unpack it and import what is in it"),
        (b"SQLite format 3", "a database; open a library with --library"),
    ):
        if head.startswith(magic):
            raise FormatError(f"{origin.name} is {what}; readlist reads {KNOWN}")
    odd = sum(head.count(control) for control in _CONTROLS)
    if odd > len(head) // 20 and _encoding(head) == "utf-8":
        raise FormatError(f"{origin.name} is not text; readlist reads {KNOWN}")


# What text hardly ever holds: all controls but tab, line feed, form feed, return and escape.
_CONTROLS = [code for code in range(32) if code not in b"\t\n\f\r\x1b"]


def _encoding(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd > len(head) // 4 and max(even, odd) > 8 * min(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8"


def _cp1252_here(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 are read as Windows-1252, the commonest other encoding."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    single = error.encoding in ("utf-8", "utf-8-sig")
    return wrong.decode("cp1252", "replace") if single else "\ufffd", error.end


codecs.register_error("cp1252-here", _cp1252_here)

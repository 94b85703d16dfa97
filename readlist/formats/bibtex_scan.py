"""BibTeX text that bibtexparser cannot read, or of which it would lose a part. Pure.

A scanner that always goes on: what is missing, too much or not closed becomes a fault of the
entry, and whatever can be told from the rest is read. It takes the text from one line that
starts an entry to the next, so that a fault cannot reach further.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Block(NamedTuple):
    """An entry with its values as source text, macros and `#` resolved; or, without a type, text
    that is in no entry. `line` is where it starts, `faults` are what is wrong with it.
    """

    line: int
    type: str
    key: str
    fields: list[tuple[str, str]]
    raw: str
    faults: tuple[str, ...] = ()


# What may be the name of a field or a macro; BibTeX allows more, but nobody means it.
NAME = r"""[^\s"#%'(),={}\\@]+"""

# BibTeX lets blanks and line ends stand around the type; within a line that is more likely prose.
_HEAD = re.compile(r"(?:^[^\S\n]*+@\s*+(\w++)\s*+|@(\w++)[ \t]*+)([{(])", re.MULTILINE)
_BLANK = re.compile(r"(?:\s|%[^\n]*(?:\n|\Z))*+")
_BLANK_OR_COMMA = re.compile(r"(?:[\s,]|%[^\n]*(?:\n|\Z))*+")
_NAME = re.compile(NAME)
_FIELD = re.compile(rf"({NAME})\s*=\s*")
_FIELDS_GO_ON = re.compile(rf"[\s,]*+{NAME}\s*=\s*(?:[{{\"]|\w+\s*[,}}])")
# Where a field starts even if the value before it was not closed.
_NEXT_FIELD = re.compile(
    rf"\n\s*(?={NAME}\s*=\s*(?:[{{\"]|\w+\s*,?\s*(?:\n|\Z)))|,\s*(?={NAME}\s*=\s*[{{\"])"
)
_KEY = {"}": re.compile(r"[^,={}\n]*\s*"), ")": re.compile(r"[^,={})\n]*\s*")}
_KEY_AND_FIELD = re.compile(rf"(.*?)\s+{NAME}\s*", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_BRACE_NOT_ESCAPED = re.compile(r"(?<!\\)[{}]")
_BRACE_OR_QUOTE = re.compile(r'[{}]|(?<!\\)"')
_END_OF_STRING = re.compile(r"[})\n]|\Z")
_LOST = re.compile(rf"(?:^|[\s,{{]){NAME}\s*=\s*[{{\"]")
_OUTSIDE = "text outside of any entry, not saved"
# What macros may add to a value; @strings that repeat each other would fill the memory.
_MOST_OF_MACROS = 20_000
_COMMENT_LINE = re.compile(r"^[^\S\n]*+%.*", re.MULTILINE)


def blocks(text: str, line: int, strings: dict[str, str]) -> Iterator[Block]:
    """The entries in a text that starts at `line`, and what is in none; defines its `@string`s."""
    end = 0
    while head := _head(text, end):
        start = text.index("@", head.start())
        yield from _lost(text[end:start], line)
        line += text.count("\n", end, start)
        type = (head[1] or head[2]).lower()
        fields: list[tuple[str, str]] = []
        if type in ("comment", "preamble"):
            closing = _closing(text, head.end() - 1, len(text), _BRACE)
            end = closing + 1 if closing >= 0 else len(text)
        elif type == "string":
            end = _read_string(text, head.end(), strings)
        else:
            entry = _Entry(text, head, strings)
            end = entry.read()
            faults = tuple(dict.fromkeys(entry.faults))
            fields = entry.fields
            # Prose may hold me@example (com).
            if fields or head[1]:
                yield Block(line, type, entry.key, fields, text[start:end].strip(), faults)
        line += text.count("\n", start, end)
    yield from _lost(text[end:], line)


def looks_lost(text: str) -> bool:
    """Whether a text outside of entries looks like a part of one, or like one with a bad head."""
    if "=" not in text and "@" not in text:
        return False
    text = _COMMENT_LINE.sub("", text)
    return bool(_FIELDS_GO_ON.match(text) or _LOST.search(text) or _HEAD.search(text))


def value(text: str, pos: int, strings: dict[str, str], end: int) -> tuple[str, int] | None:
    """The value that starts at `pos`, and where it ends; None if that is not before `end`."""
    pieces, left = [], _MOST_OF_MACROS
    while True:
        pos = _skip(_BLANK, text, pos)
        opening = text[pos : pos + 1]
        if opening == "{":
            closing = _closing(text, pos, end, _BRACE)
            if closing < 0:
                closing = _closing(text, pos, end, _BRACE_NOT_ESCAPED)
        elif opening == '"':
            closing = _closing_quote(text, pos, end)
        else:
            name = _NAME.match(text, pos, end)
            piece = strings.get(name[0].lower(), name[0]) if name else ""
            left -= len(piece)
            pieces.append(piece if left >= 0 or name is None else name[0])
            closing = name.end() - 1 if name else pos - 1
        if opening in ("{", '"'):
            if closing < 0:
                return None
            pieces.append(text[pos + 1 : closing])
        pos = _skip(_BLANK, text, closing + 1)
        if text[pos : pos + 1] != "#":
            return "".join(pieces).strip(), pos
        pos += 1


def define(name: str, text: str, strings: dict[str, str]) -> None:
    """Lets `name` stand for the text in what follows."""
    if len(text) <= _MOST_OF_MACROS:
        strings[name.lower()] = text


def _head(text: str, start: int) -> re.Match[str] | None:
    """The next head of a block that is not on a line commented out by `%`."""
    pos = start
    while head := _HEAD.search(text, pos):
        line_start = max(text.rfind("\n", pos, head.start()) + 1, start)
        if not text[line_start : head.start()].lstrip().startswith("%"):
            return head
        pos = text.find("\n", head.start())
        if pos < 0:
            break
    return None


def _lost(text: str, line: int) -> Iterator[Block]:
    if looks_lost(text):
        start = _skip(_BLANK, text, 0)
        line += text.count("\n", 0, start)
        yield Block(line, "", "", [], text[start:].strip(), (_OUTSIDE,))


def _read_string(text: str, pos: int, strings: dict[str, str]) -> int:
    pos = _skip(_BLANK, text, pos)
    if name := _FIELD.match(text, pos):
        pos = name.end()
        if found := value(text, pos, strings, len(text)):
            define(name[1], found[0], strings)
            pos = found[1]
    closing = _END_OF_STRING.search(text, pos)
    return closing.end() if closing else len(text)


class _Entry:
    """Reads one entry from its head on; `pos` is where it has got to."""

    def __init__(self, text: str, head: re.Match[str], strings: dict[str, str]) -> None:
        self.text = text
        self.pos = head.end()
        self.next_field = -1  # the first place from `pos` on where a field may start
        self.closer = "}" if head[3] == "{" else ")"
        self.strings = strings
        self.key = ""
        self.fields: list[tuple[str, str]] = []
        self.faults: list[str] = []

    def read(self) -> int:
        """Reads all of it; returns where it ends."""
        self._read_key()
        while self._read_field():
            pass
        return self.pos

    def _read_key(self) -> None:
        self.pos = _skip(_BLANK, self.text, self.pos)
        if _FIELD.match(self.text, self.pos):
            self.faults.append("no key")
            return
        end = _skip(_KEY[self.closer], self.text, self.pos)
        stop = self.text[end : end + 1]
        if stop == "=" and (parts := _KEY_AND_FIELD.fullmatch(self.text, self.pos, end)):
            end = parts.end(1)
            self.faults.append("no comma after the key")
        elif stop in ("{", "="):
            # A key with braces ends at the comma, or with the line.
            line_end = self.text.find("\n", end)
            line = self.text[self.pos : line_end if line_end >= 0 else len(self.text)]
            end = self.pos + len(line.partition(",")[0])
        elif stop not in (",", self.closer, "}", ""):
            self.faults.append("no comma after the key")
        self.key = self.text[self.pos : end].strip()
        self.pos = end

    def _read_field(self) -> bool:
        text = self.text
        self.pos = _skip(_BLANK_OR_COMMA, text, self.pos)
        if self.pos >= len(text):
            self.faults.append("the entry is not closed")
            return False
        if text[self.pos] in (self.closer, "}"):
            self.pos += 1
            if not _FIELDS_GO_ON.match(text, self.pos):
                return False
            self.faults.append("a closing brace before the end")
            return True
        name = _FIELD.match(text, self.pos)
        if name is None:
            self._skip_unreadable()
            return True
        start, limit = name.end(), self._next_field(name.end())
        found = value(text, start, self.strings, limit)
        if found is None or not self._ends_well(found[1]):
            self.faults.append(f"`{name[1]}` is not properly enclosed")
            found = _without_delimiters(text[start:limit]), limit
        self.fields.append((name[1], found[0]))
        self.pos = found[1]
        return True

    def _ends_well(self, pos: int) -> bool:
        """Whether a value may end here: before a comma, a closing brace, or another field."""
        if self.text[pos : pos + 1] in (",", self.closer, "}", ""):
            return True
        if missing := _FIELD.match(self.text, pos):
            self.faults.append(f"no comma before `{missing[1]}`")
        return missing is not None

    def _skip_unreadable(self) -> None:
        name = _NAME.match(self.text, self.pos)
        after = _skip(_BLANK, self.text, name.end()) if name else self.pos
        if name and self.text[after : after + 1] in (",", self.closer, "}"):
            self.faults.append(f"no value for `{name[0]}`")
            self.pos = after
        else:
            self.faults.append("text that is not a field")
            self.pos = max(self._next_field(self.pos), self.pos + 1)

    def _next_field(self, pos: int) -> int:
        if self.next_field < pos:
            following = _NEXT_FIELD.search(self.text, pos)
            self.next_field = following.start() if following else len(self.text)
        return self.next_field


def _skip(pattern: re.Pattern[str], text: str, pos: int) -> int:
    match = pattern.match(text, pos)
    return match.end() if match else pos


def _closing(text: str, pos: int, end: int, braces: re.Pattern[str]) -> int:
    """Where the brace or parenthesis at `pos` is closed, or -1."""
    if text[pos] == "(":
        return text.find(")", pos, end)
    depth = 0
    for brace in braces.finditer(text, pos, end):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return -1


def _closing_quote(text: str, pos: int, end: int) -> int:
    depth = 0
    for mark in _BRACE_OR_QUOTE.finditer(text, pos + 1, end):
        if mark[0] == '"':
            if depth == 0:
                return mark.start()
        else:
            depth += 1 if mark[0] == "{" else -1
    return -1


def _without_delimiters(text: str) -> str:
    """A value that is not closed, or closed too early: all of it but what encloses it."""
    text = text.strip(", \t\n\r")
    if text.startswith('"'):
        return text[1:].rstrip("}, \t\n\r").removesuffix('"').strip()
    text = text.removeprefix("{")
    end, excess = len(text), text.count("}") - text.count("{")
    while end and (text[end - 1] in ", \t\n\r" or (text[end - 1] == "}" and excess > 0)):
        end -= 1
        excess -= text[end] == "}"
    return text[:end].strip()

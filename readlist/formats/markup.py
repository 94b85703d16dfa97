"""HTML and XML as they are in the wild: tags and texts in a row, in time linear in their length.

Bookmarks are neither HTML nor XML, half of the OPML files are not well-formed, and mails are
written by programs. The rules are those of the HTML standard as far as such files need them.
`html.parser` has the same, but takes minutes for a megabyte of `<a <a <a`. Entities are only those
that end in a semicolon: a URL may hold `&section=3`.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

_READ = 65_536
_LIMIT = 10_000_000  # characters of one tag; bookmarks have icons in them, of up to 0.1 million
# Quotes hide < and > only behind an equals sign. Where one has no end this stops before it.
_TAG = re.compile(
    r"""</?([a-zA-Z][^\s/<>="']*+)(?:[^<>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["']|\Z))|["'])*+"""
)
_ATTRIBUTE = re.compile(
    r"""([^\s"'>/=<]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?""",
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_HIDDEN = ("script", "style")  # what is in them is no text
_MARKS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))


class Tag(NamedTuple):
    """`name` is in lower case, `</a>` has `closes`."""

    name: str
    closes: bool
    source: str

    def attributes(self) -> dict[str, str]:
        """The first value of each attribute, by its name in lower case."""
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(self.source, len(self.name) + 1):
            found.setdefault(name.lower(), unescape("".join(values)).strip())
        return found


def unescape(text: str) -> str:
    """`text` with the characters that its entities stand for."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def first_tag(head: str) -> str:
    """The name of the first tag of a text that begins with one, or `""`."""
    if not head.lstrip().startswith("<"):
        return ""
    return next((token.name for token in tokens(io.StringIO(head)) if isinstance(token, Tag)), "")


def tokens(file: TextIO) -> Iterator[Tag | str]:
    """Tags, and the text between them in pieces, with its entities; comments are left out.

    A tag or a comment without an end is left out with what follows it.
    """
    text, hidden = "", ""
    while True:
        # As much again as is waiting for its end, or a long tag would be read over and over.
        more = file.read(max(_READ, len(text)))
        text += more
        at = 0
        while at < len(text):
            if hidden:
                end = _find(text, f"</{hidden}", at)
                if end < 0:
                    # The end may be cut in two.
                    at = max(at, len(text) - len(hidden) - 1) if more else len(text)
                    break
                at, hidden = end, ""
            start = text.find("<", at)
            start = len(text) if start < 0 else start
            if start > at:
                yield text[at:start]
            at = start
            if at == len(text):
                break
            end, tag = _markup(text, at)
            # What begins as `<!` may be the beginning of several things.
            if more and (end < 0 or len(text) - at < len("<![CDATA[")):
                break
            if tag:
                yield tag
                hidden = tag.name if tag.name in _HIDDEN and not tag.closes else ""
            elif end == at + 1:
                yield "<"
            at = len(text) if end < 0 else end
        text = text[at:] if len(text) - at < _LIMIT else ""
        if not more:
            return


def _find(text: str, what: str, at: int) -> int:
    found = re.compile(re.escape(what), re.IGNORECASE).search(text, at)
    return found.start() if found else -1


def _markup(text: str, start: int) -> tuple[int, Tag | None]:
    """Where what begins with a `<` ends, -1 if not within `text`, and the tag if it is one."""
    for opening, closing in _MARKS:
        if text.startswith(opening, start):
            end = text.find(closing, start + len(opening))
            return (end + len(closing) if end >= 0 else -1), None
    tag = _TAG.match(text, start)
    if tag is None:
        return start + 1, None  # a < that is text
    end = tag.end()
    if end == len(text) or text[end] == "=":
        return -1, None
    if text[end] == ">":
        closes = text[start + 1] == "/"
        return end + 1, Tag(tag[1].lower(), closes, text[start + 1 + closes : end])
    return end, None  # another tag begins inside of this one

"""The links in a piece of Markdown or plain text, and what stands between them, in linear time.

Links of CommonMark (https://spec.commonmark.org/0.31.2/#links) and of HTML, and what people write
without any markup: URLs, DOIs and `arXiv:1706.03762`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from . import markup

_LONG = 2000  # characters of the text of a link; no title has as many
_OPEN = 200  # brackets that wait for their end
_IN_URL = r"[^\s<>\"`|{}\\^]"
# Possessive and bounded: a megabyte of `[` or `](` is read as fast as any other.
_LINK = re.compile(
    r"""\\[\\\[\]()`<*_]
    | `[^`\n]{0,500}+`
    | <(?P<auto>https?://[^\s<>]{1,4000}+)>
    | (?P<anchor><a\s[^<>]{1,4000}+>)
    | (?P<end></a\s*>)
    | (?P<open>!?\[)
    | (?P<close>\])(?:\(\s*+<?+(?P<target>(?:[^\s()<>]|\([^\s()]{0,4000}+\)){0,4000}+)>?+
        (?:\s++(?:"[^"\n]{0,4000}+"|'[^'\n]{0,4000}+'))?+\s*+\)
      | \[(?P<reference>[^\[\]\n]{0,200}+)\])?+""",
    re.VERBOSE,
)
_ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?+(?!\d)"
_BARE = re.compile(
    rf"https?://{_IN_URL}{{1,4000}}+|(?<![\w./@-])(?:"
    rf"(?:www\.)?(?:arxiv|doi|openreview|aclanthology)\.(?:org|net)/{_IN_URL}{{3,400}}+"
    rf"|(?i:arxiv)[:\s]\s?{_ARXIV}|(?i:doi:\s?)?10\.\d{{4,9}}/{_IN_URL}{{1,400}}+)"
)
_DEFINITION = re.compile(r" {0,3}\[([^\[\]\n]{1,200})\]:\s*<?([^\s<>]{1,4000})")
_CLOSING = {")": "(", "]": "["}
_MARKS = re.compile(r"!\[([^\[\]]*)\]\([^()\s]*\)|</?[a-zA-Z][^<>]*>|\*+|~~|`|(?<!\w)_+|_+(?!\w)")
_ESCAPED = re.compile(r"\\([\\\[\]()`<>*_#+.!|{}-])")


class Piece(NamedTuple):
    """A link with its text, `""` where it has none of its own; or text, where `url` is `""`."""

    text: str
    url: str = ""


class _Span(NamedTuple):
    start: int
    end: int
    text: str
    url: str


def definition(line: str) -> tuple[str, str] | None:
    """The name and the URL that a line defines for reference links."""
    found = _DEFINITION.match(line)
    return (found[1].strip().lower(), found[2]) if found else None


def plain(text: str) -> str:
    """Text without the marks of Markdown and HTML, and of an image what it says in its place."""
    text = _MARKS.sub(lambda mark: mark[1] or "", text)
    return markup.unescape(_ESCAPED.sub(r"\1", text))


def pieces(text: str, defined: Mapping[str, str]) -> Iterator[Piece]:
    """Links and what stands between them; `defined` are the URLs of reference links by name."""
    at = 0
    for span in [*_spans(text, defined), _Span(len(text), len(text), "", "")]:
        yield from _bare(text[at : span.start])
        if span.url:
            yield Piece(span.text, span.url)
        at = span.end


def _spans(text: str, defined: Mapping[str, str]) -> list[_Span]:
    """The links with markup. Of links within links only the outer ones count."""
    found: list[_Span] = []
    opened: list[tuple[int, bool]] = []  # where a bracket opens, and whether of an image
    anchor: tuple[int, int, str] | None = None  # where an HTML link and its text begin; its URL
    for match in _LINK.finditer(text):
        kind = match.lastgroup
        if match["open"]:
            if len(opened) == _OPEN:
                opened = opened[_OPEN // 2 :]
            opened.append((match.start(), match[0] == "!["))
        elif match["close"] and opened:
            start, image = opened.pop()
            said = text[start + 1 : match.start()] if match.start() - start < _LONG else ""
            name, url = match["reference"], match["target"]
            if name is not None or url is None:
                url = defined.get((name or said).strip().lower(), "")
            if url and not image:
                _put(found, _Span(start, match.end(), said, url))
        elif kind == "auto":
            _put(found, _Span(match.start(), match.end(), "", match["auto"]))
        elif kind == "anchor":
            said = markup.Tag("a", False, match[0][1:-1]).attributes().get("href", "")
            anchor = (match.start(), match.end(), said)
        elif kind == "end" and anchor:
            start, begin, url = anchor
            said = text[begin : match.start()] if match.start() - begin < _LONG else ""
            if url:
                _put(found, _Span(start, match.end(), said, url))
            anchor = None
    return found


def _put(spans: list[_Span], span: _Span) -> None:
    while spans and spans[-1].start > span.start:
        spans.pop()
    spans.append(span)


def _bare(text: str) -> Iterator[Piece]:
    at = 0
    for match in _BARE.finditer(text):
        url = _trimmed(match[0])
        if match.start() > at:
            yield Piece(text[at : match.start()])
        yield Piece("", url)
        at = match.start() + len(url)
    if at < len(text):
        yield Piece(text[at:])


def _trimmed(url: str) -> str:
    """A URL without the punctuation that follows it."""
    left = {mark: url.count(mark) - url.count(_CLOSING[mark]) for mark in _CLOSING}
    end = len(url)
    while end and (url[end - 1] in ".,;:!?*_'" or left.get(url[end - 1], 0) > 0):
        if url[end - 1] in left:
            left[url[end - 1]] -= 1
        end -= 1
    return url[:end]

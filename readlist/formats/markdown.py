"""Reading lists: Markdown and plain text with links to papers, as notes and "awesome" lists.

An item of a list or a row of a table is mostly one paper: its title is the text of the link, or
stands in bold, in quotes or plainly beside links that only say `[pdf]`, `[arXiv]`, `[code]`.
In running text each link is for itself. Whatever has no link or identifier is no paper here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TextIO

from .. import ids
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..origin import Origin
from . import daily_papers, links, markup, read_later
from .markdown_links import Piece, definition, pieces, plain

_LIMIT = 50_000_000  # characters
_HEAD = 2000  # characters of an item in which its title is looked for
_DEEP = 20  # items in items
_FENCE = re.compile(r"\s*(?:```|~~~)")
_BULLET = re.compile(r"([ \t]*)(?:[-*+•‣◦–]|\d{1,4}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_RULER = re.compile(r"[\s|:=*_-]+")
_QUOTE = re.compile(r"(?:[ \t]*>)+ ?")
_LINK_MARKUP = re.compile(r"\]\([^()\s]*\)|https?://\S+")
_QUOTED = re.compile(r"“([^“”]{10,400})”|(?<!\w)\"([^\"]{10,400})\"(?!\w)")
_BOLD = re.compile(r"\*\*([^*]{10,400})\*\*|__([^_]{10,400})__")
_COLUMN = re.compile(r"(?:paper )?(?:titles?|papers?|names?|works?|publications?)", re.IGNORECASE)
# What is written before titles, as [ICLR 2020], (CVPR'21), 2017.06: and 📄, and behind them, as
# ", ICCV, 2021" and "(CVPR 2020)".
_BEFORE = re.compile(
    r"(?:\[(?![^\]]{0,40}\]\()[^\]]{0,40}\]|\([^()]{0,30}\d\d[^()]{0,20}\)|:[a-z_]{2,30}:"
    r"|(?:19|20)\d\d(?:[-./]\d{1,2}){0,2}(?=\s*[,:;|–—-])|(?:paper|title)(?=\s*:)"
    r"|[^\w\s\"“([$](?=\s))[\s:,.|–—-]*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:[,.;|–—]\s*|\s-\s|\s*[(\[])(?:in |@)?[A-Z][\w&/'’ .-]{1,40}?,? ?['’]?(?:(?:19|20)\d\d|\d\d)[)\]]?$"
    r"|[\s:;,.|–—\[({-]+$"
)
# How a citation begins, where the title would be inside of it: Ode, A., Li, B.: On Rest
_CITATION = re.compile(r"\bet\.? al\b|\.:|^[\w'’-]+, [A-Z]\.|^(?:[A-Z]\. ?)+[\w'’-]+(?:,| and )")
_NAME = re.compile(r"(?:[^\W\d_][\w.'’-]*+ ?){1,4}")
# Lines of other formats, whose texts hold links too.
_OTHER_LINE = re.compile(
    r"[A-Z][A-Z0-9]  ?- |PMID- |%[0-9A-Z] |\s*@\w+\s*[{(]|\\\\\s*$|FN |PT [A-Z]$|Record [<\d]"
)
_OTHER_START = re.compile(
    r"\{|\[\s*(?:[{\"\]\d]|-\d|\[\s*[{\"\[\]\d]|true|false|null|$)|(?i:<!doctype)"
)
# The tags with which a list may begin.
_HTML = re.compile(
    r"a|b|br|center|details|div|em|h[1-6]|hr|i|img|li|ol|p|picture|small|span|strong|su[bp]|table|ul|"
)


@dataclass(slots=True)
class _Unit:
    """Lines that belong together: an `item`, a `row`, a `heading`, or `text`."""

    kind: str
    line: int
    indent: int
    lines: list[str]


@dataclass(slots=True)
class _Found:
    """A paper as its links are met."""

    line: int
    title: str = ""
    authors: tuple[str, ...] = ()
    identifiers: list[Identifier] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def recognises(head: str) -> bool:
    """Whether a text is of no other format and names a paper by a link or an identifier."""
    if (
        _OTHER_START.match(head.lstrip())
        or (not _HTML.fullmatch(markup.first_tag(head)) and not head.lstrip().startswith("<http"))
        or any(_OTHER_LINE.match(line) for _, line in _lines(head))
        or daily_papers.recognises(head)
        or read_later.recognises(head)
    ):
        return False
    return any(found.identifiers or found.title for found in _found(head, links.Passed()))


def load(file: TextIO, origin: Origin) -> tuple[links.Passed, Iterator[Paper | Problem]]:
    """How many links name no paper, and the papers of the others."""
    passed = links.Passed()
    return passed, iter(links.doubt(_papers(file, origin, passed)))


def _papers(file: TextIO, origin: Origin, passed: links.Passed) -> Iterator[Paper | Problem]:
    seen = Sighting(source="list", place=origin.place, at=origin.today.isoformat())
    for found in _found(file.read(_LIMIT), passed):
        where = f"{origin.name} line {found.line}"
        if not found.identifiers and not found.title:
            yield links.nameless(found.links[0].url, where)
            continue
        yield Paper(
            versions=(Version(standing=Standing.LISTED, title=found.title),),
            authors=found.authors,
            identifiers=tuple(found.identifiers),
            links=tuple(found.links),
            sightings=(seen,),
        )
    if file.read(1):
        what = f"longer than {_LIMIT:,} characters, of which the rest is left out; split it"
        yield Problem(where=origin.name, what=what)


# --- lines --------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not code, by number, without the marks of quotations."""
    fenced = False
    for number, line in enumerate(text.split("\n"), start=1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, _QUOTE.sub("", line, count=1) if line.lstrip()[:1] == ">" else line


def _units(text: str) -> tuple[list[_Unit], dict[str, str]]:
    """What belongs together, and the URLs of reference links by name."""
    units: list[_Unit] = []
    parents: list[_Unit] = []  # the items in which we are
    defined: dict[str, str] = {}
    blank = True
    for number, line in _lines(text):
        content = line.strip()
        if not content:
            blank = True
            continue
        if named := definition(line):
            defined.setdefault(*named)
            continue
        indent = len(line[: len(line) - len(line.lstrip())].expandtabs(4))
        bullet = _BULLET.match(line)
        if bullet:
            content = line[bullet.end() :].strip()
            parents = [parent for parent in parents if parent.indent < indent][-_DEEP:]
            if parents and _only_links(content):
                # As a list of [paper], [code] below a title.
                parents[-1].lines.append(content)
            else:
                units.append(_Unit("item", number, indent, [content]))
                parents.append(units[-1])
        elif content.startswith("|") or _HEADING.match(line):
            kind = "row" if content.startswith("|") else "heading"
            units.append(_Unit(kind, number, 0, [content.lstrip("#").strip()]))
            parents = []
        elif parents and (not blank or indent > parents[-1].indent):
            parents[-1].lines.append(content)
        elif not blank and units[-1].kind == "text":
            units[-1].lines.append(content)
        else:
            units.append(_Unit("text", number, 0, [content]))
            parents = []
        blank = False
    return units, defined


def _only_links(text: str) -> bool:
    return len(text) < _HEAD and links.is_label(plain(_LINK_MARKUP.sub(" ", text)))


# --- papers -------------------------------------------------------------------------------------


def _found(text: str, passed: links.Passed) -> list[_Found]:
    units, defined = _units(text)
    papers: list[_Found] = []
    columns: list[str] = []
    for unit, following in pairwise([*units, _Unit("text", 0, 0, [""])]):
        if unit.kind == "row" and _RULER.fullmatch(following.lines[0]):
            columns = _cells(unit.lines[0])
        papers += _of_unit(unit, columns, defined, passed)
    return papers


def _of_unit(
    unit: _Unit, columns: list[str], defined: Mapping[str, str], passed: links.Passed
) -> list[_Found]:
    if unit.kind != "text" or unit.lines[0].startswith("**"):
        parts = list(pieces("\n".join(unit.lines), defined))
        papers = _of_pieces(parts, unit.line, passed, together=True)
        if papers and not papers[0].title:
            papers[0].title = _title(unit, columns, parts)
        return papers
    # In running text the lines and links of a paragraph need not be about one paper.
    papers = []
    for number, line in enumerate(unit.lines, start=unit.line):
        parts = list(pieces(line, defined))
        found = _of_pieces(parts, number, passed, together=False)
        if found and len(parts) == 2 and parts[1].text.startswith(" | "):
            found[0].title = links.title(parts[1].text[3:])  # as OneTab writes
        papers += found
    return papers


def _of_pieces(
    parts: list[Piece], line: int, passed: links.Passed, *, together: bool
) -> list[_Found]:
    papers: list[_Found] = []
    others: list[Link] = []  # to go with the next paper
    after_title = False
    for part in parts:
        if not part.url:
            if after_title and papers:
                papers[-1].authors = _authors(part.text)
            after_title = False
            continue
        url = links.web(part.url)
        identifier = links.identifier(url) if url else ids.parse(part.url)
        if identifier is None and not links.is_page(url):
            other = _other(part, url)
            if other and together:
                (papers[-1].links if papers else others).append(other)
            elif url:
                passed.count += 1
            continue
        title = links.title(plain(part.text))
        same = bool(papers) and identifier in papers[-1].identifiers
        if not same and not (together and papers and not title and _joins(papers[-1], identifier)):
            papers.append(_Found(line))
        paper = papers[-1]
        paper.title = paper.title or title
        after_title = bool(title)
        if identifier and not same:
            paper.identifiers.append(identifier)
        paper.links += [*links.links(url, identifier), *others]
        others = []
    passed.count += len(others)
    return papers


def _joins(paper: _Found, identifier: Identifier | None) -> bool:
    """Whether a link that has no title may be of the paper before it: not with two of a kind."""
    schemes = [known.scheme for known in paper.identifiers]
    return identifier is None or identifier.scheme not in schemes


def _other(part: Piece, url: str) -> Link | None:
    """A link to the code or the page of a project."""
    if not url:
        return None
    if links.is_code(url):
        return Link("code", url)
    return Link("project", url) if links.is_project(plain(part.text)) else None


# --- titles and authors beside links ------------------------------------------------------------


def _title(unit: _Unit, columns: list[str], parts: list[Piece]) -> str:
    """The title in an item, row or heading whose links do not say it, or `""`."""
    text = "\n".join(unit.lines)[:_HEAD]
    if unit.kind == "row":
        return _cell(text, columns)
    for pattern in (_QUOTED, _BOLD):
        marked = pattern.search(text)
        if marked and (title := _cleaned(marked[1] or marked[2])):
            return title
    before, behind = "", ""
    for part, following in pairwise([*parts, Piece("")]):
        if part.url and (links.identifier(links.web(part.url) or part.url) or _is_page(part)):
            behind = following.text
            break
        before += part.text[:_HEAD]
    title = _cleaned(before[:_HEAD].partition("\n")[0])
    title = title or _cleaned(behind[:_HEAD].partition("\n")[0])
    return "" if _CITATION.search(title) else title


def _is_page(part: Piece) -> bool:
    return links.is_page(links.web(part.url))


def _cleaned(text: str) -> str:
    """A title without what is written around titles; `""` if less than three words are left."""
    text = plain(text).strip(" \t\n:;,.|–—-")
    while cut := _BEFORE.match(text):
        text = text[cut.end() :]
    while cut := _BEHIND.search(text[-80:]):
        text = text[: len(text) - len(text[-80:]) + cut.start()]
    title = links.title(text)
    return title if len(title.split()) >= 3 else ""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _cell(row: str, columns: list[str]) -> str:
    """The title in a row: in the column that is called so, else the first that can be one."""
    cells = _cells(row)
    named = [
        cell for name, cell in zip(columns, cells, strict=False) if _COLUMN.fullmatch(plain(name))
    ]
    titles = [_cleaned(_LINK_MARKUP.sub(" ", cell[:_HEAD])) for cell in [*named, *cells]]
    return next(filter(None, titles), "")


def _authors(text: str) -> tuple[str, ...]:
    """The first authors behind a title, as `Ode et al.` says them.

    A list that does not say where it ends could have a venue in it, as if that were an author.
    """
    listed, et_al, _ = plain(text[:200]).partition(" et al")
    names = re.split(r", (?:and )?| and ", listed.lstrip(" \t\n:;,.|(–—-").removeprefix("by "))
    return tuple(names) if et_al and all(map(_NAME.fullmatch, names)) else ()

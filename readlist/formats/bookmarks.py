"""Bookmarks as browsers and services export them to HTML: the Netscape bookmark file, and lists.

Neither HTML nor XML: `<DT>` has no end, `<H3>` and the `<DL>` behind it are a folder, `<DD>` is a
note (https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/
platform-apis/aa753582(v=vs.85)). Pocket and Instapaper exported lists of `<li><a>` instead.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from . import markup
from .links import Passed, day, doubt, paper

_NETSCAPE = re.compile(r"<!doctype\s+netscape-bookmark-file", re.IGNORECASE)
_EXPORT = re.compile(
    r"<title>\s*(?:(?:pocket|instapaper:?) export|bookmarks)\s*</title>", re.IGNORECASE
)
_ITEM = re.compile(r"<(?:dt|li)>\s*<(?:a|h3)\s", re.IGNORECASE)
# What a browser calls its own folders says nothing of what is in them.
_ROOTS = re.compile(
    r"(?:bookmarks?|favou?rites|mobile|other|my)(?: (?:bar|menu|toolbar|bookmarks?))*"
    r"|(?:personal toolbar|unsorted|imported)(?: (?:folder|bookmarks?))?|unread|archived?|starred"
    r"|unlabeled|reading ?list|home|inbox|all|root|toolbar|menu",
    re.IGNORECASE,
)
_ENDS_NOTE = ("dt", "dl", "li", "h1", "h3", "hr")
_PIECES = 200  # of a text, which only markup of its own cuts up
_DEEP = 30  # folders in folders


def recognises(head: str) -> bool:
    if not head.lstrip().startswith("<"):
        return False
    start = head[:4096]
    return bool(_NETSCAPE.search(start) or (_EXPORT.search(start) and _ITEM.search(head)))


def load(file: TextIO, origin: Origin) -> tuple[Passed, Iterator[Paper | Problem]]:
    """How many bookmarks name no paper, and the papers of the others."""
    passed = Passed("bookmark")
    return passed, iter(doubt(_papers(file, origin, passed)))


def _papers(file: TextIO, origin: Origin, passed: Passed) -> Iterator[Paper | Problem]:
    folders: list[str] = []  # one for each <DL>, "" if it is no folder
    folder = ""  # whose <DL> is still to come
    item: dict[str, str] = {}  # the attributes of a bookmark
    texts: dict[str, list[str]] = {}  # its title and its note, as far as they are read
    inside = ""  # which text we are in: title, note or folder
    for token in markup.tokens(file):
        if isinstance(token, str):
            if inside and len(texts[inside]) < _PIECES:
                texts[inside].append(token)
            continue
        name, closes = token.name, token.closes
        if name == "a" and closes and inside == "title":
            inside = ""
        elif name == "h3" and closes and inside == "folder":
            folder, inside = _text(texts["folder"]), ""
        elif name in _ENDS_NOTE or (name == "a" and not closes and inside != "note"):
            if item:
                yield from _paper(item, texts, folders, origin, passed)
            item, inside = {}, ""
            if name == "dl" and closes:
                folders[-1:] = []
            elif name == "dl":
                folders.append("" if folder and is_root(folder) else folder)
                folder = ""
            elif name == "h3" and not closes:
                texts, inside = {"folder": []}, "folder"
            elif name == "a":
                item, texts, inside = token.attributes(), {"title": [], "note": []}, "title"
        elif name == "dd" and item and not closes:
            inside = "note"
    if item:
        yield from _paper(item, texts, folders, origin, passed)


def _paper(
    item: dict[str, str],
    texts: dict[str, list[str]],
    folders: list[str],
    origin: Origin,
    passed: Passed,
) -> Iterator[Paper | Problem]:
    url, name = item.get("href", ""), _text(texts["title"])
    at = day(item.get("add_date") or item.get("time_added")) or origin.today.isoformat()
    tags = item.get("tags", "")
    found = paper(
        url,
        name,
        where=f"{origin.name} {(name or url)[:100]!r}",
        seen=Sighting(source="bookmarks", place=origin.place, at=at),
        keywords=[*folders[:_DEEP], *tags.split("," if "," in tags else None)],
        note=_text(texts["note"]) or item.get("description", ""),
    )
    if found:
        yield found
    else:
        passed.count += 1


def is_root(folder: str) -> bool:
    """Whether a folder is one that the program made, and not the owner."""
    return _ROOTS.fullmatch(folder) is not None


def _text(pieces: list[str]) -> str:
    return markup.unescape("".join(pieces)).strip()

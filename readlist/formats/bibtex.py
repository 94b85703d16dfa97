"""BibTeX and BibLaTeX: each entry of a file is a paper with one version, and an entry of the
library is one entry of a file. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from .bibtex_blocks import blocks
from .bibtex_papers import paper
from .bibtex_write import NOT_IN_KEYS, Style, dump, dumps, missing

__all__ = ["Style", "dump", "dumps", "load", "missing", "recognises"]

_BIBTEX = re.compile(
    r"^[^\S\n]*@\s*(?:"
    r"(?i:string)\s*[{(]\s*[^\s,{}()\"=]+\s*="
    r"|(?i:preamble)\s*[{(]\s*[\"{]"
    r"|(?i:comment)\s*\{\s*(?:jabref|bibdesk)"
    r"|\w+\s*\{\s*[^\s,{}()\"=]*\s*,\s*(?:[A-Za-z][\w:+.-]*\s*=\s*[{\"\w]|\})"
    r"|(?i:article|book|booklet|in(?:book|collection|proceedings)|conference|manual|mastersthesis"
    r"|misc|online|phdthesis|proceedings|techreport|thesis|unpublished)"
    r"\s*\(\s*[^\s,{}()\"=]*\s*,\s*[A-Za-z][\w:+.-]*\s*=\s*[{\"\w])",
    re.MULTILINE,
)
# Mail, mbox, JSON, HTML and XML say what they are where they start, whatever they quote.
_OTHER_FORMAT = re.compile(
    r"\s*(?:[<\[{]|From \S+@|(?:From|To|Cc|Subject|Date|Received|Return-Path|Delivered-To|Message-ID"
    r"|MIME-Version|Content-Type|X-[\w-]+): )",
    re.IGNORECASE,
)


def recognises(head: str) -> bool:
    """Whether a text that starts with `head` looks like BibTeX."""
    head = head.removeprefix("\ufeff")
    return not _OTHER_FORMAT.match(head) and _BIBTEX.search(head) is not None


def load(file: TextIO, origin: Origin) -> Iterator[Paper | Problem]:
    """The papers of a file in their order, each problem after the paper it is about.

    A paper whose key is missing or taken comes without one. Of an entry with faults all that
    can be read is there; an entry that names no paper is only a problem.
    """
    keys: dict[str, int] = {}
    seen = (Sighting(source="bibtex", place=origin.place, at=origin.today.isoformat()),)
    for block in blocks(file):
        at = f"{origin.name} line {block.line}"
        if not block.type:
            yield Problem(where=at, what="; ".join(block.faults), raw=block.raw)
            continue
        faults = list(block.faults)
        key = NOT_IN_KEYS.sub("", block.key)
        if first := keys.get(key.lower()):
            faults.append(f"its key is that of line {first} already, so it gets another")
            key = ""
        found, more = paper(block, key)
        faults += more
        if found.title or found.identifiers:
            if key:
                keys[key.lower()] = block.line
            yield replace(found, sightings=seen)
        else:
            faults.append("no title and no identifier, so it is not saved")
        if faults:
            what = f"{block.key or block.type}: {'; '.join(faults)}"
            yield Problem(where=at, what=what, raw=block.raw)

"""OPML: the feeds that somebody follows (http://opml.org/spec2.opml); no papers.

Half of the files in the wild are not well-formed XML: bare `&`, entities of HTML, undeclared
prefixes, missing ends. All that matters is in attributes of tags, so it is read as markup is.
"""

import io
import re
from typing import NamedTuple

from ..text import one_line
from . import markup

_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.IGNORECASE)

_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)


class Feed(NamedTuple):
    name: str
    url: str


def recognises(head: str) -> bool:
    return markup.first_tag(head) == "opml"


def feeds(text: str) -> list[Feed]:
    """The feeds with a URL in the web, each once, in their order."""
    found: dict[str, Feed] = {}
    for token in markup.tokens(io.StringIO(text)):
        if isinstance(token, str) or token.name != "outline":
            continue
        said = token.attributes()
        # A list of lists is no feed.
        if (url := _url(said.get("xmlurl", ""))) and said.get("type", "").lower() != "source":
            name = one_line(said.get("text", "")) or one_line(said.get("title", ""))
            found.setdefault(url, Feed(name or url.split("/")[2], url))
    return list(found.values())


def _url(text: str) -> str:
    """`feed:https://…` is how readers were told to open a URL; `feed://` is http."""
    url = _SCHEME.sub(lambda match: "" if ":" in match[0] else "http", one_line(text), count=1)
    return url if _WEB.match(url) else ""

"""A page of Hugging Face saved as HTML: the Daily Papers of a day, a week or a month, those that
trend, or the page of one paper.

The site keeps what its scripts show in attributes named `data-props`, as JSON. The items in it are
those of its API.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from .. import records
from ..models import Paper, Problem
from ..origin import Origin
from .markup import Tag, tokens

_PAGE = re.compile(
    r"""data-target=["']?(?:DailyPapers|PaperContent)\b"""
    r"""|saved from url=\(\d+\)https://huggingface\.co/papers\b"""
    r"""|<(?:meta|link)\s[^<>]*(?:og:url|canonical)[^<>]*["']https://huggingface\.co/papers\b""",
    re.IGNORECASE,
)


def recognises(head: str) -> bool:
    return "<" in head and _PAGE.search(head) is not None


def load(text: str, origin: Origin) -> Iterator[Paper | Problem]:
    met: set[str] = set()
    number = 0
    for source in _sources(text):
        try:
            props = json.loads(source)
        except (ValueError, RecursionError):
            props = None
            if "dailyPapers" in source:
                what = "the data of the page is damaged; save the page again"
                yield Problem(where=origin.name, what=what, raw=source[:200])
                met.add("")
        for item in _items(props):
            key = json.dumps(item, sort_keys=True)
            if key in met:
                continue  # parts of the page may share their data
            met.add(key)
            number += 1
            yield records.paper(item, origin, f"{origin.name} item {number}")
    if not met:
        what = (
            "the page has no data of papers in it; select all of it in the browser, copy, and save"
            " what you paste"
        )
        yield Problem(where=origin.name, what=what)


def _sources(text: str) -> Iterator[str]:
    for token in tokens(io.StringIO(text)):
        if isinstance(token, Tag) and "data-props" in token.source:
            yield token.attributes().get("data-props", "")


def _items(props: Any) -> list[Any]:
    if not isinstance(props, dict):
        return []
    if isinstance(props.get("dailyPapers"), list):
        return list(props["dailyPapers"])
    alone = props.get("paper")
    is_paper = isinstance(alone, dict) and "title" in alone and "authors" in alone
    return [{"paper": alone}] if is_paper else []

"""Citation keys for papers whose records propose none. Pure.

A pattern is text with tokens, each of which is put in lower-case ASCII, or left out where the
paper does not say it:

- `{auth}`  the family name of the first author, or what an organization is called
- `{year}`  four digits
- `{title}` the first significant word of the title
"""

import re
from collections.abc import Iterator
from itertools import count, product
from string import ascii_lowercase

from ..ids import words
from ..models import Paper
from .bibtex_names import is_corporate

PATTERN = "{auth}{year}{title}"

_TOKEN = re.compile(r"\{(auth|year|title)\}")
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9:.+/_-]")
_SUFFIX_OF_NAME = re.compile(r",?\s+(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_INSIGNIFICANT = frozenset(
    [
        *(
            "a",
            "an",
            "and",
            "are",
            "as",
            "at",
            "be",
            "by",
            "can",
            "do",
            "does",
            "for",
            "from",
            "how",
        ),
        *("if", "in", "into", "is", "it", "its", "of", "on", "or", "our", "that", "the", "this"),
        *("to", "toward", "towards", "via", "we", "what", "when", "where", "which", "who", "why"),
        *("with", "der", "die", "das", "ein", "eine", "la", "le", "les", "l", "un", "une"),
    ]
)


def citation_key(paper: Paper, pattern: str = PATTERN) -> str:
    """The key that a pattern gives to a paper; never empty.

    Without an author the first words of the title stand for one.
    """
    significant = [w for w in map(_ascii, words(paper.title)) if w and w not in _INSIGNIFICANT]
    author = _author(paper.authors[0]) if paper.authors else ""
    values = {
        "auth": author or "".join(significant[:2]) or "paper",
        "year": paper.date[:4],
        "title": "".join(significant[:1] if author else significant[2:3]),
    }
    key = _TOKEN.sub(lambda token: values[token[1]], pattern)
    return _NOT_IN_KEYS.sub("", key) or "paper"


def suffixes() -> Iterator[str]:
    """What to add to a key that is taken: a, b, … z, aa, ab, …"""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


def _author(name: str) -> str:
    if is_corporate(name):
        return "".join([w for w in map(_ascii, words(name)) if w not in _INSIGNIFICANT][:1])
    family, comma, _ = name.partition(",")
    if not comma:
        family = _family(_SUFFIX_OF_NAME.sub("", name).split())
    return "".join(map(_ascii, words(family)))


def _family(parts: list[str]) -> str:
    """The family name in `Given Family`: from the first part in lower case, or the last part."""
    for place, part in enumerate(parts[1:-1], 1):
        if part.islower():
            return " ".join(parts[place:])
    return parts[-1] if parts else ""


def _ascii(word: str) -> str:
    return "".join(c for c in word if c.isascii())

"""From what a paper says to its features. No weights and no state.

A feature is a term (a word or two adjacent words of title and abstract) or a fact (an author, a
category, a venue) that is there or not: how often a term occurs tells no more, as measured.
Features are hashed to columns (Weinberger et al., "Feature hashing for large scale multitask
learning", ICML 2009, without signs), so there is no vocabulary to fit or keep, and those of a paper
never depend on any other paper.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix

from .. import ids
from ..models import Paper
from .pool import AUTHORS, COLUMNS, FACTS, TERMS

# Words, and marks that no pair reaches across. A letter or digit alone says little. The pattern of
# bytes is the faster one, and nearly all text is ASCII.
_ASCII_WORD = re.compile(rb"[a-z0-9]{2,}|[.,:;()?!]")
_WORD = re.compile(r"[^\W_]{2,}|[.,:;()?!]")
_MARKS = frozenset(b"%c" % mark for mark in b".,:;()?!")
_LATIN_ACCENT = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")

# Where the code or the data is says nothing of what a paper is about.
_URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|org|io|net|edu)/\S*")
_IN_URLS = ("://", "www.", ".com/", ".io/")  # fast to look for
# LaTeX in titles and abstracts: names of environments and references are not words; an accent
# or a brace does not end a word (`Erd\H{o}s`, `{B}ERT`), a command does (`$\alpha$-divergence`).
_LATEX_NAME = re.compile(r"\\(?:begin|end|cite[a-z]*|eqref|ref|label)\{[^{}]*\}")
_LATEX_ACCENT = re.compile(r"\\[`'^\"~=.]|\\[a-zA-Z](?:\s+|(?=\{))")
_LATEX_COMMAND = re.compile(r"\\[a-zA-Z]+|\\.")
_LATEX_BRACE = re.compile(r"[{}]")


class Text(NamedTuple):
    """What features are made of."""

    title: str
    abstract: str
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()
    venue: str = ""

    @classmethod
    def of(cls, paper: Paper) -> "Text":
        return cls(paper.title, paper.abstract, paper.authors, paper.categories, paper.venue)


def features(texts: Iterable[Text]) -> csr_matrix:
    """One row a text, of shape (number of texts, `COLUMNS`): 1 where it has a feature, else 0."""
    return _matrix(_terms(_words(text)) | _facts(text) for text in texts)


def terms(text: Text) -> dict[str, int]:
    """The words of a text and the pairs of them, with their columns."""
    words = _words(text)
    found = {word: _term(word) for word in words if word}
    found |= {b"%b %b" % pair: _term(b"".join(pair)) for pair in pairwise(words) if all(pair)}
    return {term.decode(): column for term, column in found.items()}


def facts(text: Text) -> dict[tuple[str, str], int]:
    """The facts of a text, as (kind, name), and their columns."""
    found = {("author", name): _author(name) for name in text.authors}
    found |= {("category", name): _fact(f"category {name}") for name in text.categories}
    if series := _series(text.venue):
        found["venue", text.venue] = _fact(f"venue {series}")
    return found


def without(text: Text, removed: Sequence[str]) -> csr_matrix:
    """`features` of a text, one row for each of the terms `removed`: as if it were not in it.

    With a word go the pairs it is in; with a pair go both of its words where they stand together.
    """
    words, others = _words(text), _facts(text)
    return _matrix(_terms(_remove(words, term.encode().split(b" "))) | others for term in removed)


def _words(paper: Text) -> list[bytes]:
    """Lower-case words of title and abstract in order; b"" stands where no pair reaches across."""
    text = f"{paper.title} . {paper.abstract}"
    if any(part in text for part in _IN_URLS):
        text = _URL.sub(" . ", text)
    if "\\" in text:
        text = _LATEX_NAME.sub(" ", text)
        text = _LATEX_ACCENT.sub("", text)
        text = _LATEX_COMMAND.sub(" ", text)
    if "{" in text:
        text = _LATEX_BRACE.sub("", text)
    if text.isascii():
        found = _ASCII_WORD.findall(text.lower().encode())
    else:
        text = _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFKC", text)
        found = [word.encode() for word in _WORD.findall(text.lower())]
    return [b"" if word in _MARKS else word for word in found]


def _terms(words: list[bytes]) -> set[int]:
    """The hashes of words and pairs.

    A pair has the hash of its words in a row, so that "data base" is "database", too; of a pair
    with b"" that is its other word.
    """
    hashes = list(map(crc32, words))
    found = {*hashes, *map(crc32, words[1:], hashes)}
    found.discard(0)
    return found


def _facts(text: Text) -> set[int]:
    """The complements of the columns, which are below 0 and so no hashes."""
    return {~column for column in facts(text).values()}


def _remove(words: list[bytes], term: list[bytes]) -> list[bytes]:
    left, size = list(words), len(term)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == term:
            left[start : start + size] = [b""] * size
    return left


def _term(term: bytes) -> int:
    return crc32(term) % TERMS


@lru_cache(100_000)
def _author(name: str) -> int:
    """The same for `Given M. Family` and `Family, Given`: orders differ and initials say little."""
    parts = ids.words(name)
    key = " ".join(sorted(part for part in parts if len(part) > 1) or parts)
    return TERMS + crc32(key.encode()) % AUTHORS


@lru_cache(10_000)
def _fact(fact: str) -> int:
    return TERMS + AUTHORS + crc32(fact.encode()) % FACTS


@lru_cache(10_000)
def _series(venue: str) -> str:
    """The same for each year of a conference."""
    return " ".join(word for word in ids.words(venue) if not any(map(str.isdigit, word)))


def _matrix(rows: Iterable[set[int]]) -> csr_matrix:
    """Of hashes of terms and complements of other columns."""
    flat, ends = array("q"), array("q", [0])
    for row in rows:
        flat.extend(row)
        ends.append(len(flat))
    found = np.array(flat, np.int64)
    columns = np.where(found < 0, ~found, found % TERMS).astype(np.int32)
    shape = (len(ends) - 1, COLUMNS)
    matrix = csr_matrix((np.ones(len(columns), np.uint8), columns, np.array(ends)), shape=shape)
    matrix.sum_duplicates()  # two terms of a text in one column
    matrix.data[:] = 1
    return matrix

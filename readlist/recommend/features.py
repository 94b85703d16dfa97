"""From the text of a paper to counts of its terms. No weights and no state.

A term is a word or two adjacent words. Terms are hashed to columns (`FeatureHasher`), so there
is no vocabulary to fit or keep, and a paper's counts never depend on any other paper.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher

from .pool import COLUMNS

# What is cached on disk is keyed by this: it changes whenever `counts` would change.
VERSION = "1"

_MOST = 255  # of one term in one paper, so that a count is one byte

# Words, and marks that no pair reaches across. A letter or digit alone says little; so do numbers
# (see `_words`). The ASCII pattern is the faster one, and nearly all text takes it.
_ASCII_WORD = re.compile(r"[a-z0-9]{2,}|[.,:;()?!]")
_WORD = re.compile(r"[^\W_]{2,}|[.,:;()?!]")
_LATIN_ACCENT = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")

# LaTeX in titles and abstracts: names of environments and references are not words; an accent
# or a brace does not end a word (`Erd\H{o}s`, `{B}ERT`), a command does (`$\alpha$-divergence`).
_LATEX_NAME = re.compile(r"\\(?:begin|end|cite[a-z]*|eqref|ref|label)\{[^{}]*\}")
_LATEX_ACCENT = re.compile(r"\\[`'^\"~=.]|\\[a-zA-Z](?:\s+|(?=\{))")
_LATEX_COMMAND = re.compile(r"\\[a-zA-Z]+|\\.")
_LATEX_BRACE = re.compile(r"[{}]")

# Function words only. The lists that come with libraries also hold words that carry meaning
# here ("system", "few" as in few-shot, "one", "side", "fire"), and change between releases.
_STOP_WORDS = """
about above according across after afterwards again against al all almost along already also
although always am among amongst an and another any anything anyway are aren around as at be became
because become becomes been before beforehand behind being below beside besides between beyond both
but by can cannot could couldn did didn do does doesn doing don done due during each eg either else
elsewhere enough especially et etc even ever every everything everywhere except for former formerly
from further furthermore get give given gives go had has hasn have haven having he hence her here
hereafter hereby herein hers herself him himself his how however ie if in indeed instead into is
isn it its itself just last latter latterly least less let lets ltd made make makes making many may
maybe me meanwhile might more moreover most mostly much must my myself namely neither nevertheless
next no nor not nothing now nowhere of off often on once only onto or other others otherwise our
ours ourselves out over own per perhaps please rather re regarding respectively same seem seemed
seeming seems several shall she should shown shows since so some somehow something sometime
sometimes somewhat somewhere still such take taken takes than that the their theirs them themselves
then thence there thereafter thereby therefore therein thereof these they this those though through
throughout thru thus to together too toward towards under unless until up upon us use used uses
using various very via vs was wasn we well were weren what whatever when whence whenever where
whereas whereby wherein wherever whether which while who whoever whole whom whose why will with
within without won would wouldn yet you your yours yourself yourselves
"""
_STOP = frozenset([*_STOP_WORDS.split(), *".,:;()?!"])


def counts(texts: Iterable[tuple[str, str]]) -> csr_matrix:
    """(title, abstract) pairs -> uint8 counts of shape (number of texts, `COLUMNS`).

    Words of the title count twice, and no count exceeds 255. A column occurs at most once a row.
    """
    return _hashed(_occurrences(_words(title, abstract)) for title, abstract in texts)


def terms(title: str, abstract: str) -> dict[str, int]:
    """The terms of one paper and the columns of `counts` that they are counted in."""
    names = list(_occurrences(_words(title, abstract)))
    return dict(zip(names, _hashed({name: 1} for name in names).indices.tolist(), strict=True))


def counts_without(title: str, abstract: str, removed: Sequence[str]) -> csr_matrix:
    """`counts` of one paper, one row for each of `removed`: as if that term were not in it.

    With a word go the pairs it is in; with a pair go both of its words where they stand together.
    """
    words = _words(title, abstract)
    return _hashed(_occurrences(_remove(words, term.split(" "))) for term in removed)


def _words(title: str, abstract: str) -> list[str]:
    """Lower-case words in order, the title twice; "" stands where no pair reaches across."""
    text = f"{title} the {title} the {abstract}"
    if "\\" in text:
        text = _LATEX_NAME.sub(" ", text)
        text = _LATEX_ACCENT.sub("", text)
        text = _LATEX_COMMAND.sub(" ", text)
    if "{" in text:
        text = _LATEX_BRACE.sub("", text)
    pattern = _ASCII_WORD
    if not text.isascii():
        text = _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFKC", text)
        pattern = _WORD
    found = pattern.findall(text.lower())
    return ["" if word in _STOP or word.isdigit() else word for word in found]


def _occurrences(words: list[str]) -> Counter[str]:
    found = Counter(words)
    found.update([f"{first} {second}" for first, second in pairwise(words) if first and second])
    del found[""]
    return found


def _remove(words: list[str], term: list[str]) -> list[str]:
    left, size = list(words), len(term)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == term:
            left[start : start + size] = [""] * size
    return left


def _hashed(papers: Iterable[Mapping[str, int]]) -> csr_matrix:
    hasher = FeatureHasher(COLUMNS, input_type="pair", alternate_sign=False, dtype=np.int32)
    # FeatureHasher refuses to make a matrix without rows: begin with an empty one, then drop it.
    hashed = hasher.transform(paper.items() for paper in chain([{}], papers))
    data = np.minimum(hashed.data, _MOST).astype(np.uint8)
    indptr = hashed.indptr[1:]
    return csr_matrix((data, hashed.indices, indptr), shape=(len(indptr) - 1, COLUMNS))

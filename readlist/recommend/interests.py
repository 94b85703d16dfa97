"""Interests in plain words, and the papers that are about them."""

import numpy as np
from numpy.typing import NDArray

from .features import Text, terms
from .pool import COLUMNS, Pool
from .wording import telling

_MOST = 0.5
_LEAST = 1.0  # idf: of a term that every paper has


def about(pool: Pool, interest: str) -> NDArray[np.bool_]:
    """Which papers of a pool say most of an interest: of its words and pairs, weighed by the square
    of their idf, half or more.

    That is the share of the squared norm of the interest that a paper has. A cosine would not do:
    with a few words even a paper that is about nothing else has a small one. Terms that have no
    weight, because only one paper or nearly every one has them, count as little as any.
    """
    columns = [column for term, column in terms(Text("", interest)).items() if telling(term)]
    squares = np.zeros(COLUMNS, np.float32)
    squares[columns] = np.maximum(_LEAST, pool.tfidf.weight[columns]) ** 2
    said = pool.presence(squares)
    most: NDArray[np.bool_] = (said > 0) & (said >= _MOST * squares.sum())
    return most

"""What to ask about, so that most is learned from the answers (active learning).

While there is no model: what is like all the rest, and unlike what was answered. Likeness to the
rest is the density of Settles and Craven (EMNLP 2008); that what was covered is left for the next
topic is the idea of core-sets (Sener and Savarese, ICLR 2018). What is merely unlike all else would
hardly ever be liked, and little can be learned before the first like.

With a model: what it takes for the best, as in technology-assisted review (Cormack and Grossman,
SIGIR 2014). Uncertainty sampling, what is nearest to the boundary (Lewis and Gale, SIGIR 1994),
differs from it by less than 0.01 of AUC in `tests/benchmarks/asking.py`; and where the pool is small
that boundary may lie below all scores, so that it asks about what is surest to be disliked.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .picks import cosines, diversify

# In papers, so that a question costs the same among however many.
_TYPICAL = 1000  # of those free, evenly, among which what is like the rest is looked for
_BEST = 100  # of these, among which questions are chosen that are unlike each other
_ANSWERED = 100  # of those answered, evenly, to be unlike


def ask(
    vectors: csr_matrix,
    kind: NDArray[np.int8],
    scores: NDArray[np.floating[Any]] | None,
    free: NDArray[np.intp],
    number: int,
) -> list[int]:
    """The rows among `free` to ask about, the best question first; all of them if there are fewer.

    `vectors` (as of `Pool.vectors`), `kind` (1 like, -1 dislike, 0 nothing said) and `scores` (None
    where there is no model) have a row a paper. What was answered is not asked about.
    """
    free = free[kind[free] == 0]
    if scores is None:
        free = _evenly(free, max(_TYPICAL, number))
        value = _density(vectors[free])
    else:
        value = scores[free]
    order = np.argsort(-value, kind="stable")
    best, rest, value = free[order[:_BEST]], free[order[_BEST:number]], value[order[:_BEST]]
    if scores is None:
        answered = vectors[_evenly(np.flatnonzero(kind), _ANSWERED)]
        value = value * (1 - cosines(vectors[best], answered).max(axis=1, initial=0))
        order = np.argsort(-value, kind="stable")
        best, value = best[order], value[order]
    chosen = diversify(vectors[best], value, number)
    return [int(row) for row in [*best[chosen], *rest]]


def _density(vectors: csr_matrix) -> NDArray[np.floating[Any]]:
    """The sum of the products of each with all."""
    total = np.ones(vectors.shape[0], np.float32) @ vectors
    density: NDArray[np.floating[Any]] = vectors @ total
    return density


def _evenly(rows: NDArray[np.intp], number: int) -> NDArray[np.intp]:
    """So many of the rows; all if there are fewer."""
    number = min(number, len(rows))
    return rows[np.arange(number) * len(rows) // max(1, number)]

"""From scored papers to a short list worth a morning."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

_UNLIKE = 5  # papers that would teach most, of which the day chooses


class Interests(NamedTuple):
    """Of the owner, of whom each has a `share` of what was liked. `belonging` has a row a candidate:
    how much it is of each interest, 1 in all.
    """

    share: NDArray[np.float64]
    belonging: NDArray[np.float64]


def diversify(
    vectors: csr_matrix,
    scores: NDArray[np.floating[Any]],
    n: int,
    interests: Interests | None = None,
) -> list[int]:
    """The rows of the `n` candidates to put forward, in order; all of them if there are fewer.

    `vectors` (of any norm) and `scores` have a row a candidate, best first. The best comes first.
    Each next one has the greatest product of relevance (its score, 1 for the best, almost 0 for
    the last) and novelty (1 - cosine², for each one before it): a second copy comes last, a flood
    of one topic is thinned, and what is merely related is left alone. Of equals the earlier row
    comes first. This is maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) with a
    product in place of its weighted difference.

    With `interests` it is multiplied by need, too, so that none of them takes all places: need is
    the share of an interest divided by 1 + twice the places it has, as by Sainte-Laguë (Dang and
    Croft, "Diversity by proportionality", SIGIR 2012).
    """
    novelty = 1 - np.clip(cosines(vectors, vectors), 0, 1) ** 2
    value = np.ones(len(scores))
    if len(scores) and (spread := float(np.ptp(scores))):
        floor = np.min(scores) - spread / len(scores)
        value = (scores - floor) / (np.max(scores) - floor)
    share, belonging = interests or (np.ones(1), np.ones((len(scores), 1)))
    places = np.zeros(len(share))
    order: list[int] = []
    for _ in range(min(n, len(scores))):
        need = share / (1 + 2 * places)
        best = int(np.argmax(value * (belonging @ (need / need.max()))))
        order.append(best)
        places += belonging[best]
        value = value * novelty[best]
        value[order] = -1
    return order


def explore(
    candidates: csr_matrix, rated: csr_matrix, taken: list[int], n: int, day: int
) -> list[int]:
    """The rows of `n` candidates, besides those taken, that the model can learn most from.

    That are those least like what was rated (by the greatest cosine with any of it) and like each
    other; among the first few the ordinal of the day chooses.
    """
    known = cosines(candidates, rated).max(axis=1, initial=0)
    found: list[int] = []
    for _ in range(n):
        known[[*taken, *found]] = np.inf
        free = int(np.isfinite(known).sum())
        if not free:
            break
        least = np.argsort(known, kind="stable")[: min(_UNLIKE, free)]
        found.append(int(least[day % len(least)]))
        known = np.maximum(known, cosines(candidates, candidates[found[-1]])[:, 0])
    return found


def cosines(a: csr_matrix, b: csr_matrix) -> NDArray[np.floating[Any]]:
    """The cosine of each row of `a` with each row of `b`; 0 for a row without any feature."""
    products: NDArray[np.floating[Any]] = (a @ b.T).toarray()
    norms = np.outer(_norms(a), _norms(b))
    np.divide(products, norms, out=products, where=norms > 0)
    return products


def _norms(vectors: csr_matrix) -> NDArray[np.float64]:
    rows = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    return np.sqrt(np.bincount(rows, vectors.data**2, minlength=vectors.shape[0]))

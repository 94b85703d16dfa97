"""Papers like some others, by their terms alone; there is no need of a like or a model."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, vstack

from .features import Text, features, terms
from .picks import cosines
from .pool import Pool
from .wording import distinct, telling

_NEAREST = 2_000  # by the pool's own weights; of these, and of no others, cosines are taken
_TERMS = 4


class Similar(NamedTuple):
    """A paper and the cosine of its TF-IDF vector with what was asked for, above 0 up to 1."""

    paper_id: int
    similarity: float


def asked(pool: Pool, papers: Sequence[int], texts: Sequence[str]) -> csr_matrix:
    """The mean of the vectors of papers (their ids) and texts, of shape (1, `COLUMNS`)."""
    rows = np.flatnonzero(np.isin(pool.paper_ids, papers))
    words = Pool.of(np.arange(len(texts)), features(Text("", text) for text in texts), pool.tfidf)
    vectors = vstack([pool.vectors(rows), words.vectors()], format="csr")
    return csr_matrix(vectors.mean(axis=0), dtype=np.float32)


def similar(pool: Pool, mean: csr_matrix, among: Collection[int], number: int) -> list[Similar]:
    """So many papers of those `among` which a mean has terms in common with, the nearest first."""
    near = pool.dot(mean.toarray()[0])
    wanted = np.fromiter(among, np.int64, len(among))
    rows = np.flatnonzero((near > 0) & np.isin(pool.paper_ids, wanted))
    kept = min(len(rows), max(_NEAREST, number))
    rows = rows[np.lexsort((pool.paper_ids[rows], -near[rows]))[:kept]]
    cosine = cosines(pool.vectors(rows), mean)[:, 0]
    order = np.lexsort((pool.paper_ids[rows], -cosine))[:number]
    return [Similar(int(pool.paper_ids[rows[at]]), float(cosine[at])) for at in order]


def shared(text: Text, mean: csr_matrix, pool: Pool) -> tuple[str, ...]:
    """Up to 4 terms of a paper that say most of why it is near a mean; no word is said twice."""
    paper = Pool.of(np.array([0]), features([text]), pool.tfidf).vectors()
    product = paper.multiply(mean).tocsr()
    share = dict(zip(product.indices.tolist(), product.data.tolist(), strict=True))
    # A pair says more to a reader than each of its words, and holds both.
    weight = {
        term: share[column] * len(term.split())
        for term, column in terms(text).items()
        if column in share and telling(term)
    }
    return tuple(distinct(sorted(weight, key=lambda term: (-weight[term], term)), _TERMS))

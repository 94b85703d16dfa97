"""TF-IDF of many papers at once, without ever holding a second copy of their counts.

The weight of a term in a paper is (1 + ln count) * idf, and a paper's weights are divided by its
norm. Papers without an abstract have few terms and would otherwise win and lose by them, so the
norm is pivoted: a quarter of it is the median norm of the pool (Singhal, Buckley and Mitra,
"Pivoted document length normalization", SIGIR 1996, with the median in place of the mean because
it is the same in whatever order the papers stand).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

COLUMNS = 2**20

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

_SLOPE = 0.25  # of the pivoted norm: the part that does not depend on the paper
_TOO_COMMON = 0.2  # a term in more than this share of the papers says nothing about taste ...
_TOO_FEW = 200  # ... unless there are fewer papers than this, which may all be of one topic
_ROWS = 8192  # at a time: what is computed on the way stays in the processor's cache

# 1 + ln count for each value that a count can have; 0 for none.
_LOG_COUNT = np.concatenate([[0], 1 + np.log(np.arange(1, 256))]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Tfidf:
    """How terms weigh: `idf` is float32 of shape (`COLUMNS`,), `pivot` the median norm of the pool.

    Kept with a model, it weighs papers that were not in the pool.
    """

    idf: Floats
    pivot: float


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Papers and their weights: row i of `counts` (uint8) and of `norms` is paper `paper_ids[i]`.

    `norms` is 0 where no term of the paper has a weight.
    """

    paper_ids: Ids
    counts: csr_matrix
    tfidf: Tfidf
    norms: Floats

    @classmethod
    def of(cls, paper_ids: Ids, counts: csr_matrix, tfidf: Tfidf | None = None) -> "Pool":
        """The pool of these papers, weighed as `tfidf` says or else by their own frequencies."""
        idf = _idf(counts) if tfidf is None else tfidf.idf
        norms = np.sqrt(_product(counts, _LOG_COUNT**2, idf**2))
        if tfidf is None:
            known = norms[norms > 0]
            tfidf = Tfidf(idf, float(np.median(known)) if len(known) else 1.0)
        pivoted = (1 - _SLOPE) * norms + _SLOPE * np.float32(tfidf.pivot)
        return cls(paper_ids, counts, tfidf, np.where(norms > 0, pivoted, np.float32(0)))

    def dot(self, weights: Floats) -> Floats:
        """The TF-IDF vectors of all papers times `weights`; 0 where no term has a weight."""
        products = _product(self.counts, _LOG_COUNT, self.tfidf.idf * weights)
        return np.divide(products, self.norms, out=np.zeros_like(products), where=self.norms > 0)

    def vectors(self, rows: NDArray[Any]) -> csr_matrix:
        """The TF-IDF vectors of some rows as float32 of shape (number of rows, `COLUMNS`)."""
        some = self.counts[rows]
        norms = np.repeat(self.norms[rows], np.diff(some.indptr))
        weights = _LOG_COUNT[some.data] * self.tfidf.idf[some.indices]
        np.divide(weights, norms, out=weights, where=norms > 0)
        vectors = csr_matrix((weights, some.indices, some.indptr), shape=some.shape)
        vectors.eliminate_zeros()
        return vectors


def _idf(counts: csr_matrix) -> Floats:
    """ln((1 + papers) / (1 + papers with the term)) + 1, as if one paper had every term.

    0 for a term of a single paper, which cannot relate it to another, and for the most common.
    """
    papers = counts.shape[0]
    frequency = np.zeros(COLUMNS, np.int64)
    for part in range(0, counts.nnz, 2**22):
        frequency += np.bincount(counts.indices[part : part + 2**22], minlength=COLUMNS)
    idf: NDArray[np.float64] = np.log((1 + papers) / (1 + frequency)) + 1
    idf[frequency < 2] = 0
    if papers >= _TOO_FEW:
        idf[frequency > _TOO_COMMON * papers] = 0
    return idf.astype(np.float32)


def _product(counts: csr_matrix, weight_of_count: Floats, weights: Floats) -> Floats:
    """The matrix of `weight_of_count[count]` times a vector."""
    product = np.empty(counts.shape[0], np.float32)
    for first in range(0, counts.shape[0], _ROWS):
        indptr = counts.indptr[first : first + _ROWS + 1]
        part = slice(indptr[0], indptr[-1])
        rows = csr_matrix(
            (weight_of_count[counts.data[part]], counts.indices[part], indptr - indptr[0]),
            shape=(len(indptr) - 1, counts.shape[1]),
        )
        product[first : first + _ROWS] = rows @ weights
    return product

"""TF-IDF of many papers at once, without ever holding a second copy of their features.

The weight of a term is its idf wherever it occurs (binary term frequency), that of a fact is fixed
by its kind; both are divided by the norm of the paper's terms. Papers without an abstract have few
terms and would otherwise win and lose by them, so the norm is pivoted: a quarter of it is the
median norm of the pool (Singhal, Buckley and Mitra, "Pivoted document length normalization", SIGIR
1996, with the median in place of the mean because it is the same in whatever order papers stand).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

# Columns: first those of terms, then of authors, then of categories and venues.
TERMS, AUTHORS, FACTS = 2**20, 2**19, 2**16
COLUMNS = TERMS + AUTHORS + FACTS

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

_SLOPE = 0.25  # of the pivoted norm: the part that does not depend on the paper
_TOO_COMMON = 0.4  # a term in more than this share of the papers says nothing about taste ...
_TOO_FEW = 200  # ... unless there are fewer papers than this, which may all be of one topic
_ROWS = 8192  # at a time: what is computed on the way stays in the processor's cache

# In units of the median norm, so that to share one of these is to share so much of a text.
_AUTHOR, _FACT = 0.1, 0.15


@dataclass(frozen=True, eq=False)
class Tfidf:
    """How features weigh: `idf` is float32 of shape (`TERMS`,), `pivot` the median norm of the pool.

    Kept with a model, it weighs papers that were not in the pool.
    """

    idf: Floats
    pivot: float

    @cached_property
    def weight(self) -> Floats:
        """Of each column."""
        weight = np.empty(COLUMNS, np.float32)
        weight[:TERMS] = self.idf
        weight[TERMS : TERMS + AUTHORS] = _AUTHOR * self.pivot
        weight[TERMS + AUTHORS :] = _FACT * self.pivot
        return weight


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Papers and their weights: row i of `features` and of `norms` is paper `paper_ids[i]`.

    `norms` is 0 where no feature of the paper has a weight.
    """

    paper_ids: Ids
    features: csr_matrix
    tfidf: Tfidf
    norms: Floats

    @classmethod
    def of(cls, paper_ids: Ids, features: csr_matrix, tfidf: Tfidf | None = None) -> "Pool":
        """The pool of these papers, weighed as `tfidf` says or else by their own frequencies."""
        idf = tfidf.idf if tfidf else _idf(features)
        norms = _norms(features, idf)
        known = tfidf or Tfidf(idf, _median(norms[norms > 0]))
        pivoted = (1 - _SLOPE) * norms + _SLOPE * np.float32(known.pivot)
        weighed = (norms > 0) | _has_fact(features)
        return cls(paper_ids, features, known, np.where(weighed, pivoted, np.float32(0)))

    def dot(self, weights: Floats) -> Floats:
        """The vectors of all papers times `weights`; 0 where no feature has a weight."""
        products = _product(self.features, self.tfidf.weight * weights)
        return np.divide(products, self.norms, out=np.zeros_like(products), where=self.norms > 0)

    def presence(self, weights: Floats) -> Floats:
        """Of each paper the sum of the weights of its features."""
        return _product(self.features, weights)

    def vectors(self, rows: NDArray[Any] | Sequence[int] | slice = slice(None)) -> csr_matrix:
        """The vectors of rows as float32 of shape (number of rows, `COLUMNS`)."""
        some = self.features[rows]
        norms = np.repeat(self.norms[rows], np.diff(some.indptr))
        weights = self.tfidf.weight[some.indices]
        np.divide(weights, norms, out=weights, where=norms > 0)
        vectors = csr_matrix((weights, some.indices, some.indptr), shape=some.shape)
        vectors.eliminate_zeros()
        return vectors


def joined(paper_ids: Ids, features: csr_matrix, texts: csr_matrix) -> tuple[Ids, csr_matrix]:
    """Papers and, under the ids -1, -2 ..., texts that are none."""
    ids = -np.arange(1, texts.shape[0] + 1)
    return np.concatenate([paper_ids, ids]), vstack([features, texts], format="csr")


def _median(norms: Floats) -> float:
    return float(np.median(norms)) if len(norms) else 1.0


def _has_fact(features: csr_matrix) -> NDArray[np.bool_]:
    """Whether the last column of each row is behind those of terms; all facts have a weight."""
    features.sort_indices()
    found: NDArray[np.bool_] = np.diff(features.indptr) > 0
    found[found] = features.indices[features.indptr[1:][found] - 1] >= TERMS
    return found


def _idf(features: csr_matrix) -> Floats:
    """ln((1 + papers) / (1 + papers with the term)) + 1, as if one paper had every term.

    0 for a term of a single paper, which cannot relate it to another, and for the most common.
    """
    papers = features.shape[0]
    frequency = np.zeros(COLUMNS, np.int64)
    for part in range(0, features.nnz, 2**22):
        frequency += np.bincount(features.indices[part : part + 2**22], minlength=COLUMNS)
    frequency = frequency[:TERMS]
    idf: NDArray[np.float64] = np.log((1 + papers) / (1 + frequency)) + 1
    idf[frequency < 2] = 0
    if papers >= _TOO_FEW:
        idf[frequency > _TOO_COMMON * papers] = 0
    return idf.astype(np.float32)


def _norms(features: csr_matrix, idf: Floats) -> Floats:
    """The Euclidean norms of the terms of each paper."""
    squares = np.zeros(COLUMNS, np.float32)
    squares[:TERMS] = idf**2
    return np.sqrt(_product(features, squares))


def _product(features: csr_matrix, weights: Floats) -> Floats:
    """The matrix of presences times a vector."""
    product = np.empty(features.shape[0], np.float32)
    for first in range(0, features.shape[0], _ROWS):
        indptr = features.indptr[first : first + _ROWS + 1]
        part = slice(indptr[0], indptr[-1])
        rows = csr_matrix(
            (features.data[part], features.indices[part], indptr - indptr[0]),
            shape=(len(indptr) - 1, features.shape[1]),
        )
        product[first : first + _ROWS] = rows @ weights
    return product

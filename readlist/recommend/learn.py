"""Fitting: one linear model a library, from likes, dislikes and papers drawn at random.

The papers drawn at random, the background, are unlabelled papers of the pool. They say what
papers are like in general, so that likes alone are enough to learn from.

The model is a linear support vector machine with squared hinge loss (Fan et al., LIBLINEAR, JMLR
2008). What a mistake costs is fixed for each kind of example, so that one more of a kind hardly
changes what the others say.
"""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from .labels import Labels
from .model import Model
from .picks import cosines
from .pool import COLUMNS, Floats, Ids, Pool

BACKGROUND = 5000  # papers

# Costs (C of the machine) of a like and of a paper of the background, and of a dislike in units of
# the latter (V = 0.9 of Scholar Inbox, GlennAng/msc_thesis). What a like costs is soft enough for
# recent ones to count for more, and firm enough for the first few to be told apart.
_LIKE = 2.0
_UNKNOWN = 0.15
_DISLIKE = 10.0
# What is drawn is ranked against itself: the greater a share of all it is, the more of what is to be
# found stands on the wrong side. Of a pool that is drawn whole little is believed.
_LEAST = 0.02

_PAIRED = 300  # papers of the background, 45,000 pairs
_NEVER_CLOSE = 0.06  # as of one pair in 1,000 papers of machine learning


class Examples(NamedTuple):
    """Rows to fit on: first the labelled papers, as in `labels`, then the background.

    `vectors` have the `columns` that occur in any of them, which are far fewer than all.
    """

    labels: Labels  # of papers in the pool only
    vectors: csr_matrix
    kind: NDArray[np.int8]  # 1 like, -1 dislike, 0 background
    weight: Floats
    drawn: float  # the share of the unlabelled papers that is background
    columns: NDArray[np.intp]


def fit(pool: Pool, labels: Labels) -> Model:
    """The model of these labels; those of papers that are not in the pool count for nothing."""
    known = examples(pool, labels)
    solved, intercept = solve(known)
    background = known.vectors[known.kind == 0]
    mean = float((background @ solved).mean()) if background.shape[0] else 0.0
    weights = np.zeros(COLUMNS, np.float32)
    weights[known.columns] = solved
    return Model(pool.tfidf, weights, intercept, intercept + mean, _close(background[:_PAIRED]))


def _close(vectors: csr_matrix) -> float:
    """The cosine that one pair in 1,000 has, of few papers one of the first ten pairs."""
    pairs = np.sort(cosines(vectors, vectors)[np.triu_indices(vectors.shape[0], 1)])[::-1]
    rarest = pairs[max(10, len(pairs) // 1000) :]
    return max(_NEVER_CLOSE, float(rarest[0])) if len(rarest) else _NEVER_CLOSE


def examples(pool: Pool, labels: Labels) -> Examples:
    present = np.isin(labels.paper_id, pool.paper_ids)
    labels = Labels._make(column[present] for column in labels)
    order = np.argsort(pool.paper_ids, kind="stable")
    labelled = order[np.searchsorted(pool.paper_ids, labels.paper_id, sorter=order)]
    background = background_of(pool.paper_ids, labels.paper_id)
    columns, vectors = compress(pool.vectors(np.concatenate([labelled, background])))
    return Examples(
        labels,
        vectors,
        np.concatenate([labels.y, np.zeros(len(background), np.int8)]),
        np.concatenate([labels.weight, np.ones(len(background), np.float32)]),
        len(background) / max(1, len(pool.paper_ids) - len(labelled)),
        columns,
    )


def background_of(paper_ids: Ids, labelled: Ids) -> NDArray[np.intp]:
    """Rows of up to 5,000 unlabelled papers, in the order of their ids.

    Those whose ids have the smallest hash (Fibonacci hashing): they are spread evenly over the
    ids, and as papers are added or labelled few of them change.
    """
    rows = np.flatnonzero(~np.isin(paper_ids, labelled))
    if len(rows) > BACKGROUND:
        rows = rows[np.argpartition(lots(paper_ids[rows]), BACKGROUND)[:BACKGROUND]]
    return rows[np.argsort(paper_ids[rows])]


def lots(paper_ids: Ids) -> NDArray[np.uint64]:
    """A number for each paper, other than any other's: the smallest are drawn first."""
    return paper_ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def solve(known: Examples) -> tuple[Floats, float]:
    """Weights of the columns of `known` and intercept; all 0 if there is nothing to tell apart."""
    _, vectors, kind, weight, drawn, _ = known
    # Without likes, what is to be told apart from the dislikes is papers in general.
    positive = kind == (1 if (kind == 1).any() else 0)
    if positive.all() or not positive.any():
        return np.zeros(vectors.shape[1], np.float32), 0.0
    unknown = _UNKNOWN * max(_LEAST, 1 - drawn)
    cost = weight * np.choose(kind + 1, [unknown * _DISLIKE, unknown, _LIKE])
    # Dual coordinate descent: its cost is in the rows. Of a smaller tolerance no order can tell.
    machine = LinearSVC(C=1.0, dual=True, tol=0.1, max_iter=300, random_state=0)
    with warnings.catch_warnings():
        # Labels that contradict each other may need more rounds; the order hardly changes then.
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(vectors, positive, cost)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])


def compress(vectors: csr_matrix) -> tuple[NDArray[np.intp], csr_matrix]:
    """The columns that occur, ascending, and the vectors in these alone."""
    occurs = np.zeros(vectors.shape[1], np.bool_)
    occurs[vectors.indices] = True
    columns = np.flatnonzero(occurs)
    number = np.cumsum(occurs, dtype=np.int32) - 1
    shape = (vectors.shape[0], len(columns))
    return columns, csr_matrix((vectors.data, number[vectors.indices], vectors.indptr), shape=shape)

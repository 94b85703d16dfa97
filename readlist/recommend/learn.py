"""Fitting: one logistic regression a library, from likes, dislikes and papers drawn at random.

The papers drawn at random, the background, are unlabelled papers of the pool. They say what
papers are like in general, so that likes alone are enough to learn from.

Sums of weights are balanced as Scholar Inbox does (GlennAng/msc_thesis): likes together weigh as
much as dislikes and background together, and a dislike 9 times a paper drawn at random. With few
labels the regularised solution tends to Rocchio's (mean of likes - mean of the others); with many
it tells finer things apart.
"""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from .labels import Labels
from .model import Calibration, Model
from .pool import Floats, Ids, Pool

_BACKGROUND = 5000
_DISLIKE_SHARE = 0.9  # V of Scholar Inbox; their S, all negatives against all likes, is 1 here
# C of the regularisation, and from how many likes on; with fewer it is proportionally smaller. The
# background is unlabelled, and part of it may be what the likes stand for: a larger C serves
# narrow interests in a wide pool a little better, and turns against wide ones in a narrow pool.
_C = 1.0
_MANY_LIKES = 50

# Ratings before a probability says more than the owner's share of likes (LensPFN's measurement).
_RATINGS = 30
_OF_EACH_KIND = 3
_FOLDS = 5


class _Training(NamedTuple):
    """Rows to fit on: first the labelled papers, as in `labels`, then the background."""

    labels: Labels  # of papers in the pool only
    vectors: csr_matrix
    kind: NDArray[np.int8]  # 1 like, -1 dislike, 0 background
    weight: Floats


def fit(pool: Pool, labels: Labels) -> Model:
    """The model of these labels; those of papers that are not in the pool count for nothing."""
    training = _training(pool, labels)
    weights, intercept = _solve(training.vectors, training.kind, training.weight)
    background = training.vectors[training.kind == 0] @ weights
    return Model(
        tfidf=pool.tfidf,
        weights=weights,
        intercept=intercept,
        unknown=intercept + (float(background.mean()) if len(background) else 0.0),
    )


def calibrate(pool: Pool, labels: Labels) -> Calibration | None:
    """Platt scaling of the scores that ratings get from models fitted without them.

    Ratings of one day are held out together, because they resemble each other (if there were
    fewer than five such days, each by itself). None with fewer than 30 ratings or 3 of a kind.
    """
    training = _training(pool, labels)
    rated = np.flatnonzero(training.labels.rated)
    liked = training.labels.y[rated] > 0
    if len(rated) < _RATINGS or min(liked.sum(), (~liked).sum()) < _OF_EACH_KIND:
        return None
    fold = np.full(len(training.kind), -1)
    fold[rated] = _folds(training.labels.day[rated], liked)
    held_out = np.zeros(len(training.kind))
    # What is held out is to be treated as what is undecided: in a small pool that is background.
    small = (training.kind == 0).sum() < _BACKGROUND
    for number in range(_FOLDS):
        out = fold == number
        rows = np.flatnonzero(~out | small)
        kind = np.where(out, np.int8(0), training.kind)
        weight = np.where(out, np.float32(1), training.weight)
        weights, intercept = _solve(training.vectors[rows], kind[rows], weight[rows])
        held_out[out] = training.vectors[out] @ weights + intercept
    return _platt(held_out[rated], liked)


def _training(pool: Pool, labels: Labels) -> _Training:
    present = np.isin(labels.paper_id, pool.paper_ids)
    labels = Labels._make(column[present] for column in labels)
    order = np.argsort(pool.paper_ids, kind="stable")
    labelled = order[np.searchsorted(pool.paper_ids, labels.paper_id, sorter=order)]
    background = _background(pool.paper_ids, labels.paper_id)
    return _Training(
        labels,
        vstack([pool.vectors(labelled), pool.vectors(background)], format="csr"),
        np.concatenate([labels.y, np.zeros(len(background), np.int8)]),
        np.concatenate([labels.weight, np.ones(len(background), np.float32)]),
    )


def _background(paper_ids: Ids, labelled: Ids) -> NDArray[np.intp]:
    """Rows of up to 5,000 unlabelled papers, in the order of their ids.

    Those whose ids have the smallest hash (Fibonacci hashing): they are spread evenly over the
    ids, and as papers are added or labelled few of them change.
    """
    rows = np.flatnonzero(~np.isin(paper_ids, labelled))
    if len(rows) > _BACKGROUND:
        hashes = paper_ids[rows].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        rows = rows[np.argpartition(hashes, _BACKGROUND)[:_BACKGROUND]]
    return rows[np.argsort(paper_ids[rows])]


def _solve(vectors: csr_matrix, kind: NDArray[np.int8], weight: Floats) -> tuple[Floats, float]:
    """Weights of the columns and intercept; all 0 if there is nothing to tell apart."""
    # Without likes, what is to be told apart from the dislikes is papers in general.
    positive = kind == (1 if (kind == 1).any() else 0)
    if positive.all() or not positive.any():
        return np.zeros(vectors.shape[1], np.float32), 0.0
    share = np.where(kind == -1, _DISLIKE_SHARE, 1 - _DISLIKE_SHARE)
    balanced = np.where(positive, weight, weight * share)
    balanced[positive] *= weight.sum() / balanced[positive].sum()
    balanced[~positive] *= weight.sum() / balanced[~positive].sum()
    certain = weight[kind == 1].sum() or weight[kind == -1].sum()
    # Dual coordinate descent: its cost is in the rows, and there are far more columns.
    regression = LogisticRegression(
        C=_C * min(1.0, certain / _MANY_LIKES),
        solver="liblinear",
        dual=True,
        tol=1e-3,
        max_iter=1000,
        random_state=0,
    )
    with warnings.catch_warnings():
        # Labels that contradict each other may need more rounds; the order hardly changes then.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(vectors, positive, balanced)
    return regression.coef_[0].astype(np.float32), float(regression.intercept_[0])


def _folds(day: NDArray[np.int32], liked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The number of the fold of each rating."""
    days, which = np.unique(day, return_inverse=True)
    if len(days) >= _FOLDS:
        return which % _FOLDS
    fold = np.empty(len(day), np.intp)
    fold[np.argsort(liked, kind="stable")] = np.arange(len(day)) % _FOLDS
    return fold


def _platt(score: NDArray[np.float64], liked: NDArray[np.bool_]) -> Calibration:
    """Platt scaling with his targets, which keep a separable sample from certainty.

    Platt, "Probabilistic outputs for support vector machines", 1999. The slope is never negative:
    if scores do not rise with likes, they say nothing, and the share of likes is all we know.
    """
    likes, dislikes = int(liked.sum()), int((~liked).sum())
    target = np.where(liked, (likes + 1) / (likes + 2), 1 / (dislikes + 2))
    sigmoid = LogisticRegression(C=np.inf).fit(
        np.concatenate([score, score])[:, np.newaxis],
        np.repeat([True, False], len(score)),
        np.concatenate([target, 1 - target]),
    )
    slope, intercept = float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
    if slope < 0:
        return Calibration(0.0, float(np.log((likes + 1) / (dislikes + 1))))
    return Calibration(slope, intercept)

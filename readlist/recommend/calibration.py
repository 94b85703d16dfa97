"""What a score means: the probability that the owner likes a paper, once ratings can tell."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from .labels import Labels
from .learn import BACKGROUND, examples, solve
from .model import Calibration
from .pool import Pool

# Ratings before a probability says more than the owner's share of likes (LensPFN's measurement).
_RATINGS = 30
_OF_EACH_KIND = 3
_FOLDS = 10  # of fewer the models know less than the final one, whose scores would be overrated
_DAYS = 5
_ENOUGH = 100  # of each kind, held out


def calibrate(pool: Pool, labels: Labels) -> Calibration | None:
    """Platt scaling of the scores that ratings get from models fitted without them.

    Ratings of one day are held out together, because they resemble each other (if there were
    fewer than five such days, each by itself). Of many ratings not all are, for two numbers need
    no more than some hundreds. None with fewer than 30 ratings or 3 of a kind.
    """
    training = examples(pool, labels)
    rated = np.flatnonzero(training.labels.rated)
    liked = training.labels.y[rated] > 0
    if len(rated) < _RATINGS or min(liked.sum(), (~liked).sum()) < _OF_EACH_KIND:
        return None
    fold = np.full(len(training.kind), -1)
    fold[rated] = _folds(training.labels.day[rated], liked)
    held_out = np.zeros(len(training.kind))
    # What is held out is to be treated as what is undecided: in a small pool that is background.
    small = (training.kind == 0).sum() < BACKGROUND
    for number in range(fold.max() + 1):
        out = fold == number
        rows = np.flatnonzero(~out | small)
        kind = np.where(out, np.int8(0), training.kind)
        weight = np.where(out, np.float32(1), training.weight)
        weights, intercept = solve(
            training._replace(vectors=training.vectors[rows], kind=kind[rows], weight=weight[rows])
        )
        held_out[out] = training.vectors[out] @ weights + intercept
        tested = fold[rated] <= number
        if min(np.bincount(liked[tested], minlength=2)) >= _ENOUGH:
            break
    return _platt(held_out[rated][tested], liked[tested])


def _folds(day: NDArray[np.int32], liked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The number of the fold of each rating."""
    days, which = np.unique(day, return_inverse=True)
    if len(days) >= _DAYS:
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

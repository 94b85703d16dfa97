"""How well readlist would have done on the owner's own history, and how sure that is.

Papers are compared within a day, never across days. The areas under the curve of the days (the
share of their pairs in which the liked paper is above) are joined as van Elteren does, "On the
combination of independent two-sample tests of Wilcoxon", 1960: a day with n liked and m other
papers weighs n * m / (n + m + 1), the inverse of its variance by chance. Other measures are means
over days. Intervals are of 95%, by the bootstrap over days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .fallback import is_like
from .history import opinions
from .replay import READLIST, HeldOut, Past, Setting, replay

_RESAMPLES = 2_000
_DEPTH = 10  # of nDCG
# Fewer tell nothing: days on which likes can be compared with something, and likes on them.
_DAYS = 3
_LIKES = 10
_DISLIKES = 10  # fewer, and what was left undecided stands for them
# Standard errors by chance that the area must be above one half, beside its interval: of few days
# the bootstrap is too sure.
_ERRORS = 3.0


class Interval(NamedTuple):
    mean: float
    low: float
    high: float


class Measured(NamedTuple):
    """One order on one day; None where there is nothing to compare.

    `auc` is among what was liked or disliked, `auc_all` among all candidates. `precision` is the
    share of liked papers among the picks, or among the first of a rival, as many.
    """

    auc: float | None
    auc_all: float | None
    ndcg: float | None
    precision: float | None


class Result(NamedTuple):
    """What came of a day; the liked and disliked are among its `candidates`."""

    day: date
    likes: int
    dislikes: int
    candidates: int
    measured: Mapping[str, Measured]  # by order


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How well each order did: `auc`, `ndcg` and `precision`, unless likes or days are missing.

    `passed_over`: dislikes were too few, so whatever was not liked on its day stands for them.
    `better`: readlist is better than chance, surely.
    """

    results: Sequence[Result]
    missing_likes: int = 0
    missing_days: int = 0
    passed_over: bool = False
    better: bool = False
    measures: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)


def evaluate(
    past: Past,
    *,
    setting: Setting,
    progress: Callable[[int, int], None] = lambda _done, _left: None,
) -> Evaluation:
    """`progress` is told how many models were trained and how many are left."""
    results = [_result(day, setting.picks) for day in replay(past, setting, progress)]
    ranked = [result for result in results if 0 < result.likes < result.candidates]
    likes = sum(result.likes for result in ranked)
    if likes < _LIKES or len(ranked) < _DAYS:
        # The first likes are learned from, and test nothing.
        first = not any(map(is_like, opinions(past.acts, {}, date.max)))
        return Evaluation(
            results=results,
            missing_likes=max(0, _LIKES - likes) + first,
            missing_days=max(0, _DAYS - len(ranked)) + first,
        )
    both = [result for result in results if result.likes and result.dislikes]
    passed_over = (
        len(both) < _DAYS
        or sum(result.likes for result in both) < _LIKES
        or sum(result.dislikes for result in both) < _DISLIKES
    )
    compared, area = (ranked, "auc_all") if passed_over else (both, "auc")
    weights = np.array([_weight(result, passed_over=passed_over) for result in compared])
    measures = {
        order: {
            "auc": _interval(compared, order, area, weights),
            "ndcg": _interval(ranked, order, "ndcg"),
            "precision": _interval(ranked, order, "precision"),
        }
        for order in (READLIST, *past.rivals)
    }
    ours = measures[READLIST]["auc"]
    # The variance of a day's area by chance is 1 / (12 * its weight).
    errors = (ours.mean - 0.5) * np.sqrt(12 * weights.sum())
    return Evaluation(
        results=results,
        passed_over=passed_over,
        better=bool(ours.low > 0.5 and errors > _ERRORS),
        measures=measures,
    )


def _result(day: HeldOut, picks: int) -> Result:
    liked, disliked = day.said == 1, day.said == -1
    likes = int(liked.sum())
    # Equal ones stand at random, alike in all orders; as they came in they may tell something.
    shuffle = np.random.default_rng(0).permutation(len(liked))
    measured = {}
    for order, score in day.scores.items():
        top = None
        if 0 < likes < len(liked):
            best = _best(score, shuffle, max(_DEPTH, picks))
            top = liked[best]
            first = liked[day.picks if order == READLIST else best[:picks]]
        measured[order] = Measured(
            auc=_area(score[liked], score[disliked]),
            auc_all=_area(score[liked], score[~liked]),
            ndcg=None if top is None else _ndcg(top[:_DEPTH], likes),
            precision=None if top is None else float(first.mean()),
        )
    return Result(day.day, likes, int(disliked.sum()), len(liked), measured)


def _area(liked: NDArray[Any], others: NDArray[Any]) -> float | None:
    """The share of the pairs in which the liked one is above; equal ones count half."""
    if not len(liked) or not len(others):
        return None
    below = np.sort(others)
    beaten = np.searchsorted(below, liked, "left") + np.searchsorted(below, liked, "right")
    return float(beaten.mean() / (2 * len(others)))


def _best(score: NDArray[Any], shuffle: NDArray[np.intp], number: int) -> NDArray[np.intp]:
    """The places of the highest scores, in order."""
    number = min(number, len(score))
    least = np.partition(score, -number)[-number]
    best = np.flatnonzero(score >= least)
    return best[np.lexsort((shuffle[best], -score[best]))][:number]


def _ndcg(hits: NDArray[np.bool_], wanted: int) -> float:
    """Of an order with these hits first; gains are 1 (Järvelin and Kekäläinen, "Cumulated
    gain-based evaluation of IR techniques", 2002).
    """
    gains = 1 / np.log2(np.arange(2, _DEPTH + 2))
    return float(gains[: len(hits)][hits].sum() / gains[:wanted].sum())


def _weight(result: Result, *, passed_over: bool) -> float:
    others = result.candidates - result.likes if passed_over else result.dislikes
    return result.likes * others / (result.likes + others + 1)


def _interval(
    results: Sequence[Result],
    order: str,
    measure: str,
    weights: NDArray[np.float64] | None = None,
) -> Interval:
    values = np.array([getattr(result.measured[order], measure) for result in results])
    if weights is None:
        weights = np.ones(len(values))
    # The same days are drawn for all orders.
    draws = np.random.default_rng(0).integers(0, len(values), (_RESAMPLES, len(values)))
    means = (values * weights)[draws].sum(axis=1) / weights[draws].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(np.average(values, weights=weights)), float(low), float(high))

"""How well a ranking found what was wanted, and how sure that is of other users."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom, rankdata

Scores = NDArray[np.floating]
Wanted = NDArray[np.bool_]

_RESAMPLES = 2_000
_DAY, _TOP = 300, 5


def measure(scores: Scores, wanted: Wanted) -> dict[str, float]:
    """Of candidates with a score, higher is better, of which some are wanted; ties count half."""
    ranks = _ranks(scores)[wanted]
    return {
        "auc": auc(scores, wanted),
        "ndcg@10": ndcg(ranks, 10),
        "ndcg@100": ndcg(ranks, 100),
        "recall@100": float((ranks <= 100).mean()),
        "top5of300": _in_the_top(ranks, len(scores)),
    }


def auc(scores: Scores, wanted: Wanted) -> float:
    """The chance that a wanted one is above another (Mann-Whitney)."""
    positive, negative = int(wanted.sum()), int((~wanted).sum())
    above = rankdata(scores)[wanted].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))


def ndcg(ranks: NDArray[np.intp], depth: int) -> float:
    """Of the ranks, from 1 on, of all that are wanted; gains are 1 (Järvelin and Kekäläinen 2002)."""
    ideal = (1 / np.log2(np.arange(2, min(len(ranks), depth) + 2))).sum()
    return float((1 / np.log2(ranks[ranks <= depth] + 1)).sum() / ideal)


def _in_the_top(ranks: NDArray[np.intp], candidates: int) -> float:
    """The chance that a wanted one is in the top 5 of a day: itself and 299 others at random that
    are not wanted.
    """
    others = candidates - len(ranks)
    above = np.sort(ranks) - np.arange(1, len(ranks) + 1)
    return float(hypergeom.cdf(_TOP - 1, others, above, min(_DAY - 1, others)).mean())


def _ranks(scores: Scores) -> NDArray[np.intp]:
    """From 1 on, best first; equal ones in a random order that is always the same."""
    shuffle = np.random.default_rng(0).permutation(len(scores))
    ranks = np.empty(len(scores), np.intp)
    ranks[np.lexsort((shuffle, -scores))] = np.arange(1, len(scores) + 1)
    return ranks


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean over users and its 95% interval by the bootstrap."""
    draws = np.random.default_rng(0).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), [0.025, 0.975])
    return float(values.mean()), float(low), float(high)

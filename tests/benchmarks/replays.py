"""A person's decisions, replayed: a method orders what is undecided, the person decides on the best,
it learns on. A triage goes on until all is decided; picks are what is best of the newest each day.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Rows = NDArray[np.intp]
Wanted = NDArray[np.bool_]
# From the rows decided so far, in that order, and whether each was liked, one score for every row
# of the pile, higher is better.
Rank = Callable[[Rows, Wanted], NDArray[np.floating]]
# From the same what turns scores into probabilities of a like; None while there is too little.
Calibrate = Callable[[Rows, Wanted], Callable[[NDArray], NDArray] | None]

CHECKPOINTS = (10, 25, 50)  # per cent of the pile
BINS = 10

_CALIBRATED_EVERY = 10  # answers
PICKS = 5  # a day
_COMING, _WEEK = 20, 7  # papers a day, days


class Checkpoint(NamedTuple):
    """What a method thinks of all that is undecided yet.

    `stated` is the probability of a like, if it has any, and `share` that of the likes among the
    decisions so far.
    """

    scores: NDArray[np.floating]
    wanted: Wanted
    stated: NDArray[np.floating] | None
    share: float


class Triage(NamedTuple):
    """`liked` and `stated` are of the papers in the order in which they were shown, without the
    start; `stated` is nan where no probability was. `ahead` has a checkpoint for each per cent.
    """

    liked: Wanted
    stated: NDArray[np.float64]
    ahead: dict[int, Checkpoint]


def starts(user: str, wanted: Wanted, number: int) -> list[tuple[int, int]]:
    """The rows of a like and a dislike, drawn by the user's name and the number of the start."""
    drawn = []
    for start in range(number):
        chance = np.random.default_rng([start, *user.encode()])
        like, dislike = (chance.choice(np.flatnonzero(kind)) for kind in (wanted, ~wanted))
        drawn.append((int(like), int(dislike)))
    return drawn


def replay(
    wanted: Wanted, start: tuple[int, int], rank: Rank, calibrate: Calibrate | None = None
) -> Triage:
    """All decisions from a start on. Of papers of equal scores a random one is shown, always the
    same: several reviews list what was wanted first.

    Where no probabilities are stated it ends with the last like: what follows cannot matter.
    """
    pile = len(wanted) - len(start)
    checkpoints = {round(pile * percent / 100): percent for percent in CHECKPOINTS}
    decided = np.array(start, np.intp)
    shuffled = np.random.default_rng(0).permutation(len(wanted))
    undecided = shuffled[~np.isin(shuffled, decided)]
    stated = np.full(pile, np.nan)
    ahead = {}
    for shown in range(pile):
        if calibrate is None and not wanted[undecided].any():
            break
        liked = wanted[decided]
        scores = rank(decided, liked)
        if shown % _CALIBRATED_EVERY == 0:
            probability = calibrate(decided, liked) if calibrate else None
        if shown in checkpoints:
            left = scores[undecided]
            chances = probability(left) if probability else None
            ahead[checkpoints[shown]] = Checkpoint(left, wanted[undecided], chances, liked.mean())
        best = int(scores[undecided].argmax())
        if probability:
            stated[shown] = probability(scores[undecided[best : best + 1]])[0]
        decided = np.append(decided, undecided[best])
        undecided = np.delete(undecided, best)
    order = np.append(decided, undecided)[len(start) :]
    return Triage(wanted[order], stated, ahead)


def daily(wanted: Wanted, start: tuple[int, int], rank: Rank, calibrate: Calibrate) -> Triage:
    """Papers come in 20 a day in a random order, always the same, and the person decides on the
    best five of those of the last week that are undecided.
    """
    coming = np.random.default_rng(1).permutation(len(wanted))
    coming = coming[~np.isin(coming, start)]
    decided = np.array(start, np.intp)
    stated = np.empty(0)
    for come in range(_COMING, len(coming) + 1, _COMING):
        liked = wanted[decided]
        scores, probability = rank(decided, liked), calibrate(decided, liked)
        week = coming[max(0, come - _WEEK * _COMING) : come]
        left = week[~np.isin(week, decided)]
        shown = left[np.argsort(-scores[left], kind="stable")[:PICKS]]
        chances = probability(scores[shown]) if probability else np.full(len(shown), np.nan)
        stated = np.append(stated, chances)
        decided = np.append(decided, shown)
    return Triage(wanted[decided[len(start) :]], stated, {})


def measure(triage: Triage) -> dict[str, float]:
    """Nan where there is nothing to measure: no like is left, or no probability stated."""
    found = {"wss@95": wss(triage.liked)}
    for percent in CHECKPOINTS:
        found[f"recall@{percent}%"] = recall(triage.liked, percent)
        found[f"auc@{percent}%"] = found[f"brier@{percent}%"] = np.nan
        found[f"share's brier@{percent}%"] = np.nan
    for percent, left in triage.ahead.items():
        if 0 < left.wanted.sum() < len(left.wanted):
            found[f"auc@{percent}%"] = roc_auc_score(left.wanted, left.scores)
        if left.stated is not None:
            found[f"brier@{percent}%"] = brier(left.stated, left.wanted)
            found[f"share's brier@{percent}%"] = brier(left.share, left.wanted)
    return found | measure_shown(triage, "when shown")


def measure_shown(triage: Triage, name: str) -> dict[str, float]:
    """The Brier scores of what was stated of papers as they were shown, and of the share of likes
    until then."""
    told = ~np.isnan(triage.stated)
    share = (triage.liked.cumsum() - triage.liked + 1) / np.arange(2, len(triage.liked) + 2)
    found = {f"brier {name}": triage.stated, f"share's brier {name}": share}
    return {
        metric: brier(stated[told], triage.liked[told]) if told.any() else np.nan
        for metric, stated in found.items()
    }


def wss(liked: Wanted, aim: float = 0.95) -> float:
    """Work saved over sampling (Cohen et al. 2006): the share of the pile that need not be seen to
    find so many of the likes, less the share that need not be seen in an order at random.
    """
    needed = int(np.ceil(aim * liked.sum()))
    seen = int(np.searchsorted(liked.cumsum(), needed)) + 1
    return (len(liked) - seen) / len(liked) - (1 - aim)


def recall(liked: Wanted, percent: int) -> float:
    """The share of the likes that are in the first so many per cent of the pile."""
    return float(liked[: round(len(liked) * percent / 100)].sum() / liked.sum())


def brier(stated: NDArray[np.floating] | float, wanted: Wanted) -> float:
    return float(np.square(stated - wanted).mean())


def reliability(stated: NDArray[np.floating], liked: Wanted) -> list[tuple[int, float, float]]:
    """The number, the mean probability stated and the share liked, by tenths of the probability;
    tenths without any, and papers of which none was stated, are left out.
    """
    stated, liked = stated[~np.isnan(stated)], liked[~np.isnan(stated)]
    tenth = np.minimum((stated * BINS).astype(int), BINS - 1)
    return [
        (int(inside.sum()), float(stated[inside].mean()), float(liked[inside].mean()))
        for inside in (tenth == number for number in range(BINS))
        if inside.any()
    ]

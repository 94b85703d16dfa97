"""What the owner did with papers, as likes and dislikes with a weight: how sure it is what was meant
(Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008).
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models import Opinion, Status

HALF_LIFE = 35.0  # days

_RATED = 1.0
_KEPT = 0.3  # later, reading or read without a rating
_SKIPPED = 0.3
_IGNORED = 0.2  # put forward as a pick, and left undecided; still more than a paper at random
_FLOOR = 0.3  # the share of its weight that an act keeps however old it is


class Labels(NamedTuple):
    """Likes and dislikes: arrays of one length, in the order of `paper_id`."""

    paper_id: NDArray[np.int64]
    y: NDArray[np.int8]  # 1 like, -1 dislike
    weight: NDArray[np.float32]  # above 0, 1 for a rating of now
    rated: NDArray[np.bool_]  # it is a rating; the others are guessed from the status
    day: NDArray[np.int32]  # of the newest act, as an ordinal; 0 if unknown


def labels(
    opinions: Iterable[Opinion],
    now: datetime,
    half_life: float = HALF_LIFE,
    interests: Sequence[int] = (),
) -> Labels:
    """The labels of those papers of which the opinion says anything; a paper occurs once.

    A rating counts fully and hides the status. After `half_life` days the weight has fallen half
    of the way to a floor, so that tastes may change and no like is ever lost; 0 turns this off.
    Of the `interests`, with the ids -1, -2 ..., 1 says that they are the owner's, -1 that not.
    """
    said = [(-number, stance, _RATED, False, 0) for number, stance in enumerate(interests, 1)]
    rows = sorted(
        (
            opinion.paper_id,
            1 if strength > 0 else -1,
            abs(strength) * _freshness(opinion.at, now, half_life),
            opinion.rating is not None,
            opinion.at.toordinal() if opinion.at else 0,
        )
        for opinion in opinions
        if (strength := _strength(opinion))
    )
    rows = sorted(said) + rows
    paper_id, y, weight, rated, day = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return Labels(
        np.array(paper_id, np.int64),
        np.array(y, np.int8),
        np.array(weight, np.float32),
        np.array(rated, np.bool_),
        np.array(day, np.int32),
    )


def _strength(opinion: Opinion) -> float:
    """Above 0 for a like, below for a dislike, 0 if it says nothing."""
    if opinion.rating:
        return _RATED * opinion.rating
    if opinion.status is Status.NEW:
        return -_IGNORED if opinion.ignored else 0.0
    return -_SKIPPED if opinion.status is Status.SKIPPED else _KEPT


def _freshness(at: datetime | None, now: datetime, half_life: float) -> float:
    if at is None or not half_life:
        return 1.0
    days = max(0.0, (now - at).total_seconds() / 86400)
    return _FLOOR + (1 - _FLOOR) * math.exp2(-days / half_life)

"""Toy histories: a reader of a toy world who decides on some papers each day."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np
from recommend.toy import world

from readlist.models import Act
from readlist.recommend.features import Text, features
from readlist.recommend.replay import Arrival, Past

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
# Of 200 papers and more, words that so many have would count for nothing.
WORLD = world(stars=95, cells=95)
STARS = range(1, 96)


def day(number: int) -> date:
    return BEGIN.date() + timedelta(days=number)


def act(number: int, paper_id: int, after: str | None, **rest: object) -> Act:
    """A rating, or a status, on the day of a number, in a step of its own."""
    field = "rating" if after in ("1", "-1", None) else "status"
    about = {"step": number * 1000 + paper_id, "what": "x", "field": field, "before": None}
    at = BEGIN + timedelta(days=number)
    return Act(**{"paper_id": paper_id, "after": after, "at": at, **about, **rest})


def decisions(
    rate: Callable[[int], str | None], *, days: int, each: int, seed: int = 0
) -> list[Act]:
    """So many papers decided on each day, drawn from the world at random; None leaves one be."""
    left = random.Random(seed).sample(list(WORLD), days * each)
    return [
        act(number, id, said)
        for number in range(days)
        for id in left[number * each : (number + 1) * each]
        if (said := rate(id))
    ]


def past(
    acts: list[Act],
    *,
    texts: Mapping[int, Text] = WORLD,
    came: Mapping[int, int] = {},
    arrivals: Mapping[int, Arrival] = {},
    shown: Mapping[int, date] = {},
) -> Past:
    """Of a history, the oldest first; papers came in a day before all, or on days by number."""
    known = {id: Arrival(day(came.get(id, -1)), "2026", None) for id in texts} | dict(arrivals)
    return Past.of(np.array(list(texts)), features(texts.values()), known, acts[::-1], shown)

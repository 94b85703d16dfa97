"""The days of a history, held out: how the papers of each would have been ordered then.

A whole day is held out at a time, since ratings of one day resemble each other. The model that
orders a day's papers knows what was there and what was said before the day, and nothing of what
came on it or after. Where there are more days than models, neighbouring days have the model of
the first of them. Pins, mutes and interests in plain words are left out: most say what the owner
wants today, and would know too much.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ..models import Act
from . import CANDIDATES, WANTED
from .choose import Best, put_forward
from .fallback import is_like
from .history import Day, days, opinions, standing
from .labels import labels
from .learn import fit
from .model import scores
from .pool import Floats, Ids, Pool

READLIST, NEWEST, UPVOTED = "readlist", "newest_first", "most_upvoted"

_MODELS = 30


class Arrival(NamedTuple):
    """When a paper came in, its date, and the most upvotes that are known of it."""

    day: date
    date: str
    upvotes: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A library with its history: papers as rows, in the order in which they came in.

    `arrived` are ordinals of days. `rivals` are other orders of the papers, as numbers of which
    higher is better; upvotes are those of today, which favours them. `acts` are standing.
    """

    paper_ids: Ids
    features: csr_matrix
    arrived: NDArray[np.int64]
    rivals: Mapping[str, NDArray[np.float64]]
    acts: Sequence[Act]
    shown: Mapping[int, date]

    @classmethod
    def of(
        cls,
        paper_ids: Ids,
        features: csr_matrix,
        arrivals: Mapping[int, Arrival],
        history: Sequence[Act],
        shown: Mapping[int, date],
    ) -> "Past":
        """`history` as `standing` takes it, `shown` as `opinions` does."""
        acts = standing(history)
        # A paper was there when it was acted on, though its entry may be younger, as after a merge.
        acted = {act.paper_id: act.at.date() for act in reversed(acts)}
        known = [arrivals[id] for id in paper_ids.tolist()]
        came = [
            min(paper.day, acted.get(id, paper.day)).toordinal()
            for id, paper in zip(paper_ids.tolist(), known, strict=True)
        ]
        order = np.argsort(came, kind="stable")
        rivals = {NEWEST: _places([paper.date for paper in known])[order]}
        if any(paper.upvotes for paper in known):
            voted = [(paper.upvotes or 0, paper.date) for paper in known]
            rivals[UPVOTED] = _places(voted)[order]
        arrived = np.array(came, np.int64)[order]
        return cls(paper_ids[order], features[order], arrived, rivals, acts, shown)

    def until(self, day: date) -> tuple[Ids, csr_matrix]:
        """Ids and features of the papers that came in before a day began; no copies."""
        rows = int(np.searchsorted(self.arrived, day.toordinal()))
        end = self.features.indptr[rows]
        parts = (
            self.features.data[:end],
            self.features.indices[:end],
            self.features.indptr[: rows + 1],
        )
        return self.paper_ids[:rows], csr_matrix(parts, shape=(rows, self.features.shape[1]))


class HeldOut(NamedTuple):
    """A day held out: what was undecided when it began or came in on it, with all its scores.

    `said` is 1 for what was liked on the day, -1 for disliked, 0 for what was left undecided. `picks`
    are the places of what would have been put forward, in order.
    """

    day: date
    paper_ids: Ids
    said: NDArray[np.int8]
    scores: Mapping[str, NDArray[np.floating[Any]]]  # by order, readlist's and its rivals'
    picks: list[int]


class Setting(NamedTuple):
    """Of learning, and of picks: how many, and the share of them that explores."""

    half_life: float
    picks: int
    explore: float


class _Learned(NamedTuple):
    """Scores of all papers that came in until some day; what was `wanted` and `rated`, as rows of
    the pool, before it.
    """

    pool: Pool
    scores: Floats
    wanted: Sequence[int]
    rated: Sequence[int]


def replay(past: Past, setting: Setting, progress: Callable[[int, int], None]) -> Iterator[HeldOut]:
    """The days on which the owner chose, from the first on which a like was known.

    `progress` is told how many models were trained and how many are left.
    """
    chosen = [day for day in days(past.acts) if day.learned and (day.liked or day.disliked)]
    rows = {id: row for row, id in enumerate(past.paper_ids.tolist())}
    models = min(_MODELS, len(chosen))
    for number in range(models):
        first, end = (len(chosen) * n // models for n in (number, number + 1))
        learned = _learn(past, chosen[first].day, chosen[end - 1].day, setting.half_life, rows)
        for day in chosen[first:end]:
            yield _held_out(past, day, learned, setting, rows)
        progress(1, models - number - 1)


def _learn(
    past: Past, first: date, last: date, half_life: float, rows: Mapping[int, int]
) -> _Learned:
    """Of the papers that came in until the day `last`, by what was known before `first`."""
    known = opinions(past.acts, past.shown, first)
    newest = max(opinion.at for opinion in known if opinion.at)
    model = fit(Pool.of(*past.until(first)), labels(known, newest, half_life))
    pool = Pool.of(*past.until(last + timedelta(days=1)), model.tfidf)
    here = {rows[opinion.paper_id]: opinion for opinion in known if opinion.paper_id in rows}
    wanted = sorted((row for row, opinion in here.items() if is_like(opinion)), reverse=True)
    rated = [row for row, opinion in here.items() if opinion.rating]
    return _Learned(pool, scores(pool, model), wanted[:WANTED], rated)


def _held_out(
    past: Past, day: Day, learned: _Learned, setting: Setting, rows: Mapping[int, int]
) -> HeldOut:
    there = int(np.searchsorted(past.arrived, day.day.toordinal(), side="right"))
    candidate, said = np.ones(there, np.bool_), np.zeros(there, np.int8)
    candidate[[rows[id] for id in (*day.decided, *day.aside) if id in rows]] = False
    for papers, mark in ((day.liked, 1), (day.disliked, -1)):
        said[[rows[id] for id in papers if id in rows]] = mark
    at = np.flatnonzero(candidate)
    theirs = {order: score[at] for order, score in past.rivals.items()}
    ours = learned.scores[at]
    first = np.argsort(-ours, kind="stable")[: max(CANDIDATES, setting.picks)]
    best = Best(learned.pool.vectors(at[first]), ours[first])
    wanted, rated = learned.pool.vectors(learned.wanted), learned.pool.vectors(learned.rated)
    chosen, new = put_forward(best, wanted, rated, setting.picks, setting.explore, day.day)
    picks = first[chosen + new].tolist()
    return HeldOut(day.day, past.paper_ids[at], said[at], {READLIST: ours, **theirs}, picks)


def _places(keys: Sequence[Any]) -> NDArray[np.float64]:
    """The place of each key among the different ones, from the lowest on."""
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], np.float64)

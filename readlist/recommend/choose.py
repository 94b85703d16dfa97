"""From the best of the undecided entries to picks with match, probability and reasons."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from ..models import Entry, Leaning, Pick, Reason
from .features import Text
from .grouping import interests_of
from .model import Calibration, Model, leaning, match, scores
from .picks import diversify, explore
from .pool import Floats
from .reasons import Liked, reasons

_ABOUT = 0.02  # of the spread of the candidates' scores: what is about as good


class Background(NamedTuple):
    """What picks are chosen and explained by.

    `undecided` are the scores of all undecided papers, ascending, as candidates have them; `wanted`
    papers that were liked or kept; `interests` are in plain words; `leanings` those that papers (by
    id) fit.
    """

    model: Model
    calibration: Calibration | None
    undecided: Sequence[float]
    liked: Sequence[Entry]
    disliked: Sequence[Entry]
    wanted: Sequence[Entry]
    interests: Sequence[str]
    leanings: Mapping[int, Sequence[Leaning]]


class Best(NamedTuple):
    """Vectors and scores of the best of the undecided, in order."""

    vectors: csr_matrix
    scores: NDArray[np.floating[Any]]


def put_forward(
    best: Best, wanted: csr_matrix, rated: csr_matrix, number: int, exploring: float, day: date
) -> tuple[list[int], list[int]]:
    """The places of those to put forward, in order: chosen ones, dealt out among the interests in
    what is `wanted`, and behind them the share `exploring`, unlike what is `rated`.
    """
    unsure = round(number * exploring) if len(best.scores) > number else 0
    interests = interests_of(wanted, best.vectors)
    chosen = diversify(best.vectors, best.scores, number - unsure, interests)
    return chosen, explore(best.vectors, rated, chosen, unsure, day.toordinal())


def choose(
    candidates: Sequence[Entry],
    known: Background,
    number: int,
    *,
    exploring: float,
    popular: bool,
    day: date,
) -> list[Pick]:
    """So many picks of the candidates, thinned where they repeat each other.

    The last ones, as many as the share `exploring` says, are those that the model can learn most
    from. Where `popular`, upvotes decide between those that are about as good.
    """
    pool = known.model.pool(_texts(candidates))
    said = [Text("", text) for text in known.interests]
    ours = scores(pool, known.model) + _said(candidates, known)
    bonus = _bonus(candidates, ours) if popular else np.zeros_like(ours)
    order = np.lexsort((_ids(candidates), -(ours + bonus)))
    plain = np.lexsort((_ids(candidates), -ours)).tolist()
    liked = _liked(known, said)
    wanted = known.model.pool([*_texts(known.wanted), *said]).vectors()
    not_liked = known.model.pool(_texts(known.disliked)).vectors()
    rated = vstack([liked.vectors, not_liked], format="csr")
    best = Best(pool.vectors(order), (ours + bonus)[order])
    chosen, new = put_forward(best, wanted, rated, number, exploring, day)
    undecided = np.asarray(known.undecided)
    found = []
    for place in chosen + new:
        row = int(order[place])
        entry = candidates[row]
        why = reasons(Text.of(entry.paper), known.model, liked, known.leanings.get(entry.id, ()))
        if place in new:
            why = (Reason(kind="explore", text="unlike what you rated; what you say will teach"),)
        elif plain.index(row) > place and bonus[row] > 0:
            why = (*why, Reason(kind="popular", text=f"{_upvotes(entry):,} upvotes"))
        found.append(
            Pick(
                entry=entry,
                match=match(entry.score or 0.0, undecided),
                probability=known.calibration.probability(float(ours[row]))
                if known.calibration
                else None,
                reasons=why,
            )
        )
    return found


def _said(entries: Sequence[Entry], known: Background) -> Floats:
    """What leanings add to the scores."""
    sums = [sum(leaning(one.stance) for one in known.leanings.get(e.id, ())) for e in entries]
    return np.array(sums, np.float32)


def _bonus(entries: Sequence[Entry], ours: Floats) -> NDArray[np.float64]:
    """By upvotes on a logarithmic scale, at most what is about as good."""
    votes = np.log1p([_upvotes(entry) for entry in entries])
    most = votes.max(initial=0)
    return votes / (most or 1) * _ABOUT * float(np.ptp(ours) if len(ours) else 0)


def _upvotes(entry: Entry) -> int:
    return max((s.upvotes for s in entry.paper.sightings if s.upvotes), default=0)


def _liked(known: Background, said: Sequence[Text]) -> Liked:
    return Liked.of(
        _ids(known.liked),
        [entry.paper.title for entry in known.liked],
        known.interests,
        known.model.pool([*_texts(known.liked), *said]).vectors(),
    )


def _texts(entries: Sequence[Entry]) -> list[Text]:
    return [Text.of(entry.paper) for entry in entries]


def _ids(entries: Sequence[Entry]) -> NDArray[np.int64]:
    return np.array([entry.id for entry in entries], np.int64)

"""From the best of the undecided entries to picks with match, probability and reasons."""

from collections.abc import Sequence

import numpy as np

from ..models import Entry, Pick
from .features import counts
from .model import Calibration, Model, match, scores
from .picks import diversify
from .pool import Pool
from .reasons import Liked, reasons


def choose(
    candidates: Sequence[Entry],
    liked: Sequence[Entry],
    model: Model,
    calibration: Calibration | None,
    undecided: Sequence[float],
    number: int,
) -> list[Pick]:
    """So many picks of the candidates, thinned where they repeat each other.

    `undecided` are the scores of all undecided papers, ascending, as candidates have them.
    """
    pool = _pool(candidates, model)
    ours = scores(pool, model)
    order = np.lexsort((pool.paper_ids, -ours))
    chosen = order[diversify(pool.vectors(order), ours[order], number)].tolist()
    near = _pool(liked, model)
    known = Liked(
        near.paper_ids, [entry.paper.title for entry in liked], near.vectors(np.arange(len(liked)))
    )
    everyone = np.asarray(undecided)
    return [
        Pick(
            entry=candidates[row],
            match=match(candidates[row].score or 0.0, everyone),
            probability=calibration.probability(float(ours[row])) if calibration else None,
            reasons=reasons(
                candidates[row].paper.title, candidates[row].paper.abstract, model, known
            ),
        )
        for row in chosen
    ]


def _pool(entries: Sequence[Entry], model: Model) -> Pool:
    ids = np.array([entry.id for entry in entries], np.int64)
    texts = ((entry.paper.title, entry.paper.abstract) for entry in entries)
    return Pool.of(ids, counts(texts), model.tfidf)

"""Carries a library's history to the evaluation."""

from collections.abc import Callable
from dataclasses import replace

from .learning import _read_texts
from .library import Library
from .models import Act
from .recommend.arrays import unpack_counts
from .recommend.evaluation import Evaluation
from .recommend.evaluation import evaluate as evaluate_past
from .recommend.features import VERSION
from .recommend.replay import Arrival, Past


def evaluate(
    library: Library,
    *,
    picks: int,
    decay_per_day: float,
    reading: Callable[[int, int], None] = lambda _done, _left: None,
    replaying: Callable[[int, int], None] = lambda _done, _left: None,
) -> Evaluation:
    """How well readlist would have done on the library's own history, in the local time zone.

    The history begins with the last reset.

    `reading` is told how many new papers were read and how many are left; `replaying` the same
    of models.
    """
    _read_texts(library, reading)
    blocks = [(block.ids, block.arrays) for block in library.features(VERSION)]
    arrivals = {
        id: Arrival(added.astimezone().date(), date, upvotes)
        for id, added, date, upvotes in library.arrivals()
    }
    reset = library.last_reset()
    history = [
        replace(act, at=act.at.astimezone())
        for act in library.history()
        if isinstance(act, Act) and (reset is None or act.at > reset)
    ]
    ids, counts = unpack_counts(blocks, list(arrivals))
    past = Past.of(ids, counts, arrivals, history, library.first_shown())
    return evaluate_past(past, picks=picks, decay_per_day=decay_per_day, progress=replaying)

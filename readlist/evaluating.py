"""Carries a library's history to the evaluation."""

from collections.abc import Callable
from dataclasses import replace

from .learning import read_texts
from .library import Library
from .models import Act
from .recommend import VERSION
from .recommend.arrays import unpack_features
from .recommend.evaluation import Evaluation
from .recommend.evaluation import evaluate as evaluate_past
from .recommend.replay import Arrival, Past, Setting


def evaluate(
    library: Library,
    *,
    setting: Setting,
    reading: Callable[[int, int], None] = lambda _done, _left: None,
    replaying: Callable[[int, int], None] = lambda _done, _left: None,
) -> Evaluation:
    """How well readlist would have done on the library's own history, in the local time zone.

    The history begins with the last reset.

    `reading` is told how many new papers were read and how many are left; `replaying` the same
    of models.
    """
    read_texts(library, reading)
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
    ids, features = unpack_features(blocks, list(arrivals))
    past = Past.of(ids, features, arrivals, history, library.first_shown())
    return evaluate_past(past, setting=setting, progress=replaying)

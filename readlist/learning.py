"""Carries values between the library and the recommender, which do not know each other.

The recommender is imported where it is needed: picks that were made before, in a library that has
not changed since, need none of it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from .library import Block, Filter, Library, Sort
from .models import Entry, Opinion, Pick, Reason
from .recommend import fallback

_CHUNK = 2_000  # papers whose features are made and kept at a time
_CANDIDATES = 300  # of the best, among which picks are thinned
_LIKED = 2_000  # the latest likes that reasons look at


class Trained(NamedTuple):
    """On what a model was trained, in papers; `weaker` signs are other than ratings."""

    likes: int
    dislikes: int
    weaker: int
    papers: int


def picks(
    library: Library,
    *,
    number: int,
    filter: Filter,
    today: date,
    decay_per_day: float,
    progress: Callable[[int, int], None] = lambda _done, _left: None,
) -> list[Pick]:
    """What to read next of the undecided entries of a filter.

    Nothing but the library, the day and the arguments decides. `progress` is told how many new
    papers were read and how many are left.
    """
    filter = replace(filter, undecided=True)
    opinions = library.opinions(today)
    state = _state(library, opinions, decay_per_day)
    request = json.dumps([state, number, str(filter)])
    if saved := library.saved_picks(request):
        return _load(library, saved)
    found = _new_picks(library, number, filter, opinions, state, decay_per_day, progress)
    if not library.read_only:
        library.save_picks(request, _dump(found))
    return found


def train(
    library: Library,
    *,
    today: date,
    decay_per_day: float,
    progress: Callable[[int, int], None] = lambda _done, _left: None,
) -> Trained | None:
    """Train the model and score all papers; None where there is no like to learn from."""
    opinions = library.opinions(today)
    return _train(
        library, opinions, _state(library, opinions, decay_per_day), decay_per_day, progress
    )


def has_unscored(library: Library) -> bool:
    """Whether papers came in since there is a model; training anew scores them."""
    known = library.model()
    return known is not None and not known[0].startswith(f"papers {library.state()[0]} ")


def _state(library: Library, opinions: Sequence[Opinion], decay_per_day: float) -> str:
    """What a model depends on: while it is the same, so is the model."""
    revision, act, step = library.state()
    ignored = sum(opinion.ignored for opinion in opinions)
    return f"papers {revision} acts {act} steps {step} ignored {ignored} decay {decay_per_day}"


def _new_picks(
    library: Library,
    number: int,
    filter: Filter,
    opinions: Sequence[Opinion],
    state: str,
    decay_per_day: float,
    progress: Callable[[int, int], None],
) -> list[Pick]:
    known = library.model()
    if known is None or known[0] != state:
        _train(library, opinions, state, decay_per_day, progress)
        known = library.model()
    if known is None:
        entries = library.entries(Filter(ids=tuple(library.queue(filter)[:number])))
        return fallback.picks(entries, disliked=any(o.rating == -1 for o in opinions))

    from .recommend.arrays import unpack_model
    from .recommend.choose import choose

    candidates = list(library.entries(filter, Sort.SCORE, max(_CANDIDATES, number)))
    liked = list(library.entries(Filter(ratings=(1,)), Sort.ADDED, _LIKED))
    undecided = library.undecided_scores()
    return choose(candidates, liked, *unpack_model(known[1]), undecided, number)


def _train(
    library: Library,
    opinions: Sequence[Opinion],
    state: str,
    decay_per_day: float,
    progress: Callable[[int, int], None],
) -> Trained | None:
    if not any(fallback.is_like(opinion) for opinion in opinions):
        library.drop_model()
        return None

    from .recommend.arrays import pack_model, unpack_counts
    from .recommend.features import VERSION
    from .recommend.labels import labels
    from .recommend.learn import calibrate, fit
    from .recommend.model import scores
    from .recommend.pool import Pool

    _read_texts(library, progress)
    blocks = [(block.ids, block.arrays) for block in library.features(VERSION)]
    pool = Pool.of(*unpack_counts(blocks, library.ids()))
    # The age of an act is reckoned from the last one, so that a day without any changes nothing.
    last = max((o.at for o in opinions if o.at), default=datetime.min.replace(tzinfo=UTC))
    known = labels(opinions, last, decay_per_day)
    model, calibration = fit(pool, known), calibrate(pool, known)
    library.save_model(
        state,
        pack_model(model, calibration),
        zip(pool.paper_ids.tolist(), scores(pool, model).tolist(), strict=True),
    )
    ratings = [opinion.rating for opinion in opinions]
    return Trained(
        likes=ratings.count(1),
        dislikes=ratings.count(-1),
        weaker=ratings.count(None),
        papers=len(pool.paper_ids),
    )


def _read_texts(library: Library, progress: Callable[[int, int], None]) -> None:
    """Make and keep the features of papers that are new or changed."""
    from .recommend.arrays import pack_counts, pack_ids
    from .recommend.features import VERSION, counts

    revision = library.features_revision(VERSION)
    left = library.state()[0] - revision
    while rows := library.texts(revision, _CHUNK):
        ids = [id for _, id, _, _ in rows]
        arrays = pack_counts(counts((title, abstract) for _, _, title, abstract in rows))
        left -= rows[-1][0] - revision
        revision = rows[-1][0]
        library.add_features(VERSION, revision, Block(len(ids), pack_ids(ids), arrays))
        progress(len(ids), left)


def _dump(picks: Sequence[Pick]) -> str:
    return json.dumps(
        [
            [p.entry.id, p.match, p.probability, [[r.kind, r.text, r.paper_id] for r in p.reasons]]
            for p in picks
        ]
    )


def _load(library: Library, saved: str) -> list[Pick]:
    rows = json.loads(saved)
    entries: dict[int, Entry] = {
        entry.id: entry for entry in library.entries(Filter(ids=tuple(row[0] for row in rows)))
    }
    return [
        Pick(
            entry=entries[id],
            match=match,
            probability=probability,
            reasons=tuple(
                Reason(kind=kind, text=text, paper_id=paper_id) for kind, text, paper_id in reasons
            ),
        )
        for id, match, probability, reasons in rows
    ]

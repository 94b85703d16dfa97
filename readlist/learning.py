"""Carries values between the library and the recommender, which do not know each other.

The recommender is imported where it is needed: picks that were made before, in a library that has
not changed since, need none of it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from .library import Block, Filter, Library, Sort
from .models import Entry, Leaning, Opinion, Pick, Reason
from .recommend import CANDIDATES, VERSION, WANTED, fallback

_CHUNK = 2_000  # papers whose features are made and kept at a time

_LIKED = 2_000  # the latest likes that reasons look at


Progress = Callable[[int, int], None]  # told how many papers were read, and how many are left


class Taste(NamedTuple):
    """What the settings say for learning: see `labels` for the half-life, in days."""

    half_life: float
    interests: tuple[str, ...] = ()


class Choice(NamedTuple):
    """How many picks, the share of them that explores, and whether upvotes break ties."""

    number: int
    explore: float = 0.1
    popular: bool = True


class Trained(NamedTuple):
    """On what a model was trained, in papers; `weaker` signs are other than ratings."""

    likes: int
    dislikes: int
    weaker: int
    papers: int


class Known(NamedTuple):
    """All that a model learns from, and a text that differs when any of it does."""

    opinions: Sequence[Opinion]
    interests: Sequence[tuple[str, int]]  # with their stances
    muted: Sequence[Leaning]  # of the interests
    half_life: float
    state: str

    @property
    def enough(self) -> bool:
        """Whether there is anything to learn from: a like, or an interest."""
        wanted = any(stance > 0 for _, stance in self.interests)
        return wanted or any(map(fallback.is_like, self.opinions))

    @property
    def texts(self) -> list[str]:
        """The interests, as `read_pool` takes them."""
        return [text for text, _ in self.interests]

    def standing(self, leant: Mapping[int, Sequence[Leaning]]) -> "Known":
        """With the opinions that count: likes of what is about a muted interest do no longer."""
        muted = set(self.muted)
        opinions = [
            opinion
            for opinion in self.opinions
            if not muted.intersection(leant.get(opinion.paper_id, ()))
            or not fallback.is_like(opinion)
        ]
        return self._replace(opinions=opinions)

    def labels(self) -> Any:
        """The `Labels` that a model is trained on, those of interests among them."""
        from .recommend.labels import labels

        # The age of acts is reckoned from the last, so that a day without any changes nothing.
        last = max((o.at for o in self.opinions if o.at), default=datetime.min.replace(tzinfo=UTC))
        return labels(self.opinions, last, self.half_life, [stance for _, stance in self.interests])


def picks(
    library: Library,
    *,
    choice: Choice,
    filter: Filter,
    today: date,
    taste: Taste,
    progress: Progress = lambda _done, _left: None,
) -> list[Pick]:
    """What to read next of the undecided entries of a filter.

    Nothing but the library, the day and the arguments decides.
    """
    filter = replace(filter, undecided=True)
    known = read_known(library, today, taste)
    request = json.dumps([known.state, choice, str(filter), str(today)])
    if saved := library.saved_picks(request):
        return _load(library, saved)
    found = _new_picks(library, choice, filter, today, known, progress)
    if not library.read_only:
        library.save_picks(request, _dump(found))
    return found


def train(
    library: Library,
    *,
    today: date,
    taste: Taste,
    progress: Progress = lambda _done, _left: None,
) -> Trained | None:
    """Train the model and score all papers; None where there is nothing to learn from."""
    return _train(library, read_known(library, today, taste), progress)


def learned(
    library: Library,
    *,
    today: date,
    taste: Taste,
    progress: Progress = lambda _done, _left: None,
) -> tuple[Known, bytes | None]:
    """What the owner said by now and the model of it as it is cached, trained first where there is
    need; None where there is nothing to learn from.
    """
    known = read_known(library, today, taste)
    return known, _model(library, known, progress)


def last_model(library: Library, *, today: date, taste: Taste) -> tuple[bytes, bool] | None:
    """The cached model of this method, and whether it is of what the owner said by now."""
    saved = library.model()
    if saved is None or f" method {VERSION} " not in saved[0]:
        return None
    return saved[1], saved[0] == read_known(library, today, taste).state


def has_unscored(library: Library) -> bool:
    """Whether papers came in since there is a model; training anew scores them."""
    known = library.model()
    return known is not None and not known[0].startswith(f"papers {library.state()[0]} ")


def read_known(library: Library, today: date, taste: Taste) -> Known:
    opinions = library.opinions(today)
    revision, act, step = library.state()
    ignored = sum(opinion.ignored for opinion in opinions)
    pinned = [(text, 1) for text in taste.interests]
    leant = [each for each in library.leanings() if each.kind == "interest"]
    state = (
        f"papers {revision} acts {act} steps {step} ignored {ignored} method {VERSION}"
        f" {json.dumps(taste)}"
    )
    return Known(
        opinions,
        [*pinned, *((each.name, each.stance) for each in leant)],
        [each for each in leant if each.stance < 0],
        taste.half_life,
        state,
    )


def _new_picks(
    library: Library,
    choice: Choice,
    filter: Filter,
    today: date,
    known: Known,
    progress: Progress,
) -> list[Pick]:
    saved = _model(library, known, progress)
    if saved is None:
        pool = read_pool(library, (), progress) if known.muted else None
        leant = leant_papers(library, known.muted, pool)
        left = [id for id in library.queue(filter) if not _muted(leant, id)]
        first = sorted(left, key=lambda id: id not in leant)[: choice.number]
        entries = {entry.id: entry for entry in library.entries(Filter(ids=tuple(first)))}
        return fallback.picks(
            [entries[id] for id in first],
            leant,
            disliked=any(o.rating == -1 for o in known.opinions),
        )

    from .recommend.arrays import unpack_model
    from .recommend.choose import Background, choose
    from .recommend.features import Text

    wanted = tuple(o.paper_id for o in known.opinions if fallback.is_like(o))
    model, calibration = unpack_model(saved)
    # What is muted has the least scores of all.
    best = list(library.entries(filter, Sort.SCORE, max(CANDIDATES, choice.number)))
    texts = (Text.of(entry.paper) for entry in best)
    leant = leant_papers(library, known.muted, model.pool(texts, [entry.id for entry in best]))
    candidates = [entry for entry in best if not _muted(leant, entry.id)]
    likes = tuple(o.paper_id for o in known.opinions if o.rating == 1)
    liked = list(library.entries(Filter(ids=likes), Sort.ADDED, _LIKED))
    dislikes = tuple(o.paper_id for o in known.opinions if o.rating == -1)
    disliked = list(library.entries(Filter(ids=dislikes), Sort.ADDED, _LIKED))
    background = Background(
        model=model,
        calibration=calibration,
        undecided=library.undecided_scores(),
        liked=liked,
        disliked=disliked,
        wanted=list(library.entries(Filter(ids=wanted), Sort.ADDED, WANTED)),
        interests=[text for text, stance in known.interests if stance > 0],
        leanings=leant,
    )
    return choose(
        candidates,
        background,
        choice.number,
        exploring=choice.explore,
        popular=choice.popular,
        day=today,
    )


def _model(library: Library, known: Known, progress: Progress) -> bytes | None:
    """The cached model of what is known, trained first where it is of something else."""
    saved = library.model()
    if saved is None or saved[0] != known.state:
        _train(library, known, progress)
        saved = library.model()
    return saved[1] if saved else None


def _train(library: Library, known: Known, progress: Progress) -> Trained | None:
    if not known.enough:
        library.drop_model()
        return None

    from .recommend.arrays import pack_model
    from .recommend.calibration import calibrate
    from .recommend.learn import fit
    from .recommend.model import scores

    pool = read_pool(library, known.texts, progress)
    leant = leant_papers(library, known.muted, pool)
    known = known.standing(leant)
    if not known.enough:
        library.drop_model()
        return None
    said = known.labels()
    model, calibration = fit(pool, said), calibrate(pool, said)
    found = dict(zip(pool.paper_ids.tolist(), scores(pool, model).tolist(), strict=True))
    for id, lift in lifts(leant).items():
        found[id] += lift
    library.save_model(
        known.state,
        pack_model(model, calibration),
        ((id, score) for id, score in found.items() if id > 0),
    )
    ratings = [opinion.rating for opinion in known.opinions]
    return Trained(
        likes=ratings.count(1),
        dislikes=ratings.count(-1),
        weaker=ratings.count(None),
        papers=sum(id > 0 for id in found),
    )


def leant_papers(library: Library, muted: Sequence[Leaning], pool: Any) -> dict[int, list[Leaning]]:
    """The leanings that each paper fits, by its id; `muted` interests only of the papers of a pool,
    which may be None without any.
    """
    found = library.leant_papers()
    if muted:
        from .recommend.interests import about

        for leaning in muted:
            for id in pool.paper_ids[about(pool, leaning.name)].tolist():
                found.setdefault(id, []).append(leaning)
    return found


def lifts(leant: Mapping[int, Sequence[Leaning]]) -> dict[int, float]:
    """What leanings add to the scores of papers, by their ids."""
    from .recommend.model import leaning

    return {id: sum(leaning(one.stance) for one in each) for id, each in leant.items()}


def _muted(leant: Mapping[int, Sequence[Leaning]], paper_id: int) -> bool:
    return any(leaning.stance < 0 for leaning in leant.get(paper_id, ()))


def read_pool(
    library: Library,
    interests: Sequence[str] = (),
    progress: Progress = lambda _done, _left: None,
) -> Any:
    """The `Pool` of all papers; features of those that are new or changed are made and kept.

    An interest is a text without a paper: the first has the number -1, the second -2.
    """
    from .recommend.arrays import unpack_features
    from .recommend.features import Text, features
    from .recommend.pool import Pool, joined

    read_texts(library, progress)
    blocks = [(block.ids, block.arrays) for block in library.features(VERSION)]
    ids, known = unpack_features(blocks, library.ids())
    if interests:
        ids, known = joined(ids, known, features(Text("", text) for text in interests))
    return Pool.of(ids, known)


def read_texts(library: Library, progress: Progress = lambda _done, _left: None) -> None:
    """Make and keep the features of papers that are new or changed."""
    from .recommend.arrays import pack_features, pack_ids
    from .recommend.features import Text, features

    revision = library.features_revision(VERSION)
    left = library.state()[0] - revision
    while rows := library.texts(revision, _CHUNK):
        ids = [row.paper_id for row in rows]
        texts = (Text(r.title, r.abstract, r.authors, r.categories, r.venue) for r in rows)
        arrays = pack_features(features(texts))
        left -= rows[-1].revision - revision
        revision = rows[-1].revision
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

"""Carries what there is to explain to the recommender: scores, topics, and what was learned."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from . import learning
from .learning import Progress, Taste
from .library import Filter, Library, Sort
from .models import Entry, Opinion
from .recommend import fallback

if TYPE_CHECKING:
    from .recommend.account import Share
    from .recommend.why import Why

_SAID = 2_000  # the latest likes, and as many dislikes, that a paper is compared with
_NAMES = 500  # of them, from which names of features are taken
_BEST = 300  # undecided papers, each of which is nearest to one of the topics
_EACH = 5  # names of a kind that say what was learned


class Account(NamedTuple):
    """Why an entry has its score, among so many undecided papers; without a model a `fallback`."""

    entry: Entry
    why: "Why | None"
    undecided: int = 0
    fallback: str = ""


class Topic(NamedTuple):
    """An interest that the model sees: a group of likes, or one in plain words.

    `name` is the owner's word for it or else its terms; `stance` what is said of it; `likes` how
    many it has; `near` how many of the best undecided papers are nearer to it than to others.
    """

    name: str
    stance: int
    terms: tuple[str, ...]
    likes: int
    examples: tuple[Entry, ...]
    near: int


class Learned(NamedTuple):
    """What adds and takes most, of each kind; whether that is by all that was said by now."""

    current: bool
    weights: Sequence["Share"]


def why(
    library: Library,
    ids: Sequence[int],
    *,
    today: date,
    taste: Taste,
    progress: Progress = lambda _done, _left: None,
) -> list[Account]:
    """The accounts of papers, by a model that is trained first where there is need."""
    known, saved = learning.learned(library, today=today, taste=taste, progress=progress)
    entries = [library.get(id) for id in ids]
    if saved is None:
        disliked = any(opinion.rating == -1 for opinion in known.opinions)
        picks = fallback.picks(entries, disliked=disliked)
        return [Account(pick.entry, None, fallback=pick.reasons[0].text) for pick in picks]

    from .recommend.arrays import unpack_model
    from .recommend.features import Text
    from .recommend.why import Said, Surroundings, why

    learned = unpack_model(saved)
    said = [
        Said("liked" if entry.rating == 1 else "disliked", entry.paper.title, entry.id, text)
        for rating in (1, -1)
        for entry in _rated(library, known.opinions, rating, _SAID)
        for text in [Text.of(entry.paper)]
    ]
    said += [
        Said("interest", interest, None, Text("", interest))
        for interest, stance in known.interests
        if stance > 0
    ]
    around = Surroundings(said, learned[0])
    undecided = library.undecided_scores()
    pool = learned[0].pool((Text.of(entry.paper) for entry in entries), ids)
    leanings = learning.leant_papers(library, known.muted, pool)
    return [
        Account(
            entry,
            why(entry, around, leanings.get(entry.id, ()), undecided, learned),
            len(undecided),
        )
        for entry in entries
    ]


def topics(
    library: Library,
    *,
    today: date,
    taste: Taste,
    progress: Progress = lambda _done, _left: None,
) -> list[Topic]:
    """The owner's interests as the model sees them, the largest first; none without a model."""
    known, saved = learning.learned(library, today=today, taste=taste, progress=progress)
    if saved is None:
        return []

    from .recommend.arrays import unpack_model
    from .recommend.features import Text
    from .recommend.labels import labels
    from .recommend.topics import Like, topics

    model, _ = unpack_model(saved)
    strength = labels(known.opinions, datetime.min.replace(tzinfo=UTC), 0)
    weight = {
        id: weight
        for id, y, weight in zip(
            strength.paper_id.tolist(), strength.y.tolist(), strength.weight.tolist(), strict=True
        )
        if y > 0
    }
    liked = {
        entry.id: entry for entry in library.entries(Filter(ids=tuple(weight)), Sort.ADDED, _SAID)
    }
    best = library.entries(Filter(undecided=True), Sort.SCORE, _BEST)
    found = topics(
        [Like(id, Text.of(entry.paper), weight[id]) for id, entry in liked.items()],
        known.interests,
        [(entry.id, Text.of(entry.paper)) for entry in best],
        model,
    )
    return [
        Topic(
            each.interest or ", ".join(each.terms),
            each.stance,
            each.terms,
            len(each.members),
            tuple(liked[id] for id in each.examples),
            len(each.near),
        )
        for each in found
    ]


def learned(library: Library, *, today: date, taste: Taste) -> Learned | None:
    """What the model that was trained last learned; None where there is none."""
    last = learning.last_model(library, today=today, taste=taste)
    if last is None:
        return None

    from .recommend.arrays import unpack_model
    from .recommend.features import Text
    from .recommend.why import strongest

    saved, current = last
    opinions = library.opinions(today)
    texts = [
        Text.of(entry.paper)
        for rating in (1, -1)
        for entry in _rated(library, opinions, rating, _NAMES)
    ]
    return Learned(current, strongest(texts, unpack_model(saved)[0], _EACH))


def _rated(
    library: Library, opinions: Iterable[Opinion], rating: int, number: int
) -> Iterator[Entry]:
    """The latest papers that count as liked or disliked."""
    ids = tuple(opinion.paper_id for opinion in opinions if opinion.rating == rating)
    return library.entries(Filter(ids=ids), Sort.ADDED, number)

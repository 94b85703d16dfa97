"""Why a paper has its score: its shares, what it is near, what is against it, what would raise it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .. import ids
from ..models import Entry, Leaning
from .account import Share, account
from .features import Text, facts, terms
from .model import Calibration, Model, match
from .picks import cosines
from .similar import shared
from .wording import distinct, telling

_FAINT = 0.5  # of what is close: what is less alike is not near
_FELT = 0.01  # of a score: papers in general and liked ones are about 2 apart
_NEAREST = 2
_RAISING = 3
_AGAINST = 4
_LOW = 50  # per cent


class Said(NamedTuple):
    """Something that the owner said: a paper `liked` or `disliked`, or an `interest`, by its text."""

    kind: str
    name: str
    paper_id: int | None
    text: Text


class Near(NamedTuple):
    """What was said, its cosine with a paper, and up to 4 terms that both have."""

    said: Said
    similarity: float
    terms: tuple[str, ...]


class Raise(NamedTuple):
    """What would raise a score: to `like` papers about terms, or to `pin` or `unmute` a name."""

    act: str
    kind: str
    names: tuple[str, ...]


class Why(NamedTuple):
    """The account of a paper. `shares` sum to its score; `match` is the per cent of undecided
    papers that it beats. `doubts` are of the lower half only, and what is `raising` of what is
    undecided.
    """

    shares: tuple[Share, ...]
    match: int
    probability: float | None
    near: tuple[Near, ...]
    doubts: tuple[str, ...]
    raising: tuple[Raise, ...]


class Surroundings:
    """All that was said, to be compared with paper after paper."""

    def __init__(self, said: Sequence[Said], model: Model) -> None:
        self._said = said
        self._model = model
        self._vectors = model.pool(each.text for each in said).vectors()

    def nearest(self, paper_id: int, text: Text) -> list[Near]:
        """Up to 2 of each kind, liked ones first, then the nearest; never the paper itself."""
        paper = self._model.pool([text])
        vector = paper.vectors()
        similar = cosines(self._vectors, vector)[:, 0]
        found = []
        for kind in ("liked", "interest", "disliked"):
            of_kind = [
                row
                for row, said in enumerate(self._said)
                if said.kind == kind
                and said.paper_id != paper_id
                and similar[row] >= _FAINT * self._model.close
            ]
            for row in sorted(of_kind, key=lambda row: -similar[row])[:_NEAREST]:
                said = self._said[row]
                found.append(Near(said, float(similar[row]), shared(said.text, vector, paper)))
        return found


def why(
    entry: Entry,
    around: Surroundings,
    leanings: Sequence[Leaning],
    undecided: Sequence[float],
    learned: tuple[Model, Calibration | None],
) -> Why:
    """`leanings` are those that the paper fits; `undecided` the scores of all such papers, ascending."""
    model, calibration = learned
    text = Text.of(entry.paper)
    shares = account(text, model, leanings)
    score = sum(share.amount for share in shares) if entry.score is None else entry.score
    among = sorted([*undecided, score]) if entry.decided else undecided
    better_than = match(score, np.asarray(among))
    near = around.nearest(entry.id, text)
    low = better_than < _LOW or any(leaning.stance < 0 for leaning in leanings)
    return Why(
        tuple(shares),
        better_than,
        calibration.probability(score) if calibration else None,
        tuple(near),
        tuple(doubts(text, shares, near, model.close)) if low else (),
        () if entry.decided else tuple(raising(text, model, shares, leanings)),
    )


def raising(
    text: Text, model: Model, shares: Sequence[Share], leanings: Sequence[Leaning]
) -> list[Raise]:
    """What of this paper the owner has not spoken for: each of these raises its score."""
    found = [Raise("unmute", each.kind, (each.name,)) for each in leanings if each.stance < 0]
    if lacking := unloved(text, model, shares):
        found.append(Raise("like", "term", tuple(lacking)))
    known = [set(ids.words(each.name)) for each in leanings if each.kind == "author"]
    free = (
        author
        for author in text.authors
        if (words := set(ids.words(author))) and not any(said <= words for said in known)
    )
    if author := next(free, None):
        found.append(Raise("pin", "author", (author,)))
    return found


def unloved(text: Text, model: Model, shares: Sequence[Share]) -> list[str]:
    """Up to 3 terms of a paper about which the owner has not liked anything, of the title first.

    They have most weight in the paper's vector and none, or one below 0, in the model: to like
    other papers with them raises the score.
    """
    weight = _weights(text, model)
    amounts = {share.name: share.amount for share in shares if share.kind == "term"}
    columns = terms(text)
    title = terms(Text(text.title, ""))
    open_to_it = [
        term
        for term in columns
        if telling(term) and columns[term] in weight and amounts.get(term, 0) <= 0
    ]
    by_weight = sorted(open_to_it, key=lambda t: (t not in title, -weight[columns[t]], t))
    return distinct(by_weight, _RAISING)


def _weights(text: Text, model: Model) -> dict[int, float]:
    vector = model.pool([text]).vectors()
    return dict(zip(vector.indices.tolist(), vector.data.tolist(), strict=True))


def doubts(text: Text, shares: Sequence[Share], near: Sequence[Near], close: float) -> list[str]:
    """What speaks against a paper, a sentence each."""
    found = [f"{s.name} is muted, and never put forward" for s in shares if s.kind == "muted"]
    against = [
        s.name for s in shares if s.kind == "term" and s.amount <= -_FELT and telling(s.name)
    ]
    if against:
        found.append(f"against it speak {', '.join(distinct(against, _AGAINST))}")
    liked, disliked = (_closest(near, kind) for kind in ("liked", "disliked"))
    if liked is None:
        found.append("it shares next to nothing with what you liked")
    elif liked.similarity < close:
        found.append("it shares little with what you liked, even with the closest")
    if disliked and disliked.similarity > (liked.similarity if liked else 0):
        found.append(f"it is closer to what you disliked: {disliked.said.name}")
    if not text.abstract:
        found.append("no abstract of it is known; 'readlist enrich' may find one")
    return found


def strongest(texts: Iterable[Text], model: Model, number: int) -> list[Share]:
    """So many names of each kind, of those that texts have, that add or take most.

    The amount is what it is in a paper of median length.
    """
    columns: dict[str, dict[int, str]] = {}
    for text in texts:
        named = [*facts(text).items(), *((("term", term), at) for term, at in terms(text).items())]
        for (kind, name), column in named:
            columns.setdefault(kind, {}).setdefault(column, name)
    found = []
    for kind, names in sorted(columns.items()):
        at = np.fromiter(names, np.int64, len(names))
        adds = model.weights[at] * model.tfidf.weight[at] / model.tfidf.pivot
        amounts = {
            name: float(amount)
            for name, amount in zip(names.values(), adds, strict=True)
            if amount and (kind != "term" or telling(name))
        }
        by_amount = sorted(amounts, key=lambda name: (-abs(amounts[name]), name))
        first = distinct(by_amount, number) if kind == "term" else by_amount[:number]
        found += [Share(kind, name, amounts[name]) for name in first]
    return found


def _closest(near: Sequence[Near], kind: str) -> Near | None:
    return next((each for each in near if each.said.kind == kind), None)

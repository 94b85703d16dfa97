"""What every feature of a paper, and everything said of it, adds to its score.

The score is linear in the features, so each adds its weight times its value in the paper's vector,
and nothing is left over.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ..models import Leaning
from .features import Text, facts, terms
from .model import Model, leaning, scores


class Share(NamedTuple):
    """What one thing adds to a score, or takes from it.

    `kind` is `term`, `author`, `category` or `venue`, `pinned` or `muted` (what the owner said, its
    own kind before its name), or `start`: where every paper begins.
    """

    kind: str
    name: str
    amount: float


def account(text: Text, model: Model, leanings: Iterable[Leaning] = ()) -> list[Share]:
    """Shares that sum to the paper's score, each name once, the greatest amounts first.

    Of features that share a column by their hash the first one named has all of it.
    """
    paper = model.pool([text])
    vector = paper.vectors()
    left = dict(
        zip(vector.indices.tolist(), vector.data * model.weights[vector.indices], strict=True)
    )
    start = model.intercept if left else model.unknown
    named = [(*fact, column) for fact, column in facts(text).items()]
    named += [("term", term, column) for term, column in terms(text).items()]
    found = [Share(kind, name, float(left.pop(column, 0))) for kind, name, column in named]
    found += [
        Share("pinned" if each.stance > 0 else "muted", f"{each.kind} {each.name}", by)
        for each in leanings
        if (by := leaning(each.stance))
    ]
    by_amount = sorted(found, key=lambda share: (-abs(share.amount), share.kind, share.name))
    return [*(share for share in by_amount if share.amount), Share("start", "", start)]


def score(text: Text, model: Model, leanings: Iterable[Leaning] = ()) -> float:
    paper = model.pool([text])
    return float(scores(paper, model)[0]) + sum(leaning(each.stance) for each in leanings)

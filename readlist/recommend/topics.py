"""What the owner's likes are about: groups of them, named by their own terms."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from .features import Text, terms
from .grouping import groups
from .model import Model
from .picks import cosines
from .wording import distinct, telling

Rows = NDArray[np.intp] | None

_TERMS = 5
_TITLE = 4  # times as much as in an abstract
_EXAMPLES = 3


class Like(NamedTuple):
    paper_id: int
    text: Text
    weight: float


class Topic(NamedTuple):
    """A group of likes, by their ids: all of them, and the most central. If the owner said `interest`
    of it, `stance` is 1 (more of it) or -1, else 0. An interest that no group is about has no
    members, and the liked papers closest to it as examples.

    `near` are those of the candidates that are closer to it than to any other topic.
    """

    terms: tuple[str, ...]
    interest: str
    stance: int
    members: tuple[int, ...]
    examples: tuple[int, ...]
    near: tuple[int, ...]


def topics(
    likes: Sequence[Like],
    interests: Sequence[tuple[str, int]],
    candidates: Sequence[tuple[int, Text]],
    model: Model,
) -> list[Topic]:
    """The groups of likes, the heaviest first, then other interests (with their stances) that are
    the owner's, as they are given.
    """
    likes = sorted(likes)
    vectors = model.pool(like.text for like in likes).vectors()
    group = groups(vectors)
    rows = [np.flatnonzero(group == number) for number in np.unique(group)]
    rows.sort(key=lambda some: (-sum(likes[row].weight for row in some), some[0]))
    names = [_names([likes[row] for row in some], model) for some in rows]
    about = [_interest(terms, interests) for terms in names]
    others = [each for each in interests if each[1] > 0 and each not in about]
    said = [Text("", interest) for interest, _ in others]
    means = [csr_matrix(vectors[some].mean(axis=0)) for some in rows]
    around = vstack([*means, model.pool(said).vectors()], "csr")
    closeness = cosines(vectors, around)
    nearest = _nearest(around, candidates, model)

    def topic(number: int, terms: tuple[str, ...], said: tuple[str, int], own: Rows) -> Topic:
        central = np.flatnonzero(closeness[:, number] > 0) if own is None else own
        central = central[np.argsort(-closeness[central, number], kind="stable")][:_EXAMPLES]
        return Topic(
            terms,
            *said,
            members=() if own is None else tuple(likes[row].paper_id for row in own),
            examples=tuple(likes[row].paper_id for row in central),
            near=tuple(id for id, at in nearest if at == number),
        )

    found = [topic(n, *each) for n, each in enumerate(zip(names, about, rows, strict=True))]
    found += [topic(n, (), each, None) for n, each in enumerate(others, len(rows))]
    return found


def _interest(names: Sequence[str], interests: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """The last interest that has most of a group's terms; ("", 0) for none."""
    found = ("", 0)
    for interest, stance in interests:
        known = terms(Text("", interest))
        if names and sum(name in known for name in names) > len(names) / 2:
            found = (interest, stance)
    return found


def _names(likes: Sequence[Like], model: Model) -> tuple[str, ...]:
    """Up to 5 terms that are frequent in a group, in its titles most of all, and rare in the pool;
    no word is said twice.
    """
    weight: defaultdict[str, float] = defaultdict(float)
    papers: defaultdict[str, int] = defaultdict(int)
    titles: set[str] = set()
    for like in likes:
        title = terms(Text(like.text.title, ""))
        titles.update(title)
        for term, column in terms(like.text).items():
            # Above the 1 that every term has which is in all papers.
            rarity = float(model.tfidf.idf[column]) - 1
            if rarity > 0:
                # A pair says more to a reader than each of its words, and holds both.
                amount = like.weight * rarity * math.sqrt(len(term.split()))
                weight[term] += amount * (_TITLE if term in title else 1)
                papers[term] += 1
    # Abstracts are full of what is said of any paper; no title is.
    least = max(min(2, len(likes)), len(likes) / 4)
    named = [term for term in weight if term in titles and papers[term] >= least and telling(term)]
    return tuple(distinct(sorted(named, key=lambda term: (-weight[term], term)), _TERMS))


def _nearest(
    centres: csr_matrix, candidates: Sequence[tuple[int, Text]], model: Model
) -> list[tuple[int, int]]:
    """Each candidate's id with the row of the nearest centre; those near to none are left out."""
    if not candidates or not centres.shape[0]:
        return []
    near = cosines(model.pool(text for _, text in candidates).vectors(), centres)
    return [
        (id, int(row.argmax()))
        for (id, _), row in zip(candidates, near, strict=True)
        if row.max() > 0
    ]

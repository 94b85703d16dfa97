"""What the owner's likes are about: groups of them, named by their own terms.

Liked papers are put into groups by average linkage of the cosines of their TF-IDF vectors (Sokal and
Michener, 1958), by the terms that two of them or more have. Where that leaves nearly all of many papers together,
they are as Ward (1963) has them. How many groups there are is decided
by the silhouette (Rousseeuw, 1987): the fewest of those nearly as good as the best.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, vstack
from scipy.spatial.distance import squareform
from sklearn.metrics import silhouette_score

from .features import Text, terms
from .model import Model
from .picks import cosines
from .pool import TERMS
from .wording import distinct, telling

Rows = NDArray[np.intp] | None
Group = NDArray[np.int64]  # the number of the group of each paper

_MOST = 8  # groups
_NEARLY = 0.9  # of the best silhouette
_MANY, _NEARLY_ALL = 100, 0.75
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
    centres = vstack([*means, model.pool(said).vectors()], "csr")
    closeness = cosines(vectors, centres)
    nearest = _nearest(centres, candidates, model)

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


def groups(vectors: csr_matrix) -> Group:
    """The number of the group of each row."""
    papers = vectors.shape[0]
    if papers < 3:
        return np.zeros(papers, np.int64)
    shared = np.bincount(vectors.indices, minlength=TERMS)[:TERMS] > 1
    common = vectors[:, np.flatnonzero(shared)]
    distance = np.clip(1 - cosines(common, common), 0, 1)
    np.fill_diagonal(distance, 0)
    found = _cut(linkage(squareform(distance, checks=False), "average"), distance)
    if papers >= _MANY and np.bincount(found).max() > _NEARLY_ALL * papers:
        # The Euclidean distances of vectors of norm 1.
        found = _cut(linkage(squareform(np.sqrt(2 * distance), checks=False), "ward"), distance)
    return found


def _cut(tree: NDArray[np.float64], distance: NDArray[np.floating[Any]]) -> Group:
    """The fewest groups of those whose silhouette is nearly the best; one if none is above 0."""
    papers = len(distance)
    by_number: dict[int, Group] = {
        number: fcluster(tree, number, "maxclust").astype(np.int64)
        for number in range(2, min(_MOST, papers - 1) + 1)
    }
    quality = {
        number: float(silhouette_score(distance, group, metric="precomputed"))
        for number, group in by_number.items()
        if 1 < len(np.unique(group)) < papers
    }
    best = max(quality.values(), default=0)
    if best <= 0:
        return np.zeros(papers, np.int64)
    return by_number[min(n for n, found in quality.items() if found >= _NEARLY * best)]


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

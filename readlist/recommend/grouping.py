"""Likes into groups, for an owner may have several interests.

By average linkage (Sokal and Michener, 1958) of the cosines of their vectors, in the terms that two
of them or more have. Where that leaves nearly all of many papers together, they are as Ward (1963)
has them. How many groups there are is decided by the silhouette (Rousseeuw, 1987).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, vstack
from scipy.spatial.distance import squareform

from .picks import Interests, cosines
from .pool import TERMS

Group = NDArray[np.int64]  # the number of the group of each paper, from 0 on
Distances = NDArray[np.float64]

_MOST = 8  # groups
_NEARLY = 0.9  # of the best silhouette
_MANY, _NEARLY_ALL = 100, 0.75
_FAINT = 1e-6


def groups(vectors: csr_matrix) -> Group:
    papers = vectors.shape[0]
    if papers < 3:
        return np.zeros(papers, np.int64)
    shared = np.bincount(vectors.indices, minlength=TERMS)[:TERMS] > 1
    common = vectors[:, np.flatnonzero(shared)]
    distance = np.clip(1 - cosines(common, common).astype(np.float64), 0, 1)
    np.fill_diagonal(distance, 0)
    found = _cut(linkage(squareform(distance, checks=False), "average"), distance)
    if papers >= _MANY and np.bincount(found).max() > _NEARLY_ALL * papers:
        # The Euclidean distances of vectors of norm 1.
        found = _cut(linkage(squareform(np.sqrt(2 * distance), checks=False), "ward"), distance)
    return found


def interests_of(wanted: csr_matrix, candidates: csr_matrix) -> Interests:
    """The groups of what is wanted, as the interests among which candidates are dealt out.

    A candidate belongs to a group by its squared cosine with the mean of that: what is like several
    is of all of these, so that groups that are nearly one count as little more than one.
    """
    group = groups(wanted)
    if not group.any():
        return Interests(np.ones(1), np.ones((candidates.shape[0], 1)))
    means = [csr_matrix(wanted[group == number].mean(axis=0)) for number in np.unique(group)]
    around = vstack(means, format="csr")

    def belonging(vectors: csr_matrix) -> NDArray[np.float64]:
        near = np.maximum(cosines(vectors, around), _FAINT).astype(np.float64) ** 2
        found: NDArray[np.float64] = near / near.sum(axis=1, keepdims=True)
        return found

    return Interests(belonging(wanted).mean(axis=0), belonging(candidates))


def _cut(tree: NDArray[np.float64], distance: Distances) -> Group:
    """The fewest groups of those whose silhouette is nearly the best; one if none is above 0."""
    papers = len(distance)
    found = [np.zeros(papers, np.int64)]
    for number in range(2, min(_MOST, papers - 1) + 1):
        group = np.unique(fcluster(tree, number, "maxclust"), return_inverse=True)[1]
        if 1 < group.max() + 1 < papers:
            found.append(group.astype(np.int64))
    quality = [0.0, *(_silhouette(distance, group) for group in found[1:])]
    best = max(quality)
    return next(g for g, one in zip(found, quality, strict=True) if one >= _NEARLY * best)


def _silhouette(distance: Distances, group: Group) -> float:
    """The mean over papers of (b - a) / max(a, b): a is the mean distance to the others of the
    own group, b to those of the nearest other group; 0 for a paper that is alone.
    """
    member = np.eye(group.max() + 1)[group]
    size, own = member.sum(axis=0), member > 0
    others = np.maximum(size - own, 1)
    mean = distance @ member / others
    a = mean[own]
    b = np.where(own, np.inf, mean).min(axis=1)
    width = (b - a) / np.maximum(np.maximum(a, b), _FAINT)
    return float(np.where(size[group] > 1, width, 0).mean())

"""A triage under way: what is left is ordered anew after each answer, as fast as keys are pressed.

The order is the one that `fit` and `scores` would give. What makes it fast is that the vectors of
all papers that can matter are made once, in as few columns as they need.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array, hstack

from .asking import ask
from .labels import Labels
from .learn import BACKGROUND, Examples, background_of, compress, lots, solve
from .pool import Floats, Ids, Pool


class Sitting:
    """The papers of a queue, those that labels are or may be of, and enough others.

    `lifts` is what leanings add to the scores of papers. Labels of papers that are neither in the
    queue nor among the `labelled` count for nothing.
    """

    def __init__(
        self,
        pool: Pool,
        queue: Sequence[int],
        labelled: Iterable[int] = (),
        lifts: Mapping[int, float] = {},
    ) -> None:
        queued = np.array(queue, np.int64)
        queued = queued[np.isin(queued, pool.paper_ids)]
        rows = _held(pool.paper_ids, np.concatenate([queued, np.array([*labelled], np.int64)]))
        self._total = len(pool.paper_ids)
        self._ids = pool.paper_ids[rows]  # ascending
        self._vectors = _dense(pool.vectors(rows))
        self._drawn = np.argsort(lots(self._ids))
        self._blank = pool.norms[rows] == 0
        self._lifts = np.array([lifts.get(id, 0.0) for id in self._ids.tolist()], np.float32)
        self._queue = np.searchsorted(self._ids, queued)

    def scores(self, labels: Labels) -> Floats:
        """One score for each paper that is held."""
        labels, labelled = self._labelled(labels)
        background = self._background(labelled)
        known = Examples(
            labels,
            self._vectors[np.concatenate([labelled, background])],
            np.concatenate([labels.y, np.zeros(len(background), np.int8)]),
            np.concatenate([labels.weight, np.ones(len(background), np.float32)]),
            len(background) / max(1, self._total - len(labelled)),
            np.arange(self._vectors.shape[1]),
        )
        weights, intercept = solve(known)
        products = self._vectors @ weights
        if len(background):
            products[self._blank] = products[background].mean()
        found: Floats = products + np.float32(intercept) + self._lifts
        return found

    def order(self, scores: Floats) -> list[int]:
        """The papers of the queue, best first; those of one score as they stood."""
        best = np.argsort(-scores[self._queue], kind="stable")
        ids: list[int] = self._ids[self._queue[best]].tolist()
        return ids

    def questions(
        self, labels: Labels, scores: Floats | None, decided: Iterable[int], number: int
    ) -> list[int]:
        """So many papers of the queue to ask about, the one to learn most from first.

        `scores` is None as long as there is nothing to learn from.
        """
        labels, labelled = self._labelled(labels)
        kind = np.zeros(len(self._ids), np.int8)
        kind[labelled] = labels.y
        free = self._queue[~np.isin(self._ids[self._queue], [*decided])]
        rows = ask(self._vectors, kind, scores, free, number)
        ids: list[int] = self._ids[rows].tolist()
        return ids

    def _labelled(self, labels: Labels) -> tuple[Labels, NDArray[np.intp]]:
        """The labels of papers that are held, and their rows."""
        present = np.isin(labels.paper_id, self._ids)
        labels = Labels._make(column[present] for column in labels)
        return labels, np.searchsorted(self._ids, labels.paper_id)

    def _background(self, labelled: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows that `background_of` gives, from lots that are in order already."""
        free = np.ones(len(self._ids), np.bool_)
        free[labelled] = False
        first = self._drawn[: BACKGROUND + len(labelled)]
        return np.sort(first[free[first]][:BACKGROUND])


def _held(paper_ids: Ids, needed: Ids) -> NDArray[np.intp]:
    """Rows, by id, of what is needed and of whatever else can become background."""
    rows = np.flatnonzero(np.isin(paper_ids, needed))
    rows = np.concatenate([rows, background_of(paper_ids, needed)])
    return rows[np.argsort(paper_ids[rows])]


def _dense(vectors: csr_matrix) -> csr_matrix:
    """The vectors in fewer columns: those that only one of them has are one.

    The products of vectors stay as they are, and so does whatever is learned from them.
    """
    number = vectors.shape[0]
    alone = np.bincount(vectors.indices, minlength=vectors.shape[1])[vectors.indices] == 1
    row = np.repeat(np.arange(number), np.diff(vectors.indptr))
    own = np.sqrt(np.bincount(row[alone], vectors.data[alone] ** 2, number)).astype(np.float32)
    shared = vectors.copy()
    shared.data[alone] = 0
    shared.eliminate_zeros()
    dense = csr_matrix(hstack([compress(shared)[1], diags_array(own)], format="csr"))
    dense.eliminate_zeros()
    return dense

"""What was learned, as a value: scores for papers, and what a score means to the owner."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .features import Text, features
from .pool import Floats, Pool, Tfidf

_PINNED, _MUTED = 1.0, -10.0


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A linear model over TF-IDF: a paper's score is its vector times `weights`, + `intercept`.

    `weights` is float32 of shape (`COLUMNS`,). `unknown` is the score of a paper of which no term
    has a weight: that of a paper drawn at random. `close` is the cosine from which on papers are
    near each other; hardly any two drawn at random are. The fewer papers there are, the less their
    weights tell words that mean nothing from those that do, and the greater it is.
    """

    tfidf: Tfidf
    weights: Floats
    intercept: float
    unknown: float
    close: float

    def pool(self, texts: Iterable[Text], paper_ids: Sequence[int] | None = None) -> Pool:
        """Texts, weighed as the model does; without ids they are numbered from 0 on."""
        rows = features(texts)
        ids = np.arange(rows.shape[0]) if paper_ids is None else np.array(paper_ids, np.int64)
        return Pool.of(ids, rows, self.tfidf)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays for `numpy.savez`; `from_arrays` is the way back."""
        return {
            "idf": self.tfidf.idf,
            "weights": self.weights,
            "scalars": np.array([self.tfidf.pivot, self.intercept, self.unknown, self.close]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Model":
        pivot, *scalars = arrays["scalars"].tolist()
        return cls(Tfidf(arrays["idf"], pivot), arrays["weights"], *scalars)


class Calibration(NamedTuple):
    """Platt scaling: the logistic function of `slope * score + intercept`."""

    slope: float
    intercept: float

    def probability(self, score: float) -> float:
        """That the owner likes a paper of this score, were it rated; never falls as it rises."""
        # The hyperbolic tangent is the same function and does not overflow.
        return 0.5 + 0.5 * math.tanh((self.slope * score + self.intercept) / 2)


def scores(pool: Pool, model: Model) -> Floats:
    """One score a paper of the pool, higher is better. The pool is weighed by `model.tfidf`."""
    if pool.tfidf is not model.tfidf:
        raise ValueError("make the pool with the model's own tfidf: Pool.of(…, model.tfidf)")
    known = pool.dot(model.weights) + np.float32(model.intercept)
    return np.where(pool.norms > 0, known, np.float32(model.unknown))


def leaning(stance: int) -> float:
    """What it adds to a score that a paper fits what is pinned (1) or muted (-1).

    To be pinned takes a paper half of the way from others to what is liked (-1 to 1); no text makes
    up for being muted.
    """
    return _PINNED if stance > 0 else _MUTED


def match(score: float, undecided: NDArray[np.floating[Any]]) -> int:
    """The per cent of the other undecided papers that a score beats, 1 to 100.

    `undecided` are the scores of all undecided papers, ascending, this one among them. Alone it
    beats them all.
    """
    others = len(undecided) - 1
    if others < 1:
        return 100
    beaten = int(np.searchsorted(undecided, score, side="left"))
    return min(100, max(1, 100 * beaten // others))

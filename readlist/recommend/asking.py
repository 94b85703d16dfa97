"""Which papers to ask about: stand-in until the real one lands."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .pool import Floats


def ask(
    vectors: csr_matrix,
    kind: NDArray[np.int8],  # noqa: ARG001
    scores: Floats | None,
    free: NDArray[np.intp],
    number: int,
) -> list[int]:
    """Rows among `free` to ask about, the best question first."""
    if scores is None:
        mean = np.asarray(vectors.mean(axis=0)).ravel()
        doubt = -(vectors[free] @ mean)
    else:
        doubt = np.abs(scores[free])
    rows: list[int] = free[np.argsort(doubt, kind="stable")[:number]].tolist()
    return rows

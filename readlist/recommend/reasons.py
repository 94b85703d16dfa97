"""Why a paper was put forward, in words that are true of the model."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from ..models import Reason
from .features import counts, counts_without, terms
from .model import Model, scores
from .picks import cosines
from .pool import Ids, Pool

_TERMS = 4
_TRIED = 12  # terms, of which those are stated whose absence is felt most
_TELLING = 0.03  # of the strongest: what says less than this is left unsaid
_NEAR = 2
# Of random pairs of papers in machine learning, fewer than one in 1,000 has a greater cosine.
_CLOSE = 0.1


class Liked(NamedTuple):
    """The papers that the owner liked, in one order: `vectors` are rows of `Pool.vectors`."""

    paper_ids: Ids
    titles: Sequence[str]
    vectors: csr_matrix


def reasons(title: str, abstract: str, model: Model, liked: Liked) -> tuple[Reason, ...]:
    """What speaks for a paper: up to 4 of its terms as one reason, and up to 2 liked papers.

    Each term raises the paper's score: it would be lower without the term in the text. Never
    empty: where nothing speaks for the paper, a fallback says so.
    """
    paper = _pool(counts([(title, abstract)]), model)
    found = []
    if stated := _telling_terms(title, abstract, paper, model):
        found.append(Reason(kind="terms", text=", ".join(stated)))
    found += _near(paper, liked)
    nothing = "nothing you liked is close to it; it ranks highest of what is left"
    return tuple(found) or (Reason(kind="fallback", text=nothing),)


def _telling_terms(title: str, abstract: str, paper: Pool, model: Model) -> list[str]:
    """Terms by how far the score falls without them; no word is stated twice.

    A pair takes the place of a word in it.
    """
    vector = paper.vectors(np.array([0]))
    gains = dict(zip(vector.indices, vector.data * model.weights[vector.indices], strict=True))
    columns = terms(title, abstract)
    gain = {term: float(gains.get(column, 0)) for term, column in columns.items()}
    tried = [term for term in sorted(gain, key=lambda t: (-gain[t], t))[:_TRIED] if gain[term] > 0]
    without = scores(_pool(counts_without(title, abstract, tried), model), model)
    falls = scores(paper, model)[0] - without
    fall = {term: float(by) for term, by in zip(tried, falls, strict=True) if by > 0}

    by_fall = sorted(fall, key=lambda t: (-fall[t], t))
    stated: list[str] = []
    for term in by_fall:
        repeated = [other for other in stated if _stems(term) & _stems(other)]
        if not repeated and fall[term] >= _TELLING * fall[by_fall[0]]:
            stated.append(term)
        elif len(repeated) == 1 and repeated[0] in term.split():
            # Does the pair say most of what the word says?
            word = stated.index(repeated[0])
            if fall[term] >= fall[repeated[0]] / 2:
                stated[word] = term
    return sorted(stated, key=by_fall.index)[:_TERMS]


def _stems(term: str) -> set[str]:
    return {word.removesuffix("s") for word in term.split()}


def _near(paper: Pool, liked: Liked) -> list[Reason]:
    similar = cosines(liked.vectors, paper.vectors(np.array([0])))[:, 0]
    nearest = np.lexsort((liked.paper_ids, -similar))[:_NEAR]
    return [
        Reason(kind="near", text=liked.titles[row], paper_id=int(liked.paper_ids[row]))
        for row in nearest.tolist()
        if similar[row] >= _CLOSE
    ]


def _pool(counts: csr_matrix, model: Model) -> Pool:
    return Pool.of(np.arange(counts.shape[0]), counts, model.tfidf)

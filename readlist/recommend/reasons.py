"""Why a paper was put forward, in words that are true of the model."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ..models import Leaning, Reason
from .account import Share, account
from .fallback import pinned
from .features import Text, facts, terms, without
from .interests import about
from .model import Model, scores
from .picks import cosines
from .pool import COLUMNS, Ids, Pool
from .wording import stems, telling

_TERMS = 4
_TRIED = 12  # terms, of which those are stated whose absence is felt most
_TELLING = 0.03  # of the strongest: what says less than this is left unsaid
_NEAR = 2
_SHARED = 2  # liked papers that have the same author, or term


class Liked(NamedTuple):
    """The papers that the owner liked, in one order, and interests in plain words.

    `vectors` are rows of `Pool.vectors`, first of the papers, then of the interests; `having` says of
    each column how many of the papers have it.
    """

    paper_ids: Ids
    titles: Sequence[str]
    interests: Sequence[str]
    vectors: csr_matrix
    having: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        paper_ids: Ids,
        titles: Sequence[str],
        interests: Sequence[str],
        vectors: csr_matrix,
    ) -> "Liked":
        having = np.bincount(vectors[: len(paper_ids)].indices, minlength=COLUMNS)
        return cls(paper_ids, titles, interests, vectors, having)


def reasons(
    text: Text, model: Model, liked: Liked, leanings: Sequence[Leaning] = ()
) -> tuple[Reason, ...]:
    """What speaks for a paper: what is pinned, authors, up to 4 of its terms, an interest, and up
    to 2 liked papers.

    Each of the first three raises the score, which would be lower without. Never empty: where
    nothing speaks for the paper, a fallback says so.
    """
    paper = model.pool([text])
    shares = account(text, model)
    found = pinned(leanings)
    found += _authors(text, shares, liked)
    if stated := _telling_terms(text, shares, paper, model, liked):
        found.append(Reason(kind="terms", text=", ".join(stated)))
    found += _near(paper, liked, model.close)
    nothing = "nothing you liked is close to it; it ranks highest of what is left"
    return tuple(found) or (Reason(kind="fallback", text=nothing),)


def _authors(text: Text, shares: Sequence[Share], liked: Liked) -> list[Reason]:
    columns = facts(text)
    return [
        Reason(kind="author", text=f"{share.name}, of whom you liked {count} papers")
        for share in shares
        if share.kind == "author"
        and share.amount > 0
        and (count := int(liked.having[columns["author", share.name]])) >= _SHARED
    ][:1]


def _telling_terms(
    text: Text, shares: Sequence[Share], paper: Pool, model: Model, liked: Liked
) -> list[str]:
    """Terms by how far the score falls without them; no word is stated twice.

    A pair takes the place of a word in it. What only one liked paper says may say little of taste:
    if there is more, it is left unsaid.
    """
    columns = terms(text)
    said = set(liked.vectors[len(liked.paper_ids) :].indices.tolist())
    adding = [
        share.name
        for share in shares
        if share.kind == "term" and share.amount > 0 and telling(share.name)
    ]
    common = [
        term for term in adding if liked.having[columns[term]] >= _SHARED or columns[term] in said
    ]
    tried = (common or adding)[:_TRIED]
    left = scores(Pool.of(np.arange(len(tried)), without(text, tried), model.tfidf), model)
    falls = scores(paper, model)[0] - left
    fall = {term: float(by) for term, by in zip(tried, falls, strict=True) if by > 0}

    by_fall = sorted(fall, key=lambda t: (-fall[t], t))
    stated: list[str] = []
    for term in by_fall:
        repeated = [other for other in stated if stems(term) & stems(other)]
        if not repeated and fall[term] >= _TELLING * fall[by_fall[0]]:
            stated.append(term)
        elif len(repeated) == 1 and repeated[0] in term.split():
            # Does the pair say most of what the word says?
            word = stated.index(repeated[0])
            if fall[term] >= fall[repeated[0]] / 2:
                stated[word] = term
    return sorted(stated, key=by_fall.index)[:_TERMS]


def _near(paper: Pool, liked: Liked, close: float) -> list[Reason]:
    similar = cosines(liked.vectors, paper.vectors())[:, 0]
    papers, interests = np.split(similar, [len(liked.paper_ids)])
    nearest = np.lexsort((liked.paper_ids, -papers))[:_NEAR].tolist()
    found = [
        Reason(kind="near", text=liked.titles[row], paper_id=int(liked.paper_ids[row]))
        for row in nearest
        if papers[row] >= close
    ]
    said = [
        (float(near), text)
        for near, text in zip(interests, liked.interests, strict=True)
        if near >= close or about(paper, text)[0]
    ]
    if said:
        found.insert(0, Reason(kind="interest", text=max(said)[1]))
    return found

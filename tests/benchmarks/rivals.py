"""What readlist is compared to: each ranks candidates from texts and likes, as published."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

Rows = NDArray[np.intp]
Rival = Callable[[csr_matrix, Rows, Rows, NDArray[np.int32]], NDArray[np.floating]]


def arxiv_sanity_features(texts: list[str]) -> csr_matrix:
    """TF-IDF as arxiv-sanity-lite's compute.py makes it, but of scikit-learn's tokens."""
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2),
        stop_words="english",
        max_features=20_000,
        max_df=0.1,
        min_df=5,
        sublinear_tf=True,
        dtype=np.float32,
    )
    return vectorizer.fit_transform(texts)


def arxiv_sanity(features: csr_matrix, likes: Rows, candidates: Rows, _year: object) -> NDArray:
    """arxiv-sanity-lite's serve.py: an SVM of the tagged against everything else."""
    y = np.zeros(features.shape[0], np.int8)
    y[likes] = 1
    svm = LinearSVC(class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01)
    return svm.fit(features, y).decision_function(features[candidates])


def mean_of_likes(features: csr_matrix, likes: Rows, candidates: Rows, _year: object) -> NDArray:
    mean = np.asarray(features[likes].mean(axis=0)).ravel()
    return features[candidates] @ mean


def zotero_arxiv_daily(
    features: csr_matrix, likes: Rows, candidates: Rows, _year: object
) -> NDArray:
    """zotero-arxiv-daily's reranker: similarity to each liked paper, the newest weighed most, with
    TF-IDF in place of its embeddings. `likes` are the oldest first.
    """
    weights = 1 / (1 + np.log10(np.arange(1, len(likes) + 1)))
    weights /= weights.sum()
    return np.asarray(features[candidates] @ (features[likes[::-1]].T @ weights)).ravel()


def newest(_features: object, _likes: Rows, candidates: Rows, year: NDArray[np.int32]) -> NDArray:
    return year[candidates].astype(float)


def at_random(_features: object, likes: Rows, candidates: Rows, _year: object) -> NDArray:
    return np.random.default_rng(likes[0]).random(len(candidates))


RIVALS: dict[str, Rival] = {
    "random": at_random,
    "newest": newest,
    "mean of likes": mean_of_likes,
    "arxiv-sanity-lite": arxiv_sanity,
    "zotero-arxiv-daily": zotero_arxiv_daily,
}

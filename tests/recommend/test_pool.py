import numpy as np
import pytest
from recommend.toy import pool_of, text, world
from scipy.sparse import vstack
from sklearn.feature_extraction.text import TfidfTransformer

from readlist.recommend.features import Text, facts, features, terms
from readlist.recommend.picks import cosines
from readlist.recommend.pool import COLUMNS, Pool, joined


def weight(texts, row, term):
    pool = pool_of(texts)
    return pool.vectors(np.array([row]))[0, terms(list(texts.values())[row])[term]]


def test_cosines_are_those_of_scikit_learns_tfidf():
    texts = world(stars=10, cells=10)
    matrix = features(texts.values()).astype(np.float64)
    several = matrix[:, np.flatnonzero(np.bincount(matrix.indices, minlength=COLUMNS) >= 2)]
    expected = TfidfTransformer().fit_transform(several)
    pool = pool_of(texts)
    vectors = pool.vectors(np.arange(20))
    assert cosines(vectors, vectors) == pytest.approx((expected @ expected.T).toarray(), abs=1e-5)


def test_a_term_of_one_paper_weighs_nothing():
    texts = {1: Text("Unheardof star", ""), 2: Text("Star", ""), 3: Text("Comet", "")}
    assert weight(texts, 0, "unheardof") == 0
    assert weight(texts, 0, "star") > 0


def test_a_term_of_most_papers_weighs_nothing_in_a_large_pool_only():
    assert weight(world(stars=20), 0, "study") > 0
    assert weight(world(stars=200), 0, "study") == 0


def test_a_rarer_term_weighs_more():
    texts = world(stars=5, cells=50) | {90: Text("pulsar enzyme", "")}
    assert weight(texts, 55, "pulsar") > weight(texts, 55, "enzyme") > 0


def test_products_are_those_of_the_vectors_however_many_papers_there_are():
    rows = features(world(stars=30, cells=30).values())
    pool = Pool.of(np.arange(9000), vstack([rows] * 150, format="csr"))
    weights = np.random.default_rng(0).standard_normal(COLUMNS).astype(np.float32)
    expected = pool.vectors(np.arange(9000)) @ weights
    assert pool.dot(weights) == pytest.approx(expected, abs=1e-5)


def test_a_new_paper_is_weighed_as_if_it_had_been_in_the_pool():
    texts = world(stars=10, cells=10)
    pool = pool_of(texts)
    alone = Pool.of(np.array([3]), features([texts[3]]), pool.tfidf)
    assert (alone.vectors(np.array([0])) != pool.vectors(np.array([2]))).nnz == 0


def test_papers_without_any_known_term_have_no_vector():
    pool = pool_of(world(stars=5) | {6: Text("", ""), 7: Text("Completely unrelated", "")})
    assert pool.vectors(np.array([5, 6])).nnz == 0
    assert pool.dot(np.ones(COLUMNS, np.float32))[5:].tolist() == [0, 0]


def test_a_title_alone_makes_a_shorter_vector_than_title_and_abstract():
    long = text("stars", 3)
    pool = pool_of(world(stars=20) | {50: Text(long.title, ""), 51: long})
    lengths = np.sqrt(pool.vectors(np.array([20, 21])).power(2).sum(axis=1)).ravel().tolist()[0]
    assert lengths[0] < lengths[1]


def test_an_empty_pool_is_a_pool():
    pool = pool_of({})
    assert pool.dot(np.ones(COLUMNS, np.float32)).shape == (0,)


def test_a_fact_weighs_the_same_however_many_papers_have_it():
    by = {id: text("stars", id)._replace(authors=("Ann Ode",)) for id in range(50)}
    by[50] = text("stars", 50)._replace(authors=("Bo Li",), categories=("cs.LG",), venue="ICML")
    weights = pool_of(by).tfidf.weight
    [ann] = facts(by[0]).values()
    bo, category, venue = facts(by[50]).values()
    assert weights[ann] == weights[bo] > 0
    assert weights[category] == weights[venue] > 0


def test_facts_do_not_make_a_text_longer():
    texts = world(stars=20) | {50: text("stars", 3), 51: text("stars", 3)}
    texts[51] = texts[51]._replace(authors=tuple(f"Author Number{n}" for n in range(500)))
    pool = pool_of(texts)
    assert pool.norms[-1] == pool.norms[-2]


def test_a_paper_of_which_only_the_author_is_known_has_a_vector():
    pool = pool_of(world(stars=5) | {6: Text("Unrelated", "", ("Ann Ode",))})
    assert pool.vectors(np.array([5])).nnz == 1


def test_texts_that_are_no_papers_have_numbers_below_0():
    papers = features(world(stars=3).values())
    ids, rows = joined(np.array([4, 7, 9]), papers, features([text("cells", 1), Text("", "")]))
    assert ids.tolist() == [4, 7, 9, -1, -2]
    assert rows.shape == (5, COLUMNS)
    assert (rows[3] != features([text("cells", 1)])).nnz == 0

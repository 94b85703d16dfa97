import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recommend.toy import pool_of, rated, scored, trained, world

from readlist.recommend.model import Calibration, Model, match, scores
from readlist.recommend.pool import Pool

finite = st.floats(-50, 50, width=32)


def test_a_model_comes_back_from_its_arrays_with_the_same_scores():
    texts = world(stars=10, cells=10)
    pool, model = trained(texts, rated([1, 2], [11]))
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **model.to_arrays())
    file.seek(0)
    again = Model.from_arrays(np.load(file, allow_pickle=False))
    assert (again.intercept, again.unknown) == (model.intercept, model.unknown)
    same = Pool.of(pool.paper_ids, pool.features, again.tfidf)
    assert scores(same, again).tolist() == scores(pool, model).tolist()


def test_a_paper_scores_the_same_alone_as_among_all():
    texts = world(stars=10, cells=10)
    _, model = trained(texts, rated([1, 2]))
    alone = pool_of({7: texts[7]})
    alone = Pool.of(alone.paper_ids, alone.features, model.tfidf)
    assert scores(alone, model).tolist() == [scored(texts, rated([1, 2]))[7]]


def test_a_pool_weighed_otherwise_than_the_model_is_refused():
    _, model = trained(world(stars=10), rated([1]))
    with pytest.raises(ValueError, match="tfidf"):
        scores(pool_of(world(cells=10)), model)


@given(st.lists(finite, min_size=1), finite, finite)
def test_match_is_1_to_100_and_a_higher_score_never_matches_less(others, a, b):
    undecided = np.sort(np.array(others, np.float32))
    lower, higher = sorted((a, b))
    assert 1 <= match(lower, undecided) <= match(higher, undecided) <= 100


def test_the_best_of_the_undecided_matches_100_and_the_worst_1():
    undecided = np.arange(1000, dtype=np.float32)
    assert match(999.0, undecided) == 100
    assert match(998.0, undecided) == 99
    assert match(500.0, undecided) == 50
    assert match(0.0, undecided) == 1


@given(st.floats(0, 1e3), finite, finite, finite)
def test_a_probability_is_one_and_never_falls_as_the_score_rises(slope, intercept, a, b):
    calibration = Calibration(slope, intercept)
    lower, higher = sorted((a, b))
    assert 0 <= calibration.probability(lower) <= calibration.probability(higher) <= 1

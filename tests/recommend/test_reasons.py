import re

import numpy as np
import pytest
from recommend.toy import rated, trained, world

from readlist.recommend.features import counts
from readlist.recommend.model import scores
from readlist.recommend.pool import Pool
from readlist.recommend.reasons import Liked, reasons

WORLD = world(stars=20, cells=20, prices=20)


def explained(id, likes=(), dislikes=(), texts=WORLD):
    pool, model = trained(texts, rated(likes, dislikes))
    rows = np.flatnonzero(np.isin(pool.paper_ids, list(likes)))
    ids = pool.paper_ids[rows]
    liked = Liked(ids, [texts[id][0] for id in ids.tolist()], pool.vectors(rows))
    return model, reasons(*texts[id], model, liked)


def stated(found):
    return [term for r in found if r.kind == "terms" for term in r.text.split(", ")]


def score(model, title, abstract):
    return scores(Pool.of(np.array([1]), counts([(title, abstract)]), model.tfidf), model)[0]


@pytest.mark.parametrize("id", range(4, 21))
def test_without_a_stated_term_the_paper_would_score_lower(id):
    model, found = explained(id, likes=[1, 2, 3], dislikes=[21])
    title, abstract = WORLD[id]
    assert stated(found)
    for term in stated(found):
        # "the" stands in for it, so that its neighbours do not become a pair.
        left = [re.sub(rf"\b{term}\b", "the", part) for part in (title, abstract)]
        assert left != [title, abstract]
        assert score(model, *left) < score(model, title, abstract)


def test_at_most_four_terms_are_stated_and_no_word_twice():
    for id in range(4, 21):
        terms = stated(explained(id, likes=[1, 2, 3])[1])
        words = " ".join(terms).split()
        assert 1 <= len(terms) <= 4
        assert len(words) == len(set(words))


def test_terms_are_words_of_the_topic_not_words_of_every_paper():
    for id in range(4, 21):
        terms = stated(explained(id, likes=[1, 2, 3])[1])
        assert not {"study", "new", "method"} & set(" ".join(terms).split())


def test_a_pair_is_stated_in_place_of_its_words():
    texts = dict(enumerate([("Speculative decoding", "Drafts help speculative decoding.")] * 2, 1))
    texts |= {id + 10: paper for id, paper in world(cells=10).items()}
    terms = stated(explained(2, likes=[1], texts=texts)[1])
    assert "speculative decoding" in terms
    assert not {"speculative", "decoding"} & set(terms)


def test_the_nearest_liked_papers_are_named():
    title, abstract = WORLD[1]
    texts = WORLD | {99: (f"{title} revisited", abstract)}
    near = [r for r in explained(99, likes=[1, 21, 41], texts=texts)[1] if r.kind == "near"]
    assert [(r.text, r.paper_id) for r in near] == [(title, 1)]


def test_at_most_two_liked_papers_are_named_nearest_first():
    texts = WORLD | {99: WORLD[7]}
    found = explained(99, likes=[1, 2, 3, 4, 7], texts=texts)[1]
    near = [r.paper_id for r in found if r.kind == "near"]
    assert len(near) == 2
    assert near[0] == 7


def test_where_nothing_speaks_for_a_paper_a_sentence_says_so():
    texts = WORLD | {98: ("", ""), 99: ("Incomparable", "")}
    for id in (98, 99):
        (only,) = explained(id, likes=[1], texts=texts)[1]
        assert only.kind == "fallback"
        assert "nothing you liked is close" in only.text

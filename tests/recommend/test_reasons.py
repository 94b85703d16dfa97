import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommend.toy import NOW, rated, trained, world
from scipy.sparse import vstack

from readlist.models import Leaning
from readlist.recommend.account import score
from readlist.recommend.features import Text
from readlist.recommend.reasons import Liked, reasons

WORLD = world(stars=20, cells=20, prices=20)


def explained(id, likes=(), dislikes=(), texts=WORLD, interests=(), leanings=()):
    pool, model = trained(texts, rated(likes, dislikes), interests)
    rows = np.flatnonzero(np.isin(pool.paper_ids, list(likes)))
    ids = pool.paper_ids[rows]
    named = model.pool(Text("", interest) for interest in interests)
    liked = Liked.of(
        ids,
        [texts[id].title for id in ids.tolist()],
        interests,
        vstack([pool.vectors(rows), named.vectors()], format="csr"),
    )
    return model, reasons(texts[id], model, liked, leanings)


def of_kind(found, kind):
    return [reason.text for reason in found if reason.kind == kind]


def stated(found):
    return [term for text in of_kind(found, "terms") for term in text.split(", ")]


def without_term(paper, term):
    """A mark stands in for it, so that its neighbours do not become a pair."""
    left = [re.sub(rf"\b{term}\b", ".", part, flags=re.IGNORECASE) for part in paper[:2]]
    assert left != [*paper[:2]]
    return paper._replace(title=left[0], abstract=left[1])


# --- take the named evidence away, and the score falls ------------------------------------------

_WORDS = ["galaxy", "orbit", "pulsar", "enzyme", "market", "the", "of", "we study", "new method"]
BY = {
    id: paper._replace(authors=("Ann Ode" if id % 2 else "Bo Li", f"Author Number{id}"))
    for id, paper in WORLD.items()
}
papers = st.builds(
    Text,
    st.lists(st.sampled_from(_WORDS), max_size=5).map(" ".join),
    st.lists(st.sampled_from([*_WORDS, ".", ","]), max_size=20).map(" ".join),
    st.lists(st.sampled_from(["Ann Ode", "Li, Bo", "Cy Poe"]), unique=True, max_size=3),
)
some = st.sets(st.sampled_from(sorted(WORLD)), min_size=1, max_size=6)


@settings(max_examples=40)
@given(papers, some, some)
def test_without_what_is_named_the_paper_would_score_lower(paper, likes, dislikes):
    pin = Leaning("author", "Cy Poe", 1, NOW)
    pinned = [pin] if "Cy Poe" in paper.authors else []
    model, found = explained(99, likes, dislikes - likes, texts=BY | {99: paper}, leanings=pinned)
    whole = score(paper, model, pinned)
    for term in stated(found):
        assert score(without_term(paper, term), model, pinned) < whole
    for said in of_kind(found, "author"):
        left = [name for name in paper.authors if not said.startswith(f"{name}, of whom")]
        assert len(left) == len(paper.authors) - 1
        assert score(paper._replace(authors=left), model, pinned) < whole
    assert of_kind(found, "pinned") == ["author Cy Poe" for _ in pinned]
    assert not pinned or score(paper, model) < whole


@pytest.mark.parametrize("id", range(4, 21))
def test_what_is_like_the_liked_has_terms_that_are_true(id):
    model, found = explained(id, likes=[1, 2, 3], dislikes=[21])
    assert stated(found)
    for term in stated(found):
        assert score(without_term(WORLD[id], term), model) < score(WORLD[id], model)


@settings(max_examples=25)
@given(st.sets(st.sampled_from(sorted(WORLD)), min_size=2, max_size=8), st.data())
def test_without_the_liked_paper_that_is_named_the_paper_would_score_lower(likes, data):
    title, abstract = WORLD[data.draw(st.sampled_from(sorted(likes)))][:2]
    texts = WORLD | {99: Text(f"{title} revisited", abstract)}
    model, found = explained(99, likes=likes, texts=texts)
    near = [reason.paper_id for reason in found if reason.kind == "near"]
    assert near
    for id in near:
        without, _ = explained(99, likes=likes - {id}, texts=texts)
        assert score(texts[99], without) < score(texts[99], model)


@pytest.mark.parametrize("likes", [[], [1, 2], [22, 41]])
def test_without_the_interest_that_is_named_the_paper_would_score_lower(likes):
    interests = ["quasar", "enzyme", "dividend"]
    named = set()
    for id in range(3, 60, 5):
        model, found = explained(id, likes=likes, interests=interests)
        for interest in of_kind(found, "interest"):
            left = [other for other in interests if other != interest]
            without, _ = explained(id, likes=likes, interests=left)
            assert score(WORLD[id], without) < score(WORLD[id], model)
            named.add(interest)
    assert named == set(interests)


# --- terms --------------------------------------------------------------------------------------


def test_at_most_four_terms_are_stated_and_no_word_twice():
    for id in range(4, 21):
        terms = stated(explained(id, likes=[1, 2, 3])[1])
        words = " ".join(terms).split()
        assert 1 <= len(terms) <= 4
        assert len(words) == len(set(words))


def test_terms_are_words_of_the_topic_not_words_of_every_paper():
    for id in range(4, 21):
        terms = stated(explained(id, likes=[1, 2, 3])[1])
        assert not {"the", "we", "with", "study", "new", "method"} & set(" ".join(terms).split())


def test_a_pair_is_stated_in_place_of_its_words():
    paper = Text("Speculative decoding", "Drafts help speculative decoding.")
    texts = {1: paper, 2: paper}
    texts |= {id + 10: paper for id, paper in world(cells=10).items()}
    terms = stated(explained(2, likes=[1], texts=texts)[1])
    assert "speculative decoding" in terms
    assert not {"speculative", "decoding"} & set(terms)


# --- authors ------------------------------------------------------------------------------------


def test_an_author_of_several_likes_is_named_with_their_number():
    texts = WORLD | {id: WORLD[id]._replace(authors=("Ann Ode", "Cy Poe")) for id in (1, 2, 3)}
    texts[9] = WORLD[9]._replace(authors=("Bo Li", "Ode, Ann"))
    found = explained(9, likes=[1, 2, 3], texts=texts)[1]
    assert of_kind(found, "author") == ["Ode, Ann, of whom you liked 3 papers"]


def test_an_author_of_one_like_is_no_reason():
    texts = {id: paper._replace(authors=("Ann Ode",)) for id, paper in WORLD.items()}
    assert of_kind(explained(9, likes=[1], texts=texts)[1], "author") == []


# --- likes and interests ------------------------------------------------------------------------


def test_the_nearest_liked_papers_are_named():
    title, abstract = WORLD[1][:2]
    texts = WORLD | {99: Text(f"{title} revisited", abstract)}
    near = [r for r in explained(99, likes=[1, 21, 41], texts=texts)[1] if r.kind == "near"]
    assert (near[0].text, near[0].paper_id) == (title, 1)


def test_at_most_two_liked_papers_are_named_nearest_first():
    title, abstract = WORLD[7][:2]
    texts = WORLD | {90 + n: Text(f"{title} revisited{n}", abstract) for n in range(3)}
    texts |= {99: WORLD[7]}
    found = explained(99, likes=[1, 7, 90, 91, 92], texts=texts)[1]
    near = [r.paper_id for r in found if r.kind == "near"]
    assert len(near) == 2
    assert near[0] == 7


def test_a_liked_paper_no_nearer_than_others_are_is_not_named():
    """Papers of a topic share most of their words here, liked or not."""
    assert not [r for r in explained(9, likes=[1])[1] if r.kind == "near"]


def test_the_interest_that_a_paper_is_about_is_named():
    interests = ["enzyme", "quasar", "sheep"]
    _, found = explained(9, likes=[1], interests=interests)
    assert of_kind(found, "interest") == ["quasar"]
    assert of_kind(explained(50, likes=[1], interests=interests)[1], "interest") == []


def test_where_nothing_speaks_for_a_paper_a_sentence_says_so():
    texts = WORLD | {98: Text("", ""), 99: Text("Incomparable", "")}
    for id in (98, 99):
        (only,) = explained(id, likes=[1], texts=texts)[1]
        assert only.kind == "fallback"
        assert "nothing you liked is close" in only.text

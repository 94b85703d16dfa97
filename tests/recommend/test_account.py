"""The full account of a score: every share of it, and nothing beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recommend.toy import NOW, rated, text, trained, world

from readlist.models import LEANINGS, Leaning
from readlist.recommend.account import account, score
from readlist.recommend.features import Text
from readlist.recommend.model import scores

AUTHORS = ("Ann Ode", "Bo Li", "Cy Poe")
WORLD = {
    id: paper._replace(
        authors=(AUTHORS[id % 3], f"Author Number{id}"), categories=("cs.LG",), venue="ICML 2024"
    )
    for id, paper in world(stars=20, cells=20, prices=20).items()
}
_, MODEL = trained(WORLD, rated([1, 2, 3, 4, 6, 9], [21, 22]))

leanings = st.lists(
    st.builds(
        Leaning,
        st.sampled_from(LEANINGS),
        st.sampled_from(["Ann Ode", "galaxy"]),
        st.sampled_from([1, -1]),
        st.just(NOW),
    ),
    max_size=4,
)
words = st.lists(
    st.sampled_from(
        ["galaxy", "orbit", "enzyme", "market", "the", "unheard-of", "12", ".", "\\alpha", "é"]
    ),
    max_size=12,
).map(" ".join)
texts = st.sampled_from(list(WORLD.values())) | st.builds(
    Text,
    words,
    words,
    st.lists(st.sampled_from([*AUTHORS, "Ode, Ann", "A. Nobody", ""]), max_size=3),
    st.lists(st.sampled_from(["cs.LG", "math"])),
    st.sampled_from(["", "ICML", "2024"]),
)


@given(texts, leanings)
def test_shares_sum_to_the_score(paper: Text, said: list[Leaning]):
    shares = account(paper, MODEL, said)
    assert sum(share.amount for share in shares) == pytest.approx(
        score(paper, MODEL, said), abs=1e-5
    )
    assert [share.kind for share in shares].count("start") == 1


def test_the_score_is_the_one_that_the_paper_has_in_the_pool():
    pool, model = trained(WORLD, rated([1, 2], [21]))
    by_row = scores(pool, model).tolist()
    assert by_row == pytest.approx([score(paper, model) for paper in WORLD.values()], abs=1e-6)


@given(texts)
def test_the_greatest_shares_come_first_and_the_start_last(paper: Text):
    *shares, start = account(paper, MODEL)
    sizes = [abs(share.amount) for share in shares]
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)
    assert start.kind == "start"


def test_what_speaks_for_a_paper_and_against_it_is_named():
    paper = Text("Galaxy enzyme", "", authors=("Ode, Ann",))
    amounts = {(share.kind, share.name): share.amount for share in account(paper, MODEL)}
    assert amounts["term", "galaxy"] > 0 > amounts["term", "enzyme"]
    assert amounts["author", "Ode, Ann"] > 0, "all that was liked but two papers is hers"


def test_what_the_owner_said_is_named_with_its_kind():
    said = [Leaning("author", "Ann Ode", 1, NOW), Leaning("term", "sheep", -1, NOW)]
    found = {s.kind: (s.name, s.amount) for s in account(text("stars", 30), MODEL, said)}
    assert found["pinned"] == ("author Ann Ode", 1)
    assert found["muted"][0] == "term sheep"
    assert found["muted"][1] < -5


@pytest.mark.parametrize("paper", [Text("", ""), Text("Unheard", "of"), Text("", "", ("", "2024"))])
def test_of_a_paper_that_says_nothing_there_is_a_start(paper: Text):
    _, model = trained(world(stars=9, cells=9), rated([1]))
    last = account(paper, model)[-1]
    assert (last.kind, last.name) == ("start", "")
    assert sum(share.amount for share in account(paper, model)) == pytest.approx(
        score(paper, model), abs=1e-6
    )


def test_the_empty_paper_starts_and_ends_as_a_paper_at_random():
    assert account(Text("", ""), MODEL) == [("start", "", MODEL.unknown)]

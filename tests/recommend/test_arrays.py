import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from readlist.recommend.arrays import pack_features, pack_ids, unpack_features
from readlist.recommend.features import Text, features
from readlist.recommend.pool import AUTHORS, COLUMNS, TERMS

texts = st.builds(
    Text, st.text(max_size=30), st.text(max_size=200), st.lists(st.text(), max_size=3)
)


@settings(max_examples=40)
@given(st.lists(st.lists(texts, max_size=4), max_size=4))
def test_features_come_back_as_they_were(blocks: list[list[Text]]):
    rows = [features(block) for block in blocks]
    numbers = iter(range(100))
    ids = [[next(numbers) for _ in block] for block in blocks]
    packed = [(pack_ids(known), pack_features(some)) for known, some in zip(ids, rows, strict=True)]
    alive = [id for known in ids for id in known]
    found, back = unpack_features(packed, alive)
    assert found.tolist() == alive
    assert back.shape == (len(alive), COLUMNS)
    assert [row.indices.tolist() for row in back] == [
        row.indices.tolist() for some in rows for row in some
    ]
    assert np.all(back.data == 1)


def test_the_last_block_that_a_paper_is_in_holds_and_what_is_gone_stays_away():
    old, new = features([Text("old", ""), Text("gone", "")]), features([Text("new", "")])
    packed = [(pack_ids([3, 7]), pack_features(old)), (pack_ids([3]), pack_features(new))]
    ids, found = unpack_features(packed, [3])
    assert ids.tolist() == [3]
    assert found.indices.tolist() == new.indices.tolist()


def test_columns_of_all_kinds_and_long_papers_fit():
    words = " ".join(f"word{n}" for n in range(70_000))
    long = features([Text(words, "", ["Ann Ode"], ["cs.LG"], "NeurIPS")])
    assert long.indices.max() >= TERMS + AUTHORS
    _, found = unpack_features([(pack_ids([1]), pack_features(long))], [1])
    assert found.indices.tolist() == long.indices.tolist()


def test_a_paper_takes_about_two_bytes_a_feature():
    paper = features(Text(f"title {n}", f"An abstract of {n} words. " * 9) for n in range(50))
    assert len(pack_features(paper)) < 2 * paper.nnz + 50 * 60 + 1000

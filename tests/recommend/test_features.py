"""What a paper says, as features: there or not, and never by what other papers say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readlist.recommend.features import Text, facts, features, terms, without
from readlist.recommend.pool import AUTHORS, COLUMNS, TERMS


def words(title: str, abstract: str = "") -> set[str]:
    return set(terms(Text(title, abstract)))


def columns(text: Text) -> set[int]:
    return set(features([text]).indices.tolist())


def author(name: str) -> set[int]:
    return columns(Text("", "", authors=(name,)))


def venue(name: str) -> set[int]:
    return columns(Text("", "", venue=name))


def test_words_and_pairs_of_adjacent_words_are_terms():
    assert words("Speculative decoding", "KV cache") == {
        "speculative",
        "decoding",
        "speculative decoding",
        "kv",
        "cache",
        "kv cache",
    }


def test_function_words_are_terms_too():
    assert words("Is all you need") == {
        *("is", "all", "you", "need"),
        *("is all", "all you", "you need"),
    }


def test_no_pair_reaches_across_a_mark_or_from_title_to_abstract():
    assert words("Draft", "verify; accept (fast)") == {"draft", "verify", "accept", "fast"}


def test_how_often_a_term_occurs_tells_nothing():
    once, often = Text("", "spam"), Text("Spam", "Spam. " * 1000)
    assert columns(often) == columns(once)
    assert features([often]).data.tolist() == [1]


def test_a_pair_is_its_words_written_in_one():
    assert columns(Text("database", "")) < columns(Text("data base", ""))
    assert terms(Text("data base", ""))["data base"] == terms(Text("Database", ""))["database"]
    assert columns(Text("data, base", "")).isdisjoint(columns(Text("database", "")))


@pytest.mark.parametrize(
    "spelling",
    [
        "Kähler Erdős",
        r"K\"ahler Erd\H{o}s",
        r"K{\"a}hler Erd{\H o}s",
        "{K}ähler ERDŐS",
        "Ka\u0308hler Erdős",
    ],
)
def test_spellings_of_accents_are_one_word(spelling: str):
    assert words(spelling) == {"kahler", "erdos", "kahler erdos"}


def test_math_and_markup_leave_no_words():
    abstract = r"$x \in \mathbb{R}^{d}$ \textit{prune} \begin{align*}\alpha\end{align*}."
    assert words("", abstract + r" See \cite{smith2020}.") == {"prune", "see"}


@pytest.mark.parametrize(
    "where",
    ["https://github.com/ann/watts.", "www.example.org/a?b=c", "github.com/ann/watts", "x.io/w"],
)
def test_addresses_leave_no_words(where: str):
    assert words("", f"Find code (at {where}) here") >= {"code", "here"}
    assert words("", f"Find code at {where} here") == words("", "Find code at . here")


def test_texts_in_other_scripts_have_words():
    assert {"нейронные", "сети", "нейронные сети"} <= words("Нейронные сети")
    assert words("强化学习 综述")


@pytest.mark.parametrize(
    "name",
    [
        *("Geoffrey Hinton", "Hinton, Geoffrey", "Geoffrey E. Hinton", "Hinton, Geoffrey E."),
        *("GEOFFREY HINTON", "Geoffrey E Hinton"),
    ],
)
def test_an_author_is_one_in_any_order_and_with_initials(name: str):
    assert author(name) == author("Geoffrey Hinton")
    assert len(author(name)) == 1


def test_authors_are_not_each_other():
    names = ["Kurt Gödel", "Adele Gödel", "李明", "李 明", "王 明", "J. Li"]
    assert author("Kurt Gödel") == author("Godel, Kurt")
    assert len(set.union(*map(author, names))) == len(names)
    assert all(TERMS <= column < TERMS + AUTHORS for name in names for column in author(name))


def test_a_venue_is_one_in_all_its_years():
    assert venue("NeurIPS 2023") == venue("NeurIPS 2024") == venue("neurips")
    assert venue("37th Conference on Sheep") == venue("38th Conference on Sheep")
    assert venue("NeurIPS").isdisjoint(venue("ICML"))
    assert venue("2024") == venue("") == set()


def test_a_category_is_no_venue_and_no_word():
    said = [Text("sheep", ""), Text("", "", categories=("sheep",)), Text("", "", venue="sheep")]
    assert len(set.union(*map(columns, said))) == 3


def test_no_texts_make_a_matrix_without_rows():
    assert features([]).shape == (0, COLUMNS)


names = st.lists(st.text(max_size=8), max_size=3)
texts = st.builds(
    Text, st.text(max_size=40), st.text("ab \\{}$é1_-.", max_size=60), names, names, st.text("aé 1")
)


@settings(deadline=None)
@given(st.lists(texts, max_size=4))
def test_any_text_has_features_and_those_of_one_never_depend_on_another(papers: list[Text]):
    together = features(papers)
    assert together.shape == (len(papers), COLUMNS)
    assert together.dtype == np.uint8
    for row, paper in enumerate(papers):
        alone = features([paper])
        assert (together[row] != alone).nnz == 0
        assert set(alone.data.tolist()) <= {1}
        assert {*terms(paper).values(), *facts(paper).values()} == columns(paper)


@settings(deadline=None)
@given(texts)
def test_without_a_term_nothing_comes_and_facts_stay(paper: Text):
    for row in without(paper, list(terms(paper))):
        left = set(row.indices.tolist())
        assert left <= columns(paper)
        assert set(facts(paper).values()) <= left


def test_without_a_word_its_pairs_are_gone_too_and_nothing_else():
    paper = Text("Speculative decoding", "Decoding drafts speculative.", authors=("Ann Ode",))
    known = terms(paper)
    assert set(without(paper, ["speculative"])[0].indices.tolist()) == {
        *(known[term] for term in ("decoding", "drafts", "decoding drafts")),
        *author("Ann Ode"),
    }


def test_without_a_pair_its_words_stay_where_they_stand_alone():
    paper = Text("Speculative decoding", "Decoding is hard.")
    left = set(without(paper, ["speculative decoding"])[0].indices.tolist())
    known = terms(paper)
    assert known["decoding"] in left
    assert known["speculative"] not in left
    assert known["hard"] in left

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readlist.recommend.features import counts, counts_without, terms
from readlist.recommend.pool import COLUMNS


def words(title: str, abstract: str = "") -> set[str]:
    return set(terms(title, abstract))


def count(term: str, title: str, abstract: str) -> int:
    return int(counts([(title, abstract)])[0, terms(title, abstract)[term]])


def test_words_and_pairs_of_adjacent_words_are_terms():
    assert words("Speculative decoding", "KV cache") == {
        "speculative",
        "decoding",
        "speculative decoding",
        "kv",
        "cache",
        "kv cache",
    }


def test_a_word_of_the_title_counts_twice():
    assert count("decoding", "Fast decoding", "On sampling.") == 2
    assert count("sampling", "Fast decoding", "On sampling.") == 1
    assert count("decoding", "Fast decoding", "Decoding is slow.") == 3


def test_stop_words_are_no_terms_and_pairs_do_not_reach_across_them():
    assert words("Attention Is All You Need") == {"attention", "need"}


def test_words_that_stop_lists_hold_but_titles_mean_are_terms():
    assert {"few shot", "system", "fire"} <= words("Few-shot learning", "A system for fire.")


def test_numbers_alone_are_no_terms():
    assert words("In 2024, 3D and GPT4 gain 12.5 points") == {
        "3d",
        "gpt4",
        "gain",
        "gpt4 gain",
        "points",
    }


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
def test_spellings_of_accents_are_one_word(spelling):
    assert words(spelling) == {"kahler", "erdos", "kahler erdos"}


def test_math_and_markup_leave_no_words():
    abstract = r"For $x \in \mathbb{R}^{d}$ we \textit{prune} \begin{align*}\alpha\end{align*}."
    assert words("", abstract + r" See \cite{smith2020}.") == {"prune", "see"}


def test_texts_in_other_scripts_have_words():
    assert {"нейронные", "сети", "нейронные сети"} <= words("Нейронные сети")
    assert words("强化学习 综述")


def test_terms_are_the_columns_that_are_counted():
    title, abstract = "Pruning networks", r"We prune \emph{very} large networks, 3 times."
    assert set(terms(title, abstract).values()) == set(counts([(title, abstract)]).indices)


def test_a_word_repeated_a_thousand_times_does_not_overflow():
    assert count("spam", "", "spam " * 1000) == 255


def test_no_texts_make_a_matrix_without_rows():
    assert counts([]).shape == (0, COLUMNS)


texts = st.tuples(st.text(max_size=40), st.text("ab \\{}$é1_-", max_size=60))


@settings(deadline=None)
@given(st.lists(texts, max_size=4))
def test_any_text_can_be_counted_and_no_paper_changes_the_counts_of_another(papers):
    together = counts(papers)
    assert together.shape == (len(papers), COLUMNS)
    assert together.dtype == np.uint8
    for row, paper in enumerate(papers):
        assert (together[row] != counts([paper])).nnz == 0
        assert set(terms(*paper).values()) == set(together[row].indices)


def test_without_a_word_its_pairs_are_gone_too_and_nothing_else():
    paper = ("Speculative decoding", "Decoding with drafts is speculative.")
    left = set(counts_without(*paper, ["speculative"])[0].indices)
    columns = terms(*paper)
    assert left == {columns["decoding"], columns["drafts"]}


def test_without_a_pair_its_words_stay_where_they_stand_alone():
    paper = ("Speculative decoding", "Decoding is hard.")
    row = counts_without(*paper, ["speculative decoding"])
    columns = terms(*paper)
    assert row[0, columns["decoding"]] == 1
    assert row[0, columns["speculative"]] == 0
    assert row[0, columns["hard"]] == 1

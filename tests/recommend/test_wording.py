import pytest

from readlist.recommend.wording import distinct, telling


@pytest.mark.parametrize(
    "term", ["decoding", "few shot", "system", "gpt4", "3d", "state of art", "world model", "сети"]
)
def test_words_that_stop_lists_hold_but_titles_mean_say_something(term: str):
    assert telling(term)


@pytest.mark.parametrize(
    "term", ["the", "2024", "one", "model", "of graphs", "graphs is", "12 layers", "we the"]
)
def test_function_words_and_numbers_say_nothing(term: str):
    assert not telling(term)


def test_no_word_is_said_twice_though_it_be_one_of_many():
    said = ["draft models", "model", "drafting", "draft", "tokens", "token trees"]
    assert distinct(said, 3) == ["draft models", "drafting", "tokens"]
    assert distinct(said, 9) == ["draft models", "drafting", "tokens"]

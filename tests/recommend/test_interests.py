import numpy as np
import pytest

from readlist.recommend.features import Text, features
from readlist.recommend.interests import about
from readlist.recommend.pool import Pool

OTHERS = [
    *[Text(f"Language models of speech {n}", "We decode speech.") for n in range(30)],
    Text("Robots that walk", "Speculative plans for robots."),
    Text("Decoding of brain signals", "We decode what people see."),
    Text("Speculative execution in processors", "Processors guess branches."),
]


def said_by(interest: str, *texts: Text) -> list[bool]:
    papers = [*texts, *texts, *OTHERS]  # twice: what a single paper says relates it to no other
    pool = Pool.of(np.arange(len(papers)), features(papers))
    found = about(pool, interest).tolist()
    assert not any(found[2 * len(texts) :])
    return found[: len(texts)]


@pytest.mark.parametrize(
    "interest", ["speculative decoding", "Speculative Decoding for language models"]
)
def test_a_paper_is_about_an_interest_if_it_says_most_of_it(interest: str):
    own = Text("Fast inference", "With speculative decoding a small model drafts.")
    assert said_by(interest, own, Text("Slow inference", "Nothing is guessed.")) == [True, False]


def test_no_paper_is_about_words_that_no_paper_has():
    assert said_by("quantum chromodynamics", OTHERS[0]) == [False]


def test_the_only_paper_that_says_it_is_about_it():
    texts = [Text("Speculative decoding", ""), Text("Quantum codes", "")]
    pool = Pool.of(np.arange(2), features(texts))
    assert about(pool, "speculative decoding").tolist() == [True, False]


def test_no_paper_is_about_function_words():
    assert said_by("the and of", OTHERS[0]) == [False]

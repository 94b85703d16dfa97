from itertools import islice

import pytest
from hypothesis import given
from make import paper
from strategies import hostile

from readlist.formats.citekeys import citation_key, suffixes


@pytest.mark.parametrize(
    ("title", "author", "date", "key"),
    [
        ("Attention Is All You Need", "Ashish Vaswani", "2017-06-12", "vaswani2017attention"),
        ("On the BERT of It", "Devlin, Jacob", "2019", "devlin2019bert"),
        ("Deep Residual Learning", "He, Kaiming", "", "hedeep"),
        ("The GPT-4 Technical Report", "", "2023", "gpt42023technical"),
        ("WaveNet", "Aäron van den Oord", "2016", "vandenoord2016wavenet"),
        ("Things", "de la Cruz, María", "2001", "delacruz2001things"),
        ("Things", "Smith-Łukasz, A. B.", "2001", "smithlukasz2001things"),
        ("Letter", "Martin Luther King Jr.", "1963", "king1963letter"),
        ("Observation of a Particle", "The ATLAS Collaboration", "2012", "atlas2012observation"),
        ("$\\alpha$-Divergence", "O'Neil, A.", "2001", "oneil2001alpha"),
        ("注意力", "黄劲", "2013", "paper2013"),
        ("", "", "", "paper"),
    ],
)
def test_keys(title: str, author: str, date: str, key: str):
    assert citation_key(paper(title, authors=(author,) if author else (), date=date)) == key


def test_patterns():
    about = paper("Attention Is All", authors=("Ashish Vaswani",), date="2017")
    assert citation_key(about, "{auth}:{year}-{title}") == "vaswani:2017-attention"
    assert citation_key(about, "x/{year}") == "x/2017"


@given(hostile, hostile)
def test_any_paper_gets_a_key_that_can_be_cited(title: str, author: str):
    key = citation_key(paper(title, authors=(author,), date="2017"))
    assert key.isascii()
    assert key.isalnum()


def test_suffixes():
    assert [*islice(suffixes(), 2), *islice(suffixes(), 25, 28)] == ["a", "b", "z", "aa", "ab"]

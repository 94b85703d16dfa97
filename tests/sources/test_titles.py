"""A title as it was typed finds the paper that has it, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import paper

from readlist.sources import titles

TITLE = "Attention Is All You Need"


@pytest.mark.parametrize(
    "text",
    [
        TITLE,
        "attention is all you need",
        "“Attention is all you need”",
        "Attention is all you need (2017)",
        "Attention is all you need, 2018",
        "Atention Is All You Need",
    ],
)
def test_the_paper_with_the_title_fits(text: str):
    assert titles.meant(text).fits(paper(TITLE, date="2017-06-12"))


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        ("Attention Is All You Need (2021)", TITLE, "2017"),
        ("Attention Is All You Need", "Attention Is Not All You Need", "2021"),
        ("Attention Is All You Need", "Attention Is All You Need in Speech Separation", "2021"),
        (
            "The GPT-3 Technical Report of the Year",
            "The GPT-4 Technical Report of the Year",
            "2023",
        ),
        ("注意力", "", ""),
        ("...", "!!!", ""),
    ],
)
def test_a_paper_with_another_title_or_year_does_not(text: str, title: str, date: str):
    assert not titles.meant(text).fits(paper(title, date=date))


def test_a_year_within_a_title_is_part_of_it():
    assert titles.meant("A Survey of 2020 Elections") == ("A Survey of 2020 Elections", 0)


@given(st.text("ab 2017()", max_size=20))
def test_every_title_fits_itself(title: str):
    asked = titles.meant(title)
    letters = any(character.isalnum() for character in asked.title)
    assert titles.Meant(asked.title, 0).fits(paper(asked.title)) == letters

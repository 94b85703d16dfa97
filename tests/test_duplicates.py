"""Which papers look alike though they are not surely one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import hostile

from readlist.duplicates import Group, Look, groups

ABSTRACT = "We rest, and we say at length how resting is done. " * 10


def look(id: int, title: str, author: str = "Ann Ode", date: str = "2019", abstract: str = ""):
    return Look(id, title, author, date, abstract)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (look(2, "rest is all you need.", date="2024"), "the same title, years apart"),
        (look(2, "Rest Is All You Need", "Bo Li"), "the same title, other authors"),
        (look(2, "Rest Is All You Need", "Bo Li", "1999"), "the same title, other authors"),
        (look(2, "Rest Is All You Needs"), "nearly the same title"),
        (look(2, "Rest Is Al You Need", "Ode, Ann", "2021"), "nearly the same title"),
        (look(2, "The Rest Is All You Need", ""), "nearly the same title"),
        (look(2, "The Rest is All of You Need"), "nearly the same title"),
        (look(2, "Rest Is All You Need: A Study of Sleep"), "the same title without a subtitle"),
        (look(2, "Rest Is All You Need - or Not"), "the same title without a subtitle"),
        (look(2, "On Sleep", "Bo Li", "1999", ABSTRACT), "the same abstract"),
    ],
)
def test_these_look_alike(other: Look, why: str):
    one = look(1, "Rest Is All You Need", abstract=ABSTRACT)
    assert groups([one, other]) == groups([other, one]) == [Group((1, 2), why)]


@pytest.mark.parametrize(
    "other",
    [
        look(2, "Rest Is All You Need 2"),
        look(2, "Comment: Rest Is All You Need"),
        look(2, "Rest Is All You Need, Part II", abstract=ABSTRACT),
        look(2, "Sleep Is All You Need"),
        look(2, "Rest Is All You Needs", "Bo Li"),
        look(2, "Rest Is All You Needs", date="2024"),
        look(2, "Rest Is All You Need: A Study of Sleep", "Bo Li"),
        look(2, "Rest Is All You Ever Really Need"),
        look(2, ""),
    ],
)
def test_these_do_not(other: Look):
    assert groups([look(1, "Rest Is All You Need", abstract=ABSTRACT), other]) == []


def test_titles_with_subtitles_of_their_own_are_of_different_papers():
    assert groups([look(1, "Rest: A Study"), look(2, "Rest: A Survey of Beds")]) == []


def test_a_short_title_needs_the_author():
    assert groups([look(1, "Introduction"), look(2, "Introduction", "Bo Li")]) == []
    [group] = groups([look(1, "Introduction"), look(2, "Introduction", date="1999")])
    assert group.why == "the same title, years apart"
    [group] = groups([look(1, "Introduction"), look(2, "Introduction", "")])
    assert group.why == "the same short title"


def test_a_title_of_many_papers_is_a_phrase():
    many = [look(n, "Preface to the Special Issue", f"Author{n} Name{n}") for n in range(1, 9)]
    assert groups(many) == []
    twice = look(9, "Preface to the Special Issue", "Name3, A.", "2001")
    assert [group.papers for group in groups([*many, twice])] == [(3, 9)]


def test_pairs_lead_to_groups():
    papers = [look(1, "Rest Is All You Need"), look(4, "Rest Is All You Needs")]
    papers += [look(9, "Rest Is All You Needs", date="2024"), look(5, "Quite Another One")]
    assert [group.papers for group in groups(papers)] == [(1, 4, 9)]


def test_what_is_apart_is_not_in_one_group():
    papers = [look(n, "Rest Is All You Need", date=f"20{n}0") for n in (1, 2, 3)]
    assert [group.papers for group in groups(papers, {(1, 2)})] == [(1, 3)]
    assert groups(papers, {(1, 2), (2, 3), (1, 3)}) == []


titles = st.sampled_from(["Rest Is All You Need", "Rest Is All You Needs", "Rest", "Rest: Why", ""])
looks = st.lists(
    st.tuples(titles | hostile, st.sampled_from(["", "Ann Ode", "Bo Li"])), max_size=8
).map(lambda found: [look(n, *each) for n, each in enumerate(found, start=1)])


@given(looks, st.data())
def test_the_order_of_papers_changes_nothing_and_each_is_in_one_group(
    papers: list[Look], data: st.DataObject
):
    found = groups(papers)
    shuffled = groups(data.draw(st.permutations(papers)))
    assert [group.papers for group in found] == [group.papers for group in shuffled]
    listed = [id for group in found for id in group.papers]
    assert len(listed) == len(set(listed))
    assert all(len(group.papers) > 1 for group in found)

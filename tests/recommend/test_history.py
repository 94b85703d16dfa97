"""What was known when a day began, and what the owner chose on it."""

from datetime import timedelta

import pytest
from recommend.past import BEGIN, act, day

from readlist.models import Opinion, Status
from readlist.recommend.history import days, opinions, standing


def test_opinions_are_as_they_were_when_the_day_began():
    acts = [act(0, 1, "1"), act(0, 2, "later"), act(1, 1, "-1"), act(2, 2, None), act(2, 1, None)]
    first, second = BEGIN, BEGIN + timedelta(days=1)
    later = Opinion(2, Status.LATER, None, first)
    assert opinions(acts, {}, day(0)) == []
    assert opinions(acts, {}, day(1)) == [Opinion(1, Status.NEW, 1, first), later]
    assert opinions(acts, {}, day(2)) == [Opinion(1, Status.NEW, -1, second), later]
    assert [o.paper_id for o in opinions(acts, {}, day(3))] == [2]


def test_picks_of_earlier_days_that_were_left_undecided_were_ignored():
    acts = [act(0, 1, "1"), act(2, 2, "1")]
    shown = {1: day(0), 2: day(0), 3: day(1), 4: day(2)}
    ignored = [o.paper_id for o in opinions(acts, shown, day(2)) if o.ignored]
    assert ignored == [2, 3]
    assert [o.paper_id for o in opinions(acts, shown, day(3)) if o.ignored] == [3, 4]


def test_what_was_undone_and_what_says_nothing_of_taste_do_not_stand():
    kept = act(0, 1, "1")
    gone = [act(0, 2, "1", undone=True), act(1, 2, None, undoes=2)]
    other = [act(0, 1, "llm", field="tag"), act(0, 1, "Hm.", field="note")]
    assert standing([*gone, *other, kept]) == [kept]


def test_a_day_tests_what_was_undecided_when_it_began():
    first, second, third = days(
        [
            *(act(0, 1, "1"), act(0, 2, "-1")),
            *(act(1, 1, "-1"), act(1, 3, "skipped"), act(1, 4, "later"), act(1, 5, "1")),
            *(act(1, 5, "-1"), act(1, 6, "1"), act(1, 6, None), act(2, 2, None)),
        ]
    )
    assert (first.learned, first.decided, first.liked, first.disliked) == (False, (), [1], [2])
    assert (second.learned, set(second.decided)) == (True, {1, 2})
    assert (second.liked, second.disliked) == ([4], [3, 5])
    assert (third.learned, third.liked, third.disliked) == (True, [], [])


@pytest.mark.parametrize("what", ["import refs.bib rating 1", "add", "fetch daily"])
def test_what_was_marked_as_it_came_in_was_not_chosen(what: str):
    (of_day,) = days([act(0, 1, "1", what=what), act(0, 2, "1"), act(0, 2, "later", what=what)])
    assert (of_day.liked, of_day.aside) == ([2], [1])


def test_what_was_skipped_by_the_dozen_was_not_looked_at():
    few = [act(0, id, "skipped", step=1) for id in range(20)]
    many = [act(0, id, "skipped", step=2) for id in range(100, 121)]
    likes = [act(0, id, "1", step=3) for id in range(200, 230)]
    (of_day,) = days([*few, *many, *likes])
    assert of_day.disliked == list(range(20))
    assert of_day.aside == list(range(100, 121))
    assert of_day.liked == list(range(200, 230))

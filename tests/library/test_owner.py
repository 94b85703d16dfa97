"""What the owner does, takes back, and finds in the history; citation keys."""

from itertools import count
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from make import NOW, add, at, everything

from readlist.errors import LibraryError
from readlist.library import Filter, Library
from readlist.models import Change, Entry, Status


@pytest.fixture
def filled(library: Library) -> Library:
    add(library, *make.distinct(3))
    return library


def said(library: Library) -> list[tuple]:
    """What the owner says of each entry, but for times."""
    return [(e.id, e.status, e.rating, e.tags, e.note) for e in everything(library)]


# --- acts ---------------------------------------------------------------------------------------


def test_an_act_is_in_the_entry_with_its_time(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.status(filled, 1, "later", at(2))
    make.note(filled, 1, "Read on the train.\nTwice.", at(3))
    make.tag(filled, 1, "llm", at(4))
    entry = filled.get(1)
    assert (entry.rating, entry.rated_at) == (1, at(1))
    assert (entry.status, entry.status_at) == (Status.LATER, at(2))
    assert (entry.note, entry.noted_at) == ("Read on the train.\nTwice.", at(3))
    assert entry.tags == ("llm",)
    assert entry.decided


def test_status_and_rating_are_independent(filled: Library):
    make.rate(filled, 1, 1)
    assert filled.get(1).status is Status.NEW
    make.status(filled, 1, "skipped")
    assert filled.get(1).rating == 1


def test_what_is_so_already_is_not_done_again(filled: Library):
    changes = [
        Change(paper_id=1, field="rating", value="1"),
        Change(paper_id=1, field="tag", value="llm"),
    ]
    assert len(filled.act(changes, what="liked", now=NOW)) == 2
    assert filled.act(changes, what="liked", now=at(1)) == []
    assert filled.get(1).rated_at == NOW
    assert len(filled.history()) == 2


@pytest.mark.parametrize("field", ["status", "rating", "note"])
def test_clearing_what_is_clear_is_no_act(filled: Library, field: str):
    assert filled.act([Change(paper_id=1, field=field, value=None)], what="x", now=NOW) == []
    assert filled.history() == []


def test_taking_off_a_tag_that_is_not_on_is_no_act(filled: Library):
    make.tag(filled, 1, "llm", on=False)
    assert filled.history() == []


def test_acts_survive_the_end_of_the_process(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library(path) as library:
        add(library, *make.distinct(1))
        make.rate(library, 1, -1)
    with Library(path) as library:
        assert library.get(1).rating == -1
        library.undo(now=at(1))
    with Library(path) as library:
        assert library.get(1).rating is None


def test_an_act_on_a_paper_that_is_gone_is_a_message(filled: Library):
    # Another process may fold a paper between the look at it and the key pressed for it.
    with pytest.raises(LibraryError, match="no paper 99"):
        filled.act([Change(paper_id=99, field="rating", value="1")], what="liked", now=NOW)
    assert filled.history() == []


@pytest.mark.parametrize("tag", ["", " ", "\x1b[0m", "\u202e"])
def test_a_tag_of_nothing_is_no_act(filled: Library, tag: str):
    assert filled.act([Change(paper_id=1, field="tag", value=tag)], what="x", now=NOW) == []
    assert filled.get(1).tags == ()
    assert filled.history() == []


def test_what_the_owner_writes_is_kept_without_control_characters(filled: Library):
    make.note(filled, 1, "red \x1b[31malert\x1b[0m\r\nline")
    make.tag(filled, 1, "a\x1b[2Jb")
    entry = filled.get(1)
    assert (entry.note, entry.tags) == ("red alert\nline", ("ab",))


# --- undo ---------------------------------------------------------------------------------------


def test_undo_takes_back_any_number_of_steps_one_by_one(filled: Library):
    states = [said(filled)]
    steps = [
        lambda: make.rate(filled, 1, 1, at(1)),
        lambda: make.status(filled, 1, "later", at(2)),
        lambda: make.tag(filled, 2, "llm", at(3)),
        lambda: make.tag(filled, 2, "llm", at(4), on=False),
        lambda: make.note(filled, 3, "One.", at(5)),
        lambda: make.note(filled, 3, "Two.", at(6)),
        lambda: make.rate(filled, 1, -1, at(7)),
        lambda: make.status(filled, 1, "new", at(8)),
    ]
    for step in steps:
        step()
        states.append(said(filled))
    for minute, state in enumerate(reversed(states[:-1]), start=10):
        assert len(filled.undo(now=at(minute))) == 1
        assert said(filled) == state
    assert filled.undo(now=at(30)) == []


def test_what_one_command_did_is_undone_at_once(filled: Library):
    changes = [Change(paper_id=id, field="rating", value="1") for id in (1, 2, 3)]
    filled.act(changes, what="liked", now=NOW)
    undone = filled.undo(now=at(1))
    assert [act.paper_id for act in undone] == [1, 2, 3]
    assert {act.what for act in undone} == {"liked"}
    assert filled.count(Filter(undecided=True)) == 3


def test_undo_says_when_and_what(filled: Library):
    make.rate(filled, 2, -1, at(5))
    [act] = filled.undo(now=at(9))
    assert (act.what, act.at, act.paper_id, act.field) == ("disliked", at(5), 2, "rating")
    assert (act.before, act.after) == (None, "-1")


def test_undo_goes_on_where_it_stopped_when_the_library_is_opened_again(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library(path) as library:
        add(library, *make.distinct(1))
        for minute, value in enumerate(["later", "reading", "read"]):
            make.status(library, 1, value, at(minute))
    for minute, value in enumerate(["reading", "later", "new"]):
        with Library(path) as library:
            library.undo(now=at(10 + minute))
            assert library.get(1).status == value


def test_after_an_undo_new_acts_are_undone_first(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.rate(filled, 2, 1, at(2))
    filled.undo(now=at(3))
    make.rate(filled, 3, 1, at(4))
    assert [act.paper_id for act in filled.undo(now=at(5))] == [3]
    assert [act.paper_id for act in filled.undo(now=at(6))] == [1]


def test_a_certain_step_can_be_undone(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.rate(filled, 2, 1, at(2))
    step = filled.history(1)[0].step
    assert [act.paper_id for act in filled.undo(now=at(3), step=step)] == [1]
    assert filled.undo(now=at(4), step=step) == []
    assert [act.paper_id for act in filled.undo(now=at(5))] == [2]


def test_an_undo_is_not_undone(filled: Library):
    make.rate(filled, 1, 1, at(1))
    filled.undo(now=at(2))
    assert filled.undo(now=at(3)) == []
    assert filled.undo(now=at(4), step=filled.history()[0].step) == []


def test_a_field_that_was_changed_since_is_left_as_it_is(filled: Library):
    both = [
        Change(paper_id=1, field="rating", value="1"),
        Change(paper_id=1, field="status", value="read"),
    ]
    filled.act(both, what="done", now=at(1))
    make.rate(filled, 1, -1, at(2))
    step = filled.history()[-1].step
    assert [act.field for act in filled.undo(now=at(3), step=step)] == ["status"]
    entry = filled.get(1)
    assert (entry.rating, entry.status) == (-1, Status.NEW)


def test_a_field_that_was_changed_to_and_fro_since_is_left_as_it_is(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.rate(filled, 1, None, at(2))
    make.rate(filled, 1, 1, at(3))
    filled.undo(now=at(4), step=filled.history()[-1].step)
    assert filled.get(1).rating == 1


def test_a_tag_that_was_changed_since_is_left_as_it_is(filled: Library):
    make.tag(filled, 1, "llm", at(1))
    make.tag(filled, 1, "llm", at(2), on=False)
    make.tag(filled, 1, "llm", at(3))
    filled.undo(now=at(4), step=filled.history()[-1].step)
    assert filled.get(1).tags == ("llm",)


def test_a_step_of_which_nothing_could_be_taken_back_still_stands(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.rate(filled, 1, -1, at(2))
    assert filled.undo(now=at(3), step=filled.history()[-1].step) == []
    filled.undo(now=at(4))
    assert filled.get(1).rating == 1
    filled.undo(now=at(5))
    assert filled.get(1).rating is None


def test_undo_goes_on_when_the_clock_went_back(filled: Library):
    make.rate(filled, 1, 1, at(10))
    make.rate(filled, 1, -1, at(5))
    assert filled.undo(now=at(6))
    assert filled.undo(now=at(7))
    assert filled.get(1).rating is None
    assert filled.undo(now=at(8)) == []


def test_undo_after_two_entries_became_one(library: Library):
    one, other = make.distinct(2)
    add(library, one, other)
    make.rate(library, 1, 1, at(1))
    make.tag(library, 2, "llm", at(2))
    bridge = make.paper("The Bridge Between Both", ids="arxiv:2401.00001 arxiv:2401.00002")
    add(library, bridge, now=at(3))
    assert [act.paper_id for act in library.undo(now=at(4))] == [1]
    assert library.get(1).tags == ()
    library.undo(now=at(5))
    assert library.get(1).rating is None


class Undoing(RuleBasedStateMachine):
    """Whatever was done, undo goes back through the same states."""

    @initialize()
    def start(self):
        self.library = Library(":memory:")
        add(self.library, *make.distinct(2))
        self.states = [said(self.library)]
        self.minutes = count()

    def teardown(self):
        if hasattr(self, "library"):
            self.library.close()

    @rule(
        changes=st.lists(
            st.builds(
                Change,
                paper_id=st.integers(1, 2),
                field=st.sampled_from(["status", "rating", "note"]),
                value=st.none(),
            )
            | st.builds(
                Change,
                paper_id=st.integers(1, 2),
                field=st.just("tag"),
                value=st.sampled_from("ab"),
                on=st.booleans(),
            )
            | st.builds(
                lambda id, change: Change(paper_id=id, field=change[0], value=change[1]),
                st.integers(1, 2),
                st.sampled_from(
                    [
                        ("status", "read"),
                        ("status", "new"),
                        ("rating", "1"),
                        ("rating", "-1"),
                        ("note", "x"),
                        ("note", "y"),
                    ]
                ),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def act(self, changes: list[Change]):
        if self.library.act(changes, what="did", now=at(next(self.minutes))):
            self.states.append(said(self.library))
        else:
            assert said(self.library) == self.states[-1]

    @rule()
    def undo(self):
        undone = self.library.undo(now=at(next(self.minutes)))
        assert bool(undone) == (len(self.states) > 1)
        if undone:
            self.states.pop()
        assert said(self.library) == self.states[-1]


TestUndoing = Undoing.TestCase


# --- history ------------------------------------------------------------------------------------


def test_history_is_the_newest_first_of_all_or_of_one(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.tag(filled, 2, "llm", at(2))
    make.status(filled, 1, "read", at(3))
    assert [(a.paper_id, a.field) for a in filled.history()] == [
        (1, "status"),
        (2, "tag"),
        (1, "rating"),
    ]
    assert [a.field for a in filled.history(1)] == ["status", "rating"]
    assert [a.field for a in filled.history(limit=2)] == ["status", "tag"]
    assert filled.history(3) == []


def test_history_only_grows_and_tells_what_was_undone(filled: Library):
    make.rate(filled, 1, 1, at(1))
    filled.undo(now=at(2))
    undo, liked = filled.history()
    assert (liked.what, liked.undone, liked.undoes) == ("liked", True, None)
    assert (undo.at, undo.undone, undo.undoes) == (at(2), False, liked.step)
    assert (undo.before, undo.after) == ("1", None)


# --- citation keys ------------------------------------------------------------------------------


def propose(entry: Entry) -> list[str]:
    return [f"Key{'' if n == 0 else 'abcdefgh'[n]}" for n in range(8)]


def test_keys_are_given_once_and_differ_whatever_their_case(filled: Library):
    filled.give_keys([1, 2], propose)
    filled.give_keys([3], lambda entry: [key.lower() for key in propose(entry)])
    assert [entry.key for entry in everything(filled)] == ["Key", "Keyb", "keyc"]
    before = everything(filled)
    filled.give_keys([1, 2, 3], lambda _entry: ["other"])
    assert everything(filled) == before


def test_a_key_that_a_paper_had_before_is_not_given_to_another(library: Library):
    first, second, third = make.distinct(3)
    add(library, first, second)
    library.give_keys([1, 2], propose)
    bridge = make.paper("The Bridge Between Both", ids="arxiv:2401.00001 arxiv:2401.00002")
    add(library, bridge, third)
    library.give_keys([1, 3], propose)
    assert {entry.key for entry in everything(library)} == {"Key", "Keyc"}


def test_each_gets_the_first_free_key_by_number(filled: Library):
    filled.give_keys([3, 1], lambda _entry: ["x", "xa"])
    assert (filled.get(1).key, filled.get(3).key) == ("x", "xa")


@given(st.lists(st.sampled_from(["a", "A", "b", "aa"]), min_size=1, max_size=4))
def test_no_two_papers_have_one_key(proposed: list[str]):
    with Library(":memory:") as library:
        add(library, *make.distinct(3))
        library.give_keys([1, 2, 3], lambda _entry: proposed)
        keys = [entry.key.lower() for entry in everything(library) if entry.key]
        assert len(set(keys)) == len(keys) == min(3, len({key.lower() for key in proposed}))


def test_undo_after_a_fold_leaves_what_the_other_entry_said(library: Library):
    one, other = make.distinct(2)
    add(library, one, other)
    make.note(library, 1, "first", at(1))
    make.rate(library, 1, 1, at(2))
    make.note(library, 2, "second", at(3))
    make.rate(library, 2, -1, at(4))
    bridge = make.paper("The Bridge Between Both", ids="arxiv:2401.00001 arxiv:2401.00002")
    add(library, bridge, now=at(5))
    assert library.get(1).note == "first\n\nsecond"
    library.undo(now=at(6))
    assert library.get(1).rating == 1
    library.undo(now=at(7))
    assert library.get(1).note == "first"

"""What is computed from a library: kept beside it, and never needed."""

from datetime import timedelta
from pathlib import Path

import make
import pytest
from make import NOW, add, at, everything

from readlist.library import Block, Filter, Library
from readlist.models import Opinion, Status

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
BLOCK = Block(2, b"ids", b"arrays")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def filled(library: Library) -> Library:
    add(library, *make.distinct(4))
    return library


def test_nothing_is_kept_until_something_is_computed(filled: Library, path: Path):
    assert filled.model() is None
    assert filled.features("v1") == []
    assert filled.features_revision("v1") == 0
    assert filled.undecided_scores() == []
    assert filled.saved_picks("request") is None
    assert not Path(f"{path}-cache").exists()


def test_what_is_kept_is_there_in_the_next_process(filled: Library, path: Path):
    filled.add_features("v1", 4, BLOCK)
    filled.save_model("state", b"arrays", [(1, 0.25), (2, -1.0)])
    filled.save_picks("request", "[1]")
    with Library(path) as other:
        assert other.features("v1") == [BLOCK]
        assert other.features_revision("v1") == 4
        assert other.model() == ("state", b"arrays")
        assert other.undecided_scores() == [-1.0, 0.25]
        assert other.saved_picks("request") == "[1]"
        assert other.get(1).score == 0.25


def test_what_another_process_keeps_is_seen_by_one_that_looked_before(filled: Library, path: Path):
    assert filled.model() is None
    with Library(path) as other:
        other.save_model("state", b"arrays", [(1, 0.25)])
    filled.save_picks("request", "[1]")
    assert filled.model() == ("state", b"arrays")


def test_the_cache_may_be_deleted_at_any_time(filled: Library, path: Path):
    filled.save_model("state", b"arrays", [(1, 0.25)])
    filled.close()
    for file in path.parent.glob("library.db-cache*"):
        file.unlink()
    with Library(path) as library:
        assert library.model() is None
        assert [entry.score for entry in everything(library)] == [None] * 4
        library.save_model("again", b"", [])
        assert library.model() == ("again", b"")


def test_features_of_another_version_go(filled: Library):
    filled.add_features("v1", 4, BLOCK)
    filled.add_features("v2", 2, BLOCK)
    filled.add_features("v2", 4, BLOCK)
    assert (filled.features("v1"), filled.features_revision("v1")) == ([], 0)
    assert (len(filled.features("v2")), filled.features_revision("v2")) == (2, 4)


def test_a_new_model_replaces_scores_and_picks(filled: Library):
    filled.save_model("one", b"1", [(1, 0.5), (2, 0.5)])
    filled.save_picks("request", "[1]")
    filled.save_model("two", b"2", [(2, 0.7)])
    assert filled.model() == ("two", b"2")
    assert [entry.score for entry in everything(filled)] == [None, 0.7, None, None]
    assert filled.saved_picks("request") is None


def test_a_model_is_forgotten_with_its_scores_and_picks(filled: Library):
    filled.save_model("one", b"1", [(1, 0.5)])
    filled.save_picks("request", "[1]")
    filled.drop_model()
    assert filled.model() is None
    assert filled.saved_picks("request") is None
    assert filled.undecided_scores() == []


def test_scores_of_undecided_papers_only(filled: Library):
    filled.save_model("one", b"1", [(1, 0.5), (2, 0.1), (3, 0.9)])
    make.status(filled, 1, "later")
    make.rate(filled, 3, 1)
    assert filled.undecided_scores() == [0.1]


def test_a_passing_library_keeps_its_cache_in_memory():
    with Library(":memory:") as library:
        add(library, *make.distinct(1))
        library.save_model("one", b"1", [(1, 0.5)])
        assert library.get(1).score == 0.5
    assert not Path(":memory:-cache").exists()


def test_texts_come_in_the_order_of_change_and_in_pieces(filled: Library):
    texts = filled.texts(0, 3)
    assert [text.paper_id for text in texts] == [1, 2, 3]
    revision = texts[-1].revision
    assert [text.paper_id for text in filled.texts(revision, 3)] == [4]
    assert filled.texts(filled.state()[0], 3) == []


def test_the_state_changes_with_papers_and_acts_and_with_nothing_else(filled: Library):
    states = [filled.state()]

    def changed() -> bool:
        states.append(filled.state())
        return states[-1] not in states[:-1]

    make.rate(filled, 1, 1)
    assert changed()
    filled.undo(now=at(1))
    assert changed()
    add(filled, make.paper("Another One of These Papers"))
    assert changed()
    add(filled, make.paper("Another One of These Papers"))
    filled.mark_shown([1], TODAY)
    filled.save_picks("request", "[]")
    assert not changed()


def test_opinions_are_all_that_was_done_and_left_undone(filled: Library):
    make.rate(filled, 1, 1, at(1))
    make.status(filled, 1, "read", at(2))
    make.status(filled, 2, "skipped", at(3))
    filled.mark_shown([1, 3], TODAY)
    assert filled.opinions(TODAY) == [
        Opinion(1, Status.READ, 1, at(2)),
        Opinion(2, Status.SKIPPED, None, at(3)),
    ]
    assert filled.opinions(TOMORROW) == [
        Opinion(1, Status.READ, 1, at(2)),
        Opinion(2, Status.SKIPPED, None, at(3)),
        Opinion(3, Status.NEW, None, None, ignored=True),
    ]


def test_the_first_day_on_which_papers_were_put_forward(filled: Library):
    filled.mark_shown([1, 3], TOMORROW)
    filled.mark_shown([3, 4], TODAY)
    assert filled.first_shown() == {1: TOMORROW, 3: TODAY, 4: TODAY}


def test_what_was_undone_is_no_opinion(filled: Library):
    make.rate(filled, 1, 1, at(1))
    filled.undo(now=at(2))
    assert filled.opinions(TODAY) == []


def test_a_paper_only_tagged_and_shown_counts_as_ignored(filled: Library):
    make.tag(filled, 1, "llm")
    make.note(filled, 1, "Hm.")
    filled.mark_shown([1, 1], TODAY)
    assert [o.ignored for o in filled.opinions(TOMORROW)] == [True]


def test_scores_of_a_folded_paper_go_with_it(filled: Library):
    filled.save_model("one", b"1", [(1, 0.1), (2, 0.9), (3, 0.5)])
    add(filled, make.paper("The Bridge Between Both", ids="arxiv:2401.00001 arxiv:2401.00002"))
    assert filled.undecided_scores() == [0.1, 0.5]
    assert filled.queue(Filter(undecided=True)) == [3, 1, 4]

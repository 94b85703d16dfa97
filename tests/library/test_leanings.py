"""What the owner says of authors, terms and the like: what holds, what counts, what undo brings back."""

from datetime import timedelta

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make import NOW, add, at
from strategies import hostile

from readlist import learning
from readlist.learning import Choice, Taste
from readlist.library import Filter, Library
from readlist.models import LEANINGS, Leaning

LATER = NOW.date() + timedelta(days=400)


def pin(library: Library, kind: str, *names: str, minute: int = 0) -> list[Leaning]:
    return library.lean(kind, names, 1, what="pinned", now=at(minute))


def mute(library: Library, kind: str, *names: str, minute: int = 0) -> list[Leaning]:
    return library.lean(kind, names, -1, what="muted", now=at(minute))


def let_go(library: Library, kind: str, *names: str, minute: int = 0) -> list[Leaning]:
    return library.lean(kind, names, 0, what="unpinned", now=at(minute))


def held(library: Library) -> list[tuple[str, str, int]]:
    return [(each.kind, each.name, each.stance) for each in library.leanings()]


@pytest.fixture
def filled(library: Library) -> Library:
    add(library, *make.distinct(3))
    return library


def test_what_was_said_last_holds(library: Library):
    assert pin(library, "author", "Ann Ode", minute=1) == [Leaning("author", "Ann Ode", 1, at(1))]
    mute(library, "term", "sheep", "block chain", minute=2)
    pin(library, "term", "sheep", minute=3)
    assert library.leanings() == [
        Leaning("author", "Ann Ode", 1, at(1)),
        Leaning("term", "block chain", -1, at(2)),
        Leaning("term", "sheep", 1, at(3)),
    ]
    let_go(library, "term", "sheep", minute=4)
    assert held(library) == [("author", "Ann Ode", 1), ("term", "block chain", -1)]


@pytest.mark.parametrize("kind", LEANINGS)
def test_a_name_is_of_its_kind_only(library: Library, kind: str):
    pin(library, kind, "sheep")
    assert held(library) == [(kind, "sheep", 1)]
    assert [k for k in LEANINGS if library.leaning(k, "sheep")] == [kind]


def test_what_is_so_already_is_not_said_again(library: Library):
    pin(library, "term", "sheep")
    state = library.state()
    assert pin(library, "term", "Sheep", minute=1) == []
    assert let_go(library, "term", "goats", minute=1) == []
    assert library.state() == state
    assert len(library.history()) == 1


@pytest.mark.parametrize(
    ("kind", "name", "other"),
    [
        ("author", "Geoffrey Hinton", "Hinton, Geoffrey"),
        ("author", "Kurt Gödel", "kurt godel"),
        ("author", "李明", " 李明"),
        ("author", "?!", " ?! "),
        ("category", "cs.LG", "CS.lg"),
        ("venue", "NeurIPS", "neurips"),
        ("term", "Block  Chain", "block chain"),
        ("interest", "Straße", "STRASSE"),
    ],
)
def test_forms_of_one_name_are_one(library: Library, kind: str, name: str, other: str):
    pin(library, kind, name)
    assert library.leaning(kind, other) == library.leanings()[0]
    mute(library, kind, other)
    assert len(library.leanings()) == 1
    assert [each.stance for each in let_go(library, kind, name, other)] == [0]
    assert library.leanings() == []


def test_an_author_is_one_as_filters_have_it(library: Library):
    add(library, make.paper(authors=("Hinton, Geoffrey E.",)))
    for name in ("Geoffrey Hinton", "hinton, geoffrey", "HINTON, Geoffrey"):
        assert library.ids(Filter(author=name)) == [1]
        pin(library, "author", name)
    assert held(library) == [("author", "Geoffrey Hinton", 1)]
    assert library.leaning("author", "Hinton") is None


@pytest.mark.parametrize("name", ["", " \n", "\x1b[0m", "\u202e"])
def test_a_name_of_nothing_is_no_leaning(library: Library, name: str):
    assert pin(library, "term", name) == []
    assert library.history() == []


def test_names_are_kept_without_control_characters(library: Library):
    pin(library, "term", "red\x1b[31m\n alert\x07")
    assert held(library) == [("term", "red alert", 1)]


@given(st.sampled_from(LEANINGS), hostile)
def test_any_name_can_be_said_found_and_taken_back(kind: str, name: str):
    with Library(":memory:") as library:
        said = pin(library, kind, name)
        assert library.leanings() == said
        assert [library.leaning(kind, name)] == (said or [None])
        assert bool(library.undo(now=at(1))) == bool(said)
        assert library.leanings() == []


# --- the papers that fit ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "fits"),
    [
        ("author", "Ode, Ann", True),
        ("author", "Ode", True),
        ("author", "Bo Ode", False),
        ("category", "cs", True),
        ("category", "CS.lg", True),
        ("category", "cs.L", False),
        ("venue", "journal of sheep", True),
        ("venue", "Sheep", False),
        ("term", "sleepy SHEEP", True),
        ("term", "counted", True),
        ("term", "sheep counted", False),
        ("term", "Ode", False),
        ("term", '"', False),
        ("interest", "sheep", False),
    ],
)
def test_a_paper_fits_what_is_said_of_it(library: Library, kind: str, name: str, fits: bool):
    about = {"authors": ("Ann Ode", "Bo Li"), "categories": ("cs.LG",), "venue": "Journal of Sheep"}
    add(library, make.paper("Counting the Sleepy Sheep", **about), *make.distinct(1))
    [said] = pin(library, kind, name)
    assert library.leant_papers() == ({1: [said]} if fits else {})
    mute(library, kind, name, minute=1)
    assert [each.stance for each in library.leant_papers().get(1, [])] == [-1] * fits


@pytest.mark.parametrize(
    ("kind", "name"),
    [("venue", "ACADÉMIE DES SCIENCES"), ("category", "ÉTUDES"), ("category", "c_")],
)
def test_case_is_any_in_all_letters_and_a_category_is_no_pattern(
    library: Library, kind: str, name: str
):
    about = {"categories": ("Études.Moutons", "c_.x"), "venue": "Académie des sciences"}
    add(library, make.paper("Counting the Sleepy Sheep", **about))
    add(
        library,
        make.paper("Counting Nothing", categories=("cs.LG",), venue="Academie des sciences"),
    )
    pin(library, kind, name)
    assert list(library.leant_papers()) == [1]


@given(st.sampled_from(LEANINGS), hostile)
def test_whatever_is_said_papers_can_be_asked_for(kind: str, name: str):
    with Library(":memory:") as library:
        add(library, *make.distinct(1))
        pin(library, kind, name)
        assert set(library.leant_papers()) <= {1}


# --- reset --------------------------------------------------------------------------------------


def test_after_a_reset_only_what_is_new_counts(filled: Library):
    pin(filled, "author", "Ann Ode", minute=1)
    make.rate(filled, 1, 1, at(1))
    make.status(filled, 2, "later", at(2))
    filled.mark_shown([3], NOW.date())
    filled.reset(now=at(3))
    assert (filled.leanings(), filled.opinions(LATER), filled.last_reset()) == ([], [], at(3))
    assert (filled.get(1).rating, filled.get(2).status) == (1, "later")
    make.status(filled, 1, "read", at(4))
    pin(filled, "term", "sheep", minute=4)
    assert [(o.paper_id, o.rating, o.status) for o in filled.opinions(LATER)] == [(1, 1, "read")]
    assert held(filled) == [("term", "sheep", 1)]
    filled.mark_shown([3], NOW.date() + timedelta(days=1))
    assert [o.paper_id for o in filled.opinions(LATER)] == [1, 3]


def test_undo_takes_a_reset_back(filled: Library):
    pin(filled, "author", "Ann Ode", minute=1)
    make.rate(filled, 1, 1, at(1))
    before = filled.leanings(), filled.opinions(LATER)
    filled.reset(now=at(2))
    filled.reset(now=at(3))
    assert [act.kind for act in filled.undo(now=at(4))] == ["reset"]
    assert (filled.leanings(), filled.last_reset()) == ([], at(2))
    filled.undo(now=at(5))
    assert ((filled.leanings(), filled.opinions(LATER)), filled.last_reset()) == (before, None)


def test_undoing_what_came_after_a_reset_does_not_bring_back_what_was_before(filled: Library):
    make.rate(filled, 1, 1, at(1))
    filled.reset(now=at(2))
    make.rate(filled, 1, -1, at(3))
    assert [o.rating for o in filled.opinions(LATER)] == [-1]
    filled.undo(now=at(4))
    assert filled.get(1).rating == 1
    assert filled.opinions(LATER) == []


def test_steps_of_one_moment_are_in_their_order(filled: Library):
    make.rate(filled, 1, 1)
    pin(filled, "term", "sheep")
    filled.reset(now=NOW)
    mute(filled, "term", "goats")
    make.rate(filled, 2, 1)
    assert held(filled) == [("term", "goats", -1)]
    assert [o.paper_id for o in filled.opinions(LATER)] == [2]


def test_after_a_reset_picks_are_as_before_the_first_like(filled: Library):
    make.rate(filled, 1, 1)
    options = {"choice": Choice(9), "filter": Filter(), "today": NOW.date(), "taste": Taste(70)}
    [pick, _] = learning.picks(filled, **options)
    assert pick.match
    filled.reset(now=at(1))
    assert [pick.match for pick in learning.picks(filled, **options)] == [None, None]
    filled.undo(now=at(2))
    assert learning.picks(filled, **options)[0].match


# --- undo, history, state -----------------------------------------------------------------------


def test_what_one_command_said_is_undone_at_once_and_told(library: Library):
    mute(library, "term", "sheep", "goats", minute=1)
    acts = library.undo(now=at(2))
    assert {(a.kind, a.name, a.stance, a.what, a.at) for a in acts} == {
        ("term", "sheep", -1, "muted", at(1)),
        ("term", "goats", -1, "muted", at(1)),
    }
    assert library.leanings() == []
    assert library.undo(now=at(3)) == []


def test_history_has_leanings_among_acts_and_that_of_a_paper_has_none(filled: Library):
    make.rate(filled, 1, 1, at(1))
    mute(filled, "term", "sheep", minute=2)
    make.rate(filled, 2, 1, at(3))
    filled.reset(now=at(4))
    filled.undo(now=at(5))
    assert [(act.what, act.undone) for act in filled.history()] == [
        ("undo reset", False),
        ("reset", True),
        ("liked", False),
        ("muted", False),
        ("liked", False),
    ]
    assert filled.history(limit=2) == filled.history()[:2]
    undo, reset = filled.history(limit=2)
    assert (undo.undoes, undo.kind, undo.at) == (reset.step, "reset", at(5))
    assert [act.what for act in filled.history(1)] == ["liked"]


def test_the_state_changes_with_leanings_resets_and_undos(filled: Library):
    make.rate(filled, 1, 1)
    states = [filled.state()]
    for change in (
        lambda: pin(filled, "term", "sheep"),
        lambda: let_go(filled, "term", "sheep"),
        lambda: filled.undo(now=NOW),
        lambda: filled.reset(now=NOW),
        lambda: filled.undo(now=NOW),
        lambda: make.rate(filled, 2, 1),
    ):
        change()
        assert filled.state() not in states
        states.append(filled.state())


def test_leanings_alone_are_no_new_papers_to_score(filled: Library):
    make.rate(filled, 1, 1)
    learning.train(filled, today=NOW.date(), taste=Taste(70))
    pin(filled, "term", "sheep", minute=1)
    assert not learning.has_unscored(filled)
    add(filled, make.paper("One More Paper for Us"))
    assert learning.has_unscored(filled)


FORMS = {"Ann Ode": 0, "ode, ann": 0, "ANN ODE": 0, "Bo Li": 1, "Li, Bo": 1}
said = st.tuples(
    st.sampled_from(["author", "term"]),
    st.lists(st.sampled_from(sorted(FORMS)), min_size=1, max_size=3),
    st.sampled_from([-1, 0, 1]),
)
rated = st.tuples(st.integers(1, 2), st.sampled_from([-1, 1, None]))


def one_of(kind: str, name: str) -> tuple[str, object]:
    return kind, FORMS[name] if kind == "author" else name.casefold()


@settings(max_examples=200)
@given(st.lists(said | rated | st.just("reset") | st.just("undo"), max_size=14))
def test_any_story_is_as_in_a_simple_model(steps: list):
    """The model: what is pinned and muted, ratings, which of them count; undo goes a state back."""
    with Library(":memory:") as library:
        add(library, *make.distinct(2))
        states = [({}, {}, frozenset())]
        for minute, step in enumerate(steps):
            leanings, ratings, counting = states[-1]
            if step == "undo":
                assert bool(library.undo(now=at(minute))) == (len(states) > 1)
                states = states[:-1] or states
            elif step == "reset":
                library.reset(now=at(minute))
                states.append(({}, ratings, frozenset()))
            elif isinstance(step[0], str):
                kind, names, stance = step
                known = {one_of(kind, name): stance for name in names}
                new = {key for key in known if leanings.get(key, 0) != stance}
                changed = library.lean(kind, names, stance, what="said", now=at(minute))
                assert {one_of(each.kind, each.name) for each in changed} == new
                if new:
                    states.append(({**leanings, **known}, ratings, counting))
            else:
                id, rating = step
                make.rate(library, id, rating, at(minute))
                if ratings.get(id) != rating:
                    states.append((leanings, {**ratings, id: rating}, counting | {id}))
            leanings, ratings, counting = states[-1]
            assert {one_of(each.kind, each.name): each.stance for each in library.leanings()} == {
                key: stance for key, stance in leanings.items() if stance
            }
            assert {(o.paper_id, o.rating) for o in library.opinions(LATER)} == {
                (id, ratings[id]) for id in counting if ratings[id]
            }

"""Papers are made of records: merged, split, enriched, and as they were when that is undone."""

from dataclasses import replace
from functools import reduce
from itertools import combinations

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from make import NOW, add, at, everything, paper, published
from strategies import records

from readlist import ids
from readlist.errors import NotFoundError
from readlist.library import Filter, Library, Sort
from readlist.merge import join, normal, same
from readlist.models import Change, Paper, Saved

PREPRINT = paper("Rest Is All You Need", ids="arxiv:1706.03762", authors=("Ann Ode",), date="2017")
JOURNAL = published(
    "Rest for the Restless Machine", ids="doi:10.1000/a", authors=("Ann Ode",), date="2019"
)
# What makes the two one paper.
BRIDGE = paper("", ids="arxiv:1706.03762 doi:10.1000/a")


def numbers(library: Library) -> list[int]:
    return library.ids(Filter(), Sort.ADDED)[::-1]


def state(library: Library) -> list[Saved]:
    """All there is, but the history."""
    return [replace(saved, acts=()) for saved in library.saved(numbers(library))]


def is_sound(library: Library) -> bool:
    """Each paper is what its records make, and known by all that they are known by."""
    for entry in everything(library):
        found = library.records(entry.id)
        [saved] = library.saved([entry.id])
        made = reduce(join, (record.paper for record in found))
        prints = {print for record in found for print in record.fingerprints}
        if not same(made, replace(entry.paper, key="")) or prints != {*saved.fingerprints}:
            return False
    db = library._db
    db.execute("INSERT INTO papers_text (papers_text, rank) VALUES ('integrity-check', 1)")
    return db.execute("PRAGMA foreign_key_check").fetchall() == []


def knows(library: Library, record: Paper) -> bool:
    """Whether all that a record says is in a paper."""
    kept = replace(normal(record), key="")
    return any(same(join(entry.paper, kept), entry.paper) for entry in everything(library))


def sharing(library: Library) -> list[tuple[int, int]]:
    """The pairs of papers that records show to be one."""
    evidence = {
        id: [({*record.paper.identifiers}, record.fingerprints) for record in library.records(id)]
        for id in numbers(library)
    }
    return [
        (one, other)
        for one, other in combinations(evidence, 2)
        if any(
            not names.isdisjoint(others)
            or any(ids.compatible(a, b) for a in prints for b in more_prints)
            for names, prints in evidence[one]
            for others, more_prints in evidence[other]
        )
    ]


def split_off(library: Library, id: int, *chosen: int) -> int:
    """Split off records by their places; the number of the new paper."""
    found = library.records(id)
    [act] = library.split(id, [[found[n].id or 0 for n in chosen]], now=NOW)
    assert act.after
    return int(act.after)


# --- what a paper is made of ----------------------------------------------------------------------


def test_a_paper_of_one_record_is_its_record(library: Library):
    add(library, PREPRINT, replace(PREPRINT, abstract="Said elsewhere."))
    [record] = library.records(1)
    assert record.id is None
    assert record.paper.abstract == "Said elsewhere."


def test_records_of_different_evidence_are_told_apart(library: Library):
    add(library, PREPRINT, BRIDGE, JOURNAL, PREPRINT)
    found = library.records(1)
    assert [r.paper.identifiers for r in found] == [
        PREPRINT.identifiers,
        BRIDGE.identifiers,
        JOURNAL.identifiers,
    ]
    assert is_sound(library)


def test_records_of_a_folded_paper_are_records_of_what_it_became(library: Library):
    add(library, PREPRINT)
    add(library, JOURNAL)
    add(library, BRIDGE)
    assert [r.paper.title for r in library.records(1)] == [PREPRINT.title, JOURNAL.title, ""]
    assert is_sound(library)


def test_no_paper_has_no_records(library: Library):
    with pytest.raises(NotFoundError, match="no paper 7"):
        library.records(7)


# --- merge -----------------------------------------------------------------------------------------


def test_merging_makes_one_paper_with_all_that_the_owner_said(library: Library):
    add(library, PREPRINT, JOURNAL)
    make.tag(library, 1, "rest", at(1))
    make.rate(library, 2, 1, at(2))
    make.note(library, 2, "Read it.", at(3))
    acts = library.merge(1, [2], now=at(4))
    assert [(act.paper_id, act.field, act.after) for act in acts] == [(1, "merge", "2")]
    [entry] = everything(library)
    assert (entry.tags, entry.rating, entry.note) == (("rest",), 1, "Read it.")
    assert library.find("10.1000/a") == library.find("1706.03762") == 1
    assert [a.field for a in library.history(1)] == ["merge", "note", "rating", "tag"]
    assert is_sound(library)


def test_the_first_one_is_kept_though_it_is_younger(library: Library):
    add(library, PREPRINT, JOURNAL)
    library.merge(2, [1], now=at(1))
    assert numbers(library) == [2]


def test_what_comes_in_for_a_merged_paper_joins_what_it_became(library: Library):
    add(library, PREPRINT, JOURNAL)
    library.merge(1, [2], now=at(1))
    report = library.add_all([JOURNAL, PREPRINT], now=at(2))
    assert report.unchanged == 2


def test_merging_what_is_not_there_changes_nothing(library: Library):
    add(library, PREPRINT, JOURNAL)
    before = state(library)
    with pytest.raises(NotFoundError, match="no paper 9"):
        library.merge(1, [2, 9], now=at(1))
    assert state(library) == before
    assert library.merge(1, [1], now=at(2)) == []


def test_a_merged_paper_is_as_it_was_when_that_is_undone(library: Library):
    add(library, replace(PREPRINT, key="ode2017"), replace(JOURNAL, key="ode2019"))
    make.tag(library, 1, "rest", at(1))
    make.note(library, 1, "One.", at(2))
    make.rate(library, 2, 1, at(3))
    make.note(library, 2, "Two.", at(4))
    library.mark_shown([2], NOW.date())
    before = state(library)
    library.merge(1, [2], now=at(5))
    assert everything(library)[0].note == "One.\n\nTwo."
    [act] = library.undo(now=at(6))
    assert (act.field, act.after) == ("merge", "2")
    assert state(library) == before
    assert [a.field for a in library.history(2)] == ["note", "rating"]
    assert [(a.field, a.before, a.after) for a in library.history(1)[:2]] == [
        ("merge", "2", None),
        ("merge", None, "2"),
    ]
    assert is_sound(library)


def test_what_the_owner_said_since_stays_when_a_merge_is_undone(library: Library):
    add(library, PREPRINT, JOURNAL)
    make.rate(library, 2, 1, at(1))
    make.tag(library, 2, "theirs", at(1))
    merged = library.merge(1, [2], now=at(2))
    make.status(library, 1, "read", at(3))
    make.rate(library, 1, -1, at(4))
    make.tag(library, 1, "since", at(5))
    library.undo(now=at(6), step=merged[0].step)
    ours, theirs = everything(library)
    assert (ours.status, ours.rating, ours.tags) == ("read", -1, ("since",))
    assert (theirs.status, theirs.rating, theirs.tags) == ("new", 1, ("theirs",))


def test_what_was_undone_since_stays_undone_when_a_merge_is(library: Library):
    add(library, PREPRINT, JOURNAL)
    make.rate(library, 2, 1, at(1))
    [like] = library.history()
    library.merge(1, [2], now=at(2))
    library.undo(now=at(3), step=like.step)
    library.undo(now=at(4))
    assert [entry.rating for entry in everything(library)] == [None, None]


def test_a_record_that_came_since_stays_with_the_one_that_it_is_of(library: Library):
    add(library, PREPRINT, JOURNAL)
    library.merge(1, [2], now=at(1))
    add(library, paper("", ids="doi:10.1000/a pmid:7"), paper("", ids="arxiv:1706.03762 hf:x"))
    library.undo(now=at(2))
    assert (library.find("pmid:7"), library.find("1706.03762")) == (2, 1)
    assert is_sound(library)


def test_merges_are_undone_in_turn(library: Library):
    add(library, *make.distinct(3))
    before = state(library)
    library.merge(2, [3], now=at(1))
    between = state(library)
    library.merge(1, [2], now=at(2))
    library.undo(now=at(3))
    assert state(library) == between
    library.undo(now=at(4))
    assert state(library) == before


def test_notes_of_both_are_one_until_the_merge_is_undone(library: Library):
    add(library, PREPRINT, JOURNAL)
    make.note(library, 1, "One.", at(1))
    make.note(library, 2, "Two.", at(2))
    library.merge(1, [2], now=at(3))
    make.note(library, 1, "Edited.", at(4))
    library.undo(now=at(5))
    assert library.get(1).note == "One.\n\nTwo."
    library.undo(now=at(6))
    assert [entry.note for entry in everything(library)] == ["One.", "Two."]


def test_what_was_said_and_undone_in_between_is_nobody_s(library: Library):
    add(library, PREPRINT, JOURNAL)
    make.rate(library, 2, 1, at(1))
    make.tag(library, 2, "llm", at(2))
    library.merge(1, [2], now=at(3))
    make.rate(library, 1, -1, at(4))
    make.tag(library, 1, "llm", at(5), on=False)
    for minute in (6, 7, 8):
        library.undo(now=at(minute))
    ours, theirs = everything(library)
    assert (ours.rating, ours.tags) == (None, ())
    assert (theirs.rating, theirs.tags) == (1, ("llm",))


def test_a_number_that_is_part_of_another_paper_leads_to_it(library: Library):
    add(library, *make.distinct(3))
    library.merge(2, [3], now=at(1))
    library.merge(1, [2], now=at(2))
    assert library.find("3") == library.find("2") == 1
    library.undo(now=at(3))
    assert (library.find("3"), library.find("2")) == (2, 2)


def test_what_two_terminals_did_in_turns_is_undone_in_turns(library: Library):
    add(library, *make.distinct(3))
    step = library.enrich([(1, paper("", ids="s2:a"), "pdf")], now=at(1))
    library.merge(1, [2], now=at(2))
    library.enrich([(1, paper("", ids="s2:b"), "pdf")], now=at(3), step=step)
    library.set_apart([1, 3], now=at(4))
    for left in (("s2:a", "s2:b"), ("s2:a", "s2:b"), ()):
        assert library.undo(now=at(5))
        found = [i for i in library.get(1).paper.identifiers if i.scheme == "s2"]
        assert tuple(f"{i.scheme}:{i.value}" for i in found) == left
    assert library.undo(now=at(6)) == []
    assert library.count() == 3


def test_a_step_that_was_undone_does_not_go_on(library: Library):
    add(library, *make.distinct(2))
    step = library.enrich([(1, paper("", ids="s2:a"), "pdf")], now=at(1))
    library.undo(now=at(2))
    other = library.enrich([(2, paper("", ids="s2:b"), "pdf")], now=at(3), step=step)
    assert other != step
    assert library.undo(now=at(4))
    assert library.get(2).paper.identifier("s2") == ""


def test_what_is_found_out_of_a_folded_paper_is_of_what_it_became(library: Library):
    add(library, *make.distinct(2))
    link = paper("", ids="arxiv:2401.00001 arxiv:2401.00002")
    library.enrich([(1, link, "x"), (2, paper("", abstract="Found."), "abstract")], now=at(1))
    assert library.get(1).paper.abstract == "Found."


def test_what_was_asked_for_a_paper_stays_when_what_was_asked_before_is_undone(library: Library):
    add(library, paper("Rest"), *make.distinct(1))
    first = library.enrich([(1, paper("", ids="s2:a"), "pdf")], now=at(1))
    library.enrich([(1, paper("", ids="dblp:b"), "pdf")], now=at(2))
    library.undo(now=at(3), step=first)
    assert [i.scheme for i in library.get(1).paper.identifiers] == ["dblp"]
    library.merge(2, [1], now=at(4))
    library.enrich([(2, paper("", ids="pmid:7"), "pdf")], now=at(5))
    library.undo(now=at(6), step=library.history(2)[1].step)
    assert (library.find("pmid:7"), library.count()) == (2, 2)


def test_a_key_that_came_since_is_current_when_the_other_one_is_given_back(library: Library):
    add(library, PREPRINT, replace(JOURNAL, key="ode2019"))
    library.merge(1, [2], now=at(1))
    add(library, replace(PREPRINT, key="ode2017"))
    library.undo(now=at(2))
    assert [entry.key for entry in everything(library)] == ["ode2017", "ode2019"]


def test_what_was_split_off_is_merged_elsewhere_and_the_split_not_undone_below_it(
    library: Library,
):
    add(library, PREPRINT, JOURNAL, BRIDGE, *make.distinct(1))
    id = split_off(library, 1, 1)
    [split] = library.history(1)
    other = library.find("2401.00001")
    library.merge(other, [id], now=at(1))
    assert library.undo(now=at(2), step=split.step) == []
    library.undo(now=at(3))
    assert library.undo(now=at(4))[0].field == "split"
    assert library.count() == 2


def test_an_import_that_joins_a_third_paper_leaves_it_what_was_said_of_it(library: Library):
    add(library, *make.distinct(3))
    make.tag(library, 2, "both", at(1))
    make.tag(library, 3, "both", at(2))
    make.rate(library, 3, 1, at(3))
    library.merge(1, [2], now=at(4))
    add(library, paper("", ids="arxiv:2401.00002 arxiv:2401.00003"))
    library.undo(now=at(5))
    first, second = everything(library)
    assert (first.tags, first.rating) == ((), None)
    assert (second.id, second.tags, second.rating) == (2, ("both",), 1)
    assert library.find("2401.00003") == library.find("3") == 2


def test_what_was_asked_for_stays_with_what_a_record_since_shows_to_be_one(library: Library):
    add(library, *make.distinct(2))
    [merged] = library.merge(1, [2], now=at(1))
    library.enrich([(1, paper("", ids="pmid:7"), "pdf")], now=at(2))
    add(library, paper("", ids="arxiv:2401.00001 arxiv:2401.00002"))
    library.undo(now=at(3), step=merged.step)
    [entry] = everything(library)
    assert {i.scheme for i in entry.paper.identifiers} == {"arxiv", "pmid"}
    assert is_sound(library)


def test_several_merged_at_once_are_undone_at_once(library: Library):
    add(library, *make.distinct(4))
    before = state(library)
    library.merge(2, [4, 1, 4], now=at(1))
    assert numbers(library) == [2, 3]
    library.undo(now=at(2))
    assert state(library) == before


def test_a_merge_is_not_undone_under_a_later_one(library: Library):
    add(library, *make.distinct(3))
    [first] = library.merge(2, [3], now=at(1))
    library.merge(1, [2], now=at(2))
    assert library.undo(now=at(3), step=first.step) == []
    assert numbers(library) == [1]


def test_a_merge_is_undone_though_an_import_folded_the_paper_since(library: Library):
    add(library, paper("", ids="s2:old"), PREPRINT, JOURNAL)
    make.rate(library, 3, 1, at(1))
    library.merge(2, [3], now=at(2))
    add(library, paper("", ids="s2:old arxiv:1706.03762"))
    assert numbers(library) == [1]
    library.undo(now=at(3))
    assert numbers(library) == [1, 3]
    assert (library.find("10.1000/a"), library.get(3).rating) == (3, 1)
    assert is_sound(library)


# --- split -----------------------------------------------------------------------------------------


def test_splitting_makes_two_papers_that_stay_apart(library: Library):
    add(library, PREPRINT, JOURNAL, BRIDGE)
    make.rate(library, 1, 1, at(1))
    assert split_off(library, 1, 1) == 2
    ours, theirs = everything(library)
    assert (ours.paper.title, theirs.paper.title) == (PREPRINT.title, JOURNAL.title)
    assert (ours.rating, theirs.rating, theirs.added) == (1, None, NOW)
    assert library.apart() == {(1, 2)}
    before = library.state()
    report = library.add_all([BRIDGE, JOURNAL, PREPRINT], now=at(2))
    assert report.unchanged == 3
    assert library.state() == before
    assert is_sound(library)


def test_a_split_is_undone(library: Library):
    add(library, PREPRINT, JOURNAL, BRIDGE)
    make.rate(library, 1, 1, at(1))
    before = state(library)
    split_off(library, 1, 0, 2)
    assert [a.field for a in library.undo(now=at(2))] == ["split"]
    assert state(library) == before
    assert library.apart() == set()


def test_what_the_owner_said_of_what_was_split_off_stays_when_that_is_undone(library: Library):
    add(library, PREPRINT, JOURNAL, BRIDGE)
    id = split_off(library, 1, 1)
    [act] = library.history(1)
    make.tag(library, id, "since", at(2))
    library.undo(now=at(3), step=act.step)
    [entry] = everything(library)
    assert entry.tags == ("since",)


def test_a_record_must_stay(library: Library):
    add(library, PREPRINT, JOURNAL, BRIDGE)
    before = state(library)
    found = [record.id or 0 for record in library.records(1)]
    with pytest.raises(NotFoundError, match="a record must stay in paper 1"):
        library.split(1, [found], now=at(1))
    assert state(library) == before


def test_records_that_are_gone_meanwhile_are_not_split_off(library: Library):
    add(library, PREPRINT, JOURNAL, BRIDGE)
    with pytest.raises(NotFoundError, match="no record 99 in paper 1"):
        library.split(1, [[99]], now=at(1))


def test_papers_apart_are_merged_when_the_owner_says_so_and_apart_again_after(library: Library):
    add(library, PREPRINT, JOURNAL, BRIDGE)
    id = split_off(library, 1, 1)
    before = state(library)
    library.merge(1, [id], now=at(1))
    assert library.apart() == set()
    library.undo(now=at(2))
    assert state(library) == before
    assert library.apart() == {(1, id)}


# --- apart -----------------------------------------------------------------------------------------


def test_papers_set_apart_are_not_made_one_by_what_comes_in(library: Library):
    add(library, PREPRINT, JOURNAL)
    library.set_apart([2, 1], now=at(1))
    report = library.add_all([BRIDGE], now=at(2))
    assert report.folded == 0
    assert numbers(library) == [1, 2]
    assert library.find("1706.03762") == 1
    library.undo(now=at(3))
    assert library.apart() == set()


def test_what_is_apart_from_a_folded_paper_is_apart_from_what_it_became(library: Library):
    add(library, paper("", ids="s2:old"), PREPRINT, JOURNAL)
    library.set_apart([2, 3], now=at(1))
    add(library, paper("", ids="s2:old arxiv:1706.03762"))
    assert library.apart() == {(1, 3)}
    add(library, BRIDGE)
    assert numbers(library) == [1, 3]


def test_saying_it_twice_is_one_act(library: Library):
    add(library, PREPRINT, JOURNAL)
    assert len(library.set_apart([1, 2], now=at(1))) == 1
    assert library.set_apart([2, 1], now=at(2)) == []


# --- enrich ----------------------------------------------------------------------------------------


def test_what_was_found_out_is_the_paper_s_though_nothing_shows_it(library: Library):
    add(library, paper("Rest"), JOURNAL)
    found = replace(PREPRINT, abstract="We rest.")
    step = library.enrich([(1, found, "abstract")], now=at(1))
    assert library.get(1).paper.abstract == "We rest."
    assert library.find("1706.03762") == 1
    [act] = library.history()
    assert (act.step, act.what, act.field, act.after) == (step, "enriched", "record", "abstract")


def test_what_was_found_out_goes_when_that_is_undone(library: Library):
    add(library, paper("Rest"), PREPRINT, JOURNAL)
    make.rate(library, 2, 1, at(1))
    before = state(library)
    step = library.enrich([(1, replace(PREPRINT, abstract="We rest."), "abstract")], now=at(2))
    library.enrich([(1, BRIDGE, "published")], now=at(3), step=step)
    assert numbers(library) == [1]
    assert library.get(1).rating == 1
    library.undo(now=at(4))
    assert state(library) == before
    assert is_sound(library)


def test_what_came_in_since_stays_when_enriching_is_undone(library: Library):
    add(library, PREPRINT)
    found = replace(BRIDGE, abstract="We rest.")
    library.enrich([(1, found, "abstract")], now=at(1))
    add(library, found)
    library.undo(now=at(2))
    assert library.get(1).paper.abstract == "We rest."


def test_what_was_of_a_paper_only_by_what_enriched_it_is_its_own_when_that_is_undone(
    library: Library,
):
    add(library, paper("Rest"))
    library.enrich([(1, PREPRINT, "authors")], now=at(1))  # of another paper, as it turns out
    add(library, replace(PREPRINT, abstract="We rest."))
    library.undo(now=at(2))
    assert [e.paper.title for e in everything(library)] == ["Rest", PREPRINT.title]
    assert is_sound(library)


def test_what_says_nothing_new_is_no_act(library: Library):
    add(library, PREPRINT)
    assert library.enrich([(1, PREPRINT, "abstract"), (9, JOURNAL, "x")], now=at(1)) is None
    assert library.history() == []
    assert len(library.records(1)) == 1


def test_what_was_found_out_of_a_paper_apart_from_another_goes_to_it(library: Library):
    add(library, PREPRINT, JOURNAL)
    library.set_apart([1, 2], now=at(1))
    library.enrich([(2, BRIDGE, "identifier")], now=at(2))
    assert [entry.paper.identifier("arxiv") for entry in everything(library)] == ["1706.03762"] * 2


# --- laws ------------------------------------------------------------------------------------------


@given(st.lists(records(), max_size=6), st.data())
def test_merging_and_undoing_is_nothing(items: list[Paper], data: st.DataObject):
    with Library(":memory:") as library:
        for item in items:
            library.add_all([item], now=NOW)
        papers = numbers(library)
        if len(papers) < 2:
            return
        before = state(library)
        kept, *gone = data.draw(st.permutations(papers))
        library.merge(kept, gone, now=at(1))
        assert is_sound(library)
        library.undo(now=at(2))
        assert state(library) == before
        assert is_sound(library)


@given(st.lists(records(), min_size=2, max_size=6), st.data())
def test_after_splitting_what_comes_in_again_changes_nothing(
    items: list[Paper], data: st.DataObject
):
    with Library(":memory:") as library:
        for item in items:
            library.add_all([item], now=NOW)
        before = state(library)
        for id in numbers(library):
            places = range(len(library.records(id)))
            chosen = data.draw(st.sets(st.sampled_from(places), max_size=len(places) - 1))
            if chosen:
                split_off(library, id, *chosen)
        after, papers = state(library), library.state()
        for batch in (data.draw(st.permutations(items)), *([item] for item in items)):
            report = library.add_all(batch, now=at(2))
            assert (report.added, report.updated, report.folded) == (0, 0, 0)
        assert state(library) == after
        assert library.state() == papers
        while library.undo(now=at(3)):
            assert is_sound(library)
        assert state(library) == before


# Not notes: one that was joined with another's may stay so.
SAID = st.lists(
    st.tuples(
        st.sampled_from(["rating", "status", "tag"]),
        st.sampled_from(["1", "-1", "read", "later", "one", "two", None]),
        st.integers(0, 5),
    ),
    max_size=5,
)
VALUES = {"rating": ("1", "-1", None), "status": ("read", "later", None)}


def say(library: Library, said: list[tuple[str, str | None, int]]) -> None:
    """Acts on papers by their places, a minute after the other."""
    for minute, (field, value, place) in enumerate(said, start=-10):
        papers = numbers(library)
        if papers and value in VALUES.get(field, (value,)) and (field != "tag" or value):
            change = Change(paper_id=papers[place % len(papers)], field=field, value=value)
            library.act([change], what="said", now=at(minute))


def all_said(library: Library) -> list[str]:
    """Papers with what the owner says of them, without regard to their numbers."""
    return sorted(repr((e.paper, e.rating, e.status, e.tags, e.note)) for e in everything(library))


@settings(max_examples=150)
@given(
    st.lists(records(), min_size=2, max_size=5), SAID, st.lists(records(), max_size=4), st.data()
)
def test_undoing_a_merge_is_as_if_there_had_been_none(
    items: list[Paper],
    said: list[tuple[str, str | None, int]],
    later: list[Paper],
    data: st.DataObject,
):
    with Library(":memory:") as library, Library(":memory:") as other:
        for each in (library, other):
            for item in items:
                each.add_all([item], now=NOW)
            say(each, said)
        kept, *gone = data.draw(st.permutations(numbers(library)))[:3]
        merged = library.merge(kept, gone, now=at(2))
        for each in (library, other):
            for item in later:
                each.add_all([item], now=at(3))
        if merged:
            library.undo(now=at(4), step=merged[0].step)
        assert all_said(library) == all_said(other)
        assert is_sound(library)
        assert sharing(library) == []


@settings(max_examples=150)
@given(
    st.lists(records(), min_size=1, max_size=4), SAID, records(), st.lists(records(), max_size=4)
)
def test_undoing_what_was_filled_in_is_as_if_it_had_never_been(
    items: list[Paper], said: list[tuple[str, str | None, int]], found: Paper, later: list[Paper]
):
    with Library(":memory:") as library, Library(":memory:") as other:
        for each in (library, other):
            for item in items:
                each.add_all([item], now=NOW)
            say(each, said)
        step = library.enrich([(1, found, "something")], now=at(1))
        for each in (library, other):
            for item in later:
                each.add_all([item], now=at(2))
        if step:
            library.undo(now=at(3), step=step)
        assert all_said(library) == all_said(other)
        assert is_sound(library)


class Interleaved(RuleBasedStateMachine):
    """Whatever happens in whatever order, no record, identifier, tag or note is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.library = Library(":memory:")
        self.minute = 0
        self.came: list[Paper] = []
        self.tagged: set[str] = set()

    def teardown(self) -> None:
        self.library.close()

    def now(self):
        self.minute += 1
        return at(self.minute)

    def two(self, data: st.DataObject) -> list[int]:
        return data.draw(st.permutations(numbers(self.library)))[:2]

    @rule(items=st.lists(records(), min_size=1, max_size=3))
    def come_in(self, items: list[Paper]) -> None:
        before = self.library.count()
        report = self.library.add_all(items, now=self.now())
        assert self.library.count() == before + report.added - report.folded
        self.came += items

    @precondition(lambda self: self.library.count() > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        kept, gone = self.two(data)
        self.library.merge(kept, [gone], now=self.now())

    @precondition(lambda self: self.library.count() > 1)
    @rule(data=st.data())
    def set_apart(self, data: st.DataObject) -> None:
        self.library.set_apart(self.two(data), now=self.now())

    @precondition(lambda self: self.library.count() > 0)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(numbers(self.library)))
        found = self.library.records(id)
        if len(found) > 1:
            place = data.draw(st.integers(0, len(found) - 1))
            split_off(self.library, id, place)

    @precondition(lambda self: self.library.count() > 0)
    @rule(data=st.data(), record=records())
    def enrich(self, data: st.DataObject, record: Paper) -> None:
        id = data.draw(st.sampled_from(numbers(self.library)))
        self.library.enrich([(id, record, "something")], now=self.now())

    @precondition(lambda self: self.library.count() > 0)
    @rule(data=st.data())
    def tag(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(numbers(self.library)))
        name = f"t{self.minute}"
        make.tag(self.library, id, name, self.now())
        self.tagged.add(name)

    @rule()
    def undo(self) -> None:
        for act in self.library.undo(now=self.now()):
            if act.field == "tag" and act.after:
                self.tagged.discard(act.after)

    @rule()
    def move_house(self) -> None:
        """To another library and on with it there."""
        other = Library(":memory:")
        before = state(self.library)
        other.add_all(list(self.library.saved(numbers(self.library))), now=self.now())
        assert [s.entry.paper for s in state(other)] == [s.entry.paper for s in before]
        other.close()

    @invariant()
    def all_is_there(self) -> None:
        assert is_sound(self.library)
        for record in self.came:
            assert knows(self.library, record)
        tags = [tag for entry in everything(self.library) for tag in entry.tags]
        assert self.tagged <= {*tags}
        assert self.library.apart() >= {*sharing(self.library)}


TestInterleaved = Interleaved.TestCase
TestInterleaved.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)

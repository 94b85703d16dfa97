"""Papers come in: which are one, what they become, whatever the order."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make import NOW, add, at, everything, paper, published, sighting
from strategies import SHORT_TITLES, papers, records

from readlist import merge
from readlist.library import Filter, Library, Report, incoming
from readlist.models import Change, Paper, Problem


def text_index_is_right(library: Library) -> bool:
    library._db.execute("INSERT INTO papers_text (papers_text, rank) VALUES ('integrity-check', 1)")
    return library._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def contents(library: Library) -> list[Any]:
    """The papers of a library without regard to their numbers."""
    return sorted((entry.paper for entry in everything(library)), key=canonical)


def canonical(paper: Paper) -> str:
    versions = [[v.standing, v.title, v.venue, v.date, v.type, v.fields] for v in paper.versions]
    rest = [getattr(paper, name) for name in ("identifiers", "authors", "abstract", "extra")]
    seen = [[s.source, s.place, s.at] for s in paper.sightings]
    return json.dumps([versions, rest, seen], sort_keys=True)


def taken_in(batches: Sequence[Sequence[Paper]]) -> list[Any]:
    with Library(":memory:") as library:
        for batch in batches:
            library.add_all(batch, now=NOW)
        assert text_index_is_right(library)
        return contents(library)


# --- a paper comes in ---------------------------------------------------------------------------


@given(papers())
def test_a_paper_comes_out_as_it_came_in(record: Paper):
    with Library(":memory:") as library:
        report = library.add_all([record], now=NOW)
        assert (report.added, report.updated, report.unchanged, report.folded) == (1, 0, 0, 0)
        [entry] = everything(library)
        assert entry.paper == replace(merge.normal(record), key="")
        assert entry.key == record.key
        assert (entry.id, entry.added) == (1, NOW)
        assert not entry.decided


@given(st.lists(records(), max_size=4))
def test_adding_twice_is_unchanged(items: list[Paper]):
    with Library(":memory:") as library:
        library.add_all(items, now=NOW)
        before, state = everything(library), library.state()
        report = library.add_all(items, now=at(1))
        assert (report.added, report.updated, report.folded) == (0, 0, 0)
        assert report.unchanged == len(items)
        assert everything(library) == before
        assert library.state() == state


def test_problems_are_passed_on_and_the_rest_is_saved(library: Library):
    problem = Problem(where="line 1", what="nonsense")
    report = library.add_all([problem, paper()], now=NOW)
    assert report.problems == [problem]
    assert library.count() == 1


def test_what_came_in_before_the_source_fails_is_kept(library: Library, monkeypatch):
    monkeypatch.setattr(incoming, "_BATCH", 2)

    def failing():
        yield from make.distinct(3)
        raise OSError

    with pytest.raises(OSError):
        library.add_all(failing(), now=NOW)
    assert library.count() == 3


# --- the law ------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(st.data())
def test_the_order_of_imports_changes_nothing(data: st.DataObject):
    items = data.draw(st.lists(records(), min_size=2, max_size=6))
    shuffled = data.draw(st.permutations(items))
    assert taken_in([[item] for item in shuffled]) == taken_in([items])


@given(st.data())
def test_how_imports_are_cut_into_batches_changes_nothing(data: st.DataObject):
    items = data.draw(st.lists(records(), min_size=3, max_size=7))
    cut = data.draw(st.integers(1, len(items) - 1))
    assert taken_in([items[:cut], items[cut:]]) == taken_in([items[cut:], items[:cut]])


@given(st.data())
def test_the_order_of_imports_changes_nothing_with_short_titles(data: st.DataObject):
    items = data.draw(st.lists(papers(SHORT_TITLES[1:], 1), min_size=2, max_size=5))
    shuffled = data.draw(st.permutations(items))
    assert taken_in([[item] for item in shuffled]) == taken_in([items])


def test_batches_make_no_difference(monkeypatch):
    items = [
        paper(ids=f"arxiv:2401.{n % 3:05}", authors=("Ann Ode",), date=f"{2010 + n}")
        for n in range(12)
    ]
    whole = taken_in([items])
    monkeypatch.setattr(incoming, "_BATCH", 2)
    assert taken_in([items]) == whole
    assert taken_in([items[::-1]]) == whole


def test_many_papers_come_in_as_fast_in_bulk_and_as_right(library: Library):
    add(library, *make.distinct(120))
    assert library.ids(Filter(words="Number77")) == [77]
    again = [replace(p, abstract="Found now.") for p in make.distinct(150)[60:]]
    report = library.add_all(again, now=at(1))
    assert (report.added, report.updated) == (30, 60)
    assert library.count(Filter(words="found")) == 90
    assert text_index_is_right(library)


# --- who is who ---------------------------------------------------------------------------------

PREPRINT = paper(
    "Rest Is All You Need", ids="arxiv:1706.03762", authors=("Ann Ode", "Bo Li"), date="2017-06-12"
)
JOURNAL = published(
    "Rest is all you need.",
    ids="doi:10.1000/a",
    authors=("Ode, Ann", "Li, Bo"),
    date="2019",
    venue="Annals of Rest",
)


def test_a_preprint_and_its_publication_are_one_paper(library: Library):
    assert add(library, PREPRINT, JOURNAL) == [1]
    [entry] = everything(library)
    assert (entry.paper.date, entry.paper.venue) == ("2019", "Annals of Rest")
    assert entry.paper.identifier("doi")
    assert entry.paper.identifier("arxiv")


def test_one_identifier_in_common_is_enough(library: Library):
    assert add(
        library, PREPRINT, paper("Quite Another Title Than That", ids="arxiv:1706.03762")
    ) == [1]


@pytest.mark.parametrize(
    "other",
    [
        replace(JOURNAL, versions=(replace(JOURNAL.versions[0], date="2021"),)),
        replace(JOURNAL, authors=("Li, Bo", "Ode, Ann")),
        replace(JOURNAL, versions=(replace(JOURNAL.versions[0], title="Rest Is All We Need"),)),
    ],
)
def test_a_paper_that_only_looks_alike_is_another(library: Library, other: Paper):
    assert add(library, PREPRINT, other) == [1, 2]


def test_short_titles_are_never_enough_alone(library: Library):
    assert add(
        library,
        paper("Introduction", ids="doi:10.1000/a", authors=("Ann Ode",), date="2020"),
        paper("Introduction", ids="doi:10.1000/b", authors=("Ann Ode",), date="2020"),
    ) == [1, 2]


def test_different_dois_of_one_paper_are_all_kept(library: Library):
    other = replace(JOURNAL, identifiers=paper(ids="doi:10.1000/b").identifiers)
    assert add(library, JOURNAL, other) == [1]
    assert {i.value for i in everything(library)[0].paper.identifiers} == {
        "10.1000/a",
        "10.1000/b",
    }


# --- folding ------------------------------------------------------------------------------------

A = paper("The First Paper of All", ids="arxiv:2405.00001", abstract="Alpha.")
B = paper("Some Second Paper of Mine", ids="doi:10.1000/b", abstract="A longer beta.")
C = paper("And a Third One Too", ids="pmid:3")
BRIDGE = paper("The Bridge Between Them All", ids="arxiv:2405.00001 doi:10.1000/b pmid:3")


def test_a_record_that_shares_identifiers_with_several_folds_them_into_the_oldest(
    library: Library,
):
    add(library, *make.distinct(1), A, B, C)
    report = library.add_all([BRIDGE], now=at(1))
    assert (report.added, report.updated, report.folded) == (0, 1, 2)
    first, folded = everything(library)
    assert (first.id, folded.id) == (1, 2)
    assert len(folded.paper.identifiers) == 3
    assert folded.paper.abstract == "A longer beta."
    assert text_index_is_right(library)


def test_entries_fold_within_one_batch_too(library: Library):
    report = library.add_all([A, B, C, BRIDGE], now=NOW)
    assert library.ids() == [1]
    assert report.added - report.folded == 1
    assert text_index_is_right(library)


def test_a_folded_number_is_never_used_again(library: Library):
    add(library, A, B)
    add(library, BRIDGE)
    assert add(library, *make.distinct(1))[-1] > 2


def test_a_folded_paper_is_found_by_all_its_names(library: Library):
    add(library, A, B, C, BRIDGE)
    for handle in ("2405.00001", "10.1000/b", "pmid:3", "Bridge Between"):
        assert library.find(handle) == 1


def test_a_fold_leaves_nothing_of_the_younger_behind(library: Library):
    add(library, A, B)
    make.rate(library, 2, 1)
    add(library, BRIDGE, now=at(1))
    for table in ("identifiers", "fingerprints", "sightings", "entries", "tags", "acts", "shown"):
        sql = f"SELECT count(*) FROM {table} WHERE paper_id <> 1"
        assert library._db.execute(sql).fetchone() == (0,), table
    assert library._db.execute("PRAGMA foreign_key_check").fetchall() == []


def owned(library: Library) -> None:
    """Two entries that the owner worked on, in turns, folded into one."""
    add(library, replace(A, key="first"), replace(B, key="second"))
    make.rate(library, 1, 1, at(1))
    make.rate(library, 2, -1, at(2))
    make.status(library, 2, "later", at(3))
    make.status(library, 1, "read", at(4))
    make.tag(library, 1, "both", at(5))
    make.tag(library, 2, "both", at(5))
    make.tag(library, 1, "one", at(6))
    make.tag(library, 2, "two", at(6))
    make.note(library, 2, "Said of the second.", at(7))
    make.note(library, 1, "Said of the first.", at(8))
    add(library, BRIDGE, now=at(9))


def test_folding_keeps_the_newest_act_of_each_field_all_tags_and_both_notes(library: Library):
    owned(library)
    [entry] = everything(library)
    assert (entry.rating, entry.rated_at) == (-1, at(2))
    assert (entry.status, entry.status_at) == ("read", at(4))
    assert entry.tags == ("both", "one", "two")
    assert entry.note == "Said of the second.\n\nSaid of the first."
    assert entry.noted_at == at(8)


def test_folding_keeps_all_citation_keys_one_of_them_current(library: Library):
    owned(library)
    [entry] = everything(library)
    assert (entry.key, entry.aliases) == ("first", ("second",))
    assert library.find("first") == library.find("second") == 1


def test_folding_a_keyed_entry_into_one_without_makes_its_key_current(library: Library):
    add(library, A, replace(B, key="second"), BRIDGE)
    [entry] = everything(library)
    assert (entry.key, entry.aliases) == ("second", ())


def test_folding_keeps_the_history_of_both(library: Library):
    owned(library)
    acts = library.history(1)
    assert len(acts) == 11  # one of them says what the joined note is
    assert {act.paper_id for act in library.history()} == {1}
    assert [act.at for act in acts] == sorted((act.at for act in acts), reverse=True)


def test_what_was_cleared_later_stays_cleared_when_folded(library: Library):
    add(library, A, B)
    make.rate(library, 1, 1, at(1))
    make.rate(library, 2, -1, at(2))
    make.rate(library, 2, None, at(3))
    add(library, BRIDGE, now=at(4))
    assert everything(library)[0].rating is None


def test_one_note_in_both_is_kept_once(library: Library):
    add(library, A, B)
    make.note(library, 1, "Same words.", at(1))
    make.note(library, 2, "Same words.", at(2))
    add(library, BRIDGE, now=at(3))
    assert everything(library)[0].note == "Same words."


def test_the_order_of_folding_does_not_change_what_the_owner_said():
    def folded(order: tuple[int, ...]) -> list[Any]:
        with Library(":memory:") as library:
            parts = [A, B, C]
            add(library, *(parts[i] for i in order))
            numbers = {part: order.index(part) + 1 for part in order}
            make.rate(library, numbers[0], 1, at(1))
            make.rate(library, numbers[1], -1, at(2))
            make.status(library, numbers[2], "later", at(3))
            make.tag(library, numbers[1], "b", at(4))
            make.note(library, numbers[0], "Zero.", at(5))
            make.note(library, numbers[2], "Two.", at(6))
            add(library, BRIDGE, now=at(7))
            [entry] = everything(library)
            assert text_index_is_right(library)
            return [replace(entry, aliases=(), key="")]

    assert folded((0, 1, 2)) == folded((2, 0, 1)) == folded((1, 2, 0))


def test_folding_keeps_sightings_as_if_there_had_been_one_paper(library: Library):
    early, late = sighting(at="2026-01-01"), sighting(at="2026-02-01")
    add(library, replace(A, sightings=(early,)), replace(B, sightings=(late,)), BRIDGE)
    with Library(":memory:") as other:
        add(other, BRIDGE, replace(A, sightings=(early,)), replace(B, sightings=(late,)))
        assert contents(library) == contents(other)


def test_folding_stored_entries_keeps_sightings_as_if_there_had_been_one_paper(library: Library):
    early, late = sighting(at="2026-01-01"), sighting(at="2026-02-01")
    for item in (replace(A, sightings=(early,)), replace(B, sightings=(late,)), BRIDGE):
        add(library, item)
    with Library(":memory:") as other:
        add(other, BRIDGE, replace(A, sightings=(early,)), replace(B, sightings=(late,)))
        assert contents(library) == contents(other)


# --- what is computed from papers is told of changes ------------------------------------------


def test_each_change_of_a_paper_is_a_new_revision(library: Library):
    add(library, A, B)
    assert [text.paper_id for text in library.texts(0, 10)] == [1, 2]
    before = library.state()[0]
    add(library, replace(A, abstract="Alpha, at length."), now=at(1))
    assert [text.paper_id for text in library.texts(before, 10)] == [1]


def test_a_revision_is_never_used_again(library: Library):
    # Three records of one paper: the third connects the first two and adds nothing to them.
    def record(year: str) -> Paper:
        return paper("Rest Is All You Need", date=year, authors=("Ann Ode",))

    add(library, record("2018"), record("2024"))
    state = library.state()
    assert add(library, record("2021")) == [1]
    assert library.state() != state
    add(library, *make.distinct(1))
    assert library.state() != state
    told = [text.title for text in library.texts(state[0], 10)]
    assert "The Dull Paper Called Number1" in told


# --- citation keys and marks --------------------------------------------------------------------


def test_a_key_from_a_file_is_kept_and_a_second_one_is_an_alias(library: Library):
    add(library, replace(A, key="ode2017"), replace(A, key="other2017"))
    [entry] = everything(library)
    assert (entry.key, entry.aliases) == ("ode2017", ("other2017",))


def test_the_key_of_another_paper_is_a_problem_and_the_paper_comes_in(library: Library):
    report = library.add_all([replace(A, key="ode"), replace(B, key="ODE")], now=NOW)
    assert [entry.key for entry in everything(library)] == ["ode", ""]
    [problem] = report.problems
    assert problem.where == "ODE"
    assert "Some Second Paper of Mine" in problem.what


def test_marks_are_put_on_all_papers_in_one_step(library: Library):
    marks = [("rating", "1"), ("tag", "mine")]
    library.add_all([A, B, A], now=NOW, marks=marks, what="import mine.bib")
    assert [(e.rating, e.tags) for e in everything(library)] == [(1, ("mine",))] * 2
    acts = library.history()
    assert len({act.step for act in acts}) == 1
    assert len(acts) == 4
    assert acts[0].what == "import mine.bib"
    library.undo(now=at(1))
    assert [(e.rating, e.tags) for e in everything(library)] == [(None, ())] * 2


def test_marks_of_many_batches_are_one_step(library: Library, monkeypatch):
    monkeypatch.setattr(incoming, "_BATCH", 2)
    library.add_all(make.distinct(5), now=NOW, marks=[("status", "later")])
    assert len({act.step for act in library.history()}) == 1
    assert len(library.undo(now=at(1))) == 5


def test_what_goes_on_with_a_report_is_one_step(library: Library):
    report = Report()
    for item in make.distinct(3):
        library.add_all([item], now=NOW, marks=[("tag", "feed")], what="fetch", report=report)
    assert report.added == 3
    assert len(library.undo(now=at(1))) == 3
    assert library.tags() == {}


def test_an_import_without_marks_is_no_act_and_does_not_touch_the_owner_s(library: Library):
    add(library, A)
    make.rate(library, 1, 1)
    before = everything(library)[0]
    add(library, replace(A, abstract="A much longer one."), now=at(5))
    after = everything(library)[0]
    assert replace(after, paper=before.paper) == before
    assert len(library.history()) == 1


def test_marks_that_are_so_already_are_no_acts(library: Library):
    add(library, A)
    library.act([Change(paper_id=1, field="rating", value="1")], what="liked", now=NOW)
    library.add_all([A], now=at(1), marks=[("rating", "1")])
    assert len(library.history()) == 1


# --- trying it out ------------------------------------------------------------------------------


def test_a_scratch_copy_leaves_the_library_alone(library: Library):
    add(library, A)
    before = everything(library)
    with library.scratch() as copy:
        assert everything(copy) == before
        assert copy.add_all([B], now=NOW).added == 1
        make.rate(copy, 1, 1)
    assert everything(library) == before

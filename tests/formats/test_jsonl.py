"""readlist's own JSON lines: nothing is lost on the way out and in again."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from itertools import product
from typing import Any

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make import NOW, add, at, everything, paper, published, sighting
from strategies import hostile, records

from readlist import formats
from readlist.formats import jsonl
from readlist.library import Library, incoming
from readlist.models import Act, Change, Leant, Paper, Problem, Saved


def exported(library: Library) -> str:
    return "".join(jsonl.dumps(library.saved(sorted(library.ids())), library.leant()))


def loaded(text: str) -> list[Saved | Problem]:
    return list(formats.read(BytesIO(text.encode()), make.origin()).items)


def imported(text: str, into: Library | None = None) -> Library:
    library = into or Library(":memory:")
    report = library.add_all(loaded(text), now=at(10_000))
    assert report.problems == []
    return library


def about(act: Act | Leant) -> tuple[Any, ...]:
    return (act.paper_id, act.field) if isinstance(act, Act) else (act.kind, act.name, act.stance)


def undo_all(library: Library) -> Iterable[Any]:
    minute = 20_000
    while acts := library.undo(now=at(minute)):
        yield sorted((a.step, a.at, a.what, *about(a)) for a in acts)
        yield library.leanings()
        yield [
            replace(e, status_at=None, rated_at=None, noted_at=None) for e in everything(library)
        ]
        minute += 1


@pytest.fixture
def busy(library: Library) -> Library:
    """A library in which everything happened."""
    add(
        library,
        replace(make.distinct(1)[0], key="ode2024", sightings=(sighting(upvotes=3),)),
        paper(
            "Rest Is All You Need",
            ids="arxiv:1706.03762",
            authors=("Ann Ode",),
            date="2017-06-12",
            abstract="Line one.\n\nLine “two”.",
            author_count=2,
            links=[("code", "https://a.org/x")],
            categories=("cs.CL", "cs.LG"),
            organization="Rest Lab",
            extra={"keywords": "rest, sleep"},
        ),
        published(
            "Rest is all you need",
            ids="doi:10.1000/a",
            authors=("Ode, Ann",),
            date="2019",
            venue="Annals of Rest",
            type="article",
            fields={"pages": "1--9"},
            key="Ode2019rest",
        ),
        paper("An Undated Note on Sheep"),
        paper("Old Sheep in Old Pastures"),
    )
    make.rate(library, 1, 1, at(1))
    make.rate(library, 1, -1, at(2))
    make.tag(library, 2, "llm", at(3))
    changes = [Change(paper_id=id, field="status", value="later") for id in (1, 2, 3)]
    library.act(changes, what="later", now=at(4))
    library.undo(now=at(5))
    library.lean("author", ["Ode, Ann", "Bo Li"], 1, what="pinned", now=at(5))
    library.lean("author", ["Ann Ode"], -1, what="muted", now=at(5))
    library.lean("author", ["bo li"], 0, what="unpinned", now=at(5))
    library.undo(now=at(5))
    library.reset(now=at(5))
    library.lean("interest", ["Sheep, and how to count them"], 1, what="pinned", now=at(5))
    make.note(library, 3, "Who\nwrote this?", at(6))
    make.tag(library, 2, "llm", at(7), on=False)
    make.status(library, 4, "read", at(8))
    library.mark_shown([2, 3], NOW.date())
    bridge = paper("The Two Sheep Are One", ids="doi:10.1000/z")
    return_ = paper("Old Sheep in Old Pastures", ids="doi:10.1000/z", key="sheep")
    add(library, bridge, return_, now=at(9))
    return library


def test_the_same_library_comes_back(busy: Library):
    with imported(exported(busy)) as other:
        assert everything(other) == everything(busy)
        assert other.history() == busy.history()
        assert other.opinions(at(10_000).date()) == busy.opinions(at(10_000).date())
        assert other.leanings() == busy.leanings()
        assert other.last_reset() == busy.last_reset() == at(5)
        for handle in ("1706.03762", "ode2019rest", "10.1000/z"):
            assert other.find(handle) == busy.find(handle)


def test_the_second_export_is_byte_identical(busy: Library):
    with imported(exported(busy)) as other:
        assert exported(other) == exported(busy)


def test_a_library_without_folds_comes_back_number_by_number(library: Library):
    add(library, *make.distinct(5))
    for id in (1, 3):
        make.rate(library, id, 1, at(id))
    with imported(exported(library)) as other:
        assert [entry.id for entry in everything(other)] == [1, 2, 3, 4, 5]
        assert add(other, paper("One More Paper for Us"))[-1] == 6


def test_numbers_that_are_gone_stay_gone(library: Library):
    add(library, *make.distinct(3))
    bridge = paper("The Bridge Between Both", ids="arxiv:2401.00001 arxiv:2401.00002")
    add(library, bridge)
    with imported(exported(library)) as other:
        assert [entry.id for entry in everything(other)] == [1, 3]


def test_undo_goes_on_in_the_copy_as_in_the_original(busy: Library):
    with imported(exported(busy)) as other:
        assert list(undo_all(other)) == list(undo_all(busy))


def test_steps_of_one_moment_stay_apart(library: Library):
    add(library, *make.distinct(2))
    make.rate(library, 1, 1, NOW)
    make.rate(library, 2, 1, NOW)
    with imported(exported(library)) as other:
        assert len(other.undo(now=at(1))) == 1
        assert other.get(1).rating == 1
        assert exported(imported(exported(library))) == exported(library)


def test_importing_it_twice_changes_nothing(busy: Library):
    text = exported(busy)
    with imported(text) as other:
        before = everything(other), other.history(), other.state()
        imported(text, other)
        assert (everything(other), other.history(), other.state()) == before
    before = everything(busy), busy.history(), busy.state()
    imported(text, busy)
    assert (everything(busy), busy.history(), busy.state()) == before


def test_many_batches_come_back_as_one(busy: Library, monkeypatch):
    text = exported(busy)
    monkeypatch.setattr(incoming, "_BATCH", 2)
    with imported(text) as other:
        assert everything(other) == everything(busy)
        assert other.history() == busy.history()
        assert exported(other) == text
        assert list(undo_all(other)) == list(undo_all(busy))


def test_a_copy_knows_papers_again_by_what_records_said_not_by_what_became_of_them(
    library: Library,
):
    # One record gives the year, another the author: no record gave both.
    add(
        library,
        paper("Rest Is All You Need", ids="doi:10.1000/a", date="2017"),
        paper("Rest Is All You Need", ids="doi:10.1000/a", authors=("Ann Ode",), date="2020-05"),
    )
    with imported(exported(library)) as other:
        assert exported(other) == exported(library)
        later = paper("Rest Is All You Need", authors=("Bo Li",), date="2023")
        assert add(other, later) == add(library, later)


def test_a_backup_in_a_library_that_went_on_gives_back_what_is_missing(library: Library):
    add(library, *make.distinct(2))
    make.rate(library, 1, 1, at(1))
    make.tag(library, 2, "llm", at(2))
    text = exported(library)
    with Library(":memory:") as other:
        add(other, make.distinct(3)[2], make.distinct(1)[0])
        make.rate(other, 2, -1, at(5))
        make.status(other, 1, "read", at(6))
        imported(text, other)
        third, first, second = everything(other)
        assert (third.status, first.rating, second.tags) == ("read", -1, ("llm",))
        assert len(other.history()) == 4
        assert len(everything(other)) == 3


def test_leanings_of_a_backup_come_to_those_that_are_here_by_their_times(library: Library):
    library.lean("term", ["sheep", "rest"], 1, what="pinned", now=at(1))
    library.lean("term", ["naps"], 1, what="pinned", now=at(5))
    text = exported(library)
    with Library(":memory:") as other:
        other.lean("term", ["SHEEP"], -1, what="muted", now=at(2))
        other.reset(now=at(3))
        other.lean("term", ["Naps"], -1, what="muted", now=at(4))
        assert other.add_all(loaded(text), now=at(6)).leanings == 3
        assert [(each.name, each.stance) for each in other.leanings()] == [("naps", 1)]
        assert [act.name for act in other.undo(now=at(7))] == ["naps"]
        assert [(each.name, each.stance) for each in other.leanings()] == [("Naps", -1)]


def test_an_old_backup_does_not_bring_back_what_was_changed_since(library: Library):
    add(library, *make.distinct(1))
    make.tag(library, 1, "llm", at(1))
    make.note(library, 1, "first thought", at(2))
    text = exported(library)
    make.tag(library, 1, "llm", at(3), on=False)
    make.note(library, 1, "second thought", at(4))
    before = exported(library)
    assert exported(imported(text, library)) == before


def test_what_one_step_did_twice_comes_back_twice(library: Library):
    add(library, *make.distinct(1))
    changes = [Change(paper_id=1, field="rating", value=value) for value in ("1", None, "1")]
    library.act(changes, what="wavered", now=at(1))
    with imported(exported(library)) as other:
        assert exported(other) == exported(library)
        assert len(other.history()) == 3


def test_undo_goes_back_through_what_was_done_here_and_what_came_from_a_backup(library: Library):
    add(library, *make.distinct(1))
    make.rate(library, 1, -1, at(1))
    make.tag(library, 1, "llm", at(3))
    text = exported(library)
    with Library(":memory:") as other:
        add(other, *make.distinct(1))
        make.rate(other, 1, 1, at(5))
        make.tag(other, 1, "llm", at(6))
        imported(text, other)
        assert len(other.history()) == 4
        for _ in range(4):
            assert other.undo(now=at(10))
        [entry] = everything(other)
        assert (entry.rating, entry.tags) == (None, ())
        assert other.undo(now=at(11)) == []


def test_history_is_in_the_order_of_time_wherever_it_came_from(library: Library):
    add(library, *make.distinct(2))
    make.rate(library, 1, 1, at(1))
    make.rate(library, 2, 1, at(2))
    make.status(library, 1, "read", at(3))
    with imported(exported(library)) as other:
        times = [act.at for act in other.history()]
        assert times == [at(3), at(2), at(1)]


def test_a_citation_key_that_is_another_paper_s_here_is_a_problem(library: Library):
    add(library, replace(make.distinct(1)[0], key="ode"))
    text = exported(library)
    with Library(":memory:") as other:
        add(other, replace(paper("Quite Another Paper Than That"), key="Ode"))
        report = other.add_all(loaded(text), now=at(1))
        assert [problem.where for problem in report.problems] == ["ode"]
        assert [entry.key for entry in everything(other)] == ["Ode", ""]


def test_merged_and_split_papers_come_back_with_their_records(library: Library):
    bridge = paper("", ids="arxiv:2401.00001 doi:10.1000/a")
    add(library, *make.distinct(4), bridge, paper("", ids="doi:10.1000/a"))
    make.rate(library, 1, 1, at(1))
    library.merge(2, [3], now=at(2))
    library.split(1, [[library.records(1)[-1].id or 0]], now=at(3))
    library.set_apart([2, 4], now=at(4))
    library.enrich([(4, paper("", ids="s2:x", abstract="Found."), "abstract")], now=at(5))
    text = exported(library)
    with imported(text) as other:
        assert exported(other) == text
        assert other.history() == library.history()
        assert other.apart() == library.apart() == {(1, 5), (2, 4)}
        before = other.state()
        report = other.add_all([*make.distinct(4), bridge, paper("", ids="doi:10.1000/a")], now=NOW)
        assert report.unchanged == 6
        imported(text, other)
        assert (exported(other), other.state()) == (text, before)
        # What a merge takes to be undone is not in a backup: what was done before is undone.
        assert [act.what for act in other.undo(now=at(6))] == ["liked"]
        assert other.undo(now=at(7)) == []
        other.split(2, [[other.records(2)[1].id or 0]], now=at(8))
        assert other.count() == 5


def test_what_was_split_there_stays_one_where_it_is_one(library: Library):
    with Library(":memory:") as other:
        bridge = paper("", ids="arxiv:2401.00001 doi:10.1000/a")
        for each in (library, other):
            add(each, *make.distinct(1), bridge)
        other.split(1, [[other.records(1)[1].id or 0]], now=at(3))
        imported(exported(other), library)
        assert library.count() == 1
        assert library.apart() == set()


def test_an_old_backup_does_not_join_what_was_split_since(library: Library):
    add(library, *make.distinct(1), paper("", ids="arxiv:2401.00001 doi:10.1000/a"))
    add(library, paper("", ids="doi:10.1000/a"))
    text = exported(library)
    library.split(1, [[library.records(1)[2].id or 0]], now=at(1))
    before = everything(library)
    imported(text, library)
    assert everything(library) == before


def test_that_papers_are_different_is_taken_from_a_backup_where_they_are_two(library: Library):
    with Library(":memory:") as other:
        for each in (library, other):
            add(each, *make.distinct(2))
        other.set_apart([1, 2], now=at(1))
        imported(exported(other), library)
        assert library.apart() == {(1, 2)}


@pytest.mark.parametrize("version", [1, 2])
def test_what_an_earlier_readlist_wrote_is_read(busy: Library, version: int):
    lines = [json.loads(text) for text in jsonl.dumps(busy.saved(sorted(busy.ids())))]
    for old in lines:
        old["readlist"] = version
        for name in ("records", "apart", "retractions")[: None if version == 1 else 0]:
            del old[name]
    with imported("\n".join(map(json.dumps, lines))) as other:
        assert everything(other) == everything(busy)
        assert other.leanings() == []


changes = st.builds(
    lambda id, change: Change(paper_id=id, field=change[0], value=change[1], on=change[-1]),
    st.integers(1, 3),
    st.sampled_from(
        [
            ("status", "read", True),
            ("status", None, True),
            ("rating", "1", True),
            ("rating", "-1", True),
            ("rating", None, True),
            ("note", "x", True),
            ("note", "y\nz", True),
            ("note", None, True),
            ("tag", "a", True),
            ("tag", "a", False),
            ("tag", "b", True),
        ]
    ),
)


# What one command does, it does once to each field.
one_step = st.lists(changes, min_size=1, max_size=3, unique_by=lambda c: (c.paper_id, c.field))


# A kind of leaning, names, and a stance; or a reset.
leans = st.tuples(
    st.sampled_from(["author", "term"]),
    st.lists(st.sampled_from(["Ann Ode", "ode, ann", "sheep"]), min_size=1, max_size=2),
    st.sampled_from([-1, 0, 1]),
) | st.just(())


@settings(max_examples=100)
@given(
    st.lists(
        st.none()
        | one_step
        | st.lists(records(), min_size=1)
        | st.sampled_from(["merge", "split", "apart", "enrich"])
        | leans,
        max_size=7,
    ),
)
def test_any_library_comes_back(steps: list):
    with Library(":memory:") as library:
        library.add_all(make.distinct(3), now=NOW)
        for minute, step in enumerate(steps):
            ids = library.ids()
            if step is None:
                library.undo(now=at(minute))
            elif isinstance(step, str):
                move(library, step, minute)
            elif isinstance(step, tuple):
                lean(library, step, minute)
            elif isinstance(step[0], Paper):
                library.add_all(step, now=at(minute))
            else:
                # The first, second and third of those that there are now.
                done = [replace(c, paper_id=ids[-c.paper_id % len(ids)]) for c in step]
                library.act(done, what="did", now=at(minute))
        text = exported(library)
        with imported(text) as other:
            assert everything(other) == everything(library)
            assert exported(other) == text
            assert other.history() == library.history()
            assert other.apart() == library.apart()
            assert other.leanings() == library.leanings()
            assert other.opinions(at(10_000).date()) == library.opinions(at(10_000).date())
            if not any(isinstance(step, str) for step in steps):  # not undone elsewhere
                assert list(undo_all(other)) == list(undo_all(library))
            imported(text, library)


def lean(library: Library, step: tuple, minute: int) -> None:
    if step:
        kind, names, stance = step
        library.lean(kind, names, stance, what="leant", now=at(minute))
    else:
        library.reset(now=at(minute))


def move(library: Library, what: str, minute: int) -> None:
    ids = library.ids()
    if what == "merge":
        library.merge(ids[-1], ids[-2:], now=at(minute))
    elif what == "apart":
        library.set_apart(ids[:2], now=at(minute))
    elif what == "enrich":
        library.enrich([(ids[0], paper("", ids="doi:10.1/a"), "doi")], now=at(minute))
    else:
        for id in ids:
            found = library.records(id)
            if len(found) > 1:
                library.split(id, [[found[0].id or 0]], now=at(minute))


@given(hostile, hostile)
def test_any_text_comes_back(text: str, other: str):
    with Library(":memory:") as library:
        add(library, paper(text, ids="doi:10.1000/a", abstract=other, extra={"x": text}))
        make.note(library, 1, other)
        make.tag(library, 1, text or "x")
        with imported(exported(library)) as copy:
            assert everything(copy) == everything(library)


# --- the lines ----------------------------------------------------------------------------------


def test_a_line_is_an_entry(busy: Library):
    lines = exported(busy).splitlines()
    assert len(lines) == len(everything(busy)) + len(busy.leant())
    first = json.loads(lines[0])
    assert first["readlist"] == 3
    assert (first["id"], first["key"], first["rating"]) == (1, "ode2024", -1)
    assert first["added"] == "2026-11-23T09:30:00Z"
    assert [act["after"] for act in first["acts"]] == ["1", "-1", "later", None]
    assert "score" not in first


def test_a_line_is_a_leaning(busy: Library):
    last = json.loads(exported(busy).splitlines()[-1])
    assert last.pop("step") == busy.leant()[-1].step
    assert last == {
        "readlist": 3,
        "leaning": "interest",
        "name": "Sheep, and how to count them",
        "stance": 1,
        "at": "2026-11-23T09:35:00Z",
        "what": "pinned",
        "undoes": None,
    }


def test_what_json_prints_of_an_entry_is_what_it_holds(busy: Library):
    record = jsonl.record(busy.get(2))
    assert record["title"] == "Rest Is All You Need" or record["venue"] == "Annals of Rest"
    assert record["identifiers"] == ["arxiv:1706.03762", "doi:10.1000/a"]
    assert (record["date"], record["type"], record["score"]) == ("2019", "article", None)
    json.dumps(record)


def line(**changed: Any) -> dict[str, Any]:
    with Library(":memory:") as library:
        add(library, replace(make.distinct(1)[0], sightings=(sighting(upvotes=3),)))
        make.rate(library, 1, 1)
        values = json.loads(exported(library))
    return {**values, **changed}


def test_a_line_of_a_newer_readlist_is_a_problem_and_the_rest_is_read():
    text = json.dumps(line(readlist=4)) + "\n" + json.dumps(line())
    newer, saved = loaded(json.dumps(line()) + "\n" + text)[1:]
    assert isinstance(newer, Problem)
    assert "newer readlist" in newer.what
    assert newer.where == "file.json line 2"
    assert isinstance(saved, Saved)


@contextmanager
def saying(what: object) -> Iterator[None]:
    """Adds to an error of what it is one."""
    try:
        yield
    except Exception as error:
        error.add_note(repr(what))
        raise


def goes_on(library: Library) -> None:
    """Whatever came in, the library works."""
    exported(library)
    id = add(library, paper("And Then Came Another One"))[-1]
    make.rate(library, id, 1, at(30_000))
    assert [act.paper_id for act in library.undo(now=at(30_001))] == [id]


WRONG = [None, "x", "\ud800", 5, -1, 2**63 - 1, 2**70, True, 0.5]
WRONG += [[], ["x"], [None], {}, {"x": 1}, [{"x": None}], [[1, 2]]]


@pytest.mark.parametrize("name", sorted(line()))
def test_a_wrong_value_is_a_problem_or_harmless(name: str):
    for wrong in WRONG:
        text = "\n".join(json.dumps(values) for values in (line(**{name: wrong}), line()))
        with Library(":memory:") as library:
            with saying(wrong):
                report = library.add_all(loaded(text), now=NOW)
                goes_on(library)
            assert report.added + report.unchanged + report.updated + len(report.problems) == 2
            assert [p.where for p in report.problems] in ([], ["file.json line 1"]), wrong


def leaning_line(**changed: Any) -> dict[str, Any]:
    with Library(":memory:") as library:
        library.lean("term", ["sheep"], 1, what="pinned", now=NOW)
        values = json.loads(exported(library))
    return {**values, **changed}


@pytest.mark.parametrize("name", sorted(leaning_line()))
def test_a_wrong_value_of_a_leaning_is_a_problem_or_harmless(name: str):
    without = leaning_line()
    del without[name]
    odd = [leaning_line(**{name: wrong}) for wrong in [*WRONG, "reset", "", " \x1b[m", 2]]
    for values in [without, *odd]:
        with Library(":memory:") as library:
            with saying(values):
                text = "\n".join(map(json.dumps, (values, line(), leaning_line(step=9))))
                report = library.add_all(loaded(text), now=NOW)
                goes_on(library)
            assert report.added == 1
            assert report.leanings + len(report.problems) in (1, 2)
            while library.undo(now=at(40_000)):
                pass
            assert library.leanings() == []


@pytest.mark.parametrize("name", sorted(line()))
def test_a_missing_value_is_a_problem_or_harmless(name: str):
    values = line()
    del values[name]
    with Library(":memory:") as library:
        report = library.add_all(loaded(json.dumps(values)), now=NOW)
        assert report.added + len(report.problems) == 1


@pytest.mark.parametrize("part", ["versions", "sightings", "acts", "links"])
def test_a_wrong_value_deeper_down_is_a_problem_or_harmless(part: str):
    values = line(links=[{"kind": "code", "url": "https://a.org"}])
    for name, wrong in product(values[part][0], WRONG):
        changed = {**values, part: [{**values[part][0], name: wrong}]}
        with Library(":memory:") as library:
            with saying((name, wrong)):
                report = library.add_all(loaded(json.dumps(changed)), now=NOW)
                goes_on(library)
            assert report.added + len(report.problems) == 1, name


def test_controls_in_a_line_do_not_come_in():
    text = json.dumps(line(title="x", note="a\x1b[31mb", tags=["\x1b[0m", "a\x07b"], key="k\x1b[m"))
    with imported(text) as library:
        [entry] = everything(library)
        assert (entry.note, entry.tags, entry.key) == ("ab", ("ab",), "k")


def test_controls_anywhere_in_a_line_do_not_come_in():
    hostile = "x\x1b[31m\x07\u202ey"

    def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in parts:
            if isinstance(inner, dict | list):
                yield from places(inner, *path, name)
            elif isinstance(inner, str) or inner is None:
                yield (*path, name)

    base = line(
        tags=["a"],
        aliases=["b"],
        shown=["2026-11-23"],
        links=[{"kind": "code", "url": "https://a.org"}],
        extra={"x": "y"},
        categories=["cs.CL"],
        authors=["Ann Ode"],
    )
    for path in places(base):
        values = json.loads(json.dumps(base))
        inner = values
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = hostile
        with Library(":memory:") as library:
            library.add_all(loaded(json.dumps(values)), now=NOW)
            text = exported(library)
        assert not any(control in text for control in ("\\u001b", "\\u0007", "\u202e")), path

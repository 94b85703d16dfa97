"""What other processes do to a library: `python tests/processes.py NAME ARGUMENT...`.

And a call of every public method of `Library`, for what all of them must hold.
"""

import functools
import hashlib  # noqa: F401 - before the rights to read it are given up
import itertools
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import make
from make import NOW, at

from readlist.errors import LibraryError
from readlist.library import Block, Filter, Library, Sort, store
from readlist.models import Change, Followed

WORD = "Dull"  # in every title of the library that the calls are made on

READING: dict[str, Callable[[Library], Any]] = {
    "apart": lambda library: library.apart(),
    "arrivals": lambda library: list(library.arrivals()),
    "asked": lambda library: library.asked("abstract", NOW),
    "categories": lambda library: library.categories(),
    "complete": lambda library: library.complete("o"),
    "count": lambda library: library.count(Filter(words=WORD)),
    "counts": lambda library: [library.counts(c) for c in ("status", "rating", "venue")],
    "entries": lambda library: list(library.entries(Filter(words=WORD))),
    "features": lambda library: library.features("v1"),
    "features_revision": lambda library: library.features_revision("v1"),
    "find": lambda library: library.find("2401.00001"),
    "first_shown": lambda library: library.first_shown(),
    "followed": lambda library: library.followed(),
    "get": lambda library: library.get(1),
    "history": lambda library: library.history(),
    "ids": lambda library: library.ids(Filter(), Sort.SCORE),
    "last_reset": lambda library: library.last_reset(),
    "leaning": lambda library: library.leaning("term", "dull"),
    "leanings": lambda library: library.leanings(),
    "leant": lambda library: library.leant(),
    "leant_papers": lambda library: library.leant_papers(),
    "looks": lambda library: list(library.looks()),
    "merged": lambda library: library.merged(1),
    "model": lambda library: library.model(),
    "opinions": lambda library: library.opinions(date(2026, 11, 24)),
    "queue": lambda library: library.queue(Filter(undecided=True)),
    "records": lambda library: library.records(1),
    "saved": lambda library: list(library.saved([1, 2])),
    "saved_picks": lambda library: library.saved_picks("x"),
    "scratch": lambda library: library.scratch().close(),
    "sources": lambda library: library.sources(),
    "state": lambda library: library.state(),
    "tags": lambda library: library.tags(),
    "texts": lambda library: library.texts(0, 10),
    "undecided_scores": lambda library: library.undecided_scores(),
    "venues": lambda library: library.venues(),
}
WRITING: dict[str, Callable[[Library], Any]] = {
    "act": lambda library: library.act(
        [Change(paper_id=1, field="note", value=f"{len(library.history())} acts")],
        what="noted",
        now=at(9),
    ),
    "add_all": lambda library: library.add_all(make.distinct(3), now=at(9)),
    "enrich": lambda library: library.enrich(
        [(1, make.paper("", ids=f"s2:{len(library.history())}"), "pdf")], now=at(9)
    ),
    "give_keys": lambda library: library.give_keys(
        [2], lambda _entry: (f"key{n}" for n in itertools.count())
    ),
    "lean": lambda library: library.lean(
        "term", [f"{len(library.history())} acts"], 1, what="pinned", now=at(9)
    ),
    "mark_shown": lambda library: library.mark_shown([1], date(2026, 11, 23)),
    "merge": lambda library: library.merge(1, [id for id in library.ids() if id == 2], now=at(9)),
    "remember_asked": lambda library: library.remember_asked("abstract", [2], at(9)),
    "reset": lambda library: library.reset(now=at(9)),
    "save_followed": lambda library: library.save_followed(
        Followed(name="daily", request="[]", new=len(library.history()))
    ),
    "set_apart": lambda library: library.set_apart(
        [id for id in library.ids() if id in (1, 2)], now=at(9)
    ),
    "split": lambda library: library.split(1, [[library.records(1)[-1].id]], now=at(9)),
    "undo": lambda library: library.undo(now=at(9)),
}
CACHING: dict[str, Callable[[Library], Any]] = {
    "add_features": lambda library: library.add_features("v1", 1, Block(1, b"1", b"2")),
    "drop_model": lambda library: library.drop_model(),
    "save_model": lambda library: library.save_model("state", b"3", [(1, 0.5)]),
    "save_picks": lambda library: library.save_picks("request", "[]"),
}
CALLS = {**READING, **WRITING, **CACHING}


def fill(path: str | Path) -> None:
    """A library in which each call finds something."""
    with Library(path) as library:
        make.add(library, *make.distinct(2, abstract="Rather dull, and not at all new."))
        make.add(library, make.paper("", ids="arxiv:2401.00001 doi:10.1000/dull"))
        make.rate(library, 1, 1)
        make.tag(library, 1, "dull")


def outcomes(library: Library, calls: dict[str, Callable[[Library], Any]] = CALLS) -> dict:
    """What became of each call: None, or its message."""
    found: dict[str, str | None] = {}
    for name, call in calls.items():
        try:
            call(library)
            found[name] = None
        except LibraryError as error:
            found[name] = str(error)
    return found


@contextmanager
def interrupted(moment: int, other: Callable[[], object]) -> Iterator[list[int]]:
    """Let something happen right before one of the SQL statements that are to come.

    Gives a list that is empty while there was no such moment.
    """
    statements = itertools.count(1)
    happened: list[int] = []

    class Interrupted(sqlite3.Connection):
        def execute(self, *args: Any) -> sqlite3.Cursor:
            if not happened and next(statements) >= moment and not self.in_transaction:
                happened.append(moment)
                other()
            return super().execute(*args)

    connect = sqlite3.connect
    store.sqlite3.connect = functools.partial(connect, factory=Interrupted)
    try:
        yield happened
    finally:
        store.sqlite3.connect = connect


# --- run as a script ----------------------------------------------------------------------------


def started(name: str, *arguments: object) -> subprocess.Popen:
    """Another process that does what the function `name` below says."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", __file__, name, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, Path(__file__).resolve().parents[:2])),
            "OPENBLAS_NUM_THREADS": "1",
        },
    )


def done(name: str, *arguments: object) -> str:
    """What it printed, once it is done."""
    process = started(name, *arguments)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


def wait_to_begin() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def work(path: str, worker: str) -> None:
    """Import and act while others do the same."""
    wait_to_begin()
    with Library(path) as library:
        for round_ in range(5):
            own = make.paper(
                f"The Work of Worker{worker} in Round{round_}", ids=f"s2:{worker}{round_}"
            )
            report = library.add_all([*make.distinct(20), own], now=NOW)
            assert not report.problems
            change = Change(
                paper_id=library.find(f"Worker{worker} Round{round_}"), field="rating", value="1"
            )
            assert library.act([change], what="liked", now=NOW)


def make_libraries(folder: str, worker: str) -> None:
    """Be one of those who open each of some libraries first."""
    wait_to_begin()
    for number in range(20):
        with Library(f"{folder}/{number}.db") as library:
            make.add(library, make.paper(f"The Own Work of Worker{worker}"))


def import_for_ever(path: str) -> None:
    with Library(path) as library:
        make.add(library, *make.distinct(5))
        for id in range(1, 6):
            make.rate(library, id, 1)
            print("acknowledged", id, flush=True)

        def papers():
            for n in itertools.count():
                if n == 2_500:
                    print("importing", flush=True)
                yield make.paper(f"An Endless Stream of Paper{n}")

        library.add_all(papers(), now=NOW)


def create_and_die(folder: str) -> None:
    """Make libraries in processes that are gone at the first, second, ... SQL statement."""
    for last in itertools.count(1):
        path = f"{folder}/{last}.db"
        child = os.fork()
        if child == 0:
            die_at_statement(last)
            Library(path)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return
        try:
            with Library(path) as library:
                make.add(library, *make.distinct(1))
        except LibraryError as error:
            print(f"died at statement {last}: {error}")


def die_at_statement(last: int) -> None:
    statements = itertools.count(1)

    class Dying(sqlite3.Connection):
        def execute(self, *args: Any) -> sqlite3.Cursor:
            if next(statements) == last:
                os._exit(9)
            return super().execute(*args)

    store.sqlite3.connect = functools.partial(sqlite3.connect, factory=Dying)


def open_as_stranger(path: str) -> None:
    """What each call says to somebody who may not write everything that root may."""
    with Library(":memory:") as library:  # loads what is loaded when needed
        make.add(library, *make.distinct(1))
        outcomes(library)
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    try:
        with Library(path) as library:
            print(library.read_only)
            for name, message in outcomes(library).items():
                print(name, message or "done")
    except LibraryError as error:
        print(f"not opened: {error}")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])

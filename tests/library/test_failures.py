"""What a library says when it cannot be read or written: one line, and nothing is lost."""

import itertools
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import make
import processes
import pytest
from make import NOW, at
from processes import CACHING, CALLS, READING, WRITING, done, fill, interrupted, outcomes, started

from readlist.errors import LibraryError
from readlist.library import Filter, Library, store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "library.db")
    return tmp_path / "library.db"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def message(path: Path) -> str:
    """What is said when the library is opened; one line that names it."""
    with pytest.raises(LibraryError) as caught:
        Library(path)
    told = str(caught.value)
    assert "\n" not in told
    assert str(path) in told
    return told


def all_right(path: Path) -> bool:
    with Library(path) as library:
        checks = [
            library._db.execute("PRAGMA integrity_check").fetchall() == [("ok",)],
            library._db.execute("PRAGMA foreign_key_check").fetchall() == [],
        ]
        library._db.execute(
            "INSERT INTO papers_text (papers_text, rank) VALUES ('integrity-check', 1)"
        )
    return all(checks)


def test_there_is_a_call_of_every_public_method():
    # What is not in `processes.CALLS` is not held to the rules below.
    methods = {n for n in dir(Library) if not n.startswith("_") and callable(getattr(Library, n))}
    assert methods == {*CALLS, "close"}


def test_every_call_is_a_good_one(path: Path):
    with Library(path) as library:
        assert set(outcomes(library).values()) == {None}


# --- opening ------------------------------------------------------------------------------------


def test_a_library_is_made_where_there_is_none_with_its_folders(tmp_path: Path):
    with Library(tmp_path / "a" / "b" / "new.db") as library:
        assert library.count() == 0
        assert not library.read_only


def test_an_empty_file_becomes_a_library(tmp_path: Path):
    file = tmp_path / "empty.db"
    file.touch()
    with Library(file) as library:
        assert library.count() == 0


def test_a_folder_is_not_a_library(tmp_path: Path):
    assert (
        message(tmp_path) == f"{tmp_path} is a folder; name a file in it, as {tmp_path}/library.db"
    )


def test_a_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot make the folder"):
        Library(tmp_path / "file" / "library.db")


@pytest.mark.parametrize(
    "content", [b"@article{a, title={b}}" * 100, b"hello", bytes(range(256)) * 9]
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes):
    file = tmp_path / "refs.bib"
    file.write_bytes(content)
    assert message(file) == f"{file} is not a database; name another file with --library"
    assert file.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path):
    file = tmp_path / "places.sqlite"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE places (x)")
        db.execute("PRAGMA user_version = 1")
    db.close()
    before = file.read_bytes()
    assert "not a readlist library" in message(file)
    assert file.read_bytes() == before


def test_a_newer_library_is_left_alone(path: Path):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    assert "made by a newer readlist; upgrade readlist" in message(path)
    assert path.read_bytes() == before


# --- while it is open ---------------------------------------------------------------------------


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a lock gives up at once."""
    monkeypatch.setattr(store, "_SHORT_WAIT", 0.001)
    monkeypatch.setattr(store, "_WAIT", 0.001)


def test_a_locked_library_can_be_read_and_says_that_it_is_locked(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient(monkeypatch)
    with Library(path) as library:
        told = outcomes(library)
        assert {name for name, said in told.items() if said} == set(WRITING)
        assert {told[name] for name in WRITING} == {
            f"{path} is locked by another program; try again when it is done"
        }
        other.execute("ROLLBACK")
        assert set(outcomes(library).values()) == {None}
    other.close()


def test_a_locked_cache_is_a_message_and_nothing_but_the_cache_waits_for_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    impatient(monkeypatch)
    with Library(path) as library:
        assert set(outcomes(library, CACHING).values()) == {None}
        other = sqlite3.connect(f"{path}-cache", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        told = outcomes(library)
        assert {name for name, said in told.items() if said} == set(CACHING)
        other.close()


def test_who_waits_for_a_writer_is_told_and_goes_on_when_that_is_done(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store, "_SHORT_WAIT", 0.001)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Library(path, waiting=lambda: other.execute("ROLLBACK")) as library:
        make.rate(library, 2, 1)
        assert library.get(2).rating == 1
    other.close()


def test_showing_the_same_picks_again_waits_for_nobody(path: Path, monkeypatch: pytest.MonkeyPatch):
    impatient(monkeypatch)
    with Library(path) as library:
        library.mark_shown([1, 2], NOW.date())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        library.mark_shown([2, 1], NOW.date())
        with pytest.raises(LibraryError, match="locked"):
            library.mark_shown([1], NOW.date() + timedelta(days=1))
        other.close()


def test_a_closed_library_says_so(path: Path):
    library = Library(path)
    outcomes(library, CACHING)
    library.close()
    assert set(outcomes(library).values()) == {f"{path} is closed"}
    library.close()


def test_a_stream_of_entries_ends_with_a_message_when_the_library_is_closed(path: Path):
    with Library(path) as library:
        stream = library.entries()
        saved = library.saved([1, 2])
        next(saved)
    with pytest.raises(LibraryError, match="is closed"):
        next(stream)
    with pytest.raises(LibraryError, match="is closed"):
        next(saved)


def test_a_file_that_may_only_be_read_can_be_read(open_folder: Path):
    path = open_folder / "library.db"
    fill(path)
    path.chmod(0o444)
    said_read_only(path)


def test_a_folder_that_may_only_be_read_can_be_read(open_folder: Path):
    path = open_folder / "library.db"
    fill(path)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    said_read_only(path)


def test_a_library_that_may_only_be_read_beside_its_cache_can_be_read(open_folder: Path):
    path = open_folder / "library.db"
    fill(path)
    with Library(path) as library:
        outcomes(library, CACHING)
    for file in open_folder.iterdir():
        file.chmod(0o444)
    open_folder.chmod(0o555)
    said_read_only(path)


def said_read_only(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path.parent, 65534, 65534)
        for file in path.parent.iterdir():
            os.chown(file, 65534, 65534)
    read_only, *lines = done("open_as_stranger", path).splitlines()
    told = dict(line.split(" ", 1) for line in lines)
    assert read_only == "True"
    assert told.keys() == CALLS.keys()
    assert {name: told[name] for name in READING} == dict.fromkeys(READING, "done")
    for name in WRITING:
        assert told[name].startswith(f"{path} cannot be written"), name
    # Picks are for reading too: what they need is kept in memory then.
    assert {name: told[name] for name in CACHING} == dict.fromkeys(CACHING, "done")


def test_a_library_that_may_not_be_read_says_so(open_folder: Path):
    path = open_folder / "library.db"
    fill(path)
    path.chmod(0)
    told = done("open_as_stranger", path)
    assert told == f"not opened: cannot open {path}; check its permissions\n" or (
        told.startswith(f"not opened: cannot open {path}")
    )


def test_a_full_disk_is_a_message_and_what_was_saved_is_intact(path: Path):
    with Library(path) as library:
        pages = library._db.execute("PRAGMA page_count").fetchone()[0]
        library._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryError, match=f"no space left for {path}"):
            library.add_all(make.distinct(2_000), now=NOW)
        assert library.count() == 2
    assert all_right(path)


# --- damage -------------------------------------------------------------------------------------


def test_a_damaged_file_is_a_message(path: Path):
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(LibraryError) as caught, Library(path) as library:
        list(library.entries())
    assert f"{path} is damaged" in str(caught.value)
    assert ".recover" in str(caught.value)


def test_text_that_is_no_text_any_more_is_damage(path: Path):
    path.write_bytes(path.read_bytes().replace(b"Rather dull", b"\xff\xfe\x80her dull"))
    with Library(path) as library:
        told = {name: said for name, said in outcomes(library).items() if said}
    assert {"entries", "get", "saved", "texts"} <= told.keys()
    assert all(said.startswith(f"{path} is damaged") for said in told.values())


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_is_a_message_or_goes_unnoticed(path: Path, seed: int):
    with Library(path) as library:
        library.add_all(make.distinct(200, abstract="Rather dull. " * 20), now=NOW)
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(4):
        at = chance.randrange(50_000, len(content) - 600)
        length = chance.choice([8, 80, 500])
        content[at : at + length] = chance.randbytes(length)
    path.write_bytes(content)
    told = ""
    try:
        library = Library(path)
    except LibraryError as error:  # where the damage is in the schema
        told = str(error)
    if told:
        assert told.startswith(f"{path} is damaged (")
        return
    with library:
        for told in outcomes(library).values():
            assert told is None or ("\n" not in told and str(path) in told)


@pytest.mark.parametrize("damage", [b"", b"x" * 5000, None])
def test_a_damaged_cache_is_made_anew(path: Path, damage: bytes | None):
    with Library(path) as library:
        assert set(outcomes(library, CACHING).values()) == {None}
    cache = Path(f"{path}-cache")
    if damage is None:
        content = cache.read_bytes()
        damage = content[: len(content) // 2]
    for end in ("-wal", "-shm"):
        Path(f"{cache}{end}").unlink(missing_ok=True)
    cache.write_bytes(damage)
    with Library(path) as library:
        assert set(outcomes(library).values()) == {None}
        assert library.model() == ("state", b"3")
    assert all_right(path)


# --- several processes --------------------------------------------------------------------------


def finish(workers: list) -> None:
    for worker in workers:
        assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        _, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors


def test_processes_that_import_and_act_at_once_all_finish(tmp_path: Path):
    path = tmp_path / "library.db"
    Library(path).close()
    finish([started("work", path, number) for number in range(3)])
    with Library(path) as library:
        assert library.count() == 20 + 3 * 5
        assert library.count(Filter(ratings=(1,))) == 15
        assert len({act.step for act in library.history()}) == 15
    assert all_right(path)


@pytest.mark.parametrize("there_are", ["no files", "empty files"])
def test_processes_that_make_libraries_at_once_lose_nothing(tmp_path: Path, there_are: str):
    files = [tmp_path / f"{number}.db" for number in range(20)]
    if there_are == "empty files":
        for file in files:
            file.touch()
    finish([started("make_libraries", tmp_path, worker) for worker in range(3)])
    assert sorted(tmp_path.glob("*.db")) == sorted(files)
    for file in files:
        assert all_right(file)
        with Library(file) as library:
            assert library.count() == 3


def test_a_library_may_be_made_by_another_process_at_any_moment_of_opening_it(tmp_path: Path):
    for moment in itertools.count(1):
        path = tmp_path / f"{moment}.db"
        with interrupted(moment, lambda path=path: Library(path).close()) as there_was_one:
            Library(path).close()
        if not there_was_one:
            assert moment > 3
            return
        assert all_right(path)


def test_a_process_killed_during_an_import_loses_nothing_it_had_acknowledged(tmp_path: Path):
    path = tmp_path / "library.db"
    process = started("import_for_ever", path)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "importing\n":
            process.kill()
    process.communicate()
    assert lines == [*(f"acknowledged {n}\n" for n in range(1, 6)), "importing\n"]
    assert all_right(path)
    with Library(path) as library:
        assert library.ids(Filter(ratings=(1,))) == [5, 4, 3, 2, 1]
        assert library.count() % 1_000 == 5
        assert library.count() >= 2_005
        library.undo(now=at(1))
        make.add(library, make.paper("Life Goes On as Before"))
    assert all_right(path)


def test_a_process_killed_while_it_makes_a_library_leaves_one_that_opens(tmp_path: Path):
    assert done("create_and_die", tmp_path) == ""
    assert len(list(tmp_path.glob("*.db"))) > 20
    assert all(all_right(file) for file in tmp_path.glob("*.db"))


def test_what_is_said_of_calls_is_said_of_all_of_them():
    assert not READING.keys() & WRITING.keys()
    assert not (READING.keys() | WRITING.keys()) & CACHING.keys()
    assert processes.WORD in make.distinct(1)[0].title

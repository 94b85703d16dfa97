"""Libraries of every shipped schema become libraries of this one.

`python tests/test_migrations.py > tests/data/schemas/m004.sql` writes the dump that goes with a new
step; the dumps of shipped steps never change.
"""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import make
import pytest
from make import NOW, add, at, everything, paper, sighting
from processes import interrupted
from sqlite_utils import Database, Migrations

from readlist import migrations
from readlist.errors import LibraryError
from readlist.library import Filter, Library, store
from readlist.models import Change, Followed

DUMPS = sorted((Path(__file__).parent / "data" / "schemas").glob("*.sql"))
_SHADOWS = ("papers_text_", "sqlite_")


def schema(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return db.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
    ).fetchall()


def rows(db: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table by its columns."""
    tables = [
        name
        for kind, name, sql in schema(db)
        if kind == "table" and "VIRTUAL" not in sql and not name.startswith(_SHADOWS)
    ]
    found = {}
    for name in tables:
        cursor = db.execute(f"SELECT * FROM {name}")
        columns = [column[0] for column in cursor.description]
        found[name] = [dict(zip(columns, row, strict=True)) for row in cursor]
    return found


def dump(db: sqlite3.Connection) -> str:
    """SQL that makes the database again. (`iterdump` leaves out what makes a table virtual.)"""
    parts = schema(db)
    statements = [
        sql for kind, name, sql in parts if kind == "table" and not name.startswith(_SHADOWS)
    ]
    for table, found in rows(db).items():
        for row in found:
            values = ", ".join(
                db.execute("SELECT quote(?)", (value,)).fetchone()[0] for value in row.values()
            )
            statements.append(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})")
    statements.append("INSERT INTO papers_text (papers_text) VALUES ('rebuild')")
    statements += [sql for kind, _, sql in parts if kind in ("index", "trigger", "view")]
    for pragma in ("user_version", "application_id"):
        value = db.execute(f"PRAGMA {pragma}").fetchone()[0]
        statements.append(f"PRAGMA {pragma} = {value}")
    return "".join(f"{statement};\n" for statement in statements)


def fill(library: Library) -> None:
    """A row or two in each table."""
    add(
        library,
        paper(
            "Rest Is All You Need",
            ids="arxiv:1706.03762",
            authors=("Ann Ode", "Bo Li"),
            date="2017-06-12",
            abstract="We rest; it's “enough”.",
            links=[("code", "https://a.org/x")],
            sightings=(sighting(upvotes=3),),
            key="ode2017rest",
        ),
        make.published(
            "Rest is all you need",
            ids="doi:10.1000/a arxiv:1706.03762",
            date="2019",
            venue="Annals",
        ),
        paper("An Undated Note on Sheep"),
    )
    library.set_apart([1, 2], now=at(1))
    add(library, paper("", ids="pmid:7"))
    add(library, paper("", ids="pmid:7 arxiv:1706.03762"))
    make.rate(library, 1, 1, at(1))
    make.status(library, 2, "skipped", at(2))
    library.lean("term", ["blockchain"], -1, what="muted", now=at(2))
    library.reset(now=at(2))
    library.lean("author", ["Ann Ode"], 1, what="pinned", now=at(2))
    make.tag(library, 1, "llm", at(3))
    make.note(library, 2, "Who wrote\nthis?", at(4))
    library.undo(now=at(5))
    library.mark_shown([1], NOW.date())
    library.save_followed(Followed(name="daily", request="[]", state={"day": "2026-11-22"}))
    library.remember_asked("abstract", [2], at(6))


@pytest.fixture(params=DUMPS, ids=[file.stem for file in DUMPS])
def old(request, tmp_path: Path) -> Path:
    """A library as an earlier readlist left it."""
    path = tmp_path / "old.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA page_size = 8192")
    db.execute("PRAGMA journal_mode = wal")
    db.executescript(request.param.read_text(encoding="utf-8"))
    db.close()
    return path


@pytest.fixture
def before(old: Path) -> dict[str, list[dict[str, Any]]]:
    db = sqlite3.connect(old)
    found = rows(db)
    db.close()
    return found


def is_sound(library: Library) -> bool:
    db = library._db
    db.execute("INSERT INTO papers_text (papers_text, rank) VALUES ('integrity-check', 1)")
    return (
        db.execute("PRAGMA foreign_key_check").fetchall() == []
        and db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        and db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    )


def test_each_step_has_the_dump_of_its_schema_and_a_number():
    steps = [step.name for step in migrations.migrations.pending(Database(memory=True))]
    assert len(steps) == store.SCHEMA
    assert [step[:4] for step in steps] == [f"m{n:03}" for n in range(1, len(steps) + 1)]
    assert [file.stem for file in DUMPS] == [step[:4] for step in steps]


def test_a_library_of_any_schema_opens_as_one_of_this(old: Path, tmp_path: Path):
    with Library(old) as library, Library(tmp_path / "fresh.db") as fresh:
        assert schema(library._db) == schema(fresh._db)
        assert {kind for kind, _, _ in schema(library._db)} == {"table", "index", "trigger", "view"}
        for pragma in ("user_version", "application_id"):
            sql = f"PRAGMA {pragma}"
            assert library._db.execute(sql).fetchone() == fresh._db.execute(sql).fetchone()
        assert is_sound(library)


def test_no_row_is_lost(old: Path, before: dict[str, list[dict[str, Any]]]):
    with Library(old) as library:
        after = rows(library._db)
    for table, found in before.items():
        if table == "_sqlite_migrations":
            continue
        assert len(after[table]) == len(found), table
        for was, row in zip(found, after[table], strict=True):
            assert row == {**row, **was}, table
    assert all(found for table, found in before.items())


def test_what_was_there_is_found_and_can_be_gone_on_with(old: Path):
    with Library(old) as library:
        rest, sheep = everything(library)
        assert (rest.paper.venue, rest.key, rest.rating, rest.tags) == (
            "Annals",
            "ode2017rest",
            1,
            ("llm",),
        )
        assert sheep.status == "skipped"
        assert library.find("10.1000/a") == 1
        assert library.ids(Filter(words="enough")) == [1]
        assert [act.what for act in library.undo(now=at(10))] == ["tagged #llm"]
        *_, new = add(library, paper("One More Paper for Us", abstract="Brandnew."))
        assert library.ids(Filter(words="brandnew")) == [new]
        assert is_sound(library)


# --- steps to come ------------------------------------------------------------------------------


@contextmanager
def tomorrow(step: Callable[[Database], object]) -> Iterator[None]:
    """The readlist of tomorrow, with one step more."""
    steps = Migrations("readlist")
    for known in migrations.migrations._migrations:
        steps(name=known.name)(known.fn)
    steps(name="m999_tomorrow")(step)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "migrations", steps)
        patch.setattr(store, "SCHEMA", store.SCHEMA + 1)
        yield


def add_column(db: Database) -> None:
    db.execute("ALTER TABLE papers ADD COLUMN mood TEXT")


@pytest.fixture
def today(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library(path) as library:
        fill(library)
    return path


def test_a_library_is_backed_up_before_it_is_upgraded(today: Path):
    with Library(today) as library:
        before = everything(library)
        old_schema = schema(library._db)
    with tomorrow(add_column), Library(today) as library:
        assert everything(library) == before
        assert "mood" in {name: sql for _, name, sql in schema(library._db)}["papers"]
        assert is_sound(library)
    backup = sqlite3.connect(f"{today}.bak")
    assert schema(backup) == old_schema
    assert len(rows(backup)["papers"]) == 2
    backup.close()
    assert sorted(file.name for file in today.parent.iterdir()) == ["library.db", "library.db.bak"]


def test_the_backup_is_of_before_though_two_processes_upgrade_at_once(tmp_path: Path):
    for moment in itertools.count(1):
        path = tmp_path / f"{moment}.db"
        with Library(path) as library:
            fill(library)
            old_schema = schema(library._db)
        with tomorrow(add_column):
            with interrupted(moment, lambda path=path: Library(path).close()) as there_was_one:
                Library(path).close()
            with Library(path) as library:
                assert is_sound(library)
        if not there_was_one:
            return
        backup = sqlite3.connect(f"{path}.bak")
        assert schema(backup) == old_schema
        backup.close()


def test_a_step_that_fails_leaves_the_library_as_it_was(today: Path):
    def fail(db: Database) -> None:
        add_column(db)
        db.execute("DELETE FROM papers")
        raise RuntimeError

    with Library(today) as library:
        before = everything(library), schema(library._db)
    with tomorrow(fail):
        for _ in range(2):
            with pytest.raises(RuntimeError):
                Library(today)
    with Library(today) as library:
        assert (everything(library), schema(library._db)) == before
        assert is_sound(library)


def test_a_library_upgraded_by_a_newer_readlist_is_refused_by_this_one(today: Path):
    with tomorrow(add_column):
        Library(today).close()
    with pytest.raises(LibraryError, match="made by a newer readlist"):
        Library(today)


def test_opening_a_library_of_this_schema_changes_nothing(today: Path):
    before = today.read_bytes()
    Library(today).close()
    assert today.read_bytes() == before
    assert not Path(f"{today}.bak").exists()


def test_a_passing_library_has_the_same_schema(library: Library):
    with Library(":memory:") as passing, library.scratch() as scratch:
        assert schema(passing._db) == schema(library._db) == schema(scratch._db)


# --- the schema holds what the code promises, whoever writes ------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entries SET rating = 2",
        "UPDATE entries SET status = 'done'",
        "UPDATE papers SET date = 'soon'",
        "UPDATE papers SET authors = 'Ann Ode'",
        "UPDATE papers SET standing = 7",
        "INSERT INTO tags VALUES (1, '')",
        "INSERT INTO tags VALUES (99, 'x')",
        "INSERT INTO citation_keys VALUES ('ODE2017rest', 2, 1)",
        "INSERT INTO citation_keys VALUES ('second', 1, 1)",
        "INSERT INTO acts (step, paper_id, field) VALUES (1, 1, 'mood')",
        "INSERT INTO acts (step, paper_id, field) VALUES (99, 1, 'note')",
        "INSERT INTO leanings (step, kind, name, stance) VALUES (1, 'mood', 'x', 1)",
        "INSERT INTO leanings (step, kind, name, stance) VALUES (1, 'term', 'x', 2)",
        "INSERT INTO leanings (step, kind, name, stance) VALUES (1, 'term', '', 1)",
        "INSERT INTO leanings (step, kind, name, stance) VALUES (1, 'reset', 'x', 0)",
        "INSERT INTO leanings (step, kind, name, stance) VALUES (99, 'term', 'x', 1)",
    ],
)
def test_the_schema_refuses_nonsense(library: Library, sql: str):
    fill(library)
    with pytest.raises(sqlite3.IntegrityError):
        library._db.execute(sql)


def test_whoever_writes_keeps_the_full_text_index_right(library: Library):
    fill(library)
    db = library._db
    db.execute("UPDATE papers SET abstract = 'Changed by hand.' WHERE id = 1")
    assert library.ids(Filter(words="hand")) == [1]
    assert library.ids(Filter(words="enough")) == []
    db.execute("DELETE FROM papers WHERE id = 2")
    assert library.ids(Filter(words="sheep")) == []
    assert is_sound(library)


def test_the_view_for_people_with_sql_shows_what_list_shows(library: Library):
    fill(library)
    library.act([Change(paper_id=1, field="tag", value="rest")], what="tagged", now=at(9))
    found = library._db.execute(
        "SELECT id, key, title, status, rating, tags FROM reading_list ORDER BY id"
    )
    assert found.fetchall() == [
        (1, "ode2017rest", "Rest is all you need", "new", 1, "llm rest"),
        (2, None, "An Undated Note on Sheep", "skipped", None, None),
    ]


if __name__ == "__main__":
    with Library(":memory:") as made:
        fill(made)
        print(dump(made._db), end="")

"""Open a library file safely, and turn SQLite's failures into messages."""

import functools
import inspect
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self, TypeVar

from ..errors import LibraryError

SCHEMA = 4  # the number of steps in `migrations`
_APPLICATION = 0x524C5354  # "RLST" in the file's header, see PRAGMA application_id
PASSING = ("", ":memory:")  # paths of databases that are gone when closed
_SHORT_WAIT = 1.0  # seconds that a writer waits for another one before it is told
_WAIT = 30.0  # and then

C = TypeVar("C", bound=type)


class Store:
    """A connection to one library, its file locked for no longer than one write.

    Autocommit: what writes does so inside `_write`, which takes the write lock at once, so that
    two processes never deadlock and each sees the other's work.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, waiting: Callable[[], None] = lambda: None
    ) -> None:
        """Open the library at `path`, made if there is none; `":memory:"` for a passing one.

        `waiting` is called when another program that writes makes this one wait for long.

        :raises LibraryError: it cannot be opened, is newer, or is not a library.
        """
        self.path = os.fspath(path)
        self._waiting = waiting
        with _translated(self.path):
            try:
                self._db, self.read_only = _connect(self.path)
            except OSError as error:
                raise LibraryError(f"cannot open {self.path}: {error.strerror}") from error
            try:
                _check_schema(self._db, self.path, read_only=self.read_only)
            except BaseException:
                self._db.close()
                raise
            self._db.execute("PRAGMA foreign_keys = on")
            if not self.read_only:
                _ensure_wal(self._db)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _copy_to(self, other: "Store") -> None:
        self._db.backup(other._db)  # noqa: SLF001 - of the same class

    @contextmanager
    def _write(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            self._lock()
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # A full disk ends the transaction by itself.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _lock(self) -> None:
        """Take the write lock of the library and of nothing else: BEGIN IMMEDIATE would wait for
        the cache, too.
        """
        lock = "UPDATE internals SET defer_text = 0"
        self._wait(_SHORT_WAIT)
        try:
            self._db.execute(lock)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            self._waiting()
            self._wait(_WAIT)
            self._db.execute(lock)
        self._wait(_WAIT)

    def _wait(self, seconds: float) -> None:
        self._db.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


def _connect(path: str) -> tuple[sqlite3.Connection, bool]:
    """A connection, and whether it can only read."""
    if path in PASSING:
        return _open(path), False
    if os.path.isdir(path):
        raise LibraryError(f"{path} is a folder; name a file in it, as {path}/library.db")
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.exists(path):
        _make_folder(folder)
        return _open(path), False
    with open(path, "rb") as file:
        if file.read(16) not in (b"", b"SQLite format 3\0"):
            raise LibraryError(f"{path} is not a database; name another file with --library")
    if os.access(path, os.W_OK) and os.access(folder, os.W_OK):
        return _open(path), False
    from pathlib import Path

    uri = Path(path).absolute().as_uri()
    try:
        connection = _open(f"{uri}?mode=ro", uri=True)
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        # Beside a file in a folder nobody may write to, SQLite cannot put what WAL needs.
        connection = _open(f"{uri}?immutable=1", uri=True)
    return connection, True


def _open(path: str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(path, uri=uri, timeout=_WAIT, isolation_level=None)


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"cannot make the folder {folder}: {error.strerror}") from error


def _check_schema(db: sqlite3.Connection, path: str, *, read_only: bool) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    application = db.execute("PRAGMA application_id").fetchone()[0]
    if (version, application) == (SCHEMA, _APPLICATION) or not _needs_upgrade(db, path):
        return
    if read_only:
        raise LibraryError(f"{path} must be upgraded by this readlist but cannot be written")
    from .. import migrations  # loads sqlite-utils, which reading must not wait for

    db.execute("PRAGMA page_size = 8192")  # of a new file; others have theirs
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited.
        if _needs_upgrade(db, path):
            if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                _back_up(path)
            db.execute(f"PRAGMA user_version = {migrations.migrate(db)}")
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _needs_upgrade(db: sqlite3.Connection, path: str) -> bool:
    # One statement, so that it is one moment, whatever another process does.
    version, application, tables = db.execute(
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_user_version, pragma_application_id"
    ).fetchone()
    if application != _APPLICATION and tables:
        raise LibraryError(f"{path} is a database but not a readlist library; name another file")
    if version > SCHEMA:
        raise LibraryError(f"{path} was made by a newer readlist; upgrade readlist to open it")
    return bool(version < SCHEMA)


def _back_up(path: str) -> None:
    source, copy = sqlite3.connect(path), sqlite3.connect(f"{path}.bak.part")
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    os.replace(f"{path}.bak.part", f"{path}.bak")


def _ensure_wal(db: sqlite3.Connection) -> None:
    """Readers and a writer never wait for each other in WAL mode, which stays with the file."""
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        # Only possible while nobody else is at work: else the next one to open it will.
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = wal")


# --- failures -----------------------------------------------------------------------------------

_MESSAGES = {
    sqlite3.SQLITE_BUSY: "{path} is locked by another program; try again when it is done",
    sqlite3.SQLITE_LOCKED: "{path} is locked by another program; try again when it is done",
    sqlite3.SQLITE_READONLY: "{path} cannot be written; change its permissions or name another"
    " file with --library",
    sqlite3.SQLITE_FULL: "no space left for {path}; what was saved before is intact",
    sqlite3.SQLITE_IOERR: "{path} cannot be read or written ({error}); check the disk",
    sqlite3.SQLITE_CANTOPEN: "cannot open {path}; check that its folder exists and is yours",
    sqlite3.SQLITE_PERM: "cannot open {path}; check its permissions",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}); restore a copy, or try"
    " 'sqlite3 {path} .recover'",
    # In a sound library nothing that is written contradicts what is there.
    sqlite3.SQLITE_CONSTRAINT: "{path} is damaged ({error}); restore a copy, or try"
    " 'sqlite3 {path} .recover'",
    sqlite3.SQLITE_NOTADB: "{path} is not a database; name another file with --library",
}


@contextmanager
def _translated(path: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError as error:
        if "closed" in str(error):
            raise LibraryError(f"{path} is closed") from error
        raise
    except sqlite3.DatabaseError as error:
        # Only what the owner or the machine can cause; the rest is a bug.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if str(error).startswith("Could not decode to UTF-8"):
            code = sqlite3.SQLITE_CORRUPT
        message = _MESSAGES.get(code)
        if message is None:
            raise
        reason = str(error).partition(" with text")[0]  # a text that is damaged, too
        raise LibraryError(message.format(path=path, error=reason)) from error


def translating(cls: C) -> C:
    """Class decorator: every public method raises `LibraryError` where SQLite failed."""
    methods = {n: m for owner in reversed(cls.__mro__) for n, m in vars(owner).items()}
    for name, method in methods.items():
        if not name.startswith("_") and inspect.isfunction(method):
            setattr(cls, name, _guarded(method))
    return cls


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(method):

        @functools.wraps(method)
        def stream(self: Store, *args: Any, **options: Any) -> Any:
            with _translated(self.path):
                yield from method(self, *args, **options)

        return stream

    @functools.wraps(method)
    def call(self: Store, *args: Any, **options: Any) -> Any:
        with _translated(self.path):
            return method(self, *args, **options)

    return call

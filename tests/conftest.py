"""What every test stands on: nothing of the machine's, a fixed time, a library of its own."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from server import Service

from readlist.cli import readlist
from readlist.cli.app import App
from readlist.library import Library
from readlist.sources.client import Client

SHARED = Path(__file__).parents[2] / "shared"

settings.register_profile("default", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees the machine's settings, library, time zone or terminal."""
    for name in list(os.environ):
        if name.startswith(("READLIST_", "XDG_")) or name in ("NO_COLOR", "COLUMNS", "EDITOR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("READLIST_LIBRARY", str(tmp_path / "library.db"))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def shared() -> Path:
    """The real material beside the repository; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real material is not here")
    return SHARED


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A server on this machine that plays every service; see `server`."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with Service() as running:
        yield running


@pytest.fixture
def run(now: datetime) -> Callable[..., Result]:
    """Types a command line as a user would, at a fixed time and width."""

    def typed(
        *arguments: object,
        columns: int | None = 80,
        stdin: str | bytes | None = None,
        client: Callable[[], Client] | None = None,
    ) -> Result:
        app = App(now=now, columns=columns, client=client)
        return CliRunner().invoke(
            readlist,
            [str(argument) for argument in arguments],
            obj=app,
            input=stdin,
            catch_exceptions=False,
            prog_name="readlist",
        )

    return typed

"""What a command is given: the settings, the library, the clock, the terminal."""

import functools
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from ..errors import ConfigError

if TYPE_CHECKING:
    import threading

    from ..config import Config
    from ..learning import Taste
    from ..library import Library
    from ..models import Problem
    from ..sources.client import Client

INTERRUPTED = 130  # the exit code of a program that Ctrl-C ended, as shells have it

_SHOWN = 50  # problems

P = ParamSpec("P")
R = TypeVar("R")


class App:
    """The paths that were given, else the configured ones; time and width, else the machine's."""

    def __init__(
        self,
        *,
        library: str | None = None,
        config: str | None = None,
        now: datetime | None = None,
        columns: int | None = None,
        client: "Callable[[], Client] | None" = None,
    ) -> None:
        self.library_path = library
        self.config_path = config
        self.offline = False
        self._client = client
        self._now = now
        self._columns = columns

    @property
    def time(self) -> datetime:
        return self._now or datetime.now(UTC)

    @property
    def config_file(self) -> str:
        return self.config_path or os.path.join(click.get_app_dir("readlist"), "config.toml")

    def config(self) -> "Config":
        from .. import config

        if self.config_path and not os.path.exists(self.config_path):
            raise ConfigError(f"{self.config_path} is not there; 'readlist config init' writes it")
        return config.load(self.config_file)

    def library_file(self) -> str:
        if self.library_path:
            return os.path.expanduser(self.library_path)
        configured = os.path.expanduser(self.config().library)
        return os.path.join(os.path.dirname(self.config_file), configured)

    def pdf_folder(self) -> str:
        configured = os.path.expanduser(self.config().pdf.folder)
        return os.path.join(os.path.dirname(self.config_file), configured)

    def open_library(self) -> "Library":
        from ..library import Library

        path = self.library_file()
        return Library(path, waiting=lambda: report(f"waiting for who is writing to {path} …"))

    def taste(self) -> "Taste":
        """What the settings say for learning."""
        from ..learning import Taste

        config = self.config()
        return Taste(config.recommend.half_life, config.interests)

    def client(self) -> "Client":
        """What asks services, as configured."""
        if self._client:
            return self._client()
        from ..sources.client import Client
        from .network import cache_folder, key

        config = self.config()
        return Client(
            contact=config.contact,
            cache_folder=cache_folder(),
            keys=key,
            offline=self.offline,
            private_addresses=config.network.private_addresses,
            clock=SystemClock(),
        )

    @property
    def width(self) -> int | None:
        """Columns to fit a table into; None where the output is not a terminal."""
        if self._columns:
            return self._columns
        return max(20, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


class SystemClock:
    """The machine's time; see `sources.pace.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()

    def sleep(self, seconds: float, stopped: "threading.Event") -> None:
        stopped.wait(seconds)


def pass_app(command: Callable[Concatenate[App, P], R]) -> Callable[P, R]:
    """The command gets the `App` first."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **options: P.kwargs) -> R:
        return command(click.get_current_context().ensure_object(App), *args, **options)

    return wrapped


def pass_library(command: Callable[Concatenate["App", "Library", P], R]) -> Callable[P, R]:
    """The command gets the `App` and its open library, once its arguments are in order."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **options: P.kwargs) -> R:
        app = click.get_current_context().ensure_object(App)
        with app.open_library() as library:
            return command(app, library, *args, **options)

    return wrapped


def no_color() -> bool:
    """https://no-color.org: set and not empty; a dumb terminal has no colours either."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def report(message: str) -> None:
    """A line on stderr."""
    from .screen import safe

    click.echo(safe(message), err=True)


def report_problems(problems: "Sequence[Problem]") -> None:
    """The first problems one by one, and how many there are more."""
    for problem in problems[:_SHOWN]:
        report(f"problem: {problem}")
    if len(problems) > _SHOWN:
        report(f"and {len(problems) - _SHOWN:,} problems more; --json lists them all")


def fail(message: Any = None) -> None:
    """Leave with exit code 1 after what worked is done."""
    if message:
        report(str(message))
    raise click.exceptions.Exit(1)

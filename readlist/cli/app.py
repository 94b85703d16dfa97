"""What a command is given: the settings, the library, the clock, the terminal."""

import functools
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..config import Config
    from ..library import Library

INTERRUPTED = 130  # the exit code of a program that Ctrl-C ended, as shells have it

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
    ) -> None:
        self.library_path = library
        self.config_path = config
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

    def open_library(self) -> "Library":
        from ..library import Library

        path = self.library_file()
        return Library(path, waiting=lambda: report(f"waiting for who is writing to {path} …"))

    @property
    def width(self) -> int | None:
        """Columns to fit a table into; None where the output is not a terminal."""
        if self._columns:
            return self._columns
        return max(20, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


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


def fail(message: Any = None) -> None:
    """Leave with exit code 1 after what worked is done."""
    if message:
        report(str(message))
    raise click.exceptions.Exit(1)

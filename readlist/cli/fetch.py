"""Papers come in from the feeds of the settings."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import click

from .. import ids
from ..errors import ConfigError, FormatError, UsageError
from ..library import Library
from ..models import Followed
from . import options, screen
from .app import App, pass_app, pass_library, report, report_problems
from .capture import record

if TYPE_CHECKING:
    from ..config import Feed
    from ..fetching import Fetched


def _complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    root = ctx.find_root()
    app = App(config=root.params.get("config"))
    try:
        return [feed.name for feed in app.config().feeds if feed.name.startswith(incomplete)]
    except ConfigError:
        return []


@click.command
@click.argument("names", nargs=-1, metavar="[FEED...]", shell_complete=_complete)
@click.option("--since", type=options.DAY, help="From that day on: 2026-05-03, 7d.")
@click.option("--dry-run", is_flag=True, help="Say what would come in, and change nothing.")
@options.as_json
@pass_library
def fetch(
    app: App,
    library: Library,
    names: tuple[str, ...],
    since: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Fetch what is new in the feeds of the settings, or in those that are named.

    Each feed goes on where it was left, however long ago: nothing is missed, and nothing comes
    twice. A feed that fails does not keep the others from being saved.

    \b
    readlist fetch
    readlist fetch daily --since 7d
    """
    from .. import fetching

    feeds = _chosen(app, names)
    results, failed = [], False
    width = max(len(feed.name) for feed in feeds)
    with _target(library, dry_run=dry_run) as target, app.client() as client:
        day = options.first_day(since) if since else None
        progress = _Progress(app)
        for done in fetching.fetch(
            target, client, feeds, now=app.time, since=day, progress=progress.show
        ):
            progress.clear()
            failed = failed or bool(done.error or done.report.problems)
            results.append(_result(done))
            report_problems(done.report.problems)
            if done.error:
                report(f"Error: {done.feed.name}: {done.error}")
            if not as_json and not (done.error and not screen.outcome(done.report)):
                would = "would be " if dry_run else ""
                said = screen.outcome(done.report)
                told = f"{would}{said}" if said else "nothing new"
                click.echo(screen.safe(f"{done.feed.name.ljust(width)}  {told}"))
    if as_json:
        for line in screen.json_array(results):
            click.echo(line)
    if failed:
        raise click.exceptions.Exit(1)


class _Progress:
    """A line on a terminal that says how far feeds are, once they take longer than a second."""

    def __init__(self, app: App) -> None:
        self._columns = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
        self._app = app
        self._begun = app.time
        self._papers: dict[str, int] = {}

    def show(self, name: str, papers: int) -> None:
        self._papers[name] = papers
        if self._columns and self._app.time - self._begun > timedelta(seconds=1):
            said = ", ".join(f"{name} {papers:,}" for name, papers in self._papers.items())
            click.echo(f"\r{screen.fit(screen.safe(said), self._columns - 1)}", err=True, nl=False)

    def clear(self) -> None:
        if self._columns and self._papers:
            click.echo("\r" + " " * (self._columns - 1) + "\r", err=True, nl=False)


@contextmanager
def _target(library: Library, *, dry_run: bool) -> Iterator[Library]:
    if not dry_run:
        yield library
        return
    with library.scratch() as copy:
        yield copy


def _chosen(app: App, names: tuple[str, ...]) -> "list[Feed]":
    """The feeds that are named, or all; checked.

    :raises ReadlistError: there are none, or a feed is not as its source has it.
    """
    from .. import sources

    feeds = {feed.name: feed for feed in app.config().feeds}
    if not feeds:
        raise UsageError(
            f"there are no feeds; {app.config_file} says them, 'readlist config init' shows how"
        )
    for name in names:
        if name not in feeds:
            raise UsageError(f"no feed {name!r}; there are {', '.join(feeds)}")
    chosen = [feeds[name] for name in dict.fromkeys(names)] or list(feeds.values())
    wrong = [
        f"  feeds.{feed.name}.{problem}"
        for feed in chosen
        for problem in sources.wrong_options(feed.source, feed.options)
    ]
    if wrong:
        raise ConfigError("\n".join([f"{app.config_file}:", *wrong]))
    return chosen


def _result(done: "Fetched") -> dict[str, Any]:
    return {"feed": done.feed.name, "error": done.error, **record(done.report)}


@click.command
@click.option("--opml", metavar="FILE", help="Print the feeds of FILE as tables for the settings.")
@options.as_json
@pass_app
def feeds(app: App, opml: str | None, as_json: bool) -> None:
    """List the feeds of the settings, when each was last fetched, and what came of it.

    With --opml, what a feed reader exported becomes tables to put into the settings.

    \b
    readlist feeds
    readlist feeds --opml subscriptions.opml >> ~/.config/readlist/config.toml
    """
    from .. import sources

    configured = app.config().feeds
    if opml:
        for line in _tables(opml, configured):
            click.echo(line)
        return
    with app.open_library() as library:
        known = library.followed()
    lacking = {f.name: "; ".join(sources.lacking(f.source, f.options)) for f in configured}
    if as_json:
        about = (_about(f, known.get(f.name), lacking[f.name]) for f in configured)
        for line in screen.json_array(about):
            click.echo(line)
        return
    if not configured:
        report(f"there are no feeds; {app.config_file} says them, 'readlist config init' shows how")
        return
    rows = [("feed", "source", "last fetched", "new", "ever")]
    rows += [_row(feed, known.get(feed.name)) for feed in configured]
    widths = [max(screen.width(row[column]) for row in rows) for column in range(5)]
    for number, row in enumerate(rows):
        cells = [
            text.rjust(width) if column > 2 else screen.fit(text, width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = screen.safe("  ".join(cells).rstrip())
        click.echo(click.style(line, dim=True) if number == 0 else line)
        if number and (what := _trouble(known.get(row[0]), lacking[row[0]])):
            click.echo(click.style(screen.safe(f"    {what}"), fg="red"))


def _tables(path: str, configured: "tuple[Feed, ...]") -> Iterator[str]:
    """The feeds of an OPML file that the settings do not have, as TOML.

    :raises FormatError: it cannot be read, or holds none.
    """
    from ..formats import opml

    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = opml.feeds(file.read())
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    if not found:
        raise FormatError(f"{path} is no OPML file with feeds")
    names = {feed.name for feed in configured}
    urls = {feed.options.get("url") for feed in configured}
    for feed in found:
        if feed.url in urls:
            continue
        name = "-".join(ids.words(feed.name)) or "feed"
        numbers = (f"{name}-{number}" for number in count(2))
        name = next(each for each in chain([name], numbers) if each not in names)
        names.add(name)
        yield f"\n[feeds.{name if name.isascii() else screen.json_text(name)}]"
        yield 'source = "feed"'
        yield f"url = {screen.json_text(feed.url)}"


def _trouble(followed: Followed | None, lacking: str) -> str:
    if followed and followed.failed and not lacking:
        return f"failed {screen.minute(followed.failed)}: {followed.error}"
    return lacking


def _row(feed: "Feed", followed: Followed | None) -> tuple[str, str, str, str, str]:
    if followed is None or not followed.succeeded:
        return feed.name, feed.source, "never", "", ""
    when = screen.minute(followed.succeeded)
    return feed.name, feed.source, when, f"{followed.new:,}", f"{followed.total:,}"


def _about(feed: "Feed", followed: Followed | None, lacking: str) -> dict[str, Any]:
    def time(moment: Any) -> str | None:
        return moment.isoformat().replace("+00:00", "Z") if moment else None

    return {
        "feed": feed.name,
        "source": feed.source,
        "options": dict(feed.options),
        "tags": list(feed.tags),
        "status": feed.status,
        "succeeded": time(followed and followed.succeeded),
        "new": followed.new if followed else 0,
        "total": followed.total if followed else 0,
        "failed": time(followed and followed.failed),
        "error": lacking or (followed.error if followed else ""),
    }


commands = {"fetch": fetch, "feeds": feeds}

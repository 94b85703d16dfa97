"""See what is there: list, search, show, open, stats."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

import click

from .. import ids
from ..errors import UsageError
from ..library import Filter, Library, Sort
from ..models import Entry, Status
from . import options, screen
from .app import App, pass_library, report

_number = click.option(
    "-n",
    "--number",
    type=options.Count(),
    default=20,
    help="How many; 0 for all.  [default: 20]",
)


@click.command("list")
@options.filters
@options.sort(Sort.DATE)
@_number
@options.as_json
@pass_library
def list_(
    app: App, library: Library, filter: Filter, sort: Sort, number: int, as_json: bool
) -> None:
    """List entries, the newest papers first.

    \b
    readlist list --status later --sort score
    readlist list --tag llm --since 2025 --has code
    """
    found = library.entries(filter, sort, number + 1 if number else None)
    if _print(app, found, number, as_json):
        _tell_age(app, library, sort)
        return
    if library.count():
        report("nothing fits; 'readlist stats' shows what there is")
    else:
        report("the library is empty; 'readlist import FILE' fills it, 'readlist demo' shows how")


@click.command
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@options.filters
@options.sort(None)
@_number
@options.as_json
@pass_library
def search(
    app: App,
    library: Library,
    words: tuple[str, ...],
    filter: Filter,
    sort: Sort | None,
    number: int,
    as_json: bool,
) -> None:
    """Search titles, abstracts and authors, the best match first.

    All words must occur, in any form: "train" finds "training". A phrase stands in quotes, a
    star stands for any ending.

    \b
    readlist search speculative decoding
    readlist search '"chain of thought"' distil* --rating like
    """
    filter = replace(filter, words=" ".join(words))
    found = library.entries(filter, sort, number + 1 if number else None)
    if _print(app, found, number, as_json):
        _tell_age(app, library, sort)
    else:
        report(f"nothing found for {filter.words!r}; try fewer words, or a star: 'transf*'")


def _tell_age(app: App, library: Library, sort: Sort | None) -> None:
    """Say it where the order is by scores that are not those of today."""
    if sort is not Sort.SCORE:
        return
    from .. import learning

    last = learning.last_model(library, today=app.time.astimezone().date(), taste=app.taste())
    if last is None:
        report("there are no scores yet; 'readlist train' makes them once you like a paper")
    elif not last[1]:
        report("scored before the last of what you did; 'readlist train' learns that, too")


def _print(app: App, found: Iterator[Entry], number: int, as_json: bool) -> bool:
    """Print so many of the entries, 0 for all, as they come; whether there were any."""
    first = list(islice(found, 1))
    entries = islice(chain(first, found), number or None)
    if as_json:
        from ..formats import jsonl

        lines = screen.json_array(map(jsonl.record, entries))
    else:
        lines = screen.lines(entries, app.width)
    for line in lines:
        click.echo(line)
    if number and next(found, None):
        report(f"the first {number} of more; -n {number * 5} shows more, -n 0 all")
    return bool(first)


@click.command
@options.handles
@options.as_json
@pass_library
def show(app: App, library: Library, handles: tuple[str, ...], as_json: bool) -> None:
    """Show all that is known of papers.

    \b
    readlist show 12
    readlist show 1706.03762 vaswani2017attention
    """
    ids, code = options.resolve(library, handles)
    entries = [library.get(id) for id in ids]
    if as_json:
        from ..formats import jsonl

        for line in screen.json_array(map(jsonl.record, entries)):
            click.echo(line)
    else:
        for number, entry in enumerate(entries):
            if number:
                click.echo()
            for line in screen.details(entry, min(app.width or 80, 100)):
                click.echo(line)
    if code:
        raise click.exceptions.Exit(code)


@click.command("open")
@options.handle
@click.option("--pdf", "kind", flag_value="pdf", help="The PDF.")
@click.option("--code", "kind", flag_value="code", help="The code.")
@click.option("--page", "kind", flag_value="page", default="page", help="The page.  [default]")
@pass_library
def open_(_app: App, library: Library, handle: str, kind: str) -> None:
    """Open a paper in the browser, or print its URL where there is none.

    \b
    readlist open 12 --pdf
    """
    entry = library.get(library.find(handle))
    open_link(entry, kind)


def open_link(entry: Entry, kind: str) -> None:
    """Open the first link of a kind; without one, `page` falls back on any.

    :raises UsageError: there is no such link.
    """
    links = ids.links(entry.paper)
    fitting = [link for link in links if link.kind == kind] or (links if kind == "page" else ())
    if not fitting:
        known = ", ".join(dict.fromkeys(link.kind for link in links)) or "no link at all"
        raise UsageError(f"no {kind} is known of paper {entry.id}; there is {known}")
    import webbrowser

    url = fitting[0].url
    try:
        opened = webbrowser.open(url)
    except webbrowser.Error:
        opened = False
    if opened:
        report(f"opened {url}")
    else:
        click.echo(url)


@click.command
@options.as_json
@pass_library
def stats(app: App, library: Library, as_json: bool) -> None:
    """Count what there is: papers, decisions, tags, sources, venues.

    \b
    readlist stats --json
    """
    statuses = library.counts("status")
    ratings = library.counts("rating")
    found = {
        "papers": library.count(),
        "undecided": library.count(Filter(undecided=True)),
        "status": {status.value: statuses.get(status, 0) for status in Status},
        "liked": ratings.get("1", 0),
        "disliked": ratings.get("-1", 0),
        "with_abstract": library.count(Filter(has=("abstract",))),
        "with_authors": library.count(Filter(has=("authors",))),
        "tags": library.tags(),
        "sources": library.sources(),
        "venues": library.counts("venue"),
        "library": library.path,
    }
    if as_json:
        click.echo(screen.json_text(found))
        return
    for name, value in found.items():
        label = click.style(name.replace("_", " ").ljust(13), dim=True)
        lines = screen.wrap(_text(value), (app.width or 10_000) - 15)
        click.echo(f"{label}  {lines[0]}")
        for line in lines[1:]:
            click.echo(" " * 15 + line)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count:,}" for name, count in value.items() if count) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


commands = {"list": list_, "search": search, "show": show, "open": open_, "stats": stats}

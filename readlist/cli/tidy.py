"""Which entries are one paper is put right: duplicates, merge, split."""

from collections.abc import Sequence

import click

from .. import ids
from ..errors import AmbiguousError, ReadlistError, UsageError
from ..library import Library
from ..models import Record
from . import options, screen
from .app import App, pass_library, report


@click.command
@click.argument("handles", nargs=-1, metavar="[HANDLE...]", shell_complete=options.complete_handle)
@click.option("--different", is_flag=True, help="Say that these are different papers.")
@click.option(
    "-n",
    "--number",
    type=options.Count(),
    default=20,
    help="How many groups; 0 for all.  [default: 20]",
)
@options.as_json
@pass_library
def duplicates(
    app: App,
    library: Library,
    handles: tuple[str, ...],
    different: bool,
    number: int,
    as_json: bool,
) -> None:
    """List entries that look like one paper, and may be.

    What is surely one paper is one entry already: here are equal titles of other years or
    authors, titles that differ in a letter or a subtitle, equal abstracts. `merge` makes those of
    a group one; with --different they are not listed again, nor ever made one by an import.

    \b
    readlist duplicates
    readlist merge 12 34
    readlist duplicates --different 56 78
    """
    if different and as_json:
        raise UsageError("there is no JSON of what --different does")
    if different:
        _set_apart(app, library, handles)
        return
    if handles:
        raise UsageError("handles go with --different; without it all entries are compared")
    from .. import duplicates as alike

    looks = (alike.Look(*row) for row in library.looks())
    found = alike.groups(looks, library.apart())
    shown = found[: number or None]
    if as_json:
        for line in screen.json_array({"ids": list(g.papers), "why": g.why} for g in shown):
            click.echo(line)
    else:
        for group in shown:
            for line in screen.lines(map(library.get, group.papers), app.width):
                click.echo(line)
            click.echo(click.style(f"{group.why}: {_command(group.papers)}", dim=True))
            click.echo()
    if len(found) > len(shown):
        report(f"the first {number} of {len(found)} groups; -n 0 shows all")
    elif not found:
        report("no entries look alike")


def _command(papers: Sequence[int]) -> str:
    return " ".join(["readlist merge", *map(str, papers)])


def _set_apart(app: App, library: Library, handles: Sequence[str]) -> None:
    papers = _several(library, handles)
    acts = library.set_apart(papers, now=app.time)
    what = "different" if acts else "already different"
    for id in papers:
        click.echo(screen.safe(f"{what}  {screen.label(library.get(id))}"))


def _several(library: Library, handles: Sequence[str]) -> list[int]:
    """The papers of handles, of which there must be two.

    :raises UsageError: all of them are one.
    """
    papers = list(dict.fromkeys(map(library.find, handles)))
    if len(papers) < 2:
        one = f"these are all paper {papers[0]}" if papers else "no paper is named"
        raise UsageError(f"{one}; give two handles, as 12 34")
    return papers


@click.command
@click.argument("kept", metavar="KEEP", shell_complete=options.complete_handle)
@options.handles
@pass_library
def merge(app: App, library: Library, kept: str, handles: tuple[str, ...]) -> None:
    """Make entries one; the first is kept, the others become parts of it.

    Nothing is lost: the newest of what you said of each field holds, tags are joined, both notes
    are kept, and all identifiers and citation keys lead to the one that is kept.

    \b
    readlist merge 12 34
    """
    papers = _several(library, (kept, *handles))
    for act in library.merge(papers[0], papers[1:], now=app.time):
        label = screen.label(library.get(act.paper_id))
        click.echo(screen.safe(f"merged {act.after} into  {label}"))


@click.command
@options.handle
@click.argument("records", nargs=-1, metavar="[RECORD...]", type=options.Count(1))
@pass_library
def split(app: App, library: Library, handle: str, records: tuple[int, ...]) -> None:
    """Take apart an entry that is made of different papers.

    Without RECORDs it is taken apart where that is clear: after `merge`, or when there are two
    records. Else the records are listed, and those that you name by their numbers become a paper
    of its own. What you said stays with the first; no import makes them one again.

    \b
    readlist split 12
    readlist split 12 2 3
    """
    id = library.find(handle)
    found = library.records(id)
    if len(found) == 1:
        raise ReadlistError(f"paper {id} is a single record; there is nothing to split off")
    groups = library.merged(id)
    if records:
        groups = [[found[n - 1].id or 0 for n in _numbers(records, len(found))]]
    elif not groups and len(found) == 2:
        groups = [[found[1].id or 0]]
    if not groups:
        about = f"paper {id} is made of these records; name those of another paper by number:"
        raise AmbiguousError(about, [f"{n}  {_line(r)}" for n, r in enumerate(found, start=1)])
    for act in library.split(id, groups, now=app.time):
        new = library.get(int(act.after or 0))
        click.echo(screen.safe(f"split off {id}  {screen.label(new)}"))


def _numbers(numbers: Sequence[int], count: int) -> list[int]:
    """:raises UsageError: there is no such record, or none would stay."""
    chosen = sorted(set(numbers))
    if chosen[-1] > count:
        raise UsageError(f"there is no record {chosen[-1]}; the last is {count}")
    if len(chosen) == count:
        raise UsageError("one record must stay; leave out those of the paper itself")
    return chosen


def _line(record: Record) -> str:
    paper = record.paper
    met = [screen.sighting(seen) for seen in paper.sightings[:1]]
    named = [ids.format(identifier) for identifier in paper.identifiers]
    parts = [paper.date, paper.title, screen.byline(paper), " ".join(named), *met]
    return " · ".join(filter(None, parts))


commands = {"duplicates": duplicates, "merge": merge, "split": split}

"""Entries go out: BibTeX to cite from, JSON lines to keep."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import click

from ..library import Filter, Library, Sort
from . import options
from .app import App, pass_library, report
from .files import replace_file
from .screen import number_of

if TYPE_CHECKING:
    from ..models import Entry, Leant


@click.command
@click.argument("handles", nargs=-1, metavar="[HANDLE...]", shell_complete=options.complete_handle)
@options.filters
@click.option(
    "--format",
    "format_",
    type=click.Choice(["bibtex", "jsonl"]),
    default="bibtex",
    help="BibTeX to cite from, or JSON lines that keep everything.  [default: bibtex]",
)
@click.option("--abstract", is_flag=True, help="With abstracts in BibTeX.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Write to FILE.")
@pass_library
def export(
    app: App,
    library: Library,
    handles: tuple[str, ...],
    filter: Filter,
    format_: str,
    abstract: bool,
    output: str | None,
) -> None:
    """Write entries as BibTeX, or as JSON lines that lose nothing.

    The same entries always give the same bytes, and a file is only touched when its content
    changes. A citation key is given once and stays with its paper. Importing the JSON lines of
    a whole library into an empty one gives the same library, your history included. What you
    pinned and muted is only in those of a whole library.

    \b
    readlist export --rating like -o refs.bib
    readlist export 12 1706.03762
    readlist export --format jsonl -o backup.jsonl
    """
    code = 0
    whole = not handles and filter == Filter()
    if handles:
        ids, code = options.resolve(library, handles)
        filter = replace(filter, ids=tuple(ids))
    ids = sorted(library.ids(filter, Sort.ADDED))
    text: Iterable[str]
    if format_ == "jsonl":
        text = _jsonl(library, ids, library.leant() if whole else [])
    else:
        text = [_bibtex(app, library, ids, abstract)]
    if output in (None, "-"):
        for part in text:
            click.echo(part, nl=False)
    else:
        written = replace_file(output, text)
        papers = number_of(len(ids), "paper")
        report(f"wrote {output}: {papers}" if written else f"{output} is current: {papers}")
    if code:
        raise click.exceptions.Exit(code)


def _jsonl(library: Library, ids: list[int], leant: list["Leant"]) -> Iterable[str]:
    from ..formats import jsonl

    return jsonl.dumps(library.saved(ids), leant)


def _bibtex(app: App, library: Library, ids: list[int], abstract: bool) -> str:
    entries = keyed(library, ids, app.config().cite.key_pattern)
    from ..formats import bibtex

    for entry in entries:
        for retraction in entry.paper.retractions:
            report(f"warning: {entry.key} was taken back: {retraction}")
        if lacking := bibtex.missing(entry):
            title = entry.paper.title
            report(f"warning: {entry.key} has no {' and no '.join(lacking)}: {title}")
    return bibtex.dumps(entries, bibtex.Style(abstract=abstract))


def keyed(library: Library, ids: list[int], pattern: str) -> list["Entry"]:
    """The entries, each with its citation key, given now where it had none."""
    from ..formats import citekeys

    proposed: dict[str, Iterator[str]] = {}  # by their start; none is proposed twice

    def propose(entry: "Entry") -> Iterable[str]:
        key = citekeys.citation_key(entry.paper, pattern)
        if key not in proposed:
            proposed[key] = chain([key], map(key.__add__, citekeys.suffixes()))
        return proposed[key]

    library.give_keys(ids, propose)
    return sorted(library.entries(Filter(ids=tuple(ids))), key=lambda entry: entry.key.lower())


commands = {"export": export}

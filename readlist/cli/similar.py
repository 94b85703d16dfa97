"""Papers like some others."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from .. import ids as identity
from ..errors import AmbiguousError, NotFoundError
from ..library import Filter, Library
from ..text import clean
from . import options, screen
from .app import App, pass_library, report
from .learn import progressing

if TYPE_CHECKING:
    from ..comparing import Similar

_MARGIN = 6


@click.command
@click.argument(
    "asked",
    nargs=-1,
    required=True,
    metavar="HANDLE|TEXT...",
    shell_complete=options.complete_handle,
)
@options.filters
@click.option("-n", "--number", type=options.Count(1), default=10, help="How many.  [default: 10]")
@options.as_json
@pass_library
def similar(
    app: App,
    library: Library,
    asked: tuple[str, ...],
    filter: Filter,
    number: int,
    as_json: bool,
) -> None:
    """Find papers like these, the nearest first, and the terms they share.

    What fits one paper is that paper, anything else is text: a sentence or a whole abstract. Several
    are taken together. It needs no like and no network.

    \b
    readlist similar 12 1706.03762
    readlist similar "drafting tokens with a small model" --since 2025 --status new
    """
    from .. import comparing

    papers, texts = _papers_and_texts(library, options.expanded(asked))
    with progressing("reading papers") as progress:
        found = list(
            comparing.similar(
                library, papers, texts, filter=filter, number=number, progress=progress
            )
        )
    if as_json:
        for line in screen.json_array(map(_record, found)):
            click.echo(line)
    elif app.width is None:
        for line in screen.lines((each.entry for each in found), None):
            click.echo(line)
    else:
        for line in _lines(found, min(app.width, 100)):
            click.echo(line)
    if not found:
        report("nothing that fits has a term in common with it; try more words, or fewer options")


def _papers_and_texts(library: Library, asked: Sequence[str]) -> tuple[list[int], list[str]]:
    """The papers that are meant, and what is text.

    :raises NotFoundError: a number or an identifier that no paper has.
    :raises AmbiguousError: several have it.
    """
    papers, texts = [], []
    for handle in asked:
        try:
            papers.append(library.find(handle))
        except (NotFoundError, AmbiguousError):
            if handle.strip().isdecimal() or identity.parse(handle):
                raise
            texts.append(clean(handle))
    return papers, texts


def _lines(found: Sequence["Similar"], columns: int) -> Iterator[str]:
    """Each paper as picks show it, with what it shares."""
    for number, (raw, similarity, terms) in enumerate(found):
        if number:
            yield ""
        entry = screen.harmless(raw)
        paper = entry.paper
        title = screen.wrap(screen.label(entry).partition("  ")[2], columns - _MARGIN)
        near = click.style(f"{similarity:.0%}".rjust(4), fg="green", bold=True)
        yield f"{near}  {click.style(title[0], bold=True)}"
        for line in title[1:]:
            yield " " * _MARGIN + click.style(line, bold=True)
        told = [str(entry.id), screen.byline(paper), paper.date, paper.venue, screen.state(entry)]
        for line in screen.wrap(" · ".join(filter(None, told)), columns - _MARGIN):
            yield " " * _MARGIN + click.style(line, dim=True)
        for line in screen.wrap(f"shares {', '.join(terms)}", columns - _MARGIN):
            yield " " * _MARGIN + line


def _record(found: "Similar") -> dict[str, Any]:
    from ..formats import jsonl

    return {
        "similarity": found.similarity,
        "terms": list(found.terms),
        "entry": jsonl.record(found.entry),
    }


commands = {"similar": similar}

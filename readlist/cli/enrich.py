"""What papers lack is filled in by services."""

from typing import Any

import click

from ..enriching import PARTS, Enriched
from ..library import Filter, Library
from ..models import Problem
from . import options, screen
from .app import App, pass_library, report_problems


def _parts(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in value.split(",")) if value else tuple(PARTS)
    for part in chosen:
        if part not in PARTS:
            raise click.BadParameter(f"no part {part!r}; there are {', '.join(PARTS)}")
    return chosen


@click.command
@options.filters
@click.option(
    "--only",
    "parts",
    metavar="PARTS",
    callback=_parts,
    help=f"Only these, with commas between: {', '.join(PARTS)}.",
)
@options.as_json
@pass_library
def enrich(
    app: App, library: Library, filter: Filter, parts: tuple[str, ...], as_json: bool
) -> None:
    """Fill in what papers lack: ids, authors, abstracts, venues, open PDFs, code.

    Services are asked by identifier, many papers at a time; papers of which only the title is
    known are searched for one by one. What nobody knows is asked for again after two months.

    \b
    readlist enrich
    readlist enrich --rating like --only published
    """
    from .. import enriching

    told: list[dict[str, Any]] = []
    problems: list[Problem] = []
    with app.client() as client:
        for item in enriching.enrich(library, client, filter, parts, now=app.time):
            if isinstance(item, Problem):
                problems.append(item)
                continue
            told.append({"id": item.entry.id, "gained": list(item.gained)})
            if not as_json:
                click.echo(screen.safe(_line(item)))
    if as_json:
        for line in screen.json_array(told):
            click.echo(line)
    report_problems(problems)
    if problems:
        raise click.exceptions.Exit(1)


def _line(item: Enriched) -> str:
    return f"{', '.join(item.gained)}  {screen.label(item.entry)}"


commands = {"enrich": enrich}

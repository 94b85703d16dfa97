"""Papers come in one by one, by what they are called."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import click

from .. import ids
from ..errors import NotFoundError, ReadlistError
from ..library import Library, Report
from ..models import Identifier, Paper, Problem, Status, Version
from . import options, screen
from .app import App, pass_library, report_problems

if TYPE_CHECKING:
    from ..sources.client import Client

_CANDIDATES = 5


class _Asked(NamedTuple):
    """What a text on the command line means: an identifier, or else a title to search for."""

    text: str
    identifier: Identifier | None
    title: str = ""


@click.command
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--like", is_flag=True, help="Like all of them.")
@click.option(
    "--status", type=click.Choice([s.value for s in Status]), help="Give all of them this status."
)
@options.tag_option
@pass_library
def add(
    app: App,
    library: Library,
    refs: tuple[str, ...],
    like: bool,
    status: str | None,
    tags: tuple[str, ...],
) -> None:
    """Add papers by id, URL, title or PDF file; "-" reads them from a list, one a line.

    A REF is an arXiv id, a DOI, another id with its kind in front (acl:P18-1001, pmid:…, isbn:…),
    the URL of a paper, a PDF file, or a title, with the year if you like. A title must be found
    as it stands; else you are shown what comes close. Where a service does not answer, the
    paper is added with what is known.

    \b
    readlist add 1706.03762 10.18653/v1/N19-1423
    readlist add https://aclanthology.org/P18-1001/ --tag words
    readlist add "Attention Is All You Need" paper.pdf
    """
    marks = [("rating", "1")] if like else []
    marks += [("status", status)] if status else []
    marks += [("tag", tag) for tag in tags]
    asked, problems = _read(refs)
    today = app.time.astimezone().date()
    with app.client() as client:
        identifiers = [ask.identifier for ask in asked if ask.identifier]
        found = list(_looked_up(client, identifiers, today, problems))
        for ask in asked:
            if ask.title:
                found += _searched(client, ask, today, problems)
    new = [_known(library, paper) is None for paper in found]
    result = Report()
    library.add_all(found, now=app.time, marks=marks, what="add", report=result)
    for paper, is_new in zip(found, new, strict=True):
        if id := _known(library, paper):
            what = "added" if is_new else "already here"
            click.echo(screen.safe(f"{what}  {screen.label(library.get(id))}"))
    report_problems([*problems, *result.problems])
    if problems or result.problems:
        raise click.exceptions.Exit(1)


def _read(refs: Iterable[str]) -> tuple[list[_Asked], list[Problem]]:
    """What the references mean, each once; and those that mean nothing."""
    asked: dict[str, _Asked] = {}
    problems: list[Problem] = []
    for ref in _lines(refs):
        try:
            asked[ref] = _meaning(ref)
        except ReadlistError as error:
            problems.append(Problem(where=ref, what=str(error)))
    return list(asked.values()), problems


def _lines(refs: Iterable[str]) -> Iterator[str]:
    for ref in refs:
        if ref == "-":
            yield from (line.strip() for line in sys.stdin if line.strip())
        elif ref.strip():
            yield ref.strip()


def _meaning(ref: str) -> _Asked:
    """:raises ReadlistError: it is a file that names no paper, or too few words for a title."""
    if os.path.isfile(ref):
        from ..formats import pdf

        try:
            with open(ref, "rb") as file:
                named = pdf.named(file, ref)
        except OSError as error:
            raise ReadlistError(f"cannot be read: {error.strerror}") from error
        if not named.identifier and not named.title:
            raise ReadlistError("names no arXiv id, DOI or title; add it by one of them")
        return _Asked(ref, named.identifier, named.title)
    if identifier := ids.parse(ref):
        return _Asked(ref, identifier)
    if "://" in ref:
        raise ReadlistError("is a URL that names no paper we know of; try its DOI or its title")
    if len(ids.words(ref)) < 2:
        raise ReadlistError("is no id, URL or file, and too short for a title")
    return _Asked(ref, None, ref)


def _looked_up(
    client: "Client", identifiers: list[Identifier], today: date, problems: list[Problem]
) -> Iterator[Paper]:
    from .. import sources

    for item in sources.lookup(client, identifiers, today):
        if isinstance(item, Paper):
            yield item
        elif isinstance(item, Problem):
            problems.append(item)
        else:
            name, what = ids.format(item.identifier), item.why
            if not item.unknown:
                what += "; added as it is"
                yield Paper(versions=(Version(),), identifiers=(item.identifier,))
            problems.append(Problem(where=name, what=what))


def _searched(
    client: "Client", ask: _Asked, today: date, problems: list[Problem]
) -> Iterator[Paper]:
    """The paper that has the title, if there is one and only one."""
    from .. import sources
    from ..sources import titles

    meant = titles.meant(ask.title)
    close: list[Paper] = []
    try:
        for papers in sources.search(client, meant.title, today):
            fitting = titles.fitting(meant, papers)
            if len(fitting) == 1:
                yield fitting[0]
                return
            close += fitting or papers
    except ReadlistError as error:
        problems.append(Problem(where=ask.text, what=str(error)))
        return
    known = {ids.format(paper.identifiers[0]): paper for paper in close if paper.identifiers}
    lines = [f"  {name}  {paper.date[:4]}  {paper.title}" for name, paper in known.items()]
    what = "no paper has this title; close are:" if lines else "no paper with this title is found"
    problems.append(Problem(where=ask.text, what="\n".join([what, *lines[:_CANDIDATES]])))


def _known(library: Library, paper: Paper) -> int | None:
    for identifier in paper.identifiers:
        with suppress(NotFoundError):
            return library.find(ids.format(identifier))
    return None


commands = {"add": add}

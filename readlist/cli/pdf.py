"""Open PDFs are saved in a folder."""

import os
from typing import TYPE_CHECKING

import click

from .. import ids
from ..errors import ReadlistError, SourceError
from ..library import Library
from ..models import Entry
from . import options, screen
from .app import App, pass_library, report

if TYPE_CHECKING:
    from ..sources.client import Client


@click.command
@options.handles
@pass_library
def pdf(app: App, library: Library, handles: tuple[str, ...]) -> None:
    """Download the open PDFs of papers into the folder of the settings.

    A file that is there is never overwritten, and a download that broke off is gone on with.
    'readlist enrich --only pdf' finds more of them.

    \b
    readlist pdf 12 1706.03762
    readlist list --status later | readlist pdf -
    """
    from ..sources import pdfs

    found, code = options.resolve(library, handles)
    folder = app.pdf_folder()
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise ReadlistError(f"cannot make the folder {folder}: {error.strerror}") from error
    with app.client() as client:
        for id in found:
            entry = library.get(id)
            path = os.path.join(folder, pdfs.name(entry))
            try:
                saved = _save(client, entry, path)
            except OSError as error:
                raise ReadlistError(f"cannot write {path}: {error.strerror}") from error
            except SourceError as error:
                report(f"problem: {screen.label(entry)}: {error}")
                code = code or 1
            else:
                click.echo(screen.safe(f"{'saved' if saved else 'already there'}  {path}"))
    if code:
        raise click.exceptions.Exit(code)


def _save(client: "Client", entry: Entry, path: str) -> bool:
    """Save the first PDF that can be had; False if there is one.

    :raises SourceError: there is none to be had.
    """
    from ..sources import pdfs

    failed = SourceError("no open PDF is known; try 'readlist enrich --only pdf'")
    for link in ids.links(entry.paper):
        if link.kind == "pdf":
            try:
                return pdfs.save(client, link.url, path)
            except SourceError as error:
                failed = error
    raise failed


commands = {"pdf": pdf}

"""`readlist demo`: the whole loop on a bundled sample, in a library that goes away."""

import json
import tempfile
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import click

from ..config import Config
from ..library import Filter, Library
from ..models import Change
from . import screen
from .app import App, pass_app
from .export import keyed
from .learn import lines as pick_lines

_PICKS = 5
_CITED = 2


@click.command
@pass_app
def demo(app: App) -> None:
    """Show the whole loop on a sample.

    It imports sixty papers, decides on some as a reader would, trains, picks and cites. Its
    library is gone afterwards, and it needs no network.

    \b
    readlist demo
    """
    columns = min(app.width or 80, 100)
    with (
        as_file(files("readlist") / "demo") as sample,
        tempfile.TemporaryDirectory(prefix="readlist-demo-") as folder,
        Library(Path(folder, "library.db")) as library,
    ):
        for line in _story(app, library, sample, columns):
            click.echo(line)


def _story(app: App, library: Library, sample: Path, columns: int) -> Iterator[str]:
    from .. import learning
    from ..formats import bibtex

    config = Config()
    yield from _heading("1. Import", "a saved Daily Papers page, then names and ids for its papers")
    for name in ("page.txt", "records.jsonl"):
        yield _import(app, library, sample / name)

    reader = json.loads((sample / "reader.json").read_text(encoding="utf-8"))
    yield from _heading("2. Decide", f"as {reader['name']} would, who")
    about = f"{reader['about'][0].lower()}{reader['about'][1:]}"
    yield from [*screen.wrap(about, columns), ""]
    for word, field, value in (
        ("like", "rating", "1"),
        ("dislike", "rating", "-1"),
        ("later", "status", "later"),
    ):
        ids = [library.find(title) for title in reader[word]]
        changes = [Change(paper_id=id, field=field, value=value) for id in ids]
        library.act(changes, what=word, now=app.time)
        yield f"readlist {word} …   {len(ids)} papers, as"
        yield f"    {screen.fit(library.get(ids[0]).paper.title, columns - 4).rstrip()}"

    yield from _heading("3. Pick", "what to read next of the papers left, and why")
    found = learning.picks(
        library,
        choice=learning.Choice(_PICKS),
        filter=Filter(),
        today=app.time.astimezone().date(),
        taste=app.taste(),
    )
    yield from pick_lines(found, columns)

    yield from _heading("4. Cite", "what she liked, as BibTeX with keys that never change")
    liked = library.ids(Filter(ratings=(1,), has=("authors",)))[:_CITED]
    yield bibtex.dumps(keyed(library, liked, config.cite.key_pattern)).rstrip()

    yield from _heading("Your turn", "")
    yield "readlist import refs.bib --like    what you have cited is what you like"
    yield "readlist import page.txt           the text of huggingface.co/papers, copied"
    yield "readlist triage                    one key a paper"
    yield "readlist picks                     what to read next"
    yield "readlist --help                    everything else"


def _heading(title: str, text: str) -> Iterator[str]:
    yield ""
    yield click.style(title, bold=True) + (f"  {text}" if text else "")
    yield ""


def _import(app: App, library: Library, file: Path) -> str:
    from .. import formats

    with file.open("rb") as stream:
        origin = formats.Origin(name=file.name, place=file.name, today=app.time.astimezone().date())
        reading = formats.read(stream, origin)
        result = library.add_all(reading.items, now=app.time)
    counts = ((result.added, "added"), (result.updated, "enriched"))
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"readlist import {file.name:<13}   {said}"


commands = {"demo": demo}

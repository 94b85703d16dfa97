"""Papers come in from files."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any, BinaryIO, NamedTuple

import click

from ..errors import FormatError, ReadlistError
from ..library import Library, Report
from ..models import Leant, Paper, Problem, Saved, Status
from . import options
from .app import INTERRUPTED, App, pass_library, report, report_problems
from .screen import json_array, outcome, safe


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--date", "page_date", type=options.DAY, help="The day of a Daily Papers page.")
@click.option("--like", is_flag=True, help="Like all of them: your own .bib, to learn from.")
@click.option(
    "--status", type=click.Choice([s.value for s in Status]), help="Give all of them this status."
)
@options.tag_option
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="NAME",
    help="Only papers of this category of arXiv, as cs.LG or cs; repeatable.",
)
@click.option("--since", type=options.DAY, help="Only papers dated then or later.")
@click.option("--until", type=options.DAY, help="Only papers dated then or earlier.")
@click.option("--dry-run", is_flag=True, help="Say what would come in, and change nothing.")
@options.as_json
@pass_library
def import_(
    app: App,
    library: Library,
    files: tuple[str, ...],
    page_date: str | None,
    like: bool,
    status: str | None,
    tags: tuple[str, ...],
    categories: tuple[str, ...],
    since: str | None,
    until: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import papers from files, or from standard input as "-".

    The content of a file says what it is, not its name: BibTeX, RIS, EndNote, PubMed and Web of
    Science files, CSL and Zotero JSON, the arXiv snapshot and listings, Daily Papers pages, alert
    e-mails, bookmarks, exports of read-later services, Markdown and text with links, JSON or JSON
    lines of papers, and readlist's own export; gzipped or not. Papers that are here already are
    enriched, never repeated.

    \b
    readlist import refs.bib --like
    readlist import daily-papers-page.txt --date 2025-12-11
    readlist import arxiv-metadata-oai-snapshot.json --category cs.LG --since 2024
    curl -s https://huggingface.co/api/daily_papers | readlist import -
    """
    if page_date and len(page_date) < len("2025-12-11"):
        raise click.BadParameter("give year, month and day", param_hint="--date")
    marks = [("rating", "1")] if like else []
    marks += [("status", status)] if status else []
    marks += [("tag", tag) for tag in tags]
    wanted = _Wanted(categories, since or "", until or "")
    results, code = [], 0
    target = library.scratch() if dry_run else library
    for name in files:
        result = Report()
        what, note = "stopped", ""
        try:
            what, note = _import(app, target, name, page_date, marks, wanted, result)
        except KeyboardInterrupt:
            code = INTERRUPTED
        except ReadlistError as error:
            report(f"Error: {error}")
            code = 1
            if not (result.added or result.updated or result.unchanged or result.leanings):
                continue
        done = {"file": name, "format": what, "note": note, "leanings": result.leanings}
        results.append({**done, **record(result)})
        report_problems(result.problems)
        if not as_json:
            click.echo(
                _sentence(name, f"{what} {note}".strip(), result, dry_run=dry_run, wanted=wanted)
            )
        if code == INTERRUPTED:
            break
        code = code or bool(result.problems)
    if dry_run:
        target.close()
    if as_json:
        for line in json_array(results):
            click.echo(line)
    if code:
        raise click.exceptions.Exit(code)


def _import(
    app: App,
    library: Library,
    name: str,
    page_date: str | None,
    marks: list[tuple[str, str]],
    wanted: "_Wanted",
    result: Report,
) -> tuple[str, str]:
    """Take in a file, `result` telling what is saved; its format, and how it was read."""
    from .. import formats

    with _open(name) as stream:
        status = None if name == "-" else os.fstat(stream.fileno())
        origin = formats.Origin(
            name="standard input" if name == "-" else name,
            place="standard input" if name == "-" else os.path.basename(name),
            today=app.time.astimezone().date(),
            modified=datetime.fromtimestamp(status.st_mtime, UTC).astimezone() if status else None,
            page_date=date.fromisoformat(page_date) if page_date else None,
        )
        reading = formats.read(stream, origin)
        chosen = filter(wanted.takes, reading.items) if any(wanted) else reading.items
        items = _watched(chosen, stream, status.st_size if status else 0, origin.place)
        what = " ".join(["import", origin.place, *(f"{field} {value}" for field, value in marks)])
        # An import makes millions of values and no cycles; looking for some takes a tenth of it.
        gc.disable()
        try:
            library.add_all(items, now=app.time, marks=marks, what=what, report=result)
        finally:
            gc.enable()
    return reading.format, str(reading.note)


class _Wanted(NamedTuple):
    """Which papers of a file to take; `""` and `()` for all."""

    categories: tuple[str, ...]
    since: str
    until: str

    def takes(self, item: Paper | Saved | Leant | Problem) -> bool:
        if isinstance(item, Problem):
            return True
        if isinstance(item, Leant):
            return False
        paper = item.entry.paper if isinstance(item, Saved) else item
        date = paper.date
        return (
            (not self.categories or any(map(self._is_of, paper.categories)))
            and (not self.since or (bool(date) and date >= self.since[: len(date)]))
            and (not self.until or (bool(date) and date[: len(self.until)] <= self.until))
        )

    def _is_of(self, category: str) -> bool:
        return any(category == name or category.startswith(f"{name}.") for name in self.categories)


@contextmanager
def _open(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - what goes wrong later is not about opening it
    except OSError as error:
        raise FormatError(f"{name} cannot be read: {error.strerror}") from error
    with file:
        yield file


def _watched(items: Iterator[Any], stream: BinaryIO, size: int, label: str) -> Iterator[Any]:
    """The items, with a progress bar on a terminal once they take longer than a second."""
    if not size or not sys.stderr.isatty():
        yield from items
        return
    begun, bar, at = monotonic(), None, 0
    for number, item in enumerate(items):
        yield item
        if number % 500 or monotonic() - begun < 1:
            continue
        if bar is None:
            bar = click.progressbar(length=size, label=safe(label), file=sys.stderr)
        bar.update(stream.tell() - at)
        at = stream.tell()
    if bar is not None:
        bar.update(size - at)
        bar.render_finish()


def _sentence(name: str, what: str, result: Report, *, dry_run: bool, wanted: _Wanted) -> str:
    would = "would be " if dry_run else ""
    nothing = "nothing in it that fits" if any(wanted) else "nothing in it"
    return safe(f"{name}: {what}: {would}{outcome(result) or nothing}")


def record(result: Report) -> dict[str, Any]:
    """What an import or a fetch did, as JSON values."""
    return {
        "added": result.added,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "folded": result.folded,
        "problems": [{"where": p.where, "what": p.what, "raw": p.raw} for p in result.problems],
    }


commands = {"import": import_}

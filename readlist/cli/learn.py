"""What the recommender says: picks, and how it was trained."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from ..library import Filter, Library
from ..models import Pick, Reason
from . import options, screen
from .app import App, pass_library, report


@click.command
@click.option("-n", "--number", type=options.Count(1), help="How many.  [default: as configured]")
@options.undecided
@options.as_json
@pass_library
def picks(app: App, library: Library, number: int | None, filter: Filter, as_json: bool) -> None:
    """Show what to read next, and why.

    Picks come from what you have not decided on. When you did something new since the last
    time, the model is trained first, which takes about a second.

    \b
    readlist picks
    readlist picks -n 5 --since today
    """
    from .. import learning

    config = app.config()
    today = app.time.astimezone().date()
    with progressing("reading papers") as progress:
        found = learning.picks(
            library,
            choice=learning.Choice(
                number or config.picks.number, config.picks.explore, config.picks.popular
            ),
            filter=filter,
            today=today,
            taste=app.taste(),
            progress=progress,
        )
    if as_json:
        for line in screen.json_array(map(_record, found)):
            click.echo(line)
    else:
        if not found:
            report("nothing is left to decide here; 'readlist import FILE' brings more")
        for line in lines(found, min(app.width or 80, 100)):
            click.echo(line)
    if not library.read_only:
        library.mark_shown([pick.entry.id for pick in found], today)


def lines(picks: list[Pick], columns: int) -> Iterator[str]:
    """Each pick with its match, its title and authors, and its reasons."""
    for number, pick in enumerate(picks):
        if number:
            yield ""
        entry = screen.harmless(pick.entry)
        paper = entry.paper
        match = "" if pick.match is None else f"{pick.match}%"
        margin = 6
        title = screen.wrap(paper.title, columns - margin)
        yield (
            click.style(match.rjust(4), fg="green", bold=True)
            + "  "
            + click.style(title[0], bold=True)
        )
        for line in title[1:]:
            yield " " * margin + click.style(line, bold=True)
        told = [str(entry.id), screen.byline(paper), paper.date, paper.venue]
        if pick.probability is not None:
            told.append(f"{pick.probability:.0%} likely to be liked")
        for line in screen.wrap(" · ".join(filter(None, told)), columns - margin):
            yield " " * margin + click.style(line, dim=True)
        for line in _because(pick.reasons, columns - margin):
            yield " " * margin + line


_LEAST_TITLE = 20  # columns in which a title is still one
_SAID = {  # by the kind of the reason
    "terms": "for {}",
    "author": "by {}",
    "interest": "for your interest in {}",
    "pinned": "pinned: {}",
    "popular": "popular: {}, which decided between papers about as good",
    "explore": "exploring: {}",
}


def _because(reasons: Sequence[Reason], columns: int) -> list[str]:
    """The reasons on a line, if they fit; the nearest liked paper has the room that is left."""
    said = [
        _SAID.get(reason.kind, "{}").format(screen.safe(reason.text))
        for reason in reasons
        if reason.kind != "near"
    ]
    line = "; ".join(said)
    for nearest in [reason for reason in reasons if reason.kind == "near"][:1]:
        start, end = f"{line}; like " if line else "like ", f" ({nearest.paper_id})"
        room = columns - screen.width(start) - len(end)
        if line and room < _LEAST_TITLE:
            alone = screen.fit(screen.safe(nearest.text), columns - len(f"like {end}")).rstrip()
            return [*screen.wrap(line, columns), f"like {alone}{end}"]
        line = start + screen.fit(screen.safe(nearest.text), room).rstrip() + end
    return screen.wrap(line, columns)


def _record(pick: Pick) -> dict[str, object]:
    from ..formats import jsonl

    return {
        "match": pick.match,
        "probability": pick.probability,
        "reasons": [{"kind": r.kind, "text": r.text, "paper_id": r.paper_id} for r in pick.reasons],
        "entry": jsonl.record(pick.entry),
    }


@click.command
@options.as_json
@pass_library
def train(app: App, library: Library, as_json: bool) -> None:
    """Train the model now; 'readlist picks' does it when there is need.

    \b
    readlist train
    """
    from .. import learning

    with progressing("reading papers") as progress:
        trained = learning.train(
            library,
            today=app.time.astimezone().date(),
            taste=app.taste(),
            progress=progress,
        )
    if as_json:
        click.echo(screen.json_text(trained._asdict() if trained else None))
    elif trained is None:
        report("nothing to learn from yet; like a paper or two: 'readlist triage'")
    else:
        click.echo(
            f"trained on {screen.number_of(trained.likes, 'like')},"
            f" {screen.number_of(trained.dislikes, 'dislike')} and"
            f" {screen.number_of(trained.weaker, 'weaker sign')},"
            f" among {screen.number_of(trained.papers, 'paper')}"
        )


@contextmanager
def progressing(label: str) -> Iterator[Callable[[int, int], None]]:
    """Say on a terminal how far it is, as told what was done and what is left, if not done at once."""
    bar = None

    def advance(done: int, left: int) -> None:
        nonlocal bar
        if bar is None and left and sys.stderr.isatty():
            bar = click.progressbar(length=done + left, label=label, file=sys.stderr)
        if bar is not None:
            bar.update(done)

    yield advance
    if bar is not None:
        bar.render_finish()


commands = {"picks": picks, "train": train}

"""How well readlist would have done on what the owner decided, told plainly."""

from typing import TYPE_CHECKING, Any

import click

from ..library import Library
from . import options, screen
from .app import App, pass_library
from .learn import progressing

if TYPE_CHECKING:
    from ..recommend.evaluation import Evaluation, Interval

_WITH_INTERVALS = 50  # columns from which a table has room for them


@click.command
@options.as_json
@pass_library
def evaluate(app: App, library: Library, as_json: bool) -> None:
    """Tell how well readlist knows you, by your own history.

    Each day on which you decided is held out: a model trained on earlier days only orders the
    papers that were undecided then, beside newest first and most upvoted (by today's upvotes).
    AUC is how often what you liked on a day is above what you disliked or skipped on it. nDCG@10
    is how high it stands among all that was undecided, and the last column how much of so many
    picks it is, as `readlist picks` puts them forward, or of the first so many; what you left
    undecided counts as not liked in both. Later, reading and read count as liked. What you pinned
    or muted is left out. What was marked by import, add or fetch, or skipped with more than 20 others
    at once, is learned from and not tested.

    \b
    readlist evaluate
    readlist evaluate --json
    """
    from .. import evaluating
    from ..recommend.replay import Setting

    config = app.config()
    with progressing("reading papers") as reading, progressing("replaying") as replaying:
        found = evaluating.evaluate(
            library,
            setting=Setting(config.recommend.half_life, config.picks.number, config.picks.explore),
            reading=reading,
            replaying=replaying,
        )
    if as_json:
        click.echo(screen.json_text(_record(found, config.picks.number)))
        return
    columns = min(app.width or 80, 100)
    if found.measures:
        for line in _table(found, config.picks.number, columns):
            click.echo(line)
        click.echo()
    for line in screen.wrap(_sentence(found), columns):
        click.echo(click.style(line, bold=True))
    for line in screen.wrap(_basis(found), columns):
        click.echo(click.style(line, dim=True))


def _table(found: "Evaluation", picks: int, columns: int) -> list[str]:
    """An order a line; intervals where there is room."""
    heads = ("AUC", "nDCG@10", f"{picks} picks")
    cells = [
        [_cell(interval, intervals=columns >= _WITH_INTERVALS) for interval in measures.values()]
        for measures in found.measures.values()
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    names = [order.replace("_", " ") for order in found.measures]
    label = max(map(len, names))
    head = [head.ljust(width) for head, width in zip(heads, widths, strict=True)]
    lines = [click.style("  ".join([" " * label, *head]).rstrip(), dim=True)]
    for name, row in zip(names, cells, strict=True):
        told = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join([name.ljust(label), *told]).rstrip())
    return lines


def _cell(interval: "Interval", *, intervals: bool) -> str:
    """`87% (81–92)`, or `87%`"""
    mean, low, high = (f"{value * 100:.0f}" for value in interval)
    return f"{mean.rjust(3)}% ({low}–{high})" if intervals else f"{mean.rjust(3)}%"


def _sentence(found: "Evaluation") -> str:
    if not found.measures:
        return f"Too little to tell yet: {_missing(found)} will do."
    ours, *rivals = [measures["auc"] for measures in found.measures.values()]
    other = "you passed over" if found.passed_over else "you don't"
    said = f"ranks a paper you like above one {other} {ours.mean:.0%} of the time"
    told = [
        f"{name} does better, {rival.mean:.0%}"
        if rival.mean > ours.mean
        else f"{name} {rival.mean:.0%}"
        for name, rival in zip(("newest-first", "most-upvoted"), rivals, strict=False)
    ]
    if found.better:
        return f"readlist {said}; {', '.join(told)}."
    days = screen.number_of(sum(1 for result in found.results if result.likes), "day")
    return (
        f"readlist is no better than chance, as far as {days} can tell: it {said}"
        f" ({ours.low:.0%}–{ours.high:.0%}); {', '.join(told)}."
    )


def _missing(found: "Evaluation") -> str:
    likes = screen.number_of(found.missing_likes, "more like")
    days = screen.number_of(found.missing_days, "more day")
    if not found.missing_days:
        return likes
    return f"{likes} on {days}" if found.missing_likes else f"a like on each of {days}"


def _basis(found: "Evaluation") -> str:
    """What it was tested on."""
    results = found.results
    if not results:
        return "No day could be tested: each is tested with what was learned from earlier ones."
    likes = screen.number_of(sum(result.likes for result in results), "paper")
    dislikes = sum(result.dislikes for result in results)
    days = screen.number_of(len(results), "day")
    told = (
        f"Tested on {likes} liked and {dislikes:,} disliked or skipped on {days},"
        f" {results[0].day} to {results[-1].day}, each day with what was learned before it."
    )
    if found.passed_over:
        told += (
            " You said no too seldom to compare with, so whatever was left undecided on the day"
            " stands for it."
        )
    if found.measures:
        told += " In nDCG and picks, what was left undecided is not liked. Intervals are of 95%."
    return told


def _record(found: "Evaluation", picks: int) -> dict[str, Any]:
    return {
        "sentence": _sentence(found),
        "better_than_chance": found.better if found.measures else None,
        "compared_with": "passed over" if found.passed_over else "disliked",
        "missing": {"likes": found.missing_likes, "days": found.missing_days},
        "picks": picks,
        "measures": {
            order: {name: interval._asdict() for name, interval in measures.items()}
            for order, measures in found.measures.items()
        },
        "days": [
            {
                "day": result.day.isoformat(),
                "likes": result.likes,
                "dislikes": result.dislikes,
                "candidates": result.candidates,
                "measures": {order: m._asdict() for order, m in result.measured.items()},
            }
            for result in found.results
        ],
    }


commands = {"evaluate": evaluate}

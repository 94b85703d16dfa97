"""The interests that the model sees, and what the owner says of them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ..library import Library
from . import options, screen
from .app import App, pass_library, report
from .learn import progressing

if TYPE_CHECKING:
    from ..explaining import Topic

_STANCES = {1: "pinned", -1: "muted"}


@click.command
@click.option("--pin", type=options.Count(1), metavar="N", help="More of topic N, please.")
@click.option("--mute", type=options.Count(1), metavar="N", help="Less of topic N, please.")
@options.as_json
@pass_library
def topics(app: App, library: Library, pin: int | None, mute: int | None, as_json: bool) -> None:
    """Show what you are interested in, as the model sees it.

    Papers you liked and kept are grouped by their terms. Each group has its terms, papers typical
    of it, and how many of the best 300 undecided papers are about it; interests that you
    wrote follow. --pin and --mute make an interest of a group's terms, which `readlist profile`
    shows. To keep out all papers with a term, mute that: `readlist mute term WORDS`.

    \b
    readlist topics
    readlist topics --mute 2
    """
    from .. import explaining

    if pin and mute:
        raise UsageError("pin or mute, one at a time")
    with progressing("reading papers") as progress:
        found = explaining.topics(
            library,
            today=app.time.astimezone().date(),
            taste=app.taste(),
            progress=progress,
        )
    if number := pin or mute:
        if as_json:
            raise UsageError("there is no JSON of what --pin and --mute do")
        _lean(app, library, found, number, 1 if pin else -1)
    elif as_json:
        for line in screen.json_array(map(_record, found)):
            click.echo(line)
    elif found:
        for line in _lines(found, min(app.width or 80, 100)):
            click.echo(line)
        report(
            "'readlist topics --mute N' and '--pin N' say less or more of one,"
            " 'readlist mute term WORDS' of a single term"
        )
    else:
        report("no topics yet: like a paper or two in 'readlist triage', or pin an interest")


def _lean(app: App, library: Library, topics: "Sequence[Topic]", number: int, stance: int) -> None:
    """:raises UsageError: there is no such topic, or it has no terms to name it by."""
    if number > len(topics):
        there = screen.number_of(len(topics), "topic")
        raise UsageError(f"there is no topic {number}, but {there}; 'readlist topics' shows them")
    name = topics[number - 1].name
    if not name:
        raise UsageError(f"topic {number} has no term to name it by; rate its papers instead")
    done = _STANCES[stance]
    changed = library.lean("interest", [name], stance, what=done, now=app.time)
    click.echo(screen.safe(f"{done if changed else f'already {done}'}  interest {name}"))
    if changed:
        command = {1: "unpin", -1: "unmute"}[stance]
        report(
            f"'readlist undo' takes it back now, 'readlist {command} interest \"{name}\"'"
            " at any time"
        )


def _lines(topics: "Sequence[Topic]", columns: int) -> Iterator[str]:
    margin = len(str(len(topics))) + 2
    for number, raw in enumerate(topics, 1):
        topic = screen.harmless(raw)
        if number > 1:
            yield ""
        first, *more = screen.wrap(topic.name or "(no term in common)", columns - margin)
        yield f"{str(number).rjust(margin - 2)}  {click.style(first, bold=True)}"
        for line in more:
            yield " " * margin + click.style(line, bold=True)
        told = [_STANCES.get(topic.stance, "")]
        told += (
            [f"{screen.number_of(topic.likes, 'paper')} you liked or kept"] if topic.likes else []
        )
        told += [f"{topic.near:,} of the best undecided"]
        for line in screen.wrap(" · ".join(filter(None, told)), columns - margin):
            yield " " * margin + click.style(line, dim=True)
        for entry in topic.examples:
            named = screen.fit(screen.label(entry), columns - margin).rstrip()
            yield " " * margin + named


def _record(topic: "Topic") -> dict[str, Any]:
    return {
        "name": topic.name,
        "stance": topic.stance,
        "terms": list(topic.terms),
        "likes": topic.likes,
        "examples": [{"id": entry.id, "title": entry.paper.title} for entry in topic.examples],
        "near": topic.near,
    }


commands = {"topics": topics}

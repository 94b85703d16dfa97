"""What the owner says of authors, terms and the like, and what counts for the recommender."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from ..library import Filter, Library
from ..models import LEANINGS, Leaning
from ..text import one_line
from . import options, screen
from .app import App, pass_library, report

if TYPE_CHECKING:
    from ..explaining import Learned
    from ..recommend.account import Share

_MARGIN = 18  # of what was learned
_STANCES = {1: "pinned", -1: "muted"}
_UNKNOWN = {
    "author": "no paper here is by {}, yet",
    "category": "no paper here is of category {}, yet",
    "venue": "no paper here appeared in {}, yet",
    "term": "no paper here says {}, yet",
}


def _known_names(
    library: Library, ctx: click.Context, _incomplete: str
) -> Iterable[tuple[str, str]]:
    kind = ctx.params.get("kind")
    if kind == "category":
        return options.counted(library.categories())
    return options.counted(library.venues()) if kind == "venue" else []


def _said_names(stance: int) -> Callable[[Library, click.Context, str], list[tuple[str, str]]]:
    def found(library: Library, ctx: click.Context, _incomplete: str) -> list[tuple[str, str]]:
        return [
            (leaning.name, _STANCES[stance])
            for leaning in library.leanings()
            if leaning.kind == ctx.params.get("kind") and leaning.stance == stance
        ]

    return found


_kind = click.argument("kind", metavar="KIND", type=click.Choice(LEANINGS))


def _lean(command: str, stance: int, help: str) -> click.Command:
    done = _STANCES[stance]

    @click.command(command, help=help)
    @_kind
    @click.argument(
        "names",
        nargs=-1,
        required=True,
        metavar="NAME...",
        shell_complete=options.completing(_known_names),
    )
    @pass_library
    def lean(app: App, library: Library, kind: str, names: tuple[str, ...]) -> None:
        asked = _cleaned(names)
        before = {name: library.leaning(kind, name) for name in asked}
        changed = library.lean(kind, asked, stance, what=done, now=app.time)
        new = {leaning.name for leaning in changed}
        for name, was in before.items():
            what = done if name in new else f"already {done}"
            other = f"  (it was {_STANCES[was.stance]})" if name in new and was else ""
            click.echo(screen.safe(f"{what}  {kind} {name}{other}"))
        for name in new:
            if not _is_here(library, kind, name):
                report(_UNKNOWN[kind].format(name))
        if new:
            report(f"'readlist undo' takes it back now, 'readlist un{command}' at any time")

    return lean


def _let_go(command: str, stance: int, help: str) -> click.Command:
    held, done = _STANCES[stance], f"un{_STANCES[stance]}"

    @click.command(command, help=help)
    @_kind
    @click.argument(
        "names",
        nargs=-1,
        required=True,
        metavar="NAME...",
        shell_complete=options.completing(_said_names(stance)),
    )
    @pass_library
    def let_go(app: App, library: Library, kind: str, names: tuple[str, ...]) -> None:
        asked = _cleaned(names)
        leanings = {name: library.leaning(kind, name) for name in asked}
        mine = {name for name, was in leanings.items() if was and was.stance == stance}
        changed = library.lean(kind, sorted(mine), 0, what=done, now=app.time)
        for name, was in leanings.items():
            what = done if name in mine else f"not {held}"
            click.echo(screen.safe(f"{what}  {kind} {was.name if was else name}"))
        for name in leanings:
            if kind == "interest" and name in map(one_line, app.config().interests):
                report(f"{name!r} is in the settings, {app.config_file}; take it out there, too")
        if changed:
            report("'readlist undo' takes it back")

    return let_go


def _cleaned(names: Iterable[str]) -> list[str]:
    """The names that are meant.

    :raises UsageError: one is nothing.
    """
    cleaned = [one_line(name) for name in names]
    if not all(cleaned):
        raise UsageError("a name is empty; give one, as 'Geoffrey Hinton'")
    return list(dict.fromkeys(cleaned))


def _is_here(library: Library, kind: str, name: str) -> bool:
    """Whether a paper in the library has it; of interests nobody can tell."""
    if kind == "author":
        return bool(library.ids(Filter(author=name), limit=1))
    if kind == "term":
        phrase = name.replace('"', " ")
        return bool(library.ids(Filter(words=f'"{phrase}"'), limit=1))
    name = name.casefold()
    if kind == "venue":
        return name in map(str.casefold, library.venues())
    known = map(str.casefold, library.categories())
    return kind == "interest" or any(k == name or k.startswith(f"{name}.") for k in known)


@click.command
@click.option("--reset", is_flag=True, help="Begin anew: what you did so far counts no longer.")
@click.option("--yes", is_flag=True, help="Do not ask whether to.")
@options.as_json
@pass_library
def profile(app: App, library: Library, reset: bool, yes: bool, as_json: bool) -> None:
    """Show what is pinned and muted, how much there is to learn from, and what was learned.

    Learned are the authors, categories, terms and venues that add most to scores or take most from
    them, of papers that you liked or disliked.

    With --reset pins and mutes go, and what you did with papers no longer counts for picks. All
    of it stays: ratings, statuses and history are as they were, and `readlist undo` takes the
    reset back. The interests of the settings stay, too.

    \b
    readlist profile
    readlist profile --reset
    """
    if reset:
        if as_json:
            raise UsageError("there is no JSON of what --reset does")
        _reset(app, library, yes=yes)
        return
    if yes:
        raise UsageError("--yes goes with --reset")
    opinions = library.opinions(app.time.astimezone().date())
    ratings = [opinion.rating for opinion in opinions]
    leanings, interests = library.leanings(), app.config().interests
    since = library.last_reset()
    learned = _learned(app, library)
    if as_json:
        record = {
            "likes": ratings.count(1),
            "dislikes": ratings.count(-1),
            "weaker": ratings.count(None),
            "leanings": [_record(leaning) for leaning in leanings],
            "interests": list(interests),
            "reset": since and since.isoformat().replace("+00:00", "Z"),
            "learned": learned
            and {
                "current": learned.current,
                "weights": [share._asdict() for share in learned.weights],
            },
        }
        click.echo(screen.json_text(record))
        return
    counts = (
        screen.number_of(ratings.count(1), "like"),
        screen.number_of(ratings.count(-1), "dislike"),
        screen.number_of(ratings.count(None), "weaker sign"),
    )
    click.echo(f"counts  {', '.join(counts)}")
    for line in _lines(leanings, interests):
        click.echo(screen.safe(line))
    for line in _weights(learned.weights if learned else (), app.width or 10_000):
        click.echo(line)
    if learned and not learned.current:
        report("learned before the last of what you did; 'readlist train' learns that, too")
    if since:
        click.echo(f"reset   {screen.minute(since)}; what was before does not count")
    if not leanings and not interests:
        report("nothing is pinned or muted; 'readlist pin author NAME' and 'readlist mute' do it")


def _lines(leanings: Sequence[Leaning], interests: Sequence[str]) -> Iterable[str]:
    for stance, word in _STANCES.items():
        for leaning in leanings:
            if leaning.stance == stance:
                yield f"{word:<6}  {screen.leaning(leaning)}"
        if stance == 1:
            for interest in interests:
                yield f"{word:<6}  interest {one_line(interest)}  (from the settings)"


def _learned(app: App, library: Library) -> "Learned | None":
    if library.model() is None:
        return None  # to find that out loads little
    from .. import explaining

    today = app.time.astimezone().date()
    return explaining.learned(library, today=today, taste=app.taste())


def _weights(weights: Iterable["Share"], columns: int) -> Iterator[str]:
    for kind, shares in groupby(weights, key=lambda share: share.kind):
        said = ", ".join(f"{share.name} {share.amount:+.3f}" for share in shares)
        first, *more = screen.wrap(screen.safe(said), columns - _MARGIN)
        yield f"{'learned':<8}{kind:<{_MARGIN - 8}}{first}"
        for line in more:
            yield " " * _MARGIN + line


def _record(leaning: Leaning) -> dict[str, object]:
    return {**leaning._asdict(), "at": leaning.at.isoformat().replace("+00:00", "Z")}


def _reset(app: App, library: Library, *, yes: bool) -> None:
    if not yes and not sys.stdin.isatty():
        raise UsageError("--reset asks before it does it, and there is no terminal; add --yes")
    question = "Let pins, mutes and what you did with papers count no longer?"
    if not yes and not click.confirm(question, err=True):
        report("the profile is as it was")
        return
    library.reset(now=app.time)
    click.echo("reset  the profile")
    report("'readlist undo' takes it back")


_KINDS = (
    "KIND is author, category, venue, term or interest (a few plain words). A category stands for"
    " those below it, too: cs for cs.LG."
)


def _help(what: str, *examples: str) -> str:
    return "\n".join([what, "", _KINDS, "", "\b", *(f"readlist {words}" for words in examples)])


commands: dict[str, click.Command] = {
    "profile": profile,
    "pin": _lean(
        "pin",
        1,
        _help(
            "Pin names: more of these, please.",
            'pin author "Geoffrey Hinton"',
            'pin interest "speculative decoding for language models"',
        ),
    ),
    "mute": _lean(
        "mute",
        -1,
        _help("Mute names: what has them is never put forward.", "mute term blockchain"),
    ),
    "unpin": _let_go("unpin", 1, _help("Take pins away.", 'unpin author "Geoffrey Hinton"')),
    "unmute": _let_go("unmute", -1, _help("Take mutes away.", "unmute term blockchain")),
}

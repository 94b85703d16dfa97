"""Arguments and options that several commands share."""

import functools
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import click
from click.shell_completion import CompletionItem

from ..errors import NotFoundError, ReadlistError, UsageError
from ..library.filters import PARTS, Filter, Sort
from ..models import Status
from .app import App, report

_RATINGS = {"like": 1, "dislike": -1, "none": None}


def _complete(kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        root = ctx.find_root()
        app = App(library=root.params.get("library"), config=root.params.get("config"))
        try:
            with app.open_library() as library:
                if kind == "tag":
                    found = [(tag, f"{n} papers") for tag, n in library.tags().items()]
                elif kind == "source":
                    found = [(name, f"{n} papers") for name, n in library.sources().items()]
                else:
                    found = library.complete(incomplete)
        except ReadlistError:
            return []  # nothing to offer, and no message in the middle of a line
        return [
            CompletionItem(value, help=help)
            for value, help in found
            if value.startswith(incomplete)
        ]

    return complete


complete_handle = _complete("handle")
handle = click.argument("handle", metavar="HANDLE", shell_complete=complete_handle)
handles = click.argument(
    "handles", nargs=-1, required=True, metavar="HANDLE...", shell_complete=complete_handle
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")


class Day(click.ParamType[str]):
    """A date as it is typed: `2026-05-03`, `2026-05`, `2026`, `today`, `yesterday`, `7d`, `2w`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        app = ctx.ensure_object(App) if ctx else App()
        today = app.time.astimezone().date()
        if value == "today":
            return today.isoformat()
        if value == "yesterday":
            return (today - timedelta(days=1)).isoformat()
        if match := re.fullmatch(r"(\d{1,5})([dw])", value):
            days = int(match[1]) * (7 if match[2] == "w" else 1)
            return (today - timedelta(days=days)).isoformat()
        if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value):
            return str(value)
        return self.fail(
            f"{value!r} is not a date; try 2026-05-03, 2026, today, 7d or 2w", param, ctx
        )


DAY = Day()


def filters(*, dates: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that choose entries; the command gets them as `filter`."""
    names = [name for name in _NAMES if dates or name not in ("since", "until")]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(*args: Any, **options: Any) -> Any:
            chosen = {name: options.pop(name) for name in names}
            filter = Filter(
                statuses=tuple(Status(s) for s in chosen["status"]),
                ratings=tuple(_RATINGS[r] for r in chosen["rating"]),
                tags=chosen["tag"],
                since=chosen.get("since") or "",
                until=chosen.get("until") or "",
                source=chosen["source"] or "",
                author=chosen["author"] or "",
                venue=chosen["venue"] or "",
                has=chosen["has"],
                lacks=chosen["lacks"],
            )
            return command(*args, filter=filter, **options)

        for option in reversed(_options(dates)):
            wrapped = option(wrapped)
        return wrapped

    return decorate


_NAMES = ("status", "rating", "tag", "since", "until", "source", "author", "venue", "has", "lacks")


def _options(dates: bool) -> list[Callable[[Callable[..., Any]], Callable[..., Any]]]:
    when = [
        click.option("--since", type=DAY, help="Dated then or later: 2026-05-03, 2026, 7d."),
        click.option("--until", type=DAY, help="Dated then or earlier."),
    ]
    parts = click.Choice(PARTS)
    return [
        click.option(
            "--status",
            multiple=True,
            type=click.Choice([s.value for s in Status]),
            help="With this status; repeatable.",
        ),
        click.option(
            "--rating",
            multiple=True,
            type=click.Choice(list(_RATINGS)),
            help="With this rating; repeatable.",
        ),
        click.option(
            "--tag",
            multiple=True,
            metavar="TAG",
            help="With this tag; each one given.",
            shell_complete=_complete("tag"),
        ),
        *(when if dates else []),
        click.option(
            "--source",
            metavar="NAME",
            help="Met there: hf, bibtex, json.",
            shell_complete=_complete("source"),
        ),
        click.option("--author", metavar="NAME", help="With these words in the authors' names."),
        click.option("--venue", metavar="TEXT", help="With this in the venue's name."),
        click.option(
            "--has", multiple=True, type=parts, metavar="PART", help=f"With it: {', '.join(PARTS)}."
        ),
        click.option("--lacks", multiple=True, type=parts, metavar="PART", help="Without it."),
    ]


def sort(default: Sort | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--sort",
        type=click.Choice([s.value for s in Sort]),
        callback=lambda _ctx, _param, value: Sort(value) if value else default,
        help=f"Best first by this.  [default: {default or 'relevance'}]",
    )


def tag_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="TAG",
        help="Put this tag on all of them.",
        shell_complete=_complete("tag"),
    )(function)


def resolve(library: Any, handles: Sequence[str]) -> tuple[list[int], int]:
    """The ids of the handles that fit, and the exit code for those that do not.

    `-` stands for handles on standard input, one a line.
    """
    asked = []
    for handle in handles:
        if handle == "-":
            asked += [line.split("\t")[0].strip() for line in sys.stdin if line.strip()]
        else:
            asked.append(handle)
    found: dict[int, None] = {}
    code = 0
    for handle in asked:
        try:
            found[library.find(handle)] = None
        except (NotFoundError, UsageError) as error:
            report(f"Error: {error}")
            code = max(code, error.exit_code)
    return list(found), code


def start_of(day: str) -> str:
    """The UTC moment at which a local day begins, as times are stored."""
    moment = datetime.combine(datetime.fromisoformat(_full(day)), time()).astimezone(UTC)
    return moment.strftime("%Y-%m-%d")


def _full(day: str) -> str:
    return day + "-01-01"[len(day) - 4 :] if len(day) < 10 else day

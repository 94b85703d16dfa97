"""Arguments and options that several commands share."""

import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import click
from click.shell_completion import CompletionItem

from ..errors import NotFoundError, ReadlistError, UsageError
from ..library import Library
from ..library.filters import PARTS, SIGNALS, Filter, Sort
from ..models import Status
from .app import App, report

_RATINGS = {"like": 1, "dislike": -1, "none": None}


def completing(
    find: Callable[[Library, click.Context, str], Iterable[tuple[str, str]]],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Offers what is found in the library: each value with what it is."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        root = ctx.find_root()
        app = App(library=root.params.get("library"), config=root.params.get("config"))
        try:
            if not os.path.exists(app.library_file()):
                return []  # to look is not to make one
            with app.open_library() as library:
                found = list(find(library, ctx, incomplete))
        except ReadlistError:
            return []  # nothing to offer, and no message in the middle of a line
        return [
            CompletionItem(value, help=help)
            for value, help in found
            if value.startswith(incomplete)
        ]

    return complete


def counted(names: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{count} papers") for name, count in names.items()]


complete_handle = completing(lambda library, _ctx, text: library.complete(text))
_complete_tag = completing(lambda library, *_: counted(library.tags()))
_complete_source = completing(lambda library, *_: counted(library.sources()))
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
        if match := re.fullmatch(r"(?a)(\d{1,5})([dw])", value):
            days = int(match[1]) * (7 if match[2] == "w" else 1)
            return (today - timedelta(days=min(days, today.toordinal() - 400))).isoformat()
        if re.fullmatch(r"(?a)[1-9]\d{3}(-\d\d(-\d\d)?)?", value) and _is_date(_full(value)):
            return str(value)
        return self.fail(
            f"{value!r} is not a date; try 2026-05-03, 2026, today, 7d or 2w", param, ctx
        )


DAY = Day()


class Count(click.ParamType[int]):
    """A whole number, from `least` on."""

    name = "number"

    def __init__(self, least: int = 0) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"(?a)\d{1,15}", value) or int(value) < self._least:
            self.fail(f"{value!r} is not a whole number from {self._least} on", param, ctx)
        return int(value)


class Tag(click.ParamType[str]):
    """The name of a tag."""

    name = "tag"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return tag_name(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _complete_tag(ctx, param, incomplete)


TAG = Tag()


def tag_name(text: str) -> str:
    """The name of the tag that is meant by `#llm` or `llm`.

    :raises UsageError: it is not one word, or begins as an option does.
    """
    name = text.strip().removeprefix("#")
    if not name or name.startswith(("-", "#")) or any(map(str.isspace, name)):
        raise UsageError(f"{text!r} is no tag; a tag is one word, as llm")
    return name


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose among all entries; the command gets them as `filter`."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        filter = Filter(
            statuses=tuple(Status(s) for s in options.pop("status")),
            ratings=tuple(_RATINGS[r] for r in options.pop("rating")),
            since=options.pop("since") or "",
            until=options.pop("until") or "",
        )
        return command(*args, filter=_of_papers(filter, options), **options)

    return _with(
        wrapped,
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
        click.option("--since", type=DAY, help="Dated then or later: 2026-05-03, 2026, 7d."),
        click.option("--until", type=DAY, help="Dated then or earlier: 2026-05-03, 2026, 7d."),
        *_OF_PAPERS,
    )


def undecided(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose among undecided entries; the command gets them as `filter`."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        since = options.pop("since")
        filter = Filter(undecided=True, met_since=_start_of(since) if since else None)
        return command(*args, filter=_of_papers(filter, options), **options)

    help = "Came in then or later: today, 7d, 2026-05-03."
    return _with(wrapped, click.option("--since", type=DAY, help=help), *_OF_PAPERS)


def _of_papers(filter: Filter, options: dict[str, Any]) -> Filter:
    """The filter with what `_OF_PAPERS` say, which are taken from the options."""
    return replace(
        filter,
        tags=options.pop("tag"),
        source=options.pop("source") or "",
        author=options.pop("author") or "",
        venue=options.pop("venue") or "",
        has=options.pop("has"),
        lacks=options.pop("lacks"),
        least=tuple((s, least) for s in SIGNALS if (least := options.pop(s.value)) is not None),
    )


def _with(command: Callable[..., Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


_PARTS = click.Choice(PARTS)
_OF_PAPERS = (
    click.option(
        "--tag",
        multiple=True,
        type=TAG,
        metavar="TAG",
        help="With this tag; each one given.",
    ),
    click.option(
        "--source",
        metavar="NAME",
        help="Met there: hf, bibtex, json.",
        shell_complete=_complete_source,
    ),
    click.option("--author", metavar="NAME", help="With these words in an author's name."),
    click.option("--venue", metavar="TEXT", help="With this in the venue's name."),
    click.option(
        "--has",
        multiple=True,
        type=_PARTS,
        metavar="PART",
        help=f"With it: {', '.join(PARTS)}.",
    ),
    click.option("--lacks", multiple=True, type=_PARTS, metavar="PART", help="Without it."),
    *(
        click.option(
            f"--{signal}",
            type=Count(),
            metavar="N",
            help=f"With so many {signal} or more, where it was met.",
        )
        for signal in SIGNALS
    ),
)


def sort(default: Sort | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--sort",
        type=click.Choice([s.value for s in Sort]),
        callback=lambda _ctx, _param, value: Sort(value) if value else default,
        help=f"In this order.  [default: {default or 'relevance'}]",
    )


def tag_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--tag",
        "tags",
        multiple=True,
        type=TAG,
        metavar="TAG",
        help="Put this tag on all of them.",
    )(function)


def resolve(library: Any, handles: Sequence[str]) -> tuple[list[int], int]:
    """The ids of the handles that fit, and the exit code for those that do not."""
    found: dict[int, None] = {}
    code = 0
    for handle in expanded(handles):
        try:
            found[library.find(handle)] = None
        except (NotFoundError, UsageError) as error:
            report(f"Error: {error}")
            code = max(code, error.exit_code)
    return list(found), code


def expanded(handles: Sequence[str]) -> list[str]:
    """The handles, with those on standard input, one a line, in place of `-`."""
    asked = []
    for handle in handles:
        if handle == "-":
            asked += [line.split("\t")[0].strip() for line in sys.stdin if line.strip()]
        else:
            asked.append(handle)
    return asked


def first_day(day: str) -> date:
    """The first day of what was typed as a date."""
    return date.fromisoformat(_full(day))


def _start_of(day: str) -> datetime:
    """When a local day begins."""
    return datetime.fromisoformat(_full(day)).astimezone()


def _is_date(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _full(day: str) -> str:
    return day + "-01-01"[len(day) - 4 :] if len(day) < 10 else day

"""The command line: parse, call, print. The only place that prints, prompts or exits."""

from importlib import import_module
from typing import Any

import click

from .. import __version__
from ..errors import ReadlistError
from .app import INTERRUPTED, App, no_color, report

# What `readlist --help` shows, in this order; a module is loaded when its command is.
COMMANDS = {
    "Capture": {
        "import": "capture",
        "add": "add",
        "fetch": "fetch",
        "feeds": "fetch",
        "enrich": "enrich",
        "pdf": "pdf",
    },
    "Decide": {
        "triage": "triage",
        "like": "decide",
        "dislike": "decide",
        "later": "decide",
        "reading": "decide",
        "read": "decide",
        "skip": "decide",
        "clear": "decide",
        "tag": "decide",
        "untag": "decide",
        "note": "decide",
        "undo": "decide",
        "history": "decide",
    },
    "Tidy": {"duplicates": "tidy", "merge": "tidy", "split": "tidy"},
    "Look": {
        "list": "look",
        "search": "look",
        "show": "look",
        "open": "look",
        "stats": "look",
    },
    "Learn": {
        "picks": "learn",
        "why": "why",
        "topics": "topics",
        "similar": "similar",
        "train": "learn",
        "evaluate": "evaluate",
        "profile": "profile",
        "pin": "profile",
        "mute": "profile",
        "unpin": "profile",
        "unmute": "profile",
    },
    "Cite": {"export": "export"},
    "Set up": {"demo": "demo", "config": "setup", "completion": "setup"},
}


class _Group(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        for section in COMMANDS.values():
            if cmd_name in section:
                module = import_module(f".{section[cmd_name]}", __package__)
                command: click.Command = module.commands[cmd_name]
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in COMMANDS.items():
            with formatter.section(title):
                rows = []
                for name in names:
                    command = self.get_command(ctx, name)
                    assert command is not None
                    rows.append((name, command.get_short_help_str(limit=100)))
                formatter.write_dl(rows, col_max=12)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ReadlistError as error:
            report(f"Error: {error}")
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            report("interrupted")
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            raise  # the reader has had enough, which click lets pass
        except OSError as error:
            report(f"Error: cannot write the output: {error.strerror}")
            ctx.exit(1)


@click.command(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with 'readlist demo', then 'readlist import FILE' and 'readlist triage'.",
)
@click.option(
    "--library",
    metavar="PATH",
    envvar="READLIST_LIBRARY",
    help="The library file.  [default: as configured]",
)
@click.option(
    "--config",
    metavar="PATH",
    envvar="READLIST_CONFIG",
    help="The settings file.",
)
@click.option("--offline", is_flag=True, envvar="READLIST_OFFLINE", help="Never use the network.")
@click.version_option(__version__, prog_name="readlist", message="%(prog)s %(version)s")
@click.pass_context
def readlist(ctx: click.Context, library: str | None, config: str | None, offline: bool) -> None:
    """A private reading list that learns what you like.

    Papers come in from files, feeds and services, you decide on them with one key each, a small
    model trained on your likes picks what to read next and says why, and what you cite comes
    out as BibTeX.

    A command that takes a HANDLE accepts a paper's number, its citation key, an arXiv id or
    URL, a DOI or DOI URL, or words of its title.
    """
    app = ctx.ensure_object(App)
    app.library_path = library or app.library_path
    app.config_path = config or app.config_path
    app.offline = offline
    if no_color():
        ctx.color = False

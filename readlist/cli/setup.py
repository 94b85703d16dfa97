"""Settings and shell completion."""

import os
import re
from dataclasses import asdict

import click

from ..errors import ConfigError
from . import screen
from .app import App, pass_app

EXAMPLE = """\
# readlist's settings, each at its default. `readlist config path` says where this file belongs.

# The library: one SQLite file. Relative to this file; `--library` and READLIST_LIBRARY go first.
library = "library.db"

# Your e-mail address, for services that ask who is calling: Crossref answers sooner then,
# Unpaywall answers only then. Empty: nobody is told.
contact = ""

# What you read about, in plain words, as "speculative decoding for language models": something to
# go by before you like anything. `readlist pin` and `mute` say more.
interests = []

[picks]
# How many papers `readlist picks` puts forward.
number = 10
# The share of them that explores: papers unlike all that you rated, to learn from. 0 for none.
explore = 0.1
# Whether of papers that are about as good the more upvoted goes first; it says so then.
popular = true

[recommend]
# After so many days a like counts about half as much as a new one; 0 keeps all likes alike.
half_life = 35.0

[cite]
# How new citation keys are made, of {auth}, {year} and {title} (its first significant word).
# Keys that were given stay as they are.
key_pattern = "{auth}{year}{title}"

[triage]
# Print one paper below the other instead of redrawing the screen: for screen readers.
plain = false

[pdf]
# Where `readlist pdf` saves files. Relative to this file.
folder = "pdfs"

[network]
# Whether a feed may be at a private address, as http://192.168.1.10/feed.
private_addresses = false

# What `readlist fetch` reads: tables with names of your own, a source and its options. What comes in
# for the first time gets the `tags` and the `status`. README lists the sources.
#
# [feeds.daily]
# source = "hf"
#
# [feeds.learning]
# source = "arxiv"
# categories = ["cs.LG", "stat.ML"]
# tags = ["arxiv"]
#
# [feeds.blog]
# source = "feed"
# url = "https://example.org/papers.xml"
# status = "later"
"""


@click.group
def config() -> None:
    """See the settings.

    \b
    readlist config init
    """


@config.command
@pass_app
def path(app: App) -> None:
    """Print where the settings file is looked for."""
    click.echo(app.config_file)


@config.command
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
@pass_app
def show(app: App, as_json: bool) -> None:
    """Print the settings in force."""
    config = app.config()
    settings = asdict(config)
    settings["library"] = app.library_file()
    settings["feeds"] = {
        feed.name: {
            "source": feed.source,
            **feed.options,
            "tags": list(feed.tags),
            "status": feed.status,
        }
        for feed in config.feeds
    }
    if as_json:
        click.echo(screen.json_text(settings))
        return
    tables = {name: value for name, value in settings.items() if isinstance(value, dict)}
    for name, feed in tables.pop("feeds").items():
        bare = re.fullmatch(r"[A-Za-z0-9_-]+", name)
        tables[f"feeds.{name if bare else screen.json_text(name)}"] = feed
    del settings["feeds"]
    for name, value in settings.items():
        if name not in tables:
            click.echo(f"{name} = {screen.json_text(value)}")
    for table, values in tables.items():
        click.echo(f"\n[{table}]")
        for name, value in values.items():
            click.echo(f"{name} = {screen.json_text(value)}")


@config.command
@pass_app
def init(app: App) -> None:
    """Write a settings file with every setting at its default."""
    file = app.config_file
    try:
        os.makedirs(os.path.dirname(os.path.abspath(file)), exist_ok=True)
        with open(file, "x", encoding="utf-8") as out:
            out.write(EXAMPLE)
    except FileExistsError as error:
        raise ConfigError(f"{file} is there already; it was not touched") from error
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror}") from error
    click.echo(f"wrote {file}")


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, handles and tags.

    \b
    readlist completion bash >> ~/.bashrc
    readlist completion zsh >> ~/.zshrc
    readlist completion fish > ~/.config/fish/completions/readlist.fish
    """
    from click.shell_completion import get_completion_class

    cls = get_completion_class(shell)
    assert cls is not None
    click.echo(cls(ctx.find_root().command, {}, "readlist", "_READLIST_COMPLETE").source())


commands = {"config": config, "completion": completion}

"""The README holds: its commands run, every command is in it, its settings are the real ones."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import readlist
from readlist.cli import COMMANDS
from readlist.cli import readlist as program
from readlist.cli.setup import EXAMPLE
from readlist.config import Config, load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = [name for section in COMMANDS.values() for name in section]


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return [line for line in lines if line.startswith("readlist ")]


def test_every_key_of_a_service_is_named():
    code = "".join(file.read_text() for file in (ROOT / "readlist/sources").glob("*.py"))
    keys = set(re.findall(r'client\.key\("(\w+)"\)', code))
    named = {name.lower() for name in re.findall(r"`READLIST_(\w+)_KEY`", README)}
    assert keys
    assert named == keys


ASKING = ("add", "fetch", "enrich", "pdf")  # which here ask nobody, and say so


def test_every_command_of_the_readme_runs(run, tmp_path, monkeypatch, service):
    monkeypatch.chdir(tmp_path)
    (settings,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "config.toml").write_text(settings)
    monkeypatch.setenv("READLIST_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("BROWSER", "true %s")
    (tmp_path / "daily-papers-page.txt").write_text(
        (ROOT / "readlist" / "demo" / "page.txt").read_text(encoding="utf-8")
    )
    (tmp_path / "refs.bib").write_text(
        "@article{vaswani2017, author={Vaswani, Ashish}, title={Attention Is All You Need},"
        " year=2017, eprint={1706.03762}}"
    )
    for line in commands():
        words = shlex.split(line, comments=True)
        if words[1] == "triage":
            continue  # wants a terminal: tests/cli/test_triage.py
        done = run(*words[1:], client=lambda: service.client(offline=True))
        assert done.exit_code == (words[1] in ASKING), f"{line}\n{done.output}"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_in_the_readme_and_shows_an_example(name, run):
    assert f"`{name}`" in README or f"readlist {name}" in README
    assert f"readlist {name}" in run(name, "--help").stdout.partition("\n")[2]


def test_help_names_every_command(run):
    shown = run("--help").stdout
    assert all(re.search(rf"^  {name} ", shown, re.MULTILINE) for name in NAMES)
    assert program.name == "readlist"


def test_the_example_settings_are_the_defaults(tmp_path):
    example = ROOT / "config.example.toml"
    assert load(str(example)) == Config()
    assert example.read_text(encoding="utf-8") == EXAMPLE
    assert {*tomllib.loads(EXAMPLE), "feeds"} == set(Config.__dataclass_fields__)


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == readlist.__version__


def test_local_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target

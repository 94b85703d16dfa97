"""The shell completes commands, handles and tags from the library."""

import json

import pytest
from click.shell_completion import ShellComplete

from readlist.cli import COMMANDS, readlist


@pytest.fixture
def complete(run, tmp_path):
    records = [
        {"title": "Attention Is All You Need", "id": "1706.03762", "authors": ["A. Vaswani"]},
        {"title": "Deep Residual Learning for Image Recognition", "id": "1512.03385"},
    ]
    (tmp_path / "r.json").write_text(json.dumps(records))
    run("import", tmp_path / "r.json")
    run("tag", "transformers", 1)
    run("export", 1)
    shell = ShellComplete(readlist, {}, "readlist", "_READLIST_COMPLETE")
    return lambda *words: [
        item.value for item in shell.get_completions(list(words[:-1]), words[-1])
    ]


def test_commands(complete):
    assert sorted(complete("")) == sorted(name for part in COMMANDS.values() for name in part)
    assert sorted(complete("un")) == ["undo", "unmute", "unpin", "untag"]


def test_handles_are_numbers_and_citation_keys(complete):
    assert complete("show", "va") == ["vaswaniattention"]
    assert complete("like", "vaswaniattention", "") == ["vaswaniattention"]
    assert complete("open", "2") == ["2"]
    assert complete("history", "va") == ["vaswaniattention"]


def test_tags_and_sources(complete):
    assert complete("list", "--tag", "tr") == ["transformers"]
    assert complete("picks", "--source", "j") == ["json"]
    assert complete("untag", "tr") == ["transformers"]
    assert complete("tag", "transformers", "va") == ["vaswaniattention"]


def test_names_are_those_of_papers_and_those_that_were_said(complete, run, tmp_path):
    record = {"title": "Rest Is All You Need", "categories": ["cs.LG", "cs.CL"], "venue": "ICML"}
    (tmp_path / "r.json").write_text(json.dumps([record]))
    run("import", tmp_path / "r.json")
    assert complete("pin", "category", "cs") == ["cs.CL", "cs.LG"]
    assert complete("mute", "venue", "NeurIPS", "I") == ["ICML"]
    assert complete("pin", "author", "") == []
    run("mute", "venue", "ICML", "Annals of Rest")
    run("pin", "venue", "Nature")
    assert complete("unmute", "venue", "") == ["Annals of Rest", "ICML"]
    assert complete("unpin", "venue", "") == ["Nature"]
    assert complete("--library", str(tmp_path / "none.db"), "pin", "venue", "") == []
    assert not (tmp_path / "none.db").exists()


def test_another_library_is_asked_when_it_is_named(complete, tmp_path):
    assert complete("--library", str(tmp_path / "none.db"), "show", "va") == []
    assert not (tmp_path / "none.db").exists()


def test_a_library_that_cannot_be_read_offers_nothing(complete, tmp_path):
    (tmp_path / "text").write_text("this is no database")
    assert complete("--library", str(tmp_path / "text"), "show", "va") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_how(run, shell):
    said = run("completion", shell).stdout
    assert "_READLIST_COMPLETE" in said
    assert "readlist" in said

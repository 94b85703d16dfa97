"""Whatever is thrown at it: one clear line, an exit code, and nothing lost."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from readlist.library import Library

SAMPLE = Path(__file__).parents[2] / "readlist" / "demo" / "page.txt"


@pytest.fixture
def filled(run, tmp_path):
    """A library with the papers of the sample, the first one liked."""
    run("import", SAMPLE)
    run("like", 1)
    return tmp_path / "library.db"


def one_error(done, code: int) -> str:
    assert done.exit_code == code, done.output
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (bytes(range(256)) * 40, "is not text"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"PK\x03\x04....", "is a zip archive; unpack it"),
        (b"SQLite format 3\0...", "is a database"),
        (b"<!doctype html><html><body>Daily Papers", "is HTML"),
        (b"hello world, this is no bibliography", "is of no format that readlist knows"),
        (b"\x1f\x8b\x08\x00 broken", "is damaged"),
    ],
)
def test_a_file_that_holds_no_papers(run, tmp_path, content, said):
    file = tmp_path / "file"
    file.write_bytes(content)
    assert said in one_error(run("import", file), 1)
    assert run("import", "-", stdin=content).exit_code == 1


@pytest.mark.parametrize(
    "encode",
    [
        lambda page: page.encode("utf-16"),
        lambda page: page.encode("utf-16-le"),
        lambda page: b"\xef\xbb\xbf" + page.encode(),
        lambda page: page.replace("\n", "\r\n").encode(),
        lambda page: page.replace("the", "t\0he").encode(),
        lambda page: page.replace("π_RL", "pi_RL").encode("cp1252"),
        lambda page: gzip.compress(page.encode()),
    ],
    ids=["utf-16", "utf-16-le", "bom", "crlf", "nul", "cp1252", "gzip"],
)
def test_a_page_in_any_encoding_is_the_same_page(run, tmp_path, filled, encode):
    file = tmp_path / "page"
    file.write_bytes(encode(SAMPLE.read_text(encoding="utf-8")))
    done = run("import", file)
    assert done.exit_code == 0
    with Library(filled) as library:
        assert library.count() == 60


def test_what_stands_before_the_damage_is_saved(run, tmp_path):
    packed = gzip.compress(SAMPLE.read_bytes(), mtime=0)
    (tmp_path / "page.gz").write_bytes(packed[: len(packed) // 2])
    done = run("import", tmp_path / "page.gz")
    assert done.exit_code == 1
    assert "damaged or cut off" in done.stderr
    assert json.loads(run("stats", "--json").stdout)["papers"] > 10


def test_escape_sequences_never_reach_the_terminal(run, tmp_path):
    nasty = "\x1b[31mRed \x1b]0;owned\x07Alert\x9b for\u202e Four Words\x00"
    record = {"title": nasty, "abstract": nasty, "authors": [nasty], "venue": nasty, "id": nasty}
    (tmp_path / "r.json").write_text(json.dumps([record]))
    run("import", tmp_path / "r.json")
    run("note", 1, nasty)
    run("like", 1)
    outputs = [
        run(*command).output
        for command in (
            ["list"],
            ["show", 1],
            ["search", "alert"],
            ["history"],
            ["picks"],
            ["undo"],
            ["show", nasty],
        )
    ]
    for output in outputs:
        assert "Red Alert for Four Words" in output or "nothing is left" in output
        assert not set(output) & set("\x1b\x07\x9b\u202e\x00")


@pytest.mark.parametrize(
    "query",
    ['"', "'", "a OR", "NOT", "AND (", "*", "^x", "title:", "-", "x NEAR/2 y", "C++", "\x00"],
)
def test_no_query_is_a_syntax_error(run, filled, query):
    assert run("search", "--", query).exit_code == 0


def test_handles_that_fit_none_or_many(run, filled):
    assert "no paper '999'" in one_error(run("show", 999), 1)
    done = run("show", "reinforcement learning")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: 'reinforcement learning' fits several papers")
    assert done.stderr.count("\n") > 2


def test_a_library_that_is_none(run, tmp_path):
    (tmp_path / "text").write_text("no database at all, but long enough to look at its header")
    assert "is not a database" in one_error(run("--library", tmp_path / "text", "list"), 1)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (a)")
    assert "not a readlist library" in one_error(run("--library", tmp_path / "other.db", "list"), 1)
    assert "is a folder" in one_error(run("--library", tmp_path, "list"), 1)


def test_a_library_that_is_newer_or_damaged(run, filled):
    whole = filled.read_bytes()
    db = sqlite3.connect(filled)
    db.execute("PRAGMA user_version = 99")
    db.close()
    assert "made by a newer readlist" in one_error(run("list"), 1)
    filled.write_bytes(whole[:9000] + b"\xff" * 30000 + whole[39000:])
    assert "is damaged" in run("search", "cache").stderr


def test_a_locked_library_is_waited_for_and_then_named(run, filled, monkeypatch):
    monkeypatch.setattr("readlist.library.store._SHORT_WAIT", 0.01)
    monkeypatch.setattr("readlist.library.store._WAIT", 0.05)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = run("like", 2)
    assert told.exit_code == 1
    assert told.stderr == (
        f"waiting for who is writing to {filled} …\n"
        f"Error: {filled} is locked by another program; try again when it is done\n"
    )
    assert run("list").exit_code == 0
    other.close()
    assert run("like", 2).exit_code == 0


@pytest.mark.parametrize(
    ("editor", "said"), [("false", "set $EDITOR"), ("/no/such/editor", "set $EDITOR")]
)
def test_an_editor_that_fails(run, filled, monkeypatch, editor, said):
    monkeypatch.setenv("EDITOR", editor)
    assert said in one_error(run("note", 1), 1)
    assert json.loads(run("show", 1, "--json").stdout)[0]["note"] == ""


def test_an_editor_that_writes(run, filled, tmp_path, monkeypatch):
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "from the editor" >> "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    run("note", 1, "first")
    run("note", 1)
    assert json.loads(run("show", 1, "--json").stdout)[0]["note"] == "first\nfrom the editor"


def test_settings_that_are_wrong_are_all_named(run, tmp_path):
    (tmp_path / "config.toml").write_text(
        'libary = "x"\n[picks]\nnumber = "many"\n[cite]\nkey_pattern = "{auth}{jour}"\n[tirage]\n'
    )
    done = run("--config", tmp_path / "config.toml", "config", "show")
    assert done.exit_code == 2
    assert done.stderr == (
        f"Error: {tmp_path}/config.toml:\n"
        "  libary: no such setting; did you mean library?\n"
        "  picks.number: expected a whole number, got 'many'\n"
        "  tirage: no such setting; did you mean triage?\n"
        "  cite.key_pattern: expected {auth}, {year} or {title} with letters, digits or :.+/_-"
        " around them, got '{auth}{jour}'\n"
    )
    (tmp_path / "config.toml").write_text("library = ")
    assert "is not TOML" in one_error(
        run("--config", tmp_path / "config.toml", "config", "show"), 2
    )


def test_a_reader_that_stops_reading_is_no_error(filled):
    environment = {**os.environ, "READLIST_LIBRARY": str(filled)}
    command = f"{sys.executable} -m readlist list -n 0 | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_no_color_and_a_dumb_terminal_have_no_colors(run, filled, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("list").output
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in run("list").output


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
def test_lines_fit_the_terminal(run, filled, columns):
    run("later", 2, 3)
    for command in ("list", "search a*", "picks"):
        for line in run(*command.split(), columns=columns).stdout.splitlines():
            assert len(line) <= max(columns, 30), line


def test_a_number_that_is_no_paper_is_not_taken_for_words(run, tmp_path):
    (tmp_path / "r.json").write_text('{"title": "A Model of 70 Billion Parameters"}')
    run("import", tmp_path / "r.json")
    assert "no paper '70'" in one_error(run("dislike", 70), 1)
    assert run("dislike", "70 billion").exit_code == 0


def test_a_pipe_is_written_to_and_not_replaced(run, filled, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True)
    assert run("export", 1, "-o", tmp_path / "pipe").exit_code == 0
    assert reader.communicate()[0] == run("export", 1, "-o", "-").stdout
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("day", ["2025-02-31", "0000", "0001-01-01", "2025-13", "99999999d"])
def test_a_day_that_never_was(run, filled, day):
    for command in ("picks", "list"):
        assert run(command, "--since", day).exit_code == 2
    assert run("import", SAMPLE, "--date", day).exit_code == 2


def test_settings_that_are_named_must_be_there(run, tmp_path):
    missing = tmp_path / "typo.toml"
    assert "is not there" in one_error(run("--config", missing, "config", "show"), 2)
    assert run("--config", missing, "config", "init").exit_code == 0
    assert run("--config", missing, "config", "show").exit_code == 0

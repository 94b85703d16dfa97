"""Triage as its user has it: keys into a real terminal, then what is on it and in the library."""

import fcntl
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recommend.toy import text

from readlist.cli import terminal, triage
from readlist.cli.screen import width
from readlist.library import Filter, Library
from readlist.models import Change, Entry, Identifier, Link, Paper, Sighting, Status, Version

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DEADLINE = 20.0
OURS = re.compile(r"\x1b\[(?:\?(?:1049|7|25)[hl]|\d*(?:;\d*)?[HKm])")
DUE = ("? help", "Esc gives it up", "> ", "note: ")  # how all ends that waits for a key
ABSTRACT = " ".join(f"word{number}" for number in range(400))


def paper(number: int, title: str = "", abstract: str = "Short.", **more) -> Paper:
    """A paper whose number is its place in the queue."""
    title = title or f"The {number}th of all imaginable papers on sheep"
    version = Version(title=title, date=f"20{99 - number}-01-01")
    return Paper(versions=(version,), authors=("Ada Byron",), abstract=abstract, **more)


def fill(path: Path, count: int, **more) -> Library:
    library = Library(path)
    library.add_all([paper(number, **more) for number in range(1, count + 1)], now=NOW)
    return library


class Tty:
    """readlist in a terminal of its own: what is typed into it and what it writes."""

    def __init__(self, *command: str, size: tuple[int, int] = (80, 24), **environ: str) -> None:
        self.master, self.slave = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            command or (sys.executable, "-m", "readlist", "triage"),
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads
            env={**os.environ, "TERM": "xterm", **environ},
        )
        self.output = ""
        self._seen = 0

    def resize(self, columns: int, rows: int) -> None:
        self._seen = len(getattr(self, "output", ""))
        termios.tcsetwinsize(self.master, (rows, columns))

    def until(self, text: str) -> str:
        """What was written since the last key, when it holds a text and the next key is due."""
        end = time.monotonic() + DEADLINE
        while text not in (plain := self._plain()) or not plain.endswith(DUE):
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"no {text!r} in {plain!r}"
            try:
                data = os.read(self.master, 65536)
            except OSError:  # Linux: nobody has the other side open any more
                data = b""
            assert data, f"ended without {text!r}: {plain!r}"
            self.output += data.decode()
        return plain

    def _plain(self) -> str:
        return re.sub("\r+\n", "\n", OURS.sub("", self.output[self._seen :]))

    def type(self, keys: str, until: str) -> str:
        self._seen = len(self.output)
        os.write(self.master, keys.encode())
        return self.until(until)

    def end(self, keys: str = "") -> tuple[int, str]:
        """The exit code, and the last that was written."""
        if keys:
            os.write(self.master, keys.encode())
        code = self.process.wait(DEADLINE)
        self._seen = len(self.output)
        while select.select([self.master], [], [], 0)[0]:
            self.output += os.read(self.master, 65536).decode()
        return code, self._plain()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for fd in (self.master, self.slave):
            with suppress(OSError):  # the test closed it
                os.close(fd)


@pytest.fixture
def start() -> Iterator[Callable[..., Tty]]:
    started: list[Tty] = []

    def begin(*command: str, **options) -> Tty:
        started.append(Tty(*command, **options))
        return started[-1]

    yield begin
    for tty in started:
        tty.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


def said(library: Library, id: int) -> tuple[Status, int | None]:
    entry = library.get(id)
    return entry.status, entry.rating


# --- in a terminal --------------------------------------------------------------------------------


def test_each_key_is_in_the_library_before_the_next_paper_shows(start, path):
    with fill(path, 6) as library:
        tty = start()
        shown = tty.until("1 / 6")
        assert "The 1th of all imaginable papers on sheep\nAda Byron\n2098-01-01" in shown
        for id, (key, done, status, rating) in enumerate(
            [
                ("l", "liked", Status.NEW, 1),
                ("d", "disliked", Status.NEW, -1),
                ("a", "later", Status.LATER, None),
                ("r", "read", Status.READ, None),
                ("s", "skipped", Status.SKIPPED, None),
            ],
            start=1,
        ):
            shown = tty.type(key, f"{done} {id} The {id}th of all imaginable papers on sheep · u")
            assert f"{id + 1} / 6" in shown
            assert said(library, id) == (status, rating)
        tty.type("l", "all decided")
        code, last = tty.end("q")
        assert code == 0
        assert last == ("6 decided: 2 liked, 1 disliked, 1 later, 1 read, 1 skipped; 0 left\n")
        assert termios.tcgetattr(tty.slave) == tty.before
        assert tty.output.index("\x1b[?1049h") < tty.output.index("\x1b[?1049l")


def test_a_killed_session_loses_nothing_and_the_next_one_goes_on(start, path):
    with fill(path, 3) as library:
        tty = start()
        tty.until("1 / 3")
        tty.type("l", "liked 1")
        tty.process.send_signal(signal.SIGKILL)
        tty.end()
        assert said(library, 1) == (Status.NEW, 1)
    tty = start()
    assert "The 2th" in tty.until("1 / 2")
    # And what the killed one did can be taken back.
    assert "The 1th" in tty.type("u", "undid: liked, ")
    tty.type("u", "nothing to undo")


def test_every_key_can_be_taken_back(start, path):
    with fill(path, 5) as library:
        tty = start()
        tty.until("1 / 5")
        tty.type("lt", "tag: ")
        tty.type("sheep\r", "tagged #sheep 2")
        tty.type("S", "skipped 4 papers · u undoes")
        assert library.count(Filter(undecided=True)) == 0
        assert "2 / 5" in tty.type("u", "undid: skipped 4 papers")
        assert library.count(Filter(undecided=True)) == 4
        tty.type("u", "undid: tagged #sheep 2")
        assert "1 / 5" in tty.type("\x1b[D", "undid: liked 1")
        assert library.count(Filter(undecided=True)) == 5
        tty.type("u", "nothing to undo")
        tty.type("S", "skipped 5 papers")
        assert tty.end("q") == (0, "5 decided: 5 skipped; 0 left\n")
        library.undo(now=NOW)
        library.act([Change(paper_id=2, field="status", value="read")], what="read", now=NOW)
    tty = start()
    tty.until("1 / 4")
    # The session lives in real time, which may be later than that of the test.
    shown = tty.type("u", ", 2 The 2th of all")
    assert "undid: read, " in shown
    assert shown.startswith("1 / 5 · 5 left\nThe 2th")
    assert tty.end("q") == (0, "nothing decided; 5 left\n")


def test_resizing_draws_anew(start, path):
    fill(path, 2, abstract=ABSTRACT).close()
    tty = start()
    assert "page 1 of" in tty.until("q quit")
    for columns, rows in ((60, 20), (30, 10), (200, 50)):
        tty.resize(columns, rows)
        lines = tty.until("? help").split("\n")
        assert len(lines) == rows
        assert max(map(len, lines)) <= min(columns, 100)
        assert "l like  d dislike" in lines[-1]
        assert lines[1].startswith("The 1th of all imaginable")
    tty.resize(60, 20)
    tty.until("l like  d dislike  a later  r read  s skip  u undo  ? help")
    tty.type(" ", "page 2 of")
    tty.resize(80, 24)
    tty.until("page 2 of")
    tty.type("b", "page 1 of")
    tty.type("\x1b[6~", "page 2 of")
    tty.type("l", "page 1 of")


@pytest.mark.parametrize("how", ["dumb", "setting"])
def test_plain_moves_no_cursor_and_says_what_was_done(start, path, tmp_path, how):
    (tmp_path / "config.toml").write_text("[triage]\nplain = true\n")
    fill(path, 3).close()
    tty = start(
        **{"TERM": "dumb"}
        if how == "dumb"
        else {"READLIST_CONFIG": str(tmp_path / "config.toml"), "NO_COLOR": "1"}
    )
    shown = tty.until("? help > ")
    assert shown.startswith("\n1 / 3 · 3 left\nThe 1th of all imaginable papers on sheep\n")
    assert "The 2th" in tty.type("l", "? help > ")
    tty.type("n", "note: ")
    assert "\x08" in tty.type("two\x7f words\r", "noted")
    assert "words to put on" in tty.type("?", "? help > ")
    assert "note: tw words" in tty.type("m", "? help > ")
    assert "undid: noted" in tty.type("u", "? help > ")
    assert tty.end("q") == (0, "\n1 decided: 1 liked; 2 left\n")
    assert "\x1b" not in tty.output


def test_no_color_leaves_the_rest(start, path):
    fill(path, 1).close()
    tty = start(NO_COLOR="1")
    tty.until("? help")
    tty.type("l", "all decided")
    assert not re.search(r"\x1b\[[\d;]*m", tty.output)
    assert "\x1b[H" in tty.output


def test_hostile_text_cannot_reach_the_terminal(start, path):
    evil = "A\x1b]0;owned\x07\x1b[2J\x9b31m title\u202e of\x1b[1m 5 words\r\nhere"
    with Library(path) as library:
        library.add_all([paper(1, title=evil), paper(2)], now=NOW)
    db = sqlite3.connect(path)  # past everything that cleans what comes in
    db.execute("UPDATE papers SET title = ?1, abstract = ?1, venue = ?1 WHERE id = 1", (evil,))
    db.execute("INSERT INTO tags VALUES (1, ?)", (evil,))
    db.execute("INSERT INTO sightings VALUES (1, ?1, ?1, '2026', 1, 2, 3, 4)", (evil,))
    db.execute("INSERT INTO entries (paper_id, note) VALUES (1, ?)", (evil,))
    db.commit()
    db.close()
    for environ in ({}, {"TERM": "dumb"}):
        tty = start(**environ)
        tty.until("? help")
        tty.type("l", "iked")
        tty.type("u", "undid: liked")
        tty.end("q")
        rest = OURS.sub("", tty.output).replace("\r", "").replace("\n", "")
        assert "owned" not in rest
        assert [c for c in rest if not c.isprintable()] == []


def test_without_a_terminal_it_says_what_to_use(run, path):
    done = run("triage")
    assert done.exit_code == 2
    assert "readlist list --status new --rating none --json" in done.stderr
    assert not path.exists()


def test_ctrl_c_and_a_terminated_process_leave_all_as_it_was(start, path):
    fill(path, 4).close()
    tty = start()
    tty.until("1 / 4")
    tty.type("l", "liked 1")
    tty.type("n", "note: ")
    tty.type("half\x03", "no note")  # the first one gives up the line
    assert tty.end("\x03") == (130, "1 decided: 1 liked; 3 left\n")
    assert termios.tcgetattr(tty.slave) == tty.before
    tty = start()
    tty.until("1 / 3")
    tty.type("d", "disliked 2")
    tty.process.terminate()
    assert tty.end() == (143, "1 decided: 1 disliked; 2 left\n")
    assert termios.tcgetattr(tty.slave) == tty.before
    tty = start()
    tty.until("1 / 2")
    assert tty.end("\x04")[0] == 0


def test_a_closed_terminal_ends_it(start, path):
    with fill(path, 3) as library:
        tty = start()
        tty.until("1 / 3")
        tty.type("l", "liked 1")
        os.close(tty.slave)
        os.close(tty.master)
        assert tty.process.wait(DEADLINE) in (0, 129)
        assert said(library, 1) == (Status.NEW, 1)


def test_keys_typed_ahead_are_handled_in_order(start, path):
    with fill(path, 5) as library:
        tty = start()
        tty.until("1 / 5")
        tty.type("ldnwhy not\r-uus", "skipped 2")
        assert said(library, 1) == (Status.NEW, 1)
        assert said(library, 2) == (Status.SKIPPED, None)
        assert library.get(3).note == ""


def test_arrows_and_unknown_keys_decide_nothing(start, path):
    with fill(path, 2, abstract=ABSTRACT) as library:
        tty = start()
        tty.until("1 / 2")
        tty.type("\x1b[B", "page 2 of")
        tty.type("\x1bOA", "page 1 of")
        for key in ("\x1b[C", "\x1b[1;5D", "\x1b[3~", "\x1bOS", "\x1bl", "\x1b\x1b[D", "x", "é"):
            tty.type(key, "that key does nothing; ? shows")
        tty.type("L", "caps lock?")
        assert "liked" not in tty.type("?", "more of these")
        tty.type("l", "1 / 2")  # goes back from the help, no more
        assert library.count(Filter(undecided=True)) == 2
        assert library.history() == []


def test_notes_and_tags(start, path, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "and more" >> "$1"\n')
    editor.chmod(0o755)
    with fill(path, 1) as library:
        tty = start(EDITOR=str(editor))
        tty.until("1 / 1")
        tty.type("nfirst\r", "noted 1")
        tty.type("nsécond\x7f\x7fnd line\x15line x\x17two\r", "noted 1")
        assert library.get(1).note == "first\nline two"
        tty.type("n\r", "no note")
        tty.type("ngone\x1b", "no note")
        tty.type("N", "noted 1")
        assert library.get(1).note == "first\nline two\nand more"
        tty.type("t#llm sheep\r", "tagged #llm, tagged #sheep 1")
        assert "#llm · #sheep" in tty.type("t  \r", "no tag")
        tty.type("t-llm c++\r", "untagged #llm, tagged #c++ 1")
        assert library.get(1).tags == ("c++", "sheep")
        tty.type("u", "undid: untagged #llm, tagged #c++ 1")
        assert library.get(1).tags == ("llm", "sheep")
        assert "0 left" not in tty.end("q")[1]


def test_opening_stays_on_the_paper(start, path, tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    arxiv = (Identifier("arxiv", "2601.00001"),)
    code = (Link("code", "https://github.com/sheep/" + "x" * 80),)
    with Library(path) as library:
        library.add_all([paper(1, identifiers=arxiv, links=code), paper(2)], now=NOW)
    tty = start(BROWSER=f"{browser} %s")
    shown = tty.until("1 / 2")
    assert "page https://arxiv.org/abs/2601.00001 · pdf https://arxiv.org/pdf/2601.00001" in shown
    shown = tty.type("o", "opened https://arxiv.org/abs/2601.00001")
    assert "1 / 2" in shown
    assert (tmp_path / "opened").read_text() == "https://arxiv.org/abs/2601.00001\n"
    tty.type("l", "liked 1")
    tty.type("o", "no page is known of paper 2")


def test_suspending_gives_the_terminal_back(start, path):
    fill(path, 2).close()
    command = f"set -m; {sys.executable} -m readlist triage; stty -a; fg >/dev/null"
    tty = start("bash", "-c", command)
    tty.until("1 / 2")
    shown = tty.type("\x1a", "1 / 2")
    assert " icanon" in shown
    tty.type("l", "liked 1")
    assert tty.end("q")[0] == 0
    assert termios.tcgetattr(tty.slave)[3] == tty.before[3]


def herd(path: Path) -> Library:
    """Ten papers on stars and ten on cells, by turns."""
    library = Library(path)
    texts = [text(topic, number) for number in range(10) for topic in ("stars", "cells")]
    papers = [paper(n, f"{each.title} {n}", each.abstract) for n, each in enumerate(texts, 1)]
    library.add_all(papers, now=NOW)
    return library


LEARN = (sys.executable, "-m", "readlist", "triage", "--learn")


@pytest.mark.parametrize("environ", [{}, {"TERM": "dumb"}])
def test_learning_begins_with_what_tells_most(start, path, environ):
    with herd(path) as library:
        tty = start(*LEARN, **environ)
        shown = tty.until("1 / 20 · asked to learn from · 20 left")
        assert shown.startswith("looking for the papers to learn most from …\n")
        for key in "ldldl":  # from nothing at all on
            tty.type(key, "iked")
        assert tty.end("q")[1].endswith("5 decided: 3 liked, 2 disliked; 15 left\n")
        assert "Traceback" not in tty.output
        assert library.count(Filter(undecided=True)) == 15


def test_an_answer_brings_what_is_like_it(start, path):
    herd(path).close()
    tty = start()
    tty.until("1 / 20")
    end = time.monotonic() + DEADLINE
    # Until it has begun to learn the next one is the second of all, which is about cells.
    while re.search(r"^paper 2$", tty.type("l", "2 / 20"), re.MULTILINE):
        assert time.monotonic() < end
        tty.type("u", "1 / 20")
    shown = re.search(r"^paper (\d+)$", tty.type("x", "2 / 20"), re.MULTILINE)
    assert int(shown[1]) % 2 == 1


def test_quitting_at_once_leaves_nothing_behind(start, path):
    for keys, code in (("q", 0), ("lq", 0), ("\x03", 130)):
        with herd(path):
            pass
        tty = start()
        tty.until("left")
        assert tty.end(keys)[0] == code
        assert "Traceback" not in tty.output
        assert "locked" not in tty.output


def test_a_learner_that_fails_is_told_once_and_keys_go_on(start, path, tmp_path):
    (tmp_path / "sklearn.py").write_text("raise ImportError('half installed')")
    with fill(path, 6) as library:
        paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
        tty = start(*LEARN, PYTHONPATH=paths)
        tty.until("no longer learning: half installed")
        tty.type("l", "liked 1")
        assert "no longer" not in tty.type("d", "disliked 2")
        assert tty.end("q") == (0, "2 decided: 1 liked, 1 disliked; 4 left\n")
        assert said(library, 2) == (Status.NEW, -1)


# --- without one ----------------------------------------------------------------------------------


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    tty = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(triage, "sys", SimpleNamespace(stdin=tty, stdout=tty))


@pytest.mark.usefixtures("on_a_terminal")
def test_an_empty_queue_says_what_next(run, path):
    assert "'readlist import FILE' fills it" in run("triage").stderr
    with fill(path, 2) as library:
        done = run("triage", "--tag", "sheep")
        assert done.exit_code == 0
        assert done.stderr == (
            "nothing undecided fits; 'readlist triage' without options shows 2\n"
        )
        assert "nothing undecided fits" in run("triage", "--since", "2026-11-24").stderr
        changes = [Change(paper_id=id, field="rating", value="1") for id in (1, 2)]
        library.act(changes, what="liked", now=NOW)
        assert run("triage").stderr.startswith("all is decided; 'readlist import FILE' brings")


@pytest.mark.usefixtures("on_a_terminal")
def test_a_library_that_cannot_be_written_is_said_first(run, path, monkeypatch):
    fill(path, 1).close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    done = run("triage")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {path} cannot be written, so nothing can be decided")


def session(library: Library) -> triage.Session:
    return triage.Session(library, Filter(undecided=True), lambda: NOW)


def test_papers_decided_elsewhere_are_passed_over(path):
    with fill(path, 4) as library, Library(path) as elsewhere:
        ours, theirs = session(library), session(elsewhere)
        theirs.decide("d")
        theirs.decide("d")
        assert ours.decide("l").text.startswith("liked 1")  # the owner said so last
        assert ours.entry.id == 3
        theirs.decide("s")
        theirs.undo()
        assert ours.skip_all().text == "skipped 2 papers"
        assert theirs.decide("s").text.startswith("already skipped 3")
        assert theirs.entry is None


@pytest.mark.parametrize("key", "lonNt")
def test_a_paper_folded_meanwhile_is_no_more(path, key):
    names = [(Identifier("doi", f"10.1000/{number}"),) for number in (1, 2)]
    with Library(path) as library:
        papers = [paper(n, title=f"{n} sheep", identifiers=names[n - 1]) for n in (1, 2)]
        library.add_all(papers, now=NOW)
        ours = session(library)
        ours.decide("l")
        library.add_all([paper(3, title="Both", identifiers=names[0] + names[1])], now=NOW)
        assert triage.press(key, ours, None, None).text.endswith("folded into another one")
        assert ours.entry is None
        assert triage.press(key, ours, None, None).text.startswith("all is decided")
        assert ours.undo().text.startswith("undid: liked 1")


def test_an_undo_made_elsewhere_is_told(path):
    with fill(path, 2) as library:
        ours = session(library)
        ours.decide("l")
        library.undo(now=NOW)
        assert ours.undo().text == "that was undone or changed elsewhere"
        assert ours.entry.id == 1


def test_a_bulk_step_of_last_week_comes_back_into_the_queue(path):
    with fill(path, 30) as library:
        session(library).skip_all()
        ours = session(library)
        assert ours.entry is None
        assert ours.undo().text == "undid: skipped, 2026-11-23 09:30, 30 papers"
        assert ours.queue == list(range(1, 31))
        assert ours.entry.id == 1


def test_a_key_costs_the_same_however_long_the_queue(path, monkeypatch):
    with fill(path, 2_000) as library:
        ours = session(library)
        statements: list[str] = []
        library._db.set_trace_callback(statements.append)
        costs = set()
        for _ in range(3):
            statements.clear()
            ours.decide("l")
            ours.tag(["x"])
            ours.undo()
            triage.body(ours, 80)
            costs.add(len(statements))
            assert not any("FROM papers p" in sql for sql in statements)  # lists of papers
        assert len(costs) == 1


def test_the_best_come_first(path):
    met = [Sighting(source="hf", at="2026-01-02", upvotes=n) for n in (3, 9)]
    with Library(path) as library:
        library.add_all(
            [
                paper(9, title="Old and unloved sheep paper"),
                paper(1, title="New and little loved paper", sightings=(met[0],)),
                paper(1, title="New and much loved paper", sightings=(met[1],)),
            ],
            now=NOW,
        )
        assert session(library).queue == [3, 2, 1]


def test_lines_broken_in_a_record_are_not_kept(path):
    with fill(path, 1, abstract="Of\nsheep.\n\nAnd of\ngoats.") as library:
        assert triage.body(session(library), 80)[-3:] == ["Of sheep.", "", "And of goats."]


# --- the parts that are pure ----------------------------------------------------------------------

typed = st.text(st.sampled_from("lS\x1b[O;1A~Dé\r"), max_size=12)


@given(typed, typed)
def test_keys_are_the_same_in_however_many_pieces_they_come(first, second):
    found, rest = terminal.keys(first)
    more, last = terminal.keys(rest + second)
    assert (found + more, last) == terminal.keys(first + second)


@given(st.binary(max_size=20))
def test_any_input_is_keys(data):
    found, rest = terminal.keys(data.decode("utf-8", "replace"))
    assert not rest or rest.startswith("\x1b")
    assert all(key.isprintable() for key in found)


texts = st.text(st.sampled_from("ab \n漢字é\x1b[31m\u0301-"), max_size=300)


@given(texts, texts, st.integers(20, 100), st.integers(1, 30), st.integers(-1, 9))
def test_a_frame_fits_its_screen(title, abstract, columns, rows, page):
    entry = Entry(
        id=1,
        added=NOW,
        note=title,
        tags=("x",),
        paper=Paper(
            versions=(Version(title=title),), abstract=abstract, links=(Link("web", "h" * 120),)
        ),
    )
    body = triage.body(SimpleNamespace(entry=entry), columns)
    foot = [triage.hints(columns)]
    lines, _ = terminal.frame(["1 / 2"], body, foot, page, (columns, rows))
    bare = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
    assert len(lines) == rows
    assert all(line.isprintable() and width(line) <= columns for line in bare)


def test_paging_shows_every_line():
    body = [str(number) for number in range(25)]
    pages = [terminal.frame(["1 / 2"], body, ["?"], page, (80, 12)) for page in range(4)]
    assert [page for _, page in pages] == [0, 1, 2, 2]
    shown = [line for lines, _ in pages[:3] for line in lines[1:-1] if line]
    assert shown == body
    assert [lines[0] for lines, _ in pages[:3]] == [
        "1 / 2 · page 1 of 3 · space for more",
        "1 / 2 · page 2 of 3 · space for more",
        "1 / 2 · page 3 of 3 · b for less",
    ]

"""Pins, mutes and the profile, as an owner types them and takes them back."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import make
import pytest
from click.testing import Result
from make import NOW, add, at, paper

from readlist.cli import profile, triage
from readlist.library import Filter, Library

Run = Callable[..., Result]


@pytest.fixture
def filled(library: Library) -> Library:
    add(
        library,
        paper("Rest Is All You Need", authors=("Ode, Ann",), categories=("cs.LG",)),
        paper("Sheep on the Blockchain, Again", venue="Annals of Rest"),
    )
    return library


def test_a_story_of_pins_and_mutes(run: Run, filled: Library):
    done = run("pin", "author", "Ann Ode", "Bo Li")
    assert done.stdout == "pinned  author Ann Ode\npinned  author Bo Li\n"
    assert done.stderr == (
        "no paper here is by Bo Li, yet\n"
        "'readlist undo' takes it back now, 'readlist unpin' at any time\n"
    )
    again = run("pin", "author", "Ode, Ann")
    assert (again.stdout, again.stderr) == ("already pinned  author Ode, Ann\n", "")
    assert run("mute", "term", "blockchain").stdout == "muted  term blockchain\n"
    assert run("pin", "term", "blockchain").stdout == ("pinned  term blockchain  (it was muted)\n")
    assert run("unmute", "term", "blockchain").stdout == "not muted  term blockchain\n"
    assert run("undo").stdout == "undid: pinned, 2026-11-23 09:30  term blockchain\n"
    assert run("unpin", "author", "ode, ann", "Bo Li", "Cy Ro").stdout == (
        "unpinned  author Ann Ode\nunpinned  author Bo Li\nnot pinned  author Cy Ro\n"
    )
    assert run("undo").stdout == "undid: unpinned, 2026-11-23 09:30, 2 leanings\n"
    run("like", 1)
    assert run("profile").stdout == (
        "counts  1 like, 0 dislikes, 0 weaker signs\n"
        "pinned  author Ann Ode\n"
        "pinned  author Bo Li\n"
        "muted   term blockchain\n"
    )
    assert run("history", "-n", 5).stdout == (
        "2026-11-23 09:30  liked             1  Rest Is All You Need\n"
        "2026-11-23 09:30  undo: unpinned    author Ann Ode\n"
        "2026-11-23 09:30  undo: unpinned    author Bo Li\n"
        "2026-11-23 09:30  unpinned          author Ann Ode  (undone)\n"
        "2026-11-23 09:30  unpinned          author Bo Li  (undone)\n"
    )
    assert run("history", 1).stdout == (
        "2026-11-23 09:30  liked             1  Rest Is All You Need\n"
    )


@pytest.mark.parametrize(
    ("kind", "known", "unknown", "said"),
    [
        ("author", "ann ode", "Ann Odette", "no paper here is by Ann Odette, yet"),
        ("category", "CS.lg", "cs.CL", "no paper here is of category cs.CL, yet"),
        ("category", "cs", "c", "no paper here is of category c, yet"),
        ("venue", "annals of rest", "Annals", "no paper here appeared in Annals, yet"),
        ("term", "blockchain, again", "rest again", "no paper here says rest again, yet"),
        ("term", 'the "blockchain"', 'a "rest', 'no paper here says a "rest, yet'),
    ],
)
def test_a_name_that_no_paper_has_is_taken_and_told(
    run: Run, filled: Library, kind: str, known: str, unknown: str, said: str
):
    assert "no paper" not in run("mute", kind, known).stderr
    done = run("mute", kind, unknown)
    assert done.exit_code == 0
    assert done.stderr.splitlines()[0] == said
    assert len(filled.leanings()) == 2


def test_names_are_harmless_and_there(run: Run, library: Library):
    assert run("pin", "interest", "red\x1b[31m\n sheep").stdout == "pinned  interest red sheep\n"
    for command in ("pin", "mute", "unpin", "unmute"):
        done = run(command, "term", "sheep", " \x1b[m")
        assert done.exit_code == 2
        assert done.stderr == "Error: a name is empty; give one, as 'Geoffrey Hinton'\n"
    assert run("pin", "mood", "bad").exit_code == 2
    assert len(library.leanings()) == 1


def test_interests_of_the_settings_are_shown(run: Run, library: Library, tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text('interests = ["counting sheep"]')
    assert run("--config", config, "profile").stdout == (
        "counts  0 likes, 0 dislikes, 0 weaker signs\n"
        "pinned  interest counting sheep  (from the settings)\n"
    )
    done = run("--config", config, "unpin", "interest", "counting sheep")
    assert done.stdout == "not pinned  interest counting sheep\n"
    assert done.stderr == f"'counting sheep' is in the settings, {config}; take it out there, too\n"
    shown = run("--config", config, "config", "show").stdout
    assert 'interests = ["counting sheep"]\n' in shown


def test_a_reset_is_undone(run: Run, filled: Library):
    run("like", 1)
    run("later", 2)
    run("mute", "term", "blockchain")
    before = run("profile").stdout
    assert "1 like, 0 dislikes, 1 weaker sign\n" in before
    done = run("profile", "--reset", "--yes")
    assert (done.stdout, done.stderr) == ("reset  the profile\n", "'readlist undo' takes it back\n")
    assert run("profile").stdout == (
        "counts  0 likes, 0 dislikes, 0 weaker signs\n"
        "reset   2026-11-23 09:30; what was before does not count\n"
    )
    assert run("list", "--rating", "like").stdout.startswith("1  ")
    assert run("undo").stdout == "undid: reset, 2026-11-23 09:30  the profile\n"
    assert run("profile").stdout == before


def test_a_reset_asks_where_somebody_can_answer(
    run: Run, filled: Library, monkeypatch: pytest.MonkeyPatch
):
    run("pin", "author", "Ann Ode")
    done = run("profile", "--reset")
    assert done.exit_code == 2
    assert done.stderr.endswith("there is no terminal; add --yes\n")
    tty = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(profile, "sys", SimpleNamespace(stdin=tty))
    assert run("profile", "--reset", stdin="n\n").stderr.endswith("the profile is as it was\n")
    assert len(filled.leanings()) == 1
    assert run("profile", "--reset", stdin="y\n").stdout == "reset  the profile\n"
    assert filled.leanings() == []


@pytest.mark.parametrize("options", [["--yes"], ["--reset", "--yes", "--json"]])
def test_options_that_do_not_go_together(run: Run, library: Library, options: list[str]):
    assert run("profile", *options).exit_code == 2
    assert library.history() == []


def test_what_was_learned_is_told_by_kind_with_its_sign(run: Run, filled: Library):
    add(filled, paper("Rest Is Not All You Need", authors=("Ann Ode",), categories=("cs.LG",)))
    run("like", 1)
    run("dislike", 2)
    assert "learned" not in run("profile").stdout
    run("picks")
    done = run("profile")
    assert "\nlearned author    Ode, Ann +0." in done.stdout
    assert "\nlearned category  cs.LG +0." in done.stdout
    assert "\nlearned venue     Annals of Rest -0." in done.stdout
    assert "\nlearned term      " in done.stdout
    assert "train" not in done.stderr
    weights = json.loads(run("profile", "--json").stdout)["learned"]["weights"]
    assert {"author", "category", "venue", "term"} == {each["kind"] for each in weights}
    run("like", 3)
    assert "'readlist train' learns that, too" in run("profile").stderr
    assert json.loads(run("profile", "--json").stdout)["learned"]["current"] is False
    assert max(map(len, run("profile", columns=50).stdout.splitlines())) <= 50


def test_an_empty_profile_says_what_to_do(run: Run):
    assert "'readlist pin author NAME'" in run("profile").stderr


def test_the_profile_and_the_history_as_json(run: Run, filled: Library):
    run("dislike", 2)
    run("mute", "term", "blockchain")
    run("unmute", "term", "blockchain")
    run("undo")
    run("profile", "--reset", "--yes")
    run("pin", "author", "Ann Ode")
    moment = "2026-11-23T09:30:00Z"
    assert json.loads(run("profile", "--json").stdout) == {
        "likes": 0,
        "dislikes": 0,
        "weaker": 0,
        "interests": [],
        "reset": moment,
        "learned": None,
        "leanings": [{"kind": "author", "name": "Ann Ode", "stance": 1, "at": moment}],
    }
    acts = json.loads(run("history", "--json").stdout)
    assert [(a["what"], a["id"], a["field"], a["before"], a["after"]) for a in acts] == [
        ("pinned", None, "author", None, "Ann Ode"),
        ("reset", None, "reset", None, None),
        ("undo unmuted", None, "term", None, "blockchain"),
        ("unmuted", None, "term", "blockchain", None),
        ("muted", None, "term", None, "blockchain"),
        ("disliked", 2, "rating", None, "-1"),
    ]
    assert len({*acts[0]} ^ {*acts[-1]}) == 0


def test_leanings_are_in_the_backup_of_a_whole_library_only(
    run: Run, filled: Library, tmp_path: Path
):
    run("mute", "term", "blockchain")
    run("export", "--format", "jsonl", "-o", tmp_path / "all.jsonl")
    for part in ([1], ["--status", "new"]):
        assert "blockchain" not in run("export", "--format", "jsonl", *part).stdout.lower().replace(
            "sheep on the blockchain", ""
        )
    new = ("--library", tmp_path / "new.db")
    done = run(*new, "import", tmp_path / "all.jsonl", "--since", "2020")
    assert done.stdout.endswith(": nothing in it that fits\n")
    dry = run(*new, "import", tmp_path / "all.jsonl", "--dry-run")
    assert dry.stdout.endswith(": would be 2 added, 1 leaning\n")
    [result] = json.loads(run(*new, "import", tmp_path / "all.jsonl", "--json").stdout)
    assert (result["added"], result["leanings"]) == (2, 1)
    assert run(*new, "profile").stdout == run("profile").stdout
    assert run(*new, "import", tmp_path / "all.jsonl").stdout.endswith(": 2 unchanged\n")
    run(*new, "export", "--format", "jsonl", "-o", tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_text() == (tmp_path / "all.jsonl").read_text()


def test_triage_takes_back_leanings_too(filled: Library):
    filled.lean("term", ["blockchain"], -1, what="muted", now=NOW)
    filled.lean("author", ["Ann Ode", "Bo Li"], 1, what="pinned", now=NOW)
    filled.reset(now=NOW)
    session = triage.Session(filled, Filter(undecided=True), lambda: at(1))
    session.decide("l")
    assert session.undo().text.startswith("undid: liked ")
    assert session.undo().text == "undid: reset, 2026-11-23 09:30, the profile"
    assert session.undo().text == "undid: pinned, 2026-11-23 09:30, 2 leanings"
    assert session.undo().text == "undid: muted, 2026-11-23 09:30, term blockchain"
    assert session.undo().text == "nothing to undo"
    assert (session.entry.id, session.queue) == (1, [1, 2])
    make.rate(filled, 1, 1)
    assert session.undo().text == "undid: liked, 2026-11-23 09:31, 1  Rest Is All You Need"


def test_a_model_of_an_older_method_is_not_told(run: Run, filled: Library, monkeypatch):
    run("like", 1)
    run("picks")
    assert "\nlearned " in run("profile").stdout
    monkeypatch.setattr("readlist.learning.VERSION", "of later")
    assert "\nlearned " not in run("profile").stdout
    run("picks")
    assert "\nlearned " in run("profile").stdout

"""Notes and tags as they are given, changed and taken away."""

import sys
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from click.testing import Result

from readlist.library import Library

Run = Callable[..., Result]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets $EDITOR to a Python script that is given the `file` to edit."""

    def set_to(script: str) -> None:
        head = "import sys; from pathlib import Path; file = Path(sys.argv[1])\n"
        (tmp_path / "editor.py").write_text(head + script)
        monkeypatch.setenv("EDITOR", f"{sys.executable} {tmp_path / 'editor.py'}")

    return set_to


def test_an_empty_text_removes_the_note_and_undo_brings_it_back(run: Run, library: Library):
    make.add(library, make.paper())
    assert run("note", 1, "").stderr == "there is no note\n"
    run("note", 1, "one")
    run("note", 1, "two")
    assert library.get(1).note == "one\ntwo"
    assert run("note", 1, " ").stdout == f"note removed  1  {make.TITLE}\n"
    assert library.get(1).note == ""
    run("undo")
    assert library.get(1).note == "one\ntwo"


def test_a_note_is_edited(run: Run, library: Library, editor: Callable[[str], None]):
    make.add(library, make.paper())
    editor("file.write_text('edited')")
    run("note", 1)
    assert library.get(1).note == "edited"
    editor("")
    assert run("note", 1).stderr == "the note is as it was\n"


def test_what_was_noted_while_the_note_was_edited_is_kept(
    run: Run, library: Library, editor: Callable[[str], None]
):
    make.add(library, make.paper())
    run("note", 1, "before")
    editor(
        "import subprocess\n"
        "subprocess.run([sys.executable, '-m', 'readlist', 'note', '1', 'meanwhile'], check=True)\n"
        "file.write_text('edited')"
    )
    run("note", 1)
    assert library.get(1).note == "before\nmeanwhile\n\nedited"


@pytest.mark.parametrize("tag", ["two words", "#", "", "--x", "##x", "a\tb"])
def test_a_tag_is_one_word_wherever_it_is_given(
    run: Run, library: Library, tmp_path: Path, tag: str
):
    make.add(library, make.paper())
    (tmp_path / "refs.bib").write_text("@misc{a, title = {Another Title of Five Words}}")
    for command in (
        ("import", tmp_path / "refs.bib", "--tag", tag),
        ("tag", "--", tag, 1),
        ("list", "--tag", tag),
    ):
        done = run(*command)
        assert done.exit_code == 2
        assert "is no tag; a tag is one word" in done.stderr
    assert library.count() == 1
    assert library.tags() == {}


def test_a_hash_before_a_tag_is_not_part_of_it(run: Run, library: Library):
    make.add(library, make.paper())
    run("tag", "#llm", 1)
    assert library.get(1).tags == ("llm",)
    assert make.TITLE in run("list", "--tag", "#llm").stdout

"""What each command may load: the stable proxy for how fast it starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import make
import pytest
from make import add, paper

from readlist.library import Library

HEAVY = {"sqlite_utils", "numpy", "scipy", "sklearn", "pandas", "httpx", "bibtexparser", "rich"}
# Of the standard library what takes long, and is needed by few.
SLOW = {"asyncio", "ssl", "unittest", "email", "http", "multiprocessing"}

_RUN = """
import json, sys
from readlist.__main__ import main
sys.argv = ["readlist", *sys.argv[1:]]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
sys.stdout.flush()
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(*arguments: object) -> set[str]:
    """The modules that are loaded when a command is done."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=os.environ["HOME"],
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture
def files(tmp_path: Path, library: Library) -> Path:
    add(library, paper("Rest Is All You Need", ids="arxiv:1706.03762", abstract="We rest."))
    make.rate(library, 1, 1)
    library.close()
    (tmp_path / "page.txt").write_text(
        "Daily Papers\n\nDec 11, 2025\n\nA First Title Here\n\n"
        + "We rest, and it is enough. " * 10
        + "\n\n  • 3 authors\n·\nMay 22 1\n",
        encoding="utf-8",
    )
    (tmp_path / "records.json").write_text('[{"title": "A Title of Four Words"}]', encoding="utf-8")
    (tmp_path / "refs.ris").write_text(
        "TY  - JOUR\nTI  - A Title of Four Words\nER  - \n", encoding="utf-8"
    )
    (tmp_path / "backup.jsonl").write_text('{"title": "A Title of Four Words"}\n', encoding="utf-8")
    return tmp_path


def test_the_version_is_told_without_loading_anything():
    modules = loaded("--version")
    assert not modules & (HEAVY | SLOW)
    assert {name for name in modules if name.startswith("readlist.library")} == set()
    assert not modules & {"sqlite3", "readlist.formats", "readlist.recommend", "tomllib"}


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "list --help",
        "list",
        "list --json --sort score",
        "show 1",
        "show 1 --json",
        "search rest",
        "like 1",
        "skip 1706.03762",
        "tag llm 1",
        "note 1 enough",
        "undo",
        "triage --help",
        "history",
        "stats",
        "import page.txt",
        "import records.json",
        "import backup.jsonl",
        "import refs.ris",
        "feeds",
        "fetch --help",
        "add --help",
        "enrich --help",
        "export --format jsonl",
        "pin author Hinton",
        "unpin author Hinton",
        "profile",
        "why --help",
        "topics --help",
        "config show",
    ],
)
def test_what_is_done_all_day_loads_nothing_heavy(files: Path, command: str):
    modules = loaded(*command.split())
    assert not modules & HEAVY
    assert not modules & SLOW
    if "import" not in command:
        assert "readlist.formats.daily_papers" not in modules


def test_a_first_use_loads_what_makes_a_library_and_nothing_else(tmp_path: Path):
    modules = loaded("list")
    assert "sqlite_utils" in modules
    assert not modules & {"sklearn", "httpx", "bibtexparser"}
    assert "sqlite_utils" not in loaded("list")


def test_what_was_learned_is_told_without_loading_what_learns(files: Path):
    loaded("picks")
    assert "sklearn" not in loaded("profile")
    assert "sklearn" not in loaded("why", "1")


def test_picks_that_were_made_before_load_no_recommender(files: Path):
    assert "sklearn" in loaded("picks")
    assert not loaded("picks") & HEAVY


_FIRST = """
import sys
from datetime import UTC, date, datetime
from readlist.cli.triage import Filter, Library, Ordering, Session, body, header
from readlist.learning import Taste
with Library(sys.argv[1]) as library:
    ordering = Ordering(library.path, today=date(2026, 11, 23), taste=Taste(35), wait=1)
    session = Session(library, Filter(undecided=True), lambda: datetime.now(UTC), ordering)
    assert header(session) == ["1 / 1", "1 left"] and body(session, 80)
    print(*sys.modules)
"""


def test_the_first_paper_of_triage_waits_for_nothing_heavy(tmp_path: Path, library: Library):
    add(library, paper("Rest Is All You Need"))
    library.close()
    command = [sys.executable, "-c", _FIRST, library.path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & HEAVY

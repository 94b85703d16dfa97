"""Streams that are closed, and Ctrl-C: what was done is saved and told, and nothing else."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import make
import pytest
from click.testing import Result
from server import Reply, Service

from readlist.library import Library

Run = Callable[..., Result]
RECORDS = "".join(
    json.dumps({"title": f"A Record of Number {n}", "id": f"2401.{n:05}"}) + "\n"
    for n in range(5_000)
)


class Typing(io.BytesIO):
    """A stream at whose end Ctrl-C is pressed."""

    def read1(self, size: int | None = -1, /) -> bytes:
        if data := super().read1(-1 if size is None else size):
            return data
        raise KeyboardInterrupt


def test_ctrl_c_in_an_import_tells_what_is_saved(run: Run, library: Library):
    done = run("import", "-", "later.json", "--tag", "new", stdin=Typing(RECORDS.encode()))
    assert done.exit_code == 130
    assert done.stdout == "-: stopped: 5,000 added\n"
    assert library.count() == 5_000
    assert library.tags() == {"new": 5_000}


def test_a_full_disk_in_an_import_tells_what_is_saved(
    run: Run, library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "records.jsonl").write_text(RECORDS)
    original = Library._take

    def take(self, *arguments):
        pages = self._db.execute("PRAGMA page_count").fetchone()[0]
        if self.count():
            self._db.execute(f"PRAGMA max_page_count = {pages}")
        return original(self, *arguments)

    monkeypatch.setattr(Library, "_take", take)
    done = run("import", tmp_path / "records.jsonl")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: no space left for ")
    assert done.stdout == f"{tmp_path / 'records.jsonl'}: stopped: 2,000 added\n"
    assert library.count() == 2_000


FEEDS = """\
network.private_addresses = true
[feeds.quick]
source = "feed"
url = "http://127.0.0.1:{port}/quick"
[feeds.slow]
source = "feed"
url = "http://localhost:{port}/slow"
"""
ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom"><title>Papers</title><entry><id>1</id>
<title>A Paper That Came at Once</title><link href="https://arxiv.org/abs/1706.03762"/>
</entry></feed>"""


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n<feed"])
def test_ctrl_c_in_a_fetch_does_not_wait_for_who_is_slow(
    library: Library, service: Service, tmp_path: Path, start: bytes
):
    asked, over = threading.Event(), threading.Event()

    def slowly() -> Iterator[bytes]:
        yield start
        asked.set()
        while not over.wait(0.1):
            yield b" " if start else b""

    service.answer("/quick", ATOM)
    service.answer("/slow", Reply(raw=slowly()))
    (tmp_path / "config.toml").write_text(FEEDS.format(port=service.port))
    command = [sys.executable, "-m", "readlist", "--config", tmp_path / "config.toml", "fetch"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "quick  1 added\n"
            assert asked.wait(10)
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=10) == ("", "interrupted\n")
        finally:
            process.kill()
            over.set()
    assert process.returncode == 130
    assert library.count() == 1


def test_ctrl_c_elsewhere_is_a_word_and_the_exit_code_of_shells(run: Run, library: Library):
    make.add(library, make.paper())
    done = run("like", "-", stdin=Typing(b""))
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_ctrl_c_before_anything_began_is_no_traceback():
    script = (
        "import os, signal, sys\n"
        "sys.meta_path.insert(0, type('Pressed', (), {'find_spec': staticmethod(\n"
        "    lambda name, *_: os.kill(os.getpid(), signal.SIGINT) if name == 'click' else None)}))\n"
        "from readlist.__main__ import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -signal.SIGINT
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("import - <&-", 1, "Error: standard input is empty; nothing was imported\n"),
        ("like - <&-", 0, ""),
        ("list >&-", 0, ""),
        ("import missing.bib 2>&-", 1, ""),
        ("stats <&- >&- 2>&-", 0, ""),
        ("import - - < records.jsonl", 1, "Error: standard input is empty; nothing was imported\n"),
    ],
)
def test_streams_that_are_closed_or_at_their_end(
    library: Library, tmp_path: Path, command: str, code: int, said: str
):
    make.add(library, make.paper())
    (tmp_path / "records.jsonl").write_text('{"title": "A Record of Some Words"}')
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m readlist {command}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert (done.returncode, done.stderr) == (code, said)
    assert library.count() == 1 + ("records" in command)

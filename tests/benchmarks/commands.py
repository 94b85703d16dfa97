"""How long everyday commands take as whole processes, beside what Python needs for the same.

    python tests/benchmarks/commands.py ../shared/bench/arxiv-100k.jsonl.gz [--runs N]

Imports the file into a library of its own, likes some papers, and prints for each command the
median seconds, the median of its baseline run in turn with it, and their ratio.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from readlist.library import Filter, Library
from readlist.models import Change

CLICK = "import click"
FLOOR = "import click, sqlite3"
SKLEARN = "import sklearn.linear_model"
READLIST = [sys.executable, "-m", "readlist"]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """What it says on stderr is shown only where it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    took = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode()}")
    return took


def compare(name: str, command: list[str], baseline: str, runs: int, env: dict[str, str]) -> None:
    ours, floor = [], []
    for run in range(runs + 1):
        a, b = seconds(command, env), seconds([sys.executable, "-c", baseline], env)
        if run:  # the first one warms the disk's cache
            ours.append(a)
            floor.append(b)
    a, b = statistics.median(ours), statistics.median(floor)
    ratio = statistics.median(x / y for x, y in zip(ours, floor, strict=True))
    print(f"{name:36}{a * 1000:8.0f}{b * 1000:9.0f}{ratio:8.2f}  {baseline}")


def like(path: Path, number: int) -> None:
    """Like papers of one field, as a person would."""
    now = datetime.now(UTC)
    with Library(path) as library:
        ids = library.ids(Filter(words="quantum entanglement"), None, number)
        library.act(
            [Change(paper_id=id, field="rating", value="1") for id in ids], what="liked", now=now
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "library.db")
        env = {
            **os.environ,
            "READLIST_LIBRARY": str(path),
            "XDG_CONFIG_HOME": folder,
        }
        seconds([*READLIST, "import", str(options.file)], env)
        like(path, 200)
        first = seconds([*READLIST, "picks"], env)
        print(f"{'ms, medians':36}{'readlist':>8}{'baseline':>9}{'ratio':>8}")
        for name, arguments, baseline in (
            ("--version", ["--version"], CLICK),
            ("--help", ["--help"], CLICK),
            ("list -n 20", ["list", "-n", "20"], FLOOR),
            ("list -n 20 --sort score", ["list", "-n", "20", "--sort", "score"], FLOOR),
            ("show 500", ["show", "500"], FLOOR),
            ("search, rare words", ["search", "quantum chromodynamics"], FLOOR),
            ("search, a word in every fourth paper", ["search", "model"], FLOOR),
            ("like 500", ["like", "500"], FLOOR),
            ("picks, nothing changed", ["picks"], FLOOR),
            ("train, 200 likes, features cached", ["train"], SKLEARN),
        ):
            if name.startswith("picks"):
                seconds([*READLIST, "picks"], env)
            compare(name, [*READLIST, *arguments], baseline, options.runs, env)
        print(f"the first picks, with the features of all papers: {first:.1f} s")


main()

"""How long everyday commands take as whole processes, beside what Python needs for the same.

    python tests/benchmarks/commands.py ../shared/bench/arxiv-100k.jsonl.gz [--runs N]

Imports the file into a library of its own, rates 2,000 papers on 50 days, and prints for each command
the median milliseconds, the median of its baseline run in turn with it, and their ratio; then, of one
process alone, what features and scores take.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from readlist.learning import read_pool
from readlist.library import Filter, Library
from readlist.models import Change
from readlist.recommend.arrays import unpack_model
from readlist.recommend.features import Text, features
from readlist.recommend.model import scores
from readlist.recommend.pool import Pool

CLICK = "import click"
FLOOR = "import click, sqlite3"
NUMPY = "import click, sqlite3, scipy.sparse"
SKLEARN = "import click, sqlite3, sklearn.svm, sklearn.linear_model"
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


def compare(name: str, arguments: list[str], baseline: str, runs: int, env: dict[str, str]) -> None:
    command = [*READLIST, *arguments]
    ours, floor = [], []
    for run in range(runs + 1):
        if name == "picks after a like":
            seconds([*READLIST, "like", str(600 + run)], env)
        a, b = seconds(command, env), seconds([sys.executable, "-c", baseline], env)
        if run:  # the first one warms the disk's cache
            ours.append(a)
            floor.append(b)
    a, b = statistics.median(ours), statistics.median(floor)
    ratio = statistics.median(x / y for x, y in zip(ours, floor, strict=True))
    print(f"{name:36}{a * 1000:8.0f}{b * 1000:9.0f}{ratio:8.2f}  {baseline}")


def rate(path: Path, number: int, days: int) -> None:
    """Like papers of one field and dislike as many others, on some days, as a person would."""
    with Library(path) as library:
        liked = library.ids(Filter(words="quantum"), None, number // 2)
        others = set(library.ids(Filter(words="learning"))) - set(liked)
        disliked = sorted(others)[: len(liked)]
        for day in range(days):
            rated = (("1", liked[day::days]), ("-1", disliked[day::days]))
            changes = [
                Change(paper_id=id, field="rating", value=rating)
                for rating, ids in rated
                for id in ids
            ]
            now = datetime.now(UTC) - timedelta(days=days - day)
            library.act(changes, what="rated", now=now)


def in_process(path: Path, runs: int) -> None:
    """Medians of seconds of one processor."""
    with Library(path) as library:
        pool = read_pool(library)
        saved = library.model()
        assert saved
        model, _ = unpack_model(saved[1])
        known = Pool.of(pool.paper_ids, pool.features, model.tfidf)
        texts = [Text.of(entry.paper) for entry in library.entries(Filter(), limit=10_000)]
    for name, work in (
        (f"scores of {len(pool.paper_ids):,} papers", lambda: scores(known, model)),
        (f"features of {len(texts):,} papers", lambda: features(texts)),
    ):
        took = []
        for _ in range(runs):
            begun = time.process_time()
            work()
            took.append(time.process_time() - begun)
        print(f"{name}: {statistics.median(took):.3f} s")


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
        rate(path, 2000, 50)
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
            ("picks after a like", ["picks"], SKLEARN),
            ("train, 2,000 ratings", ["train"], SKLEARN),
            ("why 500", ["why", "500"], NUMPY),
            ("similar 500", ["similar", "500"], NUMPY),
            ("topics", ["topics"], NUMPY),
            ("evaluate, 50 days", ["evaluate"], SKLEARN),
        ):
            compare(name, arguments, baseline, options.runs, env)
        in_process(path, options.runs)
        print(f"the first picks, with the features of all papers: {first:.1f} s")


main()

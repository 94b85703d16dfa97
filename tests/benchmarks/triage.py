"""How long triage learns after a key, beside training anew.

    python tests/benchmarks/triage.py ../shared/bench/arxiv-100k.jsonl.gz [--answers N]

Imports the file into a library of its own, likes and skips some papers, and answers: what has some
words is liked, all else skipped. Prints for each length of the queue the seconds of preparation
and the ms of an answer, from the key in the library to the new order, beside a complete `fit` and
`scores` after the same answer.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from readlist.learning import Taste, read_known, read_pool, read_texts
from readlist.library import Filter, Library
from readlist.models import Change
from readlist.ordering import Ordering
from readlist.recommend.learn import fit
from readlist.recommend.model import scores

NOW = datetime.now(UTC)
TASTE = Taste(35)
LIKED = Filter(words="quantum entanglement")
COLUMNS = ("queued", "decided", "prepared, s", "median", "p95", "fit + scores", "p95")


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = act()
    return time.perf_counter() - begun, found


def decide(library: Library, id: int, liked: set[int]) -> None:
    field, value = ("rating", "1") if id in liked else ("status", "skipped")
    library.act([Change(paper_id=id, field=field, value=value)], what="said", now=NOW)


def row(library: Library, queued: int, liked: set[int], answers: int) -> list[str]:
    decided = len(library.opinions(NOW.date()))
    queue = library.queue(Filter(undecided=True))[:queued]
    ours, theirs = [], []
    with Ordering(library.path, today=NOW.date(), taste=TASTE, wait=60) as ordering:
        ordering.begin(queue)
        prepared, order = timed(ordering.prepared)
        pool = read_pool(library)
        for _ in range(answers):
            known = {each.paper_id for each in library.opinions(NOW.date())}
            decide(library, next(id for id in order.ids if id not in known), liked)
            took, order = timed(ordering.answered)
            ours.append(took)
            labels = read_known(library, NOW.date(), TASTE).labels()
            theirs.append(timed(lambda labels=labels: scores(pool, fit(pool, labels)))[0])
    print(ordering.trouble(), end="", file=sys.stderr)
    figures = [f(t) for t in (ours, theirs) for f in (statistics.median, p95)]
    return [
        f"{len(queue):,}",
        f"{decided:,}",
        f"{prepared:.1f}",
        *(f"{seconds * 1000:.0f}" for seconds in figures),
    ]


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--answers", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "library.db")
        command = [sys.executable, "-m", "readlist", "--library", path, "import", options.file]
        subprocess.run(command, check=True, capture_output=True)
        with Library(path) as library:
            read_texts(library)
            liked = set(library.ids(LIKED))
            for id in sorted(liked)[:100] + library.ids(Filter(), limit=100):
                decide(library, id, liked)
            print("".join(name.rjust(14) for name in COLUMNS))
            for queued in (300, 10_000, 100_000):
                found = row(library, queued, liked, options.answers)
                print("".join(text.rjust(14) for text in found), flush=True)


main()

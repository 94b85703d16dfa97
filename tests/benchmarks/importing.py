"""How fast papers come in, beside bare executemany of the same rows into the same tables and index.

    python tests/benchmarks/importing.py ../shared/bench/arxiv-100k.jsonl.gz

Prints rows a second of both, their ratio, that of importing the same again, and peak memory.
"""

import argparse
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from readlist.library import Library

TABLES = {
    "papers": "id",
    "identifiers": "paper_id",
    "fingerprints": "paper_id",
    "sightings": "paper_id",
}
BATCH = 2_000


def bare(source: Path, target: Path) -> float:
    """Rows a second into an empty library of the same schema."""
    with sqlite3.connect(source) as db:
        rows = {
            table: db.execute(f"SELECT * FROM {table} ORDER BY {id}").fetchall()
            for table, id in TABLES.items()
        }
    Library(target).close()
    db = sqlite3.connect(target, isolation_level=None)
    begun = time.perf_counter()
    for start in range(0, len(rows["papers"]), BATCH):
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE internals SET defer_text = 1")
        for table in TABLES:
            share = len(rows[table]) / len(rows["papers"])
            part = rows[table][int(start * share) : int((start + BATCH) * share)]
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(part[0]))})", part)
        db.execute(
            "INSERT INTO papers_text (rowid, title, abstract, authors)"
            " SELECT id, title, abstract, authors FROM papers WHERE revision > ?",
            (start,),
        )
        db.execute("UPDATE internals SET defer_text = 0")
        db.execute("COMMIT")
    return len(rows["papers"]) / (time.perf_counter() - begun)


def readlist(library: Path, file: Path) -> tuple[float, float]:
    """Seconds and peak MB of `readlist import` as a whole process."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "readlist", "--library", str(library), "import", str(file)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - begun, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder, "ours.db"), Path(folder, "bare.db")
        seconds, peak = readlist(ours, file)
        with Library(ours) as library:
            papers = library.count()
        again, _ = readlist(ours, file)
        floor = bare(ours, plain)
        print(f"{'':24}{'rows/s':>10}{'of bare':>10}")
        print(f"{'bare executemany':24}{floor:10,.0f}{1:10.2f}")
        print(f"{'readlist import':24}{papers / seconds:10,.0f}{papers / seconds / floor:10.2f}")
        print(f"{'the same once more':24}{papers / again:10,.0f}{papers / again / floor:10.2f}")
        print(f"{papers:,} papers, peak {peak:.0f} MB")


main()

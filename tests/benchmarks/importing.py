"""How fast papers come in, beside bare executemany of the same rows into the same tables and index.

    python tests/benchmarks/importing.py ../shared/bench/arxiv-100k.jsonl.gz [--snapshot | --grow N]

Prints rows a second of both, their ratio, that of importing the same again, and peak memory. With
`--snapshot` the same records in the form of arXiv's metadata snapshot, beside parsing them and
bare executemany together. With `--grow` that snapshot N times into one library, each time under
other ids and titles: how long and large the whole snapshot of 2.7 million would be.
"""

import argparse
import gzip
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from readlist import formats
from readlist.library import Library

TABLES = {
    "papers": "id",
    "identifiers": "paper_id",
    "fingerprints": "paper_id",
    "sightings": "paper_id",
}
BATCH = 2_000
SNAPSHOT = 2_700_000  # records in arXiv's metadata snapshot


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


def snapshot(source: Path, target: Path, copy: int = 0) -> None:
    """The records as arXiv's snapshot has them; each copy with ids and titles of its own."""
    with gzip.open(source, "rt", encoding="utf-8") as lines, target.open("w") as out:
        for line in lines:
            record = json.loads(line)
            day = date.fromisoformat(record["date"])
            names = [name.rpartition(" ") for name in record["authors"]]
            values = {
                "id": another(record["id"].removeprefix("arxiv:"), copy),
                "submitter": record["authors"][0] if names else None,
                "authors": ", ".join(record["authors"]),
                "title": f"{record['title']} {copy or ''}",
                "comments": None,
                "journal-ref": None,
                "doi": None,
                "report-no": None,
                "categories": " ".join(record["categories"]),
                "license": None,
                "abstract": f"  {record['abstract']}\n",
                "versions": [{"version": "v1", "created": f"{day:%a, %d %b %Y} 19:18:42 GMT"}],
                "update_date": day.isoformat(),
                "authors_parsed": [[family, given, ""] for given, _, family in names],
            }
            out.write(json.dumps(values) + "\n")


def another(arxiv: str, copy: int) -> str:
    """The id of a copy, some years later."""
    return f"{(int(arxiv[:2]) + 3 * copy) % 100:02}{arxiv[2:]}"


def parsing(file: Path) -> float:
    """Seconds to read the file into papers."""
    begun = time.perf_counter()
    with file.open("rb") as stream:
        origin = formats.Origin(name="file", place="file", today=date(2026, 11, 23))
        for _ in formats.read(stream, origin).items:
            pass
    return time.perf_counter() - begun


def readlist(library: Path, file: Path) -> tuple[float, float]:
    """Seconds and peak MB of `readlist import` as a whole process; what it says on stderr is shown
    only where it fails.
    """
    begun = time.perf_counter()
    command = [sys.executable, "-m", "readlist", "--library", str(library), "import", str(file)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    took = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode()}")
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def grow(source: Path, copies: int) -> None:
    print(f"{'papers':>10}{'rows/s':>10}{'bytes each':>12}{'peak MB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        file, ours = Path(folder, "snapshot.json"), Path(folder, "ours.db")
        papers, whole = 0, 0.0
        for copy in range(copies):
            snapshot(source, file, copy)
            seconds, peak = readlist(ours, file)
            whole += seconds
            with Library(ours) as library:
                new, papers = library.count() - papers, library.count()
            size = ours.stat().st_size / papers
            print(f"{papers:10,}{new / seconds:10,.0f}{size:12,.0f}{peak:10.0f}", flush=True)
        ratio = SNAPSHOT / papers
        print(f"{SNAPSHOT:,}: {whole * ratio / 60:.0f} minutes, {size * SNAPSHOT / 1e9:.1f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--snapshot", action="store_true")
    parser.add_argument("--grow", type=int, metavar="N", default=0)
    asked = parser.parse_args()
    if asked.grow:
        grow(asked.file, asked.grow)
        return
    with tempfile.TemporaryDirectory() as folder:
        file, ours, plain = asked.file, Path(folder, "ours.db"), Path(folder, "bare.db")
        if asked.snapshot:
            file = Path(folder, "snapshot.json")
            snapshot(asked.file, file)
        seconds, peak = readlist(ours, file)
        with Library(ours) as library:
            papers = library.count()
        again, _ = readlist(ours, file)
        floor = papers / bare(ours, plain) + (parsing(file) if asked.snapshot else 0)
        name = "parsing, bare executemany" if asked.snapshot else "bare executemany"
        print(f"{'':26}{'rows/s':>10}{'of bare':>10}")
        for what, took in ((name, floor), ("readlist import", seconds), ("the same again", again)):
            print(f"{what:26}{papers / took:10,.0f}{floor / took:10.2f}")
        size = ours.stat().st_size / papers
        print(f"{papers:,} papers, {size:,.0f} bytes each, peak {peak:.0f} MB")


main()

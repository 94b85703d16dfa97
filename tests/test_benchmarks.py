"""The benchmark of recommendations, on data so small that only its form can be told."""

import csv
import gzip
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from recommend.toy import text

SCRIPT = Path(__file__).parent / "benchmarks" / "recommend.py"
METHODS = {
    "readlist",
    "readlist-picks",
    "random",
    "newest",
    "mean of likes",
    "arxiv-sanity-lite",
    "zotero-arxiv-daily",
}


def table(file: Path, rows: Iterable[Mapping[str, object]]) -> None:
    rows = list(rows)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0], delimiter="\t")
        writer.writeheader()
        writer.writerows(rows)


def corpus(file: Path, years: Iterable[int]) -> None:
    with gzip.open(file, "wt", encoding="utf-8") as out:
        for topic in ("stars", "cells", "prices"):
            for number, year in enumerate(years):
                said = text(topic, number)
                about = {"id": f"{topic}{number}", "year": year, "title": said.title}
                # What is rare, but not too rare for arxiv-sanity-lite.
                abstract = f"{said.abstract} Series{number % 10}."
                out.write(json.dumps(about | {"abstract": abstract}) + "\n")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two researchers, one library and one review of papers of three topics."""
    years = [2019] * 20 + [2022] * 20
    for name in ("papers", "libraries-papers", "arxiv-100k", "screening-papers"):
        corpus(tmp_path / f"{name}.jsonl.gz", years if name != "arxiv-100k" else [])
    table(
        tmp_path / "interests.tsv",
        (
            {"user": user, "paper": f"{user}{n}", "year": years[n], "split": split}
            for user in ("stars", "cells")
            for n, split in [
                *((n, "train") for n in range(10)),
                *((n, "test") for n in range(20, 30)),
            ]
        ),
    )
    table(
        tmp_path / "libraries.tsv",
        ({"user": "l00", "paper": f"cells{n}", "added": f"2024-01-{n + 1:02}"} for n in range(12)),
    )
    table(
        tmp_path / "screening.tsv",
        (
            {"user": "r00", "paper": f"{topic}{n}", "label": int(topic == "stars")}
            for n in range(20)
            for topic in ("stars", "cells", "prices")
        ),
    )
    return tmp_path


def test_each_method_is_measured_in_each_benchmark(data: Path):
    out = data / "rows.json"
    rivals = sorted(METHODS - {"readlist", "readlist-picks"})
    command = [sys.executable, SCRIPT, "--data", data, "--starts", "1", "--json", out]
    done = subprocess.run(
        [*map(str, command), "--rivals", *rivals, "arrival", "readlist without dislikes"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(out.read_text(encoding="utf-8"))
    keys = ["benchmark", "method", "likes", "metric", "mean", "low", "high", "users"]
    assert all(list(row) == keys for row in rows)
    measures = {"auc", "ndcg@10", "ndcg@100", "recall@100", "top5of300"}
    for name, users in (("interests", 2), ("libraries", 1)):
        found = {
            (row["method"], row["likes"], row["metric"])
            for row in rows
            if row["benchmark"] == name and row["users"] == users
        }
        assert found == {(m, n, x) for m in METHODS for n in (5, 20, "all") for x in measures}
    mean = {tuple(row[key] for key in keys[:4]): row["mean"] for row in rows}
    assert mean["interests", "readlist", 5, "auc"] > 0.8 > mean["interests", "random", 5, "auc"]
    assert mean["screening", "readlist", 1, "recall@50%"] == 1
    assert mean["screening", "arrival", 1, "recall@50%"] < 0.7
    assert {row["method"] for row in rows if row["benchmark"] == "screening"} == {
        "readlist",
        "readlist without dislikes",
        "arrival",
        "arxiv-sanity-lite",
    }


def test_a_benchmark_without_its_file_is_left_out(data: Path):
    for name in ("interests", "screening"):
        (data / f"{name}.tsv").unlink()
    command = [sys.executable, SCRIPT, "--data", data, "--rivals", "random"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
    assert "interests is left out: there is no interests.tsv" in done.stdout
    assert "libraries, 5 likes, 1 users" in done.stdout

"""How well readlist ranks what people turned out to want, beside what they could use instead.

    python tests/benchmarks/recommend.py --data ../shared/bench [--only interests] [--users N]
        [--seed S] [--starts N] [--rivals NAME...] [--json FILE]

`interests`: what researchers wrote up to 2020 is what they like, what they wrote later is wanted
among all papers of 2021 on. `libraries`: the first 60% of a personal library by date are liked, the
rest is wanted among all others; texts alone are known, since facts would give away whence a paper
is. `screening`: papers of a review are put to a person one by one, from one like and one dislike
on; all of it takes two hours. A benchmark whose file is not in the directory is left out. Means
over users with 95% intervals.
"""

import argparse
import csv
import gzip
import json
import multiprocessing
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import screening
from measures import interval, measure
from numpy.typing import NDArray
from rivals import RIVALS, arxiv_sanity_features
from scipy.sparse import csr_matrix

from readlist.models import Opinion, Status
from readlist.recommend import CANDIDATES, WANTED
from readlist.recommend.choose import Best, put_forward
from readlist.recommend.features import Text, features
from readlist.recommend.labels import labels
from readlist.recommend.learn import fit
from readlist.recommend.model import scores
from readlist.recommend.pool import Pool

LIKES = (5, 20, "all")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Corpus(NamedTuple):
    """Papers, by row: what readlist and its rivals make of their texts, and their years."""

    row: dict[str, int]
    pool: Pool
    tfidf: csr_matrix
    year: NDArray[np.int32]


class User(NamedTuple):
    """`likes` are rows, the oldest first; `wanted` says of each candidate whether it is."""

    name: str
    likes: NDArray[np.intp]
    candidates: NDArray[np.intp]
    wanted: NDArray[np.bool_]


Rank = Callable[[Corpus, NDArray[np.intp], NDArray[np.intp]], NDArray[np.floating]]


def corpus(*files: Path, facts: Sequence[str]) -> Corpus:
    """`facts`: what readlist may know beside the texts."""
    papers = [paper for file in files for paper in records(file)]
    texts = [(paper["title"], paper.get("abstract") or "") for paper in papers]
    ids = np.arange(1, len(papers) + 1)
    years = [int(str(paper.get("year") or paper.get("date") or "0")[:4] or 0) for paper in papers]
    return Corpus(
        {paper["id"]: row for row, paper in enumerate(papers)},
        Pool.of(ids, features(_text(paper, facts) for paper in papers)),
        arxiv_sanity_features([f"{title} {abstract}" for title, abstract in texts]),
        np.array(years, np.int32),
    )


def records(file: Path) -> Iterator[dict]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _text(paper: dict, facts: Sequence[str]) -> Text:
    known = {name: paper[name] for name in facts if paper.get(name)}
    return Text(paper["title"], paper.get("abstract") or "", **known)


def interests(data: Path) -> tuple[Corpus, list[User]]:
    known = corpus(data / "papers.jsonl.gz", facts=("venue", "categories"))
    candidates = np.flatnonzero(known.year >= 2021)
    papers: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(data / "interests.tsv"):
        papers[row["user"]][row["split"]].append((int(row["year"]), known.row[row["paper"]]))
    users = []
    for name, split in sorted(papers.items()):
        likes = np.array([row for _, row in sorted(split["train"])])
        later = [row for _, row in split["test"]]
        users.append(User(name, likes, candidates, np.isin(candidates, later)))
    return known, users


def libraries(data: Path, facts: Sequence[str] = ()) -> tuple[Corpus, list[User]]:
    """With any facts only the papers of libraries are candidates: those of arXiv have others."""
    files = [data / "libraries-papers.jsonl.gz", data / "arxiv-100k.jsonl.gz"]
    known = corpus(*files[: 1 if facts else 2], facts=facts)
    papers: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in _rows(data / "libraries.tsv"):
        papers[row["user"]].append((row["added"], known.row[row["paper"]]))
    users = []
    for name, added in sorted(papers.items()):
        rows = np.array([row for _, row in sorted(added)])
        likes, later = np.split(rows, [round(0.6 * len(rows))])
        candidates = np.setdiff1d(np.arange(len(known.year)), likes)
        users.append(User(name, likes, candidates, np.isin(candidates, later)))
    return known, users


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def some(users: list[User], count: int, seed: int) -> list[User]:
    """So many of the users, drawn by the seed; all for 0."""
    if not count or count >= len(users):
        return users
    chosen = np.random.default_rng(seed).choice(len(users), count, replace=False)
    return [users[n] for n in sorted(chosen)]


def readlist(known: Corpus, likes: NDArray[np.intp], candidates: NDArray[np.intp]) -> NDArray:
    liked = [Opinion(int(row) + 1, Status.NEW, 1, NOW) for row in likes]
    model = fit(known.pool, labels(liked, NOW))
    return scores(known.pool, model)[candidates]


def as_picked(
    known: Corpus, likes: NDArray[np.intp], candidates: NDArray[np.intp], scored: NDArray
) -> NDArray:
    """The scores that rank as 100 picks do, 10 of which explore, and then the rest."""
    best = np.argsort(-scored, kind="stable")[:CANDIDATES]
    liked = known.pool.vectors(likes)
    ranking = Best(known.pool.vectors(candidates[best]), scored[best])
    chosen, new = put_forward(ranking, liked[-WANTED:], liked, 100, 0.1, NOW.date())
    ranked = scored.copy()
    ranked[best[chosen + new]] = scored.max() + np.arange(len(chosen + new), 0, -1)
    return ranked


def _rival(name: str) -> Rank:
    rank = RIVALS[name]
    return lambda known, likes, candidates: rank(known.tfidf, likes, candidates, known.year)


BENCHMARKS = {"interests": interests, "libraries": libraries}


def run(name: str, data: Path, count: int, seed: int, rivals: list[str]) -> list[dict]:
    known, users = BENCHMARKS[name](data)
    users = some(users, count, seed)
    methods: dict[str, Rank] = {"readlist": readlist} | {rival: _rival(rival) for rival in rivals}
    rows = []
    for number in LIKES:
        found: dict[str, list[dict[str, float]]] = defaultdict(list)
        took: dict[str, float] = defaultdict(float)
        for user in users:
            likes = user.likes if number == "all" else user.likes[-number:]
            for method, rank in methods.items():
                begun = time.perf_counter()
                scored = rank(known, likes, user.candidates)
                took[method] += time.perf_counter() - begun
                found[method].append(measure(scored, user.wanted))
                if method == "readlist":
                    picked = as_picked(known, likes, user.candidates, scored)
                    found["readlist-picks"].append(measure(picked, user.wanted))
        grown = {m: megabytes(r, known, likes, user.candidates) for m, r in methods.items()}
        rows += _table(name, number, found, took, grown)
    return rows


def megabytes(rank: Rank, known: Corpus, likes: NDArray[np.intp], candidates: NDArray) -> float:
    """What ranking takes at most beyond what is loaded, in a process of its own."""
    fork = multiprocessing.get_context("fork")
    grown = fork.Value("q")

    def child() -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rank(known, likes, candidates)
        grown.value = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    process = fork.Process(target=child)
    process.start()
    process.join()
    return grown.value / 1024


def _table(name: str, likes: int | str, found: dict, took: dict, grown: dict) -> list[dict]:
    rows = []
    metrics = list(found["readlist"][0])
    print(f"\n{name}, {likes} likes, {len(found['readlist'])} users")
    heads = "".join(f"{metric:>22}" for metric in metrics)
    print(f"{'':20}{heads}{'s/user':>8}{'MB':>6}")
    for method, results in found.items():
        line = f"{method:20}"
        for metric in metrics:
            mean, low, high = interval(np.array([result[metric] for result in results]))
            line += f"{mean:8.3f} ({low:.3f}-{high:.3f})"
            about = {"benchmark": name, "method": method, "likes": likes, "metric": metric}
            rows.append(about | {"mean": mean, "low": low, "high": high, "users": len(results)})
        if method in took:
            line += f"{took[method] / len(results):8.2f}{grown[method]:6.0f}"
        print(line)
    for method, results in found.items():
        if method != "readlist":
            for metric in ("ndcg@100", "auc"):
                pairs = zip(found["readlist"], results, strict=True)
                gained = np.array([ours[metric] - theirs[metric] for ours, theirs in pairs])
                mean, low, high = interval(gained)
                print(f"{metric} above {method}: {mean:+.3f} ({low:+.3f} to {high:+.3f})")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=[*BENCHMARKS, "screening"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--users", type=int, default=0, help="so many, drawn by --seed; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--starts", type=int, default=10, help="of each user of screening")
    every = [*RIVALS, *screening.RIVALS]
    parser.add_argument("--rivals", nargs="*", choices=every, default=every)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = []
    for name in [asked.only] if asked.only else [*BENCHMARKS, "screening"]:
        if not (asked.data / f"{name}.tsv").exists():
            print(f"{name} is left out: there is no {name}.tsv")
        elif name == "screening":
            rivals = [rival for rival in screening.RIVALS if rival in asked.rivals]
            rows += screening.run(asked.data, asked.users, asked.seed, asked.starts, rivals)
        else:
            rivals = [rival for rival in RIVALS if rival in asked.rivals]
            rows += run(name, asked.data, asked.users, asked.seed, rivals)
        if asked.json:  # what is done is kept, should the rest be broken off
            asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":  # processes of screening import this
    main()

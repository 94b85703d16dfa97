"""Replays of how people screened papers for reviews: explicit likes and dislikes, from one of each.

Ten starts of 17 reviews are 205,000 answers a method, and a fit after each: at 35 ms of one core
that is an hour on two. ASReview's end with the last like, and take half of that.
"""

import csv
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from measures import interval
from numpy.typing import NDArray
from replays import (
    PICKS,
    Calibrate,
    Rank,
    Rows,
    Triage,
    Wanted,
    daily,
    measure,
    measure_shown,
    reliability,
    replay,
    starts,
)
from rivals import arxiv_sanity, arxiv_sanity_features
from threadpoolctl import threadpool_limits

from readlist.models import Opinion, Status
from readlist.recommend.calibration import calibrate
from readlist.recommend.features import Text, features
from readlist.recommend.labels import Labels, labels
from readlist.recommend.learn import fit
from readlist.recommend.model import scores
from readlist.recommend.pool import Pool

Texts = list[tuple[str, str]]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMPARED = ("wss@95", "recall@10%")
PRINTED = ("wss@95", "recall@10%", "recall@25%", "recall@50%", "auc@10%", "auc@25%")


class Pile(NamedTuple):
    """The papers of one review: titles with abstracts, and which of them were wanted."""

    texts: Texts
    wanted: Wanted


class Replayed(NamedTuple):
    """Of one replay: what was measured, and the papers as they were shown in the triage and, where
    probabilities are stated, as picks of a day.
    """

    found: dict[str, float]
    triage: Triage
    picks: Triage | None
    seconds: float


@cache
def piles(data: Path) -> dict[str, Pile]:
    with gzip.open(data / "screening-papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = {paper["id"]: paper for paper in map(json.loads, lines)}
    decisions = defaultdict(list)
    with (data / "screening.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            decisions[row["user"]].append((papers[row["paper"]], row["label"] == "1"))
    return {
        user: Pile(
            [(paper["title"], paper.get("abstract") or "") for paper, _ in decided],
            np.array([wanted for _, wanted in decided]),
        )
        for user, decided in sorted(decisions.items())
    }


def readlist(texts: Texts, a_day: int = 0) -> tuple[Rank, Calibrate | None]:
    """With so many decisions a day, or all of them on one."""
    pool = Pool.of(np.arange(1, len(texts) + 1), features(Text(*text) for text in texts))

    def known(rows: Rows, liked: Wanted) -> Labels:
        days = [NOW + timedelta(days=n // a_day if a_day else 0) for n in range(len(rows))]
        said = zip(rows.tolist(), liked.tolist(), days, strict=True)
        opinions = [Opinion(row + 1, Status.NEW, 1 if y else -1, day) for row, y, day in said]
        return labels(opinions, days[-1])

    def rank(rows: Rows, liked: Wanted) -> NDArray:
        return scores(pool, fit(pool, known(rows, liked)))

    def stating(rows: Rows, liked: Wanted) -> Callable[[NDArray], NDArray] | None:
        calibration = calibrate(pool, known(rows, liked))
        return np.vectorize(calibration.probability) if calibration else None

    return rank, stating


def without_dislikes(texts: Texts) -> tuple[Rank, Calibrate | None]:
    rank, _ = readlist(texts)
    return lambda rows, liked: rank(rows[liked], liked[liked]), None


def arrival(texts: Texts) -> tuple[Rank, Calibrate | None]:
    """As the files are: those of several reviews begin with what was wanted."""
    return lambda _rows, _liked: -np.arange(len(texts)), None


def arxiv_sanity_lite(texts: Texts) -> tuple[Rank, Calibrate | None]:
    """It makes no use of dislikes, so what it thinks only changes with a like."""
    features = arxiv_sanity_features([f"{title} {abstract}" for title, abstract in texts])

    @lru_cache(maxsize=1)
    def ranked(likes: tuple[int, ...]) -> NDArray:
        return arxiv_sanity(features, np.array(likes), np.arange(len(texts)), None)

    return lambda rows, liked: ranked(tuple(rows[liked].tolist())), None


def asreview(texts: Texts) -> tuple[Rank, Calibrate | None]:
    """What `asreview simulate` does by default: in version 3 its model ELAS u4, which is TF-IDF of
    1–2-grams and LinearSVC C=0.11 with dislikes weighing 1/9.8 of the likes, trained on what is
    decided only. Its `Simulate` with these parts shows papers in the very same order, but for equal scores.
    """
    with TemporaryDirectory() as nowhere, chdir(nowhere):  # importing it leaves a file where one is
        from asreview.learner import ActiveLearningCycle
        from asreview.models.models import get_ai_config
        from pandas import DataFrame

    cycle = ActiveLearningCycle.from_meta(get_ai_config()["value"])
    cycle.classifier.set_params(random_state=0)
    features = cycle.transform(DataFrame(texts, columns=["title", "abstract"]))

    def rank(rows: Rows, liked: Wanted) -> NDArray:
        cycle.fit(features[rows], liked.astype(int))
        return cycle.classifier.decision_function(features)

    return rank, None


RIVALS = {
    "readlist without dislikes": without_dislikes,
    "arrival": arrival,
    "arxiv-sanity-lite": arxiv_sanity_lite,
    "asreview": asreview,
}
METHODS = {"readlist": readlist, **RIVALS}


@lru_cache(maxsize=2)
def _prepared(method: str, data: Path, user: str) -> tuple[Rank, Calibrate | None]:
    return METHODS[method](piles(data)[user].texts)


@lru_cache(maxsize=2)
def _of_picks(data: Path, user: str) -> tuple[Rank, Calibrate | None]:
    return readlist(piles(data)[user].texts, PICKS)


def _replayed(method: str, data: Path, user: str, start: tuple[int, int]) -> Replayed:
    rank, stating = _prepared(method, data, user)
    begun = time.perf_counter()
    wanted = piles(data)[user].wanted
    triage = replay(wanted, start, rank, stating)
    took = time.perf_counter() - begun
    picks = daily(wanted, start, *_of_picks(data, user)) if stating else None
    found = measure(triage) | (measure_shown(picks, "of picks") if picks else {})
    return Replayed(found, triage._replace(ahead={}), picks, took)


def run(data: Path, count: int, seed: int, number: int, rivals: list[str]) -> list[dict]:
    """`number` starts of so many users, or 0 for all; one process a core, of one thread each."""
    users = list(piles(data))
    if count and count < len(users):
        chosen = np.random.default_rng(seed).choice(len(users), count, replace=False)
        users = [users[n] for n in sorted(chosen)]
    users.sort(key=lambda user: -len(piles(data)[user].wanted))  # the longest first
    jobs = [(user, at) for user in users for at in starts(user, piles(data)[user].wanted, number)]
    print(f"\nscreening, {len(users)} users, {number} starts")
    print(f"{'':26}" + "".join(f"{metric:>22}" for metric in PRINTED) + f"{'s/replay':>10}")
    rows = []
    means: dict[str, dict[str, NDArray]] = {}
    with ProcessPoolExecutor(initializer=threadpool_limits, initargs=(1,)) as processes:
        for method in ["readlist", *rivals]:
            if method == "asreview" and not find_spec("asreview"):
                print("asreview is left out: it is not installed (the extra `benchmark` has it)")
                continue
            every = zip(*jobs, strict=True)
            done = list(processes.map(_replayed, repeat(method), repeat(data), *every))
            means[method] = _means(done, number)
            rows += _table(method, means[method], done)
            if method == "readlist":
                told = done
    _calibration(means["readlist"], told)
    for method in [method for method in means if method != "readlist"]:
        for metric in COMPARED:
            mean, low, high = interval(means["readlist"][metric] - means[method][metric])
            print(f"{metric} above {method}: {mean:+.3f} ({low:+.3f} to {high:+.3f})")
    return rows


def _means(done: list[Replayed], number: int) -> dict[str, NDArray]:
    """Of each user over the starts that have the measure; nan if none has."""
    means = {}
    for metric in done[0].found:
        found = np.reshape([one.found[metric] for one in done], (-1, number))
        known = (~np.isnan(found)).sum(axis=1)
        means[metric] = np.where(known, np.nansum(found, axis=1) / np.maximum(known, 1), np.nan)
    return means


def _table(method: str, means: dict[str, NDArray], done: list[Replayed]) -> list[dict]:
    rows = []
    for metric, by_user in means.items():
        if len(known := by_user[~np.isnan(by_user)]):
            mean, low, high = interval(known)
            about = {"benchmark": "screening", "method": method, "likes": 1, "metric": metric}
            rows.append(about | {"mean": mean, "low": low, "high": high, "users": len(known)})
    line = f"{method:26}"
    found = {row["metric"]: "{mean:.3f} ({low:.3f}-{high:.3f})".format_map(row) for row in rows}
    for metric in PRINTED:
        line += f"{found.get(metric, ''):>22}"
    print(line + f"{np.mean([one.seconds for one in done]):10.2f}", flush=True)
    return rows


def _calibration(means: dict[str, NDArray], done: list[Replayed]) -> None:
    """Of papers as they are shown, from when a probability is stated, and of all undecided."""
    print("\nBrier score, beside that of the share of likes so far; that of 0.5 is 0.25")
    for metric, by_user in means.items():
        if metric.startswith("brier") and not np.isnan(by_user).all():
            both = ~np.isnan(by_user)
            texts = [
                "{:.3f} ({:.3f}-{:.3f})".format(*interval(found[both]))
                for found in (by_user, means[f"share's {metric}"])
            ]
            print(f"{metric:20}{texts[0]:>22}{texts[1]:>22}")
    _reliability("picks of a day", [one.picks for one in done if one.picks])
    _reliability("the next of a pile that is decided whole", [one.triage for one in done])


def _reliability(name: str, shown: list[Triage]) -> None:
    stated = np.concatenate([one.stated for one in shown])
    liked = np.concatenate([one.liked for one in shown])
    print(f"\n{name}: number, mean probability stated, share liked")
    for number, mean, share in reliability(stated, liked):
        print(f"{number:>10}{mean:8.3f}{share:8.3f}")
    print()

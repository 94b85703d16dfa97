"""What was chosen on data, beside what else could have been: hashing, facts, half-life, interests.

    python tests/benchmarks/choices.py --data ../shared/bench [--users N] [--seed S]

nDCG@100 as in `recommend.py`, means over users with 95% intervals of the difference to what is
shipped (the first line of each table).
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from zlib import crc32

import numpy as np
from measures import interval, measure
from numpy.typing import NDArray
from recommend import Corpus, User, interests, libraries, records, some
from scipy.sparse import csr_matrix, hstack

from readlist.models import Opinion, Status
from readlist.recommend import CANDIDATES
from readlist.recommend.features import Text, terms
from readlist.recommend.grouping import interests_of
from readlist.recommend.labels import HALF_LIFE, labels
from readlist.recommend.learn import fit
from readlist.recommend.model import scores
from readlist.recommend.picks import diversify
from readlist.recommend.pool import AUTHORS, FACTS, TERMS, Pool, Tfidf

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIKES = 20

Rows = NDArray[np.intp]
Ranked = Callable[[User], NDArray[np.floating]]


def ranked(pool: Pool, opinions: list[Opinion], half_life: float = HALF_LIFE) -> NDArray:
    last = max(opinion.at for opinion in opinions if opinion.at)
    return scores(pool, fit(pool, labels(opinions, last, half_life)))


def said(rows: Rows, rating: int = 1) -> list[Opinion]:
    return [Opinion(int(row) + 1, Status.NEW, rating, NOW) for row in rows]


def table(title: str, users: list[User], methods: dict[str, Ranked]) -> None:
    print(f"\n{title}, {len(users)} users")
    found = {
        name: np.array([measure(rank(user), user.wanted)["ndcg@100"] for user in users])
        for name, rank in methods.items()
    }
    shipped = next(iter(found.values()))
    for name, values in found.items():
        mean, low, high = interval(values - shipped)
        print(f"{name:40}{values.mean():8.3f}{mean:+9.3f} ({low:+.3f} to {high:+.3f})")


def hashing(known: Corpus, users: list[User], file: Path) -> None:
    """Columns that terms share by chance, beside a vocabulary of as many of the commonest terms."""
    texts = (Text(paper["title"], paper.get("abstract") or "") for paper in records(file))
    rows = [{crc32(term.replace(" ", "").encode()) for term in terms(text)} for text in texts]
    every = np.fromiter(chain.from_iterable(rows), np.uint32)
    ends = np.cumsum([0, *map(len, rows)])
    values, papers = np.unique(every, return_counts=True)
    common = np.sort(values[np.argsort(-papers, kind="stable")[:TERMS]])
    print(f"\n{len(values):,} terms, of which {np.sum(papers > 1):,} in two papers or more")

    def as_columns(columns: NDArray, held: NDArray) -> Ranked:
        shape = (len(rows), TERMS)
        found = csr_matrix((held.astype(np.uint8), columns.astype(np.int32), ends), shape=shape)
        found.eliminate_zeros()
        found.sum_duplicates()
        found.data[:] = 1
        whole = hstack([found, known.pool.features[:, TERMS:]], format="csr")
        pool = Pool.of(known.pool.paper_ids, whole)
        return lambda user: ranked(pool, said(user.likes[-LIKES:]))[user.candidates]

    place = np.searchsorted(common, every)
    held = common[np.minimum(place, len(common) - 1)] == every
    everywhere = np.ones(len(every), np.bool_)
    methods = {
        "hashed to 2**20 columns": as_columns(every % TERMS, everywhere),
        "hashed to 2**18": as_columns(every % 2**18, everywhere),
        "a vocabulary of 2**20 terms": as_columns(np.where(held, place, 0), held),
    }
    table("hashing", users, methods)


def facts(known: Corpus, users: list[User]) -> None:
    """Each kind of fact left out: authors, then categories and venues."""

    def but(first: int, number: int) -> Ranked:
        weight = known.pool.tfidf.weight.copy()
        weight[first : first + number] = 0
        tfidf = Tfidf(known.pool.tfidf.idf, known.pool.tfidf.pivot)
        tfidf.__dict__["weight"] = weight
        pool = Pool.of(known.pool.paper_ids, known.pool.features, tfidf)
        return lambda user: ranked(pool, said(user.likes[-LIKES:]))[user.candidates]

    methods = {
        "all facts": but(0, 0),
        "without authors": but(TERMS, AUTHORS),
        "without categories and venues": but(TERMS + AUTHORS, FACTS),
        "without both": but(TERMS, AUTHORS + FACTS),
    }
    table("facts", users, methods)


def half_lives(known: Corpus, users: list[User], added: dict[int, dict[int, datetime]]) -> None:
    """How fast likes fade: of each library all likes, with the days on which they were added."""

    def fading(half_life: float) -> Ranked:
        def rank(user: User) -> NDArray:
            days = added[int(user.name[1:])]
            likes = [Opinion(int(row) + 1, Status.NEW, 1, days[int(row)]) for row in user.likes]
            return ranked(known.pool, likes, half_life)[user.candidates]

        return rank

    tried = (HALF_LIFE, 0, 20, 35, 140, 365, 1000)
    names = {days: "no fading" if not days else f"half-life {days:g} days" for days in tried}
    table("half-life", users, {names[days]: fading(days) for days in tried})


def days_added(data: Path, known: Corpus) -> dict[int, dict[int, datetime]]:
    days: dict[int, dict[int, datetime]] = {}
    with (data / "libraries.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            at = datetime.fromisoformat(row["added"]).replace(tzinfo=UTC)
            days.setdefault(int(row["user"][1:]), {})[known.row[row["paper"]]] = at
    return days


def unlabelled(known: Corpus, users: list[User]) -> None:
    """Ten times more unlabelled papers, and one eccentric like among twenty."""
    rng = np.random.default_rng(0)

    def among(share: float) -> Ranked:
        def rank(user: User) -> NDArray:
            kept = rng.random(len(known.year)) < share
            kept[user.likes] = True
            pool = Pool.of(known.pool.paper_ids[kept], known.pool.features[kept], known.pool.tfidf)
            model = fit(pool, labels(said(user.likes[-LIKES:]), NOW))
            return scores(known.pool, model)[user.candidates]

        return rank

    def eccentric(user: User) -> NDArray:
        odd = rng.choice(np.setdiff1d(np.arange(len(known.year)), user.likes), 1)
        return ranked(known.pool, said(np.concatenate([odd, user.likes[1 - LIKES :]])))[
            user.candidates
        ]

    table(
        "unlabelled papers",
        users,
        {
            "all": among(1.0),
            "a tenth": among(0.1),
            "all, one of 20 likes another's": eccentric,
        },
    )


def mixtures(known: Corpus, users: list[User]) -> None:
    """Two users in one: how many of the first 10 and 20 picks are nearer to each of them."""
    least: dict[tuple[bool, int], list[int]] = defaultdict(list)
    pairs = list(zip(users[::2], users[1::2], strict=False))
    for one, other in pairs:
        candidates = one.candidates
        likes = np.concatenate([one.likes[-10:], other.likes[-10:]])
        both = ranked(known.pool, said(likes))
        mine, theirs = (
            ranked(known.pool, said(user.likes[-10:]))[candidates] for user in (one, other)
        )
        best = np.argsort(-both[candidates], kind="stable")[:CANDIDATES]
        vectors = known.pool.vectors(candidates[best])
        interests = interests_of(known.pool.vectors(likes), vectors)
        for dealt in (True, False):
            order = diversify(vectors, both[candidates][best], 20, interests if dealt else None)
            of_one = mine[best[order]] > theirs[best[order]]
            for number in (10, 20):
                first = of_one[:number].sum()
                least[dealt, number].append(int(min(first, number - first)))
    print(f"\nmixtures of two, {len(pairs)} pairs: picks for the one of whom there are fewer")
    for (dealt, number), found in least.items():
        none = np.mean([count == 0 for count in found])
        how = "dealt out" if dealt else "as scored"
        print(f"{number:3} {how}{np.mean(found):8.1f} on average, none in {none:.0%} of pairs")


def dislikes(known: Corpus, users: list[User]) -> None:
    """With dislikes: the ten papers, of those seen, that were ranked best and were not wanted."""

    def with_(rating: int | None) -> Ranked:
        def rank(user: User) -> NDArray:
            likes = user.likes[-LIKES:]
            before = ranked(known.pool, said(likes))
            seen = np.setdiff1d(np.arange(len(known.year)), [*user.candidates, *user.likes])
            worst = seen[np.argsort(-before[seen], kind="stable")[:10]]
            more = said(worst, rating) if rating else []
            return ranked(known.pool, said(likes) + more)[user.candidates]

        return rank

    table("dislikes", users, {"with ten dislikes": with_(-1), "without": with_(None)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--users", type=int, default=100, help="so many researchers, 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    facts(*libraries(asked.data, ("authors", "categories", "venue")))
    known, users = libraries(asked.data)
    half_lives(known, users, days_added(asked.data, known))
    known, users = interests(asked.data)
    users = some(users, asked.users, asked.seed)
    hashing(known, users, asked.data / "papers.jsonl.gz")
    facts(known, users)
    unlabelled(known, users)
    dislikes(known, users)
    mixtures(known, users)


if __name__ == "__main__":
    main()

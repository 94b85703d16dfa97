"""How fast a taste is learned from answers, by who chooses the papers that are asked about.

    python tests/benchmarks/asking.py --data ../shared/bench [--only screening] [--users N]
        [--seed S] [--starts N]

`screening`: one half of a review's papers may be asked about, from nothing known on, and AUC is that
of the other half; it is 0.5 while no like is known. `interests`: what is known first is the title of
one of a researcher's papers up to 2020, as an interest in plain words. 2,000 papers up to 2020 may
be asked about, all others of the researcher among them, which are the likes, and AUC is that of the
later papers. Means over users after 10, 20 and 40 answers, with 95% intervals of the differences to
asking at random. A model is fitted after each answer: a minute for a start of all reviews, and half
a minute a researcher.
"""

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measures import auc, interval
from numpy.typing import NDArray
from recommend import NOW, interests, some
from scipy.sparse import csr_matrix
from screening import Texts, piles

from readlist.models import Opinion, Status
from readlist.recommend.asking import ask
from readlist.recommend.features import Text, features
from readlist.recommend.labels import labels
from readlist.recommend.learn import fit
from readlist.recommend.pool import Pool, joined

ANSWERS = (10, 20, 40)
PILE = 2_000

Rows = NDArray[np.intp]
Wanted = NDArray[np.bool_]
Scores = NDArray[np.floating]
Chance = np.random.Generator
# The row to ask about, as `ask` does it with 1, and something to draw it by.
Choose = Callable[[csr_matrix, NDArray[np.int8], Scores | None, Rows, Chance], int]


class Start(NamedTuple):
    """Rows of a pool: those that may be asked about, with the answers, and those that are ranked.

    `interests` are the stances on the texts that the pool has beside papers.
    """

    pool: Pool
    asked: Rows
    likes: Wanted
    ranked: Rows
    wanted: Wanted
    interests: tuple[int, ...] = ()


def at_random(
    _vectors: csr_matrix, _kind: NDArray, _scores: Scores | None, free: Rows, chance: Chance
) -> int:
    return int(chance.choice(free))


def highest(
    _vectors: csr_matrix, _kind: NDArray, scores: Scores | None, free: Rows, chance: Chance
) -> int:
    """As triage shows them; at random while there is no model."""
    return int(chance.choice(free) if scores is None else free[scores[free].argmax()])


def asking(
    vectors: csr_matrix, kind: NDArray, scores: Scores | None, free: Rows, _chance: Chance
) -> int:
    return ask(vectors, kind, scores, free, 1)[0]


def nearest(
    vectors: csr_matrix, kind: NDArray, scores: Scores | None, free: Rows, chance: Chance
) -> int:
    """To the boundary of the machine; as `ask` does while there is no model."""
    if scores is None:
        return asking(vectors, kind, scores, free, chance)
    return int(free[np.abs(scores[free]).argmin()])


METHODS: dict[str, Choose] = {
    "at random": at_random,
    "highest score": highest,
    "ask": asking,
    "ask, then most uncertain": nearest,
}


def learned(start: Start, choose: Choose, chance: Chance) -> tuple[list[float], list[int]]:
    """AUC after so many answers as `ANSWERS` says, and how many of them were likes."""
    vectors, ranked = start.pool.vectors(start.asked), start.pool.vectors(start.ranked)
    kind = np.zeros(len(start.asked), np.int8)
    found, likes = [], []
    for answers in range(ANSWERS[-1] + 1):
        # Those drawn at random need no model until it is measured.
        known = None
        if (start.interests or (kind > 0).any()) and (
            answers in ANSWERS or choose is not at_random
        ):
            said = [
                Opinion(
                    int(start.pool.paper_ids[start.asked[row]]), Status.NEW, int(kind[row]), NOW
                )
                for row in np.flatnonzero(kind)
            ]
            known = fit(start.pool, labels(said, NOW, interests=start.interests))
        if answers in ANSWERS:
            found.append(auc(ranked @ known.weights, start.wanted) if known else 0.5)
            likes.append(int((kind > 0).sum()))
        scores = vectors @ known.weights + known.intercept if known else None
        row = choose(vectors, kind, scores, np.flatnonzero(kind == 0), chance)
        kind[row] = 1 if start.likes[row] else -1
    return found, likes


def halves(pool: Pool, wanted: Wanted, chance: Chance) -> Start:
    """Halves of what was wanted and of what was not, in no order: some reviews begin with the former."""
    kinds = [chance.permutation(np.flatnonzero(kind)) for kind in (wanted, ~wanted)]
    asked = chance.permutation(np.concatenate([rows[: (len(rows) + 1) // 2] for rows in kinds]))
    ranked = np.setdiff1d(np.arange(len(wanted)), asked)
    return Start(pool, asked, wanted[asked], ranked, wanted[ranked])


def pool_of(texts: Texts) -> Pool:
    return Pool.of(np.arange(1, len(texts) + 1), features(Text(*text) for text in texts))


def reviews(data: Path, count: int, seed: int, number: int) -> Iterator[list[Start]]:
    for user in some(list(piles(data).items()), count, seed):
        name, pile = user
        pool = pool_of(pile.texts)
        chances = (np.random.default_rng([start, *name.encode()]) for start in range(number))
        yield [halves(pool, pile.wanted, chance) for chance in chances]


def researchers(data: Path, count: int, seed: int, number: int) -> Iterator[list[Start]]:
    known, users = interests(data)
    with gzip.open(data / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    for user in some(users, count, seed):
        others = np.setdiff1d(np.flatnonzero(known.year < 2021), user.likes)
        starts = []
        for start in range(number):
            chance = np.random.default_rng([start, *user.name.encode()])
            said, *likes = chance.permutation(user.likes)
            drawn = chance.choice(others, PILE - len(likes), replace=False)
            asked = chance.permutation(np.concatenate([likes, drawn]))
            words = features([Text("", titles[said])])
            pool = Pool.of(*joined(known.pool.paper_ids, known.pool.features, words))
            liked = np.isin(asked, likes)
            starts.append(Start(pool, asked, liked, user.candidates, user.wanted, (1,)))
        yield starts


def table(title: str, users: Iterator[list[Start]]) -> None:
    """`users` have several starts each."""
    found: dict[str, list[NDArray]] = {name: [] for name in METHODS}
    for starts in users:
        for name, choose in METHODS.items():
            done = [
                learned(start, choose, np.random.default_rng(number))
                for number, start in enumerate(starts)
            ]
            found[name].append(np.mean(done, axis=0))
    chance = np.array(found["at random"])[:, 0]
    print(f"\n{title}, {len(chance)} users")
    print(
        f"{'':26}" + "".join(f"{f'AUC after {n}, above random':>34}" for n in ANSWERS) + "   likes"
    )
    for name, means in found.items():
        aucs, likes = np.moveaxis(np.array(means), 1, 0)
        line = f"{name:26}"
        for values, base in zip(aucs.T, chance.T, strict=True):
            mean, low, high = interval(values - base)
            line += f"{values.mean():11.3f}{mean:+7.3f} ({low:+.3f} to {high:+.3f})"
        print(line + "  " + "".join(f"{number:6.1f}" for number in likes.mean(axis=0)))


SETTINGS = {"screening": reviews, "interests": researchers}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=SETTINGS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--users", type=int, default=60, help="so many of each at most, 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--starts", type=int, default=5, help="of each review; a researcher has one"
    )
    asked = parser.parse_args()
    for name, users in SETTINGS.items():
        if asked.only in (None, name):
            starts = asked.starts if name == "screening" else 1
            table(name, users(asked.data, asked.users, asked.seed, starts))


if __name__ == "__main__":
    main()

"""Toy worlds: papers of topics that share no telling words, so that the answer is not debatable."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from readlist.models import Opinion, Status
from readlist.recommend.features import Text, features
from readlist.recommend.labels import labels
from readlist.recommend.learn import fit
from readlist.recommend.model import Model, scores
from readlist.recommend.pool import Pool, joined

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)

_TOPICS = {
    "stars": "galaxy orbit telescope redshift nebula pulsar quasar supernova comet eclipse",
    "cells": "protein enzyme membrane genome ribosome peptide receptor kinase antibody plasmid",
    "prices": "market inflation equity bond dividend arbitrage auction tariff currency portfolio",
}


def text(topic: str, number: int) -> Text:
    """A paper of a topic: the same one for the same number, with 8 of the topic's 10 words.

    Words of the abstract do not stand together, so that topics have no pair in common.
    """
    told = random.Random(f"{topic} {number}").sample(_TOPICS[topic].split(), 8)
    abstract = f"We study the {', the '.join(told[3:])} with a new method."
    return Text(" ".join(told[:3]), abstract)


def world(**sizes: int) -> dict[int, Text]:
    """So many papers of each topic; ids count from 1, topic by topic."""
    texts = [text(topic, number) for topic, size in sizes.items() for number in range(size)]
    return dict(enumerate(texts, start=1))


def pool_of(texts: Mapping[int, Text]) -> Pool:
    return Pool.of(np.array(list(texts), np.int64), features(texts.values()))


def rated(likes: Iterable[int] = (), dislikes: Iterable[int] = ()) -> list[Opinion]:
    return [
        Opinion(id, Status.READ, rating, NOW)
        for rating, ids in ((1, likes), (-1, dislikes))
        for id in ids
    ]


def trained(
    texts: Mapping[int, Text], opinions: Iterable[Opinion], interests: Sequence[str] = ()
) -> tuple[Pool, Model]:
    said = features(Text("", interest) for interest in interests)
    pool = Pool.of(*joined(np.array(list(texts), np.int64), features(texts.values()), said))
    return pool, fit(pool, labels(opinions, NOW, interests=[1] * len(interests)))


def scored(texts: Mapping[int, Text], opinions: Iterable[Opinion]) -> dict[int, float]:
    pool, model = trained(texts, opinions)
    return dict(zip(pool.paper_ids.tolist(), scores(pool, model).tolist(), strict=True))


def ranked(texts: Mapping[int, Text], opinions: Iterable[Opinion]) -> list[int]:
    """The papers without an opinion, best first."""
    opinions = list(opinions)
    decided = {opinion.paper_id for opinion in opinions}
    score = scored(texts, opinions)
    return sorted(score.keys() - decided, key=lambda id: (-score[id], id))

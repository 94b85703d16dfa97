"""Carries papers to be compared to the recommender, and papers like them back."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from .learning import read_pool
from .library import Filter, Library
from .models import Entry
from .recommend import similar as near
from .recommend.features import Text


class Similar(NamedTuple):
    """An entry, the cosine of its terms with what was asked for, and terms that both have."""

    entry: Entry
    similarity: float
    terms: tuple[str, ...]


def similar(
    library: Library,
    ids: Sequence[int],
    texts: Sequence[str],
    *,
    filter: Filter,
    number: int,
    progress: Callable[[int, int], None] = lambda _done, _left: None,
) -> Iterator[Similar]:
    """So many entries of a filter that are like papers and texts, the nearest first.

    The papers themselves are not among them. `progress` is told how many new papers were read
    and how many are left.
    """
    pool = read_pool(library, progress=progress)
    mean = near.asked(pool, ids, texts)
    among = set(library.ids(filter)).difference(ids)
    found = near.similar(pool, mean, among, number)
    entries = library.entries(Filter(ids=tuple(each.paper_id for each in found)))
    by_id = {entry.id: entry for entry in entries}
    for id, similarity in found:
        entry = by_id[id]
        terms = near.shared(Text.of(entry.paper), mean, pool)
        yield Similar(entry, similarity, terms)

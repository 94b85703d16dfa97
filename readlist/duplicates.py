"""Papers that only look alike, for the owner to say whether they are one. Pure.

What is surely one paper is one entry already (`ids.compatible`). Of the rest those are compared
that have a title or an abstract in common, or are near each other when sorted by their titles, read
from the front or from the end, so that the time grows with the number of papers and not with that
of all pairs (the sorted-neighbourhood method: Hernández and Stolfo, SIGMOD 1995).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from typing import NamedTuple

from . import ids

_ENOUGH = 4  # words of a title that says who a paper is
_YEARS = 3
_CROWD = 5  # papers of one title, beyond which it is a phrase as "Introduction"
_WINDOW = 12  # papers that are near each other when sorted
_ABSTRACT = 200  # letters of an abstract that are compared
_ALIKE = 0.75  # how much two words have in common of which one has a typing error
_SMALL = {"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the"}
_SMALL |= {"about", "into", "to", "using", "via", "with"}
# What stands in the title of another paper about the first, or of the next.
_TELLING = {"comment", "comments", "correction", "corrigendum", "erratum", "part", "reply"}
_TELLING |= {"response", "retraction", "supplement", "ii", "iii", "iv"}


class Look(NamedTuple):
    """What a paper looks like: `author` is the first one, `date` as in `Paper`; all may be `""`."""

    id: int
    title: str
    author: str
    date: str
    abstract: str


class Group(NamedTuple):
    """Papers that may be one, the oldest entry first, and in words why."""

    papers: tuple[int, ...]
    why: str


def groups(looks: Iterable[Look], apart: Iterable[tuple[int, int]] = ()) -> list[Group]:
    """The groups of papers that look alike, in the order of their numbers. Pairs that are `apart`,
    as (older, younger), are not in one group.
    """
    different: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        different[one].add(other)
        different[other].add(one)
    group_of: dict[int, list[int]] = {}
    why: dict[int, str] = {}
    for one, other, reason in _alike(looks):
        ours, theirs = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if ours is not theirs and all(different[id].isdisjoint(theirs) for id in ours):
            why[min(*ours, *theirs)] = why.get(min(ours)) or why.get(min(theirs)) or reason
            ours += theirs
            group_of.update(dict.fromkeys(theirs, ours))
    return [
        Group(tuple(sorted(group)), why[id])
        for id, group in sorted(group_of.items())
        if id == min(group) and len(group) > 1
    ]


class _Seen(NamedTuple):
    """A paper as it is compared: `title` and `head`, what stands before a subtitle, as words with
    a blank between, the first author's family name, the year or 0.
    """

    id: int
    title: str
    head: str
    author: str
    year: int


def _seen(look: Look) -> _Seen:
    return _Seen(
        look.id,
        " ".join(ids.words(look.title)),
        " ".join(ids.words(re.split(r"[:–—?]| - ", look.title)[0])),
        ids.family_key(look.author),
        int(look.date[:4]) if look.date else 0,
    )


def _alike(looks: Iterable[Look]) -> Iterator[tuple[int, int, str]]:
    """Pairs that look alike, and why; some of them more than once."""
    papers: list[_Seen] = []
    abstracts: dict[str, list[_Seen]] = defaultdict(list)
    titles: dict[str, list[_Seen]] = defaultdict(list)
    for look in looks:
        paper = _seen(look)
        abstract = "".join(ids.words(look.abstract[: 2 * _ABSTRACT]))[:_ABSTRACT]
        if len(abstract) == _ABSTRACT:
            abstracts[abstract].append(paper)
        if paper.title:
            titles[paper.title.replace(" ", "")].append(paper)
            papers.append(paper)
    for group in abstracts.values():
        if len(group) <= _CROWD:
            for one, other in combinations(group, 2):
                if not any(map(_tells, _not_shared(one, other))):
                    yield one.id, other.id, "the same abstract"
    for group in titles.values():
        crowd = len(group) > _CROWD
        by_author = sorted(group, key=lambda paper: paper.author)
        for one, other in pairwise(by_author) if crowd else combinations(group, 2):
            if why := _same_title(one, other, crowd=crowd):
                yield one.id, other.id, why
    for key in (lambda paper: paper.title, lambda paper: paper.title[::-1]):
        papers.sort(key=key)
        for place, one in enumerate(papers):
            for other in papers[place + 1 : place + _WINDOW]:
                if why := _near_title(one, other):
                    yield one.id, other.id, why


def _near(one: _Seen, other: _Seen) -> bool:
    return not one.year or not other.year or abs(one.year - other.year) <= _YEARS


def _same_title(one: _Seen, other: _Seen, *, crowd: bool) -> str:
    """Why two papers of one title may be one; `""` if that is unlikely."""
    by_one = one.author == other.author and one.author != ""
    by_two = one.author != "" and other.author != "" and not by_one
    if not by_one and (crowd or len(one.title.split(" ")) < _ENOUGH):
        return "" if crowd or by_two or not _near(one, other) else "the same short title"
    if by_two:
        return "the same title, other authors"
    return "the same title" if _near(one, other) else "the same title, years apart"


def _near_title(one: _Seen, other: _Seen) -> str:
    """Why two papers of different titles may be one."""
    by_one = one.author == other.author and one.author != ""
    by_two = one.author != "" and other.author != "" and not by_one
    if by_two or one.title == other.title or not _near(one, other):
        return ""
    if by_one and one.head == other.head and one.head in (one.title, other.title):
        return "the same title without a subtitle"
    if len(one.title.split(" ")) < _ENOUGH:
        return ""
    words = _not_shared(one, other)
    if any(map(_tells, words)) or not _makes_no_difference(words):
        return ""
    return "nearly the same title"


def _not_shared(one: _Seen, other: _Seen) -> list[str]:
    """The words that are in one title only, those of the first one first."""
    words, others = Counter(one.title.split(" ")), Counter(other.title.split(" "))
    return [*(words - others).elements(), *(others - words).elements()]


def _tells(word: str) -> bool:
    """Whether a title with this word is of another paper than the same without it."""
    return word in _TELLING or not word.isalpha()


def _makes_no_difference(words: list[str]) -> bool:
    """Whether what two titles do not share is nothing, small words, or almost one word."""
    if _SMALL.issuperset(words):
        return len(words) <= 2
    if len(words) != 2:
        return False
    one, other = sorted(words)
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE

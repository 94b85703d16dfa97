"""The owner's history as it was, day by day: what was known when a day began, what it brought.

Acts are of `Library.history`, their times in the owner's own zone: a day ends at the owner's
midnight. What was undone counts for nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ..models import Act, Opinion, Status
from .fallback import is_like

_BRING_IN = ("import", "add", "fetch")  # steps that mark whatever comes in
_AT_ONCE = 20  # papers skipped in one step; of more nobody has looked at each


class Day(NamedTuple):
    """What the owner decided in a day on papers that were undecided when it began.

    `decided` were so before. `aside` was decided, but not by choosing one among others: it was
    marked as it came in, or skipped with all that was left. It is learned from, and tests nothing.
    """

    day: date
    decided: Sequence[int]
    learned: bool  # a like was known when it began
    liked: Sequence[int]  # or put on the list, or read
    disliked: Sequence[int]  # or skipped
    aside: Sequence[int]


def standing(history: Sequence[Act]) -> list[Act]:
    """The ratings and decisions of a history, newest first, that still stand, oldest first."""
    return [
        act
        for act in reversed(history)
        if act.field in ("rating", "status") and act.undoes is None and not act.undone
    ]


def opinions(acts: Iterable[Act], shown: Mapping[int, date], until: date) -> list[Opinion]:
    """What the owner had done and left undone when the day `until` began.

    `acts` are standing; `shown` is the first day on which a paper was put forward.
    """
    known: dict[int, Opinion] = {}
    for act in acts:
        if act.at.date() >= until:
            break
        _learn(known, act)
    decided = {id: opinion for id, opinion in known.items() if _decided(opinion)}
    ignored = [id for id, day in shown.items() if day < until and id not in decided]
    return [*decided.values(), *(Opinion(id, Status.NEW, ignored=True) for id in ignored)]


def days(acts: Sequence[Act]) -> list[Day]:
    """The days with standing acts, in order."""
    skipped = Counter(act.step for act in acts if act.after == Status.SKIPPED)
    known: dict[int, Opinion] = {}
    found = []
    for day, of_day in groupby(acts, lambda act: act.at.date()):
        decided = {id: opinion for id, opinion in known.items() if _decided(opinion)}
        chosen: dict[int, bool] = {}
        for act in of_day:
            _learn(known, act)
            by_hand = act.what.split(" ")[0] not in _BRING_IN and skipped[act.step] <= _AT_ONCE
            chosen[act.paper_id] = by_hand or chosen.get(act.paper_id, False)
        new = [id for id in chosen if id not in decided and _decided(known[id])]
        found.append(
            Day(
                day,
                decided=tuple(decided),
                learned=any(map(is_like, decided.values())),
                liked=[id for id in new if chosen[id] and is_like(known[id])],
                disliked=[id for id in new if chosen[id] and not is_like(known[id])],
                aside=[id for id in new if not chosen[id]],
            )
        )
    return found


def _learn(known: dict[int, Opinion], act: Act) -> None:
    before = known.get(act.paper_id, Opinion(act.paper_id, Status.NEW))
    if act.field == "rating":
        after = before._replace(rating=int(act.after) if act.after else None, at=act.at)
    else:
        after = before._replace(status=Status(act.after or Status.NEW), at=act.at)
    known[act.paper_id] = after


def _decided(opinion: Opinion) -> bool:
    return opinion.status is not Status.NEW or opinion.rating is not None

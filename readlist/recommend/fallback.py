"""What to put forward before there is anything to learn from; needs no numbers at all."""

from collections.abc import Iterable, Mapping, Sequence

from ..models import Entry, Leaning, Opinion, Pick, Reason, Status


def is_like(opinion: Opinion) -> bool:
    """Whether an opinion says that the owner wants more of this, strongly or weakly."""
    kept = opinion.status in (Status.LATER, Status.READING, Status.READ)
    return opinion.rating == 1 or (opinion.rating is None and kept)


def picks(
    entries: Iterable[Entry],
    leant: Mapping[int, Sequence[Leaning]] = {},
    *,
    disliked: bool = False,
) -> list[Pick]:
    """Entries in their order, the newest and most upvoted first, as picks that say so.

    `leant` are the leanings that papers fit; those that are pinned stand before all others.
    `disliked`: the owner disliked papers, which tells little before there is a like beside it.
    """
    why = (
        "dislikes count once you like something" if disliked else "you have not liked anything yet"
    )
    return [
        Pick(
            entry=entry,
            match=None,
            probability=None,
            reasons=(*pinned(leant.get(entry.id, ())), _reason(entry, why)),
        )
        for entry in entries
    ]


def pinned(leanings: Iterable[Leaning]) -> list[Reason]:
    return [
        Reason(kind="pinned", text=f"{leaning.kind} {leaning.name}")
        for leaning in leanings
        if leaning.stance > 0
    ]


def _reason(entry: Entry, why: str) -> Reason:
    upvotes = max((s.upvotes for s in entry.paper.sightings if s.upvotes), default=0)
    text = f"{why}: the newest first"
    if upvotes:
        text += f", of a day the most upvoted ({upvotes:,})"
    return Reason(kind="fallback", text=text)

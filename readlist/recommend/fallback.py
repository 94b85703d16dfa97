"""What to put forward before there is anything to learn from; needs no numbers at all."""

from collections.abc import Iterable

from ..models import Entry, Opinion, Pick, Reason, Status


def is_like(opinion: Opinion) -> bool:
    """Whether an opinion says that the owner wants more of this, strongly or weakly."""
    kept = opinion.status in (Status.LATER, Status.READING, Status.READ)
    return opinion.rating == 1 or (opinion.rating is None and kept)


def picks(entries: Iterable[Entry], *, disliked: bool = False) -> list[Pick]:
    """Entries in their order, the newest and most upvoted first, as picks that say so.

    `disliked`: the owner disliked papers, which tells little before there is a like beside it.
    """
    why = (
        "dislikes count once you like something" if disliked else "you have not liked anything yet"
    )
    return [
        Pick(entry=entry, match=None, probability=None, reasons=(_reason(entry, why),))
        for entry in entries
    ]


def _reason(entry: Entry, why: str) -> Reason:
    upvotes = max((s.upvotes for s in entry.paper.sightings if s.upvotes), default=0)
    text = f"{why}: the newest first"
    if upvotes:
        text += f", of a day the most upvoted ({upvotes:,})"
    return Reason(kind="fallback", text=text)

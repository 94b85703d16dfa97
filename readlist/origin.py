"""Where a text comes from, for what it does not say itself."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`name` is shown in problems, `place` is kept in sightings.

    `modified` is the file's time; `page_date` the day on which a page was saved, if given.
    """

    name: str
    place: str
    today: date
    modified: datetime | None = None
    page_date: date | None = None

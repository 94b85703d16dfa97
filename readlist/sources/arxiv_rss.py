"""What arXiv announces each day in some categories, from its RSS feeds
(https://info.arxiv.org/help/rss_specifications.html).

A feed has only the announcements of its day, says which papers are new, cross-listed or replaced,
and is empty on weekends, on holidays, and when a night's announcements are late. It is cut off at
2,000 papers. Replaced papers are left out.

What a feed did not show comes from the harvest (`arxiv_oai`), not from the API. The API finds papers
by the time they were submitted, which may be months ago when they are announced or cross-listed;
the harvest finds them by the day on which that changed their records, so that harvests which
follow on each other cover everything. There is one when a working day was not seen or was empty,
when a feed was full, and otherwise each week for what a feed may have lost.

A harvest does not say what has changed, though. So of its papers those are taken that were announced
since the feed began: submitted on its first day or later, or with an id above all that were
given before. (Ids are given in order on announcement, whenever a paper was submitted.) Only an
older paper that is cross-listed on a day that was not seen cannot be told from a corrected one,
and is left out.

Options of a feed: `categories`, a list as in `["cs.LG", "stat.ML", "math"]`. It begins with what was
submitted in the last seven days.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from .. import arxiv
from ..errors import SourceError
from ..models import Paper, Problem, Sighting, Standing
from . import Page, arxiv_oai
from .client import Client, xml_of

URL = "https://rss.arxiv.org/rss/"
OPTIONS: Mapping[str, Any] = {"categories": list}

_FULL = 2_000
_WEEK = timedelta(days=7)
_FRIDAY = 4
_PREFIX = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s+(?:Abstract:\s*)?")


class Announcements(NamedTuple):
    """Those of one day in arXiv's time zone: papers that are new to arXiv or to a category.

    `total` is with the replaced ones; `built` tells one state of the feed from the next.
    """

    day: date
    built: str
    total: int
    items: list[Paper | Problem]

    @property
    def whole(self) -> bool:
        return self.day.weekday() > _FRIDAY or 0 < self.total < _FULL


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """The state has the day on which the feed begins (`begin`), the greatest id of its first
    harvest (`top`) and whether that is over (`begun`), the day up to which there is no gap
    (`day`), how the last feed was `built`, and where the `harvest` stands.
    """
    names = options["categories"]
    place = " ".join(names)
    today = parse(xml_of(client.get(URL + "+".join(names))), place, now.date())
    known = _start(state, now, since)
    items = [] if today.built == known["built"] else today.items
    known["built"] = today.built
    if not known["begun"]:
        known["top"] = max([known["top"], *map(_number, today.items)])
    if _is_enough(today, known) and not since:
        yield Page(items, known | ({"day": today.day.isoformat()} if today.whole else {}))
        return
    yield Page(items, dict(known))
    seen = (Sighting(source="arxiv", place=place, at=now.date().isoformat()),)
    sets = [arxiv_oai.set_of(name) for name in names]
    for page in arxiv_oai.harvest(client, sets, known["harvest"], now, seen):
        fresh = [item for item in page.items if _is_fresh(item, known)]
        if not known["begun"]:
            known["top"] = max([known["top"], *map(_number, page.items)])
        known["harvest"] = page.state
        if "left" not in page.state:
            known["begun"] = True
            covered = today.day if today.total else _working_day_before(today.day)
            known["day"] = covered.isoformat()
        yield Page(fresh, dict(known))


def _start(state: Mapping[str, Any], now: datetime, since: date | None) -> dict[str, Any]:
    begin = (since or now.date() - arxiv_oai.START).isoformat()
    return {
        "begin": min(state.get("begin", begin), begin) if since else state.get("begin", begin),
        "top": state.get("top", ""),
        "begun": state.get("begun", False),
        "day": state.get("day", ""),
        "built": state.get("built", ""),
        "harvest": arxiv_oai.begin(state.get("harvest", {}), now, since),
    }


def _is_enough(today: Announcements, known: Mapping[str, Any]) -> bool:
    """Whether the feed of today has all that was announced since it was seen before."""
    harvest = known["harvest"]
    return (
        known["begun"]
        and "left" not in harvest
        and known["day"] >= _working_day_before(today.day).isoformat()
        and (today.total < _FULL or known["day"] >= today.day.isoformat())
        and date.fromisoformat(harvest["from"]) >= today.day - _WEEK
    )


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() > _FRIDAY:
        day -= timedelta(days=1)
    return day


def _is_fresh(item: Paper | Problem, known: Mapping[str, Any]) -> bool:
    """Whether a harvested paper was announced since the feed began."""
    return (
        isinstance(item, Problem)
        or item.date >= known["begin"]
        or (known["begun"] and _number(item) > known["top"])
    )


def _number(item: Paper | Problem) -> str:
    """An id such that the greater was given later; `""` for those before April 2007."""
    value = item.identifier("arxiv") if isinstance(item, Paper) else ""
    return "" if "/" in value else value


def parse(root: Element, place: str, today: date) -> Announcements:
    """A feed as it is on the day `today`, if it does not tell itself.

    :raises SourceError: it says that something is wrong with the categories, or is no feed.
    """
    channel = root.find("channel")
    if channel is None:
        raise SourceError("rss.arxiv.org answered with something else than RSS")
    if (channel.findtext("title") or "").startswith("Feed error"):
        said = arxiv.fold(channel.findtext("description"))
        raise SourceError(f"rss.arxiv.org answered: {said}")
    elements = channel.findall("item")
    day = _day(channel.findtext("pubDate")) or today
    wanted = [element for element in elements if not _kind(element).startswith("replace")]
    return Announcements(
        day=day,
        built=f"{day} {channel.findtext('lastBuildDate')} {len(elements)}",
        total=len(elements),
        items=[_paper(element, place, day) for element in wanted],
    )


def _day(text: str | None) -> date | None:
    """The day that a date of a mail has where it was written."""
    try:
        return parsedate_to_datetime(text or "").date()
    except ValueError:
        return None


def _kind(element: Element) -> str:
    return arxiv.fold(element.findtext("{*}announce_type"))


def _paper(element: Element, place: str, day: date) -> Paper | Problem:
    id = arxiv.fold(element.findtext("guid"))
    identifier = arxiv.arxiv_id(id)
    # When it was submitted is not said; cross-lists may be of any age, but their ids tell.
    listed = day.isoformat()
    if _kind(element) == "cross" and identifier and "/" not in identifier.value:
        listed = f"20{identifier.value[:2]}-{identifier.value[2:4]}"
    return arxiv.paper(
        {
            "id": id,
            "title": element.findtext("title"),
            "abstract": _PREFIX.sub("", element.findtext("description") or "", count=1),
            "categories": " ".join(
                category.text or "" for category in element.iterfind("category")
            ),
            "journal-ref": element.findtext("{*}journal_reference"),
            "doi": element.findtext("{*}DOI"),
            "license": element.findtext("{*}rights"),
        },
        where=f"arxiv {id}".rstrip(),
        authors=arxiv.authors(element.findtext("{*}creator") or element.findtext("author") or ""),
        date=listed,
        standing=Standing.LISTED,
        sightings=(Sighting(source="arxiv", place=place, at=day.isoformat()),),
    )

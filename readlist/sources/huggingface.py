"""Hugging Face Daily Papers, its pages of papers, and its search
(https://huggingface.co/docs/hub/api#paper-pages-api).

A day's list opens at half past nine in the evening before, in New York, and grows through the day;
upvotes and comments go on for days. So a feed is read day by day from four days before the one
that was last read: what was met there is met again with its newest counts. Weekends have no
list. The service answers with at most 100 papers, and with a link where there are more.

Options of a feed: `period`, one of

- `day`: every day's list. It begins with the last seven days.
- `week`, `month`: the same papers in fewer requests, by lists of a week or a month. It begins with
  the one in which the day a week ago is.
- `trending`: the 100 papers that are met most now, whenever they were featured.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from .. import records
from ..errors import SourceError
from ..models import Identifier, Paper, Problem
from ..origin import Origin
from . import Page
from .client import Answer, Client, json_of

DAILY = "https://huggingface.co/api/daily_papers"
PAPERS = "https://huggingface.co/api/papers"
SCHEMES = ("arxiv",)
OPTIONS: Mapping[str, Any] = {"period": ("day", "week", "month", "trending")}

_MOST = 100  # papers in an answer
_START = timedelta(days=7)
_AGAIN = timedelta(days=4)
_FIRST = date(2023, 5, 4)  # the oldest list
_LONGEST = 250  # characters of a search
_NO_LIST = (400, 404, 410)  # to be asked for a list that is not there
_NEXT = re.compile(r'<([^<>]*)>[^,<>]*;\s*rel="?next\b')


class Span(NamedTuple):
    """What one list is asked for by, and the last day that it has."""

    last: date
    params: Mapping[str, str]


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """The state has the last `day` of the list that was read last.

    :raises SourceError: also if no list is there of those that were asked for.
    """
    period, today = options.get("period", "day"), now.date()
    if period == "trending":
        answer = _get(client, DAILY, {"sort": "trending", "limit": _MOST})
        yield Page(parse(_values(answer), today), {})
        return
    missing, found = None, False
    for span in spans(period, _start(state, today, since), today):
        try:
            for items in _list(client, span):
                found = True
                # Also of a list that is not read to its end: the next fetch reads it again.
                yield Page(items, {"day": span.last.isoformat()})
        except SourceError as error:
            # As for a day that has not begun, or of a weekend.
            if error.status not in _NO_LIST:
                raise
            missing = error
    if missing and not found:
        raise missing


def _start(state: Mapping[str, Any], today: date, since: date | None) -> date:
    begin = since or today - _START
    if not since and "day" in state:
        begin = min(date.fromisoformat(state["day"]), today) - _AGAIN
    return max(begin, _FIRST)


def spans(period: str, start: date, today: date) -> Iterator[Span]:
    """The lists that have all days from `start` until today."""
    day = start
    while day <= today:
        year, week, weekday = day.isocalendar()
        span = Span(day, {"date": day.isoformat()})
        if period == "week" and week <= 52:  # of a week 53 it has no list
            span = Span(day + timedelta(days=7 - weekday), {"week": f"{year}-W{week:02}"})
        elif period == "month":
            last = day.replace(day=monthrange(day.year, day.month)[1])
            span = Span(last, {"month": day.isoformat()[:7]})
        day = span.last + timedelta(days=1)
        yield span._replace(last=min(span.last, today))


def _list(client: Client, span: Span) -> Iterator[list[Paper | Problem]]:
    """The pages of a list."""
    answer = _get(client, DAILY, {**span.params, "limit": _MOST})
    asked = set()
    while True:
        values = _values(answer)
        following = _following(answer)
        yield parse(values, span.last)
        if not values or not following or following in asked:
            return
        asked.add(following)
        answer = _get(client, following)


def _following(answer: Answer) -> str:
    """The URL of the next page, or `""`.

    :raises SourceError: it is at another host, which is not to be sent the owner's key.
    """
    link = _NEXT.search(answer.headers.get("link", ""))
    if link is None:
        return ""
    with suppress(ValueError):  # it is no URL
        url = urljoin(answer.url, str(link[1]))
        if urlsplit(url)[:2] == urlsplit(DAILY)[:2]:
            return url
    raise SourceError("huggingface.co continues its list at another address")


def _get(client: Client, url: str, params: Mapping[str, str | int] | None = None) -> Answer:
    key = client.key("hf")
    return client.get(url, params=params, headers={"Authorization": f"Bearer {key}"} if key else {})


def _values(answer: Answer) -> list[Any]:
    if answer.status in _NO_LIST:
        raise SourceError(f"huggingface.co has nothing at {answer.url}", answer.status)
    values = json_of(answer)
    if not isinstance(values, list):
        raise SourceError("huggingface.co answered with something else than a list of papers")
    return values


def lookup(
    client: Client, identifiers: Sequence[Identifier], today: date
) -> Iterator[Paper | Problem]:
    """What Hugging Face knows of papers, by a request each: upvotes, code, project, organization."""
    for identifier in identifiers:
        if "/" in identifier.value:
            continue  # it has no papers from before April 2007
        answer = _get(client, f"{PAPERS}/{identifier.value}")
        if answer.status in (404, 410):
            continue
        for item in parse([{"paper": json_of(answer)}], today):
            if isinstance(item, Paper) and identifier not in item.identifiers:
                what = "answered with another paper"
                yield Problem(where=f"hf {identifier.value}", what=what, raw=item.title)
            else:
                yield item


def search(client: Client, title: str, today: date) -> list[Paper]:
    """Papers whose title is like `title`, the most similar first."""
    answer = _get(client, f"{PAPERS}/search", {"q": title[:_LONGEST], "limit": 10})
    items = parse(_values(answer)[:10], today)
    return [item for item in items if isinstance(item, Paper)]


def parse(values: Sequence[Any], day: date) -> list[Paper | Problem]:
    """The items of a list that was asked for on or for a day."""
    found = []
    for number, value in enumerate(values, start=1):
        where = f"hf item {number}"
        with suppress(TypeError, KeyError):
            where = f"hf {value['paper']['id']}"
        found.append(records.paper(value, Origin(name="hf", place="", today=day), where))
    return found

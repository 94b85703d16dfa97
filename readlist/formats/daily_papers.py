"""The text of a saved Hugging Face Daily Papers page, as copied from a browser.

After a banner and the page's date without a year, each paper is its title, its abstract as one
paragraph and mostly a tail: the number of authors or the organization that submitted it, a
line `·`, and a date with the number of comments. There are no names, ids or upvotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from .. import dates
from ..errors import FormatError
from ..models import Link, Paper, Problem, Sighting, Standing, Version
from ..origin import Origin
from ..text import one_line

_MONTHS = "|".join(name.capitalize() for name in dates.MONTHS)
_DATE = re.compile(rf"({_MONTHS})[a-z]* (\d{{1,2}})(?:, (\d{{4}}))?(?: (\d[\d,]{{0,8}}))?")
_AUTHORS = re.compile(
    r"(?:[^\w\s]\s*|\w\s+)?(\d{1,6}) authors?"
)  # behind a bullet, in any encoding
_DOT = "·"
_BANNER = (
    "new",
    "Get trending papers in your email inbox!",
    "Get trending papers in your email inbox once a day!",
    "Subscribe",
    "Daily Papers",
    "byAK and the research community",
    "by AK and the research community",
)
_URL = re.compile(r"https?://[^\s<>\"'{}|\\^`]+|(?<![\w.@/])(?:www\.)?github\.com/[\w.-]+/[\w./-]+")
_OPENING = {")": "(", "]": "["}
_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "huggingface.co")
# The longest title met in two years of the page has 211 characters, the shortest abstract 165.
_LONG = 240
_ENDS = ".!?…)]}\"'”’$"  # what a whole abstract ends with


def recognises(head: str) -> bool:
    lines = [line.strip() for line in head.splitlines()]
    if any(line.startswith("Daily Papers") for line in lines[:40]):
        return True
    return any(_DATE.fullmatch(after) and dot == _DOT for dot, after in pairwise(lines))


@dataclass(slots=True)
class _Card:
    line: int
    title: str
    abstract: str = ""
    author_count: int | None = None
    organization: str = ""
    date: re.Match[str] | None = None
    has_tail: bool = False


def load(text: str, origin: Origin) -> tuple[str, Iterator[Paper | Problem]]:
    """How the page was dated, and its papers.

    :raises FormatError: a date on the page cannot be true with the date given for the page.
    """
    heading, cards = _cards(text)
    page, how = _page_date(heading, cards, origin)
    return f"of {page.isoformat()}, {how}", _papers(cards, page, origin)


def _cards(text: str) -> tuple[re.Match[str] | None, list[_Card]]:
    """The page's date line, and what stands below it card by card."""
    lines = _lines(text)
    heading, start = None, 0
    while start < len(lines) and (lines[start][1] in _BANNER or _DATE.fullmatch(lines[start][1])):
        heading = _DATE.fullmatch(lines[start][1]) or heading
        start += 1
    cards: list[_Card] = []
    texts: list[tuple[int, str]] = []  # since the last tail
    position = start
    while position < len(lines):
        number, line = lines[position]
        following = lines[position + 1][1] if position + 1 < len(lines) else ""
        byline = _AUTHORS.fullmatch(line)
        # An organization stands between the abstract and the dot.
        organization = following == _DOT and len(line) < _LONG and _has_abstract(texts)
        if not byline and not organization and line != _DOT:
            texts.append((number, line))
            position += 1
            continue
        # A tail: whose it is, the dot and the date belong to the last text before it.
        cards += _split(texts)
        texts = []
        card = cards[-1] if cards else _Card(number, "")
        card.has_tail = True
        if byline:
            card.author_count = int(byline[1])
        elif line != _DOT:
            card.organization = line.partition(" ")[2].strip() or line
        position += line != _DOT
        if position < len(lines) and lines[position][1] == _DOT:
            position += 1
        if position < len(lines) and (dated := _DATE.fullmatch(lines[position][1])):
            card.date = dated
            position += 1
    return heading, cards + _split(texts)


def _has_abstract(texts: list[tuple[int, str]]) -> bool:
    cards = _split(texts)
    return bool(cards and cards[-1].abstract)


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that say something, by number; lines of one wrapped paragraph as one."""
    spaced = "\n\n" in text  # else nothing tells a wrapped line from the next paragraph
    lines: list[tuple[int, str]] = []
    wrapped = False
    for number, raw in enumerate(text.split("\n"), start=1):
        line = one_line(raw)
        prose = not (
            line in ("", _DOT, *_BANNER) or _AUTHORS.fullmatch(line) or _DATE.fullmatch(line)
        )
        if prose and wrapped:
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {line}")
        elif line:
            lines.append((number, line))
        wrapped = spaced and prose
    return lines


def _split(texts: list[tuple[int, str]]) -> list[_Card]:
    """Titles with the paragraphs below them; a paragraph too long for a title is an abstract."""
    cards: list[_Card] = []
    for number, text in texts:
        card = cards[-1] if cards else None
        if card is None or (card.abstract and len(text) < _LONG):
            cards.append(_Card(number, text))
        else:
            card.abstract = f"{card.abstract}\n\n{text}".strip()
    return cards


def _page_date(
    heading: re.Match[str] | None, cards: list[_Card], origin: Origin
) -> tuple[date, str]:
    """The day of the page and how it is known.

    The site leaves the year out for its own current year only. So the year is the first after
    the newest one written out, if no date comes to lie after the page's day then.
    """
    without_year = [card for card in cards if card.date and not card.date[3]]
    if origin.page_date:
        page = origin.page_date
        for card in without_year:
            if (day := _day(card, page.year)) and day > page:
                raise FormatError(
                    f"{origin.name} line {card.line}: {card.title!r} is of {day}, after {page};"
                    " give --date as the page shows it"
                )
        return page, "as given"
    if heading and heading[3]:
        stated = _valid(int(heading[3]), heading)
        if stated:
            return stated, "as it says"
    written = [int(card.date[3]) for card in cards if card.date and card.date[3]]
    if heading and written:
        year = max(written) + 1
        page_day = _valid(year, heading)
        if page_day and all((_day(card, year) or page_day) <= page_day for card in without_year):
            return page_day, "its year inferred from those written on it (--date sets another)"
    saved = origin.modified.date() if origin.modified else origin.today
    if heading:
        days = [_valid(saved.year - back, heading) for back in range(9)]
        known = [day for day in days if day and day <= saved]
        if known:
            return known[0], "its year that of the file (--date sets another)"
    this, before = (
        max((day for card in without_year if (day := _day(card, year))), default=saved)
        for year in (saved.year, saved.year - 1)
    )
    if this <= saved + timedelta(days=1):  # the site's dates can be a day off
        return max(this, saved), "the day of the file (--date sets another)"
    return before, "its newest date, in the year before its file's (--date sets another)"


def _valid(year: int, match: re.Match[str]) -> date | None:
    day = dates.iso(f"{match[1]} {match[2]} {year}")
    return date.fromisoformat(day) if len(day) == 10 else None


def _day(card: _Card, year: int) -> date | None:
    return _valid(year, card.date) if card.date else None


def _papers(cards: list[_Card], page: date, origin: Origin) -> Iterator[Paper | Problem]:
    for card in cards:
        where = f"{origin.name} line {card.line}"
        if not card.title or not card.abstract:
            what = "a title without an abstract; is the page cut off here?"
            yield Problem(where=where, what=what, raw=card.title)
            if not card.title:
                continue
        yield _paper(card, page)
    last = cards[-1] if cards else None
    if last and last.abstract and not last.has_tail and last.abstract[-1] not in _ENDS:
        what = f"the page is cut off in the abstract of {last.title!r}; saved what is there"
        yield Problem(where=f"{origin.name} line {last.line}", what=what, raw=last.abstract[-200:])


def _paper(card: _Card, page: date) -> Paper:
    day, comments = "", None
    if card.date:
        known = _valid(int(card.date[3] or page.year), card.date)
        day = known.isoformat() if known else card.date[3] or ""
        comments = int(card.date[4].replace(",", "")) if card.date[4] else None
    return Paper(
        versions=(Version(standing=Standing.LISTED, title=card.title, date=day),),
        author_count=card.author_count,
        abstract=card.abstract,
        organization=card.organization,
        links=links(card.abstract),
        sightings=(Sighting(source="hf", place="page", at=page.isoformat(), comments=comments),),
    )


def links(text: str) -> tuple[Link, ...]:
    """The links in a text, without the punctuation that follows them."""
    found: dict[str, Link] = {}
    for match in _URL.finditer(text):
        url = match[0].rstrip(".,;:!?*_'")
        while url[-1] in ")]" and url.count(_OPENING[url[-1]]) < url.count(url[-1]):
            url = url[:-1].rstrip(".,;:!?")
        url = url if "://" in url else f"https://{url}"
        host = url.split("/")[2].lower().removeprefix("www.")
        if "." in host:
            found[url] = Link("code" if host in _CODE_HOSTS else "web", url)
    return tuple(found.values())

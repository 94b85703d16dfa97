"""arXiv's query API (https://info.arxiv.org/help/api/user-manual.html): papers by id, title or
query, as Atom.

It is kind to a fault: an error may come as an entry, ids that it does not know are left out, a
field that it does not know becomes a word to look for, and pages in the midst of a list may be
empty. Each of these is looked for here. Where it refuses to answer, the harvest often does.

Options of a feed: `query`, in the words of the API, as in `au:Hinton AND cat:cs.LG`. It begins with
what was submitted in the last seven days. Papers are found by the time they were submitted, but
some are announced only months later (two in a thousand of 2018 and 2019 after two): so each time the
last 90 days are asked for again, as far as the feed goes back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from .. import arxiv, dates
from ..errors import OfflineError, SourceError, StoppedError
from ..models import Identifier, Paper, Problem, Sighting
from . import Page, arxiv_oai
from .client import Client, xml_of

URL = "https://export.arxiv.org/api/query"
SCHEMES = ("arxiv",)
OPTIONS: Mapping[str, Any] = {"query": str}

_START = timedelta(days=7)
_HELD = timedelta(days=90)
_IDS = 200  # asked for at once; their URL has 2,800 characters
_PAGE = 1_000  # 2,000 are allowed, but large pages are those that come empty
_FEW = 20  # papers that are worth a request each
_MINUTE = "%Y%m%d%H%M"


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The papers in the order asked.

    :raises SourceError: neither the API nor, for a few papers, the harvest answers.
    """
    for start in range(0, len(identifiers), _IDS):
        wanted = identifiers[start : start + _IDS]
        values = ",".join(identifier.value for identifier in wanted)
        try:
            items = _ask(client, id_list=values, max_results=len(wanted))
        except (OfflineError, StoppedError):
            raise
        except SourceError:
            if len(wanted) > _FEW:
                raise
            items = list(arxiv_oai.get(client, wanted))
        found = {item.identifier("arxiv"): item for item in items if isinstance(item, Paper)}
        yield from [found[i.value] for i in dict.fromkeys(wanted) if i.value in found]
        yield from [item for item in items if isinstance(item, Problem)]


def search(
    client: Client,
    title: str,
    today: date,  # noqa: ARG001 - as every source
) -> list[Paper]:
    """The papers whose titles have the words of this one in a row."""
    # Formulas are not found; the longest run of words without any is enough.
    runs = [" ".join(re.findall(r"[^\W_]+", run)) for run in re.split(r"\$[^$]*\$", title)]
    words = max(runs, key=len)
    if not words:
        return []
    items = _ask(client, search_query=f'ti:"{words}"', max_results=10)
    return [item for item in items if isinstance(item, Paper)]


def _ask(client: Client, **params: str | int) -> list[Paper | Problem]:
    return parse(xml_of(client.get(URL, params=params)))


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """In the state are the earliest time that the feed covers (`begin`) and the time up to which
    it was read (`read`); in the midst of a reading, where it stands: the time (`at`), how many
    entries of that minute were read (`skip`), and when it began (`begun`).
    """
    query = arxiv.fold(options["query"])
    place = Sighting(source="arxiv", place=query, at=now.date().isoformat())
    today = now.astimezone(UTC).strftime(_MINUTE)
    begin = state.get("begin") or (now - _START).strftime(_MINUTE)
    if since:
        at = datetime.combine(since, time()).strftime(_MINUTE)
        begin = min(begin, at)
    else:
        if "at" in state:  # what is left; what came in since then may be older
            for page in _read(client, query, state, today, place, goes_on=True):
                yield page
                state = page.state
        read = datetime.strptime(state.get("read", today), _MINUTE) - _HELD
        at = max(begin, read.strftime(_MINUTE))
    state = {"begin": begin, "at": at, "skip": 0, "begun": today}
    yield from _read(client, query, state, today, place, goes_on=False)


def _read(
    client: Client,
    query: str,
    state: Mapping[str, Any],
    today: str,
    place: Sighting,
    *,
    goes_on: bool,
) -> Iterator[Page]:
    """What was submitted until today, from where the reading stands to its end."""
    begin, at, skip, begun = (state[name] for name in ("begin", "at", "skip", "begun"))
    while True:
        entries, left = _window(client, query, at, today, skip, goes_on=goes_on)
        items = [_paper(entry, (place,)) for entry in entries]
        last = _minute(entries[-1]) if entries else at
        if left <= 0:
            yield Page(items, {"begin": begin, "read": begun})
            return
        goes_on = True
        at, skip = (last, 0) if last > at else (at, skip + len(entries))
        yield Page(items, {"begin": begin, "at": at, "skip": skip, "begun": begun})


def _window(
    client: Client, query: str, start: str, end: str, skip: int, *, goes_on: bool
) -> tuple[list[Element], int]:
    """The oldest entries submitted in a span of time, and how many more there are.

    If it `goes_on`, the last entry read is among them: that there are none is not believed at once.

    :raises SourceError: twice there were said to be some, and none came.
    """
    params: dict[str, str | int] = {
        "search_query": f"({query}) AND submittedDate:[{start} TO {end}]",
        "start": skip,
        "max_results": _PAGE,
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    for fresh in (False, True):
        root = xml_of(client.get(URL, params=params, fresh=fresh))
        entries = _entries(root)
        _check_fields(root, query)
        total = root.findtext("{*}totalResults") or ""
        left = (int(total) if total.isdecimal() else 0) - skip - len(entries)
        if entries or (left <= 0 and (fresh or not goes_on)):
            return entries, left
    raise SourceError("export.arxiv.org answered with an empty page; try again later")


def _check_fields(root: Element, query: str) -> None:
    """:raises SourceError: a field of the query was taken for a word to look for."""
    for name in re.findall(r"\ball:([A-Za-z_]+):", root.findtext("{*}title") or ""):
        if re.search(rf"(?<!all:)\b{name}:", query):
            raise SourceError(
                f"export.arxiv.org knows no field {name!r} in the query {query!r};"
                " it knows ti, au, abs, co, jr, cat, rn and all"
            )


def parse(feed: Element, seen: tuple[Sighting, ...] = ()) -> list[Paper | Problem]:
    """The papers of an answer.

    :raises SourceError: it says that something is wrong with what was asked, or is no feed.
    """
    return [_paper(entry, seen) for entry in _entries(feed)]


def _entries(feed: Element) -> list[Element]:
    if not feed.tag.endswith("}feed"):
        raise SourceError("export.arxiv.org answered with something else than Atom")
    entries = feed.findall("{*}entry")
    for entry in entries:
        if "/api/errors" in (entry.findtext("{*}id") or ""):
            said = arxiv.fold(entry.findtext("{*}summary"))
            raise SourceError(f"export.arxiv.org answered: {said or 'error'}")
    return entries


def _paper(entry: Element, seen: tuple[Sighting, ...]) -> Paper | Problem:
    id = arxiv.fold(entry.findtext("{*}id"))
    primary = entry.find("{*}primary_category")
    named = [*([] if primary is None else [primary]), *entry.iterfind("{*}category")]
    authors = [arxiv.fold(name.text) for name in entry.iterfind("{*}author/{*}name")]
    return arxiv.paper(
        {
            "id": id,
            "title": entry.findtext("{*}title"),
            "abstract": entry.findtext("{*}summary"),
            "categories": " ".join(category.get("term", "") for category in named),
            "comments": entry.findtext("{*}comment"),
            "journal-ref": entry.findtext("{*}journal_ref"),
            "doi": entry.findtext("{*}doi"),
        },
        where=f"arxiv {id}".rstrip(),
        authors=tuple(name for name in authors if any(map(str.isalpha, name))),  # some are ":"
        date=dates.iso(entry.findtext("{*}published")),
        sightings=seen,
    )


def _minute(entry: Element) -> str:
    """When it was submitted, as the API is asked for it: `2017-06-12T17:57:34Z` is 201706121757."""
    return re.sub(r"\D", "", entry.findtext("{*}published") or "")[:12]

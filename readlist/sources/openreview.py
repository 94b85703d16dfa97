"""OpenReview (https://docs.openreview.net/reference/api-v2): papers by forum id, and those that a
venue has accepted or got. It has two APIs: the second, and the first for most venues before 2023.

Since August 2026 both want a login. POST https://api2.openreview.net/login answers with a token.

Options of a feed: `venue`, the id of a venue or the address of its page, as in
`ICLR.cc/2025/Conference`. It begins with all that the venue has accepted and then all that was
submitted to it, as preprints. A paper that is accepted, withdrawn or revised later was changed
later: each fetch reads what was changed since a day before the newest change that was read, the
latest first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from .. import csl, ids, plain
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Sighting, Standing, Version
from ..text import bibtex_source, one_line, page_range
from . import Page
from .client import Client, json_of

URL = "https://api2.openreview.net/notes"
OLD = "https://api.openreview.net/notes"
SCHEMES = ("openreview",)
OPTIONS: Mapping[str, Any] = {"venue": str}

_PAGE = 1_000
_AGAIN = 20  # notes of a page that the next one has again, in case that some have gone meanwhile
_LATE = 86_400_000  # a day
_LAST = 253_402_300_800_000  # the year 10000
_VENUE = re.compile(r"(?:https?://openreview\.net/(?:group|venue)\?id=)?([\w.~/-]+)(?:[#&].*)?")
# How venues, or their ids, say that a paper is not, or not yet, accepted.
_UNDECIDED = re.compile(
    r"submitted|submission|withdrawn|reject|under[ _]review|\bpending|openreview archive"
    r"|\bcorr\b|\barxiv|preprint",
    re.IGNORECASE,
)
_DECISION = re.compile(
    r"^accepted (?:by|at|to) | (?:poster|oral|spotlight\w*|notable[\w %-]*)(?: presentation)?$",
    re.IGNORECASE,
)
_BIBTEX = re.compile(r'(\w+)\s*=\s*[{"]([^{}"\n]+)[}"]')
_TYPES = ("article", "book", "incollection", "inproceedings", "phdthesis")


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The papers in the order asked, by a request or two each."""
    for identifier in dict.fromkeys(identifiers):
        for note in _notes(client, {"id": identifier.value}):
            yield _paper(note, ())


def follow(
    client: Client,
    options: Mapping[str, Any],
    state: Mapping[str, Any],
    now: datetime,
    since: date | None,
) -> Iterator[Page]:
    """In the state is, of what was `accepted` and of what was `submitted`, the time of the newest
    change that was read (`read`; all times are in milliseconds); in the midst of a reading, the
    time it goes back to (`from`), its newest change (`newest`) and how many notes of it were read
    (`offset`).
    """
    found = _VENUE.fullmatch(options.get("venue", "").strip())
    if not found:
        raise SourceError(
            'the feed has no id of a venue; give it one, as in venue = "ICLR.cc/2025/Conference"'
        )
    venue = found[1].strip("/")
    seen = (Sighting(source="openreview", place=venue, at=now.date().isoformat()),)
    # All submissions, as notes that came by the form for them, whatever became of them since.
    submitted = {"invitation": f"{venue}/-/Submission"}
    for name, wanted in (("accepted", {"content.venueid": venue}), ("submitted", submitted)):
        for page in _changes(client, wanted, state.get(name, {}), seen, since):
            state = {**state, name: page.state}
            yield Page(page.items, state)


def _changes(
    client: Client,
    wanted: Mapping[str, str],
    state: Mapping[str, Any],
    seen: tuple[Sighting, ...],
    since: date | None,
) -> Iterator[Page]:
    if "offset" in state and not since:  # what is left; what was changed since then may be newer
        for page in _read(client, wanted, state, seen):
            yield page
            state = page.state
    start = state["from"] if "from" in state else state.get("read", 0) - _LATE
    if since:
        at = int(datetime.combine(since, time(), UTC).timestamp() * 1000)
        start = min(start, at) if state else at
    yield from _read(client, wanted, {"from": start, "newest": 0, "offset": 0}, seen)


def _read(
    client: Client,
    wanted: Mapping[str, str],
    state: Mapping[str, Any],
    seen: tuple[Sighting, ...],
) -> Iterator[Page]:
    """What was changed since a time, the latest change first. What is changed meanwhile moves to
    the front and is read the next time; the others move to where they are read again.
    """
    about: dict[str, str | int] = {**wanted, "sort": "tmdate:desc", "limit": _PAGE}
    start, newest, offset = (state[name] for name in ("from", "newest", "offset"))
    met: set[str] = set()
    while True:
        notes = _notes(client, {**about, "offset": offset})
        names = {str(note.get("id")) for note in notes if isinstance(note, dict)}
        if names <= met and len(notes) == _PAGE:
            raise SourceError("api2.openreview.net gives the same page again; try again later")
        met |= names
        times = [_changed(note) for note in notes]
        newest = max([newest, *times])
        items = [
            _paper(note, seen)
            for note, changed in zip(notes, times, strict=True)
            if not changed or changed >= start
        ]
        is_sorted = times == sorted(times, reverse=True)  # else it does not know how
        if len(notes) < _PAGE or (is_sorted and 0 < times[-1] < start):
            yield Page(items, {"read": newest})
            return
        offset += len(notes) - _AGAIN
        yield Page(items, {"from": start, "newest": newest, "offset": offset})


def _changed(note: Any) -> int:
    """When a note was changed, 0 if that is not said."""
    return (csl.count(note.get("tmdate")) or 0) if isinstance(note, dict) else 0


def _notes(client: Client, params: Mapping[str, str | int]) -> list[Any]:
    """The notes of the second API, or of the first if that has none.

    :raises SourceError: also if it wants a login.
    """
    token = client.key("openreview")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    for url in (URL, OLD):
        try:
            answer = client.get(url, params=params, headers=headers)
        except SourceError as error:
            if error.status not in (401, 403):
                raise
            if "content.venueid" not in params and "permission" in str(error):
                continue  # that paper is not public, or no submission is
            what = "does not take the token; it may be too old" if token else "wants a login"
            raise SourceError(
                f"openreview.net {what}: put the token that POST {URL.rpartition('/')[0]}/login"
                " answers with into READLIST_OPENREVIEW_KEY",
                error.status,
            ) from error
        if notes := [] if answer.status >= 400 else _listed(json_of(answer)):
            return notes
    return []


def _listed(said: Any) -> list[Any]:
    notes = said.get("notes") if isinstance(said, dict) else None
    if not isinstance(notes, list):
        raise SourceError("openreview.net answered with something else than notes")
    return notes


# --- notes --------------------------------------------------------------------------------------


def parse(said: Any, seen: tuple[Sighting, ...] = ()) -> list[Paper | Problem]:
    """The papers of an answer of either API.

    :raises SourceError: it is not about notes.
    """
    return [_paper(note, seen) for note in _listed(said)]


def _paper(note: Any, seen: tuple[Sighting, ...]) -> Paper | Problem:
    if not isinstance(note, dict):
        return Problem(where="openreview", what="not a note", raw=str(note)[:200])
    id, forum = csl.text(note.get("id")), csl.text(note.get("forum"))
    where = f"openreview {id}".rstrip()
    if id and forum and id != forum:
        return Problem(where=where, what=f"a reply to {forum}, not a paper", raw=str(note)[:200])
    content = _content(note)
    title = plain.text(csl.text(content.get("title")))
    identifiers = dict.fromkeys(_identifiers(note, content))
    if not title and not identifiers:
        return Problem(where=where, what="no title and no identifier", raw=str(note)[:200])
    versions = _versions(note, content, title)
    venue, is_published = csl.text(content.get("venue")), bool(versions[0].venue)
    extra = {
        "keywords": ", ".join(_texts(content.get("keywords"))),
        "tldr": one_line(plain.text(csl.text(content.get("TLDR") or content.get("TL;DR")))),
        "license": csl.text(note.get("license") or content.get("license")),
        "venue": venue if is_published and venue != versions[0].venue else "",
        "submission": "" if is_published or venue == title else _outcome(content),
    }
    return Paper(
        versions=versions,
        authors=tuple(n for n in _texts(content.get("authors")) if not n.startswith("Anonymous")),
        abstract=plain.text(csl.text(content.get("abstract"))),
        identifiers=tuple(identifiers),
        links=tuple(_links(content, id or forum)),
        extra={name: text for name, text in extra.items() if text},
        sightings=seen,
    )


def _content(note: Mapping[str, Any]) -> dict[str, Any]:
    """What the note says; the second API has each value in a record."""
    content = note.get("content")
    return {
        name: value.get("value") if isinstance(value, dict) else value
        for name, value in (content.items() if isinstance(content, dict) else ())
    }


def _outcome(content: Mapping[str, Any]) -> str:
    """What became of a submission that was not accepted, as `Submitted to ICLR 2025`. A withdrawal
    takes back a submission, no publication.
    """
    venue = csl.text(content.get("venue"))
    last = csl.text(content.get("venueid")).rpartition("/")[2].replace("_", " ")
    return last if _UNDECIDED.search(last) and not _UNDECIDED.search(venue) else venue


def _texts(value: Any) -> list[str]:
    """The texts of a list, or of names in records; one text stands for itself."""
    values = value if isinstance(value, list) else [value]
    texts = (csl.text(v.get("fullname") if isinstance(v, dict) else v) for v in values)
    return [text for each in texts if (text := one_line(plain.text(each)))]


def _identifiers(note: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Identifier]:
    named = f"openreview:{csl.text(note.get('id')) or csl.text(note.get('forum'))}"
    others = [note.get("externalId"), note.get("externalIds"), content.get("html")]
    texts = [named, *(text for other in others for text in _texts(other))]
    pdf = csl.text(content.get("pdf"))
    if "arxiv.org" in pdf:
        texts.append(pdf)
    yield from filter(None, map(ids.parse, texts))


def _links(content: Mapping[str, Any], id: str) -> Iterator[Link]:
    pdf, page, code = (csl.text(content.get(name)) for name in ("pdf", "html", "code"))
    if pdf.startswith("/") and id:
        yield Link("pdf", f"https://openreview.net/pdf?id={quote(id)}")
    if _is_link(pdf) and "arxiv.org" not in pdf:
        yield Link("pdf", pdf)
    if _is_link(page) and not ids.parse(page):
        yield Link("page", page)
    if _is_link(code):
        yield Link("code", code)


def _is_link(text: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>\"]+", text) is not None


def _versions(
    note: Mapping[str, Any], content: Mapping[str, Any], title: str
) -> tuple[Version, ...]:
    """Where it was accepted, if it was, and the preprint if that was public before."""
    venue = one_line(csl.text(content.get("venue")))
    opened = _day(note.get("odate"))
    appeared = _day(note.get("pdate")) or opened or _day(note.get("cdate"))
    preprint = Version(title=title, date=opened or appeared)
    is_venue = venue and venue != title
    if not is_venue or _UNDECIDED.search(f"{venue} {csl.text(content.get('venueid'))}"):
        return (Version(title=title, date=appeared),)
    source = csl.text(content.get("_bibtex"))
    cited = {name.lower(): value.strip() for name, value in _BIBTEX.findall(source)}
    name = (cited.get("booktitle") or cited.get("journal") or "").replace("\\&", "&")
    kind = re.match(r"\s*@(\w+)", source)
    type = kind[1].lower() if kind else ""
    if type not in _TYPES:
        type = "article" if "journal" in cited or "TMLR" in venue else "inproceedings"
    fields = {
        name: bibtex_source(page_range(value) if name == "pages" else value)
        for name in ("volume", "number", "pages")
        if (value := cited.get(name))
    }
    published = Version(
        standing=Standing.PUBLISHED,
        title=title,
        venue=name or _DECISION.sub("", venue),
        date=appeared,
        type=type,
        fields=fields,
    )
    return (published, preprint) if opened and opened < appeared else (published,)


def _day(value: Any) -> str:
    """The day of a time in milliseconds. What was imported from elsewhere has the first moment of
    a month, or of a year, for one whose day is not known.
    """
    number = csl.count(value)
    if not number or number >= _LAST:
        return ""
    at = datetime.fromtimestamp(number // 1000, UTC)
    day = at.date().isoformat()
    if number % _LATE or at.day != 1:
        return day
    return day[:4] if at.month == 1 else day[:7]

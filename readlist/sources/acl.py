"""The ACL Anthology (https://aclanthology.org/): papers by their ids.

It gives a paper as MODS (https://www.loc.gov/standards/mods/), made of its BibTeX. Its own data are
files of whole volumes (https://github.com/acl-org/acl-anthology, `data/xml`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from .. import dates, ids
from ..errors import SourceError
from ..models import Identifier, Link, Paper, Problem, Standing, Version
from ..text import bibtex_source, one_line, page_range
from .client import Client, xml_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

URL = "https://aclanthology.org"
SCHEMES = ("acl",)

_MODS = "{http://www.loc.gov/mods/v3}"
_OF_JOURNALS = {"academic journal", "journal article", "periodical"}
_VOLUME = re.compile(r",?\s+Volume\s.*")  # as in "Computational Linguistics, Volume 15, Number 1"
_OLD = re.compile(r"[A-Z][0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,4}")
_DEEPEST = 20  # levels of markup in a text
_WEB = ("https://", "http://")


def lookup(
    client: Client,
    identifiers: Sequence[Identifier],
    today: date,  # noqa: ARG001 - as every source
) -> Iterator[Paper | Problem]:
    """The papers of ids, by a request each."""
    for identifier in dict.fromkeys(identifiers):
        answer = client.get(f"{URL}/{quote(identifier.value)}.xml")
        if answer.status in (404, 410):
            continue
        for item in parse(xml_of(answer)):
            if isinstance(item, Problem) or identifier in item.identifiers:
                yield item


def parse(root: "Element") -> list[Paper | Problem]:
    """The papers of a MODS collection, or of a file of volumes.

    :raises SourceError: it is neither.
    """
    if root.tag == f"{_MODS}modsCollection":
        return [_from_mods(mods) for mods in root.findall(f"{_MODS}mods")]
    if root.tag != "collection":
        raise SourceError("aclanthology.org answered with something else than papers")
    return [
        _from_volume(root.get("id", ""), volume, paper)
        for volume in root.findall("volume")
        for paper in volume.findall("paper")
    ]


# --- MODS ---------------------------------------------------------------------------------------


def _from_mods(mods: "Element") -> Paper | Problem:
    host = mods.find(f"{_MODS}relatedItem[@type='host']")
    host = mods if host is None else host
    genres = {_text(genre) for genre in mods.iter(f"{_MODS}genre")}
    ends = [_said(mods, f"part/extent/{name}") for name in ("start", "end")]
    doi = _said(mods, "identifier[@type='doi']")
    return _paper(
        title=_said(mods, "titleInfo/title"),
        venue=_said(host, "titleInfo/title") if host is not mods else "",
        when=dates.iso(_said(mods, "originInfo/dateIssued") or _said(mods, "part/date")),
        type="article" if genres & _OF_JOURNALS else "inproceedings",
        fields={
            "volume": _said(mods, "part/detail[@type='volume']/number"),
            "number": _said(mods, "part/detail[@type='issue']/number")
            or _said(mods, "part/detail[@type='number']/number"),
            "pages": "--".join(dict.fromkeys(filter(None, ends))),
            "editor": _joined(_people(host, "editor")),
            "publisher": _said(host, "originInfo/publisher"),
            "address": _said(host, "originInfo/place/placeTerm"),
        },
        authors=_people(mods, "author"),
        abstract=_said(mods, "abstract"),
        identifiers=[ids.parse(_said(mods, "location/url")), ids.parse(f"doi:{doi}")],
        name=_said(mods, "identifier[@type='citekey']"),
    )


def _said(within: "Element", path: str) -> str:
    return _text(within.find("/".join(f"{_MODS}{name}" for name in path.split("/"))))


def _people(within: "Element", role: str) -> list[str]:
    found = []
    for name in within.findall(f"{_MODS}name"):
        if _said(name, "role/roleTerm") == role:
            given = [
                _text(part)
                for part in name.findall(f"{_MODS}namePart")
                if part.get("type") != "family"
            ]
            parts = [_said(name, "namePart[@type='family']"), " ".join(given)]
            found.append(", ".join(filter(None, parts)))
    return found


# --- volumes ------------------------------------------------------------------------------------


def _from_volume(collection: str, volume: "Element", paper: "Element") -> Paper | Problem:
    meta = volume.find("meta")
    meta = volume if meta is None else meta
    is_journal = volume.get("type") == "journal"
    title = _text(meta.find("journal-title")) or _text(meta.find("booktitle"))
    fields = {
        "volume": _text(meta.find("journal-volume")),
        "number": _text(meta.find("journal-issue")),
        "pages": page_range(_text(paper.find("pages"))),
        "editor": _joined(_names(meta, "editor")),
        "publisher": _text(meta.find("publisher")),
        "address": _text(meta.find("address")),
    }
    year = dates.iso(_text(meta.find("year")))
    month = dates.month(_text(meta.find("month")))
    code = paper.find("pwccode")
    elsewhere = _text(paper.find("url"))
    return _paper(
        title=_text(paper.find("title")),
        venue=_VOLUME.sub("", title) if is_journal else title,
        when=dates.build(year, month) if len(year) == 4 else year,
        type="article" if is_journal else "inproceedings",
        fields=fields,
        authors=_names(paper, "author"),
        abstract=_text(paper.find("abstract")),
        identifiers=[
            _id(collection, volume.get("id", ""), paper.get("id", "")),
            ids.parse(f"doi:{_text(paper.find('doi'))}"),
        ],
        name=_text(paper.find("bibkey")),
        pdf=elsewhere if elsewhere.startswith(_WEB) else "",
        code=code.get("url", "") if code is not None else "",
        retractions=tuple(
            " ".join(filter(None, [each.tag, dates.iso(each.get("date")), "(acl)"]))
            for each in paper
            if each.tag in ("retracted", "removed")
        ),
    )


def _id(collection: str, volume: str, number: str) -> Identifier | None:
    """The id of a paper (https://aclanthology.org/info/ids/)."""
    if not _OLD.fullmatch(collection):
        return ids.parse(f"acl:{collection}-{volume}.{number}")
    if not _NUMBER.fullmatch(volume) or not _NUMBER.fullmatch(number):
        return None
    is_workshop = collection[0] == "W" or collection == "C69"
    if is_workshop or (collection == "D19" and int(volume) >= 5):
        return ids.parse(f"acl:{collection}-{int(volume):02}{int(number):02}")
    return ids.parse(f"acl:{collection}-{int(volume)}{int(number):03}")


def _names(within: "Element", role: str) -> list[str]:
    named = (
        [_text(person.find("last")), _text(person.find("first"))] for person in within.findall(role)
    )
    return [", ".join(filter(None, parts)) for parts in named]


# --- both ---------------------------------------------------------------------------------------


def _paper(
    *,
    title: str,
    venue: str,
    when: str,
    type: str,
    fields: Mapping[str, str],
    authors: Sequence[str],
    abstract: str,
    identifiers: Sequence[Identifier | None],
    name: str,
    pdf: str = "",
    code: str = "",
    retractions: tuple[str, ...] = (),
) -> Paper | Problem:
    known = tuple(dict.fromkeys(filter(None, identifiers)))
    if not title and not known:
        what = "no title and no identifier"
        return Problem(where=f"acl {name}".rstrip(), what=what, raw=abstract[:200])
    if not pdf and known and known[0].scheme == "acl":
        pdf = f"{URL}/{known[0].value}.pdf"
    links = [Link("pdf", pdf), Link("code", code)]
    return Paper(
        versions=(
            Version(
                standing=Standing.PUBLISHED,
                title=title,
                venue=venue,
                date=when,
                type=type,
                fields={name: bibtex_source(said) for name, said in fields.items() if said},
            ),
        ),
        authors=tuple(filter(None, authors)),
        abstract=abstract,
        identifiers=known,
        links=tuple(link for link in links if link.url.startswith(_WEB)),
        retractions=retractions,
    )


def _joined(names: Sequence[str]) -> str:
    return " and ".join(filter(None, names))


def _text(element: "Element | None") -> str:
    """The text of an element in one line, its formulas as in LaTeX."""
    return one_line("".join(_pieces(element))) if element is not None else ""


def _pieces(element: "Element", depth: int = 0) -> Iterator[str]:
    formula = "$" if element.tag == "tex-math" else ""
    yield f"{formula}{element.text or ''}"
    for child in element if depth < _DEEPEST else ():
        yield from _pieces(child, depth + 1)
        yield child.tail or ""
    yield formula

"""Zotero's items, as its API answers with them and as Better BibTeX exports them to JSON.

The API wraps each item (https://www.zotero.org/support/dev/web_api/v3/basics), Better BibTeX has
them flat in the `items` of one object. Types and fields are those of
https://api.zotero.org/schema. Notes, attachments and annotations are items, too, but no papers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import ids
from ..dates import iso
from ..models import Link, Paper, Problem, Sighting
from ..origin import Origin
from ..plain import text as plain
from . import reference, tagged
from .json_stream import Value
from .reference import Reference
from .tagged import Fields, first, take

_TYPES = {
    **dict.fromkeys(("journalArticle", "magazineArticle", "newspaperArticle"), "article"),
    **dict.fromkeys(("bookSection", "encyclopediaArticle", "dictionaryEntry"), "incollection"),
    "conferencePaper": "inproceedings",
    "book": "book",
    "thesis": "phdthesis",
    "report": "techreport",
    "standard": "techreport",
}
_NO_PAPERS = ("annotation", "attachment", "note")
_VENUES = {
    "article": ("publicationTitle", "journalAbbreviation"),
    "inproceedings": ("proceedingsTitle", "publicationTitle", "conferenceName"),
    "incollection": ("bookTitle", "publicationTitle", "encyclopediaTitle", "dictionaryTitle"),
    "book": ("publisher",),
    "phdthesis": ("university", "publisher"),
    "mastersthesis": ("university", "publisher"),
    "techreport": ("institution", "publisher"),
    "misc": (
        *("repository", "websiteTitle", "blogTitle", "forumTitle", "publicationTitle"),
        *("meetingName", "conferenceName"),
    ),
}
_FIELDS = {
    "volume": "volume",
    "issue": "number",
    "number": "number",
    "reportNumber": "number",
    "seriesNumber": "number",
    "series": "series",
    "seriesTitle": "series",
    "edition": "edition",
    "publisher": "publisher",
    "place": "address",
    "numPages": "pagetotal",
    "numberOfVolumes": "volumes",
    "language": "language",
    "shortTitle": "shorttitle",
    "journalAbbreviation": "shortjournal",
    "thesisType": "type",
    "reportType": "type",
    "versionNumber": "version",
}
# What Zotero keeps for itself.
_HOUSEKEEPING = (
    *("key", "version", "itemType", "itemID", "itemKey", "libraryID", "uri", "select", "relations"),
    *("collections", "dateAdded", "dateModified", "parentItem", "deleted", "inPublications"),
)
# What people and programs write into the lines of `extra`, without blanks and points.
_LINE = re.compile(r"\s*([\w. -]{2,30}?)\*?\s*[:=]\s*(\S.*)")
_KEYS = ("citationkey", "bibtex", "citekey")
_IDENTIFIERS = ("doi", "pmid", "pmcid", "isbn")
_EPRINTS = ("arxiv", "arxivid", "eprint", "texeprint", "texarxivid")
_SUFFIX = re.compile(r"(.+?),!?\s*((?:jr|sr)\.?|I{2,3}|IV|VI?)", re.IGNORECASE)


def recognises(value: Any) -> bool:
    """Whether the first JSON value of a file is an item, or an object around items."""
    if not isinstance(value, dict):
        return False
    items = value.get("items")
    if isinstance(value.get("config"), dict) and isinstance(items, list):
        return str(value["config"].get("label", "")).startswith("BetterBibTeX")
    return "itemType" in _data(items[0] if isinstance(items, list) and items else value)


def load(values: Iterable[Value | Problem], origin: Origin) -> Iterator[Paper | Problem]:
    for value in values:
        if isinstance(value, Problem):
            yield value
            continue
        where = f"{origin.name} line {value.line}"
        items = value.value.get("items") if isinstance(value.value, dict) else None
        if not isinstance(items, list):
            yield from _items(value.value, where, origin)
            continue
        for number, item in enumerate(items, start=1):
            yield from _items(item, f"{where} item {number}", origin)


def _items(item: Any, where: str, origin: Origin) -> Iterator[Paper | Problem]:
    """The paper of an item, or nothing."""
    data = _data(item)
    type = data.get("itemType")
    if not isinstance(type, str):
        yield Problem(where=where, what="not an item of Zotero", raw=str(item)[:200])
    elif type not in _NO_PAPERS:
        at = iso(data.get("dateAdded")) or origin.today.isoformat()
        seen = Sighting(source="zotero", place=origin.place, at=at)
        said = _reference(type, data, item.get("meta"))
        found = reference.paper(said, where=where, raw="", seen=seen)
        yield replace(found, raw=str(item)[:200]) if isinstance(found, Problem) else found


def _data(item: Any) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        return {}
    inner = item.get("data")
    return inner if isinstance(inner, dict) else item


def _reference(type: str, data: Mapping[str, Any], meta: Any) -> Reference:
    fields = {
        name: [text]
        for name, value in data.items()
        if name not in (*_HOUSEKEEPING, "extra") and (text := _text(value))
    }
    said = Reference(type=_TYPES.get(type, "misc"))
    if type == "thesis":
        said.type = reference.type_of(type, " ".join(fields.get("thesisType", [])))
    elif said.type == "misc" and type not in ("preprint", "document"):
        said.extra["type"] = type
    _identify(said, fields)
    said.extra["extra"] = "\n".join(_add_lines(said, data.get("extra")))
    said.title = first(fields, "title", "caseName", "nameOfAct", "subject")
    said.venue = first(fields, *_VENUES[said.type])
    creators = _creators(data.get("creators"))
    said.editors = tuple(creators.pop("editor", ()))
    main = "author" if "author" in creators else next(iter(creators), "author")
    said.authors = tuple(creators.pop(main, ()))
    said.extra |= {kind: "; ".join(names) for kind, names in creators.items()}
    said.abstract = first(fields, "abstractNote")
    said.date = reference.take_date(fields, "date")
    if isinstance(meta, dict):
        said.date = reference.dated(said.date, _text(meta.get("parsedDate")))
    said.keywords = [_text(tag.get("tag")) for tag in _dicts(data.get("tags"), "tag")]
    said.notes = [plain(_text(n.get("note"))) for n in _dicts(data.get("notes"), "note")]
    said.fields["pages"] = reference.pages(first(fields, "pages"))
    said.fields["urldate"] = reference.take_date(fields, "accessDate")
    reference.add_fields(said, fields, _FIELDS)
    said.extra |= tagged.rest(fields)
    for attachment in _dicts(data.get("attachments"), "url"):
        said.links += _pdf(attachment)
    return said


def _identify(said: Reference, fields: Fields) -> None:
    fields["DOI"] = reference.add_dois(said, fields.get("DOI", []))
    fields["url"] = reference.add_urls(said, fields.get("url", []))
    for name in ("ISBN", "ISSN"):
        fields[name] = reference.add_numbers(said, fields.get(name, []))
    if any("arxiv" in text.lower() for text in fields.get("archive", [])):
        fields["archiveLocation"] = [f"arXiv:{text}" for text in fields.get("archiveLocation", [])]
    for name in ("archiveID", "archiveLocation", "number", "reportNumber"):
        if reference.add_arxiv(said, *fields.get(name, [])):
            del fields[name]
    said.key = next(filter(None, map(reference.key, take(fields, "citationKey", "citekey"))), "")


def _add_lines(said: Reference, extra: Any) -> list[str]:
    """Take in what lines of the field `extra` say; the others are left."""
    left = []
    for line in extra if isinstance(extra, list) else _text(extra).splitlines():
        found = _LINE.fullmatch(_text(line))
        name = re.sub(r"[^a-z]", "", found[1].lower()) if found else ""
        text = found[2] if found else ""
        if name in _KEYS and reference.key(text):
            said.key = said.key or text
        elif (name in _EPRINTS and reference.add_arxiv(said, f"arXiv:{text}")) or (
            name in _EPRINTS and not reference.add_urls(said, [text])
        ):
            continue
        elif name not in _IDENTIFIERS or reference.add_identifiers(said, [f"{name}:{text}"]):
            left.append(_text(line))
    return left


def _creators(creators: Any) -> dict[str, list[str]]:
    """The names of each kind of creators."""
    found: dict[str, list[str]] = {}
    for creator in creators if isinstance(creators, list) else []:
        if isinstance(creator, dict) and (name := _name(creator)):
            found.setdefault(_text(creator.get("creatorType")) or "author", []).append(name)
    return found


def _name(creator: Mapping[str, Any]) -> str:
    family, given = _text(creator.get("lastName")).strip('"'), _text(creator.get("firstName"))
    if not family or not given:
        return family or given or _text(creator.get("name"))
    if found := _SUFFIX.fullmatch(given):
        return f"{family}, {found[2]}, {found[1]}"
    return f"{family}, {given}"


def _pdf(attachment: Mapping[str, Any]) -> list[Link]:
    url = _text(attachment.get("url"))
    kind = _text(attachment.get("contentType") or attachment.get("mimeType"))
    if not url.startswith("http") or ("pdf" not in kind and not url.lower().endswith(".pdf")):
        return []
    found = ids.parse(url)
    return [] if found and found.scheme == "arxiv" else [Link("pdf", url)]


def _dicts(values: Any, name: str) -> Iterator[dict[str, Any]]:
    """The records of a list, in which a text stands for one with only this name."""
    for value in values if isinstance(values, list) else []:
        if isinstance(value, dict | str):
            yield value if isinstance(value, dict) else {name: value}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and abs(value) < 1e15 else ""

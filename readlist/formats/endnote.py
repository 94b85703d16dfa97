"""EndNote's `.enw`, which is Refer with types: lines of `%` and a letter, and blank lines between
records.

The letters are those of EndNote's "Refer/BibIX" (https://support.clarivate.com/Endnote, "EndNote
Export"); those of Unix's refer(1) mean the same. Google Scholar, ACL Anthology, BibSonomy and CNKI
write it, too.
"""

import re
from collections.abc import Collection, Iterator
from typing import TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from . import reference, tagged
from .reference import Reference
from .tagged import Fields, first, take

_LINE = re.compile(r"\ufeff?(%[0-9A-Z!@#$&()*+,/:;<=>?^\[\]~])(?:[ \t]+(.*)|\s*$)")
_START = re.compile(r"\s*%[0-9A-Z](?:[ \t]+\S|[ \t]*\n%[A-Z] )")
_BIBTEX = re.compile(r"^\s*@\w+\s*[{(]", re.MULTILINE)
_VENUES = {
    "article": ("%J", "%B", "%S"),
    **dict.fromkeys(("inproceedings", "incollection"), ("%B", "%J", "%S")),
    **dict.fromkeys(("book", "phdthesis", "mastersthesis", "techreport"), ("%I",)),
}
_FIELDS = {
    "%V": "volume",
    "%N": "number",
    "%I": "publisher",
    "%C": "address",
    "%S": "series",
    "%7": "edition",
    "%6": "volumes",
    "%G": "language",
    "%!": "shorttitle",
}


def recognises(head: str) -> bool:
    return _START.match(head) is not None and not _BIBTEX.search(head)


def load(file: TextIO, origin: Origin) -> Iterator[Paper | Problem]:
    seen = Sighting(source="endnote", place=origin.place, at=origin.today.isoformat())
    for record in tagged.records(file, origin.name, _FORM):
        if isinstance(record, Problem):
            yield record
        else:
            said = _reference(record.fields)
            yield reference.paper(said, where=record.where, raw=record.raw, seen=seen)


def _split(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found[1], found[2] or "") if found else None


def _begins(tag: str, known: Collection[str], blank: bool) -> bool:  # noqa: FBT001 - as Form has it
    """Whether a tag is of another record. Where types begin records, abstracts may have blank
    lines; elsewhere nothing but blank lines tells records apart.
    """
    if tag == "%0":
        return set(known) != {"%0"}
    return blank and ("%0" not in known or (tag in ("%A", "%T") and "%T" in known))


_FORM = tagged.Form(_split, _begins)


def _reference(fields: Fields) -> Reference:
    name = " ".join(take(fields, "%0")[-1:])
    said = Reference(type=reference.type_of(name, " ".join(fields.get("%9", []))))
    if name.lower() in ("", "generic"):
        said.type = _guess(fields)
    elif said.type == "misc":
        said.extra["type"] = name
    fields["%R"] = reference.add_dois(said, fields.get("%R", []))
    for tag in ("%M", "%2", "%Z"):  # accession number, PMC id, notes
        fields[tag] = reference.add_identifiers(said, fields.get(tag, []))
    for tag in ("%U", "%>"):
        fields[tag] = reference.add_urls(said, fields.get(tag, []))
    for tag in ("%F", "%1"):  # the latter is BibSonomy's
        said.key = said.key or next(filter(None, map(reference.key, fields.get(tag, []))), "")
        fields[tag] = [text for text in fields.get(tag, []) if text != said.key]
    said.title = first(fields, "%T")
    said.venue = first(fields, *_VENUES.get(said.type, ("%J", "%B")))
    said.authors = reference.names(take(fields, "%A"))
    said.editors = reference.names(take(fields, "%E") or take(fields, "%Y"))
    said.abstract = "\n\n".join(take(fields, "%X"))
    said.date = reference.take_date(fields, "%D", "%8")  # the latter may have no year
    said.keywords = [word for text in take(fields, "%K") for word in re.split(r"[;\n]", text)]
    said.notes = take(fields, "%Z", "%O")
    said.fields["pages"] = reference.pages(first(fields, "%P"))
    fields["%@"] = reference.add_numbers(said, fields.get("%@", []))
    reference.add_fields(said, fields, _FIELDS)
    said.extra |= tagged.rest(fields)
    return said


def _guess(fields: Fields) -> str:
    """The type of a record that does not say it, as refer(1) tells."""
    types = {"%J": "article", "%B": "incollection", "%R": "techreport", "%I": "book"}
    return next((type for tag, type in types.items() if fields.get(tag)), "misc")

"""RIS, as EndNote, Zotero, Mendeley, publishers and databases write it, and as it gets broken.

A record is `TY  - JOUR`, lines of a tag and a value, and `ER  - `
(https://web.archive.org/web/20120526103719/http://refman.com/support/risformat_intro.asp). In the
wild there are one blank or a tab in place of two, lines without a tag, and no `ER`; and the same
tag means different things by type and program.
"""

import re
from collections.abc import Collection, Iterator
from typing import TextIO

from ..models import Paper, Problem, Sighting
from ..origin import Origin
from . import reference, tagged
from .reference import Reference
from .tagged import Fields, first, take

_TAGS = (
    "TY ER A1 A2 A3 A4 AU AB AD AN BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DI DO DP ED EP ET"
    " ID IS J1 J2 JA JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP"
    " ST T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR VL VO Y1 Y2 PMID PMC PMCID DOI"
)
# Any tag with two blanks behind it; with less only what is a tag for sure.
_LINE = re.compile(
    rf"\ufeff?\s{{0,3}}(?:([A-Z][A-Z0-9])\s\s[-–]|({'|'.join(_TAGS.split())})\s{{0,2}}[-–](?=\s))(.*)"
)
_START = re.compile(
    r"^\ufeff?[^\S\n]{0,3}TY[^\S\n]{0,2}[-–][^\S\n]*\w[^\n]*\n(?:\s*\n)*"
    r"[^\S\n]{0,3}[A-Z][A-Z0-9][^\S\n]{0,2}[-–]",
    re.MULTILINE,
)

# Where the venue stands, the full name before a short one.
_JOURNAL = ("JF", "T2", "JO", "J1", "BT", "JA", "J2")
_VENUES = {
    "article": _JOURNAL,
    # T2 is the name of the conference, if the proceedings have another one.
    "inproceedings": ("C3", "BT", "T2", "JF", "JO", "J1", "T3", "JA", "J2"),
    "incollection": ("BT", "T2", "JF", "JO", "T3", "JA", "J2"),
    **dict.fromkeys(("book", "phdthesis", "mastersthesis", "techreport"), ("PB",)),
}
_FIELDS = {
    "VL": "volume",
    "VO": "volume",
    "IS": "number",
    "CP": "number",
    "PB": "publisher",
    "CY": "address",
    "PP": "address",
    "T3": "series",
    "LA": "language",
    "ST": "shorttitle",
    "NV": "volumes",
    "J2": "shortjournal",
    "JA": "shortjournal",
    "J1": "shortjournal",
    "JO": "shortjournal",
}


def recognises(head: str) -> bool:
    return _START.search(head) is not None


def load(file: TextIO, origin: Origin) -> Iterator[Paper | Problem]:
    seen = Sighting(source="ris", place=origin.place, at=origin.today.isoformat())
    for record in tagged.records(file, origin.name, _FORM):
        if isinstance(record, Problem):
            yield record
        else:
            said = _reference(record.fields)
            yield reference.paper(said, where=record.where, raw=record.raw, seen=seen)


def _split(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found[1] or found[2], found[3]) if found else None


def _begins(tag: str, known: Collection[str], _blank: bool) -> bool:  # noqa: FBT001 - as Form has it
    return tag == "TY" and set(known) != {"TY"}


_FORM = tagged.Form(_split, _begins, "ER")


def _reference(fields: Fields) -> Reference:
    names = [text.partition("\n")[0] for text in take(fields, "TY")]
    name = names[-1] if names else ""
    said = Reference(type=reference.type_of(name, " ".join(fields.get("M3", []))))
    if name in ("", "GEN") and any(fields.get(tag) for tag in ("JF", "JO", "JA")):
        said.type = "article"
    elif said.type == "misc" and name != "GEN":
        said.extra["type"] = name
    _identify(said, fields)
    said.title = first(fields, "TI", "T1", "CT", *(["BT"] if said.type == "book" else []), "TT")
    said.title = said.title or first(fields, "ST")
    said.venue = first(fields, *_VENUES.get(said.type, _JOURNAL))
    said.authors = reference.names(take(fields, "AU", "A1"))
    by_editors = ("ED", "A2", *(["A3"] if said.type == "book" else []))
    said.editors = reference.names(take(fields, *by_editors))
    said.abstract = _abstract(fields)
    said.date = reference.take_date(fields, "PY", "Y1", "DA")  # DA may have no year
    said.keywords = [word for text in take(fields, "KW") for word in re.split(r"[;\n]", text)]
    said.notes = take(fields, "N1", "RN")
    _add_fields(said, fields)
    said.extra |= tagged.rest(fields)
    return said


def _identify(said: Reference, fields: Fields) -> None:
    """Take out what the paper is known by, and leave all else that stands in the same places."""
    for tag in ("DO", "DI", "DOI"):
        fields[tag] = reference.add_dois(said, fields.get(tag, []))
    for scheme, tag in (("pmid", "PMID"), ("pmcid", "PMCID"), ("pmcid", "PMC")):
        fields[tag] = reference.add_identifiers(
            said, [f"{scheme}:{text}" for text in fields.get(tag, [])]
        )
    if any("pubmed" in text.lower() for text in fields.get("DB", [])):
        fields["AN"] = [f"pmid:{n}" if n.isdigit() else n for n in fields.get("AN", [])]
    for tag in ("AN", "ID", "C2", "M3", "N1", "U1", "U2"):
        fields[tag] = reference.add_identifiers(said, fields.get(tag, []))
    for tag in ("UR", "LK", "L1", "L2", "L3"):
        fields[tag] = reference.add_urls(said, fields.get(tag, []))
    said.key = next(filter(None, map(reference.key, fields["ID"])), "")
    fields["ID"] = [text for text in fields["ID"] if text != said.key]


def _abstract(fields: Fields) -> str:
    found = ["\n\n".join(take(fields, tag)) for tag in ("AB", "N2")]
    longer, shorter = sorted(found, key=len, reverse=True)
    if shorter and shorter not in longer:
        fields["N2"] = [shorter]
    return longer


def _add_fields(said: Reference, fields: Fields) -> None:
    start, end = first(fields, "SP"), first(fields, "EP")
    if said.type in ("book", "phdthesis", "mastersthesis") and not end:
        said.fields["pagetotal"] = start
    else:
        said.fields["pages"] = reference.pages(start, end)
    fields["SN"] = reference.add_numbers(said, fields.get("SN", []))
    if said.type == "book":
        said.fields["edition"] = first(fields, "ET")
        said.fields["series"] = first(fields, "T2", "T3")
    reference.add_fields(said, fields, _FIELDS)
    said.fields["urldate"] = reference.take_date(fields, "Y2")
